/** The life of a case beside its dangers: opening, facts, contact, plans, referrals, follow-up, closing, handing on. */

import { beforeEach, describe, expect, test } from "vitest";
import { isClosed } from "./closure/closure.ts";
import { factConflicts, factValue } from "./facts/facts.ts";
import { openFollowUps } from "./follow-ups/follow-ups.ts";
import { codesOf, isOpened } from "./opening/opening.ts";
import { goalsOf } from "./plans/case-plan.ts";
import { safetyItems } from "./plans/safety-plan.ts";
import { referralOf, referralsOf } from "./referrals/referrals.ts";
import { responsiblePersons, waitingOffers } from "./responsibility/responsibility.ts";
import { detailTexts } from "./survivor/details.ts";
import { safeContactOf } from "./survivor/safe-contact.ts";
import {
  adultReadyToAct,
  assessment,
  closeCase,
  consent,
  openCase,
  recordFact,
  referralTo,
  withdraw,
} from "./testing/commands.ts";
import {
  codeOf,
  hours,
  itemOf,
  nasrin,
  omar,
  personOf,
  recipientOf,
  shilan,
  startAt,
  stranger,
} from "./testing/people.ts";
import { type World, meet, must, newWorld, part, refusal, tell, wholeCase, write } from "./testing/world.ts";
import { due } from "./views/due.ts";
import { factsOf } from "./views/facts-of.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

const error = (command: Parameters<typeof tell>[2]): unknown => {
  const decision = tell(world, shilan, command);
  return decision.ok ? "accepted" : decision.error;
};
const dueKinds = (at = world.now): readonly string[] => due(wholeCase(world), at).map(({ kind }) => kind);
const mistake = { correction: { kind: "mistake", because: "Misheard." } } as const;

describe("opening", () => {
  test("nothing is written before a case is opened, and it is opened once", () => {
    expect(refusal(world, shilan, recordFact("age", "adult"))).toBe("CaseNotOpened");
    expect(isOpened(wholeCase(world))).toBe(false);
    expect(due(wholeCase(world), world.now)).toEqual([]);
    must(world, shilan, openCase);
    expect(refusal(world, shilan, openCase)).toBe("AlreadyThere");
    expect(refusal(newWorld(), shilan, { ...openCase, searchedAt: hours(1) })).toBe("MomentWrong");
  });

  test("a case can be opened for somebody who gives nothing to search by, and the history says so", () => {
    must(world, shilan, { ...openCase, nothingToSearchBy: "caller-anonymous" });
    expect(wholeCase(world).history.map(({ event }) => event)).toContainEqual(
      expect.objectContaining({ type: "CaseOpened", nothingToSearchBy: "caller-anonymous" }),
    );
  });

  test.each(["Hala Karim", "HALA", "hala-12", "HALA-1", "-A12", "12"])(
    "a code is never a name or too short: %s",
    (code) => {
      expect(refusal(world, shilan, { ...openCase, code: codeOf(code) })).toBe("FieldWrong");
    },
  );

  test("somebody without a part in the case opens none", () => {
    expect(refusal(world, stranger, openCase)).toBe("NotAuthorised");
  });

  test("a case opened twice is shown with both codes", () => {
    must(world, shilan, openCase);
    write(world, omar, { ...openCase, type: "CaseOpened", code: codeOf("KRI-2026-0099") });
    expect(codesOf(wholeCase(world))).toHaveLength(2);
    expect(due(wholeCase(world), world.now)).toContainEqual(
      expect.objectContaining({ kind: "conflict", about: "code" }),
    );
  });
});

