/** How often someone may ask, over a clock of the test. */

import { createSecretKey } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeBuckets } from "./buckets.ts";

const seed = createSecretKey(Buffer.alloc(32, 7));

describe("buckets", () => {
  it("let so many requests through at once, and say when to come again", () => {
    const buckets = makeBuckets({ count: 64, capacity: 3, perSecond: 0.5 }, () => 0, seed);
    expect([1, 2, 3].map(() => buckets.take("one"))).toEqual([undefined, undefined, undefined]);
    expect(buckets.take("one")).toEqual({ afterSeconds: 2 });
  });

  it("fill again with time, so that nobody is shut out for good", () => {
    let now = 0;
    const buckets = makeBuckets({ count: 64, capacity: 3, perSecond: 0.5 }, () => now, seed);
    for (let count = 0; count < 1000; count++) buckets.take("one");
    now = 2000;
    expect(buckets.take("one")).toBeUndefined();
    expect(buckets.take("one")).toEqual({ afterSeconds: 2 });
  });

  it("never hold more than their capacity, however long nobody asks", () => {
    let now = 0;
    const buckets = makeBuckets({ count: 64, capacity: 3, perSecond: 0.5 }, () => now, seed);
    now = 86_400_000;
    expect([1, 2, 3, 4].map(() => buckets.take("one") === undefined)).toEqual([true, true, true, false]);
  });

  it("may be emptied beyond their end by what cost more, and never so far that somebody is shut out for long", () => {
    let now = 0;
    const buckets = makeBuckets({ count: 65_536, capacity: 3, perSecond: 1 }, () => now, seed);
    buckets.spend("one", 5);
    expect(buckets.take("one")).toEqual({ afterSeconds: 3 });
    buckets.spend("one", 1_000_000);
    expect(buckets.take("one")).toEqual({ afterSeconds: 4 });
    expect(buckets.take("other")).toBeUndefined();
    now = 4000;
    expect(buckets.take("one")).toBeUndefined();
  });

  it("leave another alone when one has used theirs up", () => {
    const buckets = makeBuckets({ count: 65_536, capacity: 1, perSecond: 1 }, () => 0, seed);
    buckets.take("one");
    expect(buckets.take("other")).toBeUndefined();
  });

  it("property: however many ask, no more get through than there are buckets, capacity and time for", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.nat(100)), { maxLength: 400 }), (asked) => {
        let now = 0;
        const buckets = makeBuckets({ count: 4, capacity: 2, perSecond: 1 }, () => now, seed);
        let taken = 0;
        for (const [who, wait] of asked) {
          now += wait;
          if (buckets.take(who) === undefined) taken++;
        }
        expect(taken).toBeLessThanOrEqual(4 * (2 + now / 1000));
      }),
    );
  });
});
