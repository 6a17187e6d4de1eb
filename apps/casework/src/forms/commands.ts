/**
 * The form of every command: which fields are asked, in which order. The consents, the first opening and the questions of
 * the pathway have screens of their own.
 *
 * A test holds each form against the case file's own shapes, so that no field is missing and no choice is one too few.
 */

import type { CaseCommand } from "@amana/casefile";
import type { Refusal } from "../case/screen.ts";
import {
  type Field,
  type Values,
  always,
  checked,
  choice,
  choices,
  date,
  flag,
  future,
  id,
  line,
  lines,
  needed,
  optional,
  past,
  person,
  prose,
  recipient,
  record,
  shared,
  some,
  variant,
  whole,
} from "./fields.ts";
import * as words from "./vocabulary.ts";

/** Commands with a screen of their own. */
type OwnScreen = "OpenCase" | "RecordFact" | "RecordConsent" | "RecordAssent" | "RecordGuardianConsent" | "RecordCopy";

export type FormName = Exclude<CaseCommand["type"], OwnScreen>;

const outcomes = choice("outcome", "open", "done", "not-possible", "dropped");
const planItem = [id("item"), prose("words"), line("who"), line("when")];
const review = [flag("madeWithSurvivor"), flag("stillFits"), optional(prose("text"))];

export const forms: Readonly<Record<FormName, readonly Field[]>> = {
  TellLimits: [choice("wording", "adult", "child"), always("duties", [])],
  AgreeSafeContact: [
    choice("how", ...words.contactWays),
    line("reach"),
    line("when"),
    line("nameToUse"),
    flag("mayLeaveMessage"),
    lines("mustNotKnow"),
    optional(line("codeWord")),
    optional(future("validUntilAt")),
  ],
  DeclareContactUnsafe: [prose("because")],
  RecordDetail: [
    choice("field", ...words.detailFields),
    variant("value", {
      given: [prose("text")],
      skipped: [choice("because", "not-needed", "not-safe-to-ask", "declined", "not-known")],
    }),
    choice("saidBy", ...words.speakers),
  ],
  RecordIncident: [
    id("incident"),
    choice("incidentType", ...words.incidentTypes),
    date("reportedOn"),
    choices("perpetrators", ...words.perpetrators),
    optional(date("happenedOn")),
    optional(whole("ageAtIncident", 130)),
    optional(choice("abduction", "none", "forced_conscription", "trafficked", "other_abduction")),
    optional(choice("harmfulPractice", "no", "type_1", "type_2", "type_3", "type_4", "type_5")),
    optional(flag("moneyExchanged")),
  ],
  RecordAssessment: [
    choice("assessment", ...words.assessmentKinds),
    prose("findings"),
    { name: "risks", kind: "risks" },
  ],
  OutdateAssessment: [choice("assessment", ...words.assessmentKinds), prose("because")],
  ProposeBestInterests: [
    choice("purpose", ...words.purposes),
    recipient("recipient"),
    choice("decision", "go-ahead", "do-not"),
    prose("reasons"),
    prose("childView"),
    variant("guardianView", { weighed: [prose("text")], "not-sought": [prose("because")] }),
    shared("mayShare"),
    optional(future("expiresAt")),
  ],
  WithdrawConsent: [
    choice("purpose", ...words.purposes),
    choice("whose", "survivor", "child", "guardian", "best-interests"),
    flag("toldWhatStops"),
    optional(recipient("recipient")),
    optional(prose("because")),
  ],
  AssessRisk: [],
  RaiseRisk: [choice("level", "medium", "high"), prose("because")],
  ProposeLowerRisk: [choice("level", "normal", "medium"), prose("because")],
  RecordRiskResponse: [prose("measures")],
  SetSafetyItem: [choice("area", ...words.safetyAreas), ...planItem],
  MarkSafetyItem: [id("item"), outcomes, optional(prose("text"))],
  ReviewSafetyPlan: review,
  SetDigitalItem: [choice("act", ...words.digitalActs), ...planItem],
  MarkDigitalItem: [id("item"), outcomes, optional(prose("text"))],
  ReviewDigitalPlan: review,
  SetGoal: [id("goal"), prose("words"), choices("services", ...words.services), line("who"), optional(future("dueAt"))],
  MarkGoal: [id("goal"), choice("outcome", "open", "partly-met", "met", "not-met", "dropped"), optional(prose("text"))],
  RecordServiceNeed: [
    choice("service", ...words.services),
    choice("need", "urgent", "needed", "has-already", "not-needed", "declined-by-survivor"),
    optional(prose("text")),
  ],
  PrepareReferral: [
    id("referral"),
    choice("service", ...words.services),
    recipient("recipient"),
    choice("urgency", "now", "24h", "48h", "standard"),
    prose("reason"),
    shared("fields"),
  ],
  SendReferral: [id("referral")],
  RecordReferralAnswer: [
    id("referral"),
    choice("answer", "accepted", "declined-by-provider", "unavailable"),
    optional(line("answeredBy")),
    optional(prose("text")),
  ],
  RecordSurvivorDeclined: [id("referral"), optional(prose("text"))],
  RecordReferralDone: [id("referral"), prose("given"), optional(prose("feedback"))],
  CloseReferral: [id("referral"), prose("because")],
  RecordReferralStopped: [id("referral"), optional(prose("text"))],
  RecordTakedown: [id("takedown"), choice("tool", ...words.tools), always("madeBy", "survivor"), past("madeAt")],
  RecordTakedownCheck: [
    id("takedown"),
    choice("outcome", "waiting", "removed", "partly-removed", "refused", "reappeared", "taken-back"),
    past("checkedAt"),
  ],
  AssessLegalRisk: [
    recipient("agency"),
    prose("immediateRisks"),
    prose("secondaryRisks"),
    prose("benefits"),
    prose("protectionBefore"),
    prose("protectionDuring"),
    prose("protectionAfter"),
  ],
  OutdateLegalRisk: [prose("because")],
  RecordLawDecision: [
    choice("decision", "report", "not-report", "undecided"),
    flag("isVoluntary"),
    optional(prose("words")),
  ],
  RecordLawStep: [
    choice("step", ...words.lawSteps),
    recipient("agency"),
    variant("accompaniedBy", { person: [line("who")], nobody: [] }),
    past("happenedAt"),
    optional(prose("text")),
  ],
  RecordLawOutcome: [recipient("agency"), prose("outcome")],
  RecordEvidencePreserved: [some("kept", ...words.keptKinds)],
  ProposeEvidenceException: [prose("because"), prose("criticalToSafety")],
  RecordEvidenceReceived: [id("item"), id("exception"), choice("what", ...words.heldKinds), past("receivedAt")],
  RecordEvidenceReturned: [id("item"), prose("because")],
  ActInEmergency: [
    choice("act", "emergency-call", "urgent-referral", "child-protection-response"),
    recipient("recipient"),
    shared("shared"),
    variant("personTold", { told: [], "could-not-be-reached": [prose("because")] }),
    prose("because"),
  ],
  RecordEmergencyFollowUp: [
    id("emergency"),
    choice("help", "came", "awaited", "did-not-come", "not-needed"),
    optional(choice("personTold", "told", "could-not-be-reached")),
    optional(prose("text")),
  ],
  WriteNote: [
    id("note"),
    choice("about", "case", "safety", "mental-health", "digital", "law", "child-protection", "supervision"),
    prose("text"),
  ],
  CorrectNote: [id("note"), prose("text"), prose("because")],
  PlanFollowUp: [id("followUp"), line("about"), future("dueAt")],
  RecordFollowUp: [
    id("followUp"),
    past("doneAt"),
    record("progress", ...words.progressAreas.map((area) => choice(area, "better", "same", "worse", "not-discussed"))),
    optional(prose("text")),
  ],
  RecordMissedFollowUp: [id("followUp"), prose("because"), future("nextDueAt")],
  Approve: [id("proposal"), id("what"), optional(prose("because"))],
  RefuseApproval: [id("proposal"), id("what"), prose("because")],
  CloseCase: [
    choice("reason", "goals-met", "survivor-wishes", "moved-away", "no-contact", "transferred", "died", "other"),
    prose("because"),
    record("checklist", ...words.closureChecks.map(checked)),
    checked("toldCanComeBack"),
    variant("feedback", { given: [prose("text")], declined: [], "not-asked": [prose("because")] }),
    optional(prose("takedownPlan")),
  ],
  ReopenCase: [prose("because")],
  OfferResponsibility: [person("to"), prose("because")],
  AcceptResponsibility: [id("offer")],
  DeclineResponsibility: [id("offer"), prose("because")],
  TransferCase: [recipient("recipient"), shared("fields"), prose("because")],
  RecordTransferStopped: [id("recipient"), optional(prose("text"))],
  // What they are told stands beside it: what was sent and is agreed no longer.
  RecordSharingNarrowed: [id("recipient"), optional(prose("text"))],
};

