/**
 * The rules that every side evaluates: each condition that the answer rests on, once.
 *
 * What a rules engine gives back is which of them hold; `outcomeOf` puts that together to the parts of
 * the answer that are compared, so that we know that all sides did the same work.
 */

import type { Answer, CompiledPack, NodeIndex } from "@amana/pathway";

/** A rule holds when its node is true, or when its node is not known to be false. */
export type Rule = { readonly key: string; readonly node: NodeIndex; readonly holdsWhen: "true" | "not-false" };

const ruleTrue = (node: NodeIndex): Rule => ({ key: `true-${node}`, node, holdsWhen: "true" });
const rulePossible = (node: NodeIndex): Rule => ({ key: `possible-${node}`, node, holdsWhen: "not-false" });

/** Rules with the same condition count once, which is less work for the peers than the pack's rules are. */
export const rulesOf = (pack: CompiledPack): readonly Rule[] => {
  const rules = [
    ...[pack.track.child, pack.track.adult].map((rule) => ruleTrue(rule.node)),
    ...pack.riskRules.flatMap((rule) => [ruleTrue(rule.node), rulePossible(rule.possible)]),
    ...pack.gates.flatMap((gate) => [...gate.rules, ...gate.limits].map((rule) => ruleTrue(rule.node))),
    ...pack.gates.filter((gate) => gate.notApplicable >= 0).map((gate) => ruleTrue(gate.notApplicable)),
    ...pack.actions.flatMap((action) => [...action.rules, ...action.limits].map((rule) => ruleTrue(rule.node))),
    ...pack.tools.flatMap((tool) => [tool.offered, ...tool.limits].map((rule) => ruleTrue(rule.node))),
    ...pack.tools.filter((tool) => tool.openIf >= 0).map((tool) => ruleTrue(tool.openIf)),
    ...pack.contacts.flatMap((contact) => [contact.shown, ...contact.rules].map((rule) => ruleTrue(rule.node))),
    ...pack.contradictions.map((rule) => ruleTrue(rule.node)),
  ];
  return [...new Map(rules.map((rule) => [rule.key, rule])).values()];
};

/** The parts of an answer that are compared. */
export type Outcome = {
  readonly track: string;
  readonly level: string;
  readonly gates: Readonly<Record<string, string>>;
  readonly actions: readonly string[];
  readonly tools: Readonly<Record<string, string>>;
  readonly contacts: readonly string[];
};

/** From the keys of the rules that hold. */
export const outcomeOf = (pack: CompiledPack, holding: ReadonlySet<string>): Outcome => {
  const holds = ({ node }: { readonly node: NodeIndex }): boolean => holding.has(`true-${node}`);
  const stateOf = (gate: CompiledPack["gates"][number]): string => {
    if (gate.notApplicable >= 0 && holds({ node: gate.notApplicable })) return "not-applicable";
    return gate.rules.every(holds) ? "open" : "closed";
  };
  const states = pack.gates.map(stateOf);
  const isOpen = (gate: number): boolean => states[gate] === "open";
  return {
    track: holds(pack.track.child) ? "child" : holds(pack.track.adult) ? "adult" : "child-until-age-known",
    level:
      pack.levels.find(({ id }) => pack.riskRules.some((rule) => rule.level === id && holds(rule)))?.id ?? "normal",
    gates: Object.fromEntries(pack.gates.map((gate, index) => [gate.id, states[index] ?? ""])),
    actions: pack.actions
      .filter((action) => (action.gate < 0 || isOpen(action.gate)) && action.rules.some(holds))
      .map(({ id }) => id)
      .sort(),
    tools: Object.fromEntries(
      pack.tools.map((tool) => {
        const isReady = holds(tool.offered) && (tool.openIf < 0 || holds({ node: tool.openIf })) && isOpen(tool.gate);
        return [tool.id, isReady ? "open" : holds(tool.offered) ? "offered" : "not-offered"];
      }),
    ),
    contacts: pack.contacts
      .filter(({ shown }) => holds(shown))
      .map(({ id }) => id)
      .sort(),
  };
};

/** The same parts of our own answer. */
export const outcomeOfAnswer = (answer: Answer): Outcome => ({
  track: answer.track,
  level: answer.risk.level,
  gates: Object.fromEntries(Object.entries(answer.gates).map(([id, gate]) => [id, gate.state])),
  actions: answer.actions.map(({ id }) => id).sort(),
  tools: Object.fromEntries(
    answer.tools.map((tool) => [tool.id, tool.open ? "open" : tool.offered ? "offered" : "not-offered"]),
  ),
  contacts: answer.contacts.map(({ id }) => id).sort(),
});
