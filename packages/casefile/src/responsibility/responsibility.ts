/**
 * Responsibility: within the organisation it is offered and accepted by the person themself; out of it, the case is
 * transferred with consent for that recipient. Who may read the case is no question of these events.
 */

import { err, exhausted, ok } from "@amana/kernel";
import { entryHash } from "../approvals/approvals.ts";
import type { By } from "../by.ts";
import type { Context, Decision } from "../context.ts";
import type { PersonId } from "../ids.ts";
import { requireFields } from "../referrals/decide.ts";
import { type Register, addVersion, standing, standingAmong } from "../register.ts";
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
};

export type ResponsibilityEvent = EventOf<typeof responsibilityEvents>;
type Offered = Extract<ResponsibilityEvent, { type: "ResponsibilityOffered" }>;
type Taken = Extract<ResponsibilityEvent, { type: "ResponsibilityAccepted" | "ResponsibilityDeclined" }>;
type Transferred = Extract<ResponsibilityEvent, { type: "CaseTransferred" }>;

export type ResponsibilityCommand =
  | Command<"OfferResponsibility", typeof responsibilityEvents.ResponsibilityOffered>
  | Command<"AcceptResponsibility", typeof responsibilityEvents.ResponsibilityAccepted>
  | Command<"DeclineResponsibility", typeof responsibilityEvents.ResponsibilityDeclined>
  | Command<"TransferCase", typeof responsibilityEvents.CaseTransferred>;

export type ResponsibilityState = {
  readonly offers: Register<Offered>;
  readonly answers: Register<Taken>;
  readonly transfers: Register<Transferred>;
};

export const noResponsibility: ResponsibilityState = { offers: [], answers: [], transfers: [] };

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
      return { ...state, transfers: addVersion(state.transfers, event, by) };
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
    default:
      return exhausted(command);
  }
};
