/** Commands about law. No step to an agency without an assessment for that agency, the gate and the agreed purpose; a child is never alone (S-5, G-LAW-8). */

import { err, exhausted, ok } from "@amana/kernel";
import { ageOf, requireConsent } from "../consent/require.ts";
import type { Context, Decision } from "../context.ts";
import { requireGate } from "../gates.ts";
import type { CaseState } from "../state.ts";
import { type LawCommand, lawDecision, legalRiskOf, stepsWithoutAgency } from "./law.ts";

export const decideLaw = (command: LawCommand, state: CaseState, context: Context): Decision => {
  switch (command.type) {
    case "AssessLegalRisk":
      return ok([{ ...command, type: "LegalRiskAssessed" }]);
    case "OutdateLegalRisk":
      if (state.law.assessed.length === 0) return err({ type: "NotThere" });
      return ok([{ ...command, type: "LegalRiskOutdated" }]);
    case "RecordLawDecision":
      return ok([{ ...command, type: "LawDecisionRecorded" }]);
    case "RecordLawStep":
      return recordStep(command, state, context);
    case "RecordLawOutcome":
      return ok([{ ...command, type: "LawOutcomeRecorded" }]);
    default:
      return exhausted(command);
  }
};

const recordStep = (
  command: Extract<LawCommand, { type: "RecordLawStep" }>,
  state: CaseState,
  context: Context,
): Decision => {
  if (command.happenedAt > context.now) return err({ type: "MomentWrong", field: "happenedAt" });
  if (stepsWithoutAgency.includes(command.step)) return ok([{ ...command, type: "LawStepRecorded" }]);
  if (lawDecision(state) !== "report") return err({ type: "StepNotPossible", from: lawDecision(state) });
  const consent = requireConsent(state, context.now, "law", command.agency);
  if (!consent.ok) return consent;
  if (ageOf(state) !== "adult" && command.accompaniedBy.kind === "nobody") return err({ type: "NotAccompanied" });
  const advice = requireGate(state, context, "law-report");
  if (!advice.ok) return advice;
  // The gate says that the risk was weighed, and not for which agency.
  if (legalRiskOf(state, command.agency) !== "stands") return err({ type: "AgencyNotAssessed" });
  return ok([{ ...command, type: "LawStepRecorded", advice: advice.value }]);
};
