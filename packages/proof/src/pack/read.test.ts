/** Reading a pack: whatever is wrong is named with file, line, column, the bad value and what is allowed. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compilePack } from "../compile/pack.ts";
import { nationalFiles, withText } from "../testing/national.ts";
import { randomFrom } from "../testing/random-case.ts";
import { type PackProblem, describeProblem } from "./problem.ts";
import { parsePack, readPack } from "./read.ts";
import type { PackFiles } from "./source.ts";

const files: PackFiles = new Map([...nationalFiles()].filter(([name]) => !name.startsWith("texts/")));

const problemsOf = (changed: PackFiles): readonly PackProblem[] => {
  const source = parsePack("pack", changed);
  return source.ok ? [] : source.error;
};

const onlyProblem = (changed: PackFiles): PackProblem | undefined => {
  const problems = problemsOf(changed);
  expect(problems.map(describeProblem)).toHaveLength(1);
  return problems[0];
};

const lineOf = (name: string, start: string): number =>
  (files.get(name) ?? "").split("\n").findIndex((line) => line.startsWith(start)) + 1;

describe("a pack that is well formed", () => {
  it("is read whole", () => {
    expect(problemsOf(files)).toEqual([]);
  });

  it("is read the same with a byte order mark and the line ends of another system", () => {
    const other = new Map(
      [...files].map(([name, text]) => [name, name.endsWith(".csv") ? `\uFEFF${text.replace(/\n/g, "\r\n")}` : text]),
    );
    const one = parsePack("pack", files);
    expect(parsePack("pack", other)).toEqual(one);
  });

  it("counts the lines of the file, also below a cell of several lines", () => {
    const spread = withText(files, "risk-rules.csv", "immediate-danger is yes", '"immediate-danger\nis yes"');
    const wrong = withText(
      spread,
      "risk-rules.csv",
      "physical-violence-threat is yes",
      "physical-violence-threat is maybe",
    );
    expect(onlyProblem(wrong)?.line).toBe(lineOf("risk-rules.csv", "R-high-physical-violence") + 1);
  });
});

describe("a table that is wrong", () => {
  it("is missing", () => {
    const rest = new Map([...files].filter(([name]) => name !== "gates.csv"));
    expect(onlyProblem(rest)).toMatchObject({ type: "FileMissing", file: "pack/gates.csv" });
  });

  it("has a name like that of a table", () => {
    expect(onlyProblem(new Map([...files, ["gate-rule.csv", "id\n"]]))).toMatchObject({
      ...{ type: "FileUnexpected", file: "pack/gate-rule.csv", allowed: ["gate-rules.csv"] },
    });
  });

  it("lacks a column, or has one too many", () => {
    const problems = problemsOf(withText(files, "levels.csv", "id,hours,source", "id,hour,source"));
    expect(problems.map(({ type, line, value }) => [type, line, value])).toEqual([
      ["ColumnsWrong", 1, "no column hours"],
      ["ColumnsWrong", 1, "column hour"],
    ]);
  });

  it("has a row of another length", () => {
    expect(onlyProblem(withText(files, "levels.csv", "medium,48,", "medium,48,,"))).toMatchObject({
      type: "TableBroken",
      line: 3,
      value: "4 cells",
    });
  });

  it("has a quote that does not close", () => {
    expect(onlyProblem(withText(files, "levels.csv", "medium,48,", 'medium,"48,'))).toMatchObject({
      type: "TableBroken",
      file: "pack/levels.csv",
    });
  });

  it("has a value that is not allowed, and says which are", () => {
    const problem = onlyProblem(
      withText(
        files,
        "action-rules.csv",
        "R-private-first,make-it-private,follows-now",
        "R-private-first,make-it-private,soon",
      ),
    );
    expect(problem).toEqual({
      ...{ type: "ValueWrong", file: "pack/action-rules.csv", line: 2, column: "urgency", value: "soon" },
      allowed: ["now", "24h", "48h", "standard", "follows", "follows-now"],
    });
  });

  it("has an id twice", () => {
    const row = "digital-safety,,G-DIG-2\n";
    expect(onlyProblem(withText(files, "gates.csv", row, row + row))).toMatchObject({
      type: "IdTwice",
      line: 3,
      value: "digital-safety",
    });
  });

  it("gives two rules of different tables one id", () => {
    const changed = withText(files, "contact-rules.csv", "R-call-dcvaw,", "R-preserve,");
    expect(onlyProblem(changed)).toMatchObject({ type: "IdTwice", value: "R-preserve" });
  });

  it("refers to what does not exist, and says what may be meant", () => {
    const changed = withText(
      files,
      "gate-rules.csv",
      "R-block-safe,block-perpetrator",
      "R-block-safe,block-perpetrators",
    );
    expect(onlyProblem(changed)).toMatchObject({
      type: "ReferenceUnknown",
      column: "gate",
      allowed: ["block-perpetrator"],
    });
  });

  it("cites a source that neither the guide nor sources.csv has", () => {
    const changed = withText(files, "levels.csv", "high,24,G-SAFE-5", "high,24,G-SAFE-55");
    expect(onlyProblem(changed)).toMatchObject({ type: "ReferenceUnknown", column: "source", value: "G-SAFE-55" });
  });
});

describe("a condition that is wrong", () => {
  const when = (before: string, after: string): PackProblem | undefined =>
    onlyProblem(withText(files, "risk-rules.csv", before, after));

  it("is named with its place in the cell", () => {
    expect(when("severe-blackmail is yes", "severe-blackmale is yes")).toMatchObject({
      ...{ type: "ConditionWrong", column: "when", value: "severe-blackmale", position: 1 },
      allowed: ["severe-blackmail"],
    });
  });

  it("may not doubt or insist in a rule with a fixed urgency, not even through a definition", () => {
    const direct = withText(
      files,
      "action-rules.csv",
      "now,suicide-or-self-harm is imminent",
      "now,maybe suicide-or-self-harm is imminent",
    );
    expect(onlyProblem(direct)).toMatchObject({ type: "ConditionNotAllowed", value: "maybe" });
    const through = withText(files, "action-rules.csv", "now,suicide-or-self-harm is imminent", "now,@possibly-csam");
    expect(onlyProblem(through)).toMatchObject({ type: "ConditionNotAllowed", value: "known (in @possibly-csam)" });
  });

  it("may not rest on itself", () => {
    const changed = withText(
      files,
      "definitions.csv",
      "possibly-csam,not known @certainly-not-csam",
      "possibly-csam,not known @certainly-not-csam and not @child-or-unknown",
    );
    const cyclic = withText(
      changed,
      "definitions.csv",
      "child-or-unknown,maybe age is child",
      "child-or-unknown,maybe age is child or @possibly-csam",
    );
    const problem = problemsOf(cyclic).find(({ type }) => type === "ConditionCycle");
    expect(problem?.value).toMatch(
      /@possibly-csam → @child-or-unknown → @possibly-csam|@child-or-unknown → @possibly-csam → @child-or-unknown/,
    );
  });

  it("may not rest on itself through a level", () => {
    const changed = withText(
      files,
      "risk-rules.csv",
      "continued-harassment is yes",
      "continued-harassment is yes and not @level:medium",
    );
    expect(problemsOf(changed).map(({ type }) => type)).toContain("ConditionCycle");
  });
});

describe("a scenario that is wrong", () => {
  it("is named with the path in the file", () => {
    const problems = problemsOf(
      new Map([
        ...files,
        [
          "scenarios/zzz.json",
          '{ "id": "zzz", "title": "T", "source": "G-CM-1", "facts": {}, "expect": { "levl": "high" } }',
        ],
      ]),
    );
    expect(problems).toMatchObject([{ type: "ScenarioWrong", file: "pack/scenarios/zzz.json", column: "expect.levl" }]);
  });

  it("is not JSON", () => {
    expect(onlyProblem(new Map([...files, ["scenarios/zzz.json", "{"]]))).toMatchObject({
      type: "ScenarioWrong",
      allowed: ["well-formed JSON"],
    });
  });
});

describe("a pack with anything in it", () => {
  it("property: is read or refused, and never stops the reader", () => {
    const random = randomFrom(41);
    const names = [...files.keys()].filter((name) => name.endsWith(".csv"));
    const pieces = ['"', ",", "\n", "(", " and ", "@", "always", "-", "constructor", "\u0000", "٣", "/", "known "];
    for (let round = 0; round < 150; round++) {
      const name = names[Math.floor(random() * names.length)] ?? "";
      const text = files.get(name) ?? "";
      const place = Math.floor(random() * text.length);
      const piece = pieces[Math.floor(random() * pieces.length)] ?? "";
      const changed = text.slice(0, place) + piece + text.slice(place + Math.floor(random() * 4));
      const source = parsePack("pack", new Map([...files, [name, changed]]));
      if (!source.ok) for (const problem of source.error) expect(describeProblem(problem)).toMatch(/^pack\//);
      else expect(() => compilePack(source.value)).not.toThrow();
    }
  });
});

describe("a folder", () => {
  it("that does not exist is a problem, not a crash", () => {
    const read = readPack(join(tmpdir(), "no-pack-is-here"));
    expect(read.ok ? [] : read.error.map(({ type }) => type)).toEqual(["FolderUnreadable"]);
  });

  it("with a file that is not text is a problem, not a crash", () => {
    const folder = mkdtempSync(join(tmpdir(), "amana-pack-"));
    writeFileSync(join(folder, "pack.csv"), Buffer.from([0xff, 0xfe, 0x00, 0xd8]));
    const read = readPack(folder);
    expect(read.ok ? [] : read.error.map(({ type }) => type)).toEqual(["FileUnreadable"]);
    rmSync(folder, { recursive: true });
  });
});

describe("a problem in words", () => {
  it("is one line that a person can act on", () => {
    const [problem] = problemsOf(withText(files, "levels.csv", "medium,48,", "medium,soon,"));
    expect(problem === undefined ? "" : describeProblem(problem)).toBe(
      'pack/levels.csv:3 hours: "soon" the value is not allowed here (expected: a whole number of hours, nothing)',
    );
  });
});
