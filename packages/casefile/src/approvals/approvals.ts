/**
 * Approvals: an entry of their own, by another person, naming the hash of what it approves (SECURITY §3).
 *
 * One's own approval never counts, and neither does one of something the approver had not seen. Of an
 * approval and a refusal given without knowing of each other, the refusal stands.
 */

import { type By, type CaseRole, type Mark, markOf } from "../by.ts";
import type { Actor } from "../context.ts";
import type { CaseEvent } from "../event.ts";
import type { EntryHash, PersonId } from "../ids.ts";
import { type Registers, addTo, putUnder, standing } from "../register.ts";
import { type Command, type EventOf, type Of, matching, oneOf, prose, record } from "../shape.ts";
import type { CaseState } from "../state.ts";

export const entryHash = matching<EntryHash>(/^[0-9a-f]{64}$/);

const proposalKind = oneOf("risk-lowering", "best-interests", "evidence-exception", "emergency");
export type ProposalKind = Of<typeof proposalKind>;

export const approvalEvents = {
  ApprovalGiven: record({ proposal: entryHash, what: proposalKind }, { because: prose }),
  ApprovalRefused: record({ proposal: entryHash, what: proposalKind, because: prose }),
};

export type ApprovalEvent = EventOf<typeof approvalEvents>;

export type ApprovalCommand =
  | Command<"Approve", typeof approvalEvents.ApprovalGiven>
  | Command<"RefuseApproval", typeof approvalEvents.ApprovalRefused>;

export type Proposal = { readonly kind: ProposalKind; readonly mark: Mark };

export type ApprovalsState = {
  readonly proposalsByEntry: ReadonlyMap<string, Proposal>;
  readonly answersByEntry: Registers<ApprovalEvent>;
};

export const noApprovals: ApprovalsState = { proposalsByEntry: new Map(), answersByEntry: new Map() };

/** What waits for a second person, and what such a person must be. */
const proposals = {
  RiskLoweringProposed: "risk-lowering",
  BestInterestsProposed: "best-interests",
  EvidenceExceptionProposed: "evidence-exception",
  EmergencyActed: "emergency",
} as const satisfies Partial<Record<CaseEvent["type"], ProposalKind>>;

const approverRoles = {
  "risk-lowering": ["supervisor"],
  "best-interests": ["supervisor"],
  "evidence-exception": ["supervisor"],
  // In imminent danger any second person who carries the case may record why (G-CONS-5).
  emergency: ["supervisor", "caseworker"],
} as const satisfies Record<ProposalKind, readonly CaseRole[]>;

type ProposalEvent = Extract<CaseEvent, { type: keyof typeof proposals }>;

export const isProposal = (event: CaseEvent): event is ProposalEvent => Object.hasOwn(proposals, event.type);

export const addProposal = (state: ApprovalsState, event: ProposalEvent, by: By): ApprovalsState => {
  const proposal: Proposal = { kind: proposals[event.type], mark: markOf(by) };
  return { ...state, proposalsByEntry: putUnder(state.proposalsByEntry, by.entry, proposal, by) };
};

export const evolveApprovals = (state: ApprovalsState, event: ApprovalEvent, by: By): ApprovalsState => ({
  ...state,
  answersByEntry: addTo(state.answersByEntry, event.proposal, event, by),
});

/** Whether what was proposed in this entry stands: somebody approved it, and no refusal stands beside. */
export const isApproved = ({ approvals }: CaseState, entry: EntryHash): boolean => {
  const answers = standing(approvals.answersByEntry.get(entry));
  return answers.length > 0 && answers.every(({ value }) => value.type === "ApprovalGiven");
};

export type ProposalAnswer = "waiting" | "approved" | "refused";

export const answerTo = (state: CaseState, entry: EntryHash): ProposalAnswer => {
  if (standing(state.approvals.answersByEntry.get(entry)).length === 0) return "waiting";
  return isApproved(state, entry) ? "approved" : "refused";
};

/** Everything nobody has answered yet. */
export const waitingProposals = (state: CaseState): readonly Proposal[] =>
  [...state.approvals.proposalsByEntry.values()].filter(({ mark }) => answerTo(state, mark.entry) === "waiting");

/** Who approved what was proposed in an entry. */
export const approversOf = ({ approvals }: CaseState, entry: EntryHash): readonly PersonId[] => [
  ...new Set(standing(approvals.answersByEntry.get(entry)).map(({ mark }) => mark.author)),
];

export type ApprovalFlaw = "RoleMissing" | "NothingToApprove" | "AnotherKind" | "OwnProposal";

/** Why an approval does not count. The same question for the command and for what arrives from elsewhere. */
export const approvalFlaw = (
  { approvals }: CaseState,
  { proposal: entry, what }: Pick<ApprovalEvent, "proposal" | "what">,
  person: PersonId,
  roles: Actor["roles"],
): ApprovalFlaw | undefined => {
  const proposal = approvals.proposalsByEntry.get(entry);
  if (proposal === undefined) return "NothingToApprove";
  if (proposal.kind !== what) return "AnotherKind";
  if (proposal.mark.author === person) return "OwnProposal";
  return approverRoles[what].some((role) => roles.includes(role)) ? undefined : "RoleMissing";
};
