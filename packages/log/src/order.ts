/**
 * Causal order: an entry comes after everything it names. Of entries that neither precedes, the one with the
 * smaller hash comes first, so that every device folds the same sequence. No rule may rest on that tie.
 */

import type { SealedEntry } from "./entry.ts";
import type { History } from "./history.ts";
import type { EntryHash } from "./ids.ts";

/**
 * The entries whose dependencies are all there, in order. `dependenciesOf` gives nothing for an entry that has no
 * place. A dependency of a newer version is there without being read; one that is missing makes all that
 * follow it wait.
 */
export const causalOrder = (
  history: History,
  dependenciesOf: (entry: SealedEntry) => readonly EntryHash[] | undefined,
): readonly EntryHash[] => {
  const awaited = new Map<EntryHash, number>();
  const followers = new Map<EntryHash, EntryHash[]>();
  const ready: EntryHash[] = [];
  for (const { entry } of history.held.values()) {
    const dependencies = dependenciesOf(entry);
    if (dependencies === undefined) continue;
    const links = dependencies.filter((hash) => !history.newer.has(hash));
    if (links.length === 0) pushSmallest(ready, entry.hash);
    awaited.set(entry.hash, links.length);
    for (const link of links) {
      const known = followers.get(link);
      if (known === undefined) followers.set(link, [entry.hash]);
      else known.push(entry.hash);
    }
  }
  const order: EntryHash[] = [];
  for (let hash = popSmallest(ready); hash !== undefined; hash = popSmallest(ready)) {
    order.push(hash);
    for (const follower of followers.get(hash) ?? []) {
      const left = (awaited.get(follower) ?? 0) - 1;
      awaited.set(follower, left);
      if (left === 0) pushSmallest(ready, follower);
    }
  }
  return order;
};

// A binary heap in an array: the smallest hash stands first, and each stands before the two at 2n+1 and 2n+2.

const pushSmallest = (heap: EntryHash[], hash: EntryHash): void => {
  heap.push(hash);
  for (let at = heap.length - 1; at > 0;) {
    const above = (at - 1) >> 1;
    if (!swapIfSmaller(heap, at, above)) return;
    at = above;
  }
};

const popSmallest = (heap: EntryHash[]): EntryHash | undefined => {
  const smallest = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return smallest;
  heap[0] = last;
  for (let at = 0; ;) {
    const left = 2 * at + 1;
    const below = isSmaller(heap, left + 1, left) ? left + 1 : left;
    if (!swapIfSmaller(heap, below, at)) return smallest;
    at = below;
  }
};

const isSmaller = (heap: readonly EntryHash[], one: number, other: number): boolean => {
  const [a, b] = [heap[one], heap[other]];
  return a !== undefined && b !== undefined && a < b;
};

const swapIfSmaller = (heap: EntryHash[], one: number, other: number): boolean => {
  const [a, b] = [heap[one], heap[other]];
  if (a === undefined || b === undefined || a >= b) return false;
  heap[one] = b;
  heap[other] = a;
  return true;
};
