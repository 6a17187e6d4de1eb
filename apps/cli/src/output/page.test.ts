/** Tests of laying out plain text: nothing lost, nothing wider than the screen, marks without width not counted. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { heading, pageText, paragraph } from "./page.ts";
import { printable } from "./printable.ts";

test("lines after the first hang under the text and not under its marker", () => {
  const text = "one two three four five six seven eight nine ten";
  expect(pageText([paragraph(1, text, "- ")], 40)).toBe("  - one two three four five six seven\n    eight nine ten\n");
});

test("a heading is underlined as wide as it is read, whatever marks it carries", () => {
  expect(pageText([heading("مُهِمّ"), heading("Now")], 40)).toBe("مُهِمّ\n---\n\nNow\n---\n");
});

test("an empty paragraph leaves nothing behind", () => {
  expect(pageText([paragraph(1, "")])).toBe("");
});

test("a word that is wider than the screen is kept whole, because it may be an address", () => {
  const address = `https://example.org/${"a".repeat(60)}`;
  expect(pageText([paragraph(0, `see ${address} now`)], 40)).toBe(`see\n${address}\nnow\n`);
});

test("property: every word is there, in order", () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom("a", "ڕ", "ـ", "é", "😀"), minLength: 1 }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(words, fc.nat(3), fc.nat(120), (given, depth, columns) => {
      const shown = pageText([paragraph(depth, given.join(" "))], columns);
      expect(shown.split(/\s+/).filter((word) => word !== "")).toEqual(given);
    }),
  );
});

test("what came from outside stays on one line, short and visible", () => {
  expect(printable("a\u001b[2Jb\nc\u202ed")).toBe("a\ufffd[2Jb\ufffdc\ufffdd");
  expect(Array.from(printable("😀".repeat(200)))).toHaveLength(61);
  expect(printable("ناوەڕۆک")).toBe("ناوەڕۆک");
});
