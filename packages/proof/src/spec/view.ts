/**
 * How a property speaks of a case: by the raw facts of DOMAIN section 13, never by the pack's own
 * definitions, so that a wrong definition cannot prove itself.
 */

import type { CompiledPack } from "@amana/pathway";
import { type Circuit, type Literal, and, never, not, or } from "../circuit/circuit.ts";
import type { CaseLiterals } from "../encoding/facts.ts";

export type CaseView = {
  readonly and: (...parts: readonly Literal[]) => Literal;
  readonly or: (...parts: readonly Literal[]) => Literal;
  readonly not: (part: Literal) => Literal;
  /** The fact is known and one of these; of a list: it names at least one of these. */
  readonly is: (fact: string, ...values: readonly string[]) => Literal;
  readonly known: (fact: string) => Literal;
  /** A list that names something, and nothing but these. */
  readonly namesOnly: (fact: string, ...values: readonly string[]) => Literal;
};

/** A fact or value that the pack lacks is never known; the property `vocabulary` says that it is missing. */
export const viewOf = (circuit: Circuit, pack: CompiledPack, literals: CaseLiterals): CaseView => {
  const literalOf = (fact: string, value: string): Literal => {
    const index = pack.facts.findIndex((candidate) => candidate.id === fact);
    const place = pack.facts[index]?.values.indexOf(value) ?? -1;
    return literals[index]?.values[place] ?? never;
  };
  const is = (fact: string, ...values: readonly string[]): Literal =>
    or(circuit, ...values.map((value) => literalOf(fact, value)));
  const known = (fact: string): Literal =>
    literals[pack.facts.findIndex((candidate) => candidate.id === fact)]?.known ?? never;
  return {
    and: (...parts) => and(circuit, ...parts),
    or: (...parts) => or(circuit, ...parts),
    not,
    is,
    known,
    namesOnly: (fact, ...values) => {
      const all = pack.facts.find((candidate) => candidate.id === fact)?.values ?? [];
      const besides = all.filter((value) => !values.includes(value));
      return and(circuit, is(fact, ...values), not(is(fact, ...besides)));
    },
  };
};
