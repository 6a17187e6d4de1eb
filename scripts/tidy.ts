/**
 * Keeps the house in order: who imports whom, what is pinned, what every file says, exports and must not say.
 *
 * Reads all files of the project, prints one line for each finding, and ends with 1 if there is one.
 */

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { checkLicences, checkLock, checkPins, declaredIn } from "./tidy/dependencies.ts";
import { checkExports } from "./tidy/exports.ts";
import type { Finding, TextFile } from "./tidy/finding.ts";
import { checkImports } from "./tidy/imports.ts";
import { checkRulesTested } from "./tidy/rules-tested.ts";
import { checkDecisionNames, checkKernelSize, checkOpenings, checkPacks, checkRefused } from "./tidy/texts.ts";

const foldersSkipped: ReadonlySet<string> = new Set([".git", "node_modules", "dist", "coverage"]);
/** What runs leave in the project: no part of it. */
const pathsSkipped = ["data/", "pictures/", "mutation/.tmp/", "mutation/reports/"];

/** Every text file of the project, by its path from the root. What holds a zero byte is no text. */
const readProject = (root: string): readonly TextFile[] =>
  walk(root, "")
    .filter((path) => !pathsSkipped.some((start) => path.startsWith(start)))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
    .filter((file) => !file.text.includes("\0"));

const walk = (root: string, folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !foldersSkipped.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? walk(root, path) : entry.isFile() ? [path] : [];
    });

const checkAll = (files: readonly TextFile[]): readonly Finding[] => {
  const lock = files.filter((file) => file.path === "package-lock.json");
  return [
    ...checkImports(files, declaredIn(files)),
    ...checkPins(files),
    ...lock.flatMap(checkLock),
    ...lock.flatMap(checkLicences),
    ...checkOpenings(files),
    ...checkRefused(files),
    ...checkKernelSize(files),
    ...checkPacks(files),
    ...checkDecisionNames(files),
    ...checkRulesTested(files),
    ...checkExports(files),
  ];
};

if (import.meta.main) {
  const findings = checkAll(readProject(join(import.meta.dirname, "..")));
  for (const { path, line, says } of findings) console.error(`${path}:${line}: ${says}`);
  if (findings.length > 0) process.exitCode = 1;
}
