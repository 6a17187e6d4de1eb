/**
 * Logs as they travel: compare, pull, push, and the hashes of a log. Positions are contiguous, and nothing is
 * acknowledged that is not held.
 */

import { ok } from "@amana/kernel";
import { encodeEntry, entriesPerLogMax, huskOf, linksOf, parseEntry, type Bytes, type LogId } from "@amana/log";
import {
  bucketDigests,
  type LogPosition,
  type LogPulled,
  type LogWant,
  type PushResult,
  type RequestOf,
  type ResponseOf,
} from "@amana/sync";
import {
  appendTo,
  keysOfAccount,
  refuse,
  sameBytes,
  servedLog,
  type Answer,
  type Caller,
  type ServerState,
  type StoredEntry,
  type StoredLog,
} from "./state.ts";

const bucketCount = 256;
const logsPerCompareMax = 500;
const hashesPerAnswerMax = 1000;

const positionOf = (log: StoredLog): LogPosition => ({
  logId: log.logId,
  end: log.entries.length,
  digest: log.digests.at(-1) ?? new Uint8Array(32),
});

export const compare = (
  server: ServerState,
  caller: Caller,
  { buckets, fromBucket }: RequestOf<"compare">,
): Answer<ResponseOf<"compare">> => {
  const served = [...server.logs.values()].filter((log) => servedLog(server, caller, log.logId) !== undefined);
  const here = bucketDigests(served.map(positionOf));
  const logs: (LogPosition & { readonly kind: StoredLog["kind"] })[] = [];
  for (let bucket = fromBucket; bucket < bucketCount; bucket++) {
    if (buckets !== undefined && isSameBucket(buckets, here, bucket)) continue;
    const inBucket = served.filter(({ logId }) => parseInt(logId.slice(0, 2), 16) === bucket);
    if (logs.length > 0 && logs.length + inBucket.length > logsPerCompareMax) return ok({ logs, nextBucket: bucket });
    for (const log of inBucket.sort((one, other) => (one.logId < other.logId ? -1 : 1)))
      logs.push({ ...positionOf(log), kind: log.kind });
  }
  return ok({ logs, nextBucket: undefined });
};

const isSameBucket = (one: Bytes, other: Bytes, bucket: number): boolean =>
  sameBytes(one.slice(bucket * 8, bucket * 8 + 8), other.slice(bucket * 8, bucket * 8 + 8));

export const pull = (
  server: ServerState,
  caller: Caller,
  { wants, bytesMax, withWraps }: RequestOf<"pull">,
): Answer<ResponseOf<"pull">> => {
  const logs: LogPulled[] = [];
  let left = bytesMax;
  for (const want of wants) {
    const log = servedLog(server, caller, want.logId);
    if (log === undefined) continue;
    const pulled = pullLog(
      log,
      want,
      left,
      logs.every(({ entries }) => entries.length === 0),
    );
    left -= pulled.entries.reduce((sum, bytes) => sum + bytes.length, 0);
    logs.push(pulled);
  }
  const begun = withWraps ? logs.filter((each) => each.entries.some(isOfControl)) : [];
  return ok({ logs, wraps: begun.map(({ logId }) => ({ logId, wraps: wrapsServed(server, caller, logId) })) });
};

const isOfControl = (bytes: Bytes): boolean => {
  const parsed = parseEntry(bytes);
  return parsed.ok && parsed.value.kind === "entry" && parsed.value.entry.header.kind === "control";
};

/** Those of a log for this caller's own key and their teams', oldest first. */
export const wrapsServed = (server: ServerState, caller: Caller, logId: LogId): readonly Bytes[] => {
  const keys = keysOfAccount(server, caller.account);
  const wraps = servedLog(server, caller, logId)?.wraps ?? [];
  return wraps.filter(({ recipient }) => keys.has(recipient)).map(({ bytes }) => bytes);
};

