/**
 * The whole decided part of the answer as circuit: level, deadline, gates, actions, tools, contacts, track.
 * It says again, for the solver, what `assess` of the pathway decides; a test compares the two on random cases.
 */

import type {
  ActionRule,
  CompiledPack,
  Level,
  LimitRule,
  NodeIndex,
  PackAction,
  PackContact,
  PackTool,
  Urgency,
} from "@amana/pathway";
import { type Circuit, type Literal, always, and, choose, never, not, or, same } from "../circuit/circuit.ts";
import type { CaseLiterals } from "./facts.ts";
import { type Verdict, encodeNodes } from "./nodes.ts";

/** In the order in which a limit is shown, each with the limits that would be shown before it. */
export type EncodedLimit = { readonly id: string; readonly shown: Literal; readonly isFirst: Literal };

export type EncodedGate = {
  readonly id: string;
  readonly open: Literal;
  readonly notApplicable: Literal;
  readonly limits: readonly EncodedLimit[];
};

/** Most urgent first. */
export const urgencies = ["now", "24h", "48h", "standard"] as const satisfies readonly Urgency[];

export type EncodedAction = {
  readonly id: string;
  readonly action: PackAction;
  readonly listed: Literal;
  /** Listed with exactly this urgency. */
  readonly urgency: Readonly<Record<Urgency, Literal>>;
  readonly limits: readonly EncodedLimit[];
};

export type EncodedTool = {
  readonly id: string;
  readonly tool: PackTool;
  readonly offered: Literal;
  readonly open: Literal;
  /** Whether each step is shown, in the tool's order. */
  readonly steps: readonly Literal[];
  readonly limits: readonly EncodedLimit[];
};

export type EncodedContact = {
  readonly id: string;
  readonly contact: PackContact;
  readonly shown: Literal;
  /** By weight, highest first: whether a rule of at least that weight holds. */
  readonly atLeast: readonly Literal[];
};

/** A number of hours and whether the deadline is at most so long; shortest first. */
export type Deadline = readonly { readonly hours: number; readonly isWithin: Literal }[];

export type EncodedAnswer = {
  readonly nodes: readonly Verdict[];
  readonly track: { readonly child: Literal; readonly adult: Literal };
  /** Exactly this level. */
  readonly level: ReadonlyMap<Level, Literal>;
  /** The shortest deadline still possible: `actWithinHours`. */
  readonly deadline: Deadline;
  /** The deadline that what is known asks for already. */
  readonly knownDeadline: Deadline;
  readonly provisional: Literal;
  readonly gates: readonly EncodedGate[];
  readonly actions: readonly EncodedAction[];
  readonly tools: readonly EncodedTool[];
  readonly contacts: readonly EncodedContact[];
};

type Encoder = {
  readonly circuit: Circuit;
  readonly pack: CompiledPack;
  readonly nodes: readonly Verdict[];
};

/** The answer to a case, whatever the case is. */
export const encodeAnswer = (circuit: Circuit, pack: CompiledPack, facts: CaseLiterals): EncodedAnswer => {
  const encoder: Encoder = { circuit, pack, nodes: encodeNodes(circuit, pack, facts) };
  const risk = encodeRisk(encoder);
  const gates = pack.gates.map((_, index) => encodeGate(encoder, index));
  const child = isTrue(encoder, pack.track.child.node);
  return {
    nodes: encoder.nodes,
    track: { child, adult: and(circuit, not(child), isTrue(encoder, pack.track.adult.node)) },
    level: risk.level,
    deadline: risk.deadline,
    knownDeadline: risk.knownDeadline,
    provisional: risk.provisional,
    gates,
    actions: pack.actions.map((action) => encodeAction(encoder, action, gates, risk)),
    tools: pack.tools.map((tool) => encodeTool(encoder, tool, gates)),
    contacts: encodeContacts(encoder),
  };
};

const isTrue = ({ nodes }: Encoder, node: NodeIndex): Literal => nodes[node]?.isTrue ?? never;

/** What is true, or may still come to be. */
const mayBeTrue = (
  { circuit, nodes }: Encoder,
  rule: { readonly node: NodeIndex; readonly possible: NodeIndex },
): Literal => or(circuit, nodes[rule.node]?.isTrue ?? never, not(nodes[rule.possible]?.isFalse ?? never));

const anyOf = (encoder: Encoder, rules: readonly { readonly node: NodeIndex }[]): Literal =>
  or(encoder.circuit, ...rules.map((rule) => isTrue(encoder, rule.node)));

type EncodedRisk = Pick<EncodedAnswer, "level" | "deadline" | "knownDeadline" | "provisional">;

