/**
 * Control entries form one line: members, epochs, roles, erasures, adoptions, each after the one it names.
 *
 * Two authentic entries after the same one contradict each other. The line then ends before them, unless this
 * device had accepted one of the branches: what was read stays read.
 */

import { precedes } from "./authentic.ts";
import type { SealedEntry } from "./entry.ts";
import { linksOf, type History } from "./history.ts";
import type { EntryHash } from "./ids.ts";

/** Two or more control entries after one; `after` is missing when a log has two beginnings. */
export type ControlFork = { readonly after: EntryHash | undefined; readonly entries: readonly EntryHash[] };

/** What is wrong with an entry because of one that it names. It never counts. */
export type Finding = "PreviousOfAnother" | "ControlNotControl" | "ControlBehind";

export type ControlLine = {
  readonly line: readonly EntryHash[];
  /** The place of each control entry in the line, from 0. */
  readonly places: ReadonlyMap<EntryHash, number>;
  readonly forks: readonly ControlFork[];
};

// [Note: A place in the line is not a say] The server lets one control entry follow another and verifies no
// signature, so a hostile member can put a worthless entry at the end of the line. Everyone after it must name
// it. It therefore keeps its place once an authentic entry follows it, but it is void: it counts for nothing.

/** `accepted` is the last control entry this device had accepted before; it decides at a fork, and only there. */
export const controlLineIn = (
  history: History,
  authentic: ReadonlySet<EntryHash>,
  accepted: EntryHash | undefined,
): ControlLine => {
  const followers = followersIn(history, authentic);
  const acceptedPast = new Set(accepted === undefined ? [] : controlPastOf(history, accepted));
  const line: EntryHash[] = [];
  const places = new Map<EntryHash, number>();
  const forks: ControlFork[] = [];
  for (;;) {
    const after = line.at(-1);
    const next = followers.get(after) ?? [];
    if (next.length > 1) forks.push({ after, entries: [...next].sort() });
    const chosen = next.length > 1 ? next.find((hash) => acceptedPast.has(hash)) : next[0];
    if (chosen === undefined) return { line, places, forks };
    places.set(chosen, line.length);
    line.push(chosen);
  }
};

/** What an entry must not say of those it names, as far as they are held. */
export const findingOf = (
  history: History,
  entry: SealedEntry,
  places: ReadonlyMap<EntryHash, number>,
): Finding | undefined => {
  const { control, previous } = entry.header;
  const before = previous === undefined ? undefined : history.held.get(previous)?.entry;
  if (before !== undefined && !precedes(before, entry)) return "PreviousOfAnother";
  const under = control === undefined ? undefined : history.held.get(control)?.entry;
  if (under !== undefined && under.header.kind !== "control") return "ControlNotControl";
  const place = control === undefined ? undefined : places.get(control);
  const isBehind = linksOf(entry).some((hash) => placeOf(history.held.get(hash)?.entry, places) > (place ?? Infinity));
  return isBehind ? "ControlBehind" : undefined;
};

/** Where an entry stands in the line: a control entry itself, content by the one it was written under. */
const placeOf = (entry: SealedEntry | undefined, places: ReadonlyMap<EntryHash, number>): number => {
  const control = entry?.header.kind === "control" ? entry.hash : entry?.header.control;
  return (control === undefined ? undefined : places.get(control)) ?? -1;
};

/** By control entry, which ones follow it: the authentic ones, and those that an authentic one follows. */
const followersIn = (
  history: History,
  authentic: ReadonlySet<EntryHash>,
): ReadonlyMap<EntryHash | undefined, readonly EntryHash[]> => {
  const followers = new Map<EntryHash | undefined, Set<EntryHash>>();
  for (const { entry } of history.held.values()) {
    if (entry.header.kind !== "control" || !authentic.has(entry.hash)) continue;
    for (const hash of controlPastOf(history, entry.hash)) {
      const after = history.held.get(hash)?.entry.header.control;
      const known = followers.get(after) ?? new Set();
      // What is known already has had its own past walked.
      if (known.has(hash)) break;
      followers.set(after, known.add(hash));
    }
  }
  return new Map([...followers].map(([after, hashes]) => [after, [...hashes]]));
};

/** A control entry and those before it in its own line, back to the first or to one that is not held. */
export const controlPastOf = function* (history: History, from: EntryHash): Generator<EntryHash> {
  for (let hash: EntryHash | undefined = from; hash !== undefined;) {
    const entry: SealedEntry | undefined = history.held.get(hash)?.entry;
    if (entry?.header.kind !== "control") return;
    yield hash;
    hash = entry.header.control;
  }
};
