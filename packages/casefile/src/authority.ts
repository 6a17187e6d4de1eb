/**
 * Who may do what: the table of events and roles, and what an act needs beside its author's role.
 *
 * Asked of the actor before a command and of the envelope of every entry that arrives. An act without
 * authority is kept and shown as such, and changes nothing.
 */

import { type ApprovalFlaw, approvalFlaw, isProposal } from "./approvals/approvals.ts";
import { type By, type CaseRole, hasSeen } from "./by.ts";
import { closureObstacles } from "./closure/obstacles.ts";
import type { CaseEvent } from "./event.ts";
import { isOfferedTo } from "./responsibility/responsibility.ts";
import { stateSeenBy } from "./seen.ts";
import type { CaseState } from "./state.ts";

/** Why an act does not count. */
export type AuthorityFlaw =
  ApprovalFlaw | "NotSeen" | "SecondProposalInEntry" | "NotOfferedToAuthor" | "ClosureBlocked";

/**
 * Who carries a case or supervises it may author any of its events; who does neither, none. What is narrower
 * is asked beside: an approval needs the role its proposal asks for, an offer its addressee.
 */
const caseRoles: readonly CaseRole[] = ["caseworker", "supervisor"];

export const mayAuthor = (roles: readonly CaseRole[]): boolean => caseRoles.some((role) => roles.includes(role));

/** Nothing when the act counts. Depends only on the entry and on what precedes it, so it is the same everywhere. */
export const authorityFlaw = (state: CaseState, event: CaseEvent, by: By): AuthorityFlaw | undefined => {
  if (!mayAuthor(by.roles)) return "RoleMissing";
  if (event.type === "ApprovalGiven" || event.type === "ApprovalRefused") {
    // What the approver had not seen they cannot have approved, whichever of the two arrived first.
    if (!by.past.has(event.proposal)) return "NotSeen";
    return approvalFlaw(state, event, by.author, by.roles);
  }
  if (event.type === "ResponsibilityAccepted" || event.type === "ResponsibilityDeclined") {
    return offerFlaw(state, event.offer, by);
  }
  // Nobody closes over what they had seen standing against it, whatever their client lets them write.
  if (event.type === "CaseClosed" && closureObstacles(event, stateSeenBy(state, by), by.recordedAt).length > 0) {
    return "ClosureBlocked";
  }
  // An approval names an entry, so an entry may propose one thing only.
  return isProposal(event) && state.approvals.proposalsByEntry.has(by.entry) ? "SecondProposalInEntry" : undefined;
};

const offerFlaw = (state: CaseState, offer: string, by: By): AuthorityFlaw | undefined => {
  const seen = state.responsibility.offers.filter(({ mark }) => hasSeen(by, mark));
  if (!seen.some(({ mark }) => mark.entry === offer)) return "NotSeen";
  return isOfferedTo(state, offer, by.author) ? undefined : "NotOfferedToAuthor";
};
