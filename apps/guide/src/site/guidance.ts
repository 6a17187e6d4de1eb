/**
 * The whole guidance as one list, for readers without script: the same rules that the guided
 * questions evaluate, arranged by level, urgency and gate.
 */

import { type PackTables, type Row, cell } from "./content.ts";

/** How soon an action is wanted: `level` follows the deadline of the case's own level. */
export const paces = ["now", "24h", "level"] as const;
export type Pace = (typeof paces)[number];

export type GuidedAction = { readonly id: string; readonly gate: string; readonly rules: readonly string[] };

export const actionsByPace = (tables: PackTables): Readonly<Record<Pace, readonly GuidedAction[]>> => {
  const found: Record<Pace, GuidedAction[]> = { now: [], "24h": [], level: [] };
  for (const action of tables.actions) {
    const id = cell(action, "id");
    const rules = tables.actionRules.filter((rule) => cell(rule, "action") === id);
    for (const pace of paces) {
      const rulesAtPace = rules.filter((rule) => paceOf(rule) === pace).map((rule) => cell(rule, "id"));
      if (rulesAtPace.length > 0) found[pace].push({ id, gate: cell(action, "gate"), rules: rulesAtPace });
    }
  }
  return found;
};

const paceOf = (rule: Row): Pace => {
  const urgency = cell(rule, "urgency");
  return urgency === "now" || urgency === "24h" ? urgency : "level";
};

/**
 * What one is told for oneself: each action once, where it is most urgent. Left out are the steps of
 * running a case that have no urgency of their own, and the steps around a complaint, which have a page.
 */
export const actionsForSelf = (tables: PackTables): Readonly<Record<Pace, readonly GuidedAction[]>> => {
  const all = actionsByPace(tables);
  const elsewhere = new Set(
    tables.actions.filter((row) => ["case", "law"].includes(cell(row, "area"))).map((row) => cell(row, "id")),
  );
  const atOnce = new Set(
    tables.actionRules.filter((rule) => cell(rule, "urgency") === "follows-now").map((rule) => cell(rule, "action")),
  );
  const without = (actions: readonly GuidedAction[], said: readonly GuidedAction[]): readonly GuidedAction[] =>
    actions.filter(({ id }) => !said.some((other) => other.id === id));
  return {
    now: all.now,
    "24h": without(all["24h"], all.now),
    level: without(all.level, [...all.now, ...all["24h"]]).filter(({ id }) => !elsewhere.has(id) || atOnce.has(id)),
  };
};

export const rulesOfLevel = (tables: PackTables, level: string): readonly string[] =>
  tables.riskRules.filter((rule) => cell(rule, "level") === level).map((rule) => cell(rule, "id"));

export const rulesOfGate = (tables: PackTables, gate: string): readonly string[] =>
  tables.gateRules.filter((rule) => cell(rule, "gate") === gate).map((rule) => cell(rule, "id"));
