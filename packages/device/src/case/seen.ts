/**
 * What the author of an entry had seen: the rule of docs/formats/entry.md §5, for sealed entries and for drafts.
 *
 * Nobody sees contents through a `control` link, nor through the parents of a control entry: those are named because the
 * line needs them, not because somebody had read what they say.
 */

import { assert } from "@amana/kernel";
import type { EntryHash, Header, History } from "@amana/log";
import type { Past } from "@amana/casefile";

/** What an entry names of what its author had seen. */
export const seenLinksOf = ({ kind, previous, parents }: Pick<Header, "kind" | "previous" | "parents">) => [
  ...(previous === undefined ? [] : [previous]),
  ...(kind === "content" ? parents : []),
];

/** An entry, and what it names of what its author had seen. */
export type SeenNode = { readonly hash: EntryHash; readonly links: readonly EntryHash[] };

/** All held entries of a log, each after those it names. */
export const seenNodes = (history: History): readonly SeenNode[] => {
  const nodes: SeenNode[] = [];
  const placed = new Set<EntryHash>();
  const open = [...history.held.keys()].sort().reverse();
  for (let hash = open.at(-1); hash !== undefined; hash = open.at(-1)) {
    const header = history.held.get(hash)?.entry.header;
    if (header === undefined || placed.has(hash)) {
      open.pop();
      continue;
    }
    const links = seenLinksOf(header).filter((link) => history.held.has(link));
    const ahead = links.filter((link) => !placed.has(link));
    // Hashes name what was there before them, so nothing names itself in a circle.
    open.push(...ahead);
    if (ahead.length > 0) continue;
    open.pop();
    placed.add(hash);
    nodes.push({ hash, links });
  }
  return nodes;
};

/** What precedes what, as bits by place: many pasts are asked for, and each is nearly all there is. */
export type Seen = {
  readonly pastOf: (hashes: readonly EntryHash[]) => Past;
  /** The same with one more: a draft, or an entry that was just sealed. */
  readonly add: (node: SeenNode) => void;
};

const bitsPerWord = 32;

/** Beyond its end nothing was seen. */
const wordAt = (past: Uint32Array, at: number): number => past[at] ?? 0;

export const makeSeen = (nodes: readonly SeenNode[]): Seen => {
  const places = new Map<EntryHash, number>();
  const pasts: Uint32Array[] = [];
  const upTo = (links: readonly EntryHash[]): Uint32Array => {
    const known = links.flatMap((link) => places.get(link) ?? []);
    const past = new Uint32Array(Math.floor(known.reduce((last, place) => Math.max(last, place), 0) / bitsPerWord) + 1);
    for (const place of known) {
      const before = pasts[place];
      assert(before !== undefined, "An entry has a place and no past.");
      before.forEach((word, at) => {
        past[at] = wordAt(past, at) | word;
      });
      const at = Math.floor(place / bitsPerWord);
      past[at] = wordAt(past, at) | (1 << (place % bitsPerWord));
    }
    return past;
  };
  const add = ({ hash, links }: SeenNode): void => {
    const past = upTo(links);
    places.set(hash, pasts.length);
    pasts.push(past);
  };
  for (const node of nodes) add(node);
  return {
    add,
    pastOf: (hashes) => {
      const past = upTo(hashes);
      return {
        has: (entry) => {
          const place = places.get(entry);
          if (place === undefined) return false;
          return ((wordAt(past, Math.floor(place / bitsPerWord)) >>> (place % bitsPerWord)) & 1) === 1;
        },
      };
    },
  };
};

/** Of these entries, those that none of the others had seen, ascending. */
export const headsAmong = (hashes: readonly EntryHash[], seen: Seen): readonly EntryHash[] => {
  const pasts = hashes.map((hash) => ({ hash, past: seen.pastOf([hash]) }));
  return hashes.filter((hash) => !pasts.some((other) => other.hash !== hash && other.past.has(hash))).sort();
};
