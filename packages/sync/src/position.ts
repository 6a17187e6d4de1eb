/**
 * Where a log stands, in one digest; and where all logs stand, in 256. Two sides that hold the same entries in the
 * same order have the same digests, so that what is equal costs nothing on the wire. Format: docs/formats/wire.md §4.
 */

import { assert } from "@amana/kernel";
import { concat, idBytes, label, sha256, toHex, type Bytes, type EntryHash, type LogId } from "@amana/log";
import { bucketCount, bucketDigestBytes } from "./limits.ts";
import type { LogPosition } from "./requests.ts";

const digestBytes = 32;
const positionLabel = label("position-digest");
const bucketLabel = label("bucket-digest");

/** The digest of a log without entries: zeros. */
export const digestOfNone = (): Bytes => new Uint8Array(digestBytes);

// Put together in one place, because a device does it for every entry that it holds.
const message = new Uint8Array(positionLabel.length + 2 * digestBytes);
message.set(positionLabel);

/** The digest of a log after one more entry. */
export const nextDigest = (digest: Bytes, hash: EntryHash): Bytes => {
  message.set(digest, positionLabel.length);
  message.set(idBytes(hash), positionLabel.length + digestBytes);
  return sha256(message);
};

/** From 0 to 255: the first byte of the id. */
export const bucketOf = (logId: LogId): number => parseInt(logId.slice(0, 2), 16);

/**
 * Eight bytes for each bucket, joined. The order of the positions does not matter; a log without entries is as one that
 * is not there.
 */
export const bucketDigests = (positions: readonly LogPosition[]): Bytes => {
  const buckets: LogPosition[][] = Array.from({ length: bucketCount }, () => []);
  for (const position of positions) if (position.end > 0) buckets[bucketOf(position.logId)]?.push(position);
  return concat(...buckets.map((bucket) => bucketDigest(bucket)));
};

const bucketDigest = (bucket: readonly LogPosition[]): Bytes => {
  const ascending = [...bucket].sort((one, other) => (one.logId < other.logId ? -1 : 1));
  const parts = ascending.flatMap(({ logId, end, digest }) => [idBytes(logId), bigEndian(end), digest]);
  return sha256(concat(bucketLabel, ...parts)).slice(0, bucketDigestBytes);
};

const bigEndian = (value: number): Bytes => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
};

/** The numbers of the buckets that are not the same, ascending. */
export const differingBuckets = (here: Bytes, there: Bytes): readonly number[] => {
  const isWhole = [here, there].every((digests) => digests.length === bucketCount * bucketDigestBytes);
  assert(isWhole, "Digests of buckets have another length than all buckets together.");
  return Array.from({ length: bucketCount }, (_, bucket) => bucket).filter(
    (bucket) => digestIn(here, bucket) !== digestIn(there, bucket),
  );
};

const digestIn = (digests: Bytes, bucket: number): string =>
  toHex(digests.subarray(bucket * bucketDigestBytes, (bucket + 1) * bucketDigestBytes));
