/**
 * The commands of the invented cases, as a caseworker's screen would give them: complete, and different only where a
 * story says so. Everyone in them is invented.
 */

import type { CaseCommand } from "@amana/casefile";
import type { Instant } from "@amana/kernel";
import { saidIn, type Said } from "./said.ts";

export type CommandOf<Type extends CaseCommand["type"]> = Extract<CaseCommand, { readonly type: Type }>;

/** Ids of cases, facts, items and recipients are plain words here; the case file checks the form of each when it is told. */
// The brand is a promise to the compiler alone, and `decide` refuses what has not the form.
const idOf = (word: string): never => word as never;

type Purpose = CommandOf<"RecordConsent">["purpose"];

export const openCase = (code: string, now: Instant, wording: "adult" | "child"): CommandOf<"OpenCase"> => ({
  type: "OpenCase",
  code: idOf(code),
  searchedAt: now,
  limits: { kind: "told", wording, duties: wording === "child" ? ["child-in-danger"] : [] },
});

export const fact = (
  name: string,
  value: string | readonly string[],
  now: Instant,
  changedBecause?: string,
): CommandOf<"RecordFact"> => ({
  type: "RecordFact",
  fact: idOf(name),
  value: typeof value === "string" ? { kind: "one", value } : { kind: "list", values: value },
  saidBy: "survivor",
  wasSoAt: now,
  ...(changedBecause === undefined ? {} : { correction: { kind: "changed", because: changedBecause } }),
});

const told = {
  options: ["do-nothing", "not-report", "platform", "tool", "law", "service"],
  outcomes: true,
  risks: ["retaliation", "delay", "confidentiality-loss", "family-notification", "community-awareness"],
  limits: true,
  outcomePromised: false,
} as const;

const obtained = {
  how: "in-person",
  pressureSeen: false,
  othersCouldHear: false,
  deviceWatched: false,
  interpreter: "none",
} as const;

const given = (purpose: Purpose, recipient: string, now: Instant, mayShare: readonly string[]) =>
  ({
    purpose,
    recipient: idOf(recipient),
    told,
    obtained,
    mayShare,
    givenAt: now,
  }) as const;

export const consent = (
  purpose: Purpose,
  recipient: string,
  now: Instant,
  mayShare: readonly string[] = [],
): CommandOf<"RecordConsent"> => ({
  type: "RecordConsent",
  ...given(purpose, recipient, now, mayShare),
  answer: "yes",
});

export const assent = (
  purpose: Purpose,
  recipient: string,
  now: Instant,
  mayShare: readonly string[] = [],
): CommandOf<"RecordAssent"> => ({ type: "RecordAssent", ...given(purpose, recipient, now, mayShare), answer: "yes" });

export const guardianConsent = (
  purpose: Purpose,
  recipient: string,
  now: Instant,
  mayShare: readonly string[] = [],
  said: Said = saidIn.en,
): CommandOf<"RecordGuardianConsent"> => ({
  type: "RecordGuardianConsent",
  ...given(purpose, recipient, now, mayShare),
  guardian: said.mother,
  answer: "yes",
});

export const bestInterests = (
  purpose: Purpose,
  recipient: string,
  mayShare: readonly string[] = [],
  said: Said = saidIn.en,
): CommandOf<"ProposeBestInterests"> => ({
  type: "ProposeBestInterests",
  purpose,
  recipient: idOf(recipient),
  decision: "go-ahead",
  reasons: said.bestReasons,
  childView: said.bestChildView,
  guardianView: { kind: "not-sought", because: said.bestGuardianView },
  mayShare,
});

export const safeContact = (reach: string, until: Instant, said: Said = saidIn.en): CommandOf<"AgreeSafeContact"> => ({
  type: "AgreeSafeContact",
  how: "messaging-app",
  reach,
  when: said.contactWhen,
  nameToUse: said.contactName,
  mayLeaveMessage: false,
  mustNotKnow: [said.father, said.brothers],
  codeWord: said.codeWord,
  validUntilAt: until,
});

export const detail = (field: CommandOf<"RecordDetail">["field"], text: string): CommandOf<"RecordDetail"> => ({
  type: "RecordDetail",
  field,
  saidBy: "survivor",
  value: { kind: "given", text },
});

export const assessment = (
  kind: CommandOf<"RecordAssessment">["assessment"],
  findings: string,
): CommandOf<"RecordAssessment"> => ({ type: "RecordAssessment", assessment: kind, findings, risks: [] });

export const safetyItem = (
  item: string,
  words: string,
  area: CommandOf<"SetSafetyItem">["area"],
  said: Said = saidIn.en,
): CommandOf<"SetSafetyItem"> => ({
  type: "SetSafetyItem",
  item: idOf(item),
  words,
  who: said.me,
  when: said.atOnce,
  area,
});

export const riskResponse = (measures: string): CommandOf<"RecordRiskResponse"> => ({
  type: "RecordRiskResponse",
  measures,
});

