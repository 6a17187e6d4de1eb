/** Commands of the digital safety plan: nothing is set or done without the gate and the consent for that act (S-4). */

import { err, exhausted, ok, type Result } from "@amana/kernel";
import { requireConsent } from "../consent/require.ts";
import type { Context, Decision } from "../context.ts";
import type { CaseError } from "../error.ts";
import { requireGate } from "../gates.ts";
import { standing } from "../register.ts";
import type { CaseState } from "../state.ts";
import type { GateAdvice } from "../vocabulary.ts";
import { type DigitalAct, type DigitalPlanCommand, gateOfAct } from "./digital-plan.ts";

export const decideDigitalPlan = (command: DigitalPlanCommand, state: CaseState, context: Context): Decision => {
  switch (command.type) {
    case "SetDigitalItem": {
      const advice = requireActs(state, context, [command.act]);
      return advice.ok ? ok([{ ...command, type: "DigitalItemSet", advice: advice.value }]) : advice;
    }
    case "MarkDigitalItem":
      return markItem(command, state, context);
    case "ReviewDigitalPlan":
      return ok([{ ...command, type: "DigitalPlanReviewed" }]);
    default:
      return exhausted(command);
  }
};

const markItem = (
  command: Extract<DigitalPlanCommand, { type: "MarkDigitalItem" }>,
  state: CaseState,
  context: Context,
): Decision => {
  const words = standing(state.digitalPlan.wordsByItem.get(command.item));
  if (words.length === 0) return err({ type: "NotThere" });
  if (command.outcome !== "done") return ok([{ ...command, type: "DigitalItemMarked" }]);
  const acts = words.map(({ value }) => value.act);
  const advice = requireActs(state, context, acts);
  return advice.ok ? ok([{ ...command, type: "DigitalItemMarked", advice: advice.value }]) : advice;
};

/** The advice for the last of the acts, once each of them has its consent and its gate. */
const requireActs = (
  state: CaseState,
  context: Context,
  acts: readonly DigitalAct[],
): Result<GateAdvice, CaseError> => {
  let advice: Result<GateAdvice, CaseError> = err({ type: "AdviceMissing" });
  for (const act of acts) {
    const consent = requireConsent(state, context.now, "digital", act);
    if (!consent.ok) return consent;
    advice = requireGate(state, context, gateOfAct(act));
    if (!advice.ok) return advice;
  }
  return advice;
};
