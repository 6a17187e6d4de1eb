/**
 * `npm run mutation`: breaks consent, authority and verification in every small way and counts which changes a test
 * notices, group by group. Fails below 85 %. `npm run mutation -- consent sealing` runs these groups only. All of them take
 * more than an hour on two cores.
 *
 * `npm run mutation -- defences [names]` switches each defence of `defences/` off by itself, and fails unless the test of
 * that defence fails; all of them take about half an hour on two cores. `--list` only says which there are.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { runDefences } from "./defences/run.ts";
import { groupVariable, mutationGroups, reportOf, type MutationGroup } from "./groups.ts";
import { noticed, sumOf, tallyOf, type Report, type Tally } from "./tally.ts";

const folder = import.meta.dirname;
const root = join(folder, "..");
const stryker = join(folder, "node_modules/@stryker-mutator/core/bin/stryker.js");
/** In percent. */
const noticedMin = 85;

const run = (program: string, words: readonly string[], cwd: string, env = process.env): boolean =>
  spawnSync(program, words, { cwd, env, stdio: "inherit" }).status === 0;

/** The copies that are broken stand one beside the other here, and look for the published vectors beside themselves. */
const linkVectors = (): void => {
  const copies = join(folder, ".tmp");
  rmSync(copies, { recursive: true, force: true });
  mkdirSync(copies);
  symlinkSync(join(root, "../shared"), join(copies, "shared"));
};

/** Undefined where the tool could not end its work: a report of an earlier run is no answer. */
const breakGroup = (group: MutationGroup): Tally | undefined => {
  const report = join(root, reportOf(group));
  rmSync(report, { force: true });
  linkVectors();
  const env = { ...process.env, [groupVariable]: group.name };
  const isRun = run(process.execPath, [stryker, "run", join(folder, "stryker.config.js")], root, env);
  // The tool writes it by a published schema, of which tally.ts names what it reads.
  return isRun && existsSync(report) ? tallyOf(JSON.parse(readFileSync(report, "utf8")) as Report) : undefined;
};

const lineOf = (name: string, tally: Tally): string =>
  `${name.padEnd(24)} ${noticed(tally).toFixed(1).padStart(5)} % noticed: ${tally.killed} killed, ` +
  `${tally.timedOut} timed out, ${tally.survived} survived, ${tally.notReached} not reached`;

const print = (words: string): void => void process.stdout.write(`${words}\n`);

const runMutation = (groups: readonly MutationGroup[]): number => {
  if (!existsSync(stryker) && !run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)) return 1;
  const tallies: Tally[] = [];
  const lines: string[] = [];
  for (const group of groups) {
    const tally = breakGroup(group);
    if (tally === undefined) return 1;
    const line = lineOf(group.name, tally);
    print(line);
    tallies.push(tally);
    lines.push(line);
  }
  const all = sumOf(tallies);
  print(["", ...lines, lineOf("all", all)].join("\n"));
  return noticed(all) < noticedMin ? 1 : 0;
};

const runNamed = (names: readonly string[]): number => {
  const unknown = names.filter((name) => !mutationGroups.some((group) => group.name === name));
  if (unknown.length === 0)
    return runMutation(mutationGroups.filter(({ name }) => names.length === 0 || names.includes(name)));
  print(`No group is named ${unknown.join(", ")}. There are: ${mutationGroups.map(({ name }) => name).join(", ")}.`);
  return 1;
};

const [first, ...words] = process.argv.slice(2);
process.exitCode = first === "defences" ? runDefences(words) : runNamed(first === undefined ? [] : [first, ...words]);
