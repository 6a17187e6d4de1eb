/**
 * Whole acts of a caseworker's day, each with all that it rests on, told one command after the other: a request to take content
 * down, a step to an agency, evidence, a referral, a digital measure, an emergency. Of an adult or of a child, as the case is.
 *
 * Some of it is refused, which is as it should be: the case may lack the answer of a second person.
 */

import { ageOf, factValue, type CaseCommand } from "@amana/casefile";
import {
  assent,
  assessment,
  bestInterests,
  closeCase,
  consent,
  digitalItem,
  guardianConsent,
  lawStep,
  legalRisk,
  recordFact,
  referralTo,
  step,
  takedown,
} from "../../packages/casefile/src/testing/commands.ts";
import { factOf, itemOf, recipientOf } from "../../packages/casefile/src/testing/people.ts";
import type { Teller } from "./commands.ts";

type Purpose = Parameters<typeof consent>[0];

export const anyAct = (teller: Teller): readonly CaseCommand[] => {
  const { chooser } = teller;
  const act = chooser.oneOf(file, removal, law, evidence, exception, referral, digital, emergency, closing);
  return [...limits(teller), ...act(teller)];
};

const limits = ({ state }: Teller): readonly CaseCommand[] => [
  { type: "TellLimits", wording: ageOf(state) === "adult" ? "adult" : "child", duties: [] },
];

/** Only what nobody has answered: an answer that is there is changed elsewhere. */
const facts = (teller: Teller, wanted: Readonly<Record<string, string | readonly string[]>>): readonly CaseCommand[] =>
  Object.entries(wanted).flatMap(([fact, value]) =>
    factValue(teller.state, factOf(fact)) === undefined ? [recordFact(fact, value, { wasSoAt: teller.now })] : [],
  );

const readyToAct = (teller: Teller): readonly CaseCommand[] => [
  ...facts(teller, {
    age: "adult",
    "age-in-image": "adult",
    "sexual-content": "no",
    harm: ["online-harassment"],
    "safe-device": "yes",
    "digital-action-could-escalate": "no",
    "law-report-could-escalate": "no",
    "evidence-safe-to-keep": "yes",
    "wants-removal": "yes",
    "wants-law-report": "yes",
  }),
  { ...assessment("digital-risk"), findings: teller.planter.plant() },
  { ...assessment("physical-safety"), findings: teller.planter.plant() },
];

/** An adult's consent; of a child what stands in its place, and the guardian only where it may be asked. */
export const agreement = (teller: Teller, purpose: Purpose, recipient: string): readonly CaseCommand[] => {
  const { state, planter, chooser, now } = teller;
  if (ageOf(state) !== "child") return [consent(purpose, recipient, { givenAt: now })];
  return [
    assent(purpose, recipient, { givenAt: now }),
    chooser.isOneIn(2)
      ? guardianConsent(purpose, recipient, { givenAt: now, guardian: planter.plant() })
      : bestInterests(purpose, recipient, { reasons: planter.plant() }),
  ];
};

type Act = (teller: Teller) => readonly CaseCommand[];

const anyItem = ({ chooser }: Teller, kind: string): ReturnType<typeof itemOf> =>
  itemOf(`${kind}-${String(chooser.below(1_000_000))}`);

const file: Act = (teller) => [
  ...facts(teller, { age: "adult" }),
  ...agreement(teller, "store-file", "own-organisation"),
];

const removal: Act = (teller) => {
  const { now, chooser } = teller;
  const request = { ...takedown("T-insm", now), takedown: anyItem(teller, "takedown") };
  const outcome = chooser.oneOf("waiting", "removed", "reappeared");
  return [
    ...readyToAct(teller),
    ...agreement(teller, "removal", "T-insm"),
    request,
    { type: "RecordTakedownCheck", takedown: request.takedown, outcome, checkedAt: now },
  ];
};

const law: Act = (teller) => {
  const { planter, now } = teller;
  const agency = recipientOf(teller.chooser.oneOf("A-community-police", "A-nss"));
  return [
    ...readyToAct(teller),
    { ...legalRisk, agency, benefits: planter.plant() },
    { type: "RecordLawDecision", decision: "report", isVoluntary: true, words: planter.plant() },
    ...agreement(teller, "law", agency),
    lawStep({ agency, happenedAt: now, text: planter.plant() }),
    { type: "RecordLawOutcome", agency, outcome: planter.plant() },
  ];
};

const evidence: Act = (teller) => [
  ...readyToAct(teller),
  ...agreement(teller, "evidence", "survivor-side"),
  { type: "RecordEvidencePreserved", kept: ["addresses", "times"] },
];

const exception: Act = (teller) => [
  ...readyToAct(teller),
  ...facts(teller, { "material-volunteered": "yes", "material-critical-to-safety": "yes" }),
  ...agreement(teller, "evidence", "own-organisation"),
  { type: "ProposeEvidenceException", because: teller.planter.plant(), criticalToSafety: "It shows when he comes." },
];

const referral: Act = (teller) => {
  const { planter } = teller;
  const recipient = recipientOf("provider-of-care");
  const id = anyItem(teller, "referral");
  const sharing = { mayShare: ["fact:harm", "safe-contact"] };
  return [
    ...agreement(teller, "referral", recipient).map((command) => ({ ...command, ...sharing })),
    referralTo(recipient, { referral: id, fields: ["safe-contact"], reason: planter.plant() }),
    step("SendReferral", id),
    { type: "RecordReferralAnswer", referral: id, answer: "accepted", text: planter.plant() },
    { type: "RecordReferralDone", referral: id, given: planter.plant() },
  ];
};

const digital: Act = (teller) => [
  ...readyToAct(teller),
  ...agreement(teller, "digital", "change-passwords"),
  digitalItem("change-passwords", { item: anyItem(teller, "digital"), words: teller.planter.plant() }),
];

const emergency: Act = (teller) => [
  ...facts(teller, { "immediate-danger": "yes" }),
  {
    type: "ActInEmergency",
    act: teller.chooser.oneOf("emergency-call", "urgent-referral"),
    recipient: recipientOf("A-911"),
    shared: [],
    personTold: { kind: "told" },
    because: teller.planter.plant(),
  },
];

const closing: Act = ({ planter, chooser }) => [
  { type: "AssessRisk" },
  { type: "RecordRiskResponse", measures: planter.plant() },
  closeCase({ because: planter.plant() }),
  ...(chooser.isOneIn(2) ? [{ type: "ReopenCase", because: planter.plant() } as const] : []),
];
