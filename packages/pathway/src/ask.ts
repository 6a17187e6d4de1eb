/**
 * What to ask next: the questions whose answers could still change something, most decisive first.
 *
 * Every unknown fact is tried with each of its values, 32 at a time. A question weighs by how far
 * an answer could raise the level, by how much it could make due at once, by how many gates it
 * opens, closes or stands before, and by whether it settles the track. Equal questions keep the pack's order, which puts danger first.
 */

import type { AskAnswer, GateAnswer, Reason } from "./answer.ts";
import { type Case, isFalse, isTrue, reasonOf } from "./explain.ts";
import { type Verdicts, emptyVerdicts, evaluateVariants, lanesMax } from "./logic.ts";
import { type Variant, at, bitCount, unknownValue, wordAt } from "./prepare.ts";

const levelStepWeight = 10;
const dueNowWeight = 3;
const gateWeight = 2;
/** Whether the person is a child decides who agrees, which tool fits and who must be asked. */
const trackWeight = 15;
/** A question gives at most so many reasons; more would not make it clearer why it is asked. */
const reasonsMax = 4;

export const ask = (about: Case, values: Int32Array, gates: readonly GateAnswer[]): readonly AskAnswer[] => {
  const { pack } = about.prepared;
  const contradicted = pack.contradictions.filter((rule) => isTrue(about, rule.node));
  const again = new Set(contradicted.map((rule) => rule.fact));
  const open: number[] = [];
  values.forEach((value, fact) => {
    const { askWhen } = at(pack.facts, fact);
    const mayBeAsked = askWhen < 0 || isTrue(about, askWhen);
    if (value === unknownValue && mayBeAsked && !again.has(fact)) open.push(fact);
  });
  const weights = weigh(about, open, gates);
  const ranked = open.filter((fact) => weights.has(fact)).sort((one, other) => heavier(weights, one, other));
  return [
    ...[...again].map((fact) => ({
      fact: at(pack.facts, fact).id,
      because: contradicted.filter((rule) => rule.fact === fact).map((rule) => reasonOf(about, rule)),
    })),
    ...ranked.map((fact) => ({ fact: at(pack.facts, fact).id, because: whatItSettles(about, fact) })),
  ];
};

const heavier = (weights: ReadonlyMap<number, number>, one: number, other: number): number =>
  weightOf(weights, other) - weightOf(weights, one) || one - other;

const weightOf = (weights: ReadonlyMap<number, number>, fact: number): number => weights.get(fact) ?? 0;

/** The weight of each question that matters; one that could change nothing is left out. */
const weigh = (about: Case, facts: readonly number[], gates: readonly GateAnswer[]): ReadonlyMap<number, number> => {
  const weights = new Map<number, number>();
  const needed = gatesNeeding(about, gates);
  const lanes = emptyVerdicts(about.prepared);
  let variants: Variant[] = [];
  const flush = (): void => {
    evaluateVariants(about.prepared, about.base, variants, lanes);
    weighLanes(about, variants, lanes, needed, weights);
    variants = [];
  };
  for (const fact of facts) {
    for (const variant of at(about.prepared.variantsByFact, fact)) {
      variants.push(variant);
      if (variants.length === lanesMax) flush();
    }
  }
  if (variants.length > 0) flush();
  return weights;
};

const weighLanes = (
  about: Case,
  variants: readonly Variant[],
  lanes: Verdicts,
  needed: ReadonlyMap<number, number>,
  weights: Map<number, number>,
): void => {
  const changed = changedLanes(about, lanes);
  const levelSteps = levelStepsByLane(about, lanes, variants.length);
  const dueNow = dueNowByLane(about, lanes, variants.length);
  const gatesChanged = gatesChangedByLane(about, lanes, variants.length);
  const tracksChanged = trackChangedLanes(about, lanes);
  variants.forEach((variant, lane) => {
    const touched = bitCount(at(gatesChanged, lane) | weightOf(needed, variant.fact));
    if ((changed & (1 << lane)) === 0 && touched === 0) return;
    const weight =
      at(levelSteps, lane) * levelStepWeight +
      at(dueNow, lane) * dueNowWeight +
      touched * gateWeight +
      ((tracksChanged >>> lane) & 1) * trackWeight;
    weights.set(variant.fact, Math.max(weightOf(weights, variant.fact), weight));
  });
};

