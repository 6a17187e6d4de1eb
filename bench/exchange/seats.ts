/**
 * Members of one organisation with their logs on the server, put there in bulk as a restore puts them, and one exchange of each:
 * compare, pull everything, push an entry to every log. The entries are right in form and sealed by nobody, because a server
 * cannot tell.
 */

import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { later } from "@amana/kernel";
import { fromHex, idBytes, sha256, type Bytes, type LogId } from "@amana/log";
import {
  call,
  digestOfNone,
  nextDigest,
  pullBytesMax,
  type RequestName,
  type RequestOf,
  type ResponseOf,
  type Transport,
} from "@amana/sync";
import { tables } from "../../apps/server/src/storage/snapshot.ts";
import type { Storage } from "../../apps/server/src/storage/storage.ts";
import {
  digestOf,
  firstEntry,
  logIdFor,
  makePerson,
  nextEntry,
  type MadeEntry,
  type Person,
} from "../../apps/server/src/testing/people.ts";
import { absent, must, now } from "./amana.ts";

export const logsPerSeat = 50;
export const entriesPerSeatLog = 4;

/** A member with one device that is signed in, and the newest entry of each of their logs. */
export type Seat = { readonly person: Person; readonly token: Bytes; readonly tips: Map<LogId, MadeEntry> };

/** What every entry of a case names of the organisation; its log is the first. */
const founding = firstEntry(makePerson("founder"), logIdFor("organisation"), "organisation");
const logsBefore = 1;

export const makeSeat = (number: number): Seat => {
  const person = { ...makePerson(`seat ${number}`), organisationHead: founding.hash };
  const chains = chainsOf(person, number);
  const tips = new Map(chains.map((chain) => [logIdOf(chain), chain.at(-1) ?? absent()]));
  return { person, token: digestOf(`token ${number}`), tips };
};

const logIdOf = ([first]: readonly MadeEntry[]): LogId => (first ?? absent()).header.logId;

const chainsOf = (person: Person, number: number): readonly (readonly MadeEntry[])[] =>
  Array.from({ length: logsPerSeat }, (_, log) => {
    const chain = [firstEntry(person, logIdFor(`${number} ${log}`), "case")];
    while (chain.length < entriesPerSeatLog) chain.push(nextEntry(person, chain.at(-1) ?? absent()));
    return chain;
  });

const organisation = 7;
const kinds = { account: 1, token: 3, caseLog: 2, organisationLog: 1 } as const;
const signedInMilliseconds = 3_600_000;

/** Into a store that holds nothing else. */
export const fillSeats = async (storage: Storage, count: number): Promise<void> => {
  const logs = count * logsPerSeat;
  await restore(storage, "organisations", [[organisation, logs + 1_000_000, 0, 0, logs * entriesPerSeatLog, 0]]);
  const { log, entries } = rowsOf(logsBefore, [founding], kinds.organisationLog);
  await restore(storage, "logs", [log]);
  await restore(storage, "entries", entries);
  for (let number = 0; number < count; number++) await fillSeat(storage, number);
};

const fillSeat = async (storage: Storage, number: number): Promise<void> => {
  const { person, token } = makeSeat(number);
  const { account, receivingKey, loginPublic } = person.account;
  const [accountId, tokenHash] = [fromHex(account) ?? absent(), sha256(token)];
  const until = later(now, signedInMilliseconds);
  await restore(storage, "places", [
    [kinds.account, accountId, organisation],
    [kinds.token, tokenHash, organisation],
  ]);
  const own = [accountId, idBytes(receivingKey), loginPublic, 0, null, logsPerSeat, 0, 0];
  await restore(storage, "accounts", [[organisation, ...own]]);
  await restore(storage, "sign_ins", [[organisation, accountId, idBytes(person.device), tokenHash, now, now, until]]);
  const chains = chainsOf(person, number).map((chain, at) => rowsOf(logsBefore + number * logsPerSeat + at + 1, chain));
  await restore(
    storage,
    "logs",
    chains.map(({ log }) => log),
  );
  await restore(
    storage,
    "served",
    chains.map((_, at) => [organisation, idBytes(receivingKey), logsBefore + number * logsPerSeat + at + 1]),
  );
  await restore(
    storage,
    "entries",
    chains.flatMap(({ entries }) => entries),
  );
};

