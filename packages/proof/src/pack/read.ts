/**
 * Reads a pack from its folder and checks that it is well formed. Nothing throws on bad input: every
 * problem is found in one reading and named with its file, line and column.
 */

import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Result, err, ok } from "@amana/kernel";
import { checkConditions } from "./conditions.ts";
import { checkOverlay } from "./overlay.ts";
import { nearestIds } from "./nearest.ts";
import { type PackProblem, fileProblem } from "./problem.ts";
import { readTables } from "./read-tables.ts";
import { checkReferences } from "./references.ts";
import { type Scenario, readScenarios, scenariosMax } from "./scenarios.ts";
import { type PackFiles, type PackSource, type Report, propertyOf } from "./source.ts";
import { fileOfTable, tableNames } from "./tables.ts";
import { readTexts } from "./texts.ts";

const fileBytesMax = 4_000_000;
const filesMax = 1000;

export type ReadOptions = {
  /** The pack that an overlay lies over. */
  readonly below?: PackSource;
};

/** Reads every table, text and scenario below the folder. Texts are only read, not checked: see `checkTexts`. */
export const readPack = (folder: string, options: ReadOptions = {}): Result<PackSource, readonly PackProblem[]> => {
  const files = filesOf(folder);
  return files.ok ? parsePack(folder, files.value, options) : files;
};

/** The same from files already at hand; `folder` is only used to name them. */
export const parsePack = (
  folder: string,
  files: PackFiles,
  { below }: ReadOptions = {},
): Result<PackSource, readonly PackProblem[]> => {
  const problems: PackProblem[] = [];
  const report: Report = (problem) => void problems.push(problem);
  const tables = readTables({ folder, files, below: below?.tables ?? null, report });
  reportUnexpectedFiles(folder, files, report);
  const scenarios = scenariosOf(folder, files, below?.scenarios ?? [], report);
  const texts = readTexts(folder, files, below?.texts ?? null, report);
  // Once a table cannot be read, what refers to its rows would be reported again and again.
  if (problems.length > 0) return err(problems);
  checkExtends(folder, propertyOf(tables, "extends"), below, report);
  checkReferences(tables, folder, report);
  checkConditions(tables, report);
  if (below !== undefined) checkOverlay(tables, below.tables, report);
  return problems.length > 0 ? err(problems) : ok({ folder, tables, texts, scenarios, below: below ?? null });
};

/** A table with a mistyped name would otherwise count as missing, or not at all. */
const reportUnexpectedFiles = (folder: string, files: PackFiles, report: Report): void => {
  const expected = tableNames.map(fileOfTable);
  for (const name of files.keys()) {
    const isTable = name.endsWith(".csv") && !name.startsWith("texts/");
    if (isTable && !expected.includes(name)) {
      report(fileProblem("FileUnexpected", `${folder}/${name}`, null, nearestIds(name, expected)));
    }
  }
};

const checkExtends = (folder: string, named: string, below: PackSource | undefined, report: Report): void => {
  const file = `${folder}/pack.csv`;
  const given = below === undefined ? "" : propertyOf(below.tables, "id");
  if (named !== "" && below === undefined) report(fileProblem("OverlayWithoutPack", file, named));
  if (below !== undefined && named !== given) report(fileProblem("OverlayOfAnotherPack", file, named, [given]));
};

const scenariosOf = (
  folder: string,
  files: PackFiles,
  below: readonly Scenario[],
  report: Report,
): readonly Scenario[] => {
  const scenarios = new Map(below.map((scenario) => [scenario.id, scenario]));
  const own = new Set<string>();
  for (const [name, text] of files) {
    if (!/^scenarios\/[^/]+\.json$/.test(name)) continue;
    const read = readScenarios(`${folder}/${name}`, text);
    read.problems.forEach(report);
    for (const scenario of read.scenarios) {
      if (own.has(scenario.id)) report({ ...fileProblem("IdTwice", scenario.file, scenario.id), column: "id" });
      own.add(scenario.id);
      scenarios.set(scenario.id, scenario);
    }
  }
  if (scenarios.size > scenariosMax) {
    report(
      fileProblem("TooManyRows", `${folder}/scenarios`, String(scenarios.size), [`at most ${String(scenariosMax)}`]),
    );
  }
  return [...scenarios.values()];
};

/** Every CSV and JSON file of the pack's own folders, by its path below the folder. */
export const filesOf = (folder: string): Result<PackFiles, readonly PackProblem[]> => {
  const paths = pathsBelow(folder);
  if (paths === null) return err([fileProblem("FolderUnreadable", folder)]);
  const files = new Map<string, string>();
  const problems: PackProblem[] = [];
  for (const path of paths.slice(0, filesMax)) {
    const file = join(folder, path);
    const text = textOf(file);
    if (text.ok) files.set(path, text.value);
    else problems.push(text.error);
  }
  if (paths.length > filesMax)
    problems.push(fileProblem("TooManyRows", folder, String(paths.length), [`at most ${String(filesMax)} files`]));
  return problems.length > 0 ? err(problems) : ok(files);
};

const packFile = /^([^/]+\.csv|released\/ids\.csv|scenarios\/[^/]+\.json|texts\/[^/]+\/[^/]+\.csv)$/;

const pathsBelow = (folder: string): readonly string[] | null => {
  try {
    const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return entries
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => packFile.test(path))
      .sort();
  } catch {
    // Whatever the system's reason, the folder named cannot be read.
    return null;
  }
};

const textOf = (file: string): Result<string, PackProblem> => {
  try {
    const { size } = statSync(file);
    if (size > fileBytesMax)
      return err(fileProblem("FileTooLarge", file, String(size), [`at most ${String(fileBytesMax)} bytes`]));
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file)));
  } catch {
    return err(fileProblem("FileUnreadable", file));
  }
};
