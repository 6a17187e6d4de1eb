/**
 * What an overlay keeps of the pack below it, case by case: it may say more and sooner, never less or later.
 *
 * Section 13 leaves much of a pack to its authors: which steps, which contacts, which questions. The other
 * properties say nothing of that, so an overlay could drop it unseen; here both packs answer the same case.
 */

import { type Literal, always, never } from "../circuit/circuit.ts";
import { type EncodedAction, type EncodedLimit, isWithin, urgencies } from "../encoding/answer.ts";
import {
  type About,
  type Below,
  type Case,
  type Claim,
  type Property,
  type World,
  claim,
  contactOf,
  gateOf,
  toolOf,
} from "./property.ts";

export const keepsThePackBelow: Property = {
  id: "keeps-the-pack-below",
  title:
    "What the pack below lists, limits, shows, asks or makes urgent, this pack does too, in the same case and at least as urgently.",
  claims: (world) => {
    const { below } = world;
    if (below === null) return [];
    return [riskClaims, listedClaims, limitClaims, contactClaims, questionClaims].flatMap((of) => of(world, below));
  },
};

const actionOf = ({ answer }: Case, id: string): EncodedAction | undefined =>
  answer.actions.find((action) => action.id === id);

/** Behind a gate only while this pack's own gate is open: it may be the stricter one. */
const listedClaims = (world: World, below: Below): readonly Claim[] => {
  const { view: c, answer } = world.any;
  return below.any.answer.actions.flatMap((before) => {
    const now = actionOf(world.any, before.id);
    const about: About = { part: "action", id: before.id };
    const isGated = before.action.gate >= 0;
    const asks = isGated ? (answer.gates[now?.action.gate ?? -1]?.open ?? always) : always;
    const listed = now?.listed ?? never;
    const isLater = urgencies.map((urgency, place) => {
      const inTime = urgencies.slice(0, place + 1).map((sooner) => now?.urgency[sooner] ?? never);
      return c.and(before.urgency[urgency], c.not(c.or(...inTime)));
    });
    return [
      claim(
        world,
        `${before.id} is not listed, and the pack below lists it`,
        c.and(before.listed, asks, c.not(listed)),
        about,
      ),
      claim(
        world,
        `${before.id} is less urgent than in the pack below`,
        c.and(before.listed, listed, c.or(...isLater)),
        about,
      ),
    ];
  });
};

const limitClaims = (world: World, { any }: Below): readonly Claim[] => {
  const { view: c } = world.any;
  const claims = (
    part: "gate" | "action" | "tool",
    before: { readonly id: string; readonly limits: readonly EncodedLimit[] },
    now: { readonly limits: readonly EncodedLimit[] } | undefined,
    isSeen: Literal,
  ): readonly Claim[] =>
    before.limits.map((limit) => {
      const shown = now?.limits.find(({ id }) => id === limit.id)?.shown ?? never;
      const broken = `${before.id} is without the limit ${limit.id}, which the pack below shows`;
      return claim(world, broken, c.and(limit.shown, isSeen, c.not(shown)), { part, id: before.id });
    });
  return [
    ...any.answer.gates.flatMap((gate) => claims("gate", gate, gateOf(world.any, gate.id), always)),
    // An action that is not listed is nowhere seen, and neither is its limit.
    ...any.answer.actions.flatMap((action) => {
      const now = actionOf(world.any, action.id);
      return claims("action", action, now, now?.listed ?? never);
    }),
    ...any.answer.tools.flatMap((tool) => claims("tool", tool, toolOf(world.any, tool.id), always)),
  ];
};

const contactClaims = (world: World, { any }: Below): readonly Claim[] =>
  any.answer.contacts.map(({ id, shown }) => {
    const { view: c } = world.any;
    const isHidden = c.not(contactOf(world.any, id)?.shown ?? never);
    return claim(world, `${id} is not shown, and the pack below shows it`, c.and(shown, isHidden), {
      ...{ part: "contact", id },
    });
  });

/** A fact that only this pack has is asked for as it likes. */
const questionClaims = (world: World, below: Below): readonly Claim[] => {
  const { view: c } = world.any;
  return below.pack.facts.flatMap(({ id }) => {
    const before = askedOf(below.pack, below.any, id);
    const now = askedOf(world.pack, world.any, id);
    return [
      claim(
        world,
        `${id} may not be asked, and in the pack below it may`,
        c.and(before.mayBeAsked, c.not(now.mayBeAsked)),
      ),
      claim(world, `${id} is not asked again, and in the pack below it is`, c.and(before.again, c.not(now.again))),
    ];
  });
};

type Asked = { readonly mayBeAsked: Literal; readonly again: Literal };

const askedOf = (pack: World["pack"], { answer, view: c }: Case, id: string): Asked => {
  const place = pack.facts.findIndex((fact) => fact.id === id);
  const fact = pack.facts[place];
  const contradictions = pack.contradictions.filter((rule) => rule.fact === place);
  const isTrue = (node: number): Literal => answer.nodes[node]?.isTrue ?? never;
  return {
    mayBeAsked: fact === undefined ? never : fact.askWhen < 0 ? always : isTrue(fact.askWhen),
    again: c.or(...contradictions.map((rule) => isTrue(rule.node))),
  };
};

const riskClaims = (world: World, below: Below): readonly Claim[] => {
  const { view: c, answer } = world.any;
  const before = below.any.answer;
  const about: About = { part: "level", id: "level" };
  const levels = below.pack.levels.map(({ id }) => id);
  const lowered = levels.map((id, place) => {
    const atLeast = levels.slice(0, place + 1).map((level) => answer.level.get(level) ?? never);
    const broken = `the level is lower than ${id}, which it is in the pack below`;
    return claim(world, broken, c.and(before.level.get(id) ?? never, c.not(c.or(...atLeast))), about);
  });
  const lengthened = before.deadline.map(({ hours, isWithin: isDue }) => {
    const broken = `the deadline is longer than ${String(hours)} hours, and in the pack below it is not`;
    return claim(world, broken, c.and(isDue, c.not(isWithin(world.circuit, answer.deadline, hours))), about);
  });
  return [...lowered, ...lengthened];
};
