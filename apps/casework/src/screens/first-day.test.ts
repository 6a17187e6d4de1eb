/** The list of the first day. */

import { expect, test } from "vitest";
import { allSteps, choiceOf, firstStepsOf, ownSteps, takenIn } from "./first-day.ts";

test("somebody new is shown what to do first, a second person before any case", () => {
  expect(firstStepsOf({ openersElsewhere: 0, cases: 0, taken: [] })).toEqual(["second-person", ...ownSteps]);
  expect(firstStepsOf({ openersElsewhere: 1, cases: 0, taken: [] })).toEqual([...ownSteps, "first-case"]);
});

test("the list goes away when it is done, and when it is no longer wanted", () => {
  expect(firstStepsOf({ openersElsewhere: 1, cases: 3, taken: ["kit", "limits"] })).toEqual(["leave", "guide"]);
  expect(firstStepsOf({ openersElsewhere: 1, cases: 3, taken: ownSteps })).toEqual([]);
  expect(firstStepsOf({ openersElsewhere: 1, cases: 3, taken: [allSteps] })).toEqual([]);
});

test("no list is put away while a case would have a single opener", () => {
  expect(firstStepsOf({ openersElsewhere: 0, cases: 0, taken: [allSteps] })).toEqual(["second-person"]);
});

test("what was said to be done stands among the choices of the device, beside others", () => {
  expect(takenIn({ digits: "eastern", [choiceOf("leave")]: "taken", "first-day unknown": "taken" })).toEqual(["leave"]);
});
