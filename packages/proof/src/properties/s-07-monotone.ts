/**
 * S-7: more risk never means less care, and knowing less never opens anything.
 *
 * Each step compares a case with itself after one change. Every pair of values is a step, not only
 * neighbours, so nothing rests on a case in between being free of contradictions.
 */

import { type Literal, never } from "../circuit/circuit.ts";
import { contradicts } from "../spec/case.ts";
import { type Case, type Claim, type Property, type World, isLevel, withFact } from "./property.ts";

const safeNo = `
  immediate-danger physical-violence-threat honour-violence-risk severe-blackmail credible-threat
  continued-harassment online-blackmail growing-family-pressure escalating movement-restricted financial-coercion spreading
  guardian-unsafe perpetrator-in-contact perpetrator-has-accounts perpetrator-has-device perpetrator-knows-location
  perpetrator-abroad severe-distress offline-abuse digital-action-could-escalate law-report-could-escalate
`
  .trim()
  .split(/\s+/);

/** The risk factors of S-7 with their values, from safe to worse. Choices, consents and assessments are none. */
export const riskOrders: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(safeNo.map((fact) => [fact, ["no", "yes"]])),
  "suicide-or-self-harm": ["no", "risk", "imminent"],
  "content-exposure": ["none", "threatened", "private", "public"],
  "blocking-safe": ["yes", "no"],
  "safe-device": ["yes", "no"],
  "evidence-safe-to-keep": ["yes", "no"],
};

export const monotone: Property = {
  id: "S-7",
  title:
    "A risk factor that turns worse never lowers the level, opens a gate or lengthens a deadline; a fact forgotten never opens a gate and never lengthens a deadline.",
  claims: (world) => [...riskClaims(world), ...forgottenClaims(world)],
};

const riskClaims = (world: World): readonly Claim[] =>
  Object.entries(riskOrders).flatMap(([fact, order]) => {
    if (!world.pack.facts.some(({ id }) => id === fact)) return [];
    return order.flatMap((from, place) =>
      order.slice(place + 1).flatMap((to) => {
        const before = withFact(world, fact, from);
        const after = withFact(world, fact, to);
        const c = before.view;
        const sound = c.and(c.not(contradicts(c)), c.not(contradicts(after.view)));
        const change = `when ${fact} turns from ${from} to ${to}`;
        return [
          compare(world, `the level is lowered ${change}`, before, after, c.and(sound, isLowered(before, after))),
          ...openedClaims(world, before, after, sound, change),
          compare(
            world,
            `the deadline is lengthened ${change}`,
            before,
            after,
            c.and(sound, isLengthened(before, after)),
          ),
        ];
      }),
    );
  });

/** Over every case, contradicting answers included. */
const forgottenClaims = (world: World): readonly Claim[] =>
  world.pack.facts.flatMap(({ id: fact }) => {
    const before = world.any;
    const after = withFact(world, fact, null);
    const c = before.view;
    const change = `when ${fact} is forgotten`;
    return [
      ...openedClaims(world, before, after, c.known(fact), change),
      compare(
        world,
        `the deadline is lengthened ${change}`,
        before,
        after,
        c.and(c.known(fact), isLengthened(before, after)),
      ),
    ];
  });

const compare = (_world: World, broken: string, before: Case, after: Case, when: Literal): Claim => ({
  ...{ broken, when },
  about: { part: "level", id: "level" },
  first: before.literals,
  second: after.literals,
});

const openedClaims = (world: World, before: Case, after: Case, sound: Literal, change: string): readonly Claim[] =>
  before.answer.gates.map((gate, place) => {
    const opens = before.view.and(sound, before.view.not(gate.open), after.answer.gates[place]?.open ?? never);
    const claim = compare(world, `${gate.id} is opened ${change}`, before, after, opens);
    return { ...claim, about: { part: "gate", id: gate.id } };
  });

const isLowered = (before: Case, after: Case): Literal => {
  const { and, not, or } = before.view;
  const high = and(isLevel(before, "high"), not(isLevel(after, "high")));
  return or(high, and(isLevel(before, "medium"), isLevel(after, "normal")));
};

const isLengthened = (before: Case, after: Case): Literal =>
  before.view.or(
    ...before.answer.deadline.map((step, place) =>
      before.view.and(step.isWithin, before.view.not(after.answer.deadline[place]?.isWithin ?? never)),
    ),
  );
