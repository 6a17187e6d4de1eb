/**
 * How much goes into one request. The order is the caller's, and stays: a batch never holds
 * something that stands behind what a later batch holds.
 */

import { assert } from "@amana/kernel";
import type { Bytes, LogId } from "@amana/log";
import { entriesPerPushMax, logsPerPullMax, pushBytesMax } from "./limits.ts";
import type { LogEntries, LogWant, RequestOf } from "./requests.ts";

/** `name`: of the entry, where it is known. */
export type EntryToPush = { readonly logId: LogId; readonly bytes: Bytes; readonly name?: Bytes };

/** At most what the wire allows; less on a slow line. */
export type PushLimits = { readonly bytesMax: number; readonly entriesMax: number };

export const pushLimits: PushLimits = { bytesMax: pushBytesMax, entriesMax: entriesPerPushMax };

/**
 * Requests that push these entries. In each, the entries of one log stand together, in their order. One alone may exceed a
 * smaller limit of the caller's. What follows each other of one log goes into one request where it fits, so that several
 * requests can be under way without speaking of the same log.
 */
export const planPush = (
  entries: readonly EntryToPush[],
  limits: PushLimits = pushLimits,
): readonly RequestOf<"push">[] => {
  const isAllowed = limits.bytesMax <= pushBytesMax && limits.entriesMax <= entriesPerPushMax;
  assert(isAllowed, "A push was planned beyond the limits of the wire.");
  const requests: RequestOf<"push">[] = [];
  let batch = emptyBatch();
  for (const [at, entry] of entries.entries()) {
    const isFull = !hasRoom(batch, sizeOf([entry]), limits);
    const isBefore = entries[at - 1]?.logId === entry.logId;
    const wouldDivide = !isBefore && isHalfFull(batch, limits) && divides(batch, entries, at, limits);
    if (batch.count > 0 && (isFull || wouldDivide)) {
      requests.push(requestOf(batch));
      batch = emptyBatch();
    }
    add(batch, entry);
  }
  return batch.count > 0 ? [...requests, requestOf(batch)] : requests;
};

type Batch = { readonly byLog: Map<LogId, EntryToPush[]>; bytes: number; count: number };

const emptyBatch = (): Batch => ({ byLog: new Map(), bytes: 0, count: 0 });

type Size = { readonly bytes: number; readonly count: number };

const sizeOf = (entries: readonly EntryToPush[]): Size => ({
  bytes: entries.reduce((sum, { bytes }) => sum + bytes.length, 0),
  count: entries.length,
});

const hasRoom = (batch: Size, more: Size, limits: PushLimits): boolean =>
  batch.bytes + more.bytes <= limits.bytesMax && batch.count + more.count <= limits.entriesMax;

/** An emptier request is filled whatever it divides, so that no log makes many small ones of the others. */
const isHalfFull = ({ bytes, count }: Size, limits: PushLimits): boolean =>
  2 * bytes >= limits.bytesMax || 2 * count >= limits.entriesMax;

/** Whether the entries of one log that begin here fit a request, and not what is left of this one. */
const divides = (batch: Size, entries: readonly EntryToPush[], at: number, limits: PushLimits): boolean => {
  const { logId } = entries[at] ?? { logId: undefined };
  let end = at;
  while (end < entries.length && end - at <= limits.entriesMax && entries[end]?.logId === logId) end += 1;
  const together = sizeOf(entries.slice(at, end));
  return !hasRoom(batch, together, limits) && hasRoom({ bytes: 0, count: 0 }, together, limits);
};

const add = (batch: Batch, entry: EntryToPush): void => {
  const known = batch.byLog.get(entry.logId);
  if (known === undefined) batch.byLog.set(entry.logId, [entry]);
  else known.push(entry);
  batch.bytes += entry.bytes.length;
  batch.count += 1;
};

const requestOf = (batch: Batch): RequestOf<"push"> => ({
  logs: [...batch.byLog].map(([logId, entries]) => ({
    logId,
    entries: entries.map(({ bytes }) => bytes),
    ...namesOf(entries),
  })),
});

/** Of all or of none: whoever knows some may still have to make the others. */
const namesOf = (entries: readonly EntryToPush[]): Pick<LogEntries, "names"> => {
  const names = entries.flatMap(({ name }) => name ?? []);
  return names.length === entries.length ? { names } : {};
};

/** As many logs in one pull as it may name. */
export const planPull = (wants: readonly LogWant[]): readonly (readonly LogWant[])[] =>
  Array.from({ length: Math.ceil(wants.length / logsPerPullMax) }, (_, part) =>
    wants.slice(part * logsPerPullMax, (part + 1) * logsPerPullMax),
  );
