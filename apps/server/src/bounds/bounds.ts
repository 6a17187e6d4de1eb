/**
 * How much one address and one account may ask of the relay, and how much all of them at once.
 *
 * Someone who is not signed in is bounded by the address alone. A bound by account would let whoever knows an account id keep its
 * person out, and there is nothing to guess that it would slow: a sign-in is a signature by a key of 128 random bits.
 */

import type { KeyObject } from "node:crypto";
import { isIPv6 } from "node:net";
import type { Result } from "@amana/kernel";
import { refused, type Refused } from "../relay/answers.ts";
import { makeBuckets, type BucketsOptions } from "./buckets.ts";

export type BoundsOptions = {
  /** Every request from one address; of IPv6, from one network of 64 bits. */
  readonly address: BucketsOptions;
  /** Requests from one address by someone who is not signed in, which cost a look-up and a signature each. */
  readonly visitor: BucketsOptions;
  readonly account: BucketsOptions;
  /** Answered at the same time for one account, or one address of visitors. */
  readonly atOnceMax: number;
  /** Answered at the same time in all. */
  readonly atOnceInAllMax: number;
};

// An office of fifty behind one address signs in within a minute in the morning; a fresh device fetches 10,000 cases.
export const bounds: BoundsOptions = {
  address: { count: 65_536, capacity: 3000, perSecond: 100 },
  visitor: { count: 65_536, capacity: 120, perSecond: 2 },
  account: { count: 65_536, capacity: 600, perSecond: 20 },
  atOnceMax: 16,
  atOnceInAllMax: 512,
};

/** Pages, and what the operator's tools ask, from one address. */
export const pagesFromAddress: BucketsOptions = { count: 65_536, capacity: 3000, perSecond: 100 };

export type Bounds = {
  /** Refuses an address that asks too often. */
  readonly takeFrom: (from: string, isVisitor: boolean) => { readonly afterSeconds: number } | undefined;
  /** For work of an account that has turned out to cost more than most. */
  readonly spend: (account: string, tokens: number) => void;
  /** Does the work within the bounds of who asks, or refuses. */
  readonly within: <T>(
    who: { readonly account: string } | { readonly from: string },
    work: () => Promise<Result<T, Refused>>,
  ) => Promise<Result<T, Refused>>;
};

export const makeBounds = (options: BoundsOptions, milliseconds: () => number, seed: KeyObject): Bounds => {
  const [addresses, visitors, accounts] = [options.address, options.visitor, options.account].map((each) =>
    makeBuckets(each, milliseconds, seed),
  );
  const working = new Map<string, number>();
  let inAll = 0;
  return {
    takeFrom: (from, isVisitor) => {
      const network = networkOf(from);
      return addresses?.take(network) ?? (isVisitor ? visitors?.take(network) : undefined);
    },
    spend: (account, tokens) => accounts?.spend(account, tokens),
    within: async (who, work) => {
      const limited = "account" in who ? accounts?.take(who.account) : undefined;
      if (limited !== undefined) return refused("TooManyRequests", limited.afterSeconds);
      const key = "account" in who ? who.account : networkOf(who.from);
      const own = working.get(key) ?? 0;
      if (own >= options.atOnceMax || inAll >= options.atOnceInAllMax) return refused("TooManyRequests", 1);
      working.set(key, own + 1);
      inAll++;
      try {
        return await work();
      } finally {
        inAll--;
        const left = (working.get(key) ?? 1) - 1;
        if (left === 0) working.delete(key);
        else working.set(key, left);
      }
    },
  };
};

/** What counts as one address: one person has a whole network of 64 bits in IPv6, and would have as many buckets as addresses in it. */
export const networkOf = (address: string): string => {
  if (!isIPv6(address) || address.toLowerCase().startsWith("::ffff:")) return address;
  const [start = "", end] = address.split("::");
  const before = start.split(":").filter((each) => each !== "");
  const after = (end ?? "").split(":").filter((each) => each !== "");
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0");
  return [...before, ...zeros, ...after].slice(0, 4).join(":").toLowerCase();
};