describe("facts", () => {
  beforeEach(() => void must(world, shilan, openCase));

  test("a fact is corrected with a reason, and what was said before is kept", () => {
    must(world, shilan, recordFact("age", "adult", { saidBy: "caregiver", wasSoAt: hours(-48) }));
    expect(refusal(world, shilan, recordFact("age", "child"))).toBe("CorrectionReasonMissing");
    must(world, shilan, recordFact("age", "child", mistake));
    expect(factValue(wholeCase(world), "age")).toBe("child");
    expect(wholeCase(world).facts.saidByFact.get("age")).toMatchObject([
      { value: { saidBy: "caregiver", wasSoAt: hours(-48) }, mark: { author: "shilan", recordedAt: startAt } },
      { value: { correction: { kind: "mistake" } } },
    ]);
    // The same answer again corrects nothing.
    expect(refusal(world, shilan, recordFact("age", "child"))).toBe("accepted");
  });

  test.each([
    "consent-removal",
    "assent-law",
    "guardian-consent-digital",
    "best-interests-evidence",
    "digital-risk-assessed",
    "physical-safety-assessed",
    "legal-risk-assessed",
    "evidence-preserved",
    "exception-approved",
  ])("%s is never typed in: the records say it", (fact) => {
    expect(refusal(world, shilan, recordFact(fact, "yes"))).toBe("FactIsDerived");
    write(world, shilan, { ...recordFact(fact, "yes"), type: "FactRecorded" });
    expect(factsOf(wholeCase(world), world.now)).not.toHaveProperty(fact);
  });

  test("a fact that lies ahead is refused", () => {
    expect(refusal(world, shilan, recordFact("age", "adult", { wasSoAt: hours(1) }))).toBe("MomentWrong");
  });

  test.each([
    ["guardian-unsafe", "no", "yes", "yes"],
    ["age", "adult", "child", "child"],
    ["safe-device", "yes", "no", "no"],
    ["suicide-or-self-harm", "risk", "imminent", "imminent"],
    ["content-exposure", "none", "private", "private"],
    ["harm", ["blackmail"], ["csam"], ["blackmail", "csam"]],
    ["wants-removal", "yes", "no", undefined],
    ["gender", "woman-or-girl", "other", undefined],
    ["immediate-danger", "yes", undefined, "yes"],
    ["immediate-danger", "no", undefined, undefined],
    ["harm", ["csam"], undefined, undefined],
    ["harm", ["csam", "hacking"], ["hacking", "csam"], ["csam", "hacking"]],
  ] as const)("of two answers to %s recorded at once, the careful one stands", (fact, one, other, careful) => {
    part(world, shilan, omar);
    must(world, shilan, recordFact(fact, one));
    must(world, omar, recordFact(fact, other));
    meet(world);
    expect(factValue(wholeCase(world), fact)).toEqual(careful);
    expect(wholeCase(world).facts.saidByFact.get(fact)).toHaveLength(2);
    const isConflict = !(
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one[0] === other[1]
    );
    expect(factConflicts(wholeCase(world))).toEqual(isConflict ? [fact] : []);
    expect(dueKinds().includes("conflict")).toBe(isConflict);
    if (!isConflict) return;
    must(world, shilan, recordFact(fact, one, mistake));
    expect(factConflicts(wholeCase(world))).toEqual([]);
  });

  test("what the pathway takes leaves out what is not known", () => {
    must(world, shilan, recordFact("age", "adult"));
    must(world, shilan, recordFact("age", undefined, mistake));
    must(world, shilan, recordFact("wants-law-report", "yes"));
    expect(factsOf(wholeCase(world), world.now)).toEqual({ "wants-law-report": "yes" });
  });
});

describe("assessments", () => {
  test("one found outdated is due again, also against somebody who assessed at the same time (G-CM-4)", () => {
    must(world, shilan, openCase);
    expect(refusal(world, shilan, { type: "OutdateAssessment", assessment: "digital-risk", because: "?" })).toBe(
      "NotThere",
    );
    must(world, shilan, assessment("digital-risk"));
    part(world, shilan, omar);
    must(world, shilan, assessment("digital-risk"));
    must(world, omar, { type: "OutdateAssessment", assessment: "digital-risk", because: "He has her new password." });
    meet(world);
    expect(factsOf(wholeCase(world), world.now)["digital-risk-assessed"]).toBe("no");
    expect(dueKinds()).toContain("assessment-outdated");
  });
});

