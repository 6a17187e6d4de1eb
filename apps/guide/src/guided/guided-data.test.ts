/** Texts arrive as they were sent. */

import { expect, test } from "vitest";
import { packTexts, unpackTexts } from "./guided-data.ts";

test("packed texts are unpacked to the same", () => {
  const texts = { "now.yes": "Yes", "fact.age.ask": "Under 18, or 18 or over?", "action.follow-up.title": "متابعة" };
  expect(unpackTexts(packTexts(texts))).toEqual(texts);
});
