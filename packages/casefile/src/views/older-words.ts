/**
 * Whether older words would stand again, and nobody was asked, if some entries had never been written: of a plan, a goal, a need,
 * a referral, an assessment, a detail, an incident, a note.
 *
 * Whoever changed them had a reason, which goes with the entry. So what is to stand from then on is recorded anew first.
 */

import type { Instant } from "@amana/kernel";
import { legalRisksSaid } from "../law/law.ts";
import { type Goal, goalsOf, isGoalLetGo } from "../plans/case-plan.ts";
import { type DigitalItem, digitalItems } from "../plans/digital-plan.ts";
import { isLetGo } from "../plans/items.ts";
import { type SafetyItem, safetyItems } from "../plans/safety-plan.ts";
import { maySayMore } from "../referrals/decide.ts";
import { referralOf, referralsOf } from "../referrals/referrals.ts";
import { type Registers, standing } from "../register.ts";
import type { CaseState } from "../state.ts";

export const areOlderWordsBack = (before: CaseState, after: CaseState, now: Instant): boolean =>
  isPlanBack(before, after, now) ||
  isGoalBack(goalsOf(before), goalsOf(after)) ||
  isReferralBack(before, after, now) ||
  isAssessmentBack(before, after) ||
  areBack(before.casePlan.needsByService, after.casePlan.needsByService) ||
  areBack(before.incidents.recordedById, after.incidents.recordedById) ||
  areBack(before.notes.saidById, after.notes.saidById) ||
  areBack(before.survivor.detailsByField, after.survivor.detailsByField, ({ value }) => value.kind === "given");

/** Words of a plan that had been changed since, or a mark that lets go of what somebody is still to look after. */
const isPlanBack = (before: CaseState, after: CaseState, now: Instant): boolean =>
  [
    [safetyItems(before), safetyItems(after)] as const,
    [digitalItems(before, now), digitalItems(after, now)] as const,
  ].some(([items, then]) => isItemBack(items, then));

type PlanItem = Pick<SafetyItem | DigitalItem, "item" | "words" | "outcome">;

const isItemBack = (items: readonly PlanItem[], then: readonly PlanItem[]): boolean => {
  const byItem = new Map(items.map((each) => [each.item, each]));
  return then.some(({ item, words, outcome }) => {
    const asItIs = byItem.get(item);
    if (asItIs === undefined) return false;
    const isBack = (one: PlanItem["words"][number]): boolean =>
      !asItIs.words.some((other) => isAlike(one, other, wordsOfItem));
    return words.some(isBack) || isLetGo(outcome, asItIs.outcome);
  });
};

const wordsOfItem = ["words", "who", "when"] as const;

export const isAlike = <Said>(one: Said, other: Said, fields: readonly (keyof Said)[]): boolean =>
  fields.every((field) => one[field] === other[field]);

/** The same of a goal. */
const isGoalBack = (goals: readonly Goal[], then: readonly Goal[]): boolean => {
  const byGoal = new Map(goals.map((each) => [each.goal, each]));
  return then.some(({ goal, words, outcome }) => {
    const asItIs = byGoal.get(goal);
    if (asItIs === undefined) return false;
    return areNew(words, asItIs.words) || isGoalLetGo(outcome, asItIs.outcome);
  });
};

/** A referral that may still be sent or put into a letter, as it had been prepared before, or though the survivor refused it. */
const isReferralBack = (before: CaseState, after: CaseState, now: Instant): boolean =>
  referralsOf(after, now).some((then) => {
    const asItIs = referralOf(before, now, then.referral);
    if (asItIs === undefined || !maySayMore(then)) return false;
    return asItIs.stage === "declined-by-survivor" || areNew(then.prepared, asItIs.prepared);
  });

/** What was found before, as if nobody had looked again. */
const isAssessmentBack = (before: CaseState, after: CaseState): boolean => {
  const agencies = after.law.assessed.flatMap(({ value }) => ("agency" in value ? [value.agency] : []));
  const weighed = (state: CaseState, agency: string) =>
    legalRisksSaid(state, agency).flatMap(({ value }) => (value.type === "LegalRiskAssessed" ? [value] : []));
  return (
    areBack(
      before.assessments.saidByAssessment,
      after.assessments.saidByAssessment,
      ({ type }) => type === "AssessmentRecorded",
    ) || agencies.some((agency) => areNew(weighed(after, agency), weighed(before, agency)))
  );
};

/** Of each thing, what stands of it then and does not now. */
const areBack = <Said>(
  before: Registers<Said>,
  after: Registers<Said>,
  isWord: (said: Said) => boolean = () => true,
): boolean =>
  [...after].some(([id, register]) => {
    const words = standing(register).map(({ value }) => value);
    const asItIs = standing(before.get(id)).map(({ value }) => value);
    return areNew(words.filter(isWord), asItIs);
  });

const areNew = (words: readonly unknown[], asItIs: readonly unknown[]): boolean =>
  words.some((one) => !asItIs.some((other) => isSaidAlike(one, other)));

/** Of what an event holds: texts, numbers, flags, and lists and records of them. */
const isSaidAlike = (one: unknown, other: unknown): boolean => {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  const fields = Object.entries(one);
  return (
    fields.length === Object.keys(other).length &&
    fields.every(([field, value]) => isSaidAlike(value, Reflect.get(other, field)))
  );
};
