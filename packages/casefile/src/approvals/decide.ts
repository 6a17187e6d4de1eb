/** Commands that approve and refuse. An exception for material that may be CSAM is refused to whoever approves it too (G-EVID-5). */

import { err, ok } from "@amana/kernel";
import type { Context, Decision } from "../context.ts";
import { isPossiblyCsam } from "../evidence/evidence.ts";
import type { CaseState } from "../state.ts";
import { type ApprovalCommand, approvalFlaw } from "./approvals.ts";

const errors = {
  RoleMissing: { type: "NotAuthorised" },
  NothingToApprove: { type: "NotThere" },
  AnotherKind: { type: "AnotherKind" },
  OwnProposal: { type: "OwnProposal" },
} as const;

export const decideApprovals = (command: ApprovalCommand, state: CaseState, { actor }: Context): Decision => {
  const flaw = approvalFlaw(state, command, actor.person, actor.roles);
  if (flaw !== undefined) return err(errors[flaw]);
  if (command.type === "RefuseApproval") return ok([{ ...command, type: "ApprovalRefused" }]);
  // The second person of an emergency records why (G-CONS-5).
  if (command.what === "emergency" && command.because === undefined) {
    return err({ type: "FieldWrong", field: "because" });
  }
  if (command.what === "evidence-exception" && isPossiblyCsam(state)) return err({ type: "PossiblyCsam" });
  return ok([{ ...command, type: "ApprovalGiven" }]);
};
