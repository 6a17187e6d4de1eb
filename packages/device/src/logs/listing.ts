/**
 * Which logs the server is to list although they stand there as here: a digest over several logs cannot say that one of them is
 * served no more, which is how somebody learns that they were taken out of a case.
 *
 * What must stay true: after each unlocking all are listed once, however many they are. Few are listed at once; of many some
 * buckets with each exchange, as many as a weak line carries, from one that nobody foresees, so that none is always the last.
 */

import { assert } from "@amana/kernel";
import type { Bytes, LogId } from "@amana/log";
import { bucketCount, bucketDigestBytes, bucketDigests, bucketOf } from "@amana/sync";
import type { Unlocked } from "../unlocked.ts";
import { comparedPositions, loadPositions } from "./positions.ts";

/** The buckets that were not listed since the device was unlocked: so many from this one on, and after the last the first. */
export type Unlisted = { readonly from: number; readonly count: number };

export type Listing = {
  /** As the server is told; nothing where it is to list all. */
  readonly digests: Bytes | undefined;
  /** How many buckets are listed, and whether this log's is one of them. */
  readonly count: number;
  readonly isListed: (logId: LogId) => boolean;
  /** What is left once the answer is here. */
  readonly left: Unlisted;
};

/** Few enough that a weak line carries the list of them. */
export const logsListedMax = 500;

/** `isWhole`: the server has listed all of them already. */
export const listingNow = async (unlocked: Unlocked, isWhole: boolean): Promise<Listing> => {
  const { desk } = unlocked;
  const positions = await loadPositions(unlocked);
  const isAll = isWhole || positions.size <= logsListedMax;
  const unlisted = (isWhole ? undefined : desk.unlisted) ?? everyBucketFrom(isAll ? 0 : anyBucket(unlocked));
  const count = isAll ? unlisted.count : countThatFits([...positions.keys()], unlisted);
  const isListed = (logId: LogId): boolean => placeAfter(unlisted, bucketOf(logId)) < count;
  const left = { from: (unlisted.from + count) % bucketCount, count: unlisted.count - count };
  if (count === bucketCount) return { digests: undefined, count, isListed, left };
  const compared = comparedPositions(positions).filter(({ logId }) => !desk.unserved.has(logId));
  return { digests: otherwise(bucketDigests(compared), unlisted, count), count, isListed, left };
};

const everyBucketFrom = (from: number): Unlisted => ({ from, count: bucketCount });

/** One byte is the number of a bucket. */
const anyBucket = ({ ports }: Unlocked): number => ports.randomness(1)[0] ?? 0;

const placeAfter = ({ from }: Unlisted, bucket: number): number => (bucket - from + bucketCount) % bucketCount;

/** How many buckets hold no more logs together than are listed at once; one in any case, while there are any. */
const countThatFits = (logIds: readonly LogId[], unlisted: Unlisted): number => {
  const lengths = Array.from({ length: bucketCount }, () => 0);
  for (const logId of logIds) {
    const place = placeAfter(unlisted, bucketOf(logId));
    lengths[place] = (lengths[place] ?? 0) + 1;
  }
  let logs = 0;
  const end = lengths.findIndex((length) => (logs += length) > logsListedMax);
  return Math.min(unlisted.count, end === -1 ? bucketCount : Math.max(1, end));
};

/** Digests that are no bucket's, in the places of those that are to be listed. */
const otherwise = (digests: Bytes, unlisted: Unlisted, count: number): Bytes => {
  assert(digests.length === bucketCount * bucketDigestBytes, "There is a digest for each bucket.");
  return digests.map((byte, at) =>
    placeAfter(unlisted, Math.floor(at / bucketDigestBytes)) < count ? byte ^ 0xff : byte,
  );
};
