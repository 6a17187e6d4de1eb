/**
 * A running relay over a real store in a folder of its own, with a clock of the test, and people who found and join organisations
 * by the same calls that devices make.
 */

import { createHash, createSecretKey } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, later, type Instant, type Result } from "@amana/kernel";
import { encodeCbor, fromHex, sha256, type Bytes } from "@amana/log";
import { call, type Transport, type RequestName, type RequestOf, type ResponseOf, type WireError } from "@amana/sync";
import { bounds } from "../bounds/bounds.ts";
import { makeRelay, type Relay, type RelayOptions } from "../relay/relay.ts";
import { openStorage } from "../open-storage.ts";
import type { Storage } from "../storage/storage.ts";
import { at, beginLog, digestOf, logIdFor, makePerson, type MadeEntry, type Person } from "./people.ts";

export const origin = "https://amana.example.org";

export type World = {
  readonly storage: Storage;
  readonly relay: Relay;
  readonly options: RelayOptions;
  readonly now: () => Instant;
  readonly pass: (milliseconds: number) => void;
  /** Time passes, and a server is up all the while. */
  readonly stayUp: (milliseconds: number) => Promise<void>;
  readonly mistakes: readonly unknown[];
  readonly close: () => Promise<void>;
};

export type Member = Person & { token: Bytes };

const wide = { count: 64, capacity: 1_000_000, perSecond: 1_000_000 };

export const openWorld = async (options: Partial<RelayOptions> = {}): Promise<World> => {
  const folder = mkdtempSync(join(tmpdir(), "amana-relay-"));
  const opened = await openStorage({ kind: "sqlite", folder }, { migrates: true });
  assert(opened.ok, "A new store must open.");
  const storage = opened.value;
  let now = at("2026-11-21T09:00:00Z");
  let counter = 0;
  const mistakes: unknown[] = [];
  const all: RelayOptions = {
    storage,
    clock: () => now,
    randomness: (length) => {
      counter++;
      return new Uint8Array(createHash("shake256", { outputLength: length }).update(`random ${counter}`).digest());
    },
    origin: () => origin,
    quotas: {
      account: { logs: 10_000, entries: 100_000, bytes: 100_000_000 },
      organisation: { logs: 10_000, entries: 1_000_000, bytes: 1_000_000_000 },
    },
    accountsMax: 10_000,
    challengeKey: createSecretKey(Buffer.alloc(32, 5)),
    backupDays: { logs: 90, wraps: 14 },
    push: undefined,
    bounds: { ...bounds, address: wide, visitor: wide, account: wide },
    milliseconds: () => now,
    onMistake: (error) => mistakes.push(error),
    onCalled: () => undefined,
    ...options,
  };
  await storage.noteUp({ now, pauseMillisecondsMax: 0 });
  return {
    storage,
    relay: makeRelay(all),
    options: all,
    now: () => now,
    pass: (milliseconds) => {
      now = later(now, milliseconds);
    },
    stayUp: async (milliseconds) => {
      now = later(now, milliseconds);
      await storage.noteUp({ now, pauseMillisecondsMax: milliseconds });
    },
    mistakes,
    close: async () => {
      await storage.close();
      rmSync(folder, { recursive: true });
    },
  };
};

/** A relay, or anything in its place. */
export type Reachable = { readonly relay: Transport };

export const ask = <Name extends RequestName>(
  { relay }: Reachable,
  name: Name,
  token: Bytes | undefined,
  request: RequestOf<Name>,
): Promise<Result<ResponseOf<Name>, WireError>> => call(relay, name, token, request);

/** For what a test takes for granted. */
export const get = async <Name extends RequestName>(
  world: Reachable,
  name: Name,
  token: Bytes | undefined,
  request: RequestOf<Name>,
): Promise<ResponseOf<Name>> => {
  const answered = await ask(world, name, token, request);
  assert(answered.ok, `A call that the test takes for granted was refused: ${name} ${JSON.stringify(answered)}`);
  return answered.value;
};

export const accountBytesOf = (person: Person): Bytes => {
  const bytes = fromHex(person.account.account);
  assert(bytes !== undefined, "A test's own account must be one.");
  return bytes;
};

export const signatureFor = (person: Person, challenge: Bytes, forOrigin = origin): Bytes =>
  person.sign("login-signature", encodeCbor([forOrigin, accountBytesOf(person), challenge]));

/** What is needed to let someone in besides. */
type Called = Reachable & Pick<World, "now" | "storage">;

export const signIn = async (world: Reachable, person: Person): Promise<Member> => {
  const { account } = person.account;
  const { challenge } = await get(world, "begin-sign-in", undefined, { account });
  const signature = signatureFor(person, challenge);
  const request = { account, challenge, signature, device: person.device, isFresh: false };
  const { token } = await get(world, "sign-in", undefined, request);
  return { ...person, token };
};

export type Founded = {
  readonly keeper: Member;
  readonly log: MadeEntry;
  readonly logId: MadeEntry["header"]["logId"];
};

export const found = async (world: Called, name: string): Promise<Founded> => {
  const person = makePerson(name);
  const code = digestOf(`code ${name}`);
  await world.storage.addSetUpCode({ codeHash: sha256(code), expiresAt: later(world.now(), 3_600_000) });
  const logId = logIdFor(`organisation of ${name}`);
  const { append, entry } = beginLog(person, logId, "organisation");
  await get(world, "found", undefined, { code, account: person.account, log: append });
  const keeper = { ...(await signIn(world, person)), organisationHead: entry.hash };
  return { keeper, log: entry, logId };
};

/** By an invitation that the keeper opens. Joining serves nothing yet. */
export const joinBy = async (world: Called, keeper: Member, name: string): Promise<Member> => {
  const person = makePerson(name);
  const invitation = digestOf(`invitation ${name}`).slice(0, 16);
  const expiresAt = later(world.now(), 3_600_000);
  await get(world, "open-invitation", keeper.token, { invitation, expiresAt });
  await get(world, "answer-invitation", undefined, { invitation, answer: digestOf("answer"), account: person.account });
  const { organisationHead } = keeper;
  return { ...(await signIn(world, person)), ...(organisationHead && { organisationHead }) };
};
