/** What the conditions of a pack may speak of, taken from its tables. */

import type { FactVocabulary, Vocabulary } from "../condition/condition.ts";
import type { Row, Tables } from "./tables.ts";

/** A fact of kind yes-no lists no values in its table. */
const yesNo = ["yes", "no"] as const;

export const valuesOf = (fact: Row<"facts">): readonly string[] => (fact.kind === "yes-no" ? yesNo : fact.values);

export const vocabularyOf = (tables: Tables): Vocabulary => ({
  facts: new Map(
    tables.facts.map((fact): [string, FactVocabulary] => [
      fact.id,
      { isList: fact.kind === "list", values: valuesOf(fact) },
    ]),
  ),
  definitions: new Set(tables.definitions.map((row) => row.id)),
  gates: new Set(tables.gates.map((row) => row.id)),
  levels: new Set(tables.levels.slice(0, -1).map((row) => row.id)),
});
