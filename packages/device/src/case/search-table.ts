/**
 * What all cases are found by, as one sorted row of numbers: a key that is asked for is looked up, and ten thousand rows are
 * not looked through with each letter that is typed. What it finds is what each row alone would say.
 *
 * It lives as long as the rows it was made of, and only while the device is unlocked.
 */

import { assert } from "@amana/kernel";
import type { LogId } from "@amana/log";
import type { CaseRow } from "./case-row.ts";

export type SearchTable = {
  /** Those it was made of: when the caseload is another, so is its table. */
  readonly of: ReadonlyMap<LogId, CaseRow>;
  readonly rows: readonly CaseRow[];
  /** Of every key of every row its mark, the row's place and where in its keys the key begins, as one number; ascending. */
  readonly places: Float64Array;
  /** The rows that hold a key which was asked for: the next letter asks for most of the same again. */
  readonly found: Map<string, readonly number[]>;
};

/** What somebody types into one field; then it begins anew. */
export const keysRememberedMax = 32;

/** The three parts of a number together stay below 2^53, up to which a number is exact: 22 bits, 17 and 14. */
const marksMax = 2 ** 22;
/** So many rows have places. What is beyond is looked through row by row: slower, and found all the same. */
export const rowsWithPlacesMax = 2 ** 17;
const beginningsMax = 2 ** 14;

/** `before` is the table of the caseload as it stood: a write that changes nobody's name or number leaves the places as they are. */
export const searchTableOf = (of: ReadonlyMap<LogId, CaseRow>, before?: SearchTable): SearchTable => {
  const rows = [...of.values()];
  if (before !== undefined && isFoundAlike(rows, before.rows)) return { ...before, of, rows };
  return { of, rows, places: placesOf(rows), found: new Map() };
};

const isFoundAlike = (rows: readonly CaseRow[], before: readonly CaseRow[]): boolean =>
  rows.length === before.length && rows.every(({ searchKeys }, place) => searchKeys === before[place]?.searchKeys);

const placesOf = (rows: readonly CaseRow[]): Float64Array => {
  const places: number[] = [];
  for (const [place, { searchKeys }] of rows.slice(0, rowsWithPlacesMax).entries()) {
    assert(searchKeys.length < beginningsMax, "A row is found by more than any may be.");
    for (let from = 0; from < searchKeys.length;) {
      const to = endOfLine(searchKeys, from);
      places.push((markOf(searchKeys, from, to) * rowsWithPlacesMax + place) * beginningsMax + from);
      from = to + 1;
    }
  }
  return new Float64Array(places).sort();
};

const endOfLine = (lines: string, from: number): number => {
  const found = lines.indexOf("\n", from);
  return found === -1 ? lines.length : found;
};

/** A number for the letters from one place to another (FNV-1a). Two keys may have the same: whoever finds one looks at the key. */
const markOf = (text: string, from: number, to: number): number => {
  let mark = 0x811c9dc5;
  for (let at = from; at < to; at++) mark = Math.imul(mark ^ text.charCodeAt(at), 0x01000193);
  return (mark >>> 0) % marksMax;
};

/** Which of the keys that were asked for each row holds. There are few different answers, so a row holds the place of its own. */
export type Sharing = { readonly shared: readonly (readonly string[])[]; readonly placeByRow: Uint32Array };

/** The first of `shared` is that of the rows that hold none. */
export const sharing = (table: SearchTable, keys: readonly string[]): Sharing => {
  const shared: (readonly string[])[] = [[]];
  const placeByRow = new Uint32Array(table.rows.length);
  for (const key of keys) {
    /** For each answer without this key the one with it, once there is one. */
    const placesWithKey: number[] = shared.map(() => 0);
    for (const row of rowsWith(table, key)) {
      const before = placeByRow[row] ?? 0;
      if (placesWithKey[before] === 0) placesWithKey[before] = shared.push([...(shared[before] ?? []), key]) - 1;
      placeByRow[row] = placesWithKey[before] ?? 0;
    }
  }
  return { shared, placeByRow };
};

const rowsWith = (table: SearchTable, key: string): readonly number[] => {
  const { found } = table;
  const known = found.get(key);
  if (known !== undefined) return known;
  const rows = lookUp(table, key);
  if (found.size >= keysRememberedMax) found.clear();
  found.set(key, rows);
  return rows;
};

/** A row holds a key once. */
const lookUp = ({ rows, places }: SearchTable, key: string): readonly number[] => {
  const least = markOf(key, 0, key.length) * rowsWithPlacesMax * beginningsMax;
  const found: number[] = [];
  for (let at = firstFrom(places, least); at < places.length; at++) {
    const place = (places[at] ?? Infinity) - least;
    if (place >= rowsWithPlacesMax * beginningsMax) break;
    const row = Math.floor(place / beginningsMax);
    const from = place % beginningsMax;
    const { searchKeys = "" } = rows[row] ?? {};
    if (searchKeys.startsWith(key, from) && endOfLine(searchKeys, from) === from + key.length) found.push(row);
  }
  for (let row = rowsWithPlacesMax; row < rows.length; row++) if (holds(rows[row], key)) found.push(row);
  return found;
};

const holds = (row: CaseRow | undefined, key: string): boolean =>
  row !== undefined && `\n${row.searchKeys}\n`.includes(`\n${key}\n`);

/** Where the first number stands that is not less. */
const firstFrom = (places: Float64Array, least: number): number => {
  let [from, to] = [0, places.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((places[middle] ?? 0) < least) from = middle + 1;
    else to = middle;
  }
  return from;
};
