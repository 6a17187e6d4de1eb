/**
 * Why a condition has its verdict, and what it still needs: the facts that decided and no others.
 *
 * Of several sufficient explanations the one with the fewest facts is given, so that the reason
 * a responder reads is the reason that counted (S-12).
 */

import type { Facts, Reason } from "./answer.ts";
import type { Verdicts } from "./logic.ts";
import { type NodeIndex, type PackNode, type PackRule, operation } from "./pack.ts";
import { type PreparedPack, at } from "./prepare.ts";

/** Everything an explanation is read from: the pack, the facts as given, and their verdicts. */
export type Case = {
  readonly prepared: PreparedPack;
  readonly facts: Facts;
  readonly base: Verdicts;
  /** What has been explained already, by node: gates and actions rest on many of the same conditions. */
  readonly decided: FactSet[];
  readonly inTheWay: FactSet[];
};

export const caseOf = (prepared: PreparedPack, facts: Facts, base: Verdicts): Case => ({
  prepared,
  facts,
  base,
  decided: [],
  inTheWay: [],
});

/** Facts by their place in the pack, each once. */
type FactSet = readonly number[];

export const isTrue = (about: Case, node: NodeIndex): boolean => about.base.isTrue[node] !== 0;
export const isFalse = (about: Case, node: NodeIndex): boolean => about.base.isFalse[node] !== 0;

/** Why a rule has its verdict: the deciding facts, and those that decided by being unknown. */
export const reasonOf = (about: Case, rule: PackRule): Reason =>
  reasonFrom(about, rule, decidingFacts(about, rule.node));

/** Why a rule does not hold: every fact missing or in the way, not only enough of them. */
export const reasonInTheWay = (about: Case, rule: PackRule): Reason =>
  reasonFrom(about, rule, factsInTheWay(about, rule.node));

export const reasonFrom = (
  about: Case,
  rule: { readonly id: string; readonly source: string },
  deciding: FactSet,
): Reason => {
  const facts: Record<string, string | readonly string[]> = {};
  let unknown: string[] | undefined;
  for (const index of deciding) {
    const id = at(about.prepared.pack.facts, index).id;
    const value = about.facts[id];
    if (value === undefined) (unknown ??= []).push(id);
    else facts[id] = value;
  }
  const reason = { rule: rule.id, facts, source: rule.source };
  return unknown === undefined ? reason : { ...reason, unknown };
};

/** The fewest facts from which the node's verdict follows. */
export const decidingFacts = (about: Case, node: NodeIndex): FactSet =>
  (about.decided[node] ??= findDecidingFacts(about, node));

const findDecidingFacts = (about: Case, node: NodeIndex): FactSet => {
  const parts = nodeAt(about, node);
  switch (parts[0]) {
    case operation.constant:
      return [];
    case operation.has:
    case operation.only:
    case operation.isKnown:
      return [at(parts, 1)];
    case operation.and:
      return junctionFacts(about, parts, isTrue(about, node), isFalse);
    case operation.or:
      return junctionFacts(about, parts, isFalse(about, node), isTrue);
    case operation.when:
      return whenFacts(about, node, parts);
    case operation.pick:
      return isTrue(about, at(parts, 1))
        ? union([decidingFacts(about, at(parts, 1)), decidingFacts(about, at(parts, 2))])
        : decidingFacts(about, at(parts, 3));
    default:
      return decidingFacts(about, at(parts, 1));
  }
};

/**
 * An `and` that is true, or an `or` that is false, rests on all its parts. Decided the other way
 * it rests on any one deciding part, and undecided on its undecided parts.
 */
const junctionFacts = (
  about: Case,
  parts: PackNode,
  restsOnAll: boolean,
  decides: (about: Case, node: NodeIndex) => boolean,
): FactSet => {
  const children = parts.slice(1);
  if (restsOnAll) return union(children.map((child) => decidingFacts(about, child)));
  const deciding = children.filter((child) => decides(about, child));
  if (deciding.length > 0) return fewest(deciding.map((child) => decidingFacts(about, child)));
  const undecided = children.filter((child) => !isTrue(about, child) && !isFalse(about, child));
  return union(undecided.map((child) => decidingFacts(about, child)));
};

const whenFacts = (about: Case, node: NodeIndex, parts: PackNode): FactSet => {
  const condition = at(parts, 1);
  const then = at(parts, 2);
  if (isTrue(about, node)) {
    const ways = [];
    if (isFalse(about, condition)) ways.push(decidingFacts(about, condition));
    if (isTrue(about, then)) ways.push(decidingFacts(about, then));
    return fewest(ways);
  }
  if (isFalse(about, node)) return union([decidingFacts(about, condition), decidingFacts(about, then)]);
  const undecided = [condition, then].filter((part) => !isTrue(about, part) && !isFalse(about, part));
  return union(undecided.map((part) => decidingFacts(about, part)));
};

/** The facts missing or standing in the way of a node's becoming true, over all the ways it could. */
export const factsInTheWay = (about: Case, node: NodeIndex): FactSet =>
  (about.inTheWay[node] ??= findFactsInTheWay(about, node));

const findFactsInTheWay = (about: Case, node: NodeIndex): FactSet => {
  if (isTrue(about, node)) return [];
  const parts = nodeAt(about, node);
  switch (parts[0]) {
    case operation.constant:
      return [];
    case operation.has:
    case operation.only:
    case operation.isKnown:
      return [at(parts, 1)];
    case operation.and:
    case operation.or:
      return union(parts.slice(1).map((child) => factsInTheWay(about, child)));
    case operation.not:
      return factsAgainst(about, at(parts, 1));
    case operation.when:
      return union([
        isTrue(about, at(parts, 1)) ? [] : decidingFacts(about, at(parts, 1)),
        factsInTheWay(about, at(parts, 2)),
      ]);
    case operation.pick:
      return isTrue(about, at(parts, 1)) ? decidingFacts(about, at(parts, 1)) : factsInTheWay(about, at(parts, 3));
    default:
      return factsInTheWay(about, at(parts, 1));
  }
};

/** The facts missing or standing in the way of a node's becoming false. */
const factsAgainst = (about: Case, node: NodeIndex): FactSet => {
  if (isFalse(about, node)) return [];
  const parts = nodeAt(about, node);
  switch (parts[0]) {
    case operation.constant:
      return [];
    case operation.has:
    case operation.only:
    case operation.isKnown:
      return [at(parts, 1)];
    case operation.and:
    case operation.or:
      return union(parts.slice(1).map((child) => factsAgainst(about, child)));
    case operation.not:
      return factsInTheWay(about, at(parts, 1));
    case operation.when:
      return union([factsInTheWay(about, at(parts, 1)), factsAgainst(about, at(parts, 2))]);
    case operation.pick:
      return isTrue(about, at(parts, 1)) ? decidingFacts(about, at(parts, 1)) : factsAgainst(about, at(parts, 3));
    default:
      return factsAgainst(about, at(parts, 1));
  }
};

const nodeAt = (about: Case, node: NodeIndex): PackNode => at(about.prepared.pack.nodes, node);

/** All the facts of several sets, in the pack's order. */
export const union = (sets: readonly FactSet[]): FactSet => {
  if (sets.length === 1) return at(sets, 0);
  const all: number[] = [];
  for (const set of sets) {
    for (const fact of set) if (!all.includes(fact)) all.push(fact);
  }
  return all.sort((one, other) => one - other);
};

const fewest = (sets: readonly FactSet[]): FactSet =>
  sets.reduce((best, set) => (set.length < best.length ? set : best));
