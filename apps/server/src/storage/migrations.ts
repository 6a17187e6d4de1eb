/**
 * The schema, as numbered SQL files that only ever go forward. Each runs once, in a transaction of its own together
 * with the note that it ran. A store of a newer schema than this code is not touched.
 */

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { assert, err, ok, type Result } from "@amana/kernel";

export type StoreKind = "sqlite" | "postgres";

export type Migration = { readonly version: number; readonly statements: string };

/** The store was last used by a newer release than this one: that one, or a newer, must run it. */
export type SchemaNewer = { readonly type: "SchemaNewer" };

/** The store waits for `migrate`. */
export type SchemaOlder = { readonly type: "SchemaOlder" };

/** There is none yet, and whoever does not migrate makes none: it may lie where other settings say. */
export type StoreMissing = { readonly type: "StoreMissing" };

export type Unprepared = SchemaNewer | SchemaOlder | StoreMissing;

export const schemaVersionsTable = "CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER NOT NULL PRIMARY KEY)";

/** In their order, numbered 1, 2, … without a gap. */
export const migrationsOf = (kind: StoreKind): readonly Migration[] => {
  const folder = join(import.meta.dirname, "schema", kind);
  const names = readdirSync(folder).sort();
  return names.map((name, index) => {
    const version = index + 1;
    assert(name === `${String(version).padStart(4, "0")}.sql`, "The files of the schema are not numbered in a row.");
    return { version, statements: readFileSync(join(folder, name), "utf8") };
  });
};

export const migrationsAfter = (kind: StoreKind, version: number): Result<readonly Migration[], SchemaNewer> => {
  const all = migrationsOf(kind);
  return version > all.length ? err({ type: "SchemaNewer" }) : ok(all.slice(version));
};