describe("safe contact", () => {
  const agree = {
    type: "AgreeSafeContact",
    how: "telephone-call",
    reach: "0750 123 45 67",
    when: "weekdays before noon",
    nameToUse: "the dentist",
    mayLeaveMessage: true,
    mustNotKnow: ["her brother"],
  } as const;
  beforeEach(() => void must(world, shilan, openCase));

  test("nothing agreed is nothing to use", () => {
    expect(safeContactOf(wholeCase(world), world.now)).toEqual({ kind: "none" });
  });

  test("of two agreed at once a message is left only if both say so, and whoever either names must not know (G-FRAME-6)", () => {
    part(world, shilan, omar);
    must(world, shilan, agree);
    must(world, omar, { ...agree, mayLeaveMessage: false, mustNotKnow: ["her husband"] });
    meet(world);
    expect(safeContactOf(wholeCase(world), world.now)).toMatchObject({
      kind: "safe",
      mayLeaveMessage: false,
      mustNotKnow: expect.arrayContaining(["her brother", "her husband"]) as unknown,
    });
  });

  test("unsafe stands over safe", () => {
    part(world, shilan, omar);
    must(world, shilan, agree);
    must(world, omar, { type: "DeclareContactUnsafe", because: "A man answered." });
    meet(world);
    expect(safeContactOf(wholeCase(world), world.now)).toMatchObject({
      kind: "unsafe",
      agreed: [{ reach: "0750 123 45 67" }],
    });
    expect(dueKinds()).toContain("safe-contact");
  });

  test("it runs out at its moment", () => {
    expect(refusal(world, shilan, { ...agree, validUntilAt: startAt })).toBe("MomentWrong");
    must(world, shilan, { ...agree, validUntilAt: hours(10) });
    expect(safeContactOf(wholeCase(world), hours(9)).kind).toBe("safe");
    expect(safeContactOf(wholeCase(world), hours(10)).kind).toBe("expired");
  });
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
    expect(dueKinds(hours(20))).not.toContain("goal");
    must(world, shilan, { type: "RecordServiceNeed", service: "shelter", need: "declined-by-survivor" });
    expect(wholeCase(world).casePlan.needsByService.get("shelter")).toHaveLength(1);
  });
});

