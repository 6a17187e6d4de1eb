/**
 * The decided part of an answer as plain data, from the encoding and from the engine, so that the two
 * can be compared: what was proved must be what the phone says.
 */

import type { Answer, CompiledPack } from "@amana/pathway";
import { type Circuit, type Values, type Literal, never } from "../circuit/circuit.ts";
import { type EncodedAnswer, type EncodedLimit, contactBefore, urgencies } from "./answer.ts";

/** Everything the answer decides; reasons and questions to ask are not decisions. */
export type Decisions = {
  readonly track: string;
  readonly level: string;
  readonly actWithinHours: number | null;
  readonly provisional: boolean;
  readonly gates: readonly { readonly id: string; readonly state: string; readonly limits: readonly string[] }[];
  readonly actions: readonly Readonly<Record<string, unknown>>[];
  readonly tools: readonly Readonly<Record<string, unknown>>[];
  readonly contacts: readonly string[];
};

/** What the engine decided. */
export const decisionsOf = (answer: Answer): Decisions => ({
  track: answer.track,
  level: answer.risk.level,
  actWithinHours: answer.risk.actWithinHours,
  provisional: answer.risk.provisional,
  gates: Object.entries(answer.gates).map(([id, { state, limits }]) => ({ id, state, limits })),
  actions: answer.actions.map(({ id, area, urgency, actor, handles, limits }) => ({
    id,
    area,
    urgency,
    actor,
    handles,
    limits,
  })),
  tools: answer.tools.map(({ id, offered, open, steps, limits }) => ({ id, offered, open, steps, limits })),
  contacts: answer.contacts.map((contact) => contact.id),
});

/** What the encoding decides in a concrete case. The literals must all be older than the values. */
export const decisionsAt = (
  pack: CompiledPack,
  encoded: EncodedAnswer,
  orders: ContactOrders,
  worth: Values,
): Decisions => ({
  track: worth(encoded.track.child) ? "child" : worth(encoded.track.adult) ? "adult" : "child-until-age-known",
  level: [...encoded.level].find(([, literal]) => worth(literal))?.[0] ?? "",
  actWithinHours: encoded.deadline.find(({ isWithin }) => worth(isWithin))?.hours ?? null,
  provisional: worth(encoded.provisional),
  gates: encoded.gates.map((gate) => ({
    id: gate.id,
    state: worth(gate.notApplicable) ? "not-applicable" : worth(gate.open) ? "open" : "closed",
    limits: limitsAt(gate.limits, pack.gates.find(({ id }) => id === gate.id)?.limits ?? [], encoded, worth),
  })),
  actions: urgencies.flatMap((urgency) =>
    encoded.actions
      .filter((action) => worth(action.urgency[urgency]))
      .map(({ id, action: { area, actor, handles, limits: rules }, limits }) => ({
        ...{ id, area, urgency, actor, handles },
        limits: limitsAt(limits, rules, encoded, worth),
      })),
  ),
  tools: encoded.tools.map(({ id, tool, offered, open, steps, limits }) => ({
    ...{ id, offered: worth(offered), open: worth(open) },
    steps: tool.steps.filter((_, place) => worth(steps[place] ?? never)).map((step) => step.step),
    limits: limitsAt(limits, tool.limits, encoded, worth),
  })),
  contacts: encoded.contacts
    .filter((contact) => worth(contact.shown))
    .sort((one, other) => (worth(orders.get(`${one.id} ${other.id}`) ?? never) ? -1 : 1))
    .map((contact) => contact.id),
});

/** In the order in which they are shown: that of the first rule that holds. */
const limitsAt = (
  limits: readonly EncodedLimit[],
  rules: readonly { readonly limit: string; readonly node: number }[],
  encoded: EncodedAnswer,
  worth: Values,
): readonly string[] => {
  const holding = rules.filter((rule) => worth(encoded.nodes[rule.node]?.isTrue ?? never)).map((rule) => rule.limit);
  const first = limits.filter((limit) => worth(limit.isFirst)).map((limit) => limit.id);
  const shown = new Set(limits.filter((limit) => worth(limit.shown)).map((limit) => limit.id));
  return [...new Set([...first, ...holding])].filter((id) => shown.has(id));
};

/** By `one other`: whether the first contact stands before the second. */
export type ContactOrders = ReadonlyMap<string, Literal>;

/** Which contact stands before which, as literals; made before the values they are read from. */
export const contactOrders = (circuit: Circuit, encoded: EncodedAnswer): ContactOrders => {
  const { contacts } = encoded;
  return new Map(
    contacts.flatMap((one) =>
      contacts.map((other): [string, Literal] => [
        `${one.id} ${other.id}`,
        contactBefore(circuit, contacts, one, other),
      ]),
    ),
  );
};
