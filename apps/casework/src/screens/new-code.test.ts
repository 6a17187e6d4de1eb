/** Codes of new cases. */

import { expect, test } from "vitest";
import { newCode } from "./new-code.ts";

test("a code holds the year and four signs, none of which looks like another", () => {
  const bytes = [255, 0, 29, 30, 239];
  expect(newCode(2026, (count) => new Uint8Array(Array.from({ length: count }, () => bytes.shift() ?? 1)))).toBe(
    "2026-2Z2Z",
  );
});