describe("referrals", () => {
  beforeEach(() => adultReadyToAct(world));
  const referral = itemOf("referral-1");
  const send = { type: "SendReferral", referral } as const;
  const answer = (given: "accepted" | "declined-by-provider" | "unavailable") =>
    ({ type: "RecordReferralAnswer", referral, answer: given }) as const;
  const agreed = consent("referral", "the-clinic", { mayShare: ["fact:harm", "safe-contact"] });
  const stage = (): string | undefined => referralOf(wholeCase(world), world.now, "referral-1")?.stage;

  test("nothing is sent without consent for that recipient, nor a field beyond it", () => {
    must(world, shilan, referralTo("the-clinic"));
    expect(refusal(world, shilan, send)).toBe("ConsentMissing");
    must(world, shilan, consent("referral", "another-clinic", { mayShare: ["fact:harm", "safe-contact"] }));
    expect(refusal(world, shilan, send)).toBe("ConsentMissing");
    must(world, shilan, consent("referral", "the-clinic", { mayShare: ["fact:harm"] }));
    expect(error(send)).toEqual({ type: "FieldsNotConsented", fields: ["safe-contact"] });
    must(world, shilan, agreed);
    must(world, shilan, send);
    expect(world.entries.at(-1)?.events[0]).toMatchObject({
      recipient: "the-clinic",
      fields: ["fact:harm", "safe-contact"],
    });
  });

  test("a referral goes its way: prepared, sent, accepted, done, closed", () => {
    must(world, shilan, agreed);
    expect(refusal(world, shilan, send)).toBe("NotThere");
    must(world, shilan, referralTo("the-clinic"));
    expect(error(answer("accepted"))).toEqual({ type: "StepNotPossible", from: "prepared" });
    must(world, shilan, send);
    expect(refusal(world, shilan, referralTo("the-clinic"))).toBe("AlreadyThere");
    must(world, shilan, answer("accepted"));
    must(world, shilan, { type: "RecordReferralDone", referral, given: "Three meetings.", feedback: "It helped." });
    expect(stage()).toBe("done");
    must(world, shilan, { type: "CloseReferral", referral, because: "Over." });
    expect(stage()).toBe("closed");
  });

  test("a provider may be unavailable or decline, and the referral can be sent again", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, send);
    must(world, shilan, answer("unavailable"));
    expect(stage()).toBe("unavailable");
    must(world, shilan, send);
    must(world, shilan, answer("declined-by-provider"));
    expect(refusal(world, shilan, send)).toBe("accepted");
  });

  test("what is due of a referral names whom it is with: whoever has it in hand, and before that whom it was prepared for", () => {
    const dueWith = (kind: string): readonly string[] | undefined =>
      due(wholeCase(world), hours(24 * 30)).find((item) => item.kind === kind)?.recipients;
    must(world, shilan, agreed);
    part(world, shilan, omar);
    must(world, shilan, referralTo("the-clinic"));
    must(world, omar, referralTo("another-clinic"));
    meet(world);
    expect([...(dueWith("referral-unanswered") ?? [])].sort()).toEqual(["another-clinic", "the-clinic"]);
    write(world, shilan, {
      ...send,
      type: "ReferralSent",
      recipient: recipientOf("the-clinic"),
      fields: ["fact:harm"],
    });
    expect(dueWith("referral-unanswered")).toEqual(["the-clinic"]);
    must(world, shilan, answer("accepted"));
    expect(dueWith("referral-follow-up")).toEqual(["the-clinic"]);
    // The consent for the other clinic says nothing of this one: only who has it in hand is told to stop.
    must(world, shilan, withdraw("referral", "the-clinic"));
    expect(dueWith("provider-to-be-stopped")).toEqual(["the-clinic"]);
    must(world, shilan, answer("unavailable"));
    expect([...(dueWith("referral-to-place") ?? [])].sort()).toEqual(["another-clinic", "the-clinic"]);
  });

  test("the survivor may decline at any moment, and nothing is sent after that", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, { type: "RecordSurvivorDeclined", referral });
    expect(stage()).toBe("declined-by-survivor");
    expect(refusal(world, shilan, send)).toBe("StepNotPossible");
  });

  test("of an acceptance and the survivor's refusal recorded at once, the refusal stands", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, send);
    part(world, shilan, omar);
    must(world, shilan, answer("accepted"));
    must(world, omar, { type: "RecordSurvivorDeclined", referral });
    meet(world);
    expect(stage()).toBe("declined-by-survivor");
  });

  test("when consent is withdrawn, the provider must be told to stop, before anything else that waits", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, send);
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, withdraw("referral", "the-clinic"));
    const toBeStopped = { kind: "provider-to-be-stopped", about: "referral-1", recipients: ["the-clinic"] };
    expect(due(wholeCase(world), world.now)[0]).toMatchObject(toBeStopped);
    must(world, shilan, { type: "RecordReferralStopped", referral, text: "Told by telephone." });
    expect(stage()).toBe("stopped");
    expect(dueKinds()).not.toContain("provider-to-be-stopped");
  });

  test("what was prepared twice at once goes only to a provider both named, with what both chose", () => {
    must(world, shilan, agreed);
    part(world, shilan, omar);
    must(world, shilan, referralTo("the-clinic"));
    must(world, omar, referralTo("the-clinic", { fields: ["fact:harm"], urgency: "now" }));
    meet(world);
    expect(referralsOf(wholeCase(world), world.now)[0]).toMatchObject({ mostUrgent: "now" });
    must(world, shilan, send);
    expect(world.entries.at(-1)?.events[0]).toMatchObject({ fields: ["fact:harm"] });
    part(world, shilan, omar);
    must(world, shilan, referralTo("the-clinic", { referral: itemOf("referral-2") }));
    must(world, omar, referralTo("another-clinic", { referral: itemOf("referral-2") }));
    meet(world);
    expect(error({ type: "SendReferral", referral: itemOf("referral-2") })).toEqual({
      type: "StepNotPossible",
      from: "prepared",
    });
  });

  test("an answer that does not come is due by the referral's own urgency", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic", { urgency: "now" }));
    must(world, shilan, send);
    expect(due(wholeCase(world), hours(5))).toContainEqual(
      expect.objectContaining({ kind: "referral-unanswered", when: "overdue" }),
    );
    must(world, shilan, answer("accepted"));
    expect(dueKinds(hours(5))).not.toContain("referral-unanswered");
  });

  test("is due until the service was given or refused: turned down at once, accepted after a while (G-CM-3)", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic", { urgency: "now" }));
    must(world, shilan, send);
    must(world, shilan, answer("declined-by-provider"));
    expect(dueKinds()).toContain("referral-to-place");
    must(world, shilan, answer("unavailable"));
    expect(dueKinds()).toContain("referral-to-place");
    must(world, shilan, send);
    must(world, shilan, answer("accepted"));
    expect(dueKinds()).not.toContain("referral-to-place");
    expect(due(wholeCase(world), hours(24 * 60))).toContainEqual(
      expect.objectContaining({ kind: "referral-follow-up", about: referral, dueAt: hours(24 * 7), when: "overdue" }),
    );
    must(world, shilan, { type: "RecordReferralDone", referral, given: "Three meetings." });
    expect(dueKinds(hours(24 * 60))).not.toContain("referral-follow-up");
  });

  test("a provider who has it is told to stop, also where the survivor refused it or it was closed here first (G-CONS-2)", () => {
    const stop = { type: "RecordReferralStopped", referral } as const;
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    expect(refusal(world, shilan, stop)).toBe("StepNotPossible");
    must(world, shilan, send);
    must(world, shilan, { type: "RecordSurvivorDeclined", referral });
    expect(dueKinds()).toContain("provider-to-be-stopped");
    must(world, shilan, { type: "CloseReferral", referral, because: "She does not want it." });
    must(world, shilan, withdraw("referral", "the-clinic"));
    expect(dueKinds()).toContain("provider-to-be-stopped");
    must(world, shilan, { type: "AssessRisk" });
    expect(error(closeCase())).toEqual({ type: "ClosureBlocked", by: ["withdrawal-to-act-on"] });
    must(world, shilan, stop);
    expect(dueKinds()).not.toContain("provider-to-be-stopped");
  });

  test("a service that was given asks for no stop when the consent ends", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, send);
    must(world, shilan, answer("accepted"));
    must(world, shilan, { type: "RecordReferralDone", referral, given: "Three meetings." });
    must(world, shilan, withdraw("referral", "the-clinic"));
    expect(dueKinds()).not.toContain("provider-to-be-stopped");
  });

  test("a step without a prepared referral is kept and shows nothing", () => {
    write(world, shilan, { type: "ReferralClosed", referral: itemOf("ghost"), because: "?" });
    expect(referralOf(wholeCase(world), world.now, "ghost")).toBeUndefined();
  });
});