/** Exactly which level is the highest with a rule that holds; the last level needs none. */
const levelWhere = ({ circuit, pack }: Encoder, holds: (level: Level) => Literal): ReadonlyMap<Level, Literal> => {
  const exact = new Map<Level, Literal>();
  let isHigher = never;
  pack.levels.forEach(({ id }, place) => {
    const reached = place === pack.levels.length - 1 ? always : holds(id);
    exact.set(id, and(circuit, reached, not(isHigher)));
    isHigher = or(circuit, isHigher, reached);
  });
  return exact;
};

const standardHours = Number.POSITIVE_INFINITY;

const hoursOfLevel = (pack: CompiledPack, level: Level): number =>
  pack.levels.find((candidate) => candidate.id === level)?.hours ?? standardHours;

const levelOfUrgency = { now: "high", "24h": "high", "48h": "medium", standard: "normal" } as const satisfies Record<
  Urgency,
  Level
>;

const encodeRisk = (encoder: Encoder): EncodedRisk => {
  const { circuit, pack } = encoder;
  const rulesOf = (level: Level) => pack.riskRules.filter((rule) => rule.level === level);
  const level = levelWhere(encoder, (id) => anyOf(encoder, rulesOf(id)));
  const mayReach = (id: Level): Literal => or(circuit, ...rulesOf(id).map((rule) => mayBeTrue(encoder, rule)));
  const possible = levelWhere(encoder, mayReach);
  const knownDeadline = deadlineFrom(encoder, level, (rule) => isTrue(encoder, rule.node));
  const deadline = deadlineFrom(encoder, possible, (rule) => mayBeTrue(encoder, rule));
  const [highest] = pack.levels;
  const isHighest = highest === undefined ? never : (level.get(highest.id) ?? never);
  const isSameLevel = and(
    circuit,
    ...pack.levels.map(({ id }) => same(circuit, level.get(id) ?? never, possible.get(id) ?? never)),
  );
  const isSameDeadline = and(
    circuit,
    ...knownDeadline.map(({ isWithin }, place) => same(circuit, isWithin, deadline[place]?.isWithin ?? never)),
  );
  const provisional = and(circuit, not(isHighest), not(and(circuit, isSameLevel, isSameDeadline)));
  return { level, deadline, knownDeadline, provisional };
};

const deadlineFrom = (
  encoder: Encoder,
  level: ReadonlyMap<Level, Literal>,
  holds: (rule: ActionRule) => Literal,
): Deadline => {
  const { circuit, pack } = encoder;
  const asking: { readonly hours: number; readonly asks: Literal }[] = [...level].map(([id, asks]) => ({
    hours: hoursOfLevel(pack, id),
    asks,
  }));
  for (const action of pack.actions) {
    if (action.gate >= 0) continue;
    for (const rule of action.rules) {
      const { urgency } = rule;
      if (urgency === "follows" || urgency === "follows-now") continue;
      asking.push({ hours: hoursOfLevel(pack, levelOfUrgency[urgency]), asks: holds(rule) });
    }
  }
  const hours = [...new Set(pack.levels.map((each) => each.hours ?? standardHours))].filter(
    (each) => each !== standardHours,
  );
  return hours
    .sort((one, other) => one - other)
    .map((most) => ({
      hours: most,
      isWithin: or(circuit, ...asking.filter((each) => each.hours <= most).map((each) => each.asks)),
    }));
};

/** Whether the deadline is at most so many hours; no number of hours is the standard timeline. */
export const isWithin = (circuit: Circuit, deadline: Deadline, hours: number): Literal =>
  or(circuit, ...deadline.filter((step) => step.hours <= hours).map((step) => step.isWithin));

const encodeLimits = (encoder: Encoder, rules: readonly LimitRule[]): readonly EncodedLimit[] => {
  const { circuit } = encoder;
  const ids = [...new Set(rules.map((rule) => rule.limit))];
  return ids.map((id) => {
    const own = rules.filter((rule) => rule.limit === id);
    const isFirst = rules.map((rule, place) => {
      if (rule.limit !== id) return never;
      const before = rules.slice(0, place).map((other) => not(isTrue(encoder, other.node)));
      return and(circuit, isTrue(encoder, rule.node), ...before);
    });
    return { id, shown: anyOf(encoder, own), isFirst: or(circuit, ...isFirst) };
  });
};

const encodeGate = (encoder: Encoder, index: number): EncodedGate => {
  const { circuit, pack } = encoder;
  const gate = pack.gates[index];
  if (gate === undefined) return { id: "", open: never, notApplicable: never, limits: [] };
  const notApplicable = gate.notApplicable < 0 ? never : isTrue(encoder, gate.notApplicable);
  const needs = gate.rules.map((rule) => isTrue(encoder, rule.node));
  return {
    id: gate.id,
    notApplicable,
    open: and(circuit, not(notApplicable), ...needs),
    limits: encodeLimits(encoder, gate.limits),
  };
};

