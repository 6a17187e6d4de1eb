/** Every command: what a person wants written down or done. */

import type { ApprovalCommand } from "./approvals/approvals.ts";
import type { AssessmentCommand } from "./assessments/assessments.ts";
import type { ClosureCommand } from "./closure/closure.ts";
import type { ConsentCommand } from "./consent/record.ts";
import type { CopyCommand } from "./copies/copies.ts";
import type { EmergencyCommand } from "./emergency/emergency.ts";
import type { EvidenceCommand } from "./evidence/evidence.ts";
import type { FactCommand } from "./facts/facts.ts";
import type { FollowUpCommand } from "./follow-ups/follow-ups.ts";
import type { IncidentCommand } from "./incident/incident.ts";
import type { LawCommand } from "./law/law.ts";
import type { NoteCommand } from "./notes/notes.ts";
import type { OpeningCommand } from "./opening/opening.ts";
import type { CasePlanCommand } from "./plans/case-plan.ts";
import type { DigitalPlanCommand } from "./plans/digital-plan.ts";
import type { SafetyPlanCommand } from "./plans/safety-plan.ts";
import type { ReferralCommand } from "./referrals/referrals.ts";
import type { ResponsibilityCommand } from "./responsibility/responsibility.ts";
import type { RiskCommand } from "./risk/risk.ts";
import type { SharingCommand } from "./sharing/sharing.ts";
import type { SurvivorCommand } from "./survivor/details.ts";
import type { SafeContactCommand } from "./survivor/safe-contact.ts";
import type { TakedownCommand } from "./takedowns/takedowns.ts";

export type CaseCommand =
  | OpeningCommand
  | SafeContactCommand
  | SurvivorCommand
  | FactCommand
  | IncidentCommand
  | AssessmentCommand
  | ConsentCommand
  | RiskCommand
  | SafetyPlanCommand
  | DigitalPlanCommand
  | CasePlanCommand
  | ReferralCommand
  | TakedownCommand
  | LawCommand
  | EvidenceCommand
  | EmergencyCommand
  | NoteCommand
  | FollowUpCommand
  | ApprovalCommand
  | ClosureCommand
  | ResponsibilityCommand
  | SharingCommand
  | CopyCommand;

/**
 * What stays open while the case holds an entry this device cannot read (SECURITY §3): nothing that rests on consent, access
 * or risk, for the unread entry may have changed it. Seeing danger, withdrawing and staying safe never wait, and where a case
 * is closed they begin with opening it again.
 */
export const openWhileUnread: ReadonlySet<CaseCommand["type"]> = new Set([
  "TellLimits",
  "DeclareContactUnsafe",
  "RecordFact",
  "OutdateAssessment",
  "OutdateLegalRisk",
  "WithdrawConsent",
  "RaiseRisk",
  "RecordRiskResponse",
  "SetSafetyItem",
  "MarkSafetyItem",
  "ReviewSafetyPlan",
  "ActInEmergency",
  "RecordSurvivorDeclined",
  "RecordReferralStopped",
  "RecordTransferStopped",
  "RecordSharingNarrowed",
  "RecordEvidenceReturned",
  "RefuseApproval",
  "ReopenCase",
  "RecordCopy",
]);

/** A letter rests on the consent for its recipient, which what cannot be read may have withdrawn; other copies stay here. */
export const isOpenWhileUnread = (command: CaseCommand): boolean =>
  isStepBack(command) ||
  (openWhileUnread.has(command.type) && !(command.type === "RecordCopy" && command.copy === "referral-letter"));

/** Of the steps to law enforcement, stepping back is a withdrawal: the agency is told of it whenever she does. */
export const isStepBack = (command: CaseCommand): boolean =>
  command.type === "RecordLawStep" && command.step === "withdrawn-by-survivor";

/** The subject each command belongs to. */
export const subjectOf = {
  OpenCase: "opening",
  TellLimits: "opening",
  AgreeSafeContact: "safeContact",
  DeclareContactUnsafe: "safeContact",
  RecordDetail: "survivor",
  RecordFact: "facts",
  RecordIncident: "incidents",
  RecordAssessment: "assessments",
  OutdateAssessment: "assessments",
  RecordConsent: "consent",
  RecordAssent: "consent",
  RecordGuardianConsent: "consent",
  ProposeBestInterests: "consent",
  WithdrawConsent: "consent",
  AssessRisk: "risk",
  RaiseRisk: "risk",
  ProposeLowerRisk: "risk",
  RecordRiskResponse: "risk",
  SetSafetyItem: "safetyPlan",
  MarkSafetyItem: "safetyPlan",
  ReviewSafetyPlan: "safetyPlan",
  SetDigitalItem: "digitalPlan",
  MarkDigitalItem: "digitalPlan",
  ReviewDigitalPlan: "digitalPlan",
  SetGoal: "casePlan",
  MarkGoal: "casePlan",
  RecordServiceNeed: "casePlan",
  PrepareReferral: "referrals",
  SendReferral: "referrals",
  RecordReferralAnswer: "referrals",
  RecordSurvivorDeclined: "referrals",
  RecordReferralDone: "referrals",
  CloseReferral: "referrals",
  RecordReferralStopped: "referrals",
  RecordTakedown: "takedowns",
  RecordTakedownCheck: "takedowns",
  AssessLegalRisk: "law",
  OutdateLegalRisk: "law",
  RecordLawDecision: "law",
  RecordLawStep: "law",
  RecordLawOutcome: "law",
  RecordEvidencePreserved: "evidence",
  ProposeEvidenceException: "evidence",
  RecordEvidenceReceived: "evidence",
  RecordEvidenceReturned: "evidence",
  ActInEmergency: "emergency",
  RecordEmergencyFollowUp: "emergency",
  WriteNote: "notes",
  CorrectNote: "notes",
  PlanFollowUp: "followUps",
  RecordFollowUp: "followUps",
  RecordMissedFollowUp: "followUps",
  Approve: "approvals",
  RefuseApproval: "approvals",
  CloseCase: "closure",
  ReopenCase: "closure",
  OfferResponsibility: "responsibility",
  AcceptResponsibility: "responsibility",
  DeclineResponsibility: "responsibility",
  TransferCase: "responsibility",
  RecordTransferStopped: "responsibility",
  RecordSharingNarrowed: "sharing",
  RecordCopy: "copies",
} as const satisfies Record<CaseCommand["type"], string>;
