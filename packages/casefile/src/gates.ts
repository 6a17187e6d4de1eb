/**
 * What a gate of the pathway lets through: the advice must be there, for this case as it is now, and open.
 *
 * The event that passes keeps the pack, its version and the reasons (STYLE §11).
 */

import { err, ok, type Result } from "@amana/kernel";
import type { Answer, Facts } from "@amana/pathway";
import type { Context } from "./context.ts";
import type { CaseError } from "./error.ts";
import { isEqual } from "./facts/careful.ts";
import type { CaseState } from "./state.ts";
import { factsOf } from "./views/facts-of.ts";
import type { Gate, GateAdvice } from "./vocabulary.ts";

/** The pathway's answer, if there is one and it was given for the facts as they are now. */
export const requireAdvice = (state: CaseState, { advice, now }: Context): Result<Answer, CaseError> => {
  if (advice === undefined) return err({ type: "AdviceMissing" });
  return isSameFacts(advice.facts, factsOf(state, now, advice.vocabulary))
    ? ok(advice.answer)
    : err({ type: "AdviceStale" });
};

export const requireGate = (state: CaseState, context: Context, gate: Gate): Result<GateAdvice, CaseError> => {
  const advice = requireAdvice(state, context);
  if (!advice.ok) return advice;
  const answer = advice.value.gates[gate];
  if (answer?.state !== "open") return err({ type: "GateClosed", gate, needs: answer?.needs ?? [] });
  return ok({ pack: advice.value.pack, gate, limits: answer.limits, because: answer.because });
};

/** Of the tools that stand behind a gate, only one that is offered and open for this case (S-1). */
export const requireTool = (state: CaseState, context: Context, tool: string): Result<GateAdvice, CaseError> => {
  const gate = requireGate(state, context, tool.startsWith("P-") ? "platform-report" : "content-removal");
  if (!gate.ok) return gate;
  const answer = context.advice?.answer.tools.find(({ id }) => id === tool);
  if (answer?.offered !== true || !answer.open) return err({ type: "ToolNotOpen" });
  return ok({ ...gate.value, limits: answer.limits, because: [...gate.value.because, ...answer.because] });
};

const isSameFacts = (one: Facts, other: Facts): boolean => {
  const entries = Object.entries(one);
  return (
    entries.length === Object.keys(other).length &&
    entries.every(([fact, value]) => {
      const otherValue = other[fact];
      return otherValue !== undefined && isEqual(value, otherValue);
    })
  );
};
