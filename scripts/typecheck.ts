/**
 * Checks all types: the native compiler over every workspace, then svelte-check where there are screens.
 *
 * The two are called by path, because both versions of TypeScript claim the name `tsc`
 * (docs/decisions/2026-11-21-two-typescripts-side-by-side.md).
 */

import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { holds, projectRoot, workspaces } from "./workspaces.ts";

const nativeCompiler = "node_modules/typescript-native/bin/tsc";
const svelteCheck = "node_modules/svelte-check/bin/svelte-check";

const passes = (program: string, ...rest: readonly string[]): boolean => {
  const { status } = spawnSync(process.execPath, [program, ...rest], { cwd: projectRoot, stdio: "inherit" });
  if (status !== 0) console.error(`Types: refused by ${program} ${rest.join(" ")}`);
  return status === 0;
};

const withCode = workspaces().filter((workspace) => holds(workspace, ".ts") || holds(workspace, ".svelte"));
const projects = withCode.flatMap((workspace) => globSync(`${workspace}/tsconfig*.json`, { cwd: projectRoot }).sort());
const screens = workspaces().filter((workspace) => holds(workspace, ".svelte"));

const results = [
  ...["tsconfig.json", ...projects].map((project) => passes(nativeCompiler, "-p", project)),
  ...screens.map((workspace) =>
    passes(
      svelteCheck,
      "--workspace",
      workspace,
      "--tsconfig",
      "./tsconfig.json",
      "--fail-on-warnings",
      "--output",
      "human",
    ),
  ),
];
if (results.includes(false)) process.exitCode = 1;
