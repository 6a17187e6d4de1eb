/** Commands about referrals. Nothing is sent without consent for that recipient, and no field beyond it (G-CM-3, G-CONS-2). */

import { err, exhausted, ok, type Result } from "@amana/kernel";
import { requireConsent } from "../consent/require.ts";
import type { Context, Decision } from "../context.ts";
import type { CaseError } from "../error.ts";
import type { CaseEvent } from "../event.ts";
import type { RecipientId } from "../ids.ts";
import type { CaseState } from "../state.ts";
import { type Referral, type ReferralCommand, type ReferralStage, referralOf } from "./referrals.ts";

/** From which stages each step is possible. The survivor may decline at any moment before it is over. */
const possibleFrom = {
  SendReferral: ["prepared", "unavailable", "declined-by-provider"],
  RecordReferralAnswer: ["sent", "accepted", "unavailable", "declined-by-provider"],
  RecordSurvivorDeclined: ["prepared", "sent", "accepted", "unavailable", "declined-by-provider"],
  RecordReferralDone: ["accepted"],
  CloseReferral: ["prepared", "unavailable", "declined-by-provider", "declined-by-survivor", "done", "stopped"],
} satisfies Partial<Record<ReferralCommand["type"], readonly ReferralStage[]>>;

export const decideReferrals = (command: ReferralCommand, state: CaseState, context: Context): Decision => {
  const known = referralOf(state, context.now, command.referral);
  if (command.type === "PrepareReferral") {
    if (known !== undefined && known.stage !== "prepared") return err({ type: "AlreadyThere" });
    return ok([{ ...command, type: "ReferralPrepared" }]);
  }
  if (known === undefined) return err({ type: "NotThere" });
  if (!isPossible(command.type, known)) return err({ type: "StepNotPossible", from: known.stage });
  return command.type === "SendReferral" ? send(known, state, context) : ok([stepEvent(command)]);
};

/** A provider who has it can be told to stop at whatever stage it is here. */
const isPossible = (step: StepName, { stage, isWithProvider }: Referral): boolean => {
  if (step === "RecordReferralStopped") return isWithProvider;
  const stages: readonly ReferralStage[] = possibleFrom[step];
  return stages.includes(stage);
};

type StepName = Exclude<ReferralCommand["type"], "PrepareReferral">;

const send = (referral: Referral, state: CaseState, { now }: Context): Decision => {
  const sharing = requireSharing(referral, state, now);
  return sharing.ok ? ok([{ type: "ReferralSent", referral: referral.referral, ...sharing.value }]) : sharing;
};

/** To whom a referral goes and what it tells them, as long as the consent for it stands. */
export type Sharing = { readonly recipient: RecipientId; readonly fields: readonly string[] };

/** While two versions stand, only what both chose goes to a provider whom both named. */
const requireSharing = ({ prepared }: Referral, state: CaseState, now: Context["now"]): Result<Sharing, CaseError> => {
  const [first, ...others] = prepared;
  if (first === undefined || others.some(({ recipient }) => recipient !== first.recipient)) {
    return err({ type: "StepNotPossible", from: "prepared" });
  }
  const fields = first.fields.filter((field) => others.every((other) => other.fields.includes(field)));
  const allowed = requireFields(state, now, first.recipient, fields);
  return allowed.ok ? ok({ recipient: first.recipient, fields }) : allowed;
};

const letterPossibleIn: readonly ReferralStage[] = [
  ...(["prepared", "sent", "accepted", "unavailable", "declined-by-provider"] as const),
];

/** Neither over nor declined by the survivor: a letter to the provider may still say what was prepared. */
export const maySayMore = ({ stage }: Referral): boolean => letterPossibleIn.includes(stage);

/** What a letter to the provider may say: exactly what the referral may, while it is neither over nor declined by the survivor. */
export const requireReferralLetter = (
  state: CaseState,
  now: Context["now"],
  id: string,
): Result<Sharing, CaseError> => {
  const known = referralOf(state, now, id);
  if (known === undefined) return err({ type: "NotThere" });
  if (!maySayMore(known)) return err({ type: "StepNotPossible", from: known.stage });
  return requireSharing(known, state, now);
};

/** Consent for the recipient, and that it covers each field. Also asked before a case is handed to another organisation. */
export const requireFields = (
  state: CaseState,
  now: Context["now"],
  recipient: string,
  fields: readonly string[],
): Result<true, CaseError> => {
  const consent = requireConsent(state, now, "referral", recipient);
  if (!consent.ok) return consent;
  const beyond = fields.filter((field) => !consent.value.mayShare.includes(field));
  return beyond.length > 0 ? err({ type: "FieldsNotConsented", fields: beyond }) : ok(true);
};

type StepCommand = Exclude<ReferralCommand, { type: "PrepareReferral" | "SendReferral" }>;

const stepEvent = (command: StepCommand): CaseEvent => {
  switch (command.type) {
    case "RecordReferralAnswer":
      return { ...command, type: "ReferralAnswered" };
    case "RecordSurvivorDeclined":
      return { ...command, type: "ReferralDeclinedBySurvivor" };
    case "RecordReferralDone":
      return { ...command, type: "ReferralDone" };
    case "CloseReferral":
      return { ...command, type: "ReferralClosed" };
    case "RecordReferralStopped":
      return { ...command, type: "ReferralStopped" };
    default:
      return exhausted(command);
  }
};
