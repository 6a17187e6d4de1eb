/** What erasing an entry would bring back: never a case that is less careful. */

import { beforeEach, describe, expect, test } from "vitest";
import type { CaseCommand } from "../command.ts";
import type { EntryHash } from "../ids.ts";
import {
  adultReadyToAct,
  assent,
  assessment,
  bestInterests,
  childReadyToAct,
  closeCase,
  consent,
  digitalItem,
  emergencyCall,
  goal,
  lawStep,
  legalRisk,
  recordFact,
  referralTo,
  safetyItem,
  step,
  takedown,
  withdraw,
} from "../testing/commands.ts";
import { dateOf, hours, itemOf, momentOf, nasrin, omar, recipientOf, shilan, startAt } from "../testing/people.ts";
import { type World, dueKinds, meet, must, newWorld, part } from "../testing/world.ts";
import { isLessCarefulWithout } from "./without.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

const isLess = (...erased: readonly EntryHash[]): boolean =>
  isLessCarefulWithout(world.entries, new Set(erased), world.now);

const own = "own-organisation";
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
const review = { type: "ReviewSafetyPlan", madeWithSurvivor: true } as const;
const followUp = itemOf("f-1");
const planned = { type: "PlanFollowUp", followUp, about: "a call", dueAt: hours(48) } as const;
const contact = (safety: "better" | "worse") =>
  ({
    type: "RecordFollowUp",
    followUp,
    doneAt: startAt,
    progress: { safety, health: "same", psychosocial: "same", justice: "same", other: "same" },
  }) as const;
const need = (need: "needed" | "declined-by-survivor") =>
  ({ type: "RecordServiceNeed", service: "shelter", need }) as const;
type DetailCommand = Extract<CaseCommand, { type: "RecordDetail" }>;
const phone = (value: DetailCommand["value"]): DetailCommand => ({
  type: "RecordDetail",
  field: "phone",
  saidBy: "survivor",
  value,
});
type IncidentCommand = Extract<CaseCommand, { type: "RecordIncident" }>;
const incident = (more: Partial<IncidentCommand> = {}): IncidentCommand => ({
  type: "RecordIncident",
  incident: itemOf("i-1"),
  incidentType: "emotional_abuse",
  reportedOn: dateOf("2026-11-21"),
  perpetrators: ["unknown"],
  ...more,
});
const clinic = (mayShare: readonly string[]) => consent("referral", "the-clinic", { mayShare });

