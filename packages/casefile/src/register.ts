/**
 * A register: everything that was said about one thing, and which of it had been seen when more was said.
 *
 * State is nothing but registers, so it is the same in whatever causal order entries are folded: a new
 * version is added beside the others and linked to those its author had seen. What stands is computed
 * from the links and the values, never from who came first.
 */

import { type By, type Mark, type Reference, compareMarks, compareTexts, hasSeen, isSame, markOf } from "./by.ts";

export type Version<T> = {
  readonly value: T;
  readonly mark: Mark;
  /** The versions that came next, by somebody who had seen this one. What came after those is not repeated. */
  readonly followedBy: readonly Reference[];
};

/** In the order of `compareMarks`. */
export type Register<T> = readonly Version<T>[];

export type Registers<T> = ReadonlyMap<string, Register<T>>;

export const addVersion = <T>(register: Register<T>, value: T, by: By): Register<T> => {
  const mark = markOf(by);
  const linked = register.map((version) =>
    hasSeen(by, version.mark) && !version.followedBy.some((next) => hasSeen(by, next))
      ? {
          ...version,
          followedBy: [...version.followedBy, { entry: by.entry, index: by.index }].sort(compareReferences),
        }
      : version,
  );
  return insertSorted(linked, { value, mark, followedBy: [] }, (one, other) => compareMarks(one.mark, other.mark));
};

/** Adds to the register under the key; keys stay sorted, so that a map never tells in which order it was filled. */
export const addTo = <T>(registers: Registers<T>, key: string, value: T, by: By): Registers<T> => {
  const changed = new Map(registers);
  changed.set(key, addVersion(registers.get(key) ?? [], value, by));
  if (registers.has(key)) return changed;
  return new Map([...changed].sort(([one], [other]) => compareTexts(one, other)));
};

/** What nobody has said anything after: one version, or several written without knowing of each other. */
export const standing = <T>(register: Register<T> | undefined): Register<T> =>
  (register ?? []).filter((version) => version.followedBy.length === 0);

/** What would stand if only these had been said. */
export const standingAmong = <T>(register: Register<T> | undefined, kept: Register<T>): Register<T> =>
  kept.filter((version) => !followers(register ?? [], version).some((later) => kept.includes(later)));

/** Every version whose author had seen this one. */
export const followers = <T>(register: Register<T>, version: Version<T>): Register<T> => {
  const found = new Set<Version<T>>();
  const open: Reference[] = [...version.followedBy];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const reference = next;
    const later = register.find((candidate) => isSame(candidate.mark, reference));
    if (later === undefined || found.has(later)) continue;
    found.add(later);
    open.push(...later.followedBy);
  }
  return [...found];
};

/** Whether `later` was said by somebody who had seen `earlier`. */
export const isAfter = <T>(register: Register<T>, later: Version<T>, earlier: Version<T>): boolean =>
  followers(register, earlier).includes(later);

export const insertSorted = <T>(items: readonly T[], item: T, compare: (one: T, other: T) => number): readonly T[] => {
  let place = items.length;
  for (let before = items[place - 1]; before !== undefined && compare(before, item) > 0; before = items[place - 1]) {
    place -= 1;
  }
  return items.toSpliced(place, 0, item);
};

/** What of a register somebody had seen, as if nothing else had been said. */
export const seenPart = <T>(register: Register<T>, by: By): Register<T> => {
  const seen = register.filter(({ mark }) => hasSeen(by, mark));
  // Mostly everything was seen, and then so was whatever followed it.
  if (seen.length === register.length) return register;
  return seen.map((version) => ({ ...version, followedBy: version.followedBy.filter((next) => hasSeen(by, next)) }));
};

/** Of what nobody had said anything yet, there is no register. With keys, only of these. */
export const seenParts = <T>(
  registers: Registers<T>,
  by: By,
  keys: Iterable<string> = registers.keys(),
): Registers<T> => {
  const parts = new Map<string, Register<T>>();
  for (const key of keys) {
    const seen = seenPart(registers.get(key) ?? [], by);
    if (seen.length > 0) parts.set(key, seen);
  }
  return parts;
};

const compareReferences = (one: Reference, other: Reference): number =>
  compareTexts(one.entry, other.entry) || one.index - other.index;
