/** Commands that close and reopen a case. What is dangerous or waiting keeps it open. */

import { err, ok } from "@amana/kernel";
import type { Context, Decision } from "../context.ts";
import type { CaseState } from "../state.ts";
import { type ClosureCommand, isClosed } from "./closure.ts";
import { emergenciesOf } from "../emergency/emergency.ts";
import type { ClosureObstacle } from "../error.ts";
import { requireAdvice } from "../gates.ts";
import { areRulesAhead, worseNotWeighed } from "../risk/weighed.ts";
import { narrowingsToTell } from "../sharing/sharing.ts";
import { closureObstacles, openPoints } from "./obstacles.ts";

type Closing = Extract<ClosureCommand, { type: "CloseCase" }>;

export const decideClosure = (command: ClosureCommand, state: CaseState, context: Context): Decision => {
  if (command.type === "ReopenCase") {
    return isClosed(state) ? ok([{ ...command, type: "CaseReopened" }]) : err({ type: "CaseNotClosed" });
  }
  const by = [
    ...new Set([...closureObstacles(command, state, context.now), ...toBeDoneFirst(command, state, context)]),
  ];
  if (by.length === 0) return ok([{ ...command, type: "CaseClosed" }]);
  const points = openPoints(command);
  return err({ type: "ClosureBlocked", by, ...(points.length > 0 ? { points } : {}) });
};

/** What whoever closes has to see to first, and what undoes no closing that was written all the same. */
const toBeDoneFirst = ({ reason }: Closing, state: CaseState, context: Context): readonly ClosureObstacle[] => [
  // It had got worse, and nobody has spoken on the level since (G-CM-4); or the rules would raise it.
  ...(worseNotWeighed(state).length > 0 || isToBeRaised(state, context) ? (["risk-not-assessed"] as const) : []),
  // Nobody has asked whether help came, or told the person what was done; whoever cannot be reached is asked for no more.
  ...(isEmergencyOpen(state, reason === "died" || reason === "no-contact") ? (["emergency-open"] as const) : []),
  // Somebody has what may be used no longer, and does not know it (G-CONS-2).
  ...(narrowingsToTell(state, context.now).length > 0 ? (["withdrawal-to-act-on"] as const) : []),
];

const isEmergencyOpen = (state: CaseState, isGone: boolean): boolean =>
  emergenciesOf(state).some(({ helpAwaited, isPersonTold }) => helpAwaited.length > 0 || !(isPersonTold || isGone));

const isToBeRaised = (state: CaseState, context: Context): boolean => {
  const answer = requireAdvice(state, context);
  return answer.ok && areRulesAhead(state, answer.value.risk.level);
};
