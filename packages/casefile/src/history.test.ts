/** What the history marks as done without a consent that stood: judged by what its author had seen. */

import { beforeEach, expect, test } from "vitest";
import type { CaseEvent } from "./event.ts";
import { foldCase } from "./evolve.ts";
import {
  adultReadyToAct,
  assessment,
  consent,
  digitalItem,
  openCase,
  recordFact,
  referralTo,
  withdraw,
} from "./testing/commands.ts";
import { itemOf, omar, recipientOf, shilan } from "./testing/people.ts";
import { type World, must, newWorld, wholeCase, write } from "./testing/world.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

const isMarked = (event: CaseEvent): boolean => {
  const before = world.entries.length;
  write(world, omar, event);
  const mark = wholeCase(world).history.find(({ mark: { entry } }) => entry === world.entries.at(-1)?.envelope.entry);
  world.entries.length = before;
  return mark?.isWithoutConsent === true;
};

const note: CaseEvent = { type: "NoteWritten", note: itemOf("n-1"), about: "case", text: "She is calm." };
const name: CaseEvent = {
  type: "DetailRecorded",
  field: "name",
  saidBy: "survivor",
  value: { kind: "given", text: "Hala" },
};
const correction: CaseEvent = { ...note, type: "NoteCorrected", because: "Misheard." };
const incident: CaseEvent = { ...assessment("digital-risk"), type: "AssessmentRecorded" };

test("names and notes before anybody agreed to a file, and after it was taken back", () => {
  must(world, shilan, openCase);
  must(world, shilan, recordFact("age", "adult"));
  expect([note, name, incident].map(isMarked)).toEqual([true, true, false]);
  expect(isMarked({ ...name, value: { kind: "skipped", because: "declined" } })).toBe(false);
  must(world, shilan, consent("store-file", "own-organisation"));
  expect([note, name, incident, correction].map(isMarked)).toEqual([false, false, false, false]);
  const marked = { type: "GoalMarked", goal: itemOf("g-1"), outcome: "dropped" } as const;
  expect(isMarked({ ...marked, text: "She says it is over." })).toBe(false);
  must(world, shilan, withdraw("store-file", undefined));
  expect([note, name, incident, correction].map(isMarked)).toEqual([true, true, true, true]);
  expect([isMarked(marked), isMarked({ ...marked, text: "She says it is over." })]).toEqual([false, true]);
});

test("an act of the digital plan marked done after the consent was taken back", () => {
  adultReadyToAct(world);
  must(world, shilan, consent("digital", "two-factor"));
  must(world, shilan, digitalItem("two-factor"));
  const marked = { type: "DigitalItemMarked", item: itemOf("digital-1") } as const;
  expect(isMarked({ ...marked, outcome: "done" })).toBe(false);
  must(world, shilan, withdraw("digital", "two-factor"));
  expect(isMarked({ ...marked, outcome: "done" })).toBe(true);
  expect(isMarked({ ...marked, outcome: "dropped" })).toBe(false);
  expect(isMarked({ ...marked, item: itemOf("unheard-of"), outcome: "done" })).toBe(false);
});

test("a field that was sent, handed over or written into a letter and that nobody agreed to share", () => {
  adultReadyToAct(world);
  const referral = itemOf("referral-1");
  const letter: CaseEvent = { type: "CopyMade", copy: "referral-letter", referral };
  const to = { recipient: recipientOf("the-clinic") };
  const sent = (...fields: readonly string[]): CaseEvent => ({ type: "ReferralSent", referral, ...to, fields });
  const handed = (...fields: readonly string[]): CaseEvent => ({
    type: "CaseTransferred",
    ...to,
    fields,
    because: "x",
  });
  must(world, shilan, referralTo("the-clinic", { fields: ["fact:harm"] }));
  expect([letter, sent("fact:harm"), handed()].map(isMarked)).toEqual([true, true, true]);
  must(world, shilan, consent("referral", "the-clinic", { mayShare: ["fact:harm"] }));
  expect([letter, sent("fact:harm"), handed("fact:harm")].map(isMarked)).toEqual([false, false, false]);
  expect([sent("fact:harm", "detail:name"), handed("detail:name")].map(isMarked)).toEqual([true, true]);
  expect(isMarked({ type: "CopyMade", copy: "case-summary" })).toBe(false);
  must(world, shilan, referralTo("the-clinic", { fields: ["fact:harm", "detail:name"] }));
  expect(isMarked(letter)).toBe(true);
  // Judged by what its author had seen: the same in the other order.
  write(world, omar, letter);
  const again = foldCase(world.entries);
  expect(again).toEqual(wholeCase(world));
});
