/**
 * The case as the author of an entry had it: what was folded already and unknown to them is left out.
 *
 * It is what folding the entries before theirs gives, so that whoever judges an act by it judges the same on every device.
 */

import { type By, hasSeen } from "./by.ts";
import { seenPart, seenParts } from "./register.ts";
import type { CaseState } from "./state.ts";

/** Without the history, which decides nothing. */
export const stateSeenBy = (state: CaseState, by: By): CaseState => {
  const { safetyPlan, digitalPlan, casePlan, referrals, takedowns, law, evidence } = state;
  return {
    opening: { opened: seenPart(state.opening.opened, by) },
    safeContact: { said: seenPart(state.safeContact.said, by) },
    survivor: { detailsByField: seenParts(state.survivor.detailsByField, by) },
    facts: { saidByFact: seenParts(state.facts.saidByFact, by) },
    incidents: { recordedById: seenParts(state.incidents.recordedById, by) },
    assessments: { saidByAssessment: seenParts(state.assessments.saidByAssessment, by) },
    consent: { saidByWhoseAndPurpose: seenParts(state.consent.saidByWhoseAndPurpose, by) },
    risk: { said: seenPart(state.risk.said, by), weighed: seenPart(state.risk.weighed, by) },
    safetyPlan: {
      wordsByItem: seenParts(safetyPlan.wordsByItem, by),
      marksByItem: seenParts(safetyPlan.marksByItem, by),
      reviews: seenPart(safetyPlan.reviews, by),
    },
    digitalPlan: {
      wordsByItem: seenParts(digitalPlan.wordsByItem, by),
      marksByItem: seenParts(digitalPlan.marksByItem, by),
      reviews: seenPart(digitalPlan.reviews, by),
    },
    casePlan: {
      goalsById: seenParts(casePlan.goalsById, by),
      marksByGoal: seenParts(casePlan.marksByGoal, by),
      needsByService: seenParts(casePlan.needsByService, by),
    },
    referrals: {
      preparedById: seenParts(referrals.preparedById, by),
      stepsById: seenParts(referrals.stepsById, by),
    },
    takedowns: {
      requestedById: seenParts(takedowns.requestedById, by),
      checksById: seenParts(takedowns.checksById, by),
    },
    law: {
      assessed: seenPart(law.assessed, by),
      decided: seenPart(law.decided, by),
      happenedByAgency: seenParts(law.happenedByAgency, by),
    },
    evidence: {
      preserved: seenPart(evidence.preserved, by),
      exceptions: seenPart(evidence.exceptions, by),
      heldById: seenParts(evidence.heldById, by),
    },
    emergency: {
      acted: seenPart(state.emergency.acted, by),
      followUpsByEntry: seenParts(state.emergency.followUpsByEntry, by),
    },
    notes: { saidById: seenParts(state.notes.saidById, by) },
    followUps: { saidById: seenParts(state.followUps.saidById, by) },
    approvals: approvalsSeenBy(state, by),
    closure: {
      said: seenPart(state.closure.said, by),
      seenByEntry: new Map([...state.closure.seenByEntry].filter(([entry]) => by.past.has(entry))),
    },
    responsibility: responsibilitySeenBy(state, by),
    sharing: { saidByRecipient: seenParts(state.sharing.saidByRecipient, by) },
    history: [],
  };
};

const approvalsSeenBy = ({ approvals }: CaseState, by: By): CaseState["approvals"] => ({
  proposalsByEntry: new Map([...approvals.proposalsByEntry].filter(([, { mark }]) => hasSeen(by, mark))),
  answersByEntry: seenParts(approvals.answersByEntry, by),
});

const responsibilitySeenBy = ({ responsibility }: CaseState, by: By): CaseState["responsibility"] => ({
  offers: seenPart(responsibility.offers, by),
  answers: seenPart(responsibility.answers, by),
  handedByRecipient: seenParts(responsibility.handedByRecipient, by),
});
