/**
 * `decide`: what happens when a person gives a command, or why it is refused. It changes nothing.
 *
 * Here is what holds for every command: the person's authority, the case being open, the events being
 * well-formed. What holds for one subject is in its own folder.
 */

import { err, ok } from "@amana/kernel";
import { decideApprovals } from "./approvals/decide.ts";
import { decideAssessments } from "./assessments/assessments.ts";
import { mayAuthor } from "./authority.ts";
import { isClosed } from "./closure/closure.ts";
import { decideClosure } from "./closure/decide.ts";
import { type CaseCommand, isStepBack, subjectOf } from "./command.ts";
import { decideConsent } from "./consent/decide.ts";
import { hasWordsAtLength, requireFileNotRefused } from "./consent/file.ts";
import type { Context, Decision } from "./context.ts";
import { decideCopies } from "./copies/copies.ts";
import { decideEmergency } from "./emergency/emergency.ts";
import { wrongField } from "./event.ts";
import { decideEvidence } from "./evidence/decide.ts";
import { decideFacts } from "./facts/facts.ts";
import { decideFollowUps } from "./follow-ups/follow-ups.ts";
import { decideIncidents } from "./incident/incident.ts";
import { decideLaw } from "./law/decide.ts";
import { decideNotes } from "./notes/notes.ts";
import { areLimitsTold, decideOpening, isBegun } from "./opening/opening.ts";
import { decideCasePlan } from "./plans/case-plan.ts";
import { decideDigitalPlan } from "./plans/decide-digital-plan.ts";
import { decideSafetyPlan } from "./plans/safety-plan.ts";
import { decideReferrals } from "./referrals/decide.ts";
import { decideResponsibility } from "./responsibility/responsibility.ts";
import { decideRisk } from "./risk/decide.ts";
import { decideSharing } from "./sharing/sharing.ts";
import type { CaseState } from "./state.ts";
import { decideSafeContact } from "./survivor/safe-contact.ts";
import { decideSurvivor } from "./survivor/details.ts";
import { decideTakedowns } from "./takedowns/decide.ts";

export const decide = (command: CaseCommand, state: CaseState, context: Context): Decision => {
  if (!mayAuthor(context.actor.roles)) return err({ type: "NotAuthorised" });
  if (command.type !== "OpenCase" && !isBegun(state)) return err({ type: "CaseNotOpened" });
  if (isClosed(state) && !isPossibleWhenClosed(command)) return err({ type: "CaseIsClosed" });
  if (questions.has(command.type) && !areLimitsTold(state)) return err({ type: "LimitsNotTold" });
  if (atLength.has(command.type)) {
    const file = requireFileNotRefused(state, context.now);
    if (!file.ok) return file;
  }
  const decision = decideSubject(command, state, context);
  if (!decision.ok) return decision;
  const words = decision.value.some(hasWordsAtLength) ? requireFileNotRefused(state, context.now) : ok(true);
  if (!words.ok) return words;
  const field = decision.value.map(wrongField).find((wrong) => wrong !== undefined);
  return field === undefined ? decision : err({ type: "FieldWrong", field });
};

/** Closed is not deaf: the survivor may withdraw, take-downs and providers may answer, somebody may return. */
const possibleWhenClosed: ReadonlySet<CaseCommand["type"]> = new Set([
  "OpenCase",
  "ReopenCase",
  "WithdrawConsent",
  "CorrectNote",
  "RecordReferralAnswer",
  "RecordReferralDone",
  "RecordReferralStopped",
  "RecordTransferStopped",
  "RecordSharingNarrowed",
  "RecordTakedownCheck",
  "RecordEvidenceReturned",
  "Approve",
  "RefuseApproval",
  "RecordCopy",
]);

const isPossibleWhenClosed = (command: CaseCommand): boolean =>
  possibleWhenClosed.has(command.type) || isStepBack(command);

/**
 * What is asked of the survivor, or decided about a child, comes after the limits of confidentiality (G-CONS-5). Facts about
 * danger are asked in `facts`. How she can safely be reached is asked before: a line may break while the limits are told.
 */
const questions: ReadonlySet<CaseCommand["type"]> = new Set([
  "RecordDetail",
  "RecordIncident",
  "RecordAssessment",
  "RecordConsent",
  "RecordAssent",
  "RecordGuardianConsent",
  "AssessLegalRisk",
  "RecordLawDecision",
  "PrepareReferral",
  "SetGoal",
  "RecordServiceNeed",
  "ProposeBestInterests",
]);

/**
 * What is written at length about the survivor: it stops where the consent to keep the file is refused or taken back (G-CONS-2).
 * Names and notes ask for that consent from the beginning, in their own subjects.
 */
const atLength: ReadonlySet<CaseCommand["type"]> = new Set([
  "RecordIncident",
  "RecordAssessment",
  "SetGoal",
  "RecordServiceNeed",
  "PrepareReferral",
  "AssessLegalRisk",
  "RecordLawOutcome",
  "CorrectNote",
]);

type Subject = (typeof subjectOf)[CaseCommand["type"]];

type CommandOf<S extends Subject> = Extract<
  CaseCommand,
  {
    readonly type: {
      [Type in CaseCommand["type"]]: (typeof subjectOf)[Type] extends S ? Type : never;
    }[CaseCommand["type"]];
  }
>;

const isOf = <S extends Subject>(subject: S, command: CaseCommand): command is CommandOf<S> =>
  subjectOf[command.type] === subject;

const decideSubject = (command: CaseCommand, state: CaseState, context: Context): Decision => {
  if (isOf("opening", command)) return decideOpening(command, state, context);
  if (isOf("safeContact", command)) return decideSafeContact(command, state, context);
  if (isOf("survivor", command)) return decideSurvivor(command, state, context);
  if (isOf("facts", command)) return decideFacts(command, state, context);
  if (isOf("incidents", command)) return decideIncidents(command, context);
  if (isOf("assessments", command)) return decideAssessments(command, state);
  if (isOf("consent", command)) return decideConsent(command, state, context);
  if (isOf("risk", command)) return decideRisk(command, state, context);
  if (isOf("safetyPlan", command)) return decideSafetyPlan(command, state);
  if (isOf("digitalPlan", command)) return decideDigitalPlan(command, state, context);
  if (isOf("casePlan", command)) return decideCasePlan(command, state, context);
  if (isOf("referrals", command)) return decideReferrals(command, state, context);
  if (isOf("takedowns", command)) return decideTakedowns(command, state, context);
  if (isOf("law", command)) return decideLaw(command, state, context);
  if (isOf("evidence", command)) return decideEvidence(command, state, context);
  if (isOf("emergency", command)) return decideEmergency(command, state, context);
  if (isOf("notes", command)) return decideNotes(command, state, context);
  if (isOf("followUps", command)) return decideFollowUps(command, state, context);
  if (isOf("approvals", command)) return decideApprovals(command, state, context);
  if (isOf("closure", command)) return decideClosure(command, state, context);
  if (isOf("sharing", command)) return decideSharing(command, state, context);
  if (isOf("copies", command)) return decideCopies(command, state, context);
  return decideResponsibility(command, state, context);
};