export const changePasswords = (said: Said): CommandOf<"SetDigitalItem"> => ({
  type: "SetDigitalItem",
  item: idOf("digital-1"),
  words: said.planPassword,
  who: said.me,
  when: said.tonight,
  act: "change-passwords",
});

export const digitalDone = (): CommandOf<"MarkDigitalItem"> => ({
  type: "MarkDigitalItem",
  item: idOf("digital-1"),
  outcome: "done",
});

export const takedown = (tool: string, now: Instant): CommandOf<"RecordTakedown"> => ({
  type: "RecordTakedown",
  takedown: idOf("takedown-1"),
  tool,
  madeBy: "survivor",
  madeAt: now,
});

export const takedownCheck = (
  outcome: CommandOf<"RecordTakedownCheck">["outcome"],
  now: Instant,
): CommandOf<"RecordTakedownCheck"> => ({
  type: "RecordTakedownCheck",
  takedown: idOf("takedown-1"),
  outcome,
  checkedAt: now,
});

export const serviceNeed = (service: CommandOf<"RecordServiceNeed">["service"]): CommandOf<"RecordServiceNeed"> => ({
  type: "RecordServiceNeed",
  service,
  need: "needed",
});

export const goal = (
  words: string,
  service: CommandOf<"RecordServiceNeed">["service"],
  dueAt: Instant,
  said: Said = saidIn.en,
): CommandOf<"SetGoal"> => ({
  type: "SetGoal",
  goal: idOf("goal-1"),
  words,
  services: [service],
  who: said.me,
  dueAt,
});

export const goalMet = (): CommandOf<"MarkGoal"> => ({ type: "MarkGoal", goal: idOf("goal-1"), outcome: "met" });

export const prepareReferral = (
  recipient: string,
  service: CommandOf<"PrepareReferral">["service"],
  fields: readonly string[],
  reason: string,
): CommandOf<"PrepareReferral"> => ({
  type: "PrepareReferral",
  referral: idOf("referral-1"),
  service,
  recipient: idOf(recipient),
  fields,
  urgency: "24h",
  reason,
});

export const sendReferral = (): CommandOf<"SendReferral"> => ({ type: "SendReferral", referral: idOf("referral-1") });

export const referralAccepted = (): CommandOf<"RecordReferralAnswer"> => ({
  type: "RecordReferralAnswer",
  referral: idOf("referral-1"),
  answer: "accepted",
});

export const referralDone = (given: string): CommandOf<"RecordReferralDone"> => ({
  type: "RecordReferralDone",
  referral: idOf("referral-1"),
  given,
});

export const closeReferral = (said: Said): CommandOf<"CloseReferral"> => ({
  type: "CloseReferral",
  referral: idOf("referral-1"),
  because: said.referralClosed,
});

export const legalRisk = (agency: string, said: Said = saidIn.en): CommandOf<"AssessLegalRisk"> => ({
  type: "AssessLegalRisk",
  agency: idOf(agency),
  immediateRisks: said.legalImmediate,
  secondaryRisks: said.legalSecondary,
  benefits: said.legalBenefits,
  protectionBefore: said.legalBefore,
  protectionDuring: said.legalDuring,
  protectionAfter: said.legalAfter,
});

export const notReport = (words: string): CommandOf<"RecordLawDecision"> => ({
  type: "RecordLawDecision",
  decision: "not-report",
  isVoluntary: true,
  words,
});

export const planFollowUp = (dueAt: Instant, said: Said = saidIn.en): CommandOf<"PlanFollowUp"> => ({
  type: "PlanFollowUp",
  followUp: idOf("follow-up-1"),
  about: said.call,
  dueAt,
});

export const followUp = (now: Instant): CommandOf<"RecordFollowUp"> => ({
  type: "RecordFollowUp",
  followUp: idOf("follow-up-1"),
  doneAt: now,
  progress: { safety: "better", health: "same", psychosocial: "better", justice: "not-discussed", other: "same" },
});

export const note = (text: string): CommandOf<"WriteNote"> => ({
  type: "WriteNote",
  note: idOf("note-1"),
  about: "case",
  text,
});

export const emergency = (recipient: string, said: Said): CommandOf<"ActInEmergency"> => ({
  type: "ActInEmergency",
  act: "child-protection-response",
  recipient: idOf(recipient),
  shared: ["fact:harm"],
  personTold: { kind: "told" },
  because: said.emergencyBecause,
});

export const closeCase = (said: Said): CommandOf<"CloseCase"> => ({
  type: "CloseCase",
  reason: "goals-met",
  because: said.closedBecause,
  checklist: {
    "safety-plan-reviewed": { kind: "yes" },
    "goals-reviewed": { kind: "yes" },
    "referrals-followed-up": { kind: "yes" },
    "survivor-agrees": { kind: "yes" },
    "knows-whom-to-call": { kind: "yes" },
    "file-retention-explained": { kind: "yes" },
  },
  toldCanComeBack: { kind: "yes" },
  feedback: { kind: "given", text: said.feedback },
});
