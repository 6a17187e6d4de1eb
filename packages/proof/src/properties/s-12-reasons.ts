/** S-12: everything the answer says has a reason with a source, and everything in the pack can happen. */

import type { CompiledPack, PackRule } from "@amana/pathway";
import { type Literal, never } from "../circuit/circuit.ts";
import { allDomainIds } from "../domain-ids.ts";
import { claim, type Claim, type Possibility, type Property, type World } from "./property.ts";
import { factsUsed } from "./facts-used.ts";
import { ruleFirings } from "./rule-firings.ts";

export const reasons: Property = {
  id: "S-12",
  title: "Every action, gate and level names a section of the guide; every rule can fire and every gate can open.",
  claims: (world) => sourceClaims(world),
  possibilities: (world) => possibilitiesOf(world),
  notes: (pack) => factsUnused(pack),
};

const isTrue = (world: World, node: number): Literal => world.any.answer.nodes[node]?.isTrue ?? never;

/** The first of a reason's sources may be a document; one of them must be a section of the guide. */
const namesSection = (source: string): boolean => source.split(" ").some((id) => allDomainIds.has(id));

const sourceClaims = (world: World): readonly Claim[] => {
  const { pack, any } = world;
  const below = new Set(world.below === null ? [] : rulesOf(world.below.pack).map(({ id }) => id));
  // A rule that an overlay adds may rest on a document of `sources.csv`; that it names one was checked when it was read.
  const isAdded = (rule: PackRule): boolean => world.below !== null && !below.has(rule.id) && rule.source !== "";
  const unnamed = (rule: PackRule): boolean => !namesSection(rule.source) && !isAdded(rule);
  const levels = pack.levels.filter((level) => !namesSection(level.source));
  const gates = pack.gates.filter((gate) => !namesSection(gate.source));
  return [
    ...rulesOf(pack)
      .filter(unnamed)
      .map((rule) => claim(world, `the reason ${rule.id} names no section of the guide`, isTrue(world, rule.node))),
    ...levels.map((level) =>
      claim(world, `the level ${level.id} names no section of the guide`, any.answer.level.get(level.id) ?? never),
    ),
    ...gates.map((gate) =>
      claim(
        world,
        `the gate ${gate.id} names no section of the guide`,
        any.answer.gates.find(({ id }) => id === gate.id)?.open ?? never,
      ),
    ),
  ];
};

/** Everything that a reason may cite. */
const rulesOf = (pack: CompiledPack): readonly PackRule[] => [
  ...pack.riskRules,
  ...pack.gates.flatMap((gate) => [...gate.rules, ...gate.limits]),
  ...pack.actions.flatMap((action) => [...action.rules, ...action.limits]),
  ...pack.tools.flatMap((tool) => [tool.offered, ...tool.limits]),
  ...pack.contacts.flatMap((contact) => [contact.shown, ...contact.rules]),
  ...pack.contradictions,
];

const possibilitiesOf = (world: World): readonly Possibility[] => {
  const { pack, any } = world;
  const { and } = any.view;
  return [
    ...ruleFirings(pack, any.answer, and).map(({ id, when }) => ({ missing: `the rule ${id} can never fire`, when })),
    ...any.answer.gates.map((gate) => ({ missing: `the gate ${gate.id} can never open`, when: gate.open })),
    ...any.answer.actions.map(({ id, listed }) => ({ missing: `the action ${id} can never be listed`, when: listed })),
    ...any.answer.tools.flatMap(({ id, tool, offered, open, steps }) => [
      { missing: `the tool ${id} can never be open`, when: open },
      ...tool.steps.map((step, place) => ({
        missing: `step ${String(step.step)} of ${id} can never be shown`,
        when: and(offered, steps[place] ?? never),
      })),
    ]),
    ...any.answer.contacts.map(({ id, shown }) => ({ missing: `the contact ${id} can never be shown`, when: shown })),
  ];
};

const factsUnused = (pack: CompiledPack): readonly string[] => {
  const used = factsUsed(pack);
  return pack.facts.filter((_, index) => !used.has(index)).map(({ id }) => `nothing rests on the fact ${id}`);
};
