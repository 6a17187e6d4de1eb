/** Commands that close and reopen a case. What is dangerous or waiting keeps it open. */

import { err, ok } from "@amana/kernel";
import type { Context, Decision } from "../context.ts";
import type { CaseState } from "../state.ts";
import { type ClosureCommand, isClosed } from "./closure.ts";
import { closureObstacles, openPoints } from "./obstacles.ts";

export const decideClosure = (command: ClosureCommand, state: CaseState, { now }: Context): Decision => {
  if (command.type === "ReopenCase") {
    return isClosed(state) ? ok([{ ...command, type: "CaseReopened" }]) : err({ type: "CaseNotClosed" });
  }
  const by = closureObstacles(command, state, now);
  if (by.length === 0) return ok([{ ...command, type: "CaseClosed" }]);
  const points = openPoints(command);
  return err({ type: "ClosureBlocked", by, ...(points.length > 0 ? { points } : {}) });
};
