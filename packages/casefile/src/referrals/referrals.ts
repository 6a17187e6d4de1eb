/**
 * Referrals: another service is asked, the case stays (G-CM-3). What is shared is chosen field by field.
 *
 * Of two steps recorded at once, the survivor's refusal stands first, then whatever keeps somebody looking. Whether a
 * provider has it in hand is no stage: a refusal or a closing recorded here tells the provider nothing.
 */

import type { Instant } from "@amana/kernel";
import { exhausted } from "@amana/kernel";
import type { By, Mark } from "../by.ts";
import { isAgreed } from "../consent/require.ts";
import type { ItemId } from "../ids.ts";
import { type Register, type Registers, addTo, standing, versionsBefore } from "../register.ts";
import { type Command, type EventOf, line, oneOf, prose, record } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { recipientId, service, sharedFields } from "../vocabulary.ts";
import { itemId } from "../plans/items.ts";

export const referralEvents = {
  ReferralPrepared: record({
    referral: itemId,
    service,
    /** The provider: the recipient of the consent. */
    recipient: recipientId,
    fields: sharedFields,
    urgency: oneOf("now", "24h", "48h", "standard"),
    reason: prose,
  }),
  /** What really went out. */
  ReferralSent: record({ referral: itemId, recipient: recipientId, fields: sharedFields }),
  ReferralAnswered: record(
    { referral: itemId, answer: oneOf("accepted", "declined-by-provider", "unavailable") },
    { answeredBy: line, text: prose },
  ),
  ReferralDeclinedBySurvivor: record({ referral: itemId }, { text: prose }),
  ReferralDone: record({ referral: itemId, given: prose }, { feedback: prose }),
  ReferralClosed: record({ referral: itemId, because: prose }),
  /** The provider was told to stop, because what it rested on was withdrawn. */
  ReferralStopped: record({ referral: itemId }, { text: prose }),
};

export type ReferralEvent = EventOf<typeof referralEvents>;
export type ReferralPrepared = Extract<ReferralEvent, { type: "ReferralPrepared" }>;
type ReferralStep = Exclude<ReferralEvent, ReferralPrepared>;

export type ReferralCommand =
  | Command<"PrepareReferral", typeof referralEvents.ReferralPrepared>
  | { readonly type: "SendReferral"; readonly referral: ItemId }
  | Command<"RecordReferralAnswer", typeof referralEvents.ReferralAnswered>
  | Command<"RecordSurvivorDeclined", typeof referralEvents.ReferralDeclinedBySurvivor>
  | Command<"RecordReferralDone", typeof referralEvents.ReferralDone>
  | Command<"CloseReferral", typeof referralEvents.ReferralClosed>
  | Command<"RecordReferralStopped", typeof referralEvents.ReferralStopped>;

export type ReferralsState = {
  readonly preparedById: Registers<ReferralPrepared>;
  readonly stepsById: Registers<ReferralStep>;
};

export const noReferrals: ReferralsState = { preparedById: new Map(), stepsById: new Map() };

export const evolveReferrals = (state: ReferralsState, event: ReferralEvent, by: By): ReferralsState =>
  event.type === "ReferralPrepared"
    ? { ...state, preparedById: addTo(state.preparedById, event.referral, event, by) }
    : { ...state, stepsById: addTo(state.stepsById, event.referral, event, by) };

export type ReferralStage =
  | "prepared"
  | "sent"
  | "accepted"
  | "declined-by-provider"
  | "declined-by-survivor"
  | "unavailable"
  | "done"
  | "closed"
  | "stopped";

/** From the stage that lets go to the one that must not be overlooked. */
const stages: readonly ReferralStage[] = [
  ...(["closed", "done", "accepted", "sent", "prepared", "unavailable"] as const),
  ...(["declined-by-provider", "stopped", "declined-by-survivor"] as const),
];

