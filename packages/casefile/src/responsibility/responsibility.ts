/**
 * Responsibility: within the organisation it is offered and accepted by the person themself; out of it, the case is
 * transferred with consent for that recipient. What was handed over is still theirs when that consent ends, so they are told to
 * stop, as a provider is. Who may read the case is no question of these events.
 */

import { err, exhausted, ok, type Instant } from "@amana/kernel";
import { entryHash } from "../approvals/approvals.ts";
import type { By, Mark } from "../by.ts";
import type { Context, Decision } from "../context.ts";
import type { PersonId } from "../ids.ts";
import { isAgreed } from "../consent/require.ts";
import { requireFields } from "../referrals/decide.ts";
import {
  type Register,
  type Registers,
  addTo,
  addVersion,
  standing,
  standingAmong,
  versionsBefore,
} from "../register.ts";
import { type Command, type EventOf, type Shape, id, prose, record } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { recipientId, sharedFields } from "../vocabulary.ts";

const personId: Shape<PersonId> = id();

export const responsibilityEvents = {
  ResponsibilityOffered: record({ to: personId, because: prose }),
  /** Counts only from the person it was offered to. */
  ResponsibilityAccepted: record({ offer: entryHash }),
  ResponsibilityDeclined: record({ offer: entryHash, because: prose }),
  CaseTransferred: record({ recipient: recipientId, fields: sharedFields, because: prose }),
  /** The other organisation was told to stop, because what the transfer rested on was withdrawn. */
  TransferStopped: record({ recipient: recipientId }, { text: prose }),
};

export type ResponsibilityEvent = EventOf<typeof responsibilityEvents>;
type Offered = Extract<ResponsibilityEvent, { type: "ResponsibilityOffered" }>;
type Taken = Extract<ResponsibilityEvent, { type: "ResponsibilityAccepted" | "ResponsibilityDeclined" }>;
type Transferred = Extract<ResponsibilityEvent, { type: "CaseTransferred" }>;
type Handed = Extract<ResponsibilityEvent, { type: "CaseTransferred" | "TransferStopped" }>;

export type ResponsibilityCommand =
  | Command<"OfferResponsibility", typeof responsibilityEvents.ResponsibilityOffered>
  | Command<"AcceptResponsibility", typeof responsibilityEvents.ResponsibilityAccepted>
  | Command<"DeclineResponsibility", typeof responsibilityEvents.ResponsibilityDeclined>
  | Command<"TransferCase", typeof responsibilityEvents.CaseTransferred>
  | Command<"RecordTransferStopped", typeof responsibilityEvents.TransferStopped>;

export type ResponsibilityState = {
  readonly offers: Register<Offered>;
  readonly answers: Register<Taken>;
  readonly handedByRecipient: Registers<Handed>;
};

export const noResponsibility: ResponsibilityState = { offers: [], answers: [], handedByRecipient: new Map() };

export const evolveResponsibility = (
  state: ResponsibilityState,
  event: ResponsibilityEvent,
  by: By,
): ResponsibilityState => {
  switch (event.type) {
    case "ResponsibilityOffered":
      return { ...state, offers: addVersion(state.offers, event, by) };
    case "ResponsibilityAccepted":
    case "ResponsibilityDeclined":
      return { ...state, answers: addVersion(state.answers, event, by) };
    case "CaseTransferred":
    case "TransferStopped":
      return { ...state, handedByRecipient: addTo(state.handedByRecipient, event.recipient, event, by) };
    default:
      return exhausted(event);
  }
};

/** Who carries the case. More than one when two accepted without knowing of each other, until one accepts again. */
export const responsiblePersons = ({ opening, responsibility }: CaseState): readonly PersonId[] => {
  const accepted = responsibility.answers.filter(({ value }) => value.type === "ResponsibilityAccepted");
  const stands = standingAmong(responsibility.answers, accepted);
  const marks = stands.length > 0 ? stands : opening.opened.filter(({ value }) => value.type === "CaseOpened");
  return [...new Set(marks.map(({ mark }) => mark.author))].sort();
};

/** Offers nobody has answered. */
export const waitingOffers = ({ responsibility }: CaseState): Register<Offered> =>
  standing(responsibility.offers).filter(
    ({ mark }) => !responsibility.answers.some(({ value }) => value.offer === mark.entry),
  );

/** Whether an offer of this entry was made to this person. */
export const isOfferedTo = ({ responsibility }: CaseState, offer: string, person: PersonId): boolean =>
  responsibility.offers.some(({ mark, value }) => mark.entry === offer && value.to === person);

/** A transfer, and whether the organisation it went to was told to stop by somebody who had seen it. */
export type Transfer = { readonly value: Transferred; readonly mark: Mark; readonly isStopped: boolean };

export const transfersOf = ({ responsibility }: CaseState): readonly Transfer[] =>
  [...responsibility.handedByRecipient.values()].flatMap((handed) => {
    const stopped = versionsBefore(handed, ({ value }) => value.type === "TransferStopped");
    return handed.flatMap((version) =>
      version.value.type === "CaseTransferred"
        ? [{ value: version.value, mark: version.mark, isStopped: stopped.has(version) }]
        : [],
    );
  });

/** Organisations that hold what was handed to them, and the consent it rested on no longer stands: they must be told (G-CONS-2). */
export const transfersToBeStopped = (state: CaseState, now: Instant): readonly string[] => {
  const holding = transfersOf(state).flatMap(({ value, isStopped }) => (isStopped ? [] : [value.recipient]));
  return [...new Set(holding)].filter((recipient) => !isAgreed(state, now, "referral", recipient));
};

const isDeclined = ({ responsibility }: CaseState, offer: string): boolean =>
  responsibility.answers.some(({ value }) => value.type === "ResponsibilityDeclined" && value.offer === offer);

export const decideResponsibility = (
  command: ResponsibilityCommand,
  state: CaseState,
  { actor, now }: Context,
): Decision => {
  switch (command.type) {
    case "OfferResponsibility":
      return ok([{ ...command, type: "ResponsibilityOffered" }]);
    case "AcceptResponsibility":
      if (!isOfferedTo(state, command.offer, actor.person)) return err({ type: "NotOfferedToYou" });
      // Whoever offered it has counted on the answer since: it is offered anew.
      if (isDeclined(state, command.offer)) return err({ type: "StepNotPossible", from: "declined" });
      return ok([{ ...command, type: "ResponsibilityAccepted" }]);
    case "DeclineResponsibility":
      if (!isOfferedTo(state, command.offer, actor.person)) return err({ type: "NotOfferedToYou" });
      return ok([{ ...command, type: "ResponsibilityDeclined" }]);
    case "TransferCase": {
      const allowed = requireFields(state, now, command.recipient, command.fields);
      return allowed.ok ? ok([{ ...command, type: "CaseTransferred" }]) : allowed;
    }
    case "RecordTransferStopped": {
      const known = transfersOf(state).filter(({ value }) => value.recipient === command.recipient);
      if (known.length === 0) return err({ type: "NotThere" });
      if (known.every(({ isStopped }) => isStopped)) return err({ type: "StepNotPossible", from: "stopped" });
      return ok([{ ...command, type: "TransferStopped" }]);
    }
    default:
      return exhausted(command);
  }
};
