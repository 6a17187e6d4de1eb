/**
 * `npm test`: every check, one after the other, each with its name and time. Stops at the first that fails.
 *
 * The last line counts the tests, `N passed, N failed`; a step other than tests that fails counts as one.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addCounts, countsIn, noTests, type Counts } from "./test-counts.ts";
import { projectRoot } from "./workspaces.ts";

type Step = { readonly name: string; readonly command: readonly string[]; readonly countsTests?: true };

const vitest = ["node_modules/vitest/vitest.mjs", "run"];
const prettier = ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."];

const node = (name: string, ...rest: readonly string[]): Step => ({ name, command: [process.execPath, ...rest] });
const tests = (name: string, project: string, ...rest: readonly string[]): Step => ({
  ...node(name, ...vitest, "--project", project, ...rest),
  countsTests: true,
});

const steps: readonly Step[] = [
  { name: "needs", command: ["scripts/needs"] },
  node("types", "scripts/typecheck.ts"),
  node("lint", "node_modules/eslint/bin/eslint.js", "--max-warnings", "0", "."),
  node("format", ...prettier),
  node("tidy", "scripts/tidy.ts"),
  node("build", "scripts/build.ts"),
  tests("tests of the core", "core", "--coverage"),
  tests("tests", "unit"),
  tests("browser tests", "browser"),
];

const resultsFolder = mkdtempSync(join(tmpdir(), "amana-test-"));

type Outcome = { readonly isPassed: boolean; readonly counts: Counts };

const run = (step: Step): Outcome => {
  const resultsFile = join(resultsFolder, `${step.name}.json`);
  const reporters = step.countsTests
    ? ["--reporter=default", "--reporter=json", `--outputFile.json=${resultsFile}`]
    : [];
  const [program = "", ...rest] = [...step.command, ...reporters];
  // Pictures of the app's screens, to be looked at by people: they stay after the run.
  const env = { AMANA_LOOK: join(projectRoot, "pictures"), ...process.env };
  const { status, error } = spawnSync(program, rest, { cwd: projectRoot, stdio: "inherit", env });
  if (error !== undefined) console.error(`${step.name}: ${program} could not be started.`);
  const isPassed = status === 0;
  const counts = step.countsTests && existsSync(resultsFile) ? countsIn(readFileSync(resultsFile, "utf8")) : noTests;
  // A run that failed without a failed test (coverage, a crash) must still show as a failure.
  return { isPassed, counts: isPassed || counts.failed > 0 ? counts : addCounts(counts, { passed: 0, failed: 1 }) };
};

const runAll = (): Outcome => {
  let counts = noTests;
  for (const step of steps) {
    console.log(`\n── ${step.name}`);
    const startedAt = performance.now();
    const outcome = run(step);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    counts = addCounts(counts, outcome.counts);
    console.log(`── ${step.name}: ${outcome.isPassed ? "passed" : "FAILED"} in ${seconds} s`);
    if (!outcome.isPassed) return { isPassed: false, counts };
  }
  return { isPassed: true, counts };
};

const { isPassed, counts } = runAll();
rmSync(resultsFolder, { recursive: true, force: true });
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
if (!isPassed) process.exitCode = 1;
