/** Commands that close and reopen a case. What is dangerous or waiting keeps it open. */

import { err, ok, type Instant } from "@amana/kernel";
import type { Context, Decision } from "../context.ts";
import type { CaseState } from "../state.ts";
import { type ClosureCommand, isClosed } from "./closure.ts";
import type { ClosureObstacle } from "../error.ts";
import { worseNotWeighed } from "../risk/weighed.ts";
import { narrowingsToTell } from "../sharing/sharing.ts";
import { closureObstacles, openPoints } from "./obstacles.ts";

export const decideClosure = (command: ClosureCommand, state: CaseState, { now }: Context): Decision => {
  if (command.type === "ReopenCase") {
    return isClosed(state) ? ok([{ ...command, type: "CaseReopened" }]) : err({ type: "CaseNotClosed" });
  }
  const by = [...new Set([...closureObstacles(command, state, now), ...toBeDoneFirst(state, now)])];
  if (by.length === 0) return ok([{ ...command, type: "CaseClosed" }]);
  const points = openPoints(command);
  return err({ type: "ClosureBlocked", by, ...(points.length > 0 ? { points } : {}) });
};

/** What whoever closes has to see to first, and what undoes no closing that was written all the same. */
const toBeDoneFirst = (state: CaseState, now: Instant): readonly ClosureObstacle[] => [
  // It had got worse, and nobody has spoken on the level since (G-CM-4).
  ...(worseNotWeighed(state).length > 0 ? (["risk-not-assessed"] as const) : []),
  // Somebody has what may be used no longer, and does not know it (G-CONS-2).
  ...(narrowingsToTell(state, now).length > 0 ? (["withdrawal-to-act-on"] as const) : []),
];