describe("follow-ups and notes", () => {
  beforeEach(() => void must(world, shilan, openCase));
  const followUp = itemOf("f-1");
  const progress = {
    safety: "better",
    health: "same",
    psychosocial: "worse",
    justice: "not-discussed",
    other: "same",
  } as const;

  test("a follow-up is due until it is done, and one that was missed gets a new date (G-LAW-7)", () => {
    expect(refusal(world, shilan, { type: "PlanFollowUp", followUp, about: "call", dueAt: startAt })).toBe(
      "MomentWrong",
    );
    expect(refusal(world, shilan, { type: "RecordFollowUp", followUp, doneAt: startAt, progress })).toBe("NotThere");
    expect(refusal(world, shilan, { type: "RecordMissedFollowUp", followUp, because: "?", nextDueAt: hours(2) })).toBe(
      "NotThere",
    );
    must(world, shilan, { type: "PlanFollowUp", followUp, about: "call", dueAt: hours(20) });
    expect(dueKinds(hours(21))).toContain("follow-up");
    expect(refusal(world, shilan, { type: "RecordMissedFollowUp", followUp, because: "?", nextDueAt: startAt })).toBe(
      "MomentWrong",
    );
    must(world, shilan, { type: "RecordMissedFollowUp", followUp, because: "No answer.", nextDueAt: hours(40) });
    expect(openFollowUps(wholeCase(world))).toEqual([{ followUp, dueAt: hours(40) }]);
    expect(refusal(world, shilan, { type: "RecordFollowUp", followUp, doneAt: hours(1), progress })).toBe(
      "MomentWrong",
    );
    must(world, shilan, { type: "RecordFollowUp", followUp, doneAt: startAt, progress });
    expect(openFollowUps(wholeCase(world))).toEqual([]);
  });

  test("one marked it done while another set a new date: it stays open, at the earliest date", () => {
    must(world, shilan, { type: "PlanFollowUp", followUp, about: "call", dueAt: hours(20) });
    part(world, shilan, omar, nasrin);
    must(world, shilan, { type: "RecordFollowUp", followUp, doneAt: startAt, progress });
    must(world, omar, { type: "RecordMissedFollowUp", followUp, because: "No answer.", nextDueAt: hours(40) });
    must(world, nasrin, { type: "RecordMissedFollowUp", followUp, because: "No answer.", nextDueAt: hours(30) });
    meet(world);
    expect(openFollowUps(wholeCase(world))).toEqual([{ followUp, dueAt: hours(30) }]);
  });

  test("a note is corrected beside what it corrects", () => {
    must(world, shilan, recordFact("age", "adult"));
    must(world, shilan, consent("store-file", "own-organisation"));
    const note = itemOf("n-1");
    expect(refusal(world, shilan, { type: "CorrectNote", note, text: "x", because: "y" })).toBe("NotThere");
    must(world, shilan, { type: "WriteNote", note, about: "safety", text: "She came alone." });
    expect(refusal(world, shilan, { type: "WriteNote", note, about: "safety", text: "Again." })).toBe("AlreadyThere");
    must(world, shilan, { type: "CorrectNote", note, text: "She came with her sister.", because: "Misremembered." });
    expect(wholeCase(world).notes.saidById.get(note)).toHaveLength(2);
    must(world, shilan, {
      type: "RecordDetail",
      field: "name",
      saidBy: "survivor",
      value: { kind: "given", text: "Hala" },
    });
    must(world, shilan, {
      type: "RecordDetail",
      field: "religion",
      saidBy: "survivor",
      value: { kind: "skipped", because: "not-needed" },
    });
    expect(detailTexts(wholeCase(world), "name")).toEqual(["Hala"]);
    expect(detailTexts(wholeCase(world), "religion")).toEqual([]);
  });
});

