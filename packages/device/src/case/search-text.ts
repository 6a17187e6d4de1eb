/**
 * What all cases are found by, as one long text: a letter that is typed is looked for in one pass over it, not in ten
 * thousand rows. It lives as long as the rows it was made of, and only while the device is unlocked.
 */

import type { LogId } from "@amana/log";
import type { CaseRow } from "./case-row.ts";

export type SearchText = {
  /** Those it was made of: when the caseload is another, so is its text. */
  readonly of: ReadonlyMap<LogId, CaseRow>;
  readonly rows: readonly CaseRow[];
  /** Every key stands alone on its line. */
  readonly text: string;
  /** Where each row's keys begin, ascending. */
  readonly starts: readonly number[];
  /** The rows that hold a key which was looked for: the next letter asks for most of the same again. */
  readonly found: Map<string, readonly number[]>;
};

/** What somebody types in a minute or two; then it begins anew. */
export const keysRememberedMax = 128;

export const searchTextOf = (of: ReadonlyMap<LogId, CaseRow>): SearchText => {
  const rows = [...of.values()];
  const starts: number[] = [];
  let length = 0;
  for (const { searchKeys } of rows) {
    starts.push(length);
    length += searchKeys.length + 1;
  }
  return { of, rows, text: `\n${rows.map(({ searchKeys }) => searchKeys).join("\n")}\n`, starts, found: new Map() };
};

/** Which of the keys that were asked for each row holds. There are few different answers, so a row holds the place of its own. */
export type Sharing = { readonly shared: readonly (readonly string[])[]; readonly placeByRow: Uint32Array };

/** The first of `shared` is that of the rows that hold none. */
export const sharing = (searchText: SearchText, keys: readonly string[]): Sharing => {
  const shared: (readonly string[])[] = [[]];
  const placeByRow = new Uint32Array(searchText.rows.length);
  for (const key of keys) {
    const placeWithKey = new Map<number, number>();
    for (const row of rowsWith(searchText, key)) {
      const before = placeByRow[row] ?? 0;
      const place = placeWithKey.get(before) ?? shared.push([...(shared[before] ?? []), key]) - 1;
      placeWithKey.set(before, place);
      placeByRow[row] = place;
    }
  }
  return { shared, placeByRow };
};

const rowsWith = (searchText: SearchText, key: string): readonly number[] => {
  const { found } = searchText;
  const known = found.get(key);
  if (known !== undefined) return known;
  const rows = lookFor(searchText, key);
  if (found.size >= keysRememberedMax) found.clear();
  found.set(key, rows);
  return rows;
};

const lookFor = ({ text, starts }: SearchText, key: string): readonly number[] => {
  const line = `\n${key}\n`;
  const rows: number[] = [];
  let row = 0;
  for (let at = text.indexOf(line); at !== -1; at = text.indexOf(line, at + line.length - 1)) {
    // What is found comes in the order of the rows. A row holds a key once.
    while ((starts[row + 1] ?? Infinity) <= at) row += 1;
    rows.push(row);
  }
  return rows;
};