type Row = readonly (null | number | string | Bytes)[];

const rowsOf = (
  log: number,
  chain: readonly MadeEntry[],
  kind: number = kinds.caseLog,
): { readonly log: Row; readonly entries: readonly Row[] } => {
  let digest = digestOfNone();
  const entries = chain.map(({ hash, bytes }, place): Row => {
    digest = nextDigest(digest, hash);
    return [organisation, log, place + 1, idBytes(hash), digest, place === 0 ? 1 : 0, bytes];
  });
  const tip = idBytes((chain[0] ?? absent()).hash);
  return { entries, log: [organisation, log, idBytes(logIdOf(chain)), kind, chain.length, digest, tip, null] };
};

const restore = (storage: Storage, table: string, rows: readonly Row[]): Promise<void> =>
  storage.restorePage({ page: { table, columns: columnsOf(table), rows } });

/** In the order in which the rows above are written, which is the store's own. */
const columnsOf = (table: string): readonly string[] => (tables.find(({ name }) => name === table) ?? absent()).columns;

const entriesPerOtherLog = 100;
const logsPerPage = 20;
const otherEntryBytes = 600;

/** Entries of other people in other logs of the same organisation, until there are so many or the time is up. Gives how many. */
export const fillOthers = async (storage: Storage, entriesMax: number, secondsMax: number): Promise<number> => {
  const until = performance.now() + secondsMax * 1000;
  const digest = digestOf("a digest of nobody's log");
  let log = 1_000_000;
  let filled = 0;
  while (filled < entriesMax && performance.now() < until) {
    const logs: Row[] = [];
    const entries: Row[] = [];
    for (let each = 0; each < logsPerPage; each++) {
      log++;
      const logId = new Uint8Array(randomBytes(16));
      logs.push([organisation, log, logId, kinds.caseLog, entriesPerOtherLog, digest, digest, null]);
      for (let place = 1; place <= entriesPerOtherLog; place++) {
        const [hash, bytes] = [new Uint8Array(randomBytes(32)), new Uint8Array(otherEntryBytes)];
        entries.push([organisation, log, place, hash, digest, 0, bytes]);
      }
    }
    await Promise.all([restore(storage, "logs", logs), restore(storage, "entries", entries)]);
    filled += entries.length;
  }
  return filled;
};

const triesMax = 60;
const pauseMilliseconds = 1000;

/** A device that is not answered asks again a little later, as each device does; that is in its time. */
const ask = async <Name extends RequestName>(
  transport: Transport,
  name: Name,
  token: Bytes,
  request: RequestOf<Name>,
): Promise<ResponseOf<Name>> => {
  for (let tries = 1; tries < triesMax; tries++) {
    const answer = await call(transport, name, token, request);
    if (answer.ok) return answer.value;
    await wait(pauseMilliseconds);
  }
  return must(call(transport, name, token, request));
};

/** Compares, pulls everything as a fresh device, and adds an entry to every log. Gives the milliseconds. */
export const exchange = async (transport: Transport, { person, token, tips }: Seat): Promise<number> => {
  const next = [...tips].map(([logId, tip]) => ({ logId, entry: nextEntry(person, tip) }));
  const startedAt = performance.now();
  const compared = await ask(transport, "compare", token, { buckets: undefined, fromBucket: 0 });
  const wants = compared.logs.map(({ logId }) => ({ logId, after: 0, digest: digestOfNone() }));
  const pulled = await ask(transport, "pull", token, { wants, bytesMax: pullBytesMax, withWraps: false });
  const logs = next.map(({ logId, entry }) => ({ logId, entries: [entry.bytes] }));
  const pushed = await ask(transport, "push", token, { logs });
  const milliseconds = performance.now() - startedAt;
  const isWhole = pulled.logs.length === logsPerSeat && pulled.logs.every(({ entries, end }) => entries.length === end);
  const isThere = (result: string | undefined): boolean => result === "stored" || result === "known";
  const isStored = pushed.logs.length === logsPerSeat && pushed.logs.every(({ results }) => isThere(results[0]));
  if (!isWhole || !isStored) throw new Error("An exchange of the benchmark is not whole.");
  for (const { logId, entry } of next) tips.set(logId, entry);
  return milliseconds;
};
