/**
 * What stands in the cases of a simulation when it begins: enough that most of what people do in a case can be done at once. Written
 * once, since every simulation begins with a copy.
 */

import { later, type Instant } from "@amana/kernel";
import type { CaseCommand } from "@amana/casefile";
import {
  assent,
  assessment,
  consent,
  digitalItem,
  emergencyCall,
  goal,
  guardianConsent,
  legalRisk,
  recordFact,
  referralTo,
  safetyItem,
  step,
} from "../../packages/casefile/src/testing/commands.ts";
import { itemOf } from "../../packages/casefile/src/testing/people.ts";

const said = (facts: Readonly<Record<string, string | readonly string[]>>): readonly CaseCommand[] =>
  Object.entries(facts).map(([fact, value]) => recordFact(fact, value));

const followUpInMilliseconds = 3 * 86_400_000;

/** Hers may be closed: nothing of it waits for anybody. */
export const ofAnAdult = (now: Instant): readonly CaseCommand[] => [
  ...said({
    ...{ age: "adult", "age-in-image": "adult", "sexual-content": "no", harm: ["online-harassment"] },
    ...{ "safe-device": "yes", "digital-action-could-escalate": "no", "law-report-could-escalate": "no" },
    ...{ "wants-removal": "yes", "wants-law-report": "yes", "evidence-safe-to-keep": "yes" },
    ...{ "material-volunteered": "yes", "material-critical-to-safety": "yes" },
  }),
  consent("store-file", "own-organisation"),
  consent("digital", "change-passwords"),
  consent("evidence", "own-organisation"),
  consent("evidence", "survivor-side"),
  consent("removal", "T-insm"),
  consent("law", "A-community-police"),
  assessment("digital-risk"),
  assessment("physical-safety"),
  { type: "AssessRisk" },
  legalRisk,
  { type: "RecordLawDecision", decision: "report", isVoluntary: true },
  digitalItem("change-passwords"),
  { type: "WriteNote", note: itemOf("note-0"), about: "case", text: "She came alone." },
  goal({ goal: itemOf("goal-0"), words: "To sleep." }),
  safetyItem({ item: itemOf("safety-0"), words: "I call my aunt.", area: "people" }),
  { type: "PlanFollowUp", followUp: itemOf("follow-up-0"), about: "a call", dueAt: later(now, followUpInMilliseconds) },
];

/** Proposed by whoever carries the adult's case, and approved by a supervisor. */
export const exceptionOfAdult: CaseCommand = {
  type: "ProposeEvidenceException",
  because: "Her brother controls her telephone.",
  criticalToSafety: "It shows when he comes.",
};

const shared = { mayShare: ["fact:harm", "safe-contact"] };

/** In danger, with a provider asked and help awaited. */
export const ofAChild: readonly CaseCommand[] = [
  { type: "TellLimits", wording: "child", duties: [] },
  ...said({ age: "child", "guardian-unsafe": "no", harm: ["online-harassment"], "immediate-danger": "yes" }),
  { type: "AssessRisk" },
  assent("store-file", "own-organisation"),
  guardianConsent("store-file", "own-organisation"),
  assent("referral", "provider-of-care", shared),
  guardianConsent("referral", "provider-of-care", shared),
  referralTo("provider-of-care"),
  step("SendReferral"),
  emergencyCall({ personTold: { kind: "could-not-be-reached", because: "Nobody answers." } }),
];
