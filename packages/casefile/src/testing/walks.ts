/**
 * Whole cases, from first contact to closure. Each walk is told with whatever pathway the world has, so that the same stories
 * are walked with the stand-in here and with the real pathway in `tests/casefile`.
 */

import type { EntryHash } from "../ids.ts";
import {
  assent,
  assessment,
  bestInterests,
  closeCase,
  consent,
  digitalItem,
  legalRisk,
  lawStep,
  openCase,
  recordFact,
  referralTo,
  takedown,
} from "./commands.ts";
import { codeOf, dateOf, hours, itemOf, nasrin, recipientOf, shilan } from "./people.ts";
import { type World, must } from "./world.ts";

const change = { correction: { kind: "changed", because: "It changed since." } } as const;

const facts = (world: World, given: Readonly<Record<string, string | readonly string[]>>): void => {
  for (const [fact, value] of Object.entries(given)) must(world, shilan, recordFact(fact, value));
};

/** Hala, 25: hacked accounts, stolen intimate pictures, threats to show her father. */
export const walkAdult = (world: World): void => {
  must(world, shilan, { ...openCase, code: codeOf("KRI-2026-0002") });
  must(world, shilan, recordFact("private-now", "yes"));
  must(world, shilan, consent("store-file", "own-organisation"));
};

/** What follows once she is known to be 25: consent to keep the file counts only from then on. */
export const walkAdultOn = (world: World): void => {
  facts(world, {
    age: "adult",
    "age-in-image": "adult",
    gender: "woman-or-girl",
    "immediate-danger": "no",
    "suicide-or-self-harm": "no",
    "honour-violence-risk": "yes",
    harm: ["hacking", "image-based-abuse", "sexual-extortion"],
    "sexual-content": "yes",
    synthetic: "no",
    "content-exposure": "threatened",
    "offline-abuse": "no",
    platforms: ["facebook", "instagram"],
    "online-blackmail": "yes",
    "perpetrator-has-accounts": "yes",
    "threat-source": ["perpetrator", "online-network"],
    "survivor-holds-copy": "yes",
  });
  must(world, shilan, {
    type: "RecordDetail",
    field: "name",
    saidBy: "survivor",
    value: { kind: "given", text: "هەڵە" },
  });
  must(world, shilan, {
    type: "RecordDetail",
    field: "religion",
    saidBy: "survivor",
    value: { kind: "skipped", because: "not-needed" },
  });
  must(world, shilan, {
    type: "AgreeSafeContact",
    how: "messaging-app",
    reach: "0750 000 00 02",
    when: "weekdays, ten to twelve",
    nameToUse: "the language school",
    mayLeaveMessage: false,
    mustNotKnow: ["her father", "her brothers"],
    codeWord: "homework",
    validUntilAt: hours(24 * 60),
  });
  must(world, shilan, { type: "AssessRisk" });
  world.now = hours(2);
  must(world, shilan, {
    type: "SetSafetyItem",
    item: itemOf("safety-1"),
    words: "If he finds out I go to my aunt in Duhok.",
    who: "me, my aunt",
    when: "at once",
    area: "shelter",
  });
  must(world, shilan, {
    type: "RecordRiskResponse",
    measures: "Safety plan made; the aunt knows; shelter is on call.",
  });
  must(world, shilan, assessment("physical-safety"));
  must(world, shilan, assessment("digital-risk"));
  facts(world, {
    "digital-action-could-escalate": "yes",
    "digital-escalation-planned": "yes",
    "safe-device": "yes",
    "blocking-safe": "no",
    "wants-removal": "yes",
    "evidence-safe-to-keep": "yes",
  });
  must(world, shilan, consent("digital", "change-passwords"));
  must(world, shilan, digitalItem("change-passwords"));
  must(world, shilan, { type: "MarkDigitalItem", item: itemOf("digital-1"), outcome: "done" });
  must(world, shilan, consent("evidence", "survivor-side"));
  must(world, shilan, { type: "RecordEvidencePreserved", kept: ["screenshots", "usernames", "times"] });
  must(world, shilan, consent("removal", "T-stopncii"));
  must(world, shilan, takedown("T-stopncii", hours(2)));
  must(world, shilan, { type: "RecordServiceNeed", service: "mental-health", need: "needed" });
  must(world, shilan, {
    type: "SetGoal",
    goal: itemOf("goal-1"),
    words: "I want to sleep again.",
    services: ["mental-health"],
    who: "me",
    dueAt: hours(24 * 30),
  });
  must(world, shilan, consent("referral", "the-clinic", { mayShare: ["fact:harm", "safe-contact"] }));
  must(world, shilan, referralTo("the-clinic"));
  must(world, shilan, { type: "SendReferral", referral: itemOf("referral-1") });
  must(world, shilan, {
    type: "RecordReferralAnswer",
    referral: itemOf("referral-1"),
    answer: "accepted",
    answeredBy: "the intake nurse",
  });
  // She is told what a complaint could bring, and decides not to file one.
  must(world, shilan, { ...legalRisk, agency: recipientOf("A-nss") });
  must(world, shilan, {
    type: "RecordLawDecision",
    decision: "not-report",
    isVoluntary: true,
    words: "My father would hear of it.",
  });
  must(world, shilan, { type: "PlanFollowUp", followUp: itemOf("follow-up-1"), about: "call", dueAt: hours(24 * 7) });
  must(world, shilan, {
    type: "RecordIncident",
    incident: itemOf("incident-1"),
    incidentType: "emotional_abuse",
    reportedOn: dateOf("2026-11-21"),
    happenedOn: dateOf("2026-11-12"),
    ageAtIncident: 25,
    perpetrators: ["unknown"],
  });
};

