/** Which addresses are pages of the guide, to be moved to without adding to the history. */

import { expect, test } from "vitest";
import { isSameOrigin } from "./following.ts";

const here = "https://guide.example/en/tools/";

test.each([
  ["../numbers/", true],
  ["#steps", true],
  ["https://guide.example/ar/", true],
  ["https://www.wikipedia.org/", false],
  ["http://guide.example/en/", false],
  ["https://guide.example:8443/en/", false],
  ["tel:104", false],
  ["mailto:someone@guide.example", false],
  ["javascript:alert(1)", false],
  ["https://[broken", false],
])("%s is of the guide: %s", (address, expected) => {
  expect(isSameOrigin(address, here)).toBe(expected);
});
