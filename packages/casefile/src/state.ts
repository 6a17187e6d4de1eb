/**
 * The state of a case: by subject, everything that was said and what had been seen when it was said.
 *
 * Nothing in it depends on the order of delivery. What stands of it is computed by the functions of each subject.
 */

import { type ApprovalsState, noApprovals } from "./approvals/approvals.ts";
import { type AssessmentsState, noAssessments } from "./assessments/assessments.ts";
import { type ClosureState, noClosure } from "./closure/closure.ts";
import { type ConsentState, noConsent } from "./consent/record.ts";
import { type EmergencyState, noEmergency } from "./emergency/emergency.ts";
import { type EvidenceState, noEvidence } from "./evidence/evidence.ts";
import { type FactsState, noFacts } from "./facts/facts.ts";
import { type FollowUpsState, noFollowUps } from "./follow-ups/follow-ups.ts";
import type { HistoryItem } from "./history.ts";
import { type IncidentsState, noIncidents } from "./incident/incident.ts";
import { type LawState, noLaw } from "./law/law.ts";
import { type NotesState, noNotes } from "./notes/notes.ts";
import { type OpeningState, noOpening } from "./opening/opening.ts";
import { type CasePlanState, noCasePlan } from "./plans/case-plan.ts";
import { type DigitalPlanState, noDigitalPlan } from "./plans/digital-plan.ts";
import { type SafetyPlanState, noSafetyPlan } from "./plans/safety-plan.ts";
import { type ReferralsState, noReferrals } from "./referrals/referrals.ts";
import { type ResponsibilityState, noResponsibility } from "./responsibility/responsibility.ts";
import { type RiskState, noRisk } from "./risk/risk.ts";
import { type SharingState, noSharing } from "./sharing/sharing.ts";
import { type SurvivorState, noSurvivor } from "./survivor/details.ts";
import { type SafeContactState, noSafeContact } from "./survivor/safe-contact.ts";
import { type TakedownsState, noTakedowns } from "./takedowns/takedowns.ts";

export type CaseState = {
  readonly opening: OpeningState;
  readonly safeContact: SafeContactState;
  readonly survivor: SurvivorState;
  readonly facts: FactsState;
  readonly incidents: IncidentsState;
  readonly assessments: AssessmentsState;
  readonly consent: ConsentState;
  readonly risk: RiskState;
  readonly safetyPlan: SafetyPlanState;
  readonly digitalPlan: DigitalPlanState;
  readonly casePlan: CasePlanState;
  readonly referrals: ReferralsState;
  readonly takedowns: TakedownsState;
  readonly law: LawState;
  readonly evidence: EvidenceState;
  readonly emergency: EmergencyState;
  readonly notes: NotesState;
  readonly followUps: FollowUpsState;
  readonly approvals: ApprovalsState;
  readonly closure: ClosureState;
  readonly responsibility: ResponsibilityState;
  readonly sharing: SharingState;
  /** Everything, what does not count included. */
  readonly history: readonly HistoryItem[];
};

/** Before anything. */
export const noCaseYet: CaseState = {
  opening: noOpening,
  safeContact: noSafeContact,
  survivor: noSurvivor,
  facts: noFacts,
  incidents: noIncidents,
  assessments: noAssessments,
  consent: noConsent,
  risk: noRisk,
  safetyPlan: noSafetyPlan,
  digitalPlan: noDigitalPlan,
  casePlan: noCasePlan,
  referrals: noReferrals,
  takedowns: noTakedowns,
  law: noLaw,
  evidence: noEvidence,
  emergency: noEmergency,
  notes: noNotes,
  followUps: noFollowUps,
  approvals: noApprovals,
  closure: noClosure,
  responsibility: noResponsibility,
  sharing: noSharing,
  history: [],
};
