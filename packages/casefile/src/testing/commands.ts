/** Commands as tests give them: complete, and different only where a test says so. */

import type { Instant } from "@amana/kernel";
import type { CaseCommand } from "../command.ts";
import type { FactValue } from "../facts/careful.ts";
import type { Purpose } from "../vocabulary.ts";
import { codeOf, factOf, itemOf, recipientOf, shilan, startAt } from "./people.ts";
import { type World, must } from "./world.ts";

type CommandOf<Type extends CaseCommand["type"]> = Extract<CaseCommand, { readonly type: Type }>;

export const openCase: CommandOf<"OpenCase"> = {
  type: "OpenCase",
  code: codeOf("KRI-2026-0043"),
  searchedAt: startAt,
  limits: { kind: "told", wording: "adult", duties: [] },
};

export const recordFact = (
  fact: string,
  value: FactValue | undefined,
  more: Partial<CommandOf<"RecordFact">> = {},
): CommandOf<"RecordFact"> => ({
  type: "RecordFact",
  fact: factOf(fact),
  value:
    value === undefined
      ? { kind: "unknown" }
      : typeof value === "string"
        ? { kind: "one", value }
        : { kind: "list", values: value },
  saidBy: "survivor",
  wasSoAt: startAt,
  ...more,
});

export const allTold = {
  options: ["do-nothing", "not-report", "platform", "tool", "law", "service"],
  outcomes: true,
  risks: ["retaliation", "delay", "confidentiality-loss", "family-notification", "community-awareness"],
  limits: true,
  outcomePromised: false,
} as const;

export const freelyObtained = {
  how: "in-person",
  pressureSeen: false,
  othersCouldHear: false,
  deviceWatched: false,
  interpreter: "none",
} as const;

const given = (purpose: Purpose, recipient: string) =>
  ({
    purpose,
    recipient: recipientOf(recipient),
    told: allTold,
    obtained: freelyObtained,
    mayShare: [],
    givenAt: startAt,
  }) as const;

export const consent = (
  purpose: Purpose,
  recipient: string,
  more: Partial<CommandOf<"RecordConsent">> = {},
): CommandOf<"RecordConsent"> => ({ type: "RecordConsent", ...given(purpose, recipient), answer: "yes", ...more });

export const assent = (
  purpose: Purpose,
  recipient: string,
  more: Partial<CommandOf<"RecordAssent">> = {},
): CommandOf<"RecordAssent"> => ({ type: "RecordAssent", ...given(purpose, recipient), answer: "yes", ...more });

export const guardianConsent = (
  purpose: Purpose,
  recipient: string,
  more: Partial<CommandOf<"RecordGuardianConsent">> = {},
): CommandOf<"RecordGuardianConsent"> => ({
  type: "RecordGuardianConsent",
  ...given(purpose, recipient),
  guardian: "her aunt",
  answer: "yes",
  ...more,
});

export const bestInterests = (
  purpose: Purpose,
  recipient: string,
  more: Partial<CommandOf<"ProposeBestInterests">> = {},
): CommandOf<"ProposeBestInterests"> => ({
  type: "ProposeBestInterests",
  purpose,
  recipient: recipientOf(recipient),
  decision: "go-ahead",
  reasons: "The father took part in the threats; she is safer with it than without.",
  childView: "She wants it gone and asked that her father not be told.",
  guardianView: { kind: "not-sought", because: "The guardian is a source of the harm." },
  mayShare: [],
  ...more,
});

export const withdraw = (
  purpose: Purpose,
  recipient: string | undefined,
  whose: CommandOf<"WithdrawConsent">["whose"] = "survivor",
): CommandOf<"WithdrawConsent"> => ({
  type: "WithdrawConsent",
  purpose,
  whose,
  toldWhatStops: true,
  ...(recipient === undefined ? {} : { recipient: recipientOf(recipient) }),
});

export const referralTo = (
  recipient: string,
  more: Partial<CommandOf<"PrepareReferral">> = {},
): CommandOf<"PrepareReferral"> => ({
  type: "PrepareReferral",
  referral: itemOf("referral-1"),
  service: "mental-health",
  recipient: recipientOf(recipient),
  fields: ["fact:harm", "safe-contact"],
  urgency: "24h",
  reason: "She cannot sleep and asks for somebody to talk to.",
  ...more,
});

export const step = <Type extends "SendReferral">(type: Type, referral = "referral-1") =>
  ({ type, referral: itemOf(referral) }) as const;

export const takedown = (tool: string, madeAt: Instant, id = "takedown-1"): CommandOf<"RecordTakedown"> => ({
  type: "RecordTakedown",
  takedown: itemOf(id),
  tool,
  madeBy: "survivor",
  madeAt,
});

export const digitalItem = (
  act: CommandOf<"SetDigitalItem">["act"],
  more: Partial<CommandOf<"SetDigitalItem">> = {},
): CommandOf<"SetDigitalItem"> => ({
  type: "SetDigitalItem",
  item: itemOf("digital-1"),
  words: "I change the password of my account from my cousin's phone.",
  who: "the survivor",
  when: "tonight",
  act,
  ...more,
});

