/** The readable history: who did, decided and was told what, newest first, and what of it does not count. */

import { type CaseEvent, type CaseState, isUnderstood } from "@amana/casefile";
import type { HistoryView, Row } from "../../case/screen.ts";
import { type FormName, forms } from "../../forms/commands.ts";
import {
  type Field,
  flag,
  past,
  prose,
  choice,
  choices,
  record,
  recipient,
  shared,
  optional,
  line,
} from "../../forms/fields.ts";
import { interpreters, optionsTold, purposes, risksTold, speakers, waysObtained } from "../../forms/vocabulary.ts";
import { aboutRows } from "./history-about.ts";
import { narrowedRows } from "./narrowed.ts";
import { option, rowsOf, text, word } from "./rows.ts";
import type { Seen } from "./seen.ts";

export const historyOf = (
  state: CaseState,
  { drafts, advice }: Pick<Seen, "drafts" | "advice">,
): readonly HistoryView[] =>
  state.history
    .map((item): HistoryView => ({
      id: `${item.mark.entry}/${item.mark.index}`,
      at: item.mark.recordedAt,
      person: item.mark.author,
      entry: item.mark.entry,
      event: item.event.type,
      rows: [...aboutRows(item.event, state.history, eventRows), ...eventRows(item.event, item.mark.recordedAt)],
      because: item.event.type === "RiskAssessed" ? item.event.because : [],
      without: item.standing.kind === "counts" ? undefined : item.standing.why,
      isWithoutConsent: item.isWithoutConsent,
      isNotUnderstood: item.event.type === "FactRecorded" && !isUnderstood(item.event, advice.vocabulary),
      isDraft: drafts.has(item.mark.entry),
    }))
    .reverse();

const answerFields: readonly Field[] = [
  choice("purpose", ...purposes),
  recipient("recipient"),
  choice("answer", "yes", "no", "cannot"),
  optional(line("guardian")),
  shared("mayShare"),
  optional(prose("limits")),
  past("givenAt"),
  optional(past("expiresAt")),
  record(
    "obtained",
    choice("obtainedHow", ...waysObtained),
    flag("pressureSeen"),
    flag("othersCouldHear"),
    flag("deviceWatched"),
    choice("interpreter", ...interpreters),
  ),
  record(
    "told",
    choices("options", ...optionsTold),
    choices("risks", ...risksTold),
    flag("outcomes"),
    flag("limitsTold"),
    flag("outcomePromised"),
  ),
];

export const eventRows = (event: CaseEvent, recordedAt: number): readonly Row[] => {
  switch (event.type) {
    case "FactRecorded":
      return factRows(event, recordedAt);
    case "ConsentRecorded":
    case "AssentRecorded":
    case "GuardianConsentRecorded": {
      // The same words twice would name two things: how it was obtained, and that limits were told.
      const obtained = { ...event.obtained, obtainedHow: event.obtained.how };
      const told = { ...event.told, limitsTold: event.told.limits };
      return rowsOf(answerFields, { ...event, obtained, told });
    }
    case "CaseOpened":
      return [
        { label: word("field.code"), value: text(event.code) },
        { label: word("field.searched"), value: option("searched", event.nothingToSearchBy ?? "yes") },
        { label: word("field.limitsTold"), value: option("limitsTold", event.limits.kind) },
      ];
    case "RiskAssessed":
      return [
        { label: word("field.level"), value: option("level", event.level) },
        {
          label: word("field.pack"),
          value: { kind: "list", of: [option("pack", event.pack.id), text(event.pack.version)] },
        },
      ];
    case "SharingNarrowed":
      return [
        { label: word("field.recipient"), value: { kind: "recipient", recipient: event.recipient } },
        ...narrowedRows(event),
        ...rowsOf(forms.RecordSharingNarrowed, event),
      ];
    case "CopyMade":
      return [{ label: word("field.copy"), value: option("copy", event.copy) }];
    default:
      return rowsOf(fieldsOf(event), event);
  }
};

type FactRecorded = Extract<CaseEvent, { type: "FactRecorded" }>;

/** What was so when it was written down needs no second date. */
const sameMomentMilliseconds = 60_000;