/** What the file says when the threats have stopped, and how it is closed. */
export const endAdult = (world: World): EntryHash => {
  world.now = hours(24 * 7);
  must(world, shilan, {
    type: "RecordFollowUp",
    followUp: itemOf("follow-up-1"),
    doneAt: world.now,
    progress: { safety: "better", health: "same", psychosocial: "better", justice: "not-discussed", other: "same" },
  });
  must(world, shilan, {
    type: "RecordTakedownCheck",
    takedown: itemOf("takedown-1"),
    outcome: "removed",
    checkedAt: world.now,
  });
  must(world, shilan, recordFact("honour-violence-risk", "no", change));
  must(world, shilan, recordFact("online-blackmail", "no", change));
  must(world, shilan, recordFact("content-exposure", "none", change));
  must(world, shilan, { type: "AssessRisk" });
  must(world, shilan, {
    type: "RecordRiskResponse",
    measures: "Reviewed together; he has stopped and the account is gone.",
  });
  return must(world, shilan, {
    type: "ProposeLowerRisk",
    level: "normal",
    because: "He has stopped and holds nothing any more.",
  });
};

export const closeAdult = (world: World, proposal: EntryHash): void => {
  must(world, nasrin, { type: "Approve", proposal, what: "risk-lowering" });
  must(world, shilan, {
    type: "RecordReferralDone",
    referral: itemOf("referral-1"),
    given: "Six meetings.",
    feedback: "I sleep.",
  });
  must(world, shilan, { type: "CloseReferral", referral: itemOf("referral-1"), because: "Over." });
  must(world, shilan, { type: "MarkGoal", goal: itemOf("goal-1"), outcome: "met" });
  must(world, shilan, { type: "ReviewSafetyPlan", madeWithSurvivor: true, stillFits: true });
  must(world, shilan, closeCase());
};

