/**
 * What people of random histories give as commands: by subject, and in themes that stay with one subject, so that what can only
 * come after something else comes after it often enough.
 */

import fc from "fast-check";
import type { CaseCommand } from "../command.ts";
import type { Purpose } from "../vocabulary.ts";
import {
  assent,
  assessment,
  bestInterests,
  closeCase,
  consent,
  digitalItem,
  emergencyCall,
  freelyObtained,
  goal,
  guardianConsent,
  lawStep,
  legalRisk,
  openCase,
  recordFact,
  referralTo,
  safetyItem,
  takedown,
  withdraw,
} from "./commands.ts";
import { dateOf, hours, itemOf, personOf, recipientOf, startAt } from "./people.ts";

const change = { correction: { kind: "changed", because: "She said so." } } as const;

const dangerKnown = recordFact("immediate-danger", "yes", change);
const dangerOver = recordFact("immediate-danger", "no", change);

const anyFact = fc
  .constantFrom(
    ...([
      ["age", "adult"],
      ["age", "child"],
      ["age", undefined],
      ["guardian-unsafe", "yes"],
      ["guardian-unsafe", "no"],
      ["immediate-danger", "yes"],
      ["immediate-danger", "no"],
      ["wants-removal", "yes"],
      ["wants-law-report", "no"],
      ["wants-law-report", "yes"],
      ["harm", ["blackmail"]],
      ["harm", ["csam", "deepfake"]],
      ["sexual-content", "no"],
      ["age-in-image", "adult"],
      ["safe-device", "yes"],
      ["material-volunteered", "yes"],
      ["material-critical-to-safety", "yes"],
      ["digital-action-could-escalate", "no"],
    ] as const),
  )
  .map(([fact, value]) => recordFact(fact, value, change));

const anyAim = fc.constantFrom<readonly [Purpose, string]>(
  ["removal", "T-insm"],
  ["removal", "P-instagram"],
  ["digital", "two-factor"],
  ["referral", "the-clinic"],
  ["evidence", "own-organisation"],
  ["evidence", "survivor-side"],
  ["law", "A-community-police"],
  ["store-file", "own-organisation"],
);

const anyConsent = fc
  .record({
    aim: anyAim,
    obtained: fc.constantFrom(freelyObtained, { ...freelyObtained, pressureSeen: true }),
    kind: fc.constantFrom("consent", "assent", "guardian", "decision", "withdrawal", "withdrawal-of-all"),
    answer: fc.constantFrom("yes" as const, "yes" as const, "no" as const),
    whose: fc.constantFrom("survivor", "child", "guardian", "best-interests"),
    mayShare: fc.subarray(["fact:harm", "safe-contact"]),
  })
  .map(({ aim: [purpose, recipient], obtained, kind, answer, whose, mayShare }): CaseCommand => {
    switch (kind) {
      case "consent":
        return consent(purpose, recipient, { obtained, mayShare, answer });
      case "assent":
        return assent(purpose, recipient, { obtained, mayShare, answer });
      case "guardian":
        return guardianConsent(purpose, recipient, { mayShare, answer });
      case "decision":
        return bestInterests(purpose, recipient, { mayShare });
      default:
        return withdraw(purpose, kind === "withdrawal" ? recipient : undefined, whose);
    }
  });

const opening: readonly CaseCommand[] = [
  openCase,
  { type: "TellLimits", wording: "child", duties: [] },
  { type: "TellLimits", wording: "adult", duties: ["child-in-danger"] },
];

const risk: readonly CaseCommand[] = [
  { type: "AssessRisk" },
  { type: "RaiseRisk", level: "high", because: "He stood at her door." },
  { type: "RaiseRisk", level: "medium", because: "He writes again." },
  { type: "ProposeLowerRisk", level: "normal", because: "He left." },
  { type: "ProposeLowerRisk", level: "medium", because: "He is quieter." },
  { type: "RecordRiskResponse", measures: "She sleeps at her aunt's." },
];

const assessments: readonly CaseCommand[] = [
  assessment("digital-risk"),
  assessment("physical-safety"),
  { type: "OutdateAssessment", assessment: "digital-risk", because: "A new phone." },
];

const wayToReach = {
  type: "AgreeSafeContact",
  how: "telephone-call",
  reach: "0750 000 0001",
  when: "mornings",
  nameToUse: "the dentist",
  mayLeaveMessage: true,
  mustNotKnow: ["brother"],
} as const;

