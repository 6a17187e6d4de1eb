/**
 * The level of risk and the deadline: the highest that what is known says, and the shortest
 * that is still possible. What is unknown can only shorten a deadline, never lengthen it (S-6, S-7).
 */

import type { Risk } from "./answer.ts";
import { type Case, decidingFacts, isFalse, isTrue, reasonFrom, reasonOf, union } from "./explain.ts";
import type { CompiledPack, Level, PackLevel, RiskRule, RuleUrgency, Urgency } from "./pack.ts";
import { at } from "./prepare.ts";

/** Hours as a number that compares: the standard timeline is the longest. */
const standardHours = Number.POSITIVE_INFINITY;

export const riskOf = (about: Case): Risk => {
  const { pack } = about.prepared;
  const level = levelWhere(pack, (rule) => isTrue(about, rule.node));
  const possibleLevel = levelWhere(pack, (rule) => mayHold(about, rule));
  const knownHours = Math.min(hoursOfLevel(pack, level), actionHours(about, "known"));
  const possibleHours = Math.min(hoursOfLevel(pack, possibleLevel), actionHours(about, "possible"));
  const isHighest = level === at(pack.levels, 0).id;
  return {
    level,
    provisional: !isHighest && (possibleLevel !== level || possibleHours < knownHours),
    actWithinHours: possibleHours === standardHours ? null : possibleHours,
    because: levelReasons(about, level),
  };
};

const mayHold = (about: Case, rule: { readonly node: number; readonly possible: number }): boolean =>
  isTrue(about, rule.node) || !isFalse(about, rule.possible);

const levelWhere = (pack: CompiledPack, holds: (rule: RiskRule) => boolean): Level => {
  const reached = pack.levels.find((level) => pack.riskRules.some((rule) => rule.level === level.id && holds(rule)));
  return reached?.id ?? "normal";
};

const levelAt = (pack: CompiledPack, level: Level): PackLevel =>
  at(
    pack.levels.filter((candidate) => candidate.id === level),
    0,
  );

const hoursOfLevel = (pack: CompiledPack, level: Level): number => levelAt(pack, level).hours ?? standardHours;

/** The shortest deadline that an action brings of its own, whatever the level. */
const actionHours = (about: Case, which: "known" | "possible"): number => {
  const { pack } = about.prepared;
  let hours = standardHours;
  for (const action of pack.actions) {
    if (action.gate >= 0) continue;
    for (const rule of action.rules) {
      const urgency = fixedUrgency(rule.urgency);
      if (urgency === undefined) continue;
      if (which === "known" ? isTrue(about, rule.node) : mayHold(about, rule)) {
        hours = Math.min(hours, hoursOfUrgency(pack, urgency));
      }
    }
  }
  return hours;
};

const fixedUrgency = (urgency: RuleUrgency): Urgency | undefined =>
  urgency === "follows" || urgency === "follows-now" ? undefined : urgency;

const levelOfUrgency = {
  now: "high",
  "24h": "high",
  "48h": "medium",
  standard: "normal",
} as const satisfies Record<Urgency, Level>;

const hoursOfUrgency = (pack: CompiledPack, urgency: Urgency): number => hoursOfLevel(pack, levelOfUrgency[urgency]);

/** The urgency that follows the case's own deadline. */
export const followingUrgency = (pack: CompiledPack, risk: Risk): Urgency => {
  const hours = risk.actWithinHours ?? standardHours;
  if (hours <= hoursOfLevel(pack, "high")) return "24h";
  return hours <= hoursOfLevel(pack, "medium") ? "48h" : "standard";
};

/** The rules that hold at the level; for the last level, that none of the others is known to hold. */
const levelReasons = (about: Case, level: Level): Risk["because"] => {
  const { pack } = about.prepared;
  const holding = pack.riskRules.filter((rule) => rule.level === level && isTrue(about, rule.node));
  if (holding.length > 0) return holding.map((rule) => reasonOf(about, rule));
  const facts = union(pack.riskRules.map((rule) => decidingFacts(about, rule.node)));
  return [reasonFrom(about, levelAt(pack, level), facts)];
};
