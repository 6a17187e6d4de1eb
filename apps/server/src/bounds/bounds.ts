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
  /** Answered at the same time for one organisation: it leaves room for the others. */
  readonly atOnceOfOrganisationMax: number;
  /** Answered at the same time in all. */
  readonly atOnceInAllMax: number;
};

// An office of fifty behind one address signs in within a minute in the morning; a fresh device fetches 10,000 cases.
export const bounds: BoundsOptions = {
  address: { count: 65_536, capacity: 3000, perSecond: 100 },
  visitor: { count: 65_536, capacity: 120, perSecond: 2 },
  account: { count: 65_536, capacity: 600, perSecond: 20 },
  atOnceMax: 16,
  atOnceOfOrganisationMax: 256,
  atOnceInAllMax: 512,
};

/** Pages, and what the operator's tools ask, from one address. */
export const pagesFromAddress: BucketsOptions = { count: 65_536, capacity: 3000, perSecond: 100 };

/** Somebody of an organisation, or where a request came from of whom nothing is known. */
export type Asking = { readonly account: string; readonly organisation: string } | { readonly from: string };

export type Bounds = {
  /** Refuses an address that asks too often. */
  readonly takeFrom: (from: string, isVisitor: boolean) => { readonly afterSeconds: number } | undefined;
  /** For work of an account that has turned out to cost more than most. */
  readonly spend: (account: string, tokens: number) => void;
  /** Does the work within the bounds of who asks, or refuses. */
  readonly within: <T>(who: Asking, work: () => Promise<Result<T, Refused>>) => Promise<Result<T, Refused>>;
};

export const makeBounds = (options: BoundsOptions, milliseconds: () => number, seed: KeyObject): Bounds => {
  const [addresses, visitors, accounts] = [options.address, options.visitor, options.account].map((each) =>
    makeBuckets(each, milliseconds, seed),
  );
  const working = makeCounts();
  const ofOrganisation = makeCounts();
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
      const organisation = "account" in who ? who.organisation : undefined;
      const isFull =
        working.of(key) >= options.atOnceMax ||
        inAll >= options.atOnceInAllMax ||
        (organisation !== undefined && ofOrganisation.of(organisation) >= options.atOnceOfOrganisationMax);
      if (isFull) return refused("TooManyRequests", 1);
      working.add(key, 1);
      if (organisation !== undefined) ofOrganisation.add(organisation, 1);
      inAll++;
      try {
        return await work();
      } finally {
        inAll--;
        if (organisation !== undefined) ofOrganisation.add(organisation, -1);
        working.add(key, -1);
      }
    },
  };
};

/** Of those that are there, and of nobody else. */
const makeCounts = () => {
  const counts = new Map<string, number>();
  const of = (key: string): number => counts.get(key) ?? 0;
  return {
    of,
    add: (key: string, more: number): void => {
      if (of(key) + more === 0) counts.delete(key);
      else counts.set(key, of(key) + more);
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
