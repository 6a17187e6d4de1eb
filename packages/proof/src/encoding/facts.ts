/**
 * The space of all cases: for each fact of the pack, whether it is known and which values hold, as inputs
 * of the circuit. Every choice of inputs is a case, and every case is a choice, so nothing has to be ruled out.
 */

import { assert } from "@amana/kernel";
import type { CompiledPack, Facts, PackFact } from "@amana/pathway";
import {
  type Circuit,
  type Literal,
  type Values,
  always,
  and,
  choose,
  input,
  never,
  not,
  or,
} from "../circuit/circuit.ts";

/** One fact of one case. */
export type FactLiterals = {
  readonly known: Literal;
  /** By the value's place in the pack; true only where the fact is known. */
  readonly values: readonly Literal[];
};

/** In the order of the pack's facts. */
export type CaseLiterals = readonly FactLiterals[];

/** Free inputs for a fact. Of several values given to a fact of kind `one`, the first counts. */
const freeFact = (circuit: Circuit, fact: PackFact): FactLiterals => {
  const raw = fact.values.map(() => input(circuit));
  if (fact.kind === "list") {
    const known = input(circuit);
    return { known, values: raw.map((member) => and(circuit, known, member)) };
  }
  let isTaken = never;
  const values = raw.map((value) => {
    const holds = and(circuit, value, not(isTaken));
    isTaken = or(circuit, isTaken, value);
    return holds;
  });
  return { known: isTaken, values };
};

/** A case of which nothing is fixed. */
export const freeCase = (circuit: Circuit, pack: CompiledPack): CaseLiterals =>
  pack.facts.map((fact) => freeFact(circuit, fact));

/** What a fact may be set to: one value, or unknown. Lists are set by their whole. */
export type FactValue = string | readonly string[] | null;

/** The same case with one fact set. */
export const caseWith = (pack: CompiledPack, literals: CaseLiterals, fact: string, value: FactValue): CaseLiterals => {
  const index = pack.facts.findIndex((candidate) => candidate.id === fact);
  const found = pack.facts[index];
  assert(found !== undefined, "a fact to be set is not in the pack");
  const held = value === null ? [] : typeof value === "string" ? [value] : value;
  const set: FactLiterals = {
    known: value === null ? never : always,
    values: found.values.map((candidate) => (held.includes(candidate) ? always : never)),
  };
  return literals.map((literal, place) => (place === index ? set : literal));
};

/** A second case that knows all the first knows, and perhaps more. */
export const caseWithMore = (circuit: Circuit, pack: CompiledPack, literals: CaseLiterals): CaseLiterals => {
  const more = freeCase(circuit, pack);
  return literals.map((before, place) => {
    const after = more[place];
    assert(after !== undefined, "two cases of one pack have the same facts");
    return {
      known: or(circuit, before.known, after.known),
      values: before.values.map((value, index) => choose(circuit, before.known, value, after.values[index] ?? never)),
    };
  });
};

/**
 * The same case as the pack below an overlay reads it. A value that only the overlay knows is no answer there:
 * a fact of kind `one` that holds it is not known, and a list goes without it.
 */
export const caseBelow = (
  circuit: Circuit,
  pack: CompiledPack,
  literals: CaseLiterals,
  below: CompiledPack,
): CaseLiterals =>
  below.facts.map((fact) => {
    const index = pack.facts.findIndex(({ id }) => id === fact.id);
    const above = pack.facts[index]?.values ?? [];
    const held = literals[index];
    const values = fact.values.map((value) => held?.values[above.indexOf(value)] ?? never);
    const isAllAnswered = fact.kind === "list" || above.every((value) => fact.values.includes(value));
    return { known: isAllAnswered ? (held?.known ?? never) : or(circuit, ...values), values };
  });

/** The facts of a case that the solver found. */
export const factsOf = (pack: CompiledPack, literals: CaseLiterals, worth: Values): Facts => {
  const facts: Record<string, string | readonly string[]> = {};
  pack.facts.forEach((fact, index) => {
    const literal = literals[index];
    if (literal === undefined || !worth(literal.known)) return;
    const held = fact.values.filter((_, place) => worth(literal.values[place] ?? never));
    facts[fact.id] = fact.kind === "list" ? held : (held[0] ?? "");
  });
  return facts;
};

/** The inputs that stand for a concrete case; only for literals made by `freeCase`. */
export const inputsFor = (
  circuit: Circuit,
  pack: CompiledPack,
  literals: CaseLiterals,
  facts: Facts,
): ReadonlySet<Literal> => {
  const inputs = new Set<Literal>();
  pack.facts.forEach((fact, index) => {
    const given = facts[fact.id];
    const literal = literals[index];
    if (given === undefined || literal === undefined) return;
    const held = typeof given === "string" ? [given] : given;
    fact.values.forEach((value, place) => {
      if (held.includes(value)) addInputs(circuit, literal.values[place] ?? never, inputs);
    });
    if (fact.kind === "list") addInputs(circuit, literal.known, inputs);
  });
  return inputs;
};

/** The inputs that a value's literal needs to be true. */
const addInputs = (circuit: Circuit, literal: Literal, into: Set<Literal>): void => {
  const node = circuit.nodes[literal >> 1];
  if (node === null) {
    if ((literal & 1) === 0) into.add(literal);
    return;
  }
  if ((literal & 1) === 1) return;
  for (const part of node ?? []) addInputs(circuit, part, into);
};
