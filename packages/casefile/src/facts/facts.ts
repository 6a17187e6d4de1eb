/**
 * Facts of DOMAIN §13: who said it, when it was recorded, when it was so. Corrected, never overwritten.
 *
 * What consents and assessments say is never typed in here; `factsOf` reads it from the records.
 */

import { err, ok } from "@amana/kernel";
import type { FactVocabulary } from "@amana/pathway";
import type { By } from "../by.ts";
import type { Context, Decision } from "../context.ts";
import type { FactId } from "../ids.ts";
import { areLimitsTold } from "../opening/opening.ts";
import { type Registers, addTo, standing } from "../register.ts";
import { type Command, type EventOf, line, listOf, moment, prose, record, variants } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { actPurposes, factId, saidBy } from "../vocabulary.ts";
import { type FactValue, carefulValue, isEqual, valueTold } from "./careful.ts";
import { isUnderstood } from "./known.ts";

const valuesMax = 64;

export const factEvents = {
  FactRecorded: record(
    {
      fact: factId,
      value: variants({
        one: record({ value: line }),
        list: record({ values: listOf(line, valuesMax) }),
        /** Said to be not known after all. */
        unknown: record({}),
      }),
      saidBy,
      wasSoAt: moment,
    },
    {
      correction: variants({ mistake: record({ because: prose }), changed: record({ because: prose }) }),
    },
  ),
};

export type FactRecorded = EventOf<typeof factEvents>;

export type FactCommand = Command<"RecordFact", typeof factEvents.FactRecorded>;

export type FactsState = { readonly saidByFact: Registers<FactRecorded> };

export const noFacts: FactsState = { saidByFact: new Map() };

export const evolveFacts = (state: FactsState, event: FactRecorded, by: By): FactsState => ({
  saidByFact: addTo(state.saidByFact, event.fact, event, by),
});

/** Facts that only records can say: consents, assessments, evidence kept, the exception. */
export const derivedFacts: ReadonlySet<string> = new Set([
  ...actPurposes.flatMap((purpose) =>
    ["consent", "assent", "guardian-consent", "best-interests"].map((whose) => `${whose}-${purpose}`),
  ),
  ...["digital-risk-assessed", "physical-safety-assessed", "legal-risk-assessed", "evidence-preserved"],
  "exception-approved",
]);

/** What stands for a fact as typed in; of answers that disagree, the careful one. */
export const factValue = ({ facts }: CaseState, fact: string): FactValue | undefined =>
  carefulValue(
    fact,
    standing(facts.saidByFact.get(fact)).map(({ value }) => valueTold(value.value)),
  );

/** Facts on which two people disagree without having known of each other. Both texts are kept, and it is asked again. */
export const factConflicts = ({ facts }: CaseState): readonly FactId[] =>
  [...facts.saidByFact.values()].flatMap((register) => {
    const stands = standing(register).map(({ value }) => value);
    const [first, ...others] = stands;
    return first !== undefined && others.some((other) => !isSameAnswer(first, other)) ? [first.fact] : [];
  });

/** Facts of the guidance to be asked again, because an answer to them that stands is not understood. */
export const factsNotUnderstood = ({ facts }: CaseState, vocabulary: FactVocabulary | undefined): readonly FactId[] =>
  [...facts.saidByFact.values()].flatMap((register) => {
    const stands = standing(register).map(({ value }) => value);
    const unclear = stands.filter(({ fact }) => vocabulary?.has(fact) === true && !derivedFacts.has(fact));
    return unclear
      .filter((event) => !isUnderstood(event, vocabulary))
      .slice(0, 1)
      .map(({ fact }) => fact);
  });

export const decideFacts = (command: FactCommand, state: CaseState, { now, advice }: Context): Decision => {
  if (derivedFacts.has(command.fact)) return err({ type: "FactIsDerived" });
  if (!areLimitsTold(state) && !askedInDanger.has(command.fact)) return err({ type: "LimitsNotTold" });
  if (command.wasSoAt > now) return err({ type: "MomentWrong", field: "wasSoAt" });
  const event: FactRecorded = { ...command, type: "FactRecorded" };
  // Kept from others as it would not be understood here either (`known.ts`).
  if (!isUnderstood(event, advice?.vocabulary)) return err({ type: "FieldWrong", field: "value" });
  const before = standing(state.facts.saidByFact.get(command.fact));
  const isCorrection = before.some(({ value }) => !isSameAnswer(value, event));
  if (isCorrection && command.correction === undefined) return err({ type: "CorrectionReasonMissing" });
  return ok([event]);
};

/** What may be seen and written down before the limits were told: that somebody's life is in danger (G-CONS-5). */
const askedInDanger: ReadonlySet<string> = new Set([
  ...["immediate-danger", "suicide-or-self-harm", "physical-violence-threat", "private-now", "asking", "age"],
]);

const isSameAnswer = (one: FactRecorded, other: FactRecorded): boolean => {
  const [value, otherValue] = [valueTold(one.value), valueTold(other.value)];
  return value === undefined || otherValue === undefined ? value === otherValue : isEqual(value, otherValue);
};
