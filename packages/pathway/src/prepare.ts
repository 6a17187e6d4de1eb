/**
 * A pack made ready for use: what every assessment needs and only depends on the pack.
 *
 * Done once at start-up; cheap enough for an old phone.
 */

import { assert } from "@amana/kernel";
import type { Reason } from "./answer.ts";
import { type CompiledPack, type NodeIndex, type PackNode, type PackRule, operation } from "./pack.ts";

/** A fact's value as bits, one for each value that holds; `unknownValue` when it is not known. */
export type FactValue = number;
export const unknownValue = -1;

/** One fact given another value, with what the atoms that test it then say. */
export type Variant = {
  readonly fact: number;
  /** The atoms it makes true, and those it makes false. A value that is given leaves none unknown. */
  readonly makesTrue: Int32Array;
  readonly makesFalse: Int32Array;
};

/** A rule with the reason for asking what would settle it. The reason rests on no fact, so all answers share it. */
export type RuleToSettle = { readonly node: NodeIndex; readonly reason: Reason };

export type PreparedPack = {
  readonly pack: CompiledPack;
  readonly factIndexById: ReadonlyMap<string, number>;
  /** The bit of each value, by the fact's index. */
  readonly bitsByFact: readonly ReadonlyMap<string, FactValue>[];
  /** The nodes that test a fact, by the fact's index. */
  readonly atomsByFact: readonly (readonly number[])[];
  /** The nodes that are not atoms, children before parents, one after the other: place, operation, number of operands, operands. */
  readonly program: Int32Array;
  /** Every node that some part of the answer is read from. */
  readonly roots: readonly number[];
  /** What makes an action due at once, whatever the level. */
  readonly dueNow: readonly number[];
  /** The rules that test a fact, by the fact's index: of risk, then of gates, then of actions. */
  readonly rulesByFact: readonly (readonly RuleToSettle[])[];
  /** Every answer that could be given to a fact, by the fact's index; of a list, none and each alone. */
  readonly variantsByFact: readonly (readonly Variant[])[];
};

export const preparePack = (pack: CompiledPack): PreparedPack => {
  const atomsByFact: number[][] = pack.facts.map(() => []);
  const program: number[] = [];
  pack.nodes.forEach((node, index) => {
    if (isAtom(node)) at(atomsByFact, at(node, 1)).push(index);
    else program.push(...instruction(node, index));
  });
  return {
    pack,
    factIndexById: new Map(pack.facts.map((fact, index) => [fact.id, index])),
    bitsByFact: pack.facts.map(({ values }) => new Map(values.map((value, place) => [value, 1 << place]))),
    atomsByFact,
    program: Int32Array.from(program),
    roots: rootsOf(pack),
    dueNow: pack.actions.flatMap(({ rules }) =>
      rules.filter((rule) => rule.urgency === "now").map((rule) => rule.node),
    ),
    rulesByFact: rulesByFactOf(pack),
    variantsByFact: pack.facts.map((fact, index) => {
      const alone = fact.values.map((_, place) => 1 << place);
      const values = fact.kind === "list" ? [0, ...alone] : alone;
      return values.map((value) => variantWith(pack, index, at(atomsByFact, index), value));
    }),
  };
};

/** A node as it stands in the program. */
const instruction = (node: PackNode, index: NodeIndex): readonly number[] => {
  const [kind = -1, ...operands] = node;
  // `and` and `or` take any number; the last operand of the others must be there.
  at(
    node,
    kind === operation.pick ? 3 : kind === operation.when ? 2 : kind === operation.and || kind === operation.or ? 0 : 1,
  );
  return [index, kind, operands.length, ...operands];
};

const variantWith = (pack: CompiledPack, fact: number, atoms: readonly NodeIndex[], value: FactValue): Variant => {
  const saying = (verdict: 0 | 1): Int32Array =>
    Int32Array.from(atoms.filter((atom) => atomVerdict(at(pack.nodes, atom), value) === verdict));
  return { fact, makesTrue: saying(1), makesFalse: saying(0) };
};

/** 1 true, 0 false, 2 unknown: what one atom says of one fact's value. */
export const atomVerdict = (node: PackNode, value: FactValue): 0 | 1 | 2 => {
  if (node[0] === operation.isKnown) return value === unknownValue ? 0 : 1;
  if (value === unknownValue) return 2;
  if (node[0] === operation.only) {
    return value !== 0 && (value & ~bitsOf(node, 2)) === 0 ? 1 : 0;
  }
  return bitCount(value & bitsOf(node, 3)) >= at(node, 2) ? 1 : 0;
};

const bitsOf = (node: PackNode, from: number): number => {
  let bits = 0;
  for (let place = from; place < node.length; place++) bits |= 1 << at(node, place);
  return bits;
};

export const bitCount = (bits: number): number => {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
};

const isAtom = (node: PackNode): boolean =>
  node[0] === operation.has || node[0] === operation.only || node[0] === operation.isKnown;

/** What stands at this place. Compiled packs are checked when they are made, so a gap is our own mistake. */
export const at = <T>(list: ArrayLike<T>, place: number): T => {
  const found = list[place];
  assert(found !== undefined, "A compiled pack points to a place where nothing stands.");
  return found;
};

/**
 * The same for words of bits. A function of its own, because one that meets lists of several kinds is
 * compiled for none of them, and these are read some ten thousand times for an answer.
 */
export const wordAt = (words: Int32Array, place: number): number => {
  const found = words[place];
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

const rulesByFactOf = (pack: CompiledPack): PreparedPack["rulesByFact"] => {
  const factsByNode: ReadonlySet<number>[] = [];
  for (const node of pack.nodes) {
    const facts = isAtom(node)
      ? [at(node, 1)]
      : node[0] === operation.constant
        ? []
        : node.slice(1).flatMap((child) => [...at(factsByNode, child)]);
    factsByNode.push(new Set(facts));
  }
  const cited: readonly PackRule[] = [
    ...pack.riskRules,
    ...pack.gates.flatMap((gate) => gate.rules),
    ...pack.actions.flatMap((action) => action.rules),
    ...pack.tools.map((tool) => tool.offered),
    ...pack.contacts.flatMap((contact) => [contact.shown, ...contact.rules]),
    ...[...pack.gates, ...pack.actions, ...pack.tools].flatMap(({ limits }) => limits),
  ];
  const rules = cited.map(({ id, node, source }) => ({ node, reason: { rule: id, facts: {}, source } }));
  return pack.facts.map((_, fact) => rules.filter((rule) => at(factsByNode, rule.node).has(fact)));
};
