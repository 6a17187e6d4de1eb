/**
 * A circuit of ands and nots over free inputs, in which equal parts are made once.
 *
 * It is the one form of rules and properties: it can be evaluated on a concrete case, and it can be
 * handed to a solver that searches all cases (`solver.ts`). Equal parts being one, two cases that differ
 * in one fact share everything that does not rest on it.
 */

import { assert } from "@amana/kernel";

/** Twice the place of a node, plus one when it is negated. */
export type Literal = number;

export const always: Literal = 0;
export const never: Literal = 1;

/** The parts of an `and`; null for an input. Node 0 is the constant true. */
export type CircuitNode = readonly Literal[] | null;

export type Circuit = {
  readonly nodes: CircuitNode[];
  readonly indexByKey: Map<string, number>;
};

export const emptyCircuit = (): Circuit => ({ nodes: [[]], indexByKey: new Map() });

/** A new input, free to be true or false. */
export const input = (circuit: Circuit): Literal => {
  circuit.nodes.push(null);
  return (circuit.nodes.length - 1) * 2;
};

export const not = (literal: Literal): Literal => literal ^ 1;

/** True when all parts are. */
export const and = (circuit: Circuit, ...parts: readonly Literal[]): Literal => {
  const left = [...new Set(parts)].filter((part) => part !== always).sort((one, other) => one - other);
  const [first] = left;
  if (first === undefined) return always;
  if (left.length === 1) return first;
  // Sorted, a literal and its negation are neighbours.
  const isContradiction = left.some((part, place) => part === never || part === not(left[place - 1] ?? -1));
  if (isContradiction) return never;
  const key = left.join();
  const known = circuit.indexByKey.get(key);
  if (known !== undefined) return known * 2;
  const index = circuit.nodes.length;
  circuit.nodes.push(left);
  circuit.indexByKey.set(key, index);
  return index * 2;
};

/** True when any part is. */
export const or = (circuit: Circuit, ...parts: readonly Literal[]): Literal => not(and(circuit, ...parts.map(not)));

/** True when the first is false or the second true. */
const implies = (circuit: Circuit, one: Literal, other: Literal): Literal => or(circuit, not(one), other);

/** True when both are the same. */
export const same = (circuit: Circuit, one: Literal, other: Literal): Literal =>
  and(circuit, implies(circuit, one, other), implies(circuit, other, one));

export const choose = (circuit: Circuit, condition: Literal, then: Literal, otherwise: Literal): Literal =>
  and(circuit, implies(circuit, condition, then), or(circuit, condition, otherwise));

/**
 * For each count from 1 to `most`, whether at least so many of the parts are true.
 * Parts are added one by one; what lies above `most` is not told apart.
 */
export const counts = (circuit: Circuit, parts: readonly Literal[], most: number): readonly Literal[] => {
  let atLeast: readonly Literal[] = Array.from({ length: most }, () => never);
  for (const part of parts) {
    const before = atLeast;
    atLeast = before.map((already, place) =>
      or(circuit, already, and(circuit, part, place === 0 ? always : (before[place - 1] ?? never))),
    );
  }
  return atLeast;
};

/** What every node is worth for these inputs; inputs that are not named are false. */
export type Values = (literal: Literal) => boolean;

export const evaluateCircuit = (circuit: Circuit, trueInputs: ReadonlySet<Literal>): Values => {
  const values = new Uint8Array(circuit.nodes.length);
  const worth = (literal: Literal): boolean => {
    assert(literal >> 1 < values.length, "a literal is newer than the values");
    return (values[literal >> 1] === 1) !== ((literal & 1) === 1);
  };
  circuit.nodes.forEach((node, index) => {
    const isTrue = node === null ? trueInputs.has(index * 2) : node.every(worth);
    values[index] = isTrue ? 1 : 0;
  });
  return worth;
};
