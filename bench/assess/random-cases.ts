/** Random cases from a seed: every fact is unknown, or has a random value. The same seed gives the same cases. */

import type { CompiledPack, Facts } from "@amana/pathway";

/** Half of the facts of a case are known, about what a first conversation gives. */
const knownShare = 0.5;
/** A list names each of its values so often. */
const listedShare = 0.2;

export const randomCases = (pack: CompiledPack, count: number, seed: number): readonly Facts[] => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => {
    const facts: Record<string, string | readonly string[]> = {};
    for (const fact of pack.facts) {
      if (random() >= knownShare) continue;
      facts[fact.id] =
        fact.kind === "list"
          ? fact.values.filter(() => random() < listedShare)
          : (fact.values[Math.floor(random() * fact.values.length)] ?? "");
    }
    return facts;
  });
};

/** Mulberry32: small, and good enough to spread cases. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};
