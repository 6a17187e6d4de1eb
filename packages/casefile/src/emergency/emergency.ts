/**
 * In imminent danger to life the emergency call, the urgent referral and the child-protection response wait for no
 * consent, assent or assessment (G-CONS-5). The person is told, the least is shared, a second person records why. Somebody asks
 * afterwards until help came, as of any referral (G-CM-3), and until the person was told.
 *
 * A complaint to law enforcement is no emergency act: it stays behind its gate.
 */

import { err, ok } from "@amana/kernel";
import { entryHash } from "../approvals/approvals.ts";
import type { By, Mark } from "../by.ts";
import { ageOf } from "../consent/require.ts";
import type { Context, Decision } from "../context.ts";
import { type FactRecorded, factValue } from "../facts/facts.ts";
import { requireAdvice } from "../gates.ts";
import { type Register, type Registers, addTo, addVersion, standing } from "../register.ts";
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
  /** What came of it, by the entry of the act; and whether the person was told since, where she could not be reached then. */
  EmergencyFollowedUp: record(
    { emergency: entryHash, help: oneOf("came", "awaited", "did-not-come", "not-needed") },
    { personTold: oneOf("told", "could-not-be-reached"), text: prose },
  ),
};

type EmergencyEvent = EventOf<typeof emergencyEvents>;
export type EmergencyActed = Extract<EmergencyEvent, { type: "EmergencyActed" }>;
type EmergencyFollowedUp = Extract<EmergencyEvent, { type: "EmergencyFollowedUp" }>;

export type EmergencyCommand =
  | Command<"ActInEmergency", typeof emergencyEvents.EmergencyActed>
  | Command<"RecordEmergencyFollowUp", typeof emergencyEvents.EmergencyFollowedUp>;

export type EmergencyState = {
  readonly acted: Register<EmergencyActed>;
  readonly followUpsByEntry: Registers<EmergencyFollowedUp>;
};

export const noEmergency: EmergencyState = { acted: [], followUpsByEntry: new Map() };

export const evolveEmergency = (state: EmergencyState, event: EmergencyEvent, by: By): EmergencyState =>
  event.type === "EmergencyActed"
    ? { ...state, acted: addVersion(state.acted, event, by) }
    : { ...state, followUpsByEntry: addTo(state.followUpsByEntry, event.emergency, event, by) };

export type Emergency = {
  readonly value: EmergencyActed;
  readonly mark: Mark;
  readonly followUps: Register<EmergencyFollowedUp>;
  /** Since when nobody knows of help: the act, or whatever was said last. None once it came or is needed no more. */
  readonly helpAwaited: readonly Mark[];
  readonly isPersonTold: boolean;
};

/** Of two who asked at once, whoever found no help stands; told once, the person has been told. */
export const emergenciesOf = ({ emergency }: CaseState): readonly Emergency[] =>
  emergency.acted.map(({ value, mark }) => {
    const followUps = emergency.followUpsByEntry.get(mark.entry) ?? [];
    const last = standing(followUps);
    const open = last.filter((version) => version.value.help === "awaited" || version.value.help === "did-not-come");
    return {
      value,
      mark,
      followUps,
      helpAwaited: last.length === 0 ? [mark] : open.map((version) => version.mark),
      isPersonTold: value.personTold.kind === "told" || followUps.some((said) => said.value.personTold === "told"),
    };
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
  if (command.type === "RecordEmergencyFollowUp") {
    const isThere = state.emergency.acted.some(({ mark }) => mark.entry === command.emergency);
    return isThere ? ok([{ ...command, type: "EmergencyFollowedUp" }]) : err({ type: "NotThere" });
  }
  const isDanger =
    isLifeInDanger(state) || (command.act === "child-protection-response" && isChildInDanger(state, context));
  return isDanger ? ok([{ ...command, type: "EmergencyActed" }]) : err({ type: "NoImminentDanger" });
};
