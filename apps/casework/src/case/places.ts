/** Where in the case an action of the pathway, a missing fact or a due item is worked on. */

import type { ClosureObstacle } from "@amana/casefile";
import type { Area } from "@amana/pathway";
import type { Refusal, Section } from "./screen.ts";

const byArea: Readonly<Record<Area, Section | undefined>> = {
  case: undefined,
  mhpss: "services",
  safety: "safety",
  digital: "safety",
  law: "law",
};

const byAction: Readonly<Record<string, Section>> = {
  "risk-assessment": "assessment",
  "digital-risk-assessment": "assessment",
  "mental-health-needs-assessment": "assessment",
  "shelter-referral": "services",
  "urgent-protection-referral": "services",
  "child-protection-response": "services",
  "health-referral": "services",
  "cash-assistance-referral": "services",
  "refer-to-digital-specialist": "services",
  "legal-referral": "services",
  "case-plan": "services",
  "explain-options": "consent",
  "explain-limits-of-confidentiality": "person",
  "seek-guardian-consent": "consent",
  "best-interests-procedure": "consent",
  "request-removal": "content",
  "report-on-platform": "content",
  "request-fast-escalation": "content",
  "preserve-evidence": "content",
  "note-addresses": "content",
  "decide-evidence-exception": "content",
  "hold-evidence-as-exception": "content",
  "explain-mechanisms": "content",
  "follow-up": "follow-up",
  "emergency-call": "safety",
  // What is done in the conversation itself is written down as a note.
  "psychological-first-aid": "notes",
  "name-fabricated-content": "notes",
  "assess-evidence-safety": "questions",
};

export const sectionOfAction = (id: string, area: Area): Section | undefined => byAction[id] ?? byArea[area];

/** What is missing first decides where to go. */
export const sectionOfGate = (needs: readonly string[]): Section => sectionOfFact(needs[0] ?? "");

const sectionOfFact = (fact: string): Section => {
  if (/^(consent|assent|guardian-consent|best-interests)-/.test(fact)) return "consent";
  if (fact === "legal-risk-assessed") return "law";
  if (fact === "exception-approved" || fact === "evidence-preserved") return "content";
  return fact.endsWith("-assessed") ? "assessment" : "questions";
};

const byDue: Readonly<Record<string, Section>> = {
  "risk-clock": "assessment",
  "risk-not-assessed": "assessment",
  "second-person": "safety",
  "emergency-follow-up": "safety",
  "person-to-be-told": "safety",
  "provider-to-be-stopped": "services",
  "transfer-to-be-stopped": "closure",
  "provider-to-be-told": "services",
  "transfer-to-be-told": "closure",
  "agency-to-be-told": "law",
  "request-to-take-back": "content",
  // An act of the digital plan is marked where the plan is.
  "withdrawal-to-act-on": "safety",
  "evidence-without-ground": "content",
  "limits-to-tell": "person",
  "safe-contact": "person",
  conflict: "questions",
  "answer-not-understood": "questions",
  // Whoever may decide it has all of them side by side; whoever asked sees what waits.
  approval: "history",
  "referral-unanswered": "services",
  "referral-to-place": "services",
  "referral-follow-up": "services",
  reassessment: "assessment",
  "got-worse": "assessment",
  "plan-to-change": "safety",
  "assessment-to-make": "assessment",
  "assessment-outdated": "assessment",
  "takedown-check": "content",
  "follow-up": "follow-up",
  goal: "services",
  "consent-ends": "consent",
  responsibility: "people",
};

/** Where it is settled depends on what it is about: the file is closed or destroyed, and who carries a case is agreed among people. */
const byDueAbout: Readonly<Record<string, Readonly<Record<string, Section>>>> = {
  conflict: { responsibility: "people", code: "history" },
  "withdrawal-to-act-on": { "store-file": "closure" },
  "assessment-outdated": { "legal-risk": "law" },
};

export const sectionOfDue = (kind: string, about: string): Section => byDueAbout[kind]?.[about] ?? byDue[kind] ?? "now";

/** Where what keeps a case open is settled. What is only a word of whoever closes stands in the form itself. */
const byObstacle: Readonly<Record<ClosureObstacle, Section>> = {
  "risk-not-assessed": "assessment",
  "risk-clock": "assessment",
  "level-high": "assessment",
  "transfer-missing": "closure",
  "referral-open": "services",
  "withdrawal-to-act-on": "services",
  "approval-waiting": "history",
  "evidence-held": "content",
  "takedown-waiting": "content",
  "emergency-open": "safety",
  checklist: "closure",
};

/** Where what is missing can be brought, if it can be brought somewhere in the case; each place once. */
export const sectionsOfRefusal = (refusal: Refusal): readonly Section[] => {
  switch (refusal.type) {
    case "ConsentMissing":
    case "FieldsNotConsented":
      return ["consent"];
    case "GateClosed":
      return [sectionOfGate(refusal.needs)];
    case "LimitsNotTold":
      return ["person"];
    case "AgencyNotAssessed":
      return ["law"];
    case "NoImminentDanger":
      return ["questions"];
    case "CaseIsClosed":
      return ["closure"];
    case "ClosureBlocked":
      return [...new Set(refusal.by.map((obstacle) => byObstacle[obstacle]))];
    default:
      return [];
  }
};
