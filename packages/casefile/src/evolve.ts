/**
 * `evolve`: what is true after one more event. It never refuses.
 *
 * Who did it comes from the envelope. An event without authority is kept in the history, shown as such, and changes nothing.
 */

import { addProposal, approvalEvents, evolveApprovals, isProposal } from "./approvals/approvals.ts";
import { assessmentEvents, evolveAssessments } from "./assessments/assessments.ts";
import { authorityFlaw } from "./authority.ts";
import type { By, Envelope, Growing } from "./by.ts";
import { closureEvents, evolveClosure } from "./closure/closure.ts";
import { consentEvents, evolveConsent } from "./consent/record.ts";
import { copyEvents } from "./copies/copies.ts";
import { emergencyEvents, evolveEmergency } from "./emergency/emergency.ts";
import type { CaseEvent } from "./event.ts";
import { evidenceEvents, evolveEvidence } from "./evidence/evidence.ts";
import { evolveFacts, factEvents } from "./facts/facts.ts";
import { evolveFollowUps, followUpEvents } from "./follow-ups/follow-ups.ts";
import { addToHistory } from "./history.ts";
import { evolveIncidents, incidentEvents } from "./incident/incident.ts";
import { evolveLaw, lawEvents } from "./law/law.ts";
import { evolveNotes, noteEvents } from "./notes/notes.ts";
import { evolveOpening, openingEvents } from "./opening/opening.ts";
import { casePlanEvents, evolveCasePlan } from "./plans/case-plan.ts";
import { digitalPlanEvents, evolveDigitalPlan } from "./plans/digital-plan.ts";
import { evolveSafetyPlan, safetyPlanEvents } from "./plans/safety-plan.ts";
import { evolveReferrals, referralEvents } from "./referrals/referrals.ts";
import { settled } from "./register.ts";
import { evolveResponsibility } from "./responsibility/responsibility.ts";
import { evolveRisk, riskEvents } from "./risk/risk.ts";
import { evolveDanger, evolveWorse } from "./risk/weighed.ts";
import { evolveSharing, sharingEvents } from "./sharing/sharing.ts";
import { type CaseState, noCaseYet } from "./state.ts";
import { evolveSurvivor, survivorEvents } from "./survivor/details.ts";
import { evolveSafeContact, safeContactEvents } from "./survivor/safe-contact.ts";
import { evolveTakedowns, takedownEvents } from "./takedowns/takedowns.ts";

const evolve = (state: CaseState, event: CaseEvent, by: By): CaseState => {
  const flaw = authorityFlaw(state, event, by);
  const history = addToHistory(state, event, by, flaw);
  return flaw === undefined ? { ...evolveSubject(state, event, by), history } : { ...state, history };
};

/** One entry of the log: who sealed it, and all events of its one command. */
export type CaseEntry = { readonly envelope: Envelope; readonly events: readonly CaseEvent[] };

/** Entries must come in an order in which each follows all it names. Which of these orders makes no difference. */
export const foldCase = (entries: readonly CaseEntry[], from: CaseState = noCaseYet): CaseState => {
  const growing: Growing = new Set();
  let state = from;
  for (const { envelope, events } of entries)
    for (const [index, event] of events.entries()) state = evolve(state, event, { ...envelope, index, growing });
  const { history, ...subjects } = state;
  const inOrder = Object.entries(subjects).map(([name, subject]) => [name, settled(subject, growing)] as const);
  // Each subject stands under its own name again, with the same registers.
  return { ...(Object.fromEntries(inOrder) as typeof subjects), history };
};

const isOf = <Types extends Readonly<Record<string, unknown>>>(
  events: Types,
  event: CaseEvent,
): event is Extract<CaseEvent, { readonly type: keyof Types }> => Object.hasOwn(events, event.type);

const evolveSubject = (state: CaseState, event: CaseEvent, by: By): CaseState => {
  const shared = { ...state, sharing: evolveSharing(state.sharing, event, by) };
  const next = isProposal(event) ? { ...shared, approvals: addProposal(state.approvals, event, by) } : shared;
  if (isOf(factEvents, event)) {
    return { ...next, facts: evolveFacts(state.facts, event, by), risk: evolveDanger(state.risk, event, by) };
  }
  if (isOf(followUpEvents, event)) {
    const followUps = evolveFollowUps(state.followUps, event, by);
    return { ...next, followUps, risk: evolveWorse(state.risk, event, by) };
  }
  if (isOf(consentEvents, event)) return { ...next, consent: evolveConsent(state.consent, event, by) };
  if (isOf(riskEvents, event)) return { ...next, risk: evolveRisk(state.risk, event, by) };
  if (isOf(evidenceEvents, event)) return { ...next, evidence: evolveEvidence(state.evidence, event, by) };
  if (isOf(emergencyEvents, event)) return { ...next, emergency: evolveEmergency(state.emergency, event, by) };
  if (isOf(approvalEvents, event)) return { ...next, approvals: evolveApprovals(state.approvals, event, by) };
  if (isOf(closureEvents, event)) return { ...next, closure: evolveClosure(state, event, by) };
  return evolveRecords(next, event, by);
};

/** The subjects that decide nothing about the others. */
const evolveRecords = (
  state: CaseState,
  event: Exclude<CaseEvent, { readonly type: DecidingTypes }>,
  by: By,
): CaseState => {
  if (isOf(openingEvents, event)) return { ...state, opening: evolveOpening(state.opening, event, by) };
  if (isOf(safeContactEvents, event)) return { ...state, safeContact: evolveSafeContact(state.safeContact, event, by) };
  if (isOf(survivorEvents, event)) return { ...state, survivor: evolveSurvivor(state.survivor, event, by) };
  if (isOf(incidentEvents, event)) return { ...state, incidents: evolveIncidents(state.incidents, event, by) };
  if (isOf(assessmentEvents, event)) return { ...state, assessments: evolveAssessments(state.assessments, event, by) };
  if (isOf(safetyPlanEvents, event)) return { ...state, safetyPlan: evolveSafetyPlan(state.safetyPlan, event, by) };
  if (isOf(digitalPlanEvents, event)) return { ...state, digitalPlan: evolveDigitalPlan(state.digitalPlan, event, by) };
  if (isOf(casePlanEvents, event)) return { ...state, casePlan: evolveCasePlan(state.casePlan, event, by) };
  if (isOf(referralEvents, event)) return { ...state, referrals: evolveReferrals(state.referrals, event, by) };
  if (isOf(takedownEvents, event)) return { ...state, takedowns: evolveTakedowns(state.takedowns, event, by) };
  if (isOf(lawEvents, event)) return { ...state, law: evolveLaw(state.law, event, by) };
  if (isOf(noteEvents, event)) return { ...state, notes: evolveNotes(state.notes, event, by) };
  // That a copy was made stands in the history, and changes nothing else; what was told of sharing is with what was sent.
  if (isOf(copyEvents, event) || isOf(sharingEvents, event)) return state;
  return { ...state, responsibility: evolveResponsibility(state.responsibility, event, by) };
};

type DecidingTypes =
  | keyof typeof factEvents
  | keyof typeof followUpEvents
  | keyof typeof consentEvents
  | keyof typeof riskEvents
  | keyof typeof evidenceEvents
  | keyof typeof emergencyEvents
  | keyof typeof approvalEvents
  | keyof typeof closureEvents;
