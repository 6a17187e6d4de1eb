/** One long text says the same as each row alone. */

import type { LogId } from "@amana/log";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CaseRow } from "./case-row.ts";
import { keysRememberedMax, searchTextOf, sharing } from "./search-text.ts";

/** Only what is searched. */
const caseloadOf = (keysByRow: readonly (readonly string[])[]): ReadonlyMap<LogId, CaseRow> =>
  new Map(
    keysByRow.map((keys, place) => {
      const logId = String(place) as LogId; // A name for it is enough here.
      return [logId, { logId, searchKeys: keys.join("\n") } as CaseRow];
    }),
  );

const found = (caseload: ReadonlyMap<LogId, CaseRow>, asked: readonly string[]) => {
  const text = searchTextOf(caseload);
  // With the first letter as with the next, which asks for most of the same again.
  sharing(text, asked.slice(1));
  const { shared, placeByRow } = sharing(text, asked);
  return text.rows.flatMap(({ logId }, row) => {
    const keys = shared[placeByRow[row] ?? 0] ?? [];
    return keys.length === 0 ? [] : [[logId, [...keys].sort()]];
  });
};

const key = fc.constantFrom(
  "name:hala",
  "name:hala karim",
  "sound:hl",
  "whole:hlkrm",
  "id:hala",
  "name:هاله",
  "id:kri1",
);
const keys = fc.uniqueArray(key, { maxLength: 5 });

describe("what all cases are found by, as one text", () => {
  it("property: finds the rows that hold a key that is asked, in their order, and which of them each holds", () => {
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 8 }), keys, (keysByRow, asked) => {
        const expected = keysByRow.flatMap((held, place) => {
          const shared = asked.filter((each) => held.includes(each));
          return shared.length === 0 ? [] : [[String(place), shared.sort()]];
        });
        expect(found(caseloadOf(keysByRow), asked)).toEqual(expected);
      }),
    );
  });

  it("remembers what was looked for, and never more than somebody types in a minute or two", () => {
    const text = searchTextOf(caseloadOf([["name:hala 7"]]));
    for (let count = 0; count <= keysRememberedMax; count++) sharing(text, [`name:hala ${count}`]);
    expect(text.found.size).toBe(1);
    expect(sharing(text, ["name:hala 7"]).shared).toEqual([[], ["name:hala 7"]]);
  });

  it("takes no part of a key for the key", () => {
    const caseload = caseloadOf([["name:hala karim"], [], ["id:kri11"], ["id:kri1"]]);
    expect(found(caseload, ["name:hala", "id:kri1"])).toEqual([["3", ["id:kri1"]]]);
  });
});
