/**
 * What an organisation's pack may not do to the pack below it, beyond what the proof refuses.
 *
 * The proof binds an action to its gate by what the action says of itself (`act`, `handles`, `actor`).
 * An overlay that could rewrite that could slip past every property, so here only a more careful
 * change is let through: another gate, or handling nothing, never another act or another actor.
 */

import { cellProblem } from "./problem.ts";
import type { PackSource, Report } from "./source.ts";
import type { Row, Tables } from "./tables.ts";

/** Reports every change that would make an action, a tool or a fact of the pack below mean something weaker. */
export const checkOverlay = (tables: Tables, below: Tables, report: Report): void => {
  for (const action of below.actions) {
    const now = tables.actions.find((row) => row.id === action.id);
    if (now !== undefined) checkAction(now, action, report);
  }
  for (const tool of below.tools) checkTool(tables, tool, report);
  checkSteps(tables, below, report);
  checkFacts(tables, below, report);
};

const checkAction = (now: Row<"actions">, before: Row<"actions">, report: Report): void => {
  const weakens = (column: string, value: string, allowed: readonly string[]): void =>
    report(cellProblem("OverlayWeakens", now, column, value, allowed));
  if (now.act !== before.act) weakens("act", now.act, [before.act]);
  if (now.actor !== before.actor) weakens("actor", now.actor, [before.actor]);
  if (now.handles !== before.handles && now.handles !== "none")
    weakens("handles", now.handles, [before.handles, "none"]);
  if (now.gate !== before.gate && before.gate !== "") weakens("gate", now.gate, [before.gate]);
};

const checkTool = (tables: Tables, before: Row<"tools">, report: Report): void => {
  const now = tables.tools.find((row) => row.id === before.id);
  if (now === undefined) return;
  if (now.kind !== before.kind) report(cellProblem("OverlayWeakens", now, "kind", now.kind, [before.kind]));
  if (now.gate !== before.gate) report(cellProblem("OverlayWeakens", now, "gate", now.gate, [before.gate]));
};

/** A step keeps its actor and its gate, and handles no more than it did. */
const checkSteps = (tables: Tables, below: Tables, report: Report): void => {
  for (const before of below["tool-steps"]) {
    const now = tables["tool-steps"].find((row) => row.tool === before.tool && row.step === before.step);
    if (now === undefined) continue;
    if (now.actor !== before.actor) report(cellProblem("OverlayWeakens", now, "actor", now.actor, [before.actor]));
    if (now.handles !== before.handles && now.handles !== "none") {
      report(cellProblem("OverlayWeakens", now, "handles", now.handles, [before.handles, "none"]));
    }
    if (now.gate !== before.gate && before.gate !== "") {
      report(cellProblem("OverlayWeakens", now, "gate", now.gate, [before.gate]));
    }
  }
};

/** Answers that case files already hold keep their meaning: a fact keeps its kind and its values, and may gain some. */
const checkFacts = (tables: Tables, below: Tables, report: Report): void => {
  for (const before of below.facts) {
    const now = tables.facts.find((row) => row.id === before.id);
    if (now === undefined) continue;
    if (now.kind !== before.kind) report(cellProblem("OverlayWeakens", now, "kind", now.kind, [before.kind]));
    const lost = before.values.filter((value) => !now.values.includes(value));
    if (lost.length > 0) report(cellProblem("OverlayWeakens", now, "values", now.values.join(" "), before.values));
  }
};

/**
 * What no proof can judge of an overlay, for a person to read before it is used: the actions it adds that
 * stand behind no gate. Their words decide whether they are harmless, and words cannot be proved.
 */
export const actionsToRead = (source: PackSource): readonly string[] => {
  if (source.below === null) return [];
  const before = new Set(source.below.tables.actions.map((row) => row.id));
  return source.tables.actions.filter((row) => !before.has(row.id) && row.gate === "").map((row) => row.id);
};
