/**
 * A register: everything that was said about one thing, and which of it had been seen when more was said.
 *
 * State is nothing but registers, so it is the same in whatever causal order entries are folded: a new
 * version is added beside the others and linked to those its author had seen. What stands is computed
 * from the links and the values, never from who came first.
 */

import { type By, type Growing, type Mark, type Reference, compareMarks, compareTexts, hasSeen, markOf } from "./by.ts";

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
  const version: Version<T> = { value, mark, followedBy: [] };
  return insertSorted(linkedTo(register, by), version, (one, other) => compareMarks(one.mark, other.mark));
};

/** What an earlier event of the same entry has followed needs no second link: an entry may say many things of one. */
const linkedTo = <T>(register: Register<T>, by: By): Register<T> => {
  const own = register.findLast(({ mark }) => mark.entry === by.entry);
  if (own !== undefined) return register.map((version) => (version === own ? followedBy(own, by) : version));
  return register.map((version) =>
    hasSeen(by, version.mark) && !version.followedBy.some((next) => hasSeen(by, next))
      ? followedBy(version, by)
      : version,
  );
};

const followedBy = <T>(version: Version<T>, { entry, index }: By): Version<T> => ({
  ...version,
  followedBy: [...version.followedBy, { entry, index }].sort(compareReferences),
});

// [Note: A fold fills its own maps] A member may say new things by the ten thousand, and a map that is copied and put in order
// for each makes every device stand still (SECURITY §6.2). So a fold of many entries copies a map once, then adds to its own
// copy, which nobody sees before the fold is over, and puts it in order at the end. What was there before a fold never changes.

/** Adds to the register under the key. */
export const addTo = <T>(registers: Registers<T>, key: string, value: T, by: By): Registers<T> =>
  putUnder(registers, key, addVersion(registers.get(key) ?? [], value, by), by);

/** Keys stay sorted, so that a map never tells in which order it was filled. */
export const putUnder = <Key extends string, T>(
  map: ReadonlyMap<Key, T>,
  key: Key,
  value: T,
  { growing }: By,
): ReadonlyMap<Key, T> => {
  if (growing?.has(map) === true) {
    // This fold made it, as a map, and hands nothing on before it has ended.
    return (map as Map<Key, T>).set(key, value);
  }
  const changed = new Map(map).set(key, value);
  if (growing === undefined) return map.has(key) ? changed : inOrder(changed);
  growing.add(changed);
  return changed;
};

const inOrder = <Key extends string, T>(map: ReadonlyMap<Key, T>): ReadonlyMap<Key, T> =>
  new Map([...map].sort(([one], [other]) => compareTexts(one, other)));

/** What a fold leaves: each map that it made is in order. `subject` is one part of the state. */
export const settled = <Subject extends object>(subject: Subject, growing: Growing): Subject => {
  const parts = Object.entries(subject).map(([name, part]: readonly [string, unknown]) => {
    const isGrown = part instanceof Map && growing.has(part);
    // Whatever grows is a map by texts.
    return [name, isGrown ? inOrder(part as ReadonlyMap<string, unknown>) : part] as const;
  });
  // The same names with the same parts, some of them in order now.
  return parts.some(([name, part]) => Reflect.get(subject, name) !== part)
    ? (Object.fromEntries(parts) as Subject)
    : subject;
};

/** What nobody has said anything after: one version, or several written without knowing of each other. */
export const standing = <T>(register: Register<T> | undefined): Register<T> =>
  (register ?? []).filter((version) => version.followedBy.length === 0);

/** What would stand if only these had been said. */
export const standingAmong = <T>(register: Register<T> | undefined, kept: Register<T>): Register<T> => {
  const among = new Set(kept);
  const before = versionsBefore(register ?? [], (version) => among.has(version));
  return kept.filter((version) => !before.has(version));
};

/**
 * Every version that was seen by somebody who said one of those. In one walk backwards from them, however much was said: whoever
 * may write here could say more than a device would ever compare one by one (SECURITY §6.2).
 */
export const versionsBefore = <T>(
  register: Register<T>,
  isOne: (version: Version<T>) => boolean,
): ReadonlySet<Version<T>> => {
  const versions = new Map(register.map((version) => [nameOf(version.mark), version]));
  const seenBy = new Map<Version<T>, Version<T>[]>();
  for (const version of register)
    for (const next of version.followedBy) {
      const later = versions.get(nameOf(next));
      if (later === undefined) continue;
      const known = seenBy.get(later);
      if (known === undefined) seenBy.set(later, [version]);
      else known.push(version);
    }
  const before = new Set<Version<T>>();
  const open = register.filter(isOne);
  for (let later = open.pop(); later !== undefined; later = open.pop())
    for (const version of seenBy.get(later) ?? []) {
      if (before.has(version)) continue;
      before.add(version);
      open.push(version);
    }
  return before;
};

const nameOf = ({ entry, index }: Reference): string => `${entry}/${index}`;

export const insertSorted = <T>(items: readonly T[], item: T, compare: (one: T, other: T) => number): readonly T[] => {
  let place = items.length;
  for (let before = items[place - 1]; before !== undefined && compare(before, item) > 0; before = items[place - 1]) {
    place -= 1;
  }
  return [...items.slice(0, place), item, ...items.slice(place)];
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
