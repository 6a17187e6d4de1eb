/**
 * How much goes into one request. The order is the caller's, the most urgent first, and stays: a batch never holds
 * something that stands behind what a later batch holds.
 */

import { assert } from "@amana/kernel";
import type { Bytes, LogId } from "@amana/log";
import { entriesPerPushMax, logsPerPullMax, pushBytesMax } from "./limits.ts";
import type { LogWant, RequestOf } from "./requests.ts";

export type EntryToPush = { readonly logId: LogId; readonly bytes: Bytes };

/** At most what the wire allows; less on a slow line. */
export type PushLimits = { readonly bytesMax: number; readonly entriesMax: number };

export const pushLimits: PushLimits = { bytesMax: pushBytesMax, entriesMax: entriesPerPushMax };

/** Requests that push these entries. In each, the entries of one log stand together, in their order. One alone may exceed a smaller limit of the caller's. */
export const planPush = (
  entries: readonly EntryToPush[],
  limits: PushLimits = pushLimits,
): readonly RequestOf<"push">[] => {
  const isAllowed = limits.bytesMax <= pushBytesMax && limits.entriesMax <= entriesPerPushMax;
  assert(isAllowed, "A push was planned beyond the limits of the wire.");
  const requests: RequestOf<"push">[] = [];
  let batch = emptyBatch();
  for (const entry of entries) {
    if (batch.count > 0 && !hasRoom(batch, entry, limits)) {
      requests.push(requestOf(batch));
      batch = emptyBatch();
    }
    add(batch, entry);
  }
  return batch.count > 0 ? [...requests, requestOf(batch)] : requests;
};

type Batch = { readonly byLog: Map<LogId, Bytes[]>; bytes: number; count: number };

const emptyBatch = (): Batch => ({ byLog: new Map(), bytes: 0, count: 0 });

const hasRoom = (batch: Batch, { bytes }: EntryToPush, limits: PushLimits): boolean =>
  batch.bytes + bytes.length <= limits.bytesMax && batch.count < limits.entriesMax;

const add = (batch: Batch, { logId, bytes }: EntryToPush): void => {
  const known = batch.byLog.get(logId);
  if (known === undefined) batch.byLog.set(logId, [bytes]);
  else known.push(bytes);
  batch.bytes += bytes.length;
  batch.count += 1;
};

const requestOf = (batch: Batch): RequestOf<"push"> => ({
  logs: [...batch.byLog].map(([logId, entries]) => ({ logId, entries })),
});

/** As many logs in one pull as it may name. */
export const planPull = (wants: readonly LogWant[]): readonly (readonly LogWant[])[] =>
  Array.from({ length: Math.ceil(wants.length / logsPerPullMax) }, (_, part) =>
    wants.slice(part * logsPerPullMax, (part + 1) * logsPerPullMax),
  );
