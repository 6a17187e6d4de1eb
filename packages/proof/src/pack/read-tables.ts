/**
 * Reads the tables of a pack from its files, and lays an overlay over the pack below it: a row with a
 * known id replaces the row below, a new one comes after, and `-<id>` in the first column withdraws.
 */

import * as v from "valibot";
import { readCsv, type CsvRow } from "./csv.ts";
import { tablesKept } from "./overlay.ts";
import { cellProblem, fileProblem } from "./problem.ts";
import type { PackFiles, Report } from "./source.ts";
import {
  type Row,
  type TableName,
  type Tables,
  fileOfTable,
  keyColumns,
  optionalTables,
  tableSchemas,
} from "./tables.ts";

type Reading = {
  readonly folder: string;
  readonly files: PackFiles;
  /** The tables below an overlay; null for a pack that stands alone. */
  readonly below: Tables | null;
  readonly report: Report;
};

/** Every table, read as far as it can be; what is wrong is reported, and the row left out. */
export const readTables = (reading: Reading): Tables => ({
  pack: readTable(reading, "pack"),
  languages: readTable(reading, "languages"),
  sources: readTable(reading, "sources"),
  facts: readTable(reading, "facts"),
  contradictions: readTable(reading, "contradictions"),
  definitions: readTable(reading, "definitions"),
  levels: readTable(reading, "levels"),
  "risk-rules": readTable(reading, "risk-rules"),
  gates: readTable(reading, "gates"),
  "gate-rules": readTable(reading, "gate-rules"),
  actions: readTable(reading, "actions"),
  "action-rules": readTable(reading, "action-rules"),
  tools: readTable(reading, "tools"),
  "tool-steps": readTable(reading, "tool-steps"),
  "limit-rules": readTable(reading, "limit-rules"),
  contacts: readTable(reading, "contacts"),
  "contact-rules": readTable(reading, "contact-rules"),
  governorates: readTable(reading, "governorates"),
  harms: readTable(reading, "harms"),
  pages: readTable(reading, "pages"),
  released: readTable(reading, "released"),
});

const readTable = <Name extends TableName>(reading: Reading, name: Name): readonly Row<Name>[] => {
  const below = reading.below?.[name] ?? [];
  const path = fileOfTable(name);
  const file = `${reading.folder}/${path}`;
  const text = reading.files.get(path);
  if (text === undefined) {
    const mayLack = optionalTables.has(name) || (reading.below !== null && name !== "pack");
    if (!mayLack) reading.report(fileProblem("FileMissing", file));
    return below;
  }
  const columns = Object.keys(tableSchemas[name].entries);
  const read = readCsv(text, { required: columns, file });
  if (!read.ok) {
    read.error.forEach(reading.report);
    return below;
  }
  const changes = read.value.map((row) => readRow(reading, name, file, row));
  return layOver(
    reading,
    name,
    below,
    changes.filter((change) => change !== undefined),
  );
};

/** A row to add or to put in place of another, or the key of a row to withdraw. */
type Change<Name extends TableName> =
  | { readonly kind: "row"; readonly key: string; readonly row: Row<Name> }
  | { readonly kind: "withdrawn"; readonly key: string; readonly file: string; readonly line: number };

const readRow = <Name extends TableName>(
  reading: Reading,
  name: Name,
  file: string,
  { cells, line }: CsvRow,
): Change<Name> | undefined => {
  const [first = "", ...others] = keyColumns(name);
  const named = (cells[first] ?? "").trim();
  if (reading.below !== null && named.startsWith("-")) {
    const key = [named.slice(1), ...others.map((column) => (cells[column] ?? "").trim())].join(" ");
    return { kind: "withdrawn", key, file, line };
  }
  const parsed = v.safeParse(tableSchemas[name], cells);
  if (parsed.success) {
    const key = keyColumns(name)
      .map((column) => (cells[column] ?? "").trim())
      .join(" ");
    // The schema was taken from `tableSchemas` by the same name, so its output is that table's row.
    return { kind: "row", key, row: { ...parsed.output, file, line } as unknown as Row<Name> };
  }
  for (const issue of parsed.issues) {
    const column = issue.path?.[0].key;
    const isNamed = typeof column === "string";
    const value = isNamed ? (cells[column] ?? null) : null;
    reading.report(cellProblem("ValueWrong", { file, line }, isNamed ? column : null, value, issue.message.split("|")));
  }
  return undefined;
};

const layOver = <Name extends TableName>(
  reading: Reading,
  name: Name,
  below: readonly Row<Name>[],
  changes: readonly Change<Name>[],
): readonly Row<Name>[] => {
  const rows = new Map(below.map((row) => [keyOfRow(name, row), row]));
  const seen = new Map<string, number>();
  for (const change of changes) {
    const place = change.kind === "row" ? change.row : change;
    const [first = ""] = keyColumns(name);
    const earlier = seen.get(change.key);
    if (earlier !== undefined) {
      reading.report(
        cellProblem("IdTwice", place, first, change.key, [`an id not used yet (see line ${String(earlier)})`]),
      );
      continue;
    }
    seen.set(change.key, place.line);
    if (change.kind === "row") rows.set(change.key, change.row);
    else if (!rows.delete(change.key)) reading.report(cellProblem("WithdrawnUnknown", place, first, `-${change.key}`));
    else if (tablesKept.has(name)) reading.report(cellProblem("OverlayWeakens", place, first, `-${change.key}`));
  }
  return [...rows.values()];
};

/** The id of a row, as `keyColumns` says. */
const keyOfRow = <Name extends TableName>(name: Name, row: Row<Name>): string => {
  const cells: Readonly<Record<string, unknown>> = row;
  return keyColumns(name)
    .map((column) => String(cells[column]))
    .join(" ");
};
