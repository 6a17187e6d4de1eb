/** What is due: from which moment, how far ahead, and what a withdrawal leaves to be done. */

import { beforeEach, describe, expect, test } from "vitest";
import type { EntryHash } from "../ids.ts";
import {
  adultReadyToAct,
  assessment,
  closeCase,
  consent,
  digitalItem,
  emergencyCall,
  freelyObtained,
  legalRisk,
  openCase,
  recordFact,
  referralTo,
  takedown,
  withdraw,
} from "../testing/commands.ts";
import { hours, itemOf, nasrin, omar, personOf, shilan, startAt } from "../testing/people.ts";
import { type World, must, newWorld, refusal, wholeCase } from "../testing/world.ts";
import { defaultDuePolicy } from "./due-policy.ts";
import { type DueItem, due } from "./due.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

const dueKinds = (at = world.now): readonly string[] => due(wholeCase(world), at).map(({ kind }) => kind);

describe("every time that runs", () => {
  const years = hours(3 * 366 * 24);

  /** Written by a device whose clock is three years ahead, and first seen here as time really goes. */
  const writtenAhead = (): readonly DueItem[] => {
    world.now = years;
    adultReadyToAct(world);
    must(world, shilan, recordFact("immediate-danger", "yes"));
    must(world, shilan, emergencyCall());
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, consent("removal", "T-insm", { givenAt: years }));
    must(world, shilan, takedown("T-insm", years));
    must(world, shilan, referralTo("the-clinic", { urgency: "standard" }));
    must(world, shilan, { type: "OfferResponsibility", to: personOf("omar"), because: "Leave." });
    must(world, shilan, { type: "ProposeLowerRisk", level: "normal", because: "He left." });
    const firstSeenAt = (_entry: EntryHash) => startAt;
    return due(wholeCase(world), hours(24 * 8), { firstSeenAt });
  };

  test("starts at the earlier of the author's clock and first sight here (SECURITY §3)", () => {
    const overdue = writtenAhead().filter(({ when }) => when === "overdue");
    expect(new Set(overdue.map(({ kind }) => kind))).toEqual(
      new Set([
        ...[
          "second-person",
          "emergency-follow-up",
          "risk-clock",
          "approval",
          "referral-unanswered",
          "reassessment",
          "takedown-check",
        ],
        "responsibility",
      ]),
    );
  });

  test("starts so for first assessments too", () => {
    world.now = years;
    must(world, shilan, { ...openCase, searchedAt: years });
    expect(due(wholeCase(world), hours(49), { firstSeenAt: () => startAt })).toContainEqual(
      expect.objectContaining({ kind: "assessment-to-make", dueAt: hours(48), when: "overdue" }),
    );
  });

  test("starts with the author's clock where it was seen here only later", () => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "Threats." });
    expect(due(wholeCase(world), hours(30), { firstSeenAt: () => hours(29) })[0]).toMatchObject({
      kind: "risk-clock",
      dueAt: hours(24),
    });
  });
});

describe("the risk (G-CM-4)", () => {
  const reassessedAt = (): number | undefined =>
    due(wholeCase(world), world.now).find(({ kind }) => kind === "reassessment")?.dueAt;
  beforeEach(() => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "AssessRisk" });
  });

  test("is assessed again within a day once the case was taken up again", () => {
    must(world, shilan, closeCase());
    world.now = hours(48);
    must(world, nasrin, { type: "ReopenCase", because: "She called." });
    expect(reassessedAt()).toBe(hours(72));
    world.now = hours(50);
    must(world, shilan, { type: "AssessRisk" });
    expect(reassessedAt()).toBeUndefined();
  });
});

describe("consents that end", () => {
  const ends = (at: number, consentEndsWithinDays = 14): readonly DueItem[] =>
    due(wholeCase(world), hours(at), { policy: { ...defaultDuePolicy, consentEndsWithinDays } }).filter(
      ({ kind }) => kind === "consent-ends",
    );

  test("are listed at their very moment and after it, until they are asked anew or withdrawn", () => {
    adultReadyToAct(world);
    must(world, shilan, consent("removal", "T-insm", { expiresAt: hours(48) }));
    const item = { kind: "consent-ends", about: "survivor/removal/T-insm", recipients: [], dueAt: hours(48) };
    expect(ends(47)).toEqual([{ ...item, when: "due" }]);
    expect(ends(48)).toEqual([{ ...item, when: "due" }]);
    expect(ends(49)).toEqual([{ ...item, when: "overdue" }]);
    must(world, shilan, consent("removal", "T-insm"));
    expect(ends(49)).toEqual([]);
    must(world, shilan, consent("removal", "T-insm", { expiresAt: hours(48) }));
    must(world, shilan, withdraw("removal", "T-insm"));
    expect(ends(49)).toEqual([]);
  });

  test("are listed as many days ahead as the organisation says, and no flawed one is", () => {
    adultReadyToAct(world);
    must(world, shilan, consent("removal", "T-insm", { expiresAt: hours(24 * 20) }));
    const obtained = { ...freelyObtained, pressureSeen: true };
    must(world, shilan, consent("removal", "P-instagram", { expiresAt: hours(24 * 2), obtained }));
    expect(ends(0)).toEqual([]);
    expect(ends(0, 30).map(({ about }) => about)).toEqual(["survivor/removal/T-insm"]);
    expect(ends(24 * 17, 2)).toEqual([]);
  });
});

test("a legal assessment that was found outdated is due again", () => {
  must(world, shilan, openCase);
  must(world, shilan, legalRisk);
  must(world, shilan, { type: "OutdateLegalRisk", because: "Another judge." });
  expect(due(wholeCase(world), world.now)).toContainEqual(
    expect.objectContaining({ kind: "assessment-outdated", about: "legal-risk" }),
  );
});

