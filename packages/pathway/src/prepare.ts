/**
 * A pack made ready for use: what every assessment needs and only depends on the pack.
 *
 * Done once at start-up; cheap enough for an old phone.
 */

import { assert } from "@amana/kernel";
import { type CompiledPack, type PackNode, type PackRule, operation } from "./pack.ts";

/** A fact's value as bits, one for each value that holds; `unknownValue` when it is not known. */
export type FactValue = number;
export const unknownValue = -1;

/** One fact given another value. */
export type Variant = { readonly fact: number; readonly value: FactValue };

export type PreparedPack = {
  readonly pack: CompiledPack;
  readonly factIndexById: ReadonlyMap<string, number>;
  /** The nodes that test a fact, by the fact's index. */
  readonly atomsByFact: readonly (readonly number[])[];
  /** Nodes that are not atoms, children before parents. */
  readonly inner: readonly number[];
  /** Every node that some part of the answer is read from. */
  readonly roots: readonly number[];
  /** What makes an action due at once, whatever the level. */
  readonly dueNow: readonly number[];
  /** The rules that test a fact, by the fact's index: of risk, then of gates, then of actions. */
  readonly rulesByFact: readonly (readonly PackRule[])[];
  /** Every answer that could be given to a fact, by the fact's index; of a list, none and each alone. */
  readonly variantsByFact: readonly (readonly Variant[])[];
};

export const preparePack = (pack: CompiledPack): PreparedPack => {
  const atomsByFact: number[][] = pack.facts.map(() => []);
  const inner: number[] = [];
  pack.nodes.forEach((node, index) => {
    if (isAtom(node)) at(atomsByFact, at(node, 1)).push(index);
    else inner.push(index);
  });
  return {
    pack,
    factIndexById: new Map(pack.facts.map((fact, index) => [fact.id, index])),
    atomsByFact,
    inner,
    roots: rootsOf(pack),
    dueNow: pack.actions.flatMap(({ rules }) =>
      rules.filter((rule) => rule.urgency === "now").map((rule) => rule.node),
    ),
    rulesByFact: rulesByFactOf(pack),
    variantsByFact: pack.facts.map((fact, index) => {
      const alone = fact.values.map((_, place) => ({ fact: index, value: 1 << place }));
      return fact.kind === "list" ? [{ fact: index, value: 0 }, ...alone] : alone;
    }),
  };
};

const isAtom = (node: PackNode): boolean =>
  node[0] === operation.has || node[0] === operation.only || node[0] === operation.isKnown;

/** What stands at this place. Compiled packs are checked when they are made, so a gap is our own mistake. */
export const at = <T>(list: ArrayLike<T>, place: number): T => {
  const found = list[place];
  assert(found !== undefined, "A compiled pack points to a place where nothing stands.");
  return found;
};

const rootsOf = (pack: CompiledPack): readonly number[] => {
  const roots = new Set<number>();
  const add = (rules: readonly { readonly node: number }[]): void => {
    for (const rule of rules) roots.add(rule.node);
  };
  add([pack.track.child, pack.track.adult]);
  for (const rule of pack.riskRules) roots.add(rule.node).add(rule.possible);
  for (const gate of pack.gates) {
    add([...gate.rules, ...gate.limits]);
    if (gate.notApplicable >= 0) roots.add(gate.notApplicable);
  }
  for (const action of pack.actions) {
    add([...action.rules, ...action.limits]);
    for (const rule of action.rules) roots.add(rule.possible);
  }
  for (const tool of pack.tools) {
    add([tool.offered, ...tool.limits]);
    if (tool.openIf >= 0) roots.add(tool.openIf);
    for (const step of tool.steps) if (step.when >= 0) roots.add(step.when);
  }
  for (const contact of pack.contacts) add([contact.shown, ...contact.rules]);
  return [...roots];
};

const rulesByFactOf = (pack: CompiledPack): readonly (readonly PackRule[])[] => {
  const factsByNode: ReadonlySet<number>[] = [];
  for (const node of pack.nodes) {
    const facts = isAtom(node)
      ? [at(node, 1)]
      : node[0] === operation.constant
        ? []
        : node.slice(1).flatMap((child) => [...at(factsByNode, child)]);
    factsByNode.push(new Set(facts));
  }
  const rules: readonly PackRule[] = [
    ...pack.riskRules,
    ...pack.gates.flatMap((gate) => gate.rules),
    ...pack.actions.flatMap((action) => action.rules),
    ...pack.tools.map((tool) => tool.offered),
    ...pack.contacts.flatMap((contact) => contact.rules),
  ];
  return pack.facts.map((_, fact) => rules.filter((rule) => at(factsByNode, rule.node).has(fact)));
};
