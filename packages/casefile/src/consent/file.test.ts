/** Whether a file is kept, who may refuse it, and which words wait while it is refused. */

import { beforeEach, describe, expect, test } from "vitest";
import type { CaseEvent } from "../event.ts";
import {
  adultReadyToAct,
  assent,
  bestInterests,
  childReadyToAct,
  consent,
  freelyObtained,
  guardianConsent,
  withdraw,
} from "../testing/commands.ts";
import { hours, nasrin, shilan } from "../testing/people.ts";
import { type World, must, newWorld, wholeCase } from "../testing/world.ts";
import { fileWithdrawals, hasWordsAtLength, isFileRefused, mayKeepFile } from "./file.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

const own = "own-organisation";
const isRefused = (): boolean => isFileRefused(wholeCase(world), world.now);

describe("that a file is kept", () => {
  test("is refused by a no and by a withdrawal, and not where nobody was asked", () => {
    adultReadyToAct(world);
    expect(isRefused()).toBe(false);
    must(world, shilan, consent("store-file", own, { answer: "no" }));
    expect(isRefused()).toBe(true);
    must(world, shilan, consent("store-file", own));
    expect(isRefused()).toBe(false);
    must(world, shilan, withdraw("store-file", undefined));
    expect(isRefused()).toBe(true);
    // A yes that is none takes nothing back (G-CONS-4).
    must(world, shilan, consent("store-file", own, { obtained: { ...freelyObtained, othersCouldHear: true } }));
    expect(isRefused()).toBe(true);
  });

  test("is not refused by a guardian where a child agrees and a second person approved the decision to keep it", () => {
    childReadyToAct(world, "no");
    must(world, shilan, assent("store-file", own));
    must(world, shilan, guardianConsent("store-file", own, { answer: "no" }));
    expect(isRefused()).toBe(true);
    const proposal = must(world, shilan, bestInterests("store-file", own));
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    expect(isRefused()).toBe(false);
  });

  test("is agreed for a child while the proposal to keep it waits, and from the end that it names no more (G-CONS-3)", () => {
    childReadyToAct(world, "yes");
    must(world, shilan, assent("store-file", own));
    const proposal = must(world, shilan, bestInterests("store-file", own, { expiresAt: hours(5) }));
    const isKept = (at: number): boolean => mayKeepFile(wholeCase(world), hours(at)).ok;
    const lastMinute = 5 - 1 / 60;
    expect([isKept(lastMinute), isKept(5)]).toEqual([true, false]);
    // A second person who approves it makes it last no longer, and does not end it either.
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    expect([isKept(lastMinute), isKept(5)]).toEqual([true, false]);
  });

  test("was taken back as often as somebody said so: a no and a yes are not among it", () => {
    adultReadyToAct(world);
    must(world, shilan, consent("store-file", own, { answer: "no" }));
    must(world, shilan, consent("store-file", own));
    expect(fileWithdrawals(wholeCase(world).consent)).toEqual([]);
    const withdrawal = must(world, shilan, withdraw("store-file", own));
    expect(fileWithdrawals(wholeCase(world).consent).map(({ mark }) => mark.entry)).toEqual([withdrawal]);
  });
});

describe("words at length", () => {
  test.each([
    ["FollowUpDone", "text"],
    ["LawDecisionRecorded", "words"],
    ["LawStepRecorded", "text"],
    ["GoalMarked", "text"],
    ["DigitalItemMarked", "text"],
    ["DigitalPlanReviewed", "text"],
    ["ReferralAnswered", "text"],
    ["ReferralDeclinedBySurvivor", "text"],
    ["ReferralDone", "feedback"],
  ])("of %s wait while the file is refused, and what happened is recorded without them", (type, field) => {
    // Nothing else of an event is looked at.
    const [bare, withWords] = [{ type }, { type, [field]: "As she said it." }] as unknown as readonly CaseEvent[];
    expect([bare, withWords].map((event) => event !== undefined && hasWordsAtLength(event))).toEqual([false, true]);
  });
});
