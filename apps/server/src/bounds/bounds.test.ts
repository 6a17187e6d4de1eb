/** How much one address, one account and all together may ask of the relay. */

import { createSecretKey } from "node:crypto";
import { ok } from "@amana/kernel";
import { describe, expect, it } from "vitest";
import { bounds, makeBounds, type BoundsOptions } from "./bounds.ts";

const seed = createSecretKey(Buffer.alloc(32, 7));
const make = (options: Partial<BoundsOptions>, milliseconds = () => 0) =>
  makeBounds({ ...bounds, ...options }, milliseconds, seed);
const few = (capacity: number) => ({ count: 65_536, capacity, perSecond: 1 });
const member = (account: string, organisation = "o") => ({ account, organisation });
const limited = (afterSeconds: number) => ({ ok: false, error: { code: "TooManyRequests", afterSeconds } });

describe("an address", () => {
  it("that asks too often waits, and another does not", () => {
    const { takeFrom } = make({ address: few(2) });
    const asked = ["a", "a", "a", "b"].map(() => takeFrom("198.51.100.7", false));
    expect(asked.map((each) => each === undefined)).toEqual([true, true, false, false]);
    expect(takeFrom("198.51.100.8", false)).toBeUndefined();
  });

  it("of visitors waits sooner than one of people who are signed in", () => {
    const { takeFrom } = make({ visitor: few(1) });
    expect(takeFrom("198.51.100.7", true)).toBeUndefined();
    expect(takeFrom("198.51.100.7", true)).toEqual({ afterSeconds: 1 });
    expect(takeFrom("198.51.100.7", false)).toBeUndefined();
  });

  it("of IPv6 is its network, so that one person has not more of them than another", () => {
    const { takeFrom } = make({ address: few(1) });
    expect(takeFrom("2001:db8:1:2::1", false)).toBeUndefined();
    expect(takeFrom("2001:db8:1:2:ffff::9", false)).toEqual({ afterSeconds: 1 });
    expect(takeFrom("2001:DB8:1:2::", false)).toEqual({ afterSeconds: 1 });
    expect(takeFrom("2001:db8:1:3::1", false)).toBeUndefined();
    expect(takeFrom("::1", false)).toBeUndefined();
    expect(takeFrom("::ffff:198.51.100.7", false)).toBeUndefined();
    expect(takeFrom("::ffff:198.51.100.8", false)).toBeUndefined();
  });
});

describe("an account", () => {
  it("that asks too often waits some seconds, and is answered again", async () => {
    let now = 0;
    const { within } = make({ account: few(1) }, () => now);
    const work = () => Promise.resolve(ok("done"));
    expect(await within(member("a"), work)).toEqual(ok("done"));
    expect(await within(member("a"), work)).toEqual(limited(1));
    now = 1000;
    expect(await within(member("a"), work)).toEqual(ok("done"));
  });

  it("is not kept out by others who ask for it without being signed in", async () => {
    const { takeFrom, within } = make({ visitor: few(1) });
    for (let count = 0; count < 100; count++) takeFrom(`198.51.100.${count}`, true);
    expect(await within(member("a"), () => Promise.resolve(ok("done")))).toEqual(ok("done"));
  });
});

describe("work at the same time", () => {
  it("is bounded for one account and in all, and makes room when it ends, however it ends", async () => {
    const { within } = make({ atOnceMax: 1, atOnceInAllMax: 2 });
    const ends: (() => void)[] = [];
    const slow = () =>
      new Promise<ReturnType<typeof ok<string>>>((resolve) => {
        ends.push(() => resolve(ok("done")));
      });
    const first = within(member("a"), slow);
    expect(await within(member("a"), slow)).toEqual(limited(1));
    const second = within({ from: "198.51.100.7" }, slow);
    expect(await within(member("b"), slow)).toEqual(limited(1));
    ends.forEach((end) => end());
    await Promise.all([first, second]);
    await expect(within(member("a"), () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await within(member("a"), () => Promise.resolve(ok("done")))).toEqual(ok("done"));
  });

  it("is bounded for one organisation, so that whatever its people ask there is room for another", async () => {
    const { within } = make({ atOnceOfOrganisationMax: 2, atOnceInAllMax: 4 });
    const ends: (() => void)[] = [];
    const slow = () =>
      new Promise<ReturnType<typeof ok<string>>>((resolve) => {
        ends.push(() => resolve(ok("done")));
      });
    const begun = [within(member("a"), slow), within(member("b"), slow)];
    const third = within(member("c"), slow);
    expect(ends).toHaveLength(2);
    expect(await third).toEqual(limited(1));
    begun.push(within(member("d", "other"), slow), within({ from: "198.51.100.7" }, slow));
    expect(ends).toHaveLength(4);
    ends.forEach((end) => end());
    expect(await Promise.all(begun)).toEqual(Array.from({ length: 4 }, () => ok("done")));
    expect(await within(member("c"), () => Promise.resolve(ok("done")))).toEqual(ok("done"));
  });
});