/** The lanes in which any part of the answer would rest on something else than now. */
const changedLanes = (about: Case, lanes: Verdicts): number => {
  let changed = 0;
  for (const root of about.prepared.roots) {
    changed |= wordAt(lanes.isTrue, root) ^ wordAt(about.base.isTrue, root);
    changed |= wordAt(lanes.isFalse, root) ^ wordAt(about.base.isFalse, root);
  }
  return changed;
};

const trackChangedLanes = (about: Case, lanes: Verdicts): number => {
  const { child, adult } = about.prepared.pack.track;
  return (
    (wordAt(lanes.isTrue, child.node) ^ wordAt(about.base.isTrue, child.node)) |
    (wordAt(lanes.isTrue, adult.node) ^ wordAt(about.base.isTrue, adult.node))
  );
};

/** By how many levels each lane lies above the case itself. */
const levelStepsByLane = (about: Case, lanes: Verdicts, count: number): readonly number[] => {
  const { levels, riskRules } = about.prepared.pack;
  const steps = new Array<number>(count).fill(0);
  // Each level reached that the case has not reached is one step.
  let reached = 0;
  let reachedNow = 0;
  for (const level of levels) {
    for (const rule of riskRules) {
      if (rule.level !== level.id) continue;
      reached |= wordAt(lanes.isTrue, rule.node);
      reachedNow |= wordAt(about.base.isTrue, rule.node);
    }
    const gained = reached & ~reachedNow;
    forEachLane(gained, count, (lane) => (steps[lane] = at(steps, lane) + 1));
  }
  return steps;
};

const dueNowByLane = (about: Case, lanes: Verdicts, count: number): readonly number[] => {
  const due = new Array<number>(count).fill(0);
  for (const node of about.prepared.dueNow) {
    const gained = wordAt(lanes.isTrue, node) & ~wordAt(about.base.isTrue, node);
    forEachLane(gained, count, (lane) => (due[lane] = at(due, lane) + 1));
  }
  return due;
};

/** The gates, as bits, whose state each lane would change. */
const gatesChangedByLane = (about: Case, lanes: Verdicts, count: number): readonly number[] => {
  const masks = new Array<number>(count).fill(0);
  about.prepared.pack.gates.forEach((gate, index) => {
    let changed = wordAt(lanes.isTrue, gate.node) ^ wordAt(about.base.isTrue, gate.node);
    if (gate.notApplicable >= 0) {
      changed |= wordAt(lanes.isTrue, gate.notApplicable) ^ wordAt(about.base.isTrue, gate.notApplicable);
    }
    forEachLane(changed, count, (lane) => (masks[lane] = at(masks, lane) | (1 << index)));
  });
  return masks;
};

/** The gates, as bits, that stand closed before each fact. */
const gatesNeeding = (about: Case, gates: readonly GateAnswer[]): ReadonlyMap<number, number> => {
  const needed = new Map<number, number>();
  gates.forEach((gate, index) => {
    for (const id of gate.needs) {
      const fact = about.prepared.factIndexById.get(id);
      if (fact !== undefined) needed.set(fact, weightOf(needed, fact) | (1 << index));
    }
  });
  return needed;
};

const forEachLane = (bits: number, count: number, visit: (lane: number) => void): void => {
  if (bits === 0) return;
  for (let lane = 0; lane < count; lane++) if ((bits & (1 << lane)) !== 0) visit(lane);
};

/** The first rules, of risk, gates and actions in this order, that the answer would help to settle. */
const whatItSettles = (about: Case, fact: number): readonly Reason[] => {
  const rules = at(about.prepared.rulesByFact, fact);
  const settles: Reason[] = [];
  for (const { node, reason } of rules) {
    if (settles.length === reasonsMax) break;
    if (!isTrue(about, node) && !isFalse(about, node)) settles.push(reason);
  }
  return settles.length > 0 ? settles : rules.slice(0, reasonsMax).map(({ reason }) => reason);
};
