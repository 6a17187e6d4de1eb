/** How what belongs to a log is named in the store. docs/formats/device-store.md lists all names. */

import type { LogId } from "@amana/log";

const places = 12;

/** Names sort as their numbers do. */
const numbered = (number: number): string => String(number).padStart(places, "0");

export const numberIn = (name: string): number => Number(name.slice(name.lastIndexOf("/") + 1));

/** How many there may be of what lies in numbered parts: up to the last, also where somebody has taken one out from among them. */
export const partsIn = (stored: readonly { readonly name: string }[]): number => {
  const last = stored.at(-1);
  return last === undefined ? 0 : numberIn(last.name) + 1;
};

export const segmentsPrefix = (logId: LogId): string => `log/${logId}/entries/`;
export const segmentName = (logId: LogId, number: number): string => `${segmentsPrefix(logId)}${numbered(number)}`;
export const logRecordName = (logId: LogId): string => `record/log/${logId}`;

export const outboxPrefix = "outbox/";
export const outboxName = (number: number): string => `${outboxPrefix}${numbered(number)}`;

export const draftsPrefix = "draft/";
export const draftName = (logId: LogId, number: number): string => `${draftsPrefix}${logId}/${numbered(number)}`;

/** Logs fall into 256 buckets by the first byte of their id, here and on the wire. */
export const bucketOf = (logId: LogId): string => logId.slice(0, 2);
const byteText = (byte: number): string => byte.toString(16).padStart(2, "0");
export const buckets: readonly string[] = Array.from({ length: 256 }, (_, byte) => byteText(byte));

/** The caseload has half as many, each two of those: ten thousand rows are there the sooner the fewer boxes are opened. */
export const indexBucketOf = (logId: LogId): string => byteText(parseInt(logId.slice(0, 2), 16) & 0xfe);
export const indexBuckets: readonly string[] = Array.from({ length: 128 }, (_, pair) => byteText(2 * pair));

export const positionsPrefix = "record/positions/";
export const positionsName = (bucket: string): string => `${positionsPrefix}${bucket}`;
export const indexPrefix = "index/";
export const indexName = (bucket: string, part: number): string => `${indexPrefix}${bucket}/${numbered(part)}`;
export const snapshotPrefix = (logId: LogId): string => `snapshot/${logId}/`;
export const snapshotName = (logId: LogId, part: number): string => `${snapshotPrefix(logId)}${numbered(part)}`;
