/** What somebody typed into the search. */

import { expect, test } from "vitest";
import { queryOf } from "./query.ts";

test("a telephone number is searched as a number, from any keyboard", () => {
  expect(queryOf("٠٧٥٠ ٨٠٨ ٨٠٨٠")).toEqual({ names: [], phones: ["٠٧٥٠ ٨٠٨ ٨٠٨٠"], ids: ["٠٧٥٠ ٨٠٨ ٨٠٨٠"] });
  expect(queryOf("+964 750 808 8080").phones).toEqual(["+964 750 808 8080"]);
});

test("a code is searched as an id, and a name as a name", () => {
  expect(queryOf(" KRI-2026-0043 ")).toEqual({ names: [], phones: [], ids: ["KRI-2026-0043"] });
  expect(queryOf("هێمن")).toEqual({ names: ["هێمن"], phones: [], ids: [] });
});
