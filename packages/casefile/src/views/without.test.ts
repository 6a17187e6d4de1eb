/** What erasing an entry would bring back: never a case that is less careful. */

import { beforeEach, describe, expect, test } from "vitest";
import type { CaseCommand } from "../command.ts";
import type { EntryHash } from "../ids.ts";
import {
  adultReadyToAct,
  assessment,
  bestInterests,
  assent,
  childReadyToAct,
  closeCase,
  consent,
  legalRisk,
  recordFact,
  withdraw,
} from "../testing/commands.ts";
import { hours, itemOf, nasrin, omar, shilan } from "../testing/people.ts";
import { type World, meet, must, newWorld, part } from "../testing/world.ts";
import { isLessCarefulWithout } from "./without.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

const isLess = (...erased: readonly EntryHash[]): boolean =>
  isLessCarefulWithout(world.entries, new Set(erased), world.now);

const change = { correction: { kind: "changed", because: "She said so." } } as const;
const way = {
  type: "AgreeSafeContact",
  how: "telephone-call",
  reach: "0770 999 88 77",
  when: "mornings",
  nameToUse: "the tailor",
  mayLeaveMessage: true,
  mustNotKnow: [],
} as const;
const note = { type: "WriteNote", note: itemOf("n-1"), about: "case", text: "She came alone." } as const;
const clinic = (mayShare: readonly string[]) => consent("referral", "the-clinic", { mayShare });

const careful: readonly (readonly [string, readonly CaseCommand[], CaseCommand])[] = [
  ["a consent that was taken back", [consent("removal", "T-insm")], withdraw("removal", undefined)],
  ["a consent that was answered with no since", [consent("law", "A-nss")], consent("law", "A-nss", { answer: "no" })],
  ["a consent that shares more", [clinic(["safe-contact", "fact:harm"])], clinic(["fact:harm"])],
  ["a lower level", [{ type: "AssessRisk" }], { type: "RaiseRisk", level: "high", because: "He came." }],
  ["a safer answer", [recordFact("perpetrator-in-contact", "no")], recordFact("perpetrator-in-contact", "yes", change)],
  ["a device that is watched, as safe", [], recordFact("safe-device", "no", change)],
  ["a way of contact that is unsafe", [way], { type: "DeclareContactUnsafe", because: "He answers." }],
  ["that a message may be left", [way], { ...way, mayLeaveMessage: false }],
  ["a way that somebody must not know", [way], { ...way, mustNotKnow: ["her uncle"] }],
  [
    "an assessment that is outdated",
    [assessment("digital-risk")],
    { type: "OutdateAssessment", assessment: "digital-risk", because: "A new phone." },
  ],
  ["a legal assessment that is outdated", [legalRisk], { type: "OutdateLegalRisk", because: "Another judge." }],
  [
    "a decision to report",
    [{ type: "RecordLawDecision", decision: "report", isVoluntary: true }],
    { type: "RecordLawDecision", decision: "not-report", isVoluntary: true },
  ],
  ["a closed case", [{ type: "AssessRisk" }, closeCase()], { type: "ReopenCase", because: "He is back." }],
];

describe("without it there would stand again", () => {
  test.each(careful)("%s; recorded anew, it may go", (_what, before, word) => {
    adultReadyToAct(world);
    for (const command of before) must(world, shilan, command);
    const entry = must(world, shilan, word);
    expect(isLess(entry)).toBe(true);
    const isLevel = word.type === "RaiseRisk" || word.type === "ReopenCase";
    if (isLevel) return;
    must(world, shilan, word);
    expect(isLess(entry)).toBe(false);
  });

  test("a decision for a child that a supervisor has refused", () => {
    childReadyToAct(world, "yes");
    must(world, shilan, assent("removal", "T-insm"));
    const proposal = must(world, shilan, bestInterests("removal", "T-insm"));
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    const refused = must(world, nasrin, { type: "RefuseApproval", proposal, what: "best-interests", because: "No." });
    expect(isLess(refused)).toBe(true);
    expect(isLess(proposal)).toBe(false);
  });

  test("a danger that nobody has weighed yet, unknown", () => {
    adultReadyToAct(world);
    const told = must(world, shilan, recordFact("honour-violence-risk", "yes"));
    expect(isLess(told)).toBe(true);
    must(world, shilan, { type: "AssessRisk" });
    expect(isLess(told)).toBe(false);
  });

  test("the same danger, known only since later; told once more it has been known since the first time (S-7)", () => {
    adultReadyToAct(world);
    const first = must(world, shilan, recordFact("honour-violence-risk", "yes"));
    world.now = hours(20);
    const again = must(world, shilan, recordFact("honour-violence-risk", "yes"));
    expect([isLess(first), isLess(again), isLess(first, again)]).toEqual([true, false, true]);
    const over = must(world, shilan, recordFact("honour-violence-risk", "no", change));
    const back = must(world, shilan, recordFact("honour-violence-risk", "yes", change));
    expect([isLess(back), isLess(again), isLess(over, back)]).toEqual([true, false, false]);
  });

  test("the same danger, told by two who did not know of each other, or by one whose clock ran ahead", () => {
    adultReadyToAct(world);
    part(world, shilan, omar);
    const one = must(world, shilan, recordFact("honour-violence-risk", "yes"));
    const other = must(world, omar, recordFact("honour-violence-risk", "yes"));
    meet(world);
    expect([isLess(one), isLess(other)]).toEqual([true, true]);
    world.now = hours(-3);
    expect(isLess(must(world, shilan, recordFact("honour-violence-risk", "yes", { wasSoAt: hours(-3) })))).toBe(true);
  });
});

test("whatever takes nothing careful away may go: a note, a consent, an answer that is forgotten", () => {
  adultReadyToAct(world);
  must(world, shilan, consent("store-file", "own-organisation"));
  const erased = [note, consent("removal", "T-insm"), way, recordFact("disability", "yes")].map((command) =>
    must(world, shilan, command),
  );
  must(world, shilan, { type: "AssessRisk" });
  world.now = hours(2);
  for (const entry of erased) expect(isLess(entry)).toBe(false);
  expect(isLess(...erased)).toBe(false);
});
