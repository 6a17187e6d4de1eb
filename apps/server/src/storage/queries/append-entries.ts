/**
 * Content entries for many logs at once, of one organisation. Positions are contiguous and each has its digest over
 * all before it; an entry is stored once, and only when all that its header names is in the log.
 *
 * Several orders share one durable transaction (group commit); each is decided as if it came alone, in their order.
 */

import { assert } from "@amana/kernel";
import { entriesPerLogMax, type Bytes, type EntryHash, type LogId } from "@amana/log";
import {
  bytesOfId,
  organisationNumber,
  type Asked,
  type Connection,
  type EntryRow,
  type LogPlace,
} from "../connection.ts";
import { digestAfter } from "../digest.ts";
import type { Write } from "../operation.ts";
import { logKindNumbers } from "../rows.ts";
import type { Storage, StoredResult } from "../storage.ts";
import type { Member, NewEntry, Quotas } from "../values.ts";
import { lockBudget, type Budget } from "./budget.ts";
import { erasedIn, erasedName, huskBytes } from "./erasure.ts";
import { countShare, isShareUsed, sharesOf, writeShares, type Shares } from "./shares.ts";

export type AppendOrder = Parameters<Storage["appendEntries"]>[0];
export type AppendAnswer = Awaited<ReturnType<Storage["appendEntries"]>>;

/** An organisation is founded with its own log: it is the first of its logs. */
const organisationLog = 1;

/** Kept free of content, so that readers can still be changed and bodies erased in a log that is full. */
export const controlEntriesReserved = 1_000;
const contentEntriesMax = entriesPerLogMax - controlEntriesReserved;

export const appendEntries: Write<"appendEntries"> = async (connection, order) => {
  const [answer] = await appendTogether(connection, [order]);
  assert(answer !== undefined, "An order to append has no answer.");
  return answer;
};

/** All orders are of one organisation. */
export const appendTogether = async (
  connection: Connection,
  orders: readonly AppendOrder[],
): Promise<readonly AppendAnswer[]> => {
  const [first] = orders;
  if (first === undefined) return [];
  const organisation = organisationNumber(first.by.organisation);
  const growing = await lockGrowing(connection, organisation, orders);
  const heads = await organisationHeadsAmong(
    connection,
    organisation,
    orders.flatMap(({ logs }) => logs.flatMap(({ entries }) => entries)),
  );
  const erased = await erasedIn(connection, organisation, logsWithNews(growing, orders));
  const budget = await lockBudget(
    connection,
    organisation,
    orders.map(({ by }) => by.account),
  );
  const answers = orders.map((order) =>
    order.logs.map(({ logId, entries }) => {
      const log = growing.get(keyOf(order.by, logId));
      return {
        logId,
        results:
          log && entries.map((entry) => decide(log, withoutErased(erased, logId, entry), order, { budget, heads })),
      };
    }),
  );
  await write(connection, organisation, [...new Set(growing.values())], budget);
  for (const log of new Set(growing.values())) {
    if (log.rows.length > 0) {
      connection.tell({ kind: "log", organisation: first.by.organisation, logId: log.logId });
    }
  }
  return answers;
};

/** Only where something may be stored is it worth asking what was erased. */
const logsWithNews = (growing: ReadonlyMap<string, Growing>, orders: readonly AppendOrder[]): readonly LogId[] => {
  const logs = orders.flatMap(({ by, logs }) =>
    logs.filter(({ logId, entries }) => {
      const log = growing.get(keyOf(by, logId));
      return log !== undefined && entries.some(({ hash }) => !log.kinds.has(hash));
    }),
  );
  return [...new Set(logs.map(({ logId }) => logId))];
};

/**
 * A server that was put back to before this entry is sent it again, by a device that has not heard that its body was erased. It
 * is stored as what was left of it: others name it as what comes before them.
 */
const withoutErased = (erased: ReadonlySet<string>, logId: LogId, entry: NewEntry): NewEntry =>
  erased.has(erasedName(logId, entry.hash)) ? { ...entry, bytes: huskBytes(entry.bytes) } : entry;

/** A log while entries are added to it. */
type Growing = {
  readonly log: number;
  readonly logId: LogId;
  readonly takesContent: boolean;
  end: number;
  digest: Bytes;
  readonly kinds: Map<EntryHash, "content" | "control">;
  readonly rows: EntryRow[];
  /** Empty while the log is not long. */
  shares: Shares;
};

const keyOf = (by: Member, logId: LogId): string => `${by.account}/${logId}`;

const lockGrowing = async (
  connection: Connection,
  organisation: number,
  orders: readonly AppendOrder[],
): Promise<ReadonlyMap<string, Growing>> => {
  const asked = new Map<string, Asked>();
  for (const { by, logs } of orders) {
    for (const { logId } of logs) asked.set(keyOf(by, logId), { account: by.account, logId });
  }
  const places = await connection.entries.lockServed(organisation, [...asked.values()]);
  // Two accounts that are served one log grow the same log.
  const byLog = new Map<number, Growing>();
  const growing = new Map<string, Growing>();
  [...asked].forEach(([key, { logId }], index) => {
    const place = places[index];
    if (place === undefined) return;
    const log = byLog.get(place.log) ?? growingFrom(place, logId);
    byLog.set(place.log, log);
    growing.set(key, log);
  });
  await readKinds(connection, organisation, growing, orders);
  for (const log of byLog.values()) log.shares = await sharesOf(connection, organisation, log);
  return growing;
};

