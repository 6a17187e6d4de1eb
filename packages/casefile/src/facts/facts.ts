/**
 * Facts of DOMAIN §13: who said it, when it was recorded, when it was so. Corrected, never overwritten.
 *
 * What consents and assessments say is never typed in here; `factsOf` reads it from the records.
 */

import { err, ok } from "@amana/kernel";
import type { By } from "../by.ts";
import type { Context, Decision } from "../context.ts";
import type { FactId } from "../ids.ts";
import { areLimitsTold } from "../opening/opening.ts";
import { type Registers, addTo, standing } from "../register.ts";
import { type Command, type EventOf, line, listOf, moment, prose, record, variants } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { actPurposes, factId, saidBy } from "../vocabulary.ts";
import { type FactValue, carefulValue, isEqual, isWorst } from "./careful.ts";

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
export const factValue = ({ facts }: CaseState, fact: string): FactValue | undefined => {
  const stands = standing(facts.saidByFact.get(fact)).map(({ value }) => value);
  const values = stands.map(valueOf);
  const known = values.filter((value) => value !== undefined);
  const careful = carefulValue(fact, known);
  // Where somebody else said at the same time that it is not known, only the worst answer still counts.
  return known.length === values.length || isWorst(fact, careful) ? careful : undefined;
};

/** Facts on which two people disagree without having known of each other. Both texts are kept, and it is asked again. */
export const factConflicts = ({ facts }: CaseState): readonly FactId[] =>
  [...facts.saidByFact.values()].flatMap((register) => {
    const stands = standing(register).map(({ value }) => value);
    const [first, ...others] = stands;
    return first !== undefined && others.some((other) => !isSameAnswer(first, other)) ? [first.fact] : [];
  });

export const decideFacts = (command: FactCommand, state: CaseState, { now }: Context): Decision => {
  if (derivedFacts.has(command.fact)) return err({ type: "FactIsDerived" });
  if (!areLimitsTold(state) && !askedInDanger.has(command.fact)) return err({ type: "LimitsNotTold" });
  if (command.wasSoAt > now) return err({ type: "MomentWrong", field: "wasSoAt" });
  const event: FactRecorded = { ...command, type: "FactRecorded" };
  const before = standing(state.facts.saidByFact.get(command.fact));
  const isCorrection = before.some(({ value }) => !isSameAnswer(value, event));
  if (isCorrection && command.correction === undefined) return err({ type: "CorrectionReasonMissing" });
  return ok([event]);
};

/** What may be seen and written down before the limits were told: that somebody's life is in danger (G-CONS-5). */
const askedInDanger: ReadonlySet<string> = new Set([
  ...["immediate-danger", "suicide-or-self-harm", "physical-violence-threat", "private-now", "asking", "age"],
]);

const valueOf = ({ value }: FactRecorded): FactValue | undefined => {
  if (value.kind === "unknown") return undefined;
  return value.kind === "one" ? value.value : value.values;
};

const isSameAnswer = (one: FactRecorded, other: FactRecorded): boolean => {
  const [value, otherValue] = [valueOf(one), valueOf(other)];
  return value === undefined || otherValue === undefined ? value === otherValue : isEqual(value, otherValue);
};
