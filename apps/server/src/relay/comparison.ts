/**
 * Where a member's logs stand otherwise than on the device that asks, in whole buckets and in pages that an answer can carry.
 *
 * What must stay true: digests and answers speak of the same logs, so that a device which has all that it was told of is
 * told nothing more.
 */

import {
  bucketDigests,
  bucketOf,
  differingBuckets,
  logsPerBucketMax,
  logsPerCompareMax,
  type LogPosition,
  type RequestOf,
  type ResponseOf,
} from "@amana/sync";

type Compared = ResponseOf<"compare">;
type Compare = RequestOf<"compare">;

/** The logs of the buckets that differ, from one bucket on, in whole buckets as long as they fit. `served`: ascending by id. */
export const pageOfComparison = (served: Compared["logs"], { buckets, fromBucket }: Compare): Compared => {
  const positions = withinBuckets(served);
  const differing = new Set(buckets === undefined ? undefined : differingBuckets(buckets, bucketDigests(positions)));
  const isAsked = ({ logId }: LogPosition): boolean =>
    bucketOf(logId) >= fromBucket && (buckets === undefined || differing.has(bucketOf(logId)));
  const logs: Compared["logs"][number][] = [];
  let wholeBuckets = 0;
  for (const [place, position] of positions.filter(isAsked).entries()) {
    const isNewBucket =
      logs.length === 0 || bucketOf(position.logId) !== bucketOf(logs[place - 1]?.logId ?? position.logId);
    if (isNewBucket) wholeBuckets = logs.length;
    logs.push(position);
    // The bucket that made it too long begins the next page, unless it is the only one of this.
    if (logs.length > logsPerCompareMax && wholeBuckets > 0) {
      return { logs: logs.slice(0, wholeBuckets), nextBucket: bucketOf(position.logId) };
    }
  }
  return { logs, nextBucket: undefined };
};

/** A bucket ends where an answer could not name more of it: what is beyond has no part in its digest either. */
const withinBuckets = (positions: Compared["logs"]): Compared["logs"] => {
  const counts = new Map<number, number>();
  return positions.filter(({ logId }) => {
    const count = (counts.get(bucketOf(logId)) ?? 0) + 1;
    counts.set(bucketOf(logId), count);
    return count <= logsPerBucketMax;
  });
};
