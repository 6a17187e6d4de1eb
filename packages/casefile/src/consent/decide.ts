/** Commands about consent. What was said is always written down; whether it is consent is `standing.ts`. */

import { err, exhausted, ok } from "@amana/kernel";
import type { Context, Decision } from "../context.ts";
import type { CaseState } from "../state.ts";
import { requireGate } from "../gates.ts";
import type { AnswerRecorded, ConsentCommand } from "./record.ts";
import { ageOf, isGuardianToBeAsked } from "./require.ts";
import { isBeforeRefusal, notTold } from "./standing.ts";

type AnswerCommand = Extract<ConsentCommand, { type: "RecordConsent" | "RecordAssent" | "RecordGuardianConsent" }>;

/**
 * A "yes" given under pressure is recorded as it was and stands for nothing (G-CONS-4). A "yes" of somebody who was not
 * told what to tell is refused: tell them first (G-CONS-1).
 */
export const decideConsent = (command: ConsentCommand, state: CaseState, context: Context): Decision => {
  switch (command.type) {
    case "RecordConsent":
      return recordAnswer({ ...command, type: "ConsentRecorded" }, state, context);
    case "RecordAssent":
      if (isAdult(state)) return err({ type: "OnlyForAChild" });
      return recordAnswer({ ...command, type: "AssentRecorded" }, state, context);
    case "RecordGuardianConsent":
      return recordGuardian(command, state, context);
    case "ProposeBestInterests":
      if (isAdult(state)) return err({ type: "OnlyForAChild" });
      if (isPast(command.expiresAt, context)) return err({ type: "MomentWrong", field: "expiresAt" });
      return ok([{ ...command, type: "BestInterestsProposed" }]);
    case "WithdrawConsent":
      // At any time, without a reason, also of what this device has not seen (G-CONS-2).
      return ok([{ ...command, type: "ConsentWithdrawn" }]);
    default:
      return exhausted(command);
  }
};

/** Nobody decides in the place of an adult. While the age is not known, both ways are prepared (DOMAIN §13). */
const isAdult = (state: CaseState): boolean => ageOf(state) === "adult";

const recordAnswer = (event: AnswerRecorded, state: CaseState, context: Context): Decision => {
  const { now } = context;
  if (event.givenAt > now) return err({ type: "MomentWrong", field: "givenAt" });
  if (isBeforeRefusal(state, now, event)) return err({ type: "GivenBeforeRefusal" });
  if (isPast(event.expiresAt, context)) return err({ type: "MomentWrong", field: "expiresAt" });
  const missing = notTold(event);
  return missing.length > 0 ? err({ type: "ToldIncomplete", missing }) : ok([event]);
};

const recordGuardian = (
  command: Extract<AnswerCommand, { type: "RecordGuardianConsent" }>,
  state: CaseState,
  context: Context,
): Decision => {
  if (!isGuardianToBeAsked(state)) return err({ type: "GuardianNotToBeAsked" });
  const gate = requireGate(state, context, "guardian-consent");
  return gate.ok ? recordAnswer({ ...command, type: "GuardianConsentRecorded" }, state, context) : gate;
};

const isPast = (moment: AnswerRecorded["expiresAt"], { now }: Context): boolean =>
  moment !== undefined && moment <= now;
