/** What is proved is what the phone says: the encoding and the engine decide the same, in every part of the answer. */

import { type Facts, assess, preparePack } from "@amana/pathway";
import { describe, expect, it } from "vitest";
import { type Literal, and, emptyCircuit, evaluateCircuit, not, or } from "../circuit/circuit.ts";
import { findCase, makeSolver } from "../circuit/solver.ts";
import { compilePack } from "../compile/pack.ts";
import type { PackSource } from "../pack/source.ts";
import { encodingOf } from "../proof/replay.ts";
import { isRaised, isShorter } from "../properties/level.ts";
import { riskOrders } from "../properties/s-07-monotone.ts";
import { type World, caseOf, withMore } from "../properties/property.ts";
import { nationalSource, withCells, withRows } from "../testing/national.ts";
import { randomCase, randomFrom } from "../testing/random-case.ts";
import { decisionsOf } from "./decide.ts";
import { caseWith, factsOf, freeCase, inputsFor } from "./facts.ts";

const shares = [0.02, 0.1, 0.3, 0.6, 0.9, 1];

const expectAgreement = (source: PackSource, seed: number, cases: number): void => {
  const pack = compilePack(source);
  const prepared = preparePack(pack);
  const decide = encodingOf(pack);
  const random = randomFrom(seed);
  for (let round = 0; round < cases; round++) {
    const facts = randomCase(pack, random, shares[round % shares.length] ?? 1);
    expect(decide(facts), JSON.stringify(facts)).toEqual(decisionsOf(assess(prepared, facts)));
  }
};

describe("the encoding", () => {
  const national = nationalSource();

  it("property: decides as the engine does in 4,000 random cases of the national pack", () => {
    expectAgreement(national, 1, 4000);
  });

  it("property: decides as the engine does where contradictions, urgencies, limits and deadlines are others", () => {
    let source = withCells(national, "contradictions", "X-family-threat-guardian-safe", { "treat-as": "unknown" });
    source = withCells(source, "contradictions", "X-spreading-without-exposure", { "treat-as": "private" });
    source = withCells(source, "levels", "high", { hours: 12 });
    source = withCells(source, "levels", "normal", { hours: 100 });
    source = withCells(source, "actions", "safety-plan", { gate: "digital-safety" });
    source = withCells(source, "gates", "law-report", { "not-applicable": "known platforms has at least 3" });
    source = withRows(source, "limit-rules", (row) => ({
      ...row,
      when: row.when === "always" ? "maybe synthetic is yes" : row.when,
    }));
    const urgencies = ["now", "24h", "48h", "standard", "follows", "follows-now"] as const;
    let turn = 0;
    source = withRows(source, "action-rules", (row) => {
      turn += 1;
      return turn % 5 === 0 ? { ...row, urgency: urgencies[turn % 6] ?? "now" } : row;
    });
    expectAgreement(source, 2, 2000);
  });

  it("property: reads back the case it was given", () => {
    const pack = compilePack(national);
    const circuit = emptyCircuit();
    const literals = freeCase(circuit, pack);
    const random = randomFrom(3);
    for (let round = 0; round < 300; round++) {
      const facts = randomCase(pack, random, 0.5);
      expect(factsOf(pack, literals, evaluateCircuit(circuit, inputsFor(circuit, pack, literals, facts)))).toEqual(
        facts,
      );
    }
  });

  it("sets one fact of a case and leaves the others", () => {
    const pack = compilePack(national);
    const circuit = emptyCircuit();
    const literals = freeCase(circuit, pack);
    const worth = evaluateCircuit(circuit, inputsFor(circuit, pack, literals, { age: "adult", harm: ["csam"] }));
    const change = (value: string | readonly string[] | null) =>
      factsOf(pack, caseWith(pack, literals, "harm", value), worth);
    expect(change(null)).toEqual({ age: "adult" });
    expect(change([])).toEqual({ age: "adult", harm: [] });
    expect(change(["doxing", "hacking"])).toEqual({ age: "adult", harm: ["doxing", "hacking"] });
  });
});

describe("what may still come to be", () => {
  const pack = compilePack(nationalSource());
  const circuit = emptyCircuit();
  const any = caseOf(circuit, pack, freeCase(circuit, pack));
  const world: World = { circuit, pack, any, isExact: true, cases: new Map(), below: null };
  const more = withMore(world);
  const random = randomFrom(31);

  /** Whether something can be learned about the case that makes the literal true. */
  const canLearn = (facts: Facts, literal: Literal): boolean => {
    const inputs = inputsFor(circuit, pack, any.literals, facts);
    const worth = evaluateCircuit(circuit, inputs);
    const same = any.literals
      .flatMap((fact) => [...fact.values, fact.known])
      .map((each) => (worth(each) ? each : not(each)));
    return findCase(makeSolver(circuit), and(circuit, literal, ...same)) !== null;
  };

  /** A case with few dangers, for with one the level is high and nothing is provisional. */
  const calmCase = (share: number): Facts => {
    const facts = randomCase(pack, random, share);
    const calm = Object.entries(facts).map(([fact, value]) => {
      const [safest] = riskOrders[fact] ?? [];
      return [fact, safest === undefined || random() < 0.03 ? value : safest] as const;
    });
    return { ...Object.fromEntries(calm), harm: ["impersonation"], "sexual-content": "no" };
  };

  it("property: a level is provisional only where something can be learned that raises it or shortens the deadline", () => {
    const worse = or(
      circuit,
      isRaised(any, more),
      isShorter(any.answer.knownDeadline, more.answer.knownDeadline, any.view),
    );
    let provisionalCount = 0;
    for (let round = 0; round < 120; round++) {
      const facts = calmCase([0.8, 0.9, 0.95, 0.98][round % 4] ?? 1);
      const worth = evaluateCircuit(circuit, inputsFor(circuit, pack, any.literals, facts));
      if (!worth(any.answer.provisional)) continue;
      provisionalCount++;
      expect(canLearn(facts, worse), JSON.stringify(facts)).toBe(true);
    }
    expect(provisionalCount).toBeGreaterThan(20);
  });
});