export type Referral = {
  readonly referral: ItemId;
  /** More than one when people prepared it at once. */
  readonly prepared: readonly ReferralPrepared[];
  readonly stage: ReferralStage;
  /** When the last step that stands was recorded. */
  readonly sinceAt: Instant;
  /** It went out, and the provider has neither turned it down nor given the service nor been told to stop. */
  readonly isWithProvider: boolean;
  /** Whom it is with: the providers that have it in hand, and while none has, whom it was prepared for. */
  readonly recipients: readonly string[];
  /** Of those that have it in hand, who must be told: the survivor refused it, or the consent it rests on no longer stands. */
  readonly toBeStopped: readonly string[];
  readonly isToBeStopped: boolean;
  readonly mostUrgent: ReferralPrepared["urgency"];
  /** The survivor has not refused it, and agrees to it with somebody for whom it was prepared. */
  readonly isWanted: boolean;
};

/** When something was recorded: by the author's clock, unless somebody knows better. */
type StartedAt = (mark: Mark) => Instant;
const recordedAt: StartedAt = (mark) => mark.recordedAt;

export const referralsOf = (state: CaseState, now: Instant, startedAt = recordedAt): readonly Referral[] =>
  [...state.referrals.preparedById.keys()].flatMap((referral) => referralOf(state, now, referral, startedAt) ?? []);

export const referralOf = (
  state: CaseState,
  now: Instant,
  id: string,
  startedAt = recordedAt,
): Referral | undefined => {
  const register = state.referrals.preparedById.get(id) ?? [];
  const prepared = standing(register);
  const [first] = prepared;
  if (first === undefined) return undefined;
  const allSteps = state.referrals.stepsById.get(id) ?? [];
  const steps = standing(allSteps);
  const places = steps.map(({ value }) => stages.indexOf(stageOf(value)));
  const stage = stages[Math.max(...places)] ?? "prepared";
  const inHand = recipientsInHand(allSteps);
  const isRefused = allSteps.some(({ value }) => value.type === "ReferralDeclinedBySurvivor");
  const toBeStopped = inHand.filter((recipient) => isRefused || !isAgreed(state, now, "referral", recipient));
  return {
    referral: first.value.referral,
    prepared: prepared.map(({ value }) => value),
    stage,
    sinceAt: [...prepared, ...steps].reduce((last, { mark }) => {
      const at = startedAt(mark);
      return at > last ? at : last;
    }, startedAt(first.mark)),
    isWithProvider: inHand.length > 0,
    recipients: inHand.length > 0 ? inHand : [...new Set(prepared.map(({ value }) => value.recipient))],
    toBeStopped,
    isToBeStopped: toBeStopped.length > 0,
    isWanted: !isRefused && prepared.some(({ value }) => isAgreed(state, now, "referral", value.recipient)),
    mostUrgent: urgencies.find((urgency) => prepared.some(({ value }) => value.urgency === urgency)) ?? "standard",
  };
};

const urgencies = ["now", "24h", "48h", "standard"] as const;

/** Providers a sending went to that nobody has ended who had seen it. */
const recipientsInHand = (steps: Register<ReferralStep>): readonly string[] => {
  const ended = versionsBefore(steps, ({ value }) => endsWithProvider.has(stageOf(value)));
  const inHand = steps.flatMap((step) =>
    step.value.type === "ReferralSent" && !ended.has(step) ? [step.value.recipient] : [],
  );
  return [...new Set(inHand)];
};

/** Neither the survivor's refusal nor our closing: the provider knows of neither. */
const endsWithProvider: ReadonlySet<ReferralStage> = new Set([
  "declined-by-provider",
  "unavailable",
  "done",
  "stopped",
]);

const stageOf = (step: ReferralStep): ReferralStage => {
  switch (step.type) {
    case "ReferralSent":
      return "sent";
    case "ReferralAnswered":
      return step.answer;
    case "ReferralDeclinedBySurvivor":
      return "declined-by-survivor";
    case "ReferralDone":
      return "done";
    case "ReferralClosed":
      return "closed";
    case "ReferralStopped":
      return "stopped";
    default:
      return exhausted(step);
  }
};