const growingFrom = ({ log, kind, end, digest }: LogPlace, logId: LogId): Growing => ({
  log,
  logId,
  takesContent: kind !== logKindNumbers.organisation,
  end,
  digest,
  kinds: new Map(),
  rows: [],
  shares: new Map(),
});

/** Asks once for everything that the orders name: the entries themselves, and what they link to. */
const readKinds = async (
  connection: Connection,
  organisation: number,
  growing: ReadonlyMap<string, Growing>,
  orders: readonly AppendOrder[],
): Promise<void> => {
  const named = new Map<Growing, Set<EntryHash>>();
  for (const { by, logs } of orders) {
    for (const { logId, entries } of logs) {
      const log = growing.get(keyOf(by, logId));
      if (log === undefined) continue;
      const hashes = named.get(log) ?? new Set<EntryHash>();
      named.set(log, hashes);
      for (const entry of entries) for (const hash of [entry.hash, ...linksOf(entry)]) hashes.add(hash);
    }
  }
  const wanted = [...named].flatMap(([log, hashes]) => Array.from(hashes, (hash) => ({ log, hash })));
  const kinds = await connection.entries.kindsOf(
    organisation,
    wanted.map(({ log, hash }) => ({ log: log.log, hash })),
  );
  wanted.forEach(({ log, hash }, index) => {
    const kind = kinds[index];
    if (kind !== undefined) log.kinds.set(hash, kind);
  });
};

/** Which of the organisation heads that these entries name are entries of the organisation's log. */
export const organisationHeadsAmong = async (
  connection: Connection,
  organisation: number,
  entries: readonly NewEntry[],
): Promise<ReadonlySet<EntryHash>> => {
  const named = [...new Set(entries.flatMap(({ organisationHead }) => organisationHead ?? []))];
  const kinds = await connection.entries.kindsOf(
    organisation,
    named.map((hash) => ({ log: organisationLog, hash })),
  );
  return new Set(named.filter((_, index) => kinds[index] !== undefined));
};

/** A head that is nowhere would hold up all who read the case: nobody could ever look up its author's roles. */
export const isOfOrganisation = ({ organisationHead }: NewEntry, heads: ReadonlySet<EntryHash>): boolean =>
  organisationHead === undefined || heads.has(organisationHead);

/** Everything an entry of its own log names as coming before it. */
export const linksOf = ({ control, previous, parents }: NewEntry): readonly EntryHash[] => {
  const links = [...parents];
  if (control !== undefined) links.push(control);
  if (previous !== undefined) links.push(previous);
  return links;
};

const decide = (
  log: Growing,
  entry: NewEntry,
  { by, quotas }: { readonly by: Member; readonly quotas: Quotas },
  { budget, heads }: { readonly budget: Budget; readonly heads: ReadonlySet<EntryHash> },
): StoredResult => {
  if (log.kinds.has(entry.hash)) return "known";
  if (entry.isControl === true || !log.takesContent) return "link-missing";
  const isUnderControl = entry.control !== undefined && log.kinds.get(entry.control) === "control";
  if (!isUnderControl || !linksOf(entry).every((hash) => log.kinds.has(hash))) return "link-missing";
  if (!isOfOrganisation(entry, heads)) return "link-missing";
  if (log.end >= contentEntriesMax || isShareUsed(log.shares, by.account)) return "log-full";
  if (!budget.take(by.account, { logs: 0, entries: 1, bytes: entry.bytes.length }, quotas)) return "quota";
  const row = rowAfter(log, entry, "content");
  log.rows.push(row);
  log.kinds.set(entry.hash, "content");
  countShare(log.shares, log.end, by.account);
  log.end = row.place;
  log.digest = row.digest;
  return "stored";
};

/** The row that comes next in a log. */
export const rowAfter = (
  { log, end, digest }: Pick<LogPlace, "log" | "end" | "digest">,
  { hash, bytes }: NewEntry,
  kind: "content" | "control",
): EntryRow => {
  const hashBytes = bytesOfId(hash);
  return {
    log,
    place: end + 1,
    hash: hashBytes,
    digest: digestAfter(digest, hashBytes),
    isControl: kind === "control",
    bytes,
  };
};

const write = async (
  connection: Connection,
  organisation: number,
  logs: readonly Growing[],
  budget: Budget,
): Promise<void> => {
  const grown = logs.filter(({ rows }) => rows.length > 0);
  if (grown.length === 0) return;
  await connection.entries.insert(
    organisation,
    grown.flatMap(({ rows }) => rows),
  );
  await connection.entries.advance(organisation, grown);
  for (const { log, shares } of grown) await writeShares(connection, organisation, log, shares);
  await budget.charge();
};
