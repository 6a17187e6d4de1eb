/**
 * `npm test`: every check, each with its name and time. Stops at the first that fails.
 *
 * What reads the code goes beside the build, in two lanes where there are two cores, each step printed whole when it ends. Tests
 * come after, one kind after the other, for they use all cores. The last line counts the tests, `N passed, N failed`; a step
 * other than tests that fails counts as one. A signal goes to whatever runs then; a second one waits for nothing.
 */

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { makeSteps, type Step } from "./steps.ts";
import { addCounts, countsIn, noTests, type Counts } from "./test-counts.ts";
import { projectRoot } from "./workspaces.ts";

const vitest = ["node_modules/vitest/vitest.mjs", "run"];
const prettier = ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."];

const node = (name: string, ...rest: readonly string[]): Step => ({ name, command: [process.execPath, ...rest] });
const tests = (name: string, project: string, ...rest: readonly string[]): Step =>
  node(name, ...vitest, "--project", project, ...rest);

/** Gets what is missing, and says so while it does. */
const needs: Step = { name: "needs", command: ["scripts/needs"] };

const lint = node("lint", "node_modules/eslint/bin/eslint.js", "--max-warnings", "0", ".");

const otherChecks: readonly Step[] = [
  node("types", "scripts/typecheck.ts"),
  node("tidy", "scripts/tidy.ts"),
  node("format", ...prettier),
  node("build", "scripts/build.ts"),
];

// Two at once on one core would take as long, and twice the memory.
const lanes = availableParallelism() > 1 ? [[lint], otherChecks] : [[lint, ...otherChecks]];

// A page that is pressed on while other pages take the cores is another one than a person has: one file for each core, no more.
const pagesAtOnce = `--maxWorkers=${Math.max(2, availableParallelism())}`;

const testSteps: readonly Step[] = [
  tests("tests of the core", "core", "--coverage"),
  tests("tests", "unit"),
  tests("browser tests", "browser", pagesAtOnce),
];

const resultsFolder = mkdtempSync(join(tmpdir(), "amana-test-"));
const steps = makeSteps({
  cwd: projectRoot,
  // Pictures of the app's screens, to be looked at by people: they stay after the run.
  env: { AMANA_LOOK: join(projectRoot, "pictures"), ...process.env },
  print: (words) => void process.stdout.write(words),
});

let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    steps.stop(signal);
  });
}
process.on("exit", () => {
  steps.stop("SIGKILL");
  rmSync(resultsFolder, { recursive: true, force: true });
});

type Outcome = { readonly isPassed: boolean; readonly counts: Counts };

/** Of steps of which none was a test, or the first failed. */
const outcomeOf = (isPassed: boolean): Outcome => ({ isPassed, counts: { passed: 0, failed: isPassed ? 0 : 1 } });

const runTests = async ({ name, command }: Step): Promise<Outcome> => {
  const resultsFile = join(resultsFolder, `${name}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${resultsFile}`];
  const isPassed = await steps.run({ name, command: [...command, ...reporters] });
  const counts = existsSync(resultsFile) ? countsIn(readFileSync(resultsFile, "utf8")) : noTests;
  // A run that failed without a failed test (coverage, a crash) must still show as a failure.
  return { isPassed, counts: isPassed || counts.failed > 0 ? counts : addCounts(counts, { passed: 0, failed: 1 }) };
};

const stages: readonly (() => Promise<Outcome>)[] = [
  async () => outcomeOf(await steps.run(needs)),
  async () => outcomeOf(await steps.runLanes(lanes)),
  ...testSteps.map((step) => () => runTests(step)),
];

const runAll = async (): Promise<Outcome> => {
  let counts = noTests;
  for (const runStage of stages) {
    const outcome = await runStage();
    counts = addCounts(counts, outcome.counts);
    if (!outcome.isPassed) return { isPassed: false, counts };
  }
  return { isPassed: true, counts };
};

const { isPassed, counts } = await runAll();
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
if (!isPassed) process.exitCode = 1;
