/**
 * The digital safety plan: items that shut the perpetrator out can warn them as much as a report does (G-DIG-2).
 *
 * Setting an item and marking it done both stand behind the gate and the consent for that act; blocking and
 * limiting contact behind a gate of their own.
 */

import { exhausted, type Instant } from "@amana/kernel";
import type { By } from "../by.ts";
import { isAgreed } from "../consent/require.ts";
import type { ItemId } from "../ids.ts";
import { type Register, type Registers, addTo, addVersion } from "../register.ts";
import { type Command, type EventOf, type GatedCommand, flag, oneOf, type Of, prose, record } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { gateAdvice, type Gate } from "../vocabulary.ts";
import { itemId, itemOutcome, itemView, itemWords, type ItemOutcome } from "./items.ts";

const digitalActs = [
  ...(["change-passwords", "two-factor", "privacy-settings", "look-for-trackers", "location-off"] as const),
  ...(["limit-contact", "block-perpetrator", "digital-literacy", "other"] as const),
] as const;
const digitalAct = oneOf(...digitalActs);
export type DigitalAct = Of<typeof digitalAct>;

export const digitalPlanEvents = {
  /** The act is the recipient of the consent for `digital`. */
  DigitalItemSet: record({ ...itemWords, act: digitalAct, advice: gateAdvice }),
  /** Carries the advice when the outcome is `done`. */
  DigitalItemMarked: record({ item: itemId, outcome: itemOutcome }, { text: prose, advice: gateAdvice }),
  DigitalPlanReviewed: record({ madeWithSurvivor: flag, stillFits: flag }, { text: prose }),
};

export type DigitalPlanEvent = EventOf<typeof digitalPlanEvents>;
export type DigitalItemSet = Extract<DigitalPlanEvent, { type: "DigitalItemSet" }>;
type Marked = Extract<DigitalPlanEvent, { type: "DigitalItemMarked" }>;
type Reviewed = Extract<DigitalPlanEvent, { type: "DigitalPlanReviewed" }>;

export type DigitalPlanCommand =
  | GatedCommand<"SetDigitalItem", typeof digitalPlanEvents.DigitalItemSet>
  | GatedCommand<"MarkDigitalItem", typeof digitalPlanEvents.DigitalItemMarked>
  | Command<"ReviewDigitalPlan", typeof digitalPlanEvents.DigitalPlanReviewed>;

export type DigitalPlanState = {
  readonly wordsByItem: Registers<DigitalItemSet>;
  readonly marksByItem: Registers<Marked>;
  readonly reviews: Register<Reviewed>;
};

export const noDigitalPlan: DigitalPlanState = { wordsByItem: new Map(), marksByItem: new Map(), reviews: [] };

export const evolveDigitalPlan = (state: DigitalPlanState, event: DigitalPlanEvent, by: By): DigitalPlanState => {
  switch (event.type) {
    case "DigitalItemSet":
      return { ...state, wordsByItem: addTo(state.wordsByItem, event.item, event, by) };
    case "DigitalItemMarked":
      return { ...state, marksByItem: addTo(state.marksByItem, event.item, event, by) };
    case "DigitalPlanReviewed":
      return { ...state, reviews: addVersion(state.reviews, event, by) };
    default:
      return exhausted(event);
  }
};

export type DigitalItem = {
  readonly item: ItemId;
  /** More than one when people wrote at once. */
  readonly words: readonly DigitalItemSet[];
  readonly outcome: ItemOutcome;
  /** Whether each of its acts is still agreed. Where not, nobody goes on with it. */
  readonly mayGoOn: boolean;
};

export const digitalItems = (state: CaseState, now: Instant): readonly DigitalItem[] =>
  [...state.digitalPlan.wordsByItem.values()].flatMap((register) => {
    const item = register[0]?.value.item;
    if (item === undefined) return [];
    const view = itemView(register, state.digitalPlan.marksByItem.get(item));
    return [{ item, ...view, mayGoOn: view.words.every(({ act }) => isAgreed(state, now, "digital", act)) }];
  });

export const gateOfAct = (act: DigitalAct): Gate =>
  act === "block-perpetrator" || act === "limit-contact" ? "block-perpetrator" : "digital-safety";
