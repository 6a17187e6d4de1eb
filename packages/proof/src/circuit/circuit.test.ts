/** The circuit and the solver: every question is answered as trying all inputs would. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Circuit,
  type Literal,
  always,
  and,
  choose,
  counts,
  emptyCircuit,
  evaluateCircuit,
  input,
  never,
  not,
  or,
  same,
} from "./circuit.ts";
import { findCase, makeSolver } from "./solver.ts";

const inputCount = 5;

/** A random circuit as a list of steps, each over what was made before it. */
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom("and", "or", "same", "choose"),
    parts: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
    isNegated: fc.boolean(),
  }),
  { minLength: 1, maxLength: 25 },
);

type Steps = typeof steps extends fc.Arbitrary<infer Value> ? Value : never;

const build = (circuit: Circuit, inputs: readonly Literal[], plan: Steps): Literal => {
  const made: Literal[] = [...inputs, always];
  for (const { kind, parts, isNegated } of plan) {
    const [one, other, third] = parts.map((part) => made[part % made.length] ?? never);
    const next = {
      and: () => and(circuit, one ?? never, other ?? never, third ?? never),
      or: () => or(circuit, one ?? never, other ?? never),
      same: () => same(circuit, one ?? never, other ?? never),
      choose: () => choose(circuit, one ?? never, other ?? never, third ?? never),
    }[kind]();
    made.push(isNegated ? not(next) : next);
  }
  return made.at(-1) ?? never;
};

const everyChoice = (inputs: readonly Literal[]): readonly ReadonlySet<Literal>[] =>
  Array.from(
    { length: 2 ** inputs.length },
    (_, bits) => new Set(inputs.filter((_literal, place) => (bits & (1 << place)) !== 0)),
  );

describe("a circuit", () => {
  it("property: the solver finds inputs exactly when there are some, and they do what was asked", () => {
    fc.assert(
      fc.property(steps, steps, (plan, second) => {
        const circuit = emptyCircuit();
        const inputs = Array.from({ length: inputCount }, () => input(circuit));
        const questions = [build(circuit, inputs, plan), build(circuit, inputs, second)];
        const solver = makeSolver(circuit);
        for (const question of questions) {
          const exists = everyChoice(inputs).some((choice) => evaluateCircuit(circuit, choice)(question));
          const found = findCase(solver, question);
          expect(found !== null).toBe(exists);
          if (found !== null) expect(evaluateCircuit(circuit, found)(question)).toBe(true);
        }
      }),
      { numRuns: 200, seed: 11 },
    );
  });

  it("makes equal parts once", () => {
    const circuit = emptyCircuit();
    const [one, other] = [input(circuit), input(circuit)];
    expect(and(circuit, one, other)).toBe(and(circuit, other, one, one, always));
    expect(or(circuit, one, not(one))).toBe(always);
    expect(and(circuit, one, other, not(one))).toBe(never);
  });

  it("counts how many parts are true", () => {
    const circuit = emptyCircuit();
    const inputs = Array.from({ length: inputCount }, () => input(circuit));
    const atLeast = counts(circuit, inputs, 4);
    for (const choice of everyChoice(inputs)) {
      const worth = evaluateCircuit(circuit, choice);
      expect(atLeast.map(worth)).toEqual([1, 2, 3, 4].map((count) => choice.size >= count));
    }
  });
});
