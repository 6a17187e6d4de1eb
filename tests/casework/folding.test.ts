/** A name is spelled in one way wherever it is looked for: parts that may not import each other fold letters alike. */

import { foldSpelling } from "@amana/ui";
import { expect, it } from "vitest";
import { foldLetters } from "../../packages/casefile/src/views/spelling.ts";

const scripts = [
  [0x20, 0x24f],
  [0x2b9, 0x36f],
  [0x600, 0x6ff],
  [0x750, 0x77f],
  [0x1e00, 0x1eff],
  [0x2000, 0x206f],
  [0xfb50, 0xfdff],
  [0xfe70, 0xfeff],
] as const;

it("finds a name in the list of cases by the letters that find it in the directory and the guide", () => {
  const letters = scripts.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
  const differing = letters
    .map((code) => `ب${String.fromCodePoint(code)}a`)
    .filter((word) => foldLetters(word) !== foldSpelling(word));
  expect(differing).toEqual([]);
});
