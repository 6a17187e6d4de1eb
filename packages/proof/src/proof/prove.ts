/**
 * Proves the properties of a compiled pack over every possible case, or finds the smallest case in which
 * one is broken: the one with the fewest known facts, replayed through the real engine before it is reported.
 */

import { assert } from "@amana/kernel";
import type { CompiledPack, Facts } from "@amana/pathway";
import {
  type Circuit,
  type Literal,
  type Values,
  and,
  counts,
  emptyCircuit,
  evaluateCircuit,
  never,
  not,
  or,
} from "../circuit/circuit.ts";
import { type Solver, findCase, makeSolver } from "../circuit/solver.ts";
import { caseBelow, factsOf, freeCase } from "../encoding/facts.ts";
import { properties as allProperties } from "../properties/index.ts";
import { keepsThePackBelow } from "../properties/keeps-the-pack-below.ts";
import {
  type About,
  type Below,
  type Case,
  type Claim,
  type Property,
  type World,
  caseOf,
} from "../properties/property.ts";
import { replay } from "./replay.ts";

/** A case in which a property is broken. */
export type Counterexample = {
  readonly facts: Facts;
  /** For what compares two cases: the second, after the change. */
  readonly factsAfter?: Facts;
  /** What is wrong there. */
  readonly broken: string;
  readonly about: About | null;
  /** Whether the engine gave the very answer that the proof speaks of; false is a mistake in the proof itself. */
  readonly isReplayed: boolean;
};

export type PropertyResult = {
  readonly id: string;
  readonly title: string;
  readonly state: "proved" | "refuted";
  readonly counterexample?: Counterexample;
  /** What the pack allows in no case and should: rules that never fire, gates that never open. */
  readonly missing?: readonly string[];
  /** Worth knowing, and no fault: facts nobody uses. */
  readonly notes?: readonly string[];
  readonly milliseconds: number;
  /** How many sentences about every case were proved. */
  readonly claims: number;
};

export type ProofOptions = {
  /**
   * True (the default): the pack opens and offers exactly what DOMAIN section 13 says. False, for an overlay:
   * it may be more careful, never less.
   */
  readonly isExact?: boolean;
  /** The pack that an overlay lies over; with it the overlay is also held to what that pack says in each case. */
  readonly below?: CompiledPack | null;
  /** Milliseconds from any start; only for the times in the results. */
  readonly clock?: () => number;
  /** Which properties; all of them when left out. */
  readonly ids?: readonly string[];
};

/** Every property in order. A refuted property is a result, not an error. */
export const provePack = (pack: CompiledPack, options: ProofOptions = {}): readonly PropertyResult[] => {
  const { isExact = true, below = null, clock = () => performance.now(), ids } = options;
  const known = below === null ? allProperties : [...allProperties, keepsThePackBelow];
  const wanted = known.filter((property) => ids === undefined || ids.includes(property.id));
  const circuit = emptyCircuit();
  const any = caseOf(circuit, pack, freeCase(circuit, pack));
  const world: World = { circuit, pack, any, isExact, cases: new Map(), below: belowOf(circuit, pack, any, below) };
  return wanted.map((property) => proveOne(world, property, clock));
};

const belowOf = (circuit: Circuit, pack: CompiledPack, any: Case, below: CompiledPack | null): Below | null =>
  below === null ? null : { pack: below, any: caseOf(circuit, below, caseBelow(circuit, pack, any.literals, below)) };

/** How many cases there are: each fact unknown, or any value; a list unknown, or any of its subsets. */
export const countCases = (pack: CompiledPack): bigint =>
  pack.facts.reduce((product, { kind, values }) => {
    const known = kind === "list" ? 2n ** BigInt(values.length) : BigInt(values.length);
    return product * (known + 1n);
  }, 1n);

const proveOne = (world: World, property: Property, clock: () => number): PropertyResult => {
  const start = clock();
  const claims = property.claims(world);
  const solver = makeSolver(world.circuit);
  const counterexample = smallestCounterexample(world, claims, solver);
  const possibilities = property.possibilities?.(world) ?? [];
  const missing = possibilities.filter(({ when }) => findCase(solver, when) === null).map((each) => each.missing);
  const notes = property.notes?.(world.pack) ?? [];
  return {
    id: property.id,
    title: property.title,
    state: counterexample === null && missing.length === 0 ? "proved" : "refuted",
    ...(counterexample === null ? {} : { counterexample }),
    ...(missing.length === 0 ? {} : { missing }),
    ...(notes.length === 0 ? {} : { notes }),
    milliseconds: Math.round(clock() - start),
    claims: claims.length + possibilities.length,
  };
};

const smallestCounterexample = (world: World, claims: readonly Claim[], solver: Solver): Counterexample | null => {
  const { circuit } = world;
  const broken = or(circuit, ...claims.map(({ when }) => when));
  if (findCase(solver, broken) === null) return null;
  const small = withFewestFacts(circuit, claims, solver);
  const worth = evaluateCircuit(circuit, small);
  const claim = claims.find(({ when }) => worth(when));
  assert(claim !== undefined, "a case that breaks a property breaks none of its claims");
  return counterexampleOf(world, claim, worth);
};

/** The first number of known facts with which some claim can be broken, counted upwards. */
const withFewestFacts = (circuit: Circuit, claims: readonly Claim[], solver: Solver): ReadonlySet<Literal> => {
  const groups = claimsByCases(claims);
  const [facts = 0] = groups.map(([{ first }]) => first.length);
  const tooMany = groups.map((group) => ({ group, atLeast: counts(circuit, knownFacts(circuit, group[0]), facts) }));
  for (let most = 0; ; most++) {
    assert(most <= facts, "a counterexample has more facts than there are");
    const small = tooMany.map(({ group, atLeast }) =>
      and(circuit, not(atLeast[most] ?? never), or(circuit, ...group.map(({ when }) => when))),
    );
    const found = findCase(solver, or(circuit, ...small));
    if (found !== null) return found;
  }
};

/** Claims that speak of the same cases; their facts are counted once. */
const claimsByCases = (claims: readonly Claim[]): readonly (readonly [Claim, ...Claim[]])[] => {
  const groups: [Claim, ...Claim[]][] = [];
  for (const claim of claims) {
    if (claim.when === never) continue;
    const group = groups.find(([one]) => one.first === claim.first && one.second === claim.second);
    if (group === undefined) groups.push([claim]);
    else group.push(claim);
  }
  return groups;
};

/** Which facts are known, in either case. */
const knownFacts = (circuit: Circuit, { first, second }: Claim): readonly Literal[] =>
  first.map((fact, place) => or(circuit, fact.known, second?.[place]?.known ?? never));

const counterexampleOf = (world: World, claim: Claim, worth: Values): Counterexample => {
  const facts = factsOf(world.pack, claim.first, worth);
  const after = claim.second === null ? null : factsOf(world.pack, claim.second, worth);
  const { below } = world;
  const isReplayed =
    [facts, ...(after === null ? [] : [after])].every((each) => replay(world.pack, each)) &&
    // A sentence may compare with what the pack below says, so the engine must confirm that as well.
    (below === null || replay(below.pack, factsOf(below.pack, below.any.literals, worth)));
  return {
    facts,
    ...(after === null ? {} : { factsAfter: after }),
    ...{ broken: claim.broken, about: claim.about, isReplayed },
  };
};
