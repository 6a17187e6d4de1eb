/**
 * `npm run mutation -- defences [names]`: switches each defence off in a copy of the project, and sees its test fail.
 *
 * A test that fails with its defence in place proves nothing, so each is first seen to pass. What counts as a failure is
 * an expectation that did not hold, or the outcome that the row names: never a file that no longer compiles.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyProject } from "./copy.ts";
import { faultsOf, switchedOff, type Defence, type Fault, type NamedTest } from "./defence.ts";
import { defences } from "./table.ts";

const project = join(import.meta.dirname, "../..");
const minutesPerRunMax = 10;

type Seen = { readonly name: string; readonly status: string; readonly messages: readonly string[] };

/** Names that begin with any of the words; without words, all. Gives what the program ends with. */
export const runDefences = (words: readonly string[]): number => {
  const isList = words.includes("--list");
  const names = words.filter((word) => word !== "--list");
  const chosen = defences.filter(({ name }) => names.length === 0 || names.some((word) => name.startsWith(word)));
  const stale = faultsOf(defences, readIn(project)).filter(({ defence }) =>
    chosen.some(({ name }) => name === defence),
  );
  for (const fault of stale) say(faultLine(fault));
  if (chosen.length === 0) say("No defence has a name that begins so; `--list` names them all.");
  if (isList) for (const defence of chosen) say(lineOf(defence, defence.answers));
  if (isList || stale.length > 0 || chosen.length === 0) return stale.length === 0 && chosen.length > 0 ? 0 : 1;
  return tryAll(chosen);
};

const tryAll = (chosen: readonly Defence[]): number => {
  const copy = copyProject(project);
  process.on("exit", copy.remove);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  let notSeen = 0;
  for (const file of new Set(chosen.map(({ test }) => test.file))) {
    const here = chosen.filter(({ test }) => test.file === file);
    const passing = passingIn(copy.root, file, here);
    for (const defence of here) {
      const verdict = passing.has(defence)
        ? tryOne(copy.root, defence)
        : "NOT: the test fails with the defence in place";
      if (verdict !== seenToFail) notSeen++;
      say(lineOf(defence, verdict));
    }
  }
  say(`\n${chosen.length - notSeen} seen to fail, ${notSeen} NOT`);
  return notSeen === 0 ? 0 : 1;
};

const seenToFail = "seen to fail";

/** Whose tests pass while nothing is switched off. */
const passingIn = (root: string, file: string, here: readonly Defence[]): ReadonlySet<Defence> => {
  const seen = runTests(root, file, [...new Set(here.map(({ test }) => patternOf(test)))].join("|"));
  const passes = ({ test }: Defence): boolean => {
    const named = seen.filter(({ name, status }) => status !== "skipped" && isNamed(test, name));
    return named.length > 0 && named.every(({ status }) => status === "passed");
  };
  return new Set(here.filter(passes));
};

const tryOne = (root: string, defence: Defence): string => {
  const texts = switchedOff(defence, (file) => readFileSync(join(root, file), "utf8"));
  const before = new Map([...texts.keys()].map((file) => [file, readFileSync(join(root, file), "utf8")]));
  const write = (written: ReadonlyMap<string, string>): void => {
    for (const [file, text] of written) writeFileSync(join(root, file), text);
  };
  write(texts);
  const seen = runTests(root, defence.test.file, patternOf(defence.test));
  write(before);
  return verdictOn(
    seen.filter(({ name, status }) => status !== "skipped" && isNamed(defence.test, name)),
    defence,
  );
};

const verdictOn = (named: readonly Seen[], { outcome = "AssertionError" }: Defence): string => {
  if (named.length === 0) return "NOT: the test did not run";
  const failures = named.filter(({ status }) => status === "failed").flatMap(({ messages }) => messages);
  if (failures.length === 0) return "NOT: the test still passes";
  if (failures.some((message) => message.startsWith(outcome))) return seenToFail;
  return `NOT: it failed otherwise: ${failures[0]?.split("\n")[0] ?? ""}`;
};

const isNamed = ({ words }: NamedTest, name: string): boolean => new RegExp(patternOf({ file: "", words })).test(name);

const patternOf = ({ words }: NamedTest): string =>
  words.map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*");

/** What the test program has written down; nothing when it ended before any test. */
const runTests = (root: string, file: string, pattern: string): readonly Seen[] => {
  const folder = mkdtempSync(join(tmpdir(), "amana-defence-"));
  const results = join(folder, "results.json");
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const words = ["run", file, "-t", pattern, "--reporter=json", `--outputFile.json=${results}`];
  spawnSync(process.execPath, [vitest, ...words], { cwd: root, stdio: "ignore", timeout: minutesPerRunMax * 60_000 });
  try {
    return seenIn(readFileSync(results, "utf8"));
  } catch {
    return [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const seenIn = (json: string): readonly Seen[] => {
  // The form in which the test program writes its results.
  const { testResults } = JSON.parse(json) as {
    readonly testResults: readonly {
      readonly assertionResults: readonly {
        readonly fullName: string;
        readonly status: string;
        readonly failureMessages: readonly string[];
      }[];
    }[];
  };
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, status, failureMessages }) => ({
      name: fullName,
      status,
      messages: failureMessages,
    })),
  );
};

export const readIn =
  (root: string) =>
  (file: string): string | undefined => {
    try {
      return readFileSync(join(root, file), "utf8");
    } catch {
      return undefined;
    }
  };

const lineOf = ({ name, test }: Defence, verdict: string): string =>
  `${name.padEnd(44)} ${verdict}  (${test.file}: ${test.words.join(" … ")})`;

const faultLine = ({ defence, what, file }: Fault): string =>
  `${defence}: ${what} in ${file}. The code has changed: the row in mutation/defences must say again how this defence is switched off.`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