const survivor: readonly CaseCommand[] = [
  wayToReach,
  { ...wayToReach, mayLeaveMessage: false, validUntilAt: hours(700) },
  { type: "DeclareContactUnsafe", because: "He answered." },
  { type: "RecordDetail", field: "name", saidBy: "survivor", value: { kind: "given", text: "Hala" } },
  { type: "RecordDetail", field: "name", saidBy: "guardian", value: { kind: "given", text: "Hale" } },
  { type: "RecordDetail", field: "religion", saidBy: "survivor", value: { kind: "skipped", because: "not-needed" } },
  { type: "WriteNote", note: itemOf("note-1"), about: "case", text: "Calm." },
  { type: "CorrectNote", note: itemOf("note-1"), text: "Not calm.", because: "Seen again." },
  {
    type: "RecordIncident",
    incident: itemOf("incident-1"),
    incidentType: "emotional_abuse",
    reportedOn: dateOf("2026-11-20"),
    perpetrators: [],
  },
];

const plans: readonly CaseCommand[] = [
  safetyItem({ words: "I call my aunt.", area: "people" }),
  safetyItem({ words: "I call my neighbour.", area: "people" }),
  { type: "MarkSafetyItem", item: itemOf("safety-1"), outcome: "done" },
  { type: "MarkSafetyItem", item: itemOf("safety-1"), outcome: "not-possible" },
  { type: "ReviewSafetyPlan", madeWithSurvivor: true, stillFits: true },
  { type: "ReviewSafetyPlan", madeWithSurvivor: true, stillFits: false },
  digitalItem("two-factor"),
  { type: "MarkDigitalItem", item: itemOf("digital-1"), outcome: "done" },
  { type: "MarkDigitalItem", item: itemOf("digital-1"), outcome: "dropped" },
  { type: "ReviewDigitalPlan", madeWithSurvivor: true, stillFits: true },
  { type: "ReviewDigitalPlan", madeWithSurvivor: false, stillFits: false },
  goal(),
  goal({ dueAt: hours(600) }),
  { type: "MarkGoal", goal: itemOf("goal-1"), outcome: "met" },
  { type: "MarkGoal", goal: itemOf("goal-1"), outcome: "not-met" },
  { type: "RecordServiceNeed", service: "shelter", need: "urgent" },
];

const progress = {
  safety: "better",
  health: "same",
  psychosocial: "same",
  justice: "not-discussed",
  other: "same",
} as const;

const followUps: readonly CaseCommand[] = [
  { type: "PlanFollowUp", followUp: itemOf("follow-1"), about: "call", dueAt: hours(900) },
  { type: "RecordFollowUp", followUp: itemOf("follow-1"), doneAt: startAt, progress },
  { type: "RecordFollowUp", followUp: itemOf("follow-1"), doneAt: startAt, progress: { ...progress, safety: "worse" } },
  { type: "RecordMissedFollowUp", followUp: itemOf("follow-1"), because: "No answer.", nextDueAt: hours(950) },
];

const referral = itemOf("referral-1");
const theClinic = recipientOf("the-clinic");

const answered: readonly CaseCommand[] = [
  { type: "RecordReferralAnswer", referral, answer: "accepted" },
  { type: "RecordReferralDone", referral, given: "Three meetings." },
];

const referrals: readonly CaseCommand[] = [
  ...answered,
  referralTo("the-clinic", { fields: ["fact:harm"] }),
  referralTo("the-clinic", { fields: [], urgency: "now" }),
  { type: "SendReferral", referral },
  { type: "RecordReferralAnswer", referral, answer: "unavailable" },
  { type: "RecordSurvivorDeclined", referral },
  { type: "CloseReferral", referral, because: "Over." },
  { type: "RecordReferralStopped", referral },
];

const told: readonly CaseCommand[] = [
  { type: "RecordTransferStopped", recipient: theClinic },
  { type: "RecordSharingNarrowed", recipient: theClinic },
];

/** Handed over, and whoever has something of the survivor's told that less of it may be used, or nothing. */
const sharing: readonly CaseCommand[] = [
  { type: "TransferCase", recipient: theClinic, fields: [], because: "She moved." },
  { type: "TransferCase", recipient: theClinic, fields: ["fact:harm"], because: "She moved." },
  ...told,
  { type: "RecordCopy", copy: "safety-plan" },
  { type: "RecordCopy", copy: "referral-letter", referral },
];

const consentsToRefer: readonly CaseCommand[] = [
  consent("referral", "the-clinic", { mayShare: ["fact:harm"] }),
  consent("referral", "the-clinic"),
  withdraw("referral", "the-clinic"),
];

const takedowns: readonly CaseCommand[] = [
  takedown("T-insm", startAt),
  { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), outcome: "removed", checkedAt: startAt },
  { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), outcome: "reappeared", checkedAt: startAt },
  { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), outcome: "taken-back", checkedAt: startAt },
];

