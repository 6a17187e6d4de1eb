/** The pages on the tables and on the backup say what the code makes, and the example of a backup opens as it always has. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { assert, formatInstant } from "@amana/kernel";
import { concat, encodeCbor, fromHex, toHex, type Bytes } from "@amana/log";
import { describe, expect, it } from "vitest";
import { digestAfter } from "./backup/backup.ts";
import { ledgerColumns } from "./backup/ledger.ts";
import { openSealedFile } from "./backup/sealed-file.ts";
import { migrationsOf } from "./storage/migrations.ts";
import { tables } from "./storage/snapshot.ts";

const page = (name: string): string =>
  readFileSync(join(import.meta.dirname, `../../../docs/formats/${name}.md`), "utf8");

type Table = { readonly columns: readonly string[]; readonly key: readonly string[] };

/** The tables as the SQL makes them. */
const tablesMade = (): ReadonlyMap<string, Table> => {
  const database = new DatabaseSync(":memory:");
  for (const { statements } of migrationsOf("sqlite")) database.exec(statements);
  const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return new Map(
    names.map(({ name }) => {
      const rows = database.prepare("SELECT name, pk FROM pragma_table_info(?) ORDER BY pk").all(String(name));
      const key = rows.filter(({ pk }) => pk !== 0).map((row) => String(row["name"]));
      return [String(name), { columns: rows.map((row) => String(row["name"])), key }];
    }),
  );
};

/** The rows of the page: a table, its key, and what stands beside it. */
const tablesListed = (): ReadonlyMap<string, { readonly key: readonly string[]; readonly text: string }> => {
  const rows = [...page("tables").matchAll(/^\| `(\w+)` \| ([^|]+) \| (.+) \|$/gm)];
  const wordsOf = (key: string): readonly string[] => (key === "–" ? [] : key.split(", "));
  return new Map(rows.map(([, name, key = "", text = ""]) => [String(name), { key: wordsOf(key), text }]));
};

describe("the page on the tables", () => {
  const made = tablesMade();
  const listed = tablesListed();

  it("is of the version that the schema has", () => {
    expect(page("tables")).toContain(`# The server's tables, version ${migrationsOf("sqlite").length}`);
  });

  it("lists every table, and no other", () => {
    expect([...listed.keys()].sort()).toEqual([...made.keys()].sort());
  });

  it.each([...made])("names the key of %s, and what else it keeps of people and logs", (name, { columns, key }) => {
    const row = listed.get(name);
    assert(row !== undefined, "The test before this one finds a table that is missing.");
    const isOfAnOrganisation = columns.includes("organisation") && name !== "places";
    // `entries` has an index for its key, so that its rows stand in the order they came.
    if (key.length > 0) expect(isOfAnOrganisation ? ["organisation", ...row.key] : row.key).toEqual(key);
    if (!isOfAnOrganisation) return;
    const unnamed = columns.filter((column) => column !== "organisation" && !row.key.includes(column));
    expect(unnamed.filter((column) => !row.text.includes(`\`${column}\``))).toEqual([]);
  });
});

describe("the page on the tables, of a snapshot", () => {
  const section =
    page("tables")
      .split("\n## ")
      .find((each) => each.startsWith("6. Snapshot")) ?? "";
  const namesIn = (text = ""): readonly string[] => [...text.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
  const ofNobody = "1 = 1";

  it("names the tables in the order in which they are written", () => {
    const written = tables.filter(({ left }) => left !== ofNobody).map(({ name }) => name);
    expect(namesIn(/table by table:([^.]*)\./.exec(section)?.[1])).toEqual(written);
  });

  it("names the tables whose rows are left out", () => {
    const leftOut = [...tablesMade().keys()].filter(
      (name) => name !== "schema_versions" && !tables.some((each) => each.name === name && each.left !== ofNobody),
    );
    const [, named = ""] = /It leaves out ([^:]*):/.exec(section) ?? [];
    expect(leftOut.filter((name) => !namesIn(named).includes(name))).toEqual([]);
  });
});

/** The lines of the example, by their names; long bytes go on under themselves. */
const linesOfExample = (): ReadonlyMap<string, Bytes> => {
  const text = page("backup");
  const from = text.indexOf("<!-- example:backup -->");
  const lines = new Map<string, string>();
  let name = "";
  for (const [, start = "", hex = ""] of text.slice(from).matchAll(/^([a-z ]*?) {2,}([0-9a-f]+)$/gm)) {
    name = start.trim() === "" ? name : start.trim();
    lines.set(name, (lines.get(name) ?? "") + hex);
  }
  return new Map([...lines].map(([each, hex]) => [each, bytesOfHex(hex)]));
};

const bytesOfHex = (hex: string): Bytes => {
  const bytes = fromHex(hex);
  assert(bytes !== undefined, "The example has a line that is no hexadecimal number.");
  return bytes;
};

describe("the page on the backup", () => {
  it("has an example that opens as it always has, with the key that it names", async () => {
    const lines = linesOfExample();
    const line = (name: string): Bytes => lines.get(name) ?? new Uint8Array();
    const folder = mkdtempSync(join(tmpdir(), "amana-backup-example-"));
    try {
      const path = join(folder, "example");
      const parts = [
        "magic",
        "length of header",
        "header",
        "length of chunk",
        "chunk",
        "length of the last",
        "last chunk",
      ];
      writeFileSync(path, concat(...parts.map(line)));
      const opened = await openSealedFile(path, line("private key"));
      assert(opened.ok, "The example does not open.");
      const { header, next, close } = opened.value;
      expect({ ...header, takenAt: formatInstant(header.takenAt) }).toEqual({
        part: "ledger",
        schemaVersion: 2,
        takenAt: "2026-11-21T08:00:00.000Z",
      });
      const [first, last] = [await next(), await next()];
      await close();
      expect(first).toEqual({ ok: true, value: { content: line("first content"), isLast: false } });
      expect(last).toEqual({ ok: true, value: { content: line("last content"), isLast: true } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("has contents in its example as the code writes them: a page, and at the end the rows and the digest", () => {
    const lines = linesOfExample();
    const [organisation, log, at] = ["0123456789ab", "aa".repeat(16), 1_795_248_000_000];
    const row = [organisation, log, null, "bb".repeat(32), "cc".repeat(32), at];
    const content = encodeCbor(["ledger", ledgerColumns, [row]]);
    const digest = digestAfter(new Uint8Array(32), content);
    expect(toHex(lines.get("first content") ?? new Uint8Array())).toBe(toHex(content));
    expect(toHex(lines.get("last content") ?? new Uint8Array())).toBe(toHex(encodeCbor([[["ledger", 1]], digest])));
  });
});
