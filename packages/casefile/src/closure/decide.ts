/** Commands that close and reopen a case. What is dangerous or waiting keeps it open. */

import { err, ok } from "@amana/kernel";
import { waitingProposals } from "../approvals/approvals.ts";
import type { Context, Decision } from "../context.ts";
import type { ClosureObstacle } from "../error.ts";
import { referralsOf } from "../referrals/referrals.ts";
import { riskLevel, runningClocks } from "../risk/risk.ts";
import type { CaseState } from "../state.ts";
import { type ClosureCommand, closureChecks, isClosed } from "./closure.ts";

type Close = Extract<ClosureCommand, { type: "CloseCase" }>;

export const decideClosure = (command: ClosureCommand, state: CaseState, context: Context): Decision => {
  if (command.type === "ReopenCase") {
    return isClosed(state) ? ok([{ ...command, type: "CaseReopened" }]) : err({ type: "CaseNotClosed" });
  }
  const by = closureObstacles(command, state, context);
  return by.length > 0 ? err({ type: "ClosureBlocked", by }) : ok([{ ...command, type: "CaseClosed" }]);
};

/** Whoever has died or cannot be reached has a case that may end with a point unanswered, the reason beside it. */
const closureObstacles = (command: Close, state: CaseState, { now }: Context): readonly ClosureObstacle[] => {
  const referrals = referralsOf(state, now);
  const isOpen = referrals.some(({ stage }) => stage !== "closed" && stage !== "declined-by-survivor");
  const isPersonGone = command.reason === "died" || command.reason === "no-contact";
  const isUnanswered = closureChecks.some((check) => command.checklist[check].kind === "no");
  const isUntold = command.toldCanComeBack.kind === "no";
  const obstacles: readonly (readonly [ClosureObstacle, boolean])[] = [
    ["risk-clock", runningClocks(state).length > 0],
    ["level-high", riskLevel(state) === "high" && command.reason !== "died" && command.reason !== "transferred"],
    ["referral-open", isOpen],
    ["withdrawal-to-act-on", referrals.some(({ isToBeStopped }) => isToBeStopped)],
    ["approval-waiting", waitingProposals(state).length > 0],
    ["checklist", !isPersonGone && (isUnanswered || isUntold)],
  ];
  return obstacles.flatMap(([obstacle, stands]) => (stands ? [obstacle] : []));
};
