/** The safety plan: staying safe now, made with the survivor and in their words (G-SAFE-6, G-LAW-6). */

import { err, exhausted, ok } from "@amana/kernel";
import type { By } from "../by.ts";
import type { Decision } from "../context.ts";
import type { ItemId } from "../ids.ts";
import { type Register, type Registers, addTo, addVersion } from "../register.ts";
import { type Command, type EventOf, flag, oneOf, prose, record } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { itemId, itemOutcome, itemView, itemWords, type ItemOutcome } from "./items.ts";

export const safetyPlanEvents = {
  SafetyItemSet: record({
    ...itemWords,
    area: oneOf("shelter", "communication", "access-to-services", "digital", "people", "emergency", "law", "other"),
  }),
  SafetyItemMarked: record({ item: itemId, outcome: itemOutcome }, { text: prose }),
  SafetyPlanReviewed: record({ madeWithSurvivor: flag, stillFits: flag }, { text: prose }),
};

export type SafetyPlanEvent = EventOf<typeof safetyPlanEvents>;
type ItemSet = Extract<SafetyPlanEvent, { type: "SafetyItemSet" }>;
type Marked = Extract<SafetyPlanEvent, { type: "SafetyItemMarked" }>;
type Reviewed = Extract<SafetyPlanEvent, { type: "SafetyPlanReviewed" }>;

export type SafetyPlanCommand =
  | Command<"SetSafetyItem", typeof safetyPlanEvents.SafetyItemSet>
  | Command<"MarkSafetyItem", typeof safetyPlanEvents.SafetyItemMarked>
  | Command<"ReviewSafetyPlan", typeof safetyPlanEvents.SafetyPlanReviewed>;

export type SafetyPlanState = {
  readonly wordsByItem: Registers<ItemSet>;
  readonly marksByItem: Registers<Marked>;
  readonly reviews: Register<Reviewed>;
};

export const noSafetyPlan: SafetyPlanState = { wordsByItem: new Map(), marksByItem: new Map(), reviews: [] };

export const evolveSafetyPlan = (state: SafetyPlanState, event: SafetyPlanEvent, by: By): SafetyPlanState => {
  switch (event.type) {
    case "SafetyItemSet":
      return { ...state, wordsByItem: addTo(state.wordsByItem, event.item, event, by) };
    case "SafetyItemMarked":
      return { ...state, marksByItem: addTo(state.marksByItem, event.item, event, by) };
    case "SafetyPlanReviewed":
      return { ...state, reviews: addVersion(state.reviews, event, by) };
    default:
      return exhausted(event);
  }
};

export type SafetyItem = {
  readonly item: ItemId;
  readonly words: readonly ItemSet[];
  readonly outcome: ItemOutcome;
};

export const safetyItems = ({ safetyPlan }: CaseState): readonly SafetyItem[] =>
  [...safetyPlan.wordsByItem.values()].flatMap((register) => {
    const item = register[0]?.value.item;
    return item === undefined ? [] : [{ item, ...itemView(register, safetyPlan.marksByItem.get(item)) }];
  });

export const decideSafetyPlan = (command: SafetyPlanCommand, state: CaseState): Decision => {
  switch (command.type) {
    case "SetSafetyItem":
      return ok([{ ...command, type: "SafetyItemSet" }]);
    case "MarkSafetyItem":
      if (!state.safetyPlan.wordsByItem.has(command.item)) return err({ type: "NotThere" });
      return ok([{ ...command, type: "SafetyItemMarked" }]);
    case "ReviewSafetyPlan":
      return ok([{ ...command, type: "SafetyPlanReviewed" }]);
    default:
      return exhausted(command);
  }
};