test.each(["mental-health-needs", "service-needs", "physical-safety", "digital-risk"] as const)(
  "the assessment of %s is due again once it was found outdated (G-CM-4)",
  (kind) => {
    must(world, shilan, openCase);
    must(world, shilan, assessment(kind));
    expect(dueKinds()).not.toContain("assessment-outdated");
    must(world, shilan, { type: "OutdateAssessment", assessment: kind, because: "It is worse since." });
    expect(due(wholeCase(world), world.now)).toContainEqual(
      expect.objectContaining({ kind: "assessment-outdated", about: kind }),
    );
  },
);

describe("what a withdrawal leaves to be done (G-CONS-2)", () => {
  test("an open act of the digital plan that is no longer agreed is to be stopped, until it is marked", () => {
    adultReadyToAct(world);
    must(world, shilan, consent("digital", "two-factor"));
    must(world, shilan, digitalItem("two-factor"));
    expect(dueKinds()).not.toContain("withdrawal-to-act-on");
    must(world, shilan, withdraw("digital", "two-factor"));
    expect(due(wholeCase(world), world.now)).toContainEqual(
      expect.objectContaining({ kind: "withdrawal-to-act-on", about: "digital-1", when: "due" }),
    );
    must(world, shilan, { type: "MarkDigitalItem", item: itemOf("digital-1"), outcome: "dropped" });
    expect(dueKinds()).not.toContain("withdrawal-to-act-on");
  });

  const agreed = (): void => {
    must(world, shilan, openCase);
    must(world, shilan, recordFact("age", "adult"));
    must(world, shilan, consent("store-file", "own-organisation"));
  };

  test("who takes back that a file is kept has it acted on, and nothing is written at length any more", () => {
    agreed();
    must(world, shilan, { type: "AssessRisk" });
    const atLength = [
      assessment("digital-risk"),
      referralTo("the-clinic"),
      legalRisk,
      { type: "SetGoal", goal: itemOf("g-1"), words: "I want to sleep.", services: [], who: "me" },
    ] as const;
    for (const command of atLength) expect(refusal(world, shilan, command)).toBe("accepted");
    must(world, shilan, withdraw("store-file", undefined));
    expect(due(wholeCase(world), world.now)).toContainEqual(
      expect.objectContaining({ kind: "withdrawal-to-act-on", about: "store-file" }),
    );
    for (const command of atLength) expect(refusal(world, shilan, command)).toBe("ConsentMissing");
    // Nor is any of it asked for.
    expect(dueKinds(hours(24 * 40)).filter((kind) => kind.startsWith("assessment"))).toEqual([]);
    // Danger and safety go on.
    expect(refusal(world, shilan, recordFact("immediate-danger", "yes"))).toBe("accepted");
    expect(refusal(world, shilan, { type: "RaiseRisk", level: "high", because: "He came." })).toBe("accepted");
    // Closing is a way to act on it.
    must(world, shilan, closeCase({ reason: "survivor-wishes" }));
    expect(due(wholeCase(world), world.now)).toEqual([]);
  });

  test("what happened since is written down without the survivor's words", () => {
    agreed();
    const followUp = itemOf("f-1");
    must(world, shilan, { type: "PlanFollowUp", followUp, about: "call", dueAt: hours(20) });
    must(world, shilan, { type: "SetGoal", goal: itemOf("g-1"), words: "I want to sleep.", services: [], who: "me" });
    must(world, shilan, referralTo("the-clinic"));
    const same = { safety: "same", health: "same", psychosocial: "same", justice: "same", other: "same" } as const;
    const without = [
      { type: "RecordFollowUp", followUp, doneAt: startAt, progress: same },
      { type: "MarkGoal", goal: itemOf("g-1"), outcome: "dropped" },
      { type: "RecordLawDecision", decision: "not-report", isVoluntary: true },
      { type: "RecordSurvivorDeclined", referral: itemOf("referral-1") },
    ] as const;
    const withWords = without.map((command) =>
      command.type === "RecordLawDecision" ? { ...command, words: "Not now." } : { ...command, text: "Not now." },
    );
    for (const command of [...without, ...withWords]) expect(refusal(world, shilan, command)).toBe("accepted");
    must(world, shilan, withdraw("store-file", undefined));
    for (const command of withWords) expect(refusal(world, shilan, command)).toBe("ConsentMissing");
    for (const command of without) expect(refusal(world, shilan, command)).toBe("accepted");
  });

  test("once it is taken back no note is added to, in a closed case either", () => {
    agreed();
    must(world, shilan, { type: "AssessRisk" });
    const note = itemOf("n-1");
    must(world, shilan, { type: "WriteNote", note, about: "case", text: "She came alone." });
    const correction = { type: "CorrectNote", note, text: "She came with her sister.", because: "Misheard." } as const;
    expect(refusal(world, shilan, correction)).toBe("accepted");
    must(world, shilan, withdraw("store-file", undefined));
    expect(refusal(world, shilan, correction)).toBe("ConsentMissing");
    must(world, shilan, closeCase({ reason: "survivor-wishes" }));
    expect(refusal(world, shilan, correction)).toBe("ConsentMissing");
  });

  test("taken back of a closed case, it is due there", () => {
    agreed();
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, closeCase());
    must(world, omar, withdraw("store-file", undefined));
    expect(dueKinds()).toEqual(["withdrawal-to-act-on"]);
  });

  test("where nobody was asked yet, what is seen and done may be written down", () => {
    must(world, shilan, openCase);
    expect(refusal(world, shilan, assessment("physical-safety"))).toBe("accepted");
  });
});
