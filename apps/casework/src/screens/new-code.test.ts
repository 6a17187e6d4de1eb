/** Codes of new cases. */

import { expect, test } from "vitest";
import { codeAsTyped, newCode } from "./new-code.ts";

const coming = (bytes: readonly number[]) => {
  const left = [...bytes];
  return (count: number): Uint8Array => new Uint8Array(Array.from({ length: count }, () => left.shift() ?? 1));
};

test("a code holds the year and four signs, none of which looks like another", () => {
  expect(newCode(2026, coming([255, 0, 26, 27, 242]))).toBe("2026-2Z2Z");
});

test("a code is no word: it has no vowel, and a digit at least", () => {
  expect(newCode(2026, coming([8, 9, 10, 11, 8, 9, 10, 2]))).toBe("2026-BCD4");
});

test("a code that is typed in small letters or with the digits of one's language is the code that is meant", () => {
  expect(codeAsTyped(" ٢٠٢٦-7k3b ")).toBe("2026-7K3B");
});