/** A girl of 15, extorted with her own pictures by somebody her father knows. The father is a source of the harm. */
export const walkChild = (world: World): void => {
  must(world, shilan, {
    ...openCase,
    code: codeOf("KRI-2026-0015"),
    limits: { kind: "told", wording: "child", duties: ["child-in-danger"] },
  });
  facts(world, {
    "private-now": "yes",
    age: "child",
    "age-in-image": "child",
    "immediate-danger": "no",
    "suicide-or-self-harm": "no",
    harm: ["child-sexual-extortion", "self-generated-content"],
    "sexual-content": "yes",
    "content-exposure": "threatened",
    platforms: ["instagram"],
    "threat-source": ["perpetrator", "family"],
    "guardian-unsafe": "yes",
    "survivor-holds-copy": "yes",
  });
  must(world, shilan, { type: "AssessRisk" });
  must(world, shilan, {
    type: "ActInEmergency",
    act: "child-protection-response",
    recipient: recipientOf("child-protection-unit"),
    shared: ["fact:harm"],
    personTold: { kind: "told" },
    because: "Abuse of a child online is a sign of abuse elsewhere; her father takes part.",
  });
};

/** Every purpose goes by her own agreement and a decision that a supervisor approves by an entry of their own. */
const decideForChild = (
  world: World,
  purpose: Parameters<typeof assent>[0],
  recipient: string,
  mayShare: readonly string[] = [],
): void => {
  must(world, shilan, assent(purpose, recipient, { mayShare }));
  const proposal = must(world, shilan, bestInterests(purpose, recipient, { mayShare }));
  must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
};

export const walkChildOn = (world: World, emergency: EntryHash): void => {
  must(world, nasrin, {
    type: "Approve",
    proposal: emergency,
    what: "emergency",
    because: "Told at once; it could not wait.",
  });
  must(world, shilan, { type: "RecordEmergencyFollowUp", emergency, help: "came" });
  decideForChild(world, "store-file", "own-organisation");
  must(world, shilan, assessment("physical-safety"));
  must(world, shilan, assessment("digital-risk"));
  facts(world, {
    "digital-action-could-escalate": "no",
    "safe-device": "yes",
    "wants-removal": "yes",
    "wants-law-report": "yes",
    "law-report-could-escalate": "no",
    "evidence-safe-to-keep": "yes",
  });
  must(world, shilan, {
    type: "RecordRiskResponse",
    measures: "Child protection has seen her; she sleeps at her grandmother's.",
  });
  decideForChild(world, "evidence", "survivor-side");
  must(world, shilan, { type: "RecordEvidencePreserved", kept: ["addresses", "usernames", "times"] });
  decideForChild(world, "removal", "T-takeitdown");
  must(world, shilan, takedown("T-takeitdown", world.now));
  must(world, shilan, { ...legalRisk, agency: recipientOf("A-dcvaw") });
  must(world, shilan, { type: "RecordLawDecision", decision: "report", isVoluntary: true });
  decideForChild(world, "law", "A-dcvaw");
  must(world, shilan, lawStep({ agency: recipientOf("A-dcvaw"), happenedAt: world.now }));
  decideForChild(world, "referral", "child-friendly-space", ["fact:harm"]);
  must(world, shilan, referralTo("child-friendly-space", { fields: ["fact:harm"], service: "child-protection" }));
  must(world, shilan, { type: "SendReferral", referral: itemOf("referral-1") });
};

export const closeChild = (world: World): void => {
  world.now = hours(24 * 40);
  must(world, shilan, { type: "RecordReferralAnswer", referral: itemOf("referral-1"), answer: "accepted" });
  must(world, shilan, { type: "RecordReferralDone", referral: itemOf("referral-1"), given: "She goes every week." });
  must(world, shilan, { type: "CloseReferral", referral: itemOf("referral-1"), because: "It goes on without us." });
  must(world, shilan, {
    type: "RecordTakedownCheck",
    takedown: itemOf("takedown-1"),
    outcome: "removed",
    checkedAt: world.now,
  });
  // The level of a child in such a case does not come down; child protection takes the case over.
  decideForChild(world, "referral", "child-protection-unit", ["fact:harm"]);
  must(world, shilan, {
    type: "TransferCase",
    recipient: recipientOf("child-protection-unit"),
    fields: ["fact:harm"],
    because: "They see her every week.",
  });
  must(world, shilan, closeCase({ reason: "transferred", because: "The child-protection unit carries it on." }));
};
