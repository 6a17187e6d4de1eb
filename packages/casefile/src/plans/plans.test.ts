/** The safety plan and the goals: in the survivor's words, due until they are done. */

import { beforeEach, describe, expect, test } from "vitest";
import { openCase } from "../testing/commands.ts";
import { hours, itemOf, omar, shilan, startAt } from "../testing/people.ts";
import { type World, dueKinds, meet, must, newWorld, part, refusal, wholeCase } from "../testing/world.ts";
import { due } from "../views/due.ts";
import { goalsOf } from "./case-plan.ts";
import { safetyItems } from "./safety-plan.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

describe("plans", () => {
  beforeEach(() => void must(world, shilan, openCase));
  const aunt = {
    type: "SetSafetyItem",
    item: itemOf("s-1"),
    words: "I go to my aunt.",
    who: "me",
    when: "when he shouts",
    area: "shelter",
  } as const;

  test("the safety plan holds the survivor's words, who and when; new words do not undo a mark", () => {
    expect(refusal(world, shilan, { type: "MarkSafetyItem", item: itemOf("s-1"), outcome: "done" })).toBe("NotThere");
    must(world, shilan, aunt);
    expect(safetyItems(wholeCase(world))[0]?.outcome).toBe("open");
    must(world, shilan, { type: "MarkSafetyItem", item: itemOf("s-1"), outcome: "done" });
    must(world, shilan, { ...aunt, words: "I go to my aunt by taxi." });
    expect(safetyItems(wholeCase(world))).toMatchObject([
      { words: [{ words: "I go to my aunt by taxi." }], outcome: "done" },
    ]);
    must(world, shilan, {
      type: "ReviewSafetyPlan",
      madeWithSurvivor: true,
      stillFits: false,
      text: "The aunt moved.",
    });
    expect(wholeCase(world).safetyPlan.reviews).toHaveLength(1);
  });

  test("where one marked an item done and another not possible at once, it is not done", () => {
    must(world, shilan, aunt);
    part(world, shilan, omar);
    must(world, shilan, { type: "MarkSafetyItem", item: itemOf("s-1"), outcome: "done" });
    must(world, omar, { type: "MarkSafetyItem", item: itemOf("s-1"), outcome: "not-possible" });
    meet(world);
    expect(safetyItems(wholeCase(world))[0]?.outcome).toBe("not-possible");
  });

  test("goals have their services and their moment, and are due until they are met", () => {
    const goal = {
      type: "SetGoal",
      goal: itemOf("g-1"),
      words: "Back to school.",
      services: ["cash"],
      who: "me",
    } as const;
    expect(refusal(world, shilan, { ...goal, dueAt: startAt })).toBe("MomentWrong");
    must(world, shilan, { ...goal, dueAt: hours(30) });
    must(world, shilan, { ...goal, goal: itemOf("g-2") });
    expect(due(wholeCase(world), hours(20))).toContainEqual(
      expect.objectContaining({ kind: "goal", about: "g-1", when: "due" }),
    );
    expect(refusal(world, shilan, { type: "MarkGoal", goal: itemOf("g-9"), outcome: "met" })).toBe("NotThere");
    must(world, shilan, { type: "MarkGoal", goal: itemOf("g-1"), outcome: "met" });
    expect(goalsOf(wholeCase(world)).map(({ outcome }) => outcome)).toEqual(["met", "open"]);
    expect(dueKinds(world, hours(20))).not.toContain("goal");
    must(world, shilan, { type: "RecordServiceNeed", service: "shelter", need: "declined-by-survivor" });
    expect(wholeCase(world).casePlan.needsByService.get("shelter")).toHaveLength(1);
  });
});

describe.each([
  ["safety-plan", "ReviewSafetyPlan"],
  ["digital-plan", "ReviewDigitalPlan"],
] as const)("a %s that was found to fit no longer (G-SAFE-6, G-CM-4)", (plan, type) => {
  const review = (stillFits: boolean, by = shilan): void =>
    void must(world, by, { type, madeWithSurvivor: true, stillFits });
  const toChange = (at = world.now) => due(wholeCase(world), at).filter(({ kind }) => kind === "plan-to-change");

  test("is to be changed within a day, until somebody who has seen that finds that it fits", () => {
    must(world, shilan, openCase);
    review(true);
    expect(toChange()).toEqual([]);
    world.now = hours(3);
    review(false);
    world.now = hours(7);
    review(false);
    expect(toChange(hours(27))).toMatchObject([{ about: plan, dueAt: hours(27), when: "due" }]);
    part(world, shilan, omar);
    review(true, omar);
    review(false);
    meet(world);
    expect(toChange()).toHaveLength(1);
    review(true);
    expect(toChange()).toEqual([]);
  });
});
