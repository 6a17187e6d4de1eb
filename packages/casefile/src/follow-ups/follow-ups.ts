/** Follow-ups: the next contact, and how things went since: safety, health, psychosocial, justice, other (G-CM-4, G-LAW-7). */

import { err, exhausted, ok, type Instant } from "@amana/kernel";
import type { By, Mark } from "../by.ts";
import type { Context, Decision } from "../context.ts";
import type { ItemId } from "../ids.ts";
import { itemId } from "../plans/items.ts";
import { type Registers, addTo, standing } from "../register.ts";
import { type Command, type EventOf, line, moment, oneOf, prose, record } from "../shape.ts";
import type { CaseState } from "../state.ts";

const progress = oneOf("better", "same", "worse", "not-discussed");

export const followUpEvents = {
  FollowUpPlanned: record({ followUp: itemId, about: line, dueAt: moment }),
  FollowUpDone: record(
    {
      followUp: itemId,
      doneAt: moment,
      progress: record({
        safety: progress,
        health: progress,
        psychosocial: progress,
        justice: progress,
        other: progress,
      }),
    },
    { text: prose },
  ),
  FollowUpMissed: record({ followUp: itemId, because: prose, nextDueAt: moment }),
};

export type FollowUpEvent = EventOf<typeof followUpEvents>;

export type FollowUpCommand =
  | Command<"PlanFollowUp", typeof followUpEvents.FollowUpPlanned>
  | Command<"RecordFollowUp", typeof followUpEvents.FollowUpDone>
  | Command<"RecordMissedFollowUp", typeof followUpEvents.FollowUpMissed>;

export type FollowUpsState = { readonly saidById: Registers<FollowUpEvent> };

export const noFollowUps: FollowUpsState = { saidById: new Map() };

export const evolveFollowUps = (state: FollowUpsState, event: FollowUpEvent, by: By): FollowUpsState => ({
  saidById: addTo(state.saidById, event.followUp, event, by),
});

/** What is still to come, with the earliest moment anyone set. Done by one while another set a new date: it stays open. */
export const openFollowUps = ({
  followUps,
}: CaseState): readonly { readonly followUp: ItemId; readonly dueAt: Instant }[] =>
  [...followUps.saidById.values()].flatMap((register) => {
    const waiting = standing(register).flatMap(({ value }) => {
      if (value.type === "FollowUpDone") return [];
      return [{ followUp: value.followUp, dueAt: value.type === "FollowUpPlanned" ? value.dueAt : value.nextDueAt }];
    });
    return waiting.sort((one, other) => one.dueAt - other.dueAt).slice(0, 1);
  });

/** Contacts at which anything was said to be worse than before (G-CM-4, G-LAW-7). */
export const toldWorse = ({ followUps }: CaseState): readonly Mark[] =>
  [...followUps.saidById.values()].flat().flatMap(({ value, mark }) => {
    if (value.type !== "FollowUpDone") return [];
    return Object.values(value.progress).includes("worse") ? [mark] : [];
  });

export const decideFollowUps = (command: FollowUpCommand, state: CaseState, { now }: Context): Decision => {
  const isThere = state.followUps.saidById.has(command.followUp);
  switch (command.type) {
    case "PlanFollowUp":
      return command.dueAt <= now
        ? err({ type: "MomentWrong", field: "dueAt" })
        : ok([{ ...command, type: "FollowUpPlanned" }]);
    case "RecordFollowUp":
      if (!isThere) return err({ type: "NotThere" });
      return command.doneAt > now
        ? err({ type: "MomentWrong", field: "doneAt" })
        : ok([{ ...command, type: "FollowUpDone" }]);
    case "RecordMissedFollowUp":
      if (!isThere) return err({ type: "NotThere" });
      return command.nextDueAt <= now
        ? err({ type: "MomentWrong", field: "nextDueAt" })
        : ok([{ ...command, type: "FollowUpMissed" }]);
    default:
      return exhausted(command);
  }
};
