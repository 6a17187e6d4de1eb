/**
 * What an organisation's pack may not do to the pack below it, beyond what the proof refuses.
 *
 * The proof binds an action to its gate by what the action says of itself (`act`, `handles`, `actor`).
 * An overlay that could rewrite that could slip past every property, so here only a more careful
 * change is let through: another gate, or handling nothing, never another act or another actor.
 */

import { type Place, cellProblem } from "./problem.ts";
import type { PackSource, Report } from "./source.ts";
import type { Row, TableName, Tables } from "./tables.ts";

/** Tables of which an overlay may withdraw no row: each row is care that the pack below gives, or what a case file holds. */
export const tablesKept: ReadonlySet<TableName> = new Set([
  ...(["facts", "contradictions", "levels", "gates", "actions", "tools"] as const),
  ...(["limit-rules", "contacts", "governorates", "harms"] as const),
]);

/** Reports every change that would make an action, a tool or a fact of the pack below mean something weaker. */
export const checkOverlay = (tables: Tables, below: Tables, report: Report): void => {
  for (const action of below.actions) {
    const now = tables.actions.find((row) => row.id === action.id);
    if (now !== undefined) checkAction(now, action, report);
  }
  for (const tool of below.tools) checkTool(tables, tool, report);
  checkSteps(tables, below, report);
  checkFacts(tables, below, report);
  checkCells("contacts", tables.contacts, below.contacts, report);
  checkCells("tools", tables.tools, below.tools, report);
  checkCells("governorates", tables.governorates, below.governorates, report);
  checkCells("facts", tables.facts, below.facts, report);
};

/** Whom to call and where to go is confirmed by the task force; a changed number or address would pass every proof. */
const columnsKept = {
  contacts: ["region", "governorates", "numbers", "purpose-from", "verified-on"],
  tools: ["kind", "url", "address", "telephone", "verified-on"],
  governorates: ["pcode", "region", "emergency"],
  facts: ["risk-order"],
} as const satisfies Partial<Record<TableName, readonly string[]>>;

type CellsRow = Readonly<Record<string, unknown>> & Place & { readonly id: string };

const checkCells = (
  name: keyof typeof columnsKept,
  rows: readonly CellsRow[],
  below: readonly CellsRow[],
  report: Report,
): void => {
  for (const before of below) {
    const now = rows.find((row) => row.id === before.id);
    if (now === undefined) continue;
    for (const column of columnsKept[name]) {
      const [found, expected] = [cellOf(now[column]), cellOf(before[column])];
      if (found !== expected) report(cellProblem("OverlayWeakens", now, column, found, [expected || "nothing"]));
    }
  }
};

/** A cell as it is written in a table: numbers with their labels, lists with spaces between. */
const cellOf = (cell: unknown): string => {
  if (Array.isArray(cell)) return cell.map(cellOf).join(" ");
  if (typeof cell !== "object" || cell === null) return typeof cell === "string" ? cell : "";
  const { label, number } = { label: "", number: "", ...cell };
  return label === "" ? number : `${label}=${number}`;
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

/** The words that a person must read before an overlay is used. */
export type TextsToRead = {
  /** See `actionsToRead`. */
  readonly actions: readonly string[];
  /** By language: the keys of the texts that the overlay adds, or puts in place of those below. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
};

/** All that no proof can judge of an overlay; nothing, for a pack that stands alone. */
export const textsToRead = (source: PackSource): TextsToRead => {
  const { below } = source;
  if (below === null) return { actions: [], texts: {} };
  const own = [...source.texts].map(([language, texts]): [string, readonly string[]] => {
    const before = below.texts.get(language);
    // A text that the overlay leaves alone is the very one of the pack below.
    return [language, [...texts].filter(([key, text]) => before?.get(key) !== text).map(([key]) => key)];
  });
  return { actions: actionsToRead(source), texts: Object.fromEntries(own.filter(([, keys]) => keys.length > 0)) };
};