describe("closing and reopening", () => {
  beforeEach(() => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "AssessRisk" });
  });
  const blocked = (): unknown => {
    const decision = tell(world, shilan, closeCase());
    return decision.ok ? [] : decision.error;
  };

  test("a case closes when nothing dangerous or waiting stands against it", () => {
    must(world, shilan, closeCase());
    expect(isClosed(wholeCase(world))).toBe(true);
    expect(refusal(world, shilan, recordFact("age", "adult"))).toBe("CaseIsClosed");
    expect(refusal(world, shilan, withdraw("statistics", undefined))).toBe("accepted");
    expect(due(wholeCase(world), world.now)).toEqual([]);
    must(world, shilan, { type: "ReopenCase", because: "He is back." });
    expect(isClosed(wholeCase(world))).toBe(false);
    expect(refusal(world, shilan, { type: "ReopenCase", because: "?" })).toBe("CaseNotClosed");
  });

  test("a running clock, a high level, an open referral, a waiting approval and an unanswered point each keep it open", () => {
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "Threats." });
    expect(blocked()).toEqual({ type: "ClosureBlocked", by: ["risk-clock", "level-high"] });
    must(world, shilan, { type: "RecordRiskResponse", measures: "Shelter." });
    expect(blocked()).toEqual({ type: "ClosureBlocked", by: ["level-high"] });
    const proposal = must(world, shilan, { type: "ProposeLowerRisk", level: "normal", because: "He left." });
    expect(blocked()).toEqual({ type: "ClosureBlocked", by: ["level-high", "approval-waiting"] });
    must(world, nasrin, { type: "Approve", proposal, what: "risk-lowering" });
    must(world, shilan, referralTo("the-clinic"));
    expect(blocked()).toEqual({ type: "ClosureBlocked", by: ["referral-open"] });
    must(world, shilan, { type: "RecordSurvivorDeclined", referral: itemOf("referral-1") });
    const unanswered = closeCase({
      checklist: { ...closeCase().checklist, "survivor-agrees": { kind: "no", because: "?" } },
    });
    expect(refusal(world, shilan, unanswered)).toBe("ClosureBlocked");
    expect(refusal(world, shilan, closeCase({ toldCanComeBack: { kind: "no", because: "?" } }))).toBe("ClosureBlocked");
    expect(blocked()).toEqual([]);
  });

  test("where the person cannot be reached, a point may stay unanswered with its reason", () => {
    const gone = closeCase({ reason: "no-contact", toldCanComeBack: { kind: "no", because: "Number dead." } });
    expect(refusal(world, shilan, gone)).toBe("accepted");
  });

  test("a case whose consent was withdrawn is not closed while a provider goes on with it", () => {
    must(world, shilan, recordFact("age", "adult"));
    must(world, shilan, consent("referral", "the-clinic", { mayShare: ["fact:harm", "safe-contact"] }));
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, { type: "SendReferral", referral: itemOf("referral-1") });
    must(world, shilan, withdraw("referral", "the-clinic"));
    expect(blocked()).toEqual({ type: "ClosureBlocked", by: ["referral-open", "withdrawal-to-act-on"] });
  });

  test("closed by one while another reopened or raised the level, the case is open", () => {
    part(world, shilan, omar);
    must(world, shilan, closeCase());
    must(world, omar, { type: "RaiseRisk", level: "medium", because: "He writes again." });
    meet(world);
    expect(isClosed(wholeCase(world))).toBe(false);
    expect(dueKinds()).toContain("risk-clock");
  });

  test("closed twice, and reopened by one who had seen only the first, the case is open", () => {
    must(world, shilan, closeCase());
    part(world, shilan, omar);
    must(world, shilan, { type: "ReopenCase", because: "She called." });
    write(world, omar, { ...closeCase(), type: "CaseClosed" });
    meet(world);
    expect(isClosed(wholeCase(world))).toBe(false);
  });

  test("a closed case still owes that evidence held without ground is given back", () => {
    must(world, shilan, closeCase());
    expect(due(wholeCase(world), world.now)).toEqual([]);
  });
});

