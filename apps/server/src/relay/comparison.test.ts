/** Pages of a comparison when one bucket holds more logs than an answer may name. */

import { logIdOf, sha256, fromAscii, type LogId } from "@amana/log";
import { assert } from "@amana/kernel";
import { bucketDigests, logsPerBucketMax, logsPerCompareMax, wire } from "@amana/sync";
import { describe, expect, it } from "vitest";
import { pageOfComparison } from "./comparison.ts";

const logIdIn = (bucket: number, number: number): LogId => {
  const bytes = new Uint8Array(16);
  bytes[0] = bucket;
  new DataView(bytes.buffer).setUint32(12, number);
  const logId = logIdOf(bytes);
  assert(logId !== undefined, "A test's own id must be one.");
  return logId;
};

const logsIn = (bucket: number, count: number) =>
  Array.from({ length: count }, (_, number) => ({
    logId: logIdIn(bucket, number),
    kind: "case" as const,
    end: 1,
    digest: sha256(fromAscii(`${bucket} ${number}`)),
  }));

describe("a comparison", () => {
  it("names no more logs of one bucket than an answer may hold, and is then in agreement", () => {
    const served = [...logsIn(6, 3), ...logsIn(7, logsPerBucketMax + 2), ...logsIn(9, 1)];
    const first = pageOfComparison(served, { buckets: undefined, fromBucket: 0 });
    expect([first.logs.length, first.nextBucket]).toEqual([3, 7]);
    const second = pageOfComparison(served, { buckets: undefined, fromBucket: 7 });
    expect([second.logs.length, second.nextBucket]).toEqual([logsPerBucketMax, 9]);
    expect(wire.compare.encodeResponse(second).length).toBeGreaterThan(logsPerBucketMax);
    const third = pageOfComparison(served, { buckets: undefined, fromBucket: 9 });
    const buckets = bucketDigests([...first.logs, ...second.logs, ...third.logs]);
    expect(pageOfComparison(served, { buckets, fromBucket: 0 })).toEqual({ logs: [], nextBucket: undefined });
  });

  it("of a last bucket that is too full still fits an answer", () => {
    const served = [...logsIn(7, logsPerCompareMax), ...logsIn(255, logsPerBucketMax + 100)];
    const page = pageOfComparison(served, { buckets: undefined, fromBucket: 255 });
    expect(wire.compare.decodeResponse(wire.compare.encodeResponse(page))?.logs).toHaveLength(logsPerBucketMax);
  });
});
