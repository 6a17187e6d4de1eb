/** Which facts the answer rests on at all. */

import { type CompiledPack, operation } from "@amana/pathway";

/** By place in the pack. Nodes that nothing in the answer is read from do not count. */
export const factsUsed = (pack: CompiledPack): ReadonlySet<number> => {
  const used = new Set<number>();
  const seen = new Set<number>();
  const visit = (index: number): void => {
    const node = pack.nodes[index];
    if (node === undefined || seen.has(index)) return;
    seen.add(index);
    const [kind, first = -1] = node;
    if (kind === operation.has || kind === operation.only || kind === operation.isKnown) used.add(first);
    else if (kind !== operation.constant) node.slice(1).forEach(visit);
  };
  for (const root of rootsOf(pack)) visit(root);
  return used;
};

const rootsOf = (pack: CompiledPack): readonly number[] => [
  ...[pack.track.child, pack.track.adult, ...pack.riskRules].map((rule) => rule.node),
  ...pack.gates.flatMap((gate) => [gate.node, gate.notApplicable, ...gate.limits.map((rule) => rule.node)]),
  ...pack.actions.flatMap((action) => [...action.rules, ...action.limits].map((rule) => rule.node)),
  ...pack.tools.flatMap((tool) => [
    ...[tool.offered.node, tool.openIf],
    ...tool.limits.map((rule) => rule.node),
    ...tool.steps.map((step) => step.when),
  ]),
  ...pack.contacts.flatMap((contact) => [contact.shown, ...contact.rules].map((rule) => rule.node)),
];
