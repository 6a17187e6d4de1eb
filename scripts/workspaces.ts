/** Where the parts of the project are, for the scripts that go through all of them. */

import { globSync } from "node:fs";
import { join } from "node:path";

export const projectRoot = join(import.meta.dirname, "..");

/** The folders of all workspaces, from the root: `packages/kernel`, `apps/server`, … */
export const workspaces = (): readonly string[] =>
  globSync("{packages,apps,packs}/*/package.json", { cwd: projectRoot })
    .map((path) => path.replace("/package.json", ""))
    .sort();

/** Whether a workspace holds a file of such a name yet; a workspace may still be an empty shell. */
export const holds = (workspace: string, pattern: string): boolean =>
  globSync(`${workspace}/{*,{src,build}/**/*}${pattern}`, { cwd: projectRoot }).length > 0;
