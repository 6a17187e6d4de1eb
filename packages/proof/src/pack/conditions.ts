/**
 * Every condition in a pack's tables, and what must hold of them together: each can be read, none
 * rests on itself, and a rule with a fixed urgency tests plain answers only.
 */

import { type Condition, type Vocabulary, everyPart } from "../condition/condition.ts";
import { parseCondition } from "../condition/parse.ts";
import { type Place, cellProblem } from "./problem.ts";
import type { Report } from "./source.ts";
import type { Tables } from "./tables.ts";
import { vocabularyOf } from "./vocabulary.ts";

export type ConditionCell = {
  readonly place: Place;
  readonly column: string;
  readonly text: string;
  /** What other conditions can refer to: `@id`, `@open:gate` or `@level:level`; else null. */
  readonly part: { readonly of: string } | null;
  /** Which words may not be used, directly or through definitions. */
  readonly plain: "fixed-urgency" | "contradiction" | null;
};

/** All of them, in the order of the tables. Columns that may be empty and are, are left out. */
const conditionCells = (tables: Tables): readonly ConditionCell[] => {
  const cells: ConditionCell[] = [];
  const add = (
    place: Place,
    column: string,
    text: string,
    of: string | null = null,
    plain: ConditionCell["plain"] = null,
  ): void => {
    if (text !== "") cells.push({ place, column, text, part: of === null ? null : { of }, plain });
  };
  for (const row of tables.facts) add(row, "ask-when", row["ask-when"]);
  for (const row of tables.contradictions) add(row, "when", row.when, null, "contradiction");
  for (const row of tables.definitions) add(row, "when", row.when, `@${row.id}`);
  for (const row of tables["risk-rules"]) add(row, "when", row.when, `@level:${row.level}`);
  for (const row of tables.gates) add(row, "not-applicable", row["not-applicable"]);
  for (const row of tables["gate-rules"]) add(row, "requires", row.requires, `@open:${row.gate}`);
  for (const row of tables["action-rules"]) {
    const isFixed = row.urgency !== "follows" && row.urgency !== "follows-now";
    add(row, "when", row.when, null, isFixed ? "fixed-urgency" : null);
  }
  for (const row of tables.tools) {
    add(row, "offered", row.offered);
    add(row, "open-if", row["open-if"]);
  }
  for (const row of tables["tool-steps"]) add(row, "when", row.when);
  for (const row of tables["limit-rules"]) add(row, "when", row.when);
  for (const row of tables["contact-rules"]) add(row, "when", row.when);
  return cells;
};

type ReadCell = ConditionCell & { readonly condition: Condition };

/** Reports every condition that cannot be read or may not be so. */
export const checkConditions = (tables: Tables, report: Report): void => {
  const vocabulary = vocabularyOf(tables);
  const cells = conditionCells(tables).flatMap((cell) => readCell(cell, vocabulary, report));
  const parts = partsByReference(cells, tables);
  const isCyclic = reportCycles(cells, parts, report);
  // Through a cycle there would be no end to what a condition uses.
  if (!isCyclic) for (const cell of cells) reportWordsNotAllowed(cell, parts, report);
};

const readCell = (cell: ConditionCell, vocabulary: Vocabulary, report: Report): readonly ReadCell[] => {
  const condition = parseCondition(cell.text, vocabulary);
  if (condition.ok) return [{ ...cell, condition: condition.value }];
  const { position, found, expected } = condition.error;
  const problem = cellProblem("ConditionWrong", cell.place, cell.column, found, expected);
  report({ ...problem, position });
  return [];
};

type Parts = ReadonlyMap<string, readonly ReadCell[]>;

/** The conditions that each reference stands for; a level stands for its rules and those of the levels above it. */
const partsByReference = (cells: readonly ReadCell[], tables: Tables): Parts => {
  const parts = new Map<string, ReadCell[]>();
  for (const cell of cells) {
    if (cell.part === null) continue;
    parts.set(cell.part.of, [...(parts.get(cell.part.of) ?? []), cell]);
  }
  let above: readonly ReadCell[] = [];
  for (const level of tables.levels) {
    above = [...above, ...(parts.get(`@level:${level.id}`) ?? [])];
    parts.set(`@level:${level.id}`, [...above]);
  }
  return parts;
};

/** What a condition refers to, each as it is written. */
const referencesOf = (condition: Condition): ReadonlySet<string> => {
  const references = new Set<string>();
  for (const part of everyPart(condition)) {
    if (part.kind === "definition") references.add(`@${part.id}`);
    else if (part.kind === "level") references.add(`@level:${part.id}`);
    else if (part.kind === "open") references.add(`@open:${part.gate}`);
  }
  return references;
};

/** Reports each condition that rests on itself, with the way round; true when there is one. */
const reportCycles = (cells: readonly ReadCell[], parts: Parts, report: Report): boolean => {
  const settled = new Set<string>();
  let isFound = false;
  const visit = (reference: string, path: readonly string[]): void => {
    if (settled.has(reference)) return;
    for (const cell of parts.get(reference) ?? []) {
      for (const next of referencesOf(cell.condition)) {
        const start = [...path, reference].indexOf(next);
        if (start < 0) visit(next, [...path, reference]);
        else {
          isFound = true;
          const way = [...path, reference].slice(start);
          report(
            cellProblem("ConditionCycle", cell.place, cell.column, [...way, next].join(" → "), [
              "no way back to itself",
            ]),
          );
        }
      }
    }
    settled.add(reference);
  };
  for (const cell of cells) for (const reference of referencesOf(cell.condition)) visit(reference, []);
  return isFound;
};

const forbidden = {
  "fixed-urgency": ["maybe", "known", "@open:"],
  contradiction: ["maybe", "known", "@open:", "@level:", "is known"],
} as const;

const wordOf = (part: Condition): string | null => {
  switch (part.kind) {
    case "maybe":
    case "known":
      return part.kind;
    case "open":
      return "@open:";
    case "level":
      return "@level:";
    case "fact-known":
      return "is known";
    default:
      return null;
  }
};

const reportWordsNotAllowed = (cell: ReadCell, parts: Parts, report: Report): void => {
  if (cell.plain === null) return;
  const words: readonly string[] = forbidden[cell.plain];
  const visit = (condition: Condition, through: string): boolean => {
    for (const part of everyPart(condition)) {
      const word = wordOf(part);
      if (word !== null && words.includes(word)) {
        const allowed = [`a condition without ${words.join(", ")}`];
        report(cellProblem("ConditionNotAllowed", cell.place, cell.column, `${word}${through}`, allowed));
        return true;
      }
    }
    return [...referencesOf(condition)].some((reference) =>
      (parts.get(reference) ?? []).some((below) => visit(below.condition, ` (in ${reference})`)),
    );
  };
  visit(cell.condition, "");
};
