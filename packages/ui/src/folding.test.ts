/** Spelling variants of one word are found by each other. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldSpelling } from "./folding.ts";

const sameWords: readonly (readonly string[])[] = [
  ["علي", "على", "علی"],
  ["كتاب", "کتاب", "كِتَاب", "كـتـاب"],
  ["شرطة", "شرطه", "شُرطة"],
  ["أمان", "امان", "إمان", "آمان"],
  ["گۆڕین", "گورین", "گۆرین"],
  ["هەڵە", "ههله", "ھەڵە", "هەله"],
  ["ئێستا", "ئیستا", "ئيستا"],
  ["نا\u200cتوانم", "ناتوانم"],
  ["١٠٤", "۱۰۴", "104"],
  ["Café", "cafe"],
  ["don’t", "don't", "dont"],
];

describe("folding spelling", () => {
  test.each(sameWords.map((words) => [words[0], words] as const))("finds %s in all its spellings", (_, words) => {
    expect(new Set(words.map(foldSpelling)).size).toBe(1);
  });

  test("keeps different words apart", () => {
    expect(foldSpelling("شرطة")).not.toBe(foldSpelling("شرکە"));
    expect(foldSpelling("ناو")).not.toBe(foldSpelling("نان"));
  });

  test("turns signs into single spaces", () => {
    expect(foldSpelling("  Take It Down, (18+)! ")).toBe("take it down 18");
  });

  test("property: folding twice is folding once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(foldSpelling(foldSpelling(text))).toBe(foldSpelling(text));
      }),
    );
  });
});
