/**
 * In imminent danger to life the emergency call, the urgent referral and the child-protection response wait for no
 * consent, assent or assessment (G-CONS-5). The person is told, the least is shared, a second person records why.
 *
 * A complaint to law enforcement is no emergency act: it stays behind its gate.
 */

import { err, ok } from "@amana/kernel";
import type { By } from "../by.ts";
import { ageOf } from "../consent/require.ts";
import type { Context, Decision } from "../context.ts";
import { type FactRecorded, factValue } from "../facts/facts.ts";
import { requireAdvice } from "../gates.ts";
import { type Register, addVersion } from "../register.ts";
import { type Command, type EventOf, oneOf, prose, record, variants } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { recipientId, sharedFields } from "../vocabulary.ts";

export const emergencyEvents = {
  /** Waits for a second person's own entry (`approvals`), which comes after the act and never before it. */
  EmergencyActed: record({
    act: oneOf("emergency-call", "urgent-referral", "child-protection-response"),
    recipient: recipientId,
    shared: sharedFields,
    personTold: variants({ told: record({}), "could-not-be-reached": record({ because: prose }) }),
    because: prose,
  }),
};

export type EmergencyActed = EventOf<typeof emergencyEvents>;

export type EmergencyCommand = Command<"ActInEmergency", typeof emergencyEvents.EmergencyActed>;

export type EmergencyState = { readonly acted: Register<EmergencyActed> };

export const noEmergency: EmergencyState = { acted: [] };

export const evolveEmergency = (state: EmergencyState, event: EmergencyActed, by: By): EmergencyState => ({
  acted: addVersion(state.acted, event, by),
});

const lifeInDanger = [
  ["immediate-danger", "yes"],
  ["suicide-or-self-harm", "imminent"],
] as const;

/** Life is in danger: from others now, or from oneself now. */
export const isLifeInDanger = (state: CaseState): boolean =>
  lifeInDanger.some(([fact, value]) => factValue(state, fact) === value);

/** Everything that was ever said to be so, whether or not it stands. */
export const saidOfDanger = ({ facts }: CaseState): Register<FactRecorded> =>
  lifeInDanger.flatMap(([fact, danger]) =>
    (facts.saidByFact.get(fact) ?? []).filter(({ value: { value } }) => value.kind === "one" && value.value === danger),
  );

/** A child in danger by what the pathway says: its child-protection response is to be done now (S-14). */
const isChildInDanger = (state: CaseState, context: Context): boolean => {
  const advice = requireAdvice(state, context);
  return (
    ageOf(state) !== "adult" &&
    advice.ok &&
    advice.value.actions.some(({ id, urgency }) => id === "child-protection-response" && urgency === "now")
  );
};

export const decideEmergency = (command: EmergencyCommand, state: CaseState, context: Context): Decision => {
  const isDanger =
    isLifeInDanger(state) || (command.act === "child-protection-response" && isChildInDanger(state, context));
  return isDanger ? ok([{ ...command, type: "EmergencyActed" }]) : err({ type: "NoImminentDanger" });
};
