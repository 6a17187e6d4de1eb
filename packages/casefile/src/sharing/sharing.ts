/**
 * What others hold of the survivor's, and what of it may be used no longer: consent was narrowed after it was sent (G-CM-3,
 * G-CONS-2). Whoever has it is told, of what is withheld now and of limits that are new.
 *
 * It follows from what was sent, from what is agreed and from what they were told since. Where nothing is agreed any more they are
 * told to stop, which is another matter (`referrals/`, `responsibility/`).
 */

import { err, ok, type Instant } from "@amana/kernel";
import { type By, isSame } from "../by.ts";
import type { AnswerRecorded } from "../consent/record.ts";
import { requireConsent } from "../consent/require.ts";
import type { Context, Decision } from "../context.ts";
import type { CaseEvent } from "../event.ts";
import type { RecipientId } from "../ids.ts";
import { type ReferralEvent, referralsOf } from "../referrals/referrals.ts";
import { type Register, type Registers, type Version, addTo, versionsBefore } from "../register.ts";
import { type ResponsibilityEvent, transfersOf } from "../responsibility/responsibility.ts";
import { type EventOf, prose, record } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { recipientId, sharedFields, sharedFieldsMax } from "../vocabulary.ts";

export const sharingEvents = {
  /** Whoever has it was told what of it may be used no longer, and of the limits as they are now. */
  SharingNarrowed: record({ recipient: recipientId, fields: sharedFields }, { text: prose }),
};

type SharingNarrowed = EventOf<typeof sharingEvents>;
type Sent =
  Extract<ReferralEvent, { type: "ReferralSent" }> | Extract<ResponsibilityEvent, { type: "CaseTransferred" }>;
/** What was sent to somebody, what they were told since, and what was answered about sharing with them. */
type Said = Sent | SharingNarrowed | AnswerRecorded;

/** What to tell is found out when it is recorded. */
export type SharingCommand = {
  readonly type: "RecordSharingNarrowed";
  readonly recipient: RecipientId;
  readonly text?: string;
};

export type SharingState = { readonly saidByRecipient: Registers<Said> };

export const noSharing: SharingState = { saidByRecipient: new Map() };

export const evolveSharing = (state: SharingState, event: CaseEvent, by: By): SharingState => {
  switch (event.type) {
    case "ReferralSent":
    case "CaseTransferred":
    case "SharingNarrowed":
      return { saidByRecipient: addTo(state.saidByRecipient, event.recipient, event, by) };
    case "ConsentRecorded":
    case "AssentRecorded":
    case "GuardianConsentRecorded":
      if (event.purpose !== "referral") return state;
      return { saidByRecipient: addTo(state.saidByRecipient, event.recipient, event, by) };
    default:
      return state;
  }
};

export type Narrowing = {
  readonly recipient: RecipientId;
  /** The case was handed over to them; otherwise they have a referral in hand. */
  readonly isTransferred: boolean;
  /** What was sent and may be used no longer. */
  readonly fields: readonly string[];
  /** Limits that were set since. */
  readonly limits: readonly string[];
};

/** Far more than there is to share of a case; whoever writes more makes no device walk through it (SECURITY §6.2). */
const fieldsLookedAtMax = 2 * sharedFieldsMax;

/** Whom to tell what: of what they hold, beyond what is agreed now, and not told to them since. */
export const narrowingsToTell = (state: CaseState, now: Instant): readonly Narrowing[] => {
  const isHeld = heldBy(state, now);
  return [...state.sharing.saidByRecipient.values()].flatMap((register) => {
    const held = register.flatMap((version) => (isSent(version) && isHeld(version) ? [version] : []));
    const recipient = held[0]?.value.recipient;
    if (recipient === undefined) return [];
    const agreed = requireConsent(state, now, "referral", recipient);
    if (!agreed.ok) return [];
    const { mayShare, limits } = agreed.value;
    const sent = [...new Set(held.flatMap(({ value }) => value.fields))].sort().slice(0, fieldsLookedAtMax);
    const fields = sent.filter((field) => !mayShare.includes(field) && isInUse(register, held, field));
    const known = limitsKnown(register, held);
    const narrowing: Narrowing = {
      recipient,
      isTransferred: held.some(({ value }) => value.type === "CaseTransferred"),
      fields: fields.slice(0, sharedFieldsMax),
      limits: [...new Set(limits)].filter((limit) => !known.has(limit)),
    };
    return narrowing.fields.length + narrowing.limits.length > 0 ? [narrowing] : [];
  });
};

const isSent = (version: Version<Said>): version is Version<Sent> =>
  version.value.type === "ReferralSent" || version.value.type === "CaseTransferred";

/** Whether somebody still has it in hand: nobody has turned it down, given the service or been told to stop since. */
const heldBy = (state: CaseState, now: Instant): ((sent: Version<Sent>) => boolean) => {
  const inHand = new Map(
    referralsOf(state, now).flatMap(({ referral, recipients, isWithProvider }) =>
      isWithProvider ? [[referral, new Set(recipients)] as const] : [],
    ),
  );
  const handed = transfersOf(state).filter(({ isStopped }) => !isStopped);
  return ({ value, mark }) =>
    value.type === "ReferralSent"
      ? inHand.get(value.referral)?.has(value.recipient) === true
      : handed.some((transfer) => isSame(transfer.mark, mark));
};

/** It was sent, and nobody who had seen that has told them since to use it no longer. */
const isInUse = (register: Register<Said>, held: Register<Sent>, field: string): boolean => {
  const told = versionsBefore<Said>(
    register,
    ({ value }) => value.type === "SharingNarrowed" && value.fields.includes(field),
  );
  return held.some((version) => version.value.fields.includes(field) && !told.has(version));
};

/** The limits that stood when something was sent to them or they were last told. */
const limitsKnown = (register: Register<Said>, held: Register<Sent>): ReadonlySet<string> => {
  const tellings = new Set<Version<Said>>([
    ...held,
    ...register.filter(({ value }) => value.type === "SharingNarrowed"),
  ]);
  const before = versionsBefore(register, (version) => tellings.has(version));
  return new Set([...before].flatMap(({ value }) => ("limits" in value ? [value.limits] : [])));
};

/** What they are to be told when it is recorded is what they were told. */
export const decideSharing = ({ recipient, text }: SharingCommand, state: CaseState, { now }: Context): Decision => {
  const narrowing = narrowingsToTell(state, now).find((each) => each.recipient === recipient);
  if (narrowing === undefined) return err({ type: "NotThere" });
  const { fields } = narrowing;
  return ok([{ type: "SharingNarrowed", recipient, fields, ...(text === undefined ? {} : { text }) }]);
};
