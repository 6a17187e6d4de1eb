/**
 * Of a long history what somebody looks for: by whom, and about which part of the case. A filter only leaves out what is
 * shown; what was chosen and stands there no more leaves out nothing.
 */

import type { CaseEvent } from "@amana/casefile";
import { type HistoryView, type Section, sections } from "./screen.ts";

/** A section of the case, or what two people decide together, whatever section it is of. */
export type HistoryPart = Section | "two-people";

const eventParts: Readonly<Record<CaseEvent["type"], readonly HistoryPart[]>> = {
  CaseOpened: ["person"],
  LimitsTold: ["person"],
  SafeContactAgreed: ["person"],
  SafeContactUnsafe: ["person"],
  DetailRecorded: ["person"],
  FactRecorded: ["questions"],
  IncidentRecorded: ["assessment"],
  AssessmentRecorded: ["assessment"],
  AssessmentOutdated: ["assessment"],
  RiskAssessed: ["assessment"],
  RiskRaised: ["assessment"],
  RiskLoweringProposed: ["assessment", "two-people"],
  RiskResponseRecorded: ["assessment"],
  ConsentRecorded: ["consent"],
  AssentRecorded: ["consent"],
  GuardianConsentRecorded: ["consent"],
  BestInterestsProposed: ["consent", "two-people"],
  ConsentWithdrawn: ["consent"],
  SafetyItemSet: ["safety"],
  SafetyItemMarked: ["safety"],
  SafetyPlanReviewed: ["safety"],
  DigitalItemSet: ["safety"],
  DigitalItemMarked: ["safety"],
  DigitalPlanReviewed: ["safety"],
  EmergencyActed: ["safety", "two-people"],
  EmergencyFollowedUp: ["safety"],
  GoalSet: ["services"],
  GoalMarked: ["services"],
  ServiceNeedRecorded: ["services"],
  ReferralPrepared: ["services"],
  ReferralSent: ["services"],
  ReferralAnswered: ["services"],
  ReferralDeclinedBySurvivor: ["services"],
  ReferralDone: ["services"],
  ReferralClosed: ["services"],
  ReferralStopped: ["services"],
  TakedownRequested: ["content"],
  TakedownChecked: ["content"],
  EvidencePreserved: ["content"],
  EvidenceExceptionProposed: ["content", "two-people"],
  EvidenceReceived: ["content"],
  EvidenceReturned: ["content"],
  LegalRiskAssessed: ["law"],
  LegalRiskOutdated: ["law"],
  LawDecisionRecorded: ["law"],
  LawStepRecorded: ["law"],
  LawOutcomeRecorded: ["law"],
  FollowUpPlanned: ["follow-up"],
  FollowUpDone: ["follow-up"],
  FollowUpMissed: ["follow-up"],
  NoteWritten: ["notes"],
  NoteCorrected: ["notes"],
  CaseClosed: ["closure"],
  CaseReopened: ["closure"],
  CaseTransferred: ["closure"],
  TransferStopped: ["closure"],
  SharingNarrowed: ["services", "closure"],
  CopyMade: ["closure"],
  ResponsibilityOffered: ["people"],
  ResponsibilityAccepted: ["people"],
  ResponsibilityDeclined: ["people"],
  ApprovalGiven: ["two-people"],
  ApprovalRefused: ["two-people"],
};

const partsByEvent: ReadonlyMap<string, readonly HistoryPart[]> = new Map(Object.entries(eventParts));
const partsOf = (event: string): readonly HistoryPart[] => partsByEvent.get(event) ?? [];

/** Who wrote something, in the order in which they did last. */
export const peopleIn = (items: readonly HistoryView[]): readonly string[] => [
  ...new Set(items.map(({ person }) => person)),
];

/** The parts something is about, in the order of the sections, with how much. */
export const partsIn = (
  items: readonly HistoryView[],
): readonly { readonly part: HistoryPart; readonly count: number }[] =>
  [...sections, "two-people" as const].flatMap((part) => {
    const count = items.filter(({ event }) => partsOf(event).includes(part)).length;
    return count === 0 ? [] : [{ part, count }];
  });

export type HistoryWanted = { readonly person: string | undefined; readonly part: HistoryPart | undefined };

export const wantedOf = (items: readonly HistoryView[], { person, part }: HistoryWanted): readonly HistoryView[] => {
  const isThere = person !== undefined && items.some((item) => item.person === person);
  const isAbout = part !== undefined && items.some(({ event }) => partsOf(event).includes(part));
  return items.filter(
    (item) => (!isThere || item.person === person) && (!isAbout || partsOf(item.event).includes(part)),
  );
};
