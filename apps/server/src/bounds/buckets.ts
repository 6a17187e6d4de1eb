/**
 * How often someone may ask: buckets of tokens that empty with each request and fill again with time, so that nobody is
 * shut out for good.
 *
 * The number of buckets is fixed. Who asks falls into one by a hash under a random seed, so that memory never grows,
 * nobody can empty a chosen person's bucket from another key, and no list of who asked is kept.
 */

import { createHmac, type KeyObject } from "node:crypto";

export type BucketsOptions = {
  /** How many there are. Two who fall into one share it. */
  readonly count: number;
  /** How many requests may come at once. */
  readonly capacity: number;
  /** How many more may come each second. */
  readonly perSecond: number;
};

export type Buckets = {
  /** Takes so many tokens, or says after how many seconds it may be tried again. */
  readonly take: (who: string, tokens?: number) => { readonly afterSeconds: number } | undefined;
  /** Takes as many for what has turned out to cost more: also more than there are, and whoever asks next waits for it. */
  readonly spend: (who: string, tokens: number) => void;
};

export const makeBuckets = (
  { count, capacity, perSecond }: BucketsOptions,
  /** Milliseconds that only grow. */
  milliseconds: () => number,
  seed: KeyObject,
): Buckets => {
  const levels = new Float64Array(count).fill(capacity);
  const filledAt = new Float64Array(count).fill(milliseconds());
  const fill = (place: number): number => {
    const now = milliseconds();
    const filled = (levels[place] ?? 0) + ((now - (filledAt[place] ?? now)) / 1000) * perSecond;
    filledAt[place] = now;
    return Math.min(capacity, filled);
  };
  return {
    spend: (who, tokens) => {
      const place = placeOf(who, count, seed);
      // Never so much that somebody is shut out for long.
      levels[place] = Math.max(-capacity, fill(place) - tokens);
    },
    take: (who, tokens = 1) => {
      const place = placeOf(who, count, seed);
      const level = fill(place);
      if (level < tokens) {
        levels[place] = level;
        return { afterSeconds: Math.max(1, Math.ceil((tokens - level) / perSecond)) };
      }
      levels[place] = level - tokens;
      return undefined;
    },
  };
};

const placeOf = (who: string, count: number, seed: KeyObject): number =>
  createHmac("sha256", seed).update(who).digest().readUInt32BE(0) % count;
