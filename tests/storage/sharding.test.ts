/**
 * What lets a distributed PostgreSQL divide the tables by organisation (docs/formats/tables.md §1), read from a real schema and
 * from the statements as they stand in the code.
 */

import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { assert } from "@amana/kernel";
import { openPostgres } from "../../apps/server/src/storage/postgres/open.ts";
import { makeClient } from "../../apps/server/src/storage/postgres/pool.ts";
import { startPostgres, type TestPostgres } from "../postgres.ts";

const storage = join(import.meta.dirname, "../../apps/server/src/storage");
/** These are asked before anyone is known, or are of the server itself: each small, and the same everywhere. */
const ofTheServer = ["marks", "places", "schema_versions", "server_secrets", "set_up_codes", "woken_slots"];

let postgres: TestPostgres;
let url: string;
beforeAll(async () => {
  postgres = await startPostgres();
  url = postgres.createDatabase();
  const opened = await openPostgres({ url, migrates: true });
  assert(opened.ok, "A new database must open.");
  await opened.value.close();
});
afterAll(() => postgres.remove());

const rowsOf = async (statement: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const client = makeClient(url);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement);
  await client.end();
  return rows;
};

it("every key and unique index of a table begins with the organisation", async () => {
  const keys = await rowsOf(`SELECT t.relname AS name, a.attname AS first FROM pg_index i
    JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0] WHERE i.indisunique`);
  const otherwise = keys.filter(({ first }) => first !== "organisation").map(({ name }) => String(name));
  expect(otherwise.sort()).toEqual(ofTheServer);
  expect(keys.length).toBeGreaterThan(ofTheServer.length);
});

it("what grows with the cases is divided by the organisation alone", async () => {
  const divided = await rowsOf(`SELECT t.relname AS name, pg_get_partkeydef(t.oid) AS by,
      (SELECT count(*) FROM pg_inherits h WHERE h.inhparent = t.oid) AS parts
    FROM pg_partitioned_table p JOIN pg_class t ON t.oid = p.partrelid ORDER BY name`);
  const names = ["entries", "logs", "served", "wraps"];
  expect(divided).toEqual(names.map((name) => ({ name, by: "HASH (organisation)", parts: 16 })));
});

it("every join is within one organisation", () => {
  const files = globSync(["queries/*.ts", "postgres/*.ts", "snapshot.ts"], { cwd: storage });
  const joins = files.flatMap((file) => {
    const text = readFileSync(join(storage, file), "utf8");
    // A lateral question names its organisation itself, as every question does.
    return [...text.matchAll(/\bJOIN (?!LATERAL)\w+ (?<alias>\w+)\b(?<rest>[^`]*)/g)].map(({ 0: all, groups }) => ({
      says: `${basename(file)}: ${all.slice(0, 60)}`,
      isWithin: (groups?.["rest"] ?? "")
        .match(/\b(\w+)\.organisation = (\w+)\.organisation/)
        ?.includes(groups?.["alias"] ?? ""),
    }));
  });
  expect(joins.length).toBeGreaterThan(10);
  expect(joins.filter(({ isWithin }) => isWithin !== true)).toEqual([]);
});