const pullLog = (log: StoredLog, { logId, after, digest }: LogWant, bytesMax: number, isFirst: boolean): LogPulled => {
  const here = log.digests[after];
  const isSame = here !== undefined && sameBytes(here, digest);
  const entries: Bytes[] = [];
  let left = bytesMax;
  for (const { bytes } of isSame ? log.entries.slice(after) : []) {
    if (bytes.length > left && !(isFirst && entries.length === 0)) break;
    entries.push(bytes);
    left -= bytes.length;
  }
  return { logId, after, isSame, entries, end: log.entries.length };
};

export const listHashes = (
  server: ServerState,
  caller: Caller,
  { logId, after }: RequestOf<"list-hashes">,
): Answer<ResponseOf<"list-hashes">> => {
  const log = servedLog(server, caller, logId);
  if (log === undefined) return refuse("NotForYou");
  const hashes = log.entries.slice(after, after + hashesPerAnswerMax).map(({ hash }) => hash);
  return ok({ hashes, end: log.entries.length });
};

export const push = (server: ServerState, caller: Caller, { logs }: RequestOf<"push">): Answer<ResponseOf<"push">> => {
  const results: { readonly logId: LogId; readonly results: readonly PushResult[] }[] = [];
  for (const { logId, entries } of logs) {
    const log = servedLog(server, caller, logId);
    if (log === undefined) return refuse("NotForYou");
    results.push({ logId, results: entries.map((bytes) => pushOne(server, log, bytes)) });
  }
  return ok({ logs: results });
};

const pushOne = (server: ServerState, log: StoredLog, bytes: Bytes): PushResult => {
  const entry = entryIn(log, bytes);
  if (entry === undefined) return "malformed";
  // What is here already is known, control entries included: a device sends again what the server seemed to lack.
  if (log.places.has(entry.hash)) return "known";
  if (entry.header.kind !== "content") return "malformed";
  if (log.entries.length >= entriesPerLogMax) return "log-full";
  if (!areLinksHere(log, entry) || !isHeadKnown(server, log, entry)) return "link-missing";
  // What two people erased comes back as a husk alone, from whoever has not heard of it.
  if (server.ledger.some(({ logId, entries }) => logId === log.logId && entries.includes(entry.hash))) toHusk(entry);
  appendTo(log, entry);
  return "stored";
};

/** What the bytes are, if they are a whole entry of this log in a version the server knows. */
export const entryIn = (log: Pick<StoredLog, "logId" | "kind">, bytes: Bytes): StoredEntry | undefined => {
  const parsed = parseEntry(bytes);
  if (!parsed.ok || parsed.value.kind !== "entry") return undefined;
  const { hash, header, ciphertext } = parsed.value.entry;
  const isOfLog = header.logId === log.logId && header.logKind === log.kind;
  return isOfLog && ciphertext !== undefined ? { hash, header, bytes } : undefined;
};

export const areLinksHere = (log: StoredLog, { bytes }: StoredEntry): boolean => {
  const parsed = parseEntry(bytes);
  if (!parsed.ok || parsed.value.kind !== "entry") return false;
  const control = parsed.value.entry.header.control;
  const isControl = control === undefined || log.entries[log.places.get(control) ?? -1]?.header.kind === "control";
  return isControl && linksOf(parsed.value.entry).every((hash) => log.places.has(hash));
};

/** An entry of a case names one of its organisation's log. */
export const isHeadKnown = (server: ServerState, log: StoredLog, { header }: StoredEntry): boolean =>
  header.organisationHead === undefined ||
  server.logs.get(log.organisation)?.places.has(header.organisationHead) === true;

/** What is left when two people have erased a body. */
export const toHusk = (entry: StoredEntry): void => {
  const parsed = parseEntry(entry.bytes);
  if (parsed.ok && parsed.value.kind === "entry") entry.bytes = encodeEntry(huskOf(parsed.value.entry));
};
