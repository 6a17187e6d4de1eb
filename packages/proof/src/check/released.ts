/** Ids are stored in case files, so none that was released may vanish. */

import { type PackProblem, cellProblem } from "../pack/problem.ts";
import type { PackSource } from "../pack/source.ts";
import type { Row } from "../pack/tables.ts";
import { valuesOf } from "../pack/vocabulary.ts";

export type ReleasedKind = Row<"released">["kind"];
export type StoredId = { readonly kind: ReleasedKind; readonly id: string };

/** Every id of the pack that a case file may come to hold: what `released/ids.csv` lists at a release. */
export const storedIds = ({ tables }: PackSource): readonly StoredId[] => {
  const of = (kind: ReleasedKind, rows: readonly { readonly id: string }[]): readonly StoredId[] =>
    rows.map(({ id }) => ({ kind, id }));
  const rules = [
    ...[tables.contradictions, tables["risk-rules"], tables["gate-rules"], tables["action-rules"]],
    ...[tables["limit-rules"], tables["contact-rules"]],
  ].flat();
  const limits = new Set(tables["limit-rules"].map((row) => row.limit));
  return [
    ...of("fact", tables.facts),
    ...tables.facts.flatMap((fact) =>
      valuesOf(fact).map((value): StoredId => ({ kind: "value", id: `${fact.id}.${value}` })),
    ),
    ...of("level", tables.levels),
    ...of("gate", tables.gates),
    ...of("action", tables.actions),
    ...of("tool", tables.tools),
    ...of("contact", tables.contacts),
    ...of("harm", tables.harms),
    ...of("governorate", tables.governorates),
    ...of("rule", rules),
    ...[...limits].map((id): StoredId => ({ kind: "limit", id })),
  ];
};

/** What the pack's own last release listed and the pack lacks. An overlay answers only for its own releases. */
export const vanishedIds = (source: PackSource): readonly PackProblem[] => {
  const present = new Set(storedIds(source).map(({ kind, id }) => `${kind} ${id}`));
  return source.tables.released
    .filter((row) => row.file.startsWith(`${source.folder}/`) && !present.has(`${row.kind} ${row.id}`))
    .map((row) =>
      cellProblem("IdVanished", row, "id", row.id, [`the ${row.kind} as it was released in ${row.version}`]),
    );
};
