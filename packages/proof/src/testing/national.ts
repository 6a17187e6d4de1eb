/** The national pack for tests: its files, and ways to change one thing in them and see what happens. */

import { join } from "node:path";
import { assert } from "@amana/kernel";
import type { CompiledPack } from "@amana/pathway";
import { compilePack } from "../compile/pack.ts";
import { filesOf, parsePack } from "../pack/read.ts";
import type { PackFiles, PackSource } from "../pack/source.ts";
import type { Row, TableName } from "../pack/tables.ts";

const folder = join(import.meta.dirname, "../../../../packs/iraq-online-violence");

export const nationalFiles = (): PackFiles => {
  const files = filesOf(folder);
  assert(files.ok, "the national pack's folder cannot be read");
  return files.value;
};

/** Without its texts, which no property rests on. */
export const nationalSource = (): PackSource => {
  const files = new Map([...nationalFiles()].filter(([name]) => !name.startsWith("texts/")));
  const source = parsePack("national", files);
  assert(source.ok, "the national pack is not well formed");
  return source.value;
};

/** The source with some rows of one table changed; a change to null leaves the row out. */
export const withRows = <Name extends TableName>(
  source: PackSource,
  name: Name,
  change: (row: Row<Name>) => Row<Name> | null,
): PackSource => {
  const rows: readonly Row<Name>[] = source.tables[name];
  const changed = rows.map(change).filter((row) => row !== null);
  return { ...source, tables: { ...source.tables, [name]: changed } };
};

/** The source with one row's cells changed. */
export const withCells = <Name extends TableName>(
  source: PackSource,
  name: Name,
  id: string,
  cells: Partial<Row<Name>>,
): PackSource => {
  let isFound = false;
  const changed = withRows(source, name, (row) => {
    if (!("id" in row) || row.id !== id) return row;
    isFound = true;
    return { ...row, ...cells };
  });
  assert(isFound, "a test changes a row that is not there");
  return changed;
};

/** The source without one row. */
export const withoutRow = (source: PackSource, name: TableName, id: string): PackSource => {
  const changed = withRows(source, name, (row) => ("id" in row && row.id === id ? null : row));
  assert(changed.tables[name].length < source.tables[name].length, "a test removes a row that is not there");
  return changed;
};

export const compiled = (source: PackSource): CompiledPack => compilePack(source);

/** The files with one piece of one file replaced. */
export const withText = (files: PackFiles, name: string, before: string, after: string): PackFiles => {
  const text = files.get(name) ?? "";
  assert(text.includes(before), "a test replaces what is not in the file");
  return new Map([...files, [name, text.replace(before, after)]]);
};
