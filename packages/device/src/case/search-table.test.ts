/** The table says the same as each row alone. */

import { keysOfQuery, matchKeys, type SearchQuery } from "@amana/casefile";
import type { LogId } from "@amana/log";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CaseRow } from "./case-row.ts";
import { matching } from "./find.ts";
import { keysRememberedMax, rowsWithPlacesMax, searchTableOf, sharing, type SearchTable } from "./search-table.ts";

/** Only what is searched. */
const caseloadOf = (keysByRow: readonly (readonly string[])[]): ReadonlyMap<LogId, CaseRow> =>
  new Map(
    keysByRow.map((keys, place) => {
      const logId = String(place) as LogId; // A name for it is enough here.
      return [logId, { logId, searchKeys: keys.join("\n") } as CaseRow];
    }),
  );

const tableOf = (keysByRow: readonly (readonly string[])[], before?: SearchTable): SearchTable =>
  searchTableOf(caseloadOf(keysByRow), before);

const found = (table: SearchTable, asked: readonly string[]) => {
  const { shared, placeByRow } = sharing(table, asked);
  return table.rows.flatMap(({ logId }, row) => {
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

/** As people write them: in three scripts, with marks and without, together and apart. */
const anyName = fc.constantFrom(
  ...[
    "Shilan",
    "شیلان",
    "Şîlan",
    "هالة",
    "هاله",
    "Hala",
    "Layla",
    "ليلى",
    "لەیلا",
    "Zhyan",
    "ژیان",
    "عبد الله",
    "عبدالله",
  ],
  ...["Karim", "كريم", "کەریم", "Abdullah", "Azhar", "أزهر", "Aso", "ئاسۆ", "Rojîn"],
);
const anyPhone = fc.constantFrom("+964 750 123 4567", "0750 123 4567", "٠٧٥٠١٢٣٤٥٦٧", "0750 765 4321", "07");
const anyId = fc.constantFrom("KRI-2026-0777", "kri 2026 0777", "KRI-2026-07777", "٠٧٧٧", "0777");
const anyQuery: fc.Arbitrary<SearchQuery> = fc.record({
  names: fc.array(
    fc.array(anyName, { minLength: 1, maxLength: 3 }).map((words) => words.join(" ")),
    { maxLength: 2 },
  ),
  phones: fc.array(anyPhone, { maxLength: 2 }),
  ids: fc.array(anyId, { maxLength: 1 }),
});

/** What each row alone would say, in the order of the rows. */
const matchedOneByOne = (keysByRow: readonly (readonly string[])[], asked: readonly string[]) => {
  const matched = keysByRow.map((held, place) => ({ logId: String(place), match: matchKeys(asked, held) }));
  const of = (match: string) => matched.filter((each) => each.match === match).map(({ logId }) => logId);
  return { same: of("same"), likely: of("likely"), possible: of("possible") };
};

const matchedByTable = (table: SearchTable, asked: readonly string[]) => {
  const { found: byNearness, count } = matching(table, asked, Infinity);
  const of = (match: keyof typeof byNearness) => byNearness[match].map(({ logId }) => logId);
  const named = { same: of("same"), likely: of("likely"), possible: of("possible") };
  expect(count).toBe(Object.values(named).flat().length);
  return named;
};

describe("what all cases are found by, as one table", () => {
  it("property: finds the rows that hold a key that is asked, in their order, and which of them each holds", () => {
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 8 }), keys, (keysByRow, asked) => {
        const expected = keysByRow.flatMap((held, place) => {
          const shared = asked.filter((each) => held.includes(each));
          return shared.length === 0 ? [] : [[String(place), shared.sort()]];
        });
        expect(found(tableOf(keysByRow), asked)).toEqual(expected);
      }),
    );
  });

  it("property: after each letter, and after each write, it finds what looking at every case would find, in whatever spelling", () => {
    fc.assert(
      fc.property(
        fc.array(anyQuery, { maxLength: 12 }),
        fc.nat(),
        anyQuery,
        anyName,
        (held, changed, rewritten, typed) => {
          const keysByRow = held.map(keysOfQuery);
          const table = tableOf(keysByRow);
          const later = keysByRow.map((each, place) =>
            place === changed % held.length ? keysOfQuery(rewritten) : each,
          );
          const tableLater = tableOf(later, table);
          for (let length = 1; length <= typed.length; length++) {
            const asked = keysOfQuery({ names: [typed.slice(0, length)], phones: [], ids: [] });
            expect(matchedByTable(table, asked)).toEqual(matchedOneByOne(keysByRow, asked));
            expect(matchedByTable(tableLater, asked)).toEqual(matchedOneByOne(later, asked));
          }
          const asked = keysOfQuery(rewritten);
          expect(matchedByTable(table, asked)).toEqual(matchedOneByOne(keysByRow, asked));
          expect(matchedByTable(tableLater, asked)).toEqual(matchedOneByOne(later, asked));
        },
      ),
    );
  });

  it("of many that match gives the first few of each nearness, and says how many there are", () => {
    const shilan = keysOfQuery({ names: ["Shilan Karim"], phones: [], ids: [] });
    const karim = keysOfQuery({ names: ["Karim"], phones: [], ids: [] });
    const { count, found: byNearness } = matching(tableOf([karim, shilan, karim, karim, []]), shilan, 2);
    expect(count).toBe(4);
    expect(byNearness.likely.map(({ logId }) => logId)).toEqual(["1"]);
    expect(byNearness.possible.map(({ logId }) => logId)).toEqual(["0", "2"]);
  });

  it("is made anew only where somebody is found by something else than before", () => {
    const table = tableOf([["name:hala"], ["name:dina"]]);
    expect(tableOf([["name:hala"], ["name:dina"]], table).places).toBe(table.places);
    for (const other of [[["name:hala"], ["name:nour"]], [["name:hala"]], [["name:hala"], ["name:dina"], []]])
      expect(tableOf(other, table).places).not.toBe(table.places);
  });

  it("remembers what was asked for, and never more than somebody types into one field", () => {
    const table = tableOf([["name:hala 7"]]);
    for (let count = 0; count <= keysRememberedMax; count++) sharing(table, [`name:hala ${count}`]);
    expect(table.found.size).toBe(1);
    expect(sharing(table, ["name:hala 7"]).shared).toEqual([[], ["name:hala 7"]]);
  });

  it("finds whom it has no places for as well: a caseload of any size is searched, and the app goes on", () => {
    const nobody = Array.from({ length: rowsWithPlacesMax - 1 }, () => []);
    const beyond = [["name:hala"], ["name:hala karim", "id:kri1"], ["name:halabja"], ["id:kri1", "name:hala"]];
    const table = tableOf([...nobody, ...beyond]);
    expect(found(table, ["name:hala", "id:kri1"])).toEqual([
      [String(rowsWithPlacesMax - 1), ["name:hala"]],
      [String(rowsWithPlacesMax), ["id:kri1"]],
      [String(rowsWithPlacesMax + 2), ["id:kri1", "name:hala"]],
    ]);
  });

  it("takes no part of a key for the key, and nobody for somebody whose key has the same mark", () => {
    const table = tableOf([["name:hala karim"], [], ["id:kri11"], ["id:kri1"], ["id:kri10", "id:kri1"]]);
    expect(found(table, ["name:hala", "id:kri1"])).toEqual([
      ["3", ["id:kri1"]],
      ["4", ["id:kri1"]],
    ]);
    const [one, ...others] = sameMark;
    expect(found(tableOf([[one], ...others.map((each) => [each])]), [one])).toEqual([["0", [one]]]);
  });
});

/** Keys that have the same mark; the last begins like the first. */
const sameMark = ["name:tabimomo", "name:jajuhaje", "name:tabimomorkw"] as const;
