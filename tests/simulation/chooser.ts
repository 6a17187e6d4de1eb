/**
 * Everything that is left to chance in a simulation, from one seed: the same seed chooses the same, in every run and on
 * every machine, so that a failing seed replays exactly.
 */

import { fromAscii, sha256, type Bytes } from "@amana/log";
import type { Randomness } from "@amana/vault";

export type Chooser = {
  /** A whole number from 0 up to and without `end`. */
  readonly below: (end: number) => number;
  readonly isOneIn: (count: number) => boolean;
  /** Nothing from an empty list. */
  readonly pick: <T>(list: readonly T[]) => T | undefined;
  /** One of a list that is never empty. */
  readonly oneOf: <T>(first: T, ...others: readonly T[]) => T;
  /** By weight; something with weight 0 is never chosen. */
  readonly weighted: <T extends string>(weights: Readonly<Record<T, number>>) => T;
  /** A chooser of its own for one part of the world, so that what happens there moves nothing elsewhere. */
  readonly part: (name: string) => Chooser;
};

export const makeChooser = (seed: string): Chooser => {
  const next = numbersFrom(seed);
  const below = (end: number): number => Math.floor((next() / 2 ** 32) * end);
  let parts = 0;
  return {
    below,
    isOneIn: (count) => below(count) === 0,
    pick: (list) => list[below(list.length)],
    oneOf: (first, ...others) => [first, ...others][below(others.length + 1)] ?? first,
    weighted: (weights) => weightedChoice(weights, below),
    part: (name) => makeChooser(`${seed} ${name} ${String(parts++)}`),
  };
};

const weightedChoice = <T extends string>(weights: Readonly<Record<T, number>>, below: (end: number) => number): T => {
  // The keys of the table are its choices and nothing else.
  const choices = Object.keys(weights) as T[];
  let left = below(choices.reduce((sum, choice) => sum + weights[choice], 0));
  const chosen = choices.find((choice) => (left -= weights[choice]) < 0) ?? choices[0];
  if (chosen === undefined) throw new Error("Nothing to choose from.");
  return chosen;
};

/** Whole numbers of 32 bits, by the generator sfc32 of Chris Doty-Humphrey. */
const numbersFrom = (seed: string): (() => number) => {
  const view = new DataView(sha256(fromAscii(seed)).buffer);
  let [a, b, c, count] = [view.getUint32(0), view.getUint32(4), view.getUint32(8), 1];
  return () => {
    const sum = (((a + b) | 0) + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
};

/** Bytes for keys and nonces. As good as random for those who do not know the seed, and the same in every run. */
export const seededRandomness = (seed: string): Randomness => {
  const next = numbersFrom(`bytes ${seed}`);
  return (length) => {
    const bytes: Bytes = new Uint8Array(length);
    for (let at = 0; at < length; at++) bytes[at] = next() & 0xff;
    return bytes;
  };
};
