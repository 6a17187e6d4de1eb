/**
 * The pack's nodes as circuit: for each where it is known to be true and where it is known to be false.
 * It says again, for the solver, what `logic.ts` of the pathway computes; a test compares the two on random cases.
 */

import { assert } from "@amana/kernel";
import { type CompiledPack, type NodeIndex, type PackNode, operation } from "@amana/pathway";
import { type Circuit, type Literal, always, and, choose, counts, never, not, or } from "../circuit/circuit.ts";
import type { CaseLiterals, FactLiterals } from "./facts.ts";

export type Verdict = { readonly isTrue: Literal; readonly isFalse: Literal };

/** In the order of the pack's nodes. */
export const encodeNodes = (circuit: Circuit, pack: CompiledPack, facts: CaseLiterals): readonly Verdict[] => {
  const verdicts: Verdict[] = [];
  const verdictAt = (node: NodeIndex): Verdict => {
    const verdict = verdicts[node];
    assert(verdict !== undefined, "a node stands before its children");
    return verdict;
  };
  for (const node of pack.nodes) {
    const [kind] = node;
    const isTest = kind === operation.has || kind === operation.only || kind === operation.isKnown;
    verdicts.push(isTest ? testVerdict(circuit, node, facts) : innerVerdict(circuit, node, verdictAt));
  }
  return verdicts;
};

const testVerdict = (circuit: Circuit, node: PackNode, facts: CaseLiterals): Verdict => {
  const [kind, index = -1] = node;
  const fact = facts[index];
  assert(fact !== undefined, "a node tests a fact that is not there");
  if (kind === operation.isKnown) return { isTrue: fact.known, isFalse: not(fact.known) };
  const isTrue = kind === operation.only ? holdsOnly(circuit, node, fact) : holdsAtLeast(circuit, node, fact);
  return { isTrue, isFalse: and(circuit, fact.known, not(isTrue)) };
};

const holdsAtLeast = (circuit: Circuit, node: PackNode, fact: FactLiterals): Literal => {
  const [, , atLeast = 1, ...places] = node;
  const held = places.map((place) => fact.values[place] ?? never);
  return counts(circuit, held, atLeast)[atLeast - 1] ?? never;
};

const holdsOnly = (circuit: Circuit, node: PackNode, fact: FactLiterals): Literal => {
  const places = new Set(node.slice(2));
  const among = fact.values.filter((_, place) => places.has(place));
  const besides = fact.values.filter((_, place) => !places.has(place));
  return and(circuit, or(circuit, ...among), ...besides.map(not));
};

const innerVerdict = (circuit: Circuit, node: PackNode, at: (node: NodeIndex) => Verdict): Verdict => {
  const [kind, first = -1, second = -1, third = -1] = node;
  const parts = (): readonly Verdict[] => node.slice(1).map(at);
  switch (kind) {
    case operation.constant:
      return { isTrue: first === 1 ? always : never, isFalse: first === 0 ? always : never };
    case operation.and:
      return {
        isTrue: and(circuit, ...parts().map((part) => part.isTrue)),
        isFalse: or(circuit, ...parts().map((part) => part.isFalse)),
      };
    case operation.or:
      return {
        isTrue: or(circuit, ...parts().map((part) => part.isTrue)),
        isFalse: and(circuit, ...parts().map((part) => part.isFalse)),
      };
    case operation.not:
      return { isTrue: at(first).isFalse, isFalse: at(first).isTrue };
    case operation.maybe:
      return { isTrue: not(at(first).isFalse), isFalse: at(first).isFalse };
    case operation.known:
      return { isTrue: at(first).isTrue, isFalse: not(at(first).isTrue) };
    case operation.when:
      return {
        isTrue: or(circuit, at(first).isFalse, at(second).isTrue),
        isFalse: and(circuit, at(first).isTrue, at(second).isFalse),
      };
    default:
      assert(kind === operation.pick, "a node has an unknown operation");
      return {
        isTrue: choose(circuit, at(first).isTrue, at(second).isTrue, at(third).isTrue),
        isFalse: choose(circuit, at(first).isTrue, at(second).isFalse, at(third).isFalse),
      };
  }
};
