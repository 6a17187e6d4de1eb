/** Search before open, for names that are hard to find: of hardly a consonant, or with a letter that Latin writes as two. */

import { describe, expect, test } from "vitest";
import { keysOfQuery, matchKeys } from "./search.ts";
import { shortSoundOf } from "./spelling.ts";

const matches = (asked: string, held: string): string => {
  const query = (name: string) => keysOfQuery({ names: [name], phones: [], ids: [] });
  return matchKeys(query(asked), query(held));
};

describe("a name is found across scripts", () => {
  test.each([
    ["Zhyan", "ژیان"],
    ["Rozhgar", "ڕۆژگار"],
    ["Zhala Karim", "ژاڵە کەریم"],
    ["Azhar", "أزهر"],
    ["Mazhar", "مظهر"],
  ])("that Latin may write with zh: %s as %s", (one, other) => {
    expect(matches(one, other)).toBe("likely");
    expect(matches(other, one)).toBe("likely");
  });

  test.each([
    ["Layla", "ليلى"],
    ["Leyla", "لەیلا"],
    ["Laila", "لیلا"],
    ["Ala", "ئالا"],
    ["Alaa", "علاء"],
    ["Aso", "ئاسۆ"],
    ["Aso", "آسو"],
    ["Huda", "هدى"],
    ["Hana", "هانا"],
    ["Hiwa", "هیوا"],
    ["Aya", "آية"],
  ])("that has hardly a consonant: %s as %s", (one, other) => {
    expect(matches(one, other)).toBe("possible");
    expect(matches(other, one)).toBe("possible");
  });

  test("and finds nobody who is called otherwise", () => {
    for (const other of ["ئاسۆ", "ئالا", "ژیان", "هیوا"]) expect(matches("Layla", other)).toBe("none");
    expect(matches("Zhyan", "Layla")).toBe("none");
    // Two letters would find half of everybody.
    expect(shortSoundOf("el")).toBeUndefined();
    expect(shortSoundOf("aaa")).toBeUndefined();
  });
});
