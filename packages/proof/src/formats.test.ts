/** The pages on the pack and on the answer name what the code reads and gives: no column and no member more or less. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assert } from "@amana/kernel";
import { type Answer, assess, preparePack } from "@amana/pathway";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { fileOfTable, tableNames, tableSchemas } from "./pack/tables.ts";
import { compiled, nationalSource } from "./testing/national.ts";

const page = (name: string): string =>
  readFileSync(join(import.meta.dirname, `../../../docs/formats/${name}.md`), "utf8");

/** The columns that the page lists for a file, and those of them that it marks as such that may be empty. */
const listedColumns = (file: string): { readonly all: readonly string[]; readonly empty: readonly string[] } => {
  const cell = page("pack")
    .split("\n")
    .find((line) => line.startsWith(`| \`${file}\` |`))
    ?.split(" | ")[2];
  const list = /^`([^`]+)`/.exec(cell ?? "")?.[1];
  assert(list !== undefined, "The page lists no columns for a file.");
  const columns = list.split(",");
  const nameOf = (column: string): string => column.replace("*", "");
  return { all: columns.map(nameOf), empty: columns.filter((column) => column.endsWith("*")).map(nameOf) };
};

describe("the page on the pack", () => {
  it.each(tableNames)("lists the columns of %s, and which of them may be empty", (name) => {
    const columns = Object.entries(tableSchemas[name].entries);
    const listed = listedColumns(fileOfTable(name));
    expect(listed.all).toEqual(columns.map(([column]) => column));
    expect(listed.empty).toEqual(columns.filter(([, cell]) => v.is(cell, "")).map(([column]) => column));
  });
});

/** Every member that a part of the answer has, over a case with next to nothing known and one with much. */
const membersOf = (parts: readonly object[]): readonly string[] => [...new Set(parts.flatMap(Object.keys))].sort();

const listedMembers = (start: string): readonly string[] => {
  const line = page("answer")
    .split("\n")
    .find((each) => each.trim().startsWith(start));
  assert(line !== undefined, "The page on the answer lacks a part.");
  const inside = line.slice(line.indexOf("{", start.length));
  return [...inside.matchAll(/(?<=[{,] )"([A-Za-z]+)"(?=\??:|,| \}|\?)/g)].map(([, name]) => String(name)).sort();
};

describe("the page on the answer", () => {
  const prepared = preparePack(compiled(nationalSource()));
  const answers: readonly Answer[] = [
    assess(prepared, {}),
    assess(prepared, {
      age: "child",
      region: "kri",
      harm: ["csam"],
      platforms: ["whatsapp"],
      "immediate-danger": "yes",
    }),
  ];
  const reasons = answers.flatMap(({ risk, gates, actions, tools, contacts, ask }) =>
    [risk, ...Object.values(gates), ...actions, ...tools, ...contacts, ...ask].flatMap(({ because }) => because),
  );

  it.each([
    ['{ "pack":', answers.map(({ pack }) => pack)],
    ['"risk":', answers.map(({ risk }) => risk)],
    ['"gates":', answers.flatMap(({ gates }) => Object.values(gates))],
    ['"actions":', answers.flatMap(({ actions }) => actions)],
    ['"tools":', answers.flatMap(({ tools }) => tools)],
    ['"contacts":', answers.flatMap(({ contacts }) => contacts)],
    ['"ask":', answers.flatMap(({ ask }) => ask)],
    ["Reason =", reasons],
  ] as const)("names every member of %s", (start, parts) => {
    const found = membersOf(parts);
    const numbers = start.includes("contacts") ? ["label", "number"] : [];
    expect(listedMembers(start)).toEqual([...found, ...numbers].sort());
  });
});
