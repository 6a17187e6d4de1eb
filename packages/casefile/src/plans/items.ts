/**
 * Items of a plan, in the survivor's words: what, who, when, and what became of it. Shared by the plans.
 *
 * Where two people marked an item at once, the mark that keeps somebody looking stands: not done over done.
 */

import type { Mark } from "../by.ts";
import { type Register, type Version, standing, versionsBefore } from "../register.ts";
import { type Of, type Shape, id, line, oneOf, prose } from "../shape.ts";
import type { ItemId } from "../ids.ts";

export const itemId: Shape<ItemId> = id();

export const itemOutcome = oneOf("open", "done", "not-possible", "dropped");
export type ItemOutcome = Of<typeof itemOutcome>;

export const itemWords = { item: itemId, words: prose, who: line, when: line };

/** The outcomes from the one that lets go to the one that keeps somebody looking. */
const outcomes: readonly ItemOutcome[] = ["dropped", "done", "not-possible", "open"];

const carefulOutcome = (marks: readonly ItemOutcome[]): ItemOutcome =>
  marks.reduce<ItemOutcome | undefined>(
    (careful, mark) => (careful === undefined || outcomes.indexOf(mark) > outcomes.indexOf(careful) ? mark : careful),
    undefined,
  ) ?? "open";

/** Whether the first lets go of more than the other. */
export const isLetGo = (one: ItemOutcome, other: ItemOutcome): boolean =>
  outcomes.indexOf(one) < outcomes.indexOf(other);

/** The words of an item that stand, and its outcome. Marks and words are separate: new words do not undo a mark. */
export const itemView = <Words extends { readonly item: ItemId }, Mark extends { readonly outcome: ItemOutcome }>(
  words: Register<Words> | undefined,
  marks: Register<Mark> | undefined,
): { readonly words: readonly Words[]; readonly outcome: ItemOutcome } => ({
  words: standing(words).map(({ value }) => value),
  outcome: carefulOutcome(standing(marks).map(({ value }) => value.outcome)),
});

/**
 * When a plan was found to fit no longer, if that stands: since the first time of it that nobody has found it to fit again who
 * had seen it.
 */
export const reviewsOfNoFit = <Review extends { readonly stillFits: boolean }>(
  reviews: Register<Review>,
): readonly Mark[] => {
  const fits = versionsBefore(reviews, ({ value }) => value.stillFits);
  const isOpen = (version: Version<Review>): boolean => !version.value.stillFits && !fits.has(version);
  return reviews.filter(isOpen).map(({ mark }) => mark);
};
