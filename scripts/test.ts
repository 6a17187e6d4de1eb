/**
 * `npm test`: every check, each with its name and time. Stops at the first that fails.
 *
 * What reads the code goes beside the build, in two lanes on two cores, each step printed whole when it ends. Tests come
 * after, one kind after the other, for they use both cores. The last line counts the tests, `N passed, N failed`; a step
 * other than tests that fails counts as one.
 */

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addCounts, countsIn, noTests, type Counts } from "./test-counts.ts";
import { projectRoot } from "./workspaces.ts";

type Step = { readonly name: string; readonly command: readonly string[] };

const vitest = ["node_modules/vitest/vitest.mjs", "run"];
const prettier = ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."];

const node = (name: string, ...rest: readonly string[]): Step => ({ name, command: [process.execPath, ...rest] });
const tests = (name: string, project: string, ...rest: readonly string[]): Step =>
  node(name, ...vitest, "--project", project, ...rest);

const lint = node("lint", "node_modules/eslint/bin/eslint.js", "--max-warnings", "0", ".");

const otherChecks: readonly Step[] = [
  node("types", "scripts/typecheck.ts"),
  node("tidy", "scripts/tidy.ts"),
  node("format", ...prettier),
  node("build", "scripts/build.ts"),
];

const testSteps: readonly Step[] = [
  tests("tests of the core", "core", "--coverage"),
  tests("tests", "unit"),
  tests("browser tests", "browser"),
];

const resultsFolder = mkdtempSync(join(tmpdir(), "amana-test-"));
// Pictures of the app's screens, to be looked at by people: they stay after the run.
const env = { AMANA_LOOK: join(projectRoot, "pictures"), ...process.env };

type Outcome = { readonly isPassed: boolean; readonly counts: Counts };

/** Of steps of which none was a test, or the first failed. */
const outcomeOf = (isPassed: boolean): Outcome => ({ isPassed, counts: { passed: 0, failed: isPassed ? 0 : 1 } });

const printEnd = (name: string, isPassed: boolean, startedAt: number): void => {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`── ${name}: ${isPassed ? "passed" : "FAILED"} in ${seconds} s`);
};

const runTests = (step: Step): Outcome => {
  console.log(`\n── ${step.name}`);
  const startedAt = performance.now();
  const resultsFile = join(resultsFolder, `${step.name}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${resultsFile}`];
  const [program = "", ...rest] = [...step.command, ...reporters];
  const { status, error } = spawnSync(program, rest, { cwd: projectRoot, stdio: "inherit", env });
  if (error !== undefined) console.error(`${step.name}: ${program} could not be started.`);
  const isPassed = status === 0;
  printEnd(step.name, isPassed, startedAt);
  const counts = existsSync(resultsFile) ? countsIn(readFileSync(resultsFile, "utf8")) : noTests;
  // A run that failed without a failed test (coverage, a crash) must still show as a failure.
  return { isPassed, counts: isPassed || counts.failed > 0 ? counts : addCounts(counts, { passed: 0, failed: 1 }) };
};

/** Prints all a step said when it has ended, so that two at once are not mixed. */
const runBeside = async (step: Step, stop: AbortController): Promise<boolean> => {
  const startedAt = performance.now();
  const [program = "", ...rest] = step.command;
  const child = spawn(program, rest, { cwd: projectRoot, stdio: ["ignore", "pipe", "pipe"], env, signal: stop.signal });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (words: Buffer) => said.push(words));
  const isPassed = await new Promise<boolean>((resolve) => {
    child.on("error", () => resolve(false));
    child.on("close", (status) => resolve(status === 0));
  });
  // What is ended because the other lane failed has nothing to say.
  if (stop.signal.aborted) return false;
  console.log(`\n── ${step.name}`);
  process.stdout.write(Buffer.concat(said));
  printEnd(step.name, isPassed, startedAt);
  if (!isPassed) stop.abort();
  return isPassed;
};

const runLane = async (lane: readonly Step[], stop: AbortController): Promise<boolean> => {
  for (const step of lane) if (!(await runBeside(step, stop))) return false;
  return true;
};

const runLanes = async (...lanes: readonly (readonly Step[])[]): Promise<Outcome> => {
  const stop = new AbortController();
  const passed = await Promise.all(lanes.map((lane) => runLane(lane, stop)));
  return outcomeOf(!passed.includes(false));
};

/** Gets what is missing, and says so while it does. */
const runNeeds = (): Outcome => {
  console.log("── needs");
  const startedAt = performance.now();
  const isPassed = spawnSync("scripts/needs", { cwd: projectRoot, stdio: "inherit", env }).status === 0;
  printEnd("needs", isPassed, startedAt);
  return outcomeOf(isPassed);
};

const runAll = async (): Promise<Outcome> => {
  const stages = [runNeeds, () => runLanes([lint], otherChecks), ...testSteps.map((step) => () => runTests(step))];
  let counts = noTests;
  for (const runStage of stages) {
    const outcome = await runStage();
    counts = addCounts(counts, outcome.counts);
    if (!outcome.isPassed) return { isPassed: false, counts };
  }
  return { isPassed: true, counts };
};

const { isPassed, counts } = await runAll();
rmSync(resultsFolder, { recursive: true, force: true });
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
if (!isPassed) process.exitCode = 1;