const careful: readonly (readonly [string, readonly CaseCommand[], CaseCommand])[] = [
  ["a consent that was taken back", [consent("removal", "T-insm")], withdraw("removal", undefined)],
  ["a consent that was answered with no since", [consent("law", "A-nss")], consent("law", "A-nss", { answer: "no" })],
  ["a consent that shares more", [clinic(["safe-contact", "fact:harm"])], clinic(["fact:harm"])],
  [
    "a consent without a limit",
    [consent("removal", "T-insm")],
    consent("removal", "T-insm", { limits: "One picture only." }),
  ],
  ["a consent without an end", [consent("removal", "T-insm")], consent("removal", "T-insm", { expiresAt: hours(20) })],
  ["words at length, as if nobody had refused the file", [], consent("store-file", own, { answer: "no" })],
  ["a lower level", [{ type: "AssessRisk" }], { type: "RaiseRisk", level: "high", because: "He came." }],
  ["a safer answer", [recordFact("perpetrator-in-contact", "no")], recordFact("perpetrator-in-contact", "yes", change)],
  ["a device that is watched, as safe", [], recordFact("safe-device", "no", change)],
  ["a way of contact that is unsafe", [way], { type: "DeclareContactUnsafe", because: "He answers." }],
  ["that a message may be left", [way], { ...way, mayLeaveMessage: false }],
  ["a number that was changed", [way], { ...way, reach: "0750 111 22 33" }],
  ["a way that ends", [way], { ...way, validUntilAt: hours(20) }],
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
  ["words of the plan that were changed", [safetyItem()], safetyItem({ words: "Not to my aunt: she told him." })],
  [
    "that an item of the plan is done",
    [safetyItem(), { type: "MarkSafetyItem", item: itemOf("safety-1"), outcome: "done" }],
    { type: "MarkSafetyItem", item: itemOf("safety-1"), outcome: "not-possible" },
  ],
  [
    "words of an act that were changed",
    [consent("digital", "two-factor"), digitalItem("two-factor")],
    digitalItem("two-factor", { words: "Not on the phone that my brother pays." }),
  ],
  ["words of a goal that were changed", [goal()], goal({ words: "To sleep, and not at my aunt's." })],
  [
    "that a goal is met",
    [goal(), { type: "MarkGoal", goal: itemOf("goal-1"), outcome: "met" }],
    { type: "MarkGoal", goal: itemOf("goal-1"), outcome: "not-met" },
  ],
  ["a need for a service that she declined", [need("needed")], need("declined-by-survivor")],
  [
    "what a referral was to tell a provider",
    [referralTo("the-clinic")],
    referralTo("the-clinic", { fields: ["fact:harm"], reason: "She asks for somebody to talk to." }),
  ],
  ["whom a referral was for", [referralTo("the-clinic")], referralTo("the-other-clinic")],
  [
    "what was found before somebody looked again",
    [],
    { ...assessment("physical-safety"), findings: "Her brothers know." },
  ],
  ["what was weighed for an agency before", [legalRisk], { ...legalRisk, immediateRisks: "He works there." }],
  [
    "a detail that was changed",
    [consent("store-file", own), phone({ kind: "given", text: "0770 999 88 77" })],
    phone({ kind: "given", text: "0750 111 22 33" }),
  ],
  [
    "a detail that she wants written no more",
    [consent("store-file", own), phone({ kind: "given", text: "0770 999 88 77" })],
    phone({ kind: "skipped", because: "not-safe-to-ask" }),
  ],
  [
    "a note as if nobody had corrected it",
    [consent("store-file", own), note],
    { type: "CorrectNote", note: itemOf("n-1"), text: "She came with her brother.", because: "Misheard." },
  ],
  ["an incident as it was first written down", [incident()], incident({ perpetrators: ["family_other"] })],
  ["that a plan fits", [{ ...review, stillFits: true }], { ...review, stillFits: false }],
  ["that it is no worse", [{ type: "AssessRisk" }, planned, contact("better")], contact("worse")],
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

  test("whatever a guardian says, where two persons decided against it for a child (G-CONS-3)", () => {
    childReadyToAct(world, "no");
    const against = (): EntryHash => must(world, shilan, bestInterests("removal", "T-insm", { decision: "do-not" }));
    const approve = (proposal: EntryHash): EntryHash =>
      must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    const proposal = against();
    expect(isLess(proposal)).toBe(false);
    const approved = approve(proposal);
    expect([isLess(proposal), isLess(approved)]).toEqual([true, true]);
    approve(against());
    expect([isLess(proposal), isLess(approved)]).toEqual([false, false]);
  });

  test("that nothing is held here, until it was given back (G-EVID-3)", () => {
    adultReadyToAct(world);
    must(world, shilan, consent("evidence", own));
    for (const fact of ["material-volunteered", "material-critical-to-safety"])
      must(world, shilan, recordFact(fact, "yes"));
    const exception = must(world, shilan, {
      type: "ProposeEvidenceException",
      because: "Her uncle.",
      criticalToSafety: "A threat.",
    });
    must(world, nasrin, { type: "Approve", proposal: exception, what: "evidence-exception" });
    const item = itemOf("held-1");
    const received = must(world, shilan, {
      type: "RecordEvidenceReceived",
      item,
      exception,
      what: "messages",
      receivedAt: startAt,
    });
    expect(isLess(received)).toBe(true);
    must(world, shilan, { type: "RecordEvidenceReturned", item, because: "She has it." });
    expect(isLess(received)).toBe(false);
  });

  test("an exception for evidence that a supervisor has refused (G-EVID-3)", () => {
    adultReadyToAct(world);
    must(world, shilan, consent("evidence", own));
    for (const fact of ["material-volunteered", "material-critical-to-safety"])
      must(world, shilan, recordFact(fact, "yes"));
    const proposal = must(world, shilan, {
      type: "ProposeEvidenceException",
      because: "Her uncle.",
      criticalToSafety: "A threat.",
    });
    must(world, nasrin, { type: "Approve", proposal, what: "evidence-exception" });
    const refuse = { type: "RefuseApproval", proposal, what: "evidence-exception", because: "No." } as const;
    const refused = must(world, nasrin, refuse);
    expect([isLess(refused), isLess(proposal)]).toEqual([true, false]);
    must(world, nasrin, refuse);
    expect(isLess(refused)).toBe(false);
  });

  test("what was weighed for one agency, outdated, though another was weighed since (G-LAW-2)", () => {
    adultReadyToAct(world);
    must(world, shilan, legalRisk);
    const outdated = must(world, shilan, { type: "OutdateLegalRisk", because: "Another judge." });
    must(world, shilan, { ...legalRisk, agency: recipientOf("A-nss") });
    expect(isLess(outdated)).toBe(true);
    must(world, shilan, legalRisk);
    expect(isLess(outdated)).toBe(false);
  });

  test("that help came, over that it did not; and the act itself, while anybody waits for something of it (G-CM-3)", () => {
    adultReadyToAct(world);
    must(world, shilan, recordFact("immediate-danger", "yes"));
    const emergency = must(world, shilan, emergencyCall());
    must(world, shilan, { type: "AssessRisk" });
    must(world, nasrin, { type: "Approve", proposal: emergency, what: "emergency", because: "It could not wait." });
    expect(isLess(emergency)).toBe(true);
    const asked = (help: "came" | "did-not-come") =>
      must(world, shilan, { type: "RecordEmergencyFollowUp", emergency, help });
    asked("came");
    expect(isLess(emergency)).toBe(false);
    const awaited = asked("did-not-come");
    expect([isLess(awaited), isLess(emergency)]).toEqual([true, true]);
    asked("came");
    expect([isLess(awaited), isLess(emergency)]).toEqual([false, false]);
  });

  test("the act itself, also where whoever recorded it had a clock that was a month ahead", () => {
    adultReadyToAct(world);
    world.now = hours(24 * 30);
    must(world, omar, recordFact("immediate-danger", "yes"));
    const emergency = must(world, omar, emergencyCall());
    world.now = hours(1);
    must(world, shilan, { type: "AssessRisk" });
    expect(isLess(emergency)).toBe(true);
    must(world, nasrin, { type: "Approve", proposal: emergency, what: "emergency", because: "It could not wait." });
    must(world, shilan, { type: "RecordEmergencyFollowUp", emergency, help: "came" });
    expect(isLess(emergency)).toBe(false);
  });

  test("a referral that the survivor refused, until the provider was told to stop (G-CONS-2)", () => {
    adultReadyToAct(world);
    must(world, shilan, clinic(["fact:harm", "safe-contact"]));
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, step("SendReferral"));
    const referral = itemOf("referral-1");
    const declined = must(world, shilan, { type: "RecordSurvivorDeclined", referral, text: "Her aunt works there." });
    expect(isLess(declined)).toBe(true);
    must(world, shilan, { type: "RecordReferralStopped", referral });
    expect(isLess(declined)).toBe(false);
  });

  test("a referral that she refused before it went out, as if it might still go; once it is closed, her refusal may go", () => {
    adultReadyToAct(world);
    must(world, shilan, clinic(["fact:harm", "safe-contact"]));
    must(world, shilan, referralTo("the-clinic"));
    const referral = itemOf("referral-1");
    const declined = must(world, shilan, { type: "RecordSurvivorDeclined", referral, text: "Her aunt works there." });
    expect(isLess(declined)).toBe(true);
    must(world, shilan, { type: "CloseReferral", referral, because: "Over." });
    expect(isLess(declined)).toBe(false);
  });

  test("what a referral was to tell, until nobody can send it or write a letter for it any more", () => {
    adultReadyToAct(world);
    must(world, shilan, clinic(["fact:harm", "safe-contact"]));
    const first = must(world, shilan, referralTo("the-clinic"));
    const newer = must(world, shilan, referralTo("the-clinic", { fields: ["fact:harm"] }));
    expect([isLess(newer), isLess(first), isLess(first, newer)]).toEqual([true, false, false]);
    must(world, shilan, { type: "CloseReferral", referral: itemOf("referral-1"), because: "Over." });
    expect(isLess(newer)).toBe(false);
  });

  test("what was sent to a provider who is to be told that less of it may be used, as if nobody had it (G-CONS-2)", () => {
    adultReadyToAct(world);
    must(world, shilan, clinic(["fact:harm", "safe-contact"]));
    must(world, shilan, referralTo("the-clinic"));
    const sent = must(world, shilan, step("SendReferral"));
    must(world, shilan, clinic(["fact:harm"]));
    expect(isLess(sent)).toBe(true);
    must(world, shilan, { type: "RecordSharingNarrowed", recipient: recipientOf("the-clinic") });
    must(world, shilan, { type: "RecordReferralStopped", referral: itemOf("referral-1") });
    expect(isLess(sent)).toBe(false);
  });

  test("who has something of hers in hand, until they have it no more: nobody would tell them of a withdrawal (G-CONS-2)", () => {
    adultReadyToAct(world);
    const agreed = must(world, shilan, clinic(["fact:harm", "safe-contact"]));
    const prepared = must(world, shilan, referralTo("the-clinic"));
    expect(isLess(prepared)).toBe(false);
    const sent = must(world, shilan, step("SendReferral"));
    expect([isLess(prepared), isLess(sent), isLess(agreed)]).toEqual([true, true, false]);
    must(world, shilan, { type: "RecordReferralStopped", referral: itemOf("referral-1") });
    expect([isLess(prepared), isLess(sent)]).toEqual([false, false]);
    must(world, shilan, legalRisk);
    must(world, shilan, { type: "RecordLawDecision", decision: "report", isVoluntary: true });
    must(world, shilan, consent("law", "A-community-police"));
    const brought = must(world, shilan, lawStep());
    expect(isLess(brought)).toBe(true);
    must(world, shilan, lawStep({ step: "withdrawn-by-survivor" }));
    expect(isLess(brought)).toBe(false);
    must(world, shilan, consent("removal", "T-insm"));
    const asked = must(world, shilan, takedown("T-insm", startAt));
    expect(isLess(asked)).toBe(true);
    const check = { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), checkedAt: startAt } as const;
    must(world, shilan, { ...check, outcome: "taken-back" });
    expect(isLess(asked)).toBe(false);
  });

  test("a clock that ends earlier, as if another that somebody had answered ran in its place", () => {
    adultReadyToAct(world);
    part(world, shilan, omar);
    const raise = { type: "RaiseRisk", level: "medium", because: "He came." } as const;
    const raised = must(world, shilan, raise);
    world.now = hours(10);
    must(world, omar, raise);
    const answered = must(world, omar, { type: "RecordRiskResponse", measures: "She is at her aunt's." });
    meet(world);
    expect([isLess(raised), isLess(answered), isLess(raised, answered)]).toEqual([true, false, true]);
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

test("a word by a clock at the end of time keeps nobody from erasing another, nor from seeing what is due (SECURITY §6.2)", () => {
  adultReadyToAct(world);
  must(world, shilan, { type: "AssessRisk" });
  const words = must(world, shilan, recordFact("disability", "yes"));
  world.now = momentOf("9999-12-31T23:59:59Z");
  const forged = [
    recordFact("immediate-danger", "yes"),
    { type: "RaiseRisk", level: "high", because: "He came." },
    emergencyCall(),
    referralTo("the-clinic"),
    { type: "OfferResponsibility", to: nasrin.person, because: "I leave." },
  ] as const;
  for (const command of forged) must(world, omar, command);
  world.now = hours(1);
  expect(isLess(words)).toBe(false);
  expect(dueKinds(world)).toContain("safe-contact");
});

test("whatever takes nothing careful away may go: a note, a consent, an answer that is forgotten", () => {
  adultReadyToAct(world);
  must(world, shilan, consent("store-file", own));
  const erased = [note, consent("removal", "T-insm"), way, recordFact("disability", "yes")].map((command) =>
    must(world, shilan, command),
  );
  must(world, shilan, { type: "AssessRisk" });
  world.now = hours(2);
  for (const entry of erased) expect(isLess(entry)).toBe(false);
  expect(isLess(...erased)).toBe(false);
});