/**
 * The fields of a form that was opened for something. The second person of an emergency always says why (G-CONS-5). Who goes on
 * looking at removal requests is asked where one waits, and whether she was told where she was not; and then always.
 */
export const fieldsOf = (form: FormName, given: Values, needs: readonly string[] = []): readonly Field[] => {
  if (form === "Approve" && given["what"] === "emergency") return withNeeded(forms.Approve, ["because"]);
  return withNeeded(forms[form], needs).filter(
    ({ name, isOptional }) => !onlyWhereNeeded.has(name) || isOptional === undefined,
  );
};

const onlyWhereNeeded: ReadonlySet<string> = new Set(["takedownPlan", "personTold"]);

const withNeeded = (fields: readonly Field[], needs: readonly string[]): readonly Field[] =>
  fields.map((field) => (needs.includes(field.name) ? needed(field) : field));

/** What a refusal asks for and the form had not. */
export const fieldsAskedFor = (refusal: Refusal): readonly string[] =>
  refusal.type === "ClosureBlocked" && refusal.by.includes("takedown-waiting") ? ["takedownPlan"] : [];

/** What cannot be called back once it is done: the form asks a second time, in words that say what will happen. */
export const askedTwice: ReadonlySet<string> = new Set<FormName>([
  "SendReferral",
  "WithdrawConsent",
  "ActInEmergency",
  "CloseCase",
  "TransferCase",
  "ProposeLowerRisk",
]);
