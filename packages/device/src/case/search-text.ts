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
};

export const searchTextOf = (of: ReadonlyMap<LogId, CaseRow>): SearchText => {
  const rows = [...of.values()];
  const starts: number[] = [];
  let length = 0;
  for (const { searchKeys } of rows) {
    starts.push(length);
    length += searchKeys.length + 1;
  }
  return { of, rows, text: `\n${rows.map(({ searchKeys }) => searchKeys).join("\n")}\n`, starts };
};

/** Which of the keys that were asked for each row holds. There are few different answers, so a row holds the place of its own. */
export type Sharing = { readonly shared: readonly (readonly string[])[]; readonly placeByRow: Uint32Array };

/** The first of `shared` is that of the rows that hold none. */
export const sharing = ({ rows, text, starts }: SearchText, keys: readonly string[]): Sharing => {
  const shared: (readonly string[])[] = [[]];
  const placeByRow = new Uint32Array(rows.length);
  for (const key of keys) {
    const line = `\n${key}\n`;
    const placeWithKey = new Map<number, number>();
    let row = 0;
    for (let at = text.indexOf(line); at !== -1; at = text.indexOf(line, at + line.length - 1)) {
      // What is found comes in the order of the rows.
      while ((starts[row + 1] ?? Infinity) <= at) row += 1;
      const before = placeByRow[row] ?? 0;
      const place = placeWithKey.get(before) ?? shared.push([...(shared[before] ?? []), key]) - 1;
      placeWithKey.set(before, place);
      placeByRow[row] = place;
    }
  }
  return { shared, placeByRow };
};
