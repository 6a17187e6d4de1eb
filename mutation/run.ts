/**
 * `npm run mutation`: breaks consent, authority and verification in every small way and counts which changes a test
 * notices. Fails below 85 %. Takes about an hour on two cores.
 *
 * `npm run mutation -- defences [names]` switches each defence of `defences/` off by itself, and fails unless the test of
 * that defence fails; all of them take about half an hour on two cores. `--list` only says which there are.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { runDefences } from "./defences/run.ts";

const folder = import.meta.dirname;
const stryker = join(folder, "node_modules/@stryker-mutator/core/bin/stryker.js");

const run = (program: string, words: readonly string[], cwd: string): boolean =>
  spawnSync(program, words, { cwd, stdio: "inherit" }).status === 0;

/** The copies that are broken stand one beside the other here, and look for the published vectors beside themselves. */
const linkVectors = (): void => {
  const copies = join(folder, ".tmp");
  rmSync(copies, { recursive: true, force: true });
  mkdirSync(copies);
  symlinkSync(join(folder, "../../shared"), join(copies, "shared"));
};

const runStryker = (): number => {
  const isInstalled = existsSync(stryker) || run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
  linkVectors();
  const isEnough =
    isInstalled && run(process.execPath, [stryker, "run", join(folder, "stryker.config.json")], join(folder, ".."));
  return isEnough ? 0 : 1;
};

const [first, ...words] = process.argv.slice(2);
process.exitCode = first === "defences" ? runDefences(words) : runStryker();
