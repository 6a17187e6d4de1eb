/** Random cases from a seed, for tests: the same seed gives the same cases on every machine. */

import type { CompiledPack, Facts } from "@amana/pathway";

export type Random = () => number;

/** A small generator (mulberry32); numbers from 0 up to, not including, 1. */
export const randomFrom = (seed: number): Random => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

/** A case of which about the given share is known. */
export const randomCase = (pack: CompiledPack, random: Random, share: number): Facts => {
  const facts: Record<string, string | readonly string[]> = {};
  for (const fact of pack.facts) {
    if (random() >= share) continue;
    if (fact.kind === "list") {
      const size = random() * random();
      facts[fact.id] = fact.values.filter(() => random() < size);
    } else {
      facts[fact.id] = fact.values[Math.floor(random() * fact.values.length)] ?? "";
    }
  }
  return facts;
};
