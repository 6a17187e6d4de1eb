/**
 * The one place that knows the SAT library (MiniSat, as packed by logic-solver). It is handed the part of
 * the circuit that a question rests on, and finds inputs for which the question is true, or that there are none.
 */

import Logic, { type LibrarySolver, type Solution } from "logic-solver";
import { type Circuit, type Literal, always, never } from "./circuit.ts";

export type Solver = {
  readonly circuit: Circuit;
  readonly library: LibrarySolver;
  /** Nodes the library has been told of. */
  readonly told: Set<number>;
};

export const makeSolver = (circuit: Circuit): Solver => ({ circuit, library: new Logic.Solver(), told: new Set() });

/** The inputs that are true in a case where the literal holds; null when it holds in none. */
export const findCase = (solver: Solver, literal: Literal): ReadonlySet<Literal> | null => {
  if (literal === never) return null;
  if (literal === always) return new Set();
  return Logic.disablingAssertions(() => {
    tell(solver, literal >> 1);
    const solution = solver.library.solveAssuming(termOf(literal));
    return solution === null ? null : inputsOf(solver, solution);
  });
};

const termOf = (literal: Literal): string => `${(literal & 1) === 1 ? "-" : ""}n${String(literal >> 1)}`;

/** Hands over the node and all it rests on, each once: it is true exactly when all its parts are. */
const tell = ({ circuit, library, told }: Solver, index: number): void => {
  const waiting = [index];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (told.has(next)) continue;
    told.add(next);
    const parts = circuit.nodes[next] ?? null;
    if (parts === null) continue;
    const itself = termOf(next * 2);
    const itsNegation = termOf(next * 2 + 1);
    for (const part of parts) {
      library.require(Logic.or(itsNegation, termOf(part)));
      waiting.push(part >> 1);
    }
    library.require(Logic.or(itself, ...parts.map((part) => termOf(part ^ 1))));
  }
};

const inputsOf = ({ circuit, told }: Solver, solution: Solution): ReadonlySet<Literal> => {
  const names = new Set(solution.getTrueVars());
  const inputs = new Set<Literal>();
  for (const index of told) {
    if (circuit.nodes[index] === null && names.has(termOf(index * 2))) inputs.add(index * 2);
  }
  return inputs;
};