export const assessment = (kind: CommandOf<"RecordAssessment">["assessment"]): CommandOf<"RecordAssessment"> => ({
  type: "RecordAssessment",
  assessment: kind,
  findings: "Looked at with her.",
  risks: [],
});

export const legalRisk: CommandOf<"AssessLegalRisk"> = {
  type: "AssessLegalRisk",
  agency: recipientOf("A-community-police"),
  immediateRisks: "He may hear of it from a cousin in the office.",
  secondaryRisks: "Talk in the neighbourhood.",
  benefits: "He is known to stop when he is summoned.",
  protectionBefore: "She stays with her aunt.",
  protectionDuring: "The caseworker goes with her.",
  protectionAfter: "Weekly calls.",
};

export const lawStep = (more: Partial<CommandOf<"RecordLawStep">> = {}): CommandOf<"RecordLawStep"> => ({
  type: "RecordLawStep",
  step: "complaint-by-survivor",
  agency: recipientOf("A-community-police"),
  accompaniedBy: { kind: "person", who: "the caseworker" },
  happenedAt: startAt,
  ...more,
});

export const emergencyCall = (more: Partial<CommandOf<"ActInEmergency">> = {}): CommandOf<"ActInEmergency"> => ({
  type: "ActInEmergency",
  act: "emergency-call",
  recipient: recipientOf("A-911"),
  shared: [],
  personTold: { kind: "told" },
  because: "He is at the door.",
  ...more,
});

export const safetyItem = (more: Partial<CommandOf<"SetSafetyItem">> = {}): CommandOf<"SetSafetyItem"> => ({
  type: "SetSafetyItem",
  item: itemOf("safety-1"),
  words: "I go to my aunt.",
  who: "me",
  when: "at once",
  area: "shelter",
  ...more,
});

export const goal = (more: Partial<CommandOf<"SetGoal">> = {}): CommandOf<"SetGoal"> => ({
  type: "SetGoal",
  goal: itemOf("goal-1"),
  words: "I want to sleep.",
  services: ["mental-health"],
  who: "me",
  ...more,
});

export const closeCase = (more: Partial<CommandOf<"CloseCase">> = {}): CommandOf<"CloseCase"> => ({
  type: "CloseCase",
  reason: "goals-met",
  because: "The content is gone and she feels safe.",
  checklist: {
    "safety-plan-reviewed": { kind: "yes" },
    "goals-reviewed": { kind: "yes" },
    "referrals-followed-up": { kind: "yes" },
    "survivor-agrees": { kind: "yes" },
    "knows-whom-to-call": { kind: "yes" },
    "file-retention-explained": { kind: "yes" },
  },
  toldCanComeBack: { kind: "yes" },
  feedback: { kind: "given", text: "I was believed." },
  ...more,
});

/** An adult's case in which everything a digital act or a removal needs is there, but for the consents. */
export const adultReadyToAct = (world: World): void => {
  must(world, shilan, { ...openCase, searchedAt: world.now });
  const facts: readonly (readonly [string, FactValue])[] = [
    ["age", "adult"],
    ["age-in-image", "adult"],
    ["sexual-content", "yes"],
    ["harm", ["image-based-abuse"]],
    ["platforms", ["instagram"]],
    ["safe-device", "yes"],
    ["blocking-safe", "yes"],
    ["digital-action-could-escalate", "no"],
    ["law-report-could-escalate", "no"],
    ["evidence-safe-to-keep", "yes"],
    ["wants-removal", "yes"],
    ["wants-law-report", "yes"],
  ];
  for (const [fact, value] of facts) must(world, shilan, recordFact(fact, value));
  must(world, shilan, assessment("digital-risk"));
  must(world, shilan, assessment("physical-safety"));
};

/** The same for a child, whose guardian is safe or not. */
export const childReadyToAct = (world: World, guardianUnsafe: "yes" | "no"): void => {
  must(world, shilan, { ...openCase, limits: { kind: "told", wording: "child", duties: ["child-in-danger"] } });
  const facts: readonly (readonly [string, FactValue])[] = [
    ["age", "child"],
    ["guardian-unsafe", guardianUnsafe],
    ["age-in-image", "child"],
    ["sexual-content", "yes"],
    ["harm", ["child-sexual-extortion"]],
    ["platforms", ["instagram"]],
    ["safe-device", "yes"],
    ["digital-action-could-escalate", "no"],
    ["law-report-could-escalate", "no"],
    ["evidence-safe-to-keep", "yes"],
    ["wants-removal", "yes"],
    ["wants-law-report", "yes"],
  ];
  for (const [fact, value] of facts) must(world, shilan, recordFact(fact, value));
  must(world, shilan, assessment("digital-risk"));
  must(world, shilan, assessment("physical-safety"));
};