const law: readonly CaseCommand[] = [
  legalRisk,
  { ...legalRisk, agency: recipientOf("A-nss") },
  { type: "OutdateLegalRisk", because: "Another judge." },
  { type: "RecordLawDecision", decision: "report", isVoluntary: true },
  { type: "RecordLawDecision", decision: "not-report", isVoluntary: true },
  lawStep(),
  lawStep({ step: "survivor-prepared" }),
  lawStep({ step: "withdrawn-by-survivor" }),
  { type: "RecordLawOutcome", agency: recipientOf("A-community-police"), outcome: "He was summoned." },
];

const evidence: readonly CaseCommand[] = [
  { type: "RecordEvidencePreserved", kept: ["addresses", "times"] },
  {
    type: "ProposeEvidenceException",
    because: "Her guardian is the perpetrator.",
    criticalToSafety: "It shows the threat.",
  },
  { type: "RecordEvidenceReturned", item: itemOf("evidence-1"), because: "The police has it." },
];

const emergency: readonly CaseCommand[] = [
  emergencyCall(),
  emergencyCall({ act: "urgent-referral", personTold: { kind: "could-not-be-reached", because: "No answer." } }),
  emergencyCall({ act: "child-protection-response", recipient: recipientOf("child-protection-unit") }),
];

const reopen: CaseCommand = { type: "ReopenCase", because: "He is back." };
const closings: readonly CaseCommand[] = [
  closeCase(),
  closeCase({ reason: "survivor-wishes", takedownPlan: "I look again every week." }),
];

const responsibility: readonly CaseCommand[] = [
  { type: "OfferResponsibility", to: personOf("omar"), because: "Leave." },
  { type: "OfferResponsibility", to: personOf("nasrin"), because: "She asked for a woman." },
];

const anyRecord = fc.constantFrom(
  ...opening,
  ...risk,
  ...assessments,
  ...survivor,
  ...plans,
  ...followUps,
  ...closings,
  reopen,
);

const anyService = fc.constantFrom(
  ...referrals,
  ...sharing,
  ...takedowns,
  ...law,
  ...evidence,
  ...emergency,
  ...responsibility,
);

const weightOfAnother = 3;

/** Of a theme mostly; now and then whatever else can be told of a case. */
const mostly = (commands: readonly CaseCommand[]): fc.Arbitrary<CaseCommand> =>
  fc.oneof(
    { weight: 4 * weightOfAnother, arbitrary: fc.constantFrom(...commands) },
    { weight: 1, arbitrary: anyFact },
    { weight: 1, arbitrary: anyConsent },
    { weight: 1, arbitrary: fc.oneof(anyRecord, anyService) },
  );

/** How far on a case is when its history begins. */
export type Start = "opened" | "in-danger" | "assessed" | "closed" | "adult" | "child" | "child-with-guardian";

export type Theme = { readonly commands: fc.Arbitrary<CaseCommand>; readonly starts: readonly Start[] };

const everywhere: readonly Start[] = ["opened", "in-danger", "assessed", "adult", "child", "child-with-guardian"];
const underWay: readonly Start[] = ["adult", "adult", "adult", "child-with-guardian"];

/** A history is about everything, or stays with one subject, so that its longer ways are walked too. */
export const themes: readonly Theme[] = [
  { commands: fc.oneof(anyFact, anyConsent, anyRecord, anyService), starts: everywhere },
  { commands: fc.oneof(anyConsent, anyFact), starts: everywhere },
  {
    commands: fc.constantFrom(
      ...[...closings, reopen, reopen, ...risk],
      recordFact("honour-violence-risk", "yes", change),
      recordFact("honour-violence-risk", "no", change),
    ),
    starts: ["opened", "assessed", "closed", "child"],
  },
  { commands: fc.constantFrom(...risk, dangerKnown, dangerOver, closeCase(), reopen), starts: everywhere },
  { commands: mostly([...referrals, ...answered, ...answered, ...consentsToRefer]), starts: underWay },
  { commands: mostly([...sharing, ...told, ...told, ...consentsToRefer, ...consentsToRefer]), starts: ["adult"] },
  { commands: mostly(plans), starts: underWay },
  { commands: mostly([...survivor, ...followUps, ...responsibility]), starts: underWay },
  { commands: mostly([...law, ...takedowns]), starts: underWay },
  { commands: mostly([...evidence, ...evidence, ...assessments]), starts: underWay },
  {
    commands: mostly([...emergency, dangerKnown, dangerOver, ...opening, ...risk, ...closings]),
    starts: ["in-danger", "in-danger", "assessed", "adult", "child"],
  },
];