const gateOpen = (gates: readonly EncodedGate[], index: number): Literal =>
  index < 0 ? always : (gates[index]?.open ?? never);

const encodeAction = (
  encoder: Encoder,
  action: PackAction,
  gates: readonly EncodedGate[],
  risk: EncodedRisk,
): EncodedAction => {
  const { circuit } = encoder;
  const open = gateOpen(gates, action.gate);
  const asked = (urgency: Urgency): Literal =>
    or(
      circuit,
      ...action.rules.map((rule) => and(circuit, isTrue(encoder, rule.node), asksFor(encoder, rule, urgency, risk))),
    );
  let isEarlier = never;
  const exact = { now: never, "24h": never, "48h": never, standard: never };
  for (const urgency of urgencies) {
    const asks = asked(urgency);
    exact[urgency] = and(circuit, open, asks, not(isEarlier));
    isEarlier = or(circuit, isEarlier, asks);
  }
  const listed = and(circuit, open, anyOf(encoder, action.rules));
  return { id: action.id, action, listed, urgency: exact, limits: encodeLimits(encoder, action.limits) };
};

/** Whether a rule that holds asks for exactly this urgency. */
const asksFor = (encoder: Encoder, rule: ActionRule, urgency: Urgency, risk: EncodedRisk): Literal => {
  const { circuit, pack } = encoder;
  if (rule.urgency !== "follows" && rule.urgency !== "follows-now") return rule.urgency === urgency ? always : never;
  const asHigh = isWithin(circuit, risk.deadline, hoursOfLevel(pack, "high"));
  const asMedium = isWithin(circuit, risk.deadline, hoursOfLevel(pack, "medium"));
  const follows = {
    now: never,
    "24h": asHigh,
    "48h": and(circuit, asMedium, not(asHigh)),
    standard: and(circuit, not(asMedium), not(asHigh)),
  };
  if (rule.urgency === "follows") return follows[urgency];
  const [highest] = pack.levels;
  const isHighest = highest === undefined ? never : (risk.level.get(highest.id) ?? never);
  return choose(circuit, isHighest, urgency === "now" ? always : never, follows[urgency]);
};

const encodeTool = (encoder: Encoder, tool: PackTool, gates: readonly EncodedGate[]): EncodedTool => {
  const { circuit } = encoder;
  const offered = isTrue(encoder, tool.offered.node);
  const ready = tool.openIf < 0 ? always : isTrue(encoder, tool.openIf);
  return {
    id: tool.id,
    tool,
    offered,
    open: and(circuit, offered, ready, gateOpen(gates, tool.gate)),
    steps: tool.steps.map((step) =>
      and(circuit, gateOpen(gates, step.gate), step.when < 0 ? always : isTrue(encoder, step.when)),
    ),
    limits: encodeLimits(encoder, tool.limits),
  };
};

const encodeContacts = (encoder: Encoder): readonly EncodedContact[] => {
  const weights = encoder.pack.contacts.flatMap((contact) => contact.rules.map((rule) => rule.weight));
  const steps = [...new Set(weights)].sort((one, other) => other - one);
  return encoder.pack.contacts.map((contact) => ({
    id: contact.id,
    contact,
    shown: isTrue(encoder, contact.shown.node),
    atLeast: steps.map((weight) =>
      anyOf(
        encoder,
        contact.rules.filter((rule) => rule.weight >= weight),
      ),
    ),
  }));
};

/** Whether the first contact stands before the second, when both are shown. */
export const contactBefore = (
  circuit: Circuit,
  contacts: readonly EncodedContact[],
  one: EncodedContact,
  other: EncodedContact,
): Literal => {
  const isHeavier = or(
    circuit,
    ...one.atLeast.map((step, place) => and(circuit, step, not(other.atLeast[place] ?? never))),
  );
  const isEqual = and(circuit, ...one.atLeast.map((step, place) => same(circuit, step, other.atLeast[place] ?? never)));
  return contacts.indexOf(one) < contacts.indexOf(other) ? or(circuit, isHeavier, isEqual) : isHeavier;
};

/** Whether the first action stands before the second, when both are listed: by urgency, then by the pack's order. */
export const actionBefore = (
  circuit: Circuit,
  actions: readonly EncodedAction[],
  one: EncodedAction,
  other: EncodedAction,
): Literal => {
  const isFirstInPack = actions.indexOf(one) < actions.indexOf(other);
  const ways = urgencies.flatMap((urgency, place) =>
    urgencies
      .slice(isFirstInPack ? place : place + 1)
      .map((later) => and(circuit, one.urgency[urgency], other.urgency[later])),
  );
  return or(circuit, ...ways);
};
