/** Checking a pack: the guide is covered, nothing released has vanished, scenarios hold and let every rule fire. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { domainIds, idsNamedIn } from "../domain-ids.ts";
import { describeProblem } from "../pack/problem.ts";
import { nationalSource, withCells, withRows } from "../testing/national.ts";
import { checkPack, idsNotCovered } from "./check.ts";
import { storedIds } from "./released.ts";

const national = nationalSource();

describe("the national pack", () => {
  it("covers every id of the guide, keeps every released id, and its scenarios hold", () => {
    const problems = checkPack(national, ["coverage", "risk-order", "released", "scenarios"]);
    expect(problems.map(describeProblem)).toEqual([]);
  });
});

describe("the list of the guide's ids", () => {
  const document = join(import.meta.dirname, "../../../../../shared/DOMAIN.md");

  // The document lies beside a working copy of the project, not in it; a copy alone has only the count to hold on to.
  it("is the list of the document, where the document is at hand, and has lost none", () => {
    const ids = [...domainIds].sort();
    if (existsSync(document)) expect(ids).toEqual([...idsNamedIn(readFileSync(document, "utf8"))].sort());
    expect(ids).toHaveLength(100);
  });

  it("has each id once", () => {
    expect(new Set(domainIds).size).toBe(domainIds.length);
    expect(domainIds).toEqual(
      expect.arrayContaining(["G-FRAME-0", "G-MH-0", "H-csam", "T-insm", "P-x", "A-911", "O-0"]),
    );
  });
});

describe("the check", () => {
  it("names an id of the guide that nothing covers", () => {
    const source = withRows(national, "contacts", (row) => (row.id === "A-nss" ? null : row));
    const uncited = withRows(source, "contact-rules", (row) => (row.source.includes("A-nss") ? null : row));
    const quiet = withRows(uncited, "pages", (row) => ({ ...row, source: row.source.filter((id) => id !== "A-nss") }));
    expect(idsNotCovered(quiet)).toEqual(["A-nss"]);
  });

  it("names a released id that has vanished", () => {
    const released = [
      { kind: "action", id: "an-old-action", version: "0.9.0", file: "national/released/ids.csv", line: 2 },
    ] as const;
    const source = { ...national, tables: { ...national.tables, released } };
    expect(checkPack(source, ["released"])).toMatchObject([{ type: "IdVanished", value: "an-old-action" }]);
    expect(storedIds(national)).toEqual(
      expect.arrayContaining([
        { kind: "value", id: "age.child" },
        { kind: "rule", id: "R-preserve" },
      ]),
    );
  });

  it("names a risk order that is not the one proved", () => {
    const source = withCells(national, "facts", "safe-device", { "risk-order": ["no", "yes"] });
    expect(checkPack(source, ["risk-order"])).toMatchObject([
      { column: "risk-order", value: "no yes", allowed: ["yes no"] },
    ]);
  });

  it("names a scenario that does not hold, with what was found", () => {
    const scenarios = [
      {
        ...{ id: "ours", title: "Ours", source: "G-CM-1", file: "national/scenarios/ours.json" },
        facts: { age: "adult" },
        expect: {
          track: "child" as const,
          closed: ["law-report", "no-such-gate"],
          actions: ["file-complaint"],
          first: "follow-up",
        },
      },
    ];
    const found = checkPack({ ...national, scenarios }, ["scenarios"]).filter(({ type }) => type === "ScenarioFails");
    expect(found.map(({ column, value }) => [column, value])).toEqual([
      ["ours track", "adult"],
      ["ours first", expect.any(String)],
      ["ours closed", "no-such-gate: no such gate"],
      ["ours actions", "file-complaint: not listed"],
    ]);
  });

  it("names a scenario with facts that the pack does not know", () => {
    const scenarios = [
      { ...{ id: "ours", title: "Ours", source: "G-CM-1", file: "f" }, facts: { age: "old" }, expect: {} },
    ];
    expect(checkPack({ ...national, scenarios }, ["scenarios"])).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: "ScenarioWrong", column: "ours facts.age", allowed: ["child", "adult"] }),
      ]),
    );
  });

  it("names a rule that no scenario lets fire", () => {
    const problems = checkPack({ ...national, scenarios: [] }, ["scenarios"]);
    const rows = [
      national.tables["risk-rules"],
      national.tables["gate-rules"],
      national.tables["contact-rules"],
    ].flat();
    expect(problems.map(({ value }) => value)).toEqual(expect.arrayContaining(rows.map((row) => row.id)));
  });
});
