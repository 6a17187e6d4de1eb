/** Commands about the level. Up at once and by anyone on the case; down only with a reason and a second person. */

import { err, exhausted, ok } from "@amana/kernel";
import type { Context, Decision } from "../context.ts";
import { requireAdvice } from "../gates.ts";
import type { CaseState } from "../state.ts";
import { factsOf } from "../views/facts-of.ts";
import { type RiskCommand, isHigher, riskLevel } from "./risk.ts";

export const decideRisk = (command: RiskCommand, state: CaseState, context: Context): Decision => {
  const level = riskLevel(state);
  switch (command.type) {
    case "AssessRisk":
      return assessRisk(state, context);
    case "RaiseRisk":
      if (level !== undefined && !isHigher(command.level, level)) return err({ type: "LevelNotHigher" });
      return ok([{ ...command, type: "RiskRaised" }]);
    case "ProposeLowerRisk":
      if (level === undefined || !isHigher(level, command.level)) return err({ type: "LevelNotLower" });
      return ok([{ ...command, type: "RiskLoweringProposed" }]);
    case "RecordRiskResponse":
      return level === undefined ? err({ type: "NotThere" }) : ok([{ ...command, type: "RiskResponseRecorded" }]);
    default:
      return exhausted(command);
  }
};

/** The pathway's answer as it was, with the facts it was given for. It raises the level; alone it never lowers it. */
const assessRisk = (state: CaseState, context: Context): Decision => {
  const answer = requireAdvice(state, context);
  if (!answer.ok) return answer;
  const { pack, risk } = answer.value;
  const { level, provisional, actWithinHours, because } = risk;
  const facts = factsOf(state, context.now, context.advice?.vocabulary);
  return ok([{ type: "RiskAssessed", pack, level, provisional, actWithinHours, because, facts }]);
};