const factRows = ({ fact, value, saidBy, wasSoAt, correction }: FactRecorded, recordedAt: number): readonly Row[] => [
  {
    label: { kind: "fact", fact },
    value: {
      kind: "answer",
      fact,
      value: value.kind === "unknown" ? undefined : value.kind === "one" ? value.value : value.values,
    },
  },
  ...rowsOf([choice("saidBy", ...speakers), past("wasSoAt")], {
    saidBy,
    ...(recordedAt - wasSoAt < sameMomentMilliseconds ? {} : { wasSoAt }),
  }),
  ...(correction === undefined
    ? []
    : [{ label: option("correction", correction.kind), value: text(correction.because) }]),
];

/** Every other event carries what its command asked for. */
export const eventForms: Readonly<Record<Exclude<CaseEvent["type"], OwnRows>, FormName>> = {
  LimitsTold: "TellLimits",
  SafeContactAgreed: "AgreeSafeContact",
  SafeContactUnsafe: "DeclareContactUnsafe",
  DetailRecorded: "RecordDetail",
  IncidentRecorded: "RecordIncident",
  AssessmentRecorded: "RecordAssessment",
  AssessmentOutdated: "OutdateAssessment",
  BestInterestsProposed: "ProposeBestInterests",
  ConsentWithdrawn: "WithdrawConsent",
  RiskRaised: "RaiseRisk",
  RiskLoweringProposed: "ProposeLowerRisk",
  RiskResponseRecorded: "RecordRiskResponse",
  SafetyItemSet: "SetSafetyItem",
  SafetyItemMarked: "MarkSafetyItem",
  SafetyPlanReviewed: "ReviewSafetyPlan",
  DigitalItemSet: "SetDigitalItem",
  DigitalItemMarked: "MarkDigitalItem",
  DigitalPlanReviewed: "ReviewDigitalPlan",
  GoalSet: "SetGoal",
  GoalMarked: "MarkGoal",
  ServiceNeedRecorded: "RecordServiceNeed",
  ReferralPrepared: "PrepareReferral",
  ReferralSent: "PrepareReferral",
  ReferralAnswered: "RecordReferralAnswer",
  ReferralDeclinedBySurvivor: "RecordSurvivorDeclined",
  ReferralDone: "RecordReferralDone",
  ReferralClosed: "CloseReferral",
  ReferralStopped: "RecordReferralStopped",
  TakedownRequested: "RecordTakedown",
  TakedownChecked: "RecordTakedownCheck",
  LegalRiskAssessed: "AssessLegalRisk",
  LegalRiskOutdated: "OutdateLegalRisk",
  LawDecisionRecorded: "RecordLawDecision",
  LawStepRecorded: "RecordLawStep",
  LawOutcomeRecorded: "RecordLawOutcome",
  EvidencePreserved: "RecordEvidencePreserved",
  EvidenceExceptionProposed: "ProposeEvidenceException",
  EvidenceReceived: "RecordEvidenceReceived",
  EvidenceReturned: "RecordEvidenceReturned",
  EmergencyActed: "ActInEmergency",
  EmergencyFollowedUp: "RecordEmergencyFollowUp",
  NoteWritten: "WriteNote",
  NoteCorrected: "CorrectNote",
  FollowUpPlanned: "PlanFollowUp",
  FollowUpDone: "RecordFollowUp",
  FollowUpMissed: "RecordMissedFollowUp",
  ApprovalGiven: "Approve",
  ApprovalRefused: "RefuseApproval",
  CaseClosed: "CloseCase",
  CaseReopened: "ReopenCase",
  ResponsibilityOffered: "OfferResponsibility",
  ResponsibilityAccepted: "AcceptResponsibility",
  ResponsibilityDeclined: "DeclineResponsibility",
  CaseTransferred: "TransferCase",
  TransferStopped: "RecordTransferStopped",
};

type OwnRows =
  | "FactRecorded"
  | "ConsentRecorded"
  | "AssentRecorded"
  | "GuardianConsentRecorded"
  | "CaseOpened"
  | "RiskAssessed"
  | "SharingNarrowed"
  | "CopyMade";

const fieldsOf = (event: Exclude<CaseEvent, { type: OwnRows }>): readonly Field[] => forms[eventForms[event.type]];