describe("responsibility", () => {
  beforeEach(() => void must(world, shilan, openCase));

  test("who opened the case carries it until somebody accepts it by an entry of their own", () => {
    expect(responsiblePersons(wholeCase(world))).toEqual(["shilan"]);
    const offer = must(world, shilan, { type: "OfferResponsibility", to: personOf("omar"), because: "Leave." });
    expect(waitingOffers(wholeCase(world))).toHaveLength(1);
    expect(dueKinds(hours(25))).toContain("responsibility");
    expect(refusal(world, nasrin, { type: "AcceptResponsibility", offer })).toBe("NotOfferedToYou");
    expect(refusal(world, nasrin, { type: "DeclineResponsibility", offer, because: "?" })).toBe("NotOfferedToYou");
    write(world, nasrin, { type: "ResponsibilityAccepted", offer });
    expect(responsiblePersons(wholeCase(world))).toEqual(["shilan"]);
    expect(wholeCase(world).history.at(-1)?.standing).toEqual({ kind: "without-authority", why: "NotOfferedToAuthor" });
    must(world, omar, { type: "AcceptResponsibility", offer });
    expect(responsiblePersons(wholeCase(world))).toEqual(["omar"]);
  });

  test("a declined offer changes nothing, and an offer nobody had seen cannot be taken", () => {
    part(world, shilan, omar);
    const offer = must(world, shilan, { type: "OfferResponsibility", to: personOf("omar"), because: "Leave." });
    write(world, omar, { type: "ResponsibilityAccepted", offer });
    meet(world);
    expect(
      wholeCase(world).history.find(({ event }) => event.type === "ResponsibilityAccepted")?.standing,
    ).toMatchObject({ why: "NotSeen" });
    must(world, omar, { type: "DeclineResponsibility", offer, because: "Too much." });
    expect(responsiblePersons(wholeCase(world))).toEqual(["shilan"]);
  });

  test("two who accept without knowing of each other both carry it, and it is shown", () => {
    const one = must(world, shilan, { type: "OfferResponsibility", to: personOf("omar"), because: "Leave." });
    const two = must(world, shilan, { type: "OfferResponsibility", to: personOf("nasrin"), because: "Leave." });
    part(world, omar, nasrin);
    must(world, omar, { type: "AcceptResponsibility", offer: one });
    must(world, nasrin, { type: "AcceptResponsibility", offer: two });
    meet(world);
    expect(responsiblePersons(wholeCase(world))).toEqual(["nasrin", "omar"]);
    expect(due(wholeCase(world), world.now)).toContainEqual(expect.objectContaining({ about: "responsibility" }));
  });

  test("a case is handed to another organisation only with consent for it, field by field", () => {
    must(world, shilan, recordFact("age", "adult"));
    const transfer = {
      type: "TransferCase",
      recipient: recipientOf("other-ngo"),
      fields: ["fact:harm"],
      because: "She moved.",
    } as const;
    expect(refusal(world, shilan, transfer)).toBe("ConsentMissing");
    must(world, shilan, consent("referral", "other-ngo", { mayShare: [] }));
    expect(refusal(world, shilan, transfer)).toBe("FieldsNotConsented");
    must(world, shilan, consent("referral", "other-ngo", { mayShare: ["fact:harm"] }));
    expect(refusal(world, shilan, transfer)).toBe("accepted");
  });

  test("when the consent it rested on is withdrawn, that organisation is to be told to stop, also once it is closed (G-CONS-2)", () => {
    const otherNgo = recipientOf("other-ngo");
    const agreed = consent("referral", otherNgo, { mayShare: ["fact:harm"] });
    const transfer = { type: "TransferCase", recipient: otherNgo, fields: ["fact:harm"], because: "Moved." } as const;
    const stop = { type: "RecordTransferStopped", recipient: otherNgo, text: "Told by telephone." } as const;
    must(world, shilan, recordFact("age", "adult"));
    must(world, shilan, agreed);
    expect(refusal(world, shilan, stop)).toBe("NotThere");
    must(world, shilan, transfer);
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, closeCase({ reason: "transferred" }));
    expect(dueKinds()).not.toContain("transfer-to-be-stopped");
    must(world, shilan, withdraw("referral", otherNgo));
    expect(due(wholeCase(world), world.now)).toEqual([
      { kind: "transfer-to-be-stopped", about: otherNgo, recipients: [otherNgo], dueAt: world.now, when: "due" },
    ]);
    must(world, shilan, stop);
    expect(due(wholeCase(world), world.now)).toEqual([]);
    expect(refusal(world, shilan, stop)).toBe("StepNotPossible");
  });

  test("an organisation that has not been told to stop keeps the case open, and one that was has it no more (G-CONS-2)", () => {
    const otherNgo = recipientOf("other-ngo");
    const agreed = consent("referral", otherNgo);
    const transfer = { type: "TransferCase", recipient: otherNgo, fields: [], because: "She moved." } as const;
    const stop = { type: "RecordTransferStopped", recipient: otherNgo } as const;
    must(world, shilan, recordFact("age", "adult"));
    must(world, shilan, agreed);
    must(world, shilan, transfer);
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, withdraw("referral", otherNgo));
    expect(error(closeCase())).toEqual({ type: "ClosureBlocked", by: ["withdrawal-to-act-on"] });
    // Handed over again by somebody who did not know that they were told: it is theirs again.
    part(world, shilan, omar);
    must(world, shilan, stop);
    expect(error(closeCase({ reason: "transferred" }))).toEqual({ type: "ClosureBlocked", by: ["transfer-missing"] });
    must(world, omar, agreed);
    must(world, omar, transfer);
    meet(world);
    must(world, omar, withdraw("referral", otherNgo));
    expect(dueKinds()).toContain("transfer-to-be-stopped");
    must(world, omar, stop);
    expect(dueKinds()).not.toContain("transfer-to-be-stopped");
  });
});
