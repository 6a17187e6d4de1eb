/** All that stands in a store, as one digest: every row of every table, whichever order they came in. */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { StorageSettings } from "../../apps/server/src/storage/open-storage.ts";
import { makeClient } from "../../apps/server/src/storage/postgres/pool.ts";

type Row = Readonly<Record<string, unknown>>;

export const digestOfStore = (settings: StorageSettings): Promise<string> =>
  settings.kind === "sqlite" ? Promise.resolve(digestOfFile(settings.file)) : digestOfDatabase(settings.url);

/** A table without a row is as good as none: a schema that has not begun is empty. */
export const digestOfFile = (file: string): string => {
  if (!existsSync(file)) return digestOf(new Map());
  const database = new DatabaseSync(file);
  try {
    const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    return digestOf(
      new Map(names.map(({ name }) => [String(name), database.prepare(`SELECT * FROM ${String(name)}`).all()])),
    );
  } finally {
    database.close();
  }
};

const digestOfDatabase = async (url: string): Promise<string> => {
  const client = makeClient(url);
  await client.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    const names = await client.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace",
    );
    const rows = new Map<string, readonly Row[]>();
    for (const { name } of names.rows) rows.set(name, (await client.query<Row>(`SELECT * FROM ${name}`)).rows);
    return digestOf(rows);
  } finally {
    await client.end();
  }
};

/** The store itself draws the number of an organisation, and a story has one. */
const cellOf = ([column, value]: readonly [string, unknown]): string => {
  if (column === "organisation") return "its organisation";
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value);
};

const digestOf = (tables: ReadonlyMap<string, readonly Row[]>): string => {
  const hash = createHash("sha256");
  for (const name of [...tables.keys()].sort()) {
    const rows = (tables.get(name) ?? []).map((row) => JSON.stringify(Object.entries(row).map(cellOf)));
    if (rows.length > 0) hash.update(JSON.stringify([name, ...rows.sort()]));
  }
  return hash.digest("hex");
};
