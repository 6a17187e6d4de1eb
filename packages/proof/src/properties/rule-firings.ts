/** When each rule of a pack fires: it holds, and what it is a reason for is seen. */

import type { CompiledPack, PackRule } from "@amana/pathway";
import { type Literal, always, never } from "../circuit/circuit.ts";
import type { EncodedAnswer } from "../encoding/answer.ts";

export type RuleFiring = { readonly id: string; readonly when: Literal };

/** The rules of all tables, in the pack's order. `and` belongs to the circuit of the answer. */
export const ruleFirings = (
  pack: CompiledPack,
  answer: EncodedAnswer,
  and: (...parts: readonly Literal[]) => Literal,
): readonly RuleFiring[] => {
  const fires = (rule: PackRule, seen: Literal): RuleFiring => ({
    id: rule.id,
    when: and(answer.nodes[rule.node]?.isTrue ?? never, seen),
  });
  return [
    ...pack.riskRules.map((rule) => fires(rule, always)),
    ...pack.contradictions.map((rule) => fires(rule, always)),
    ...pack.gates.flatMap((gate) => [...gate.rules, ...gate.limits].map((rule) => fires(rule, always))),
    ...answer.actions.flatMap(({ action, listed }) =>
      [...action.rules, ...action.limits].map((rule) => fires(rule, listed)),
    ),
    ...answer.tools.flatMap(({ tool, offered }) => tool.limits.map((rule) => fires(rule, offered))),
    ...answer.contacts.flatMap(({ contact, shown }) => contact.rules.map((rule) => fires(rule, shown))),
  ];
};
