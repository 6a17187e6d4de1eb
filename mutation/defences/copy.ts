/**
 * A copy of the project of its own, in the system's temporary folder: what is broken there is broken nowhere else.
 *
 * The project's own packages are those of the copy; the packages from the registry are the installed ones.
 */

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const leftOut: ReadonlySet<string> = new Set(["node_modules", "dist", ".git", ".tmp", "coverage"]);
/** Where npm links the project's own packages. */
const ownScope = "@amana";

export type Copy = { readonly root: string; readonly remove: () => void };

export const copyProject = (project: string): Copy => {
  const folder = mkdtempSync(join(tmpdir(), "amana-defences-"));
  const root = join(folder, "project");
  cpSync(project, root, {
    recursive: true,
    filter: (source) => !leftOut.has(basename(source)),
  });
  linkPackages(join(project, "node_modules"), join(root, "node_modules"));
  // The published vectors stand beside the project.
  const shared = join(project, "../shared");
  if (existsSync(shared)) symlinkSync(shared, join(folder, "shared"));
  return { root, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

const linkPackages = (from: string, to: string): void => {
  mkdirSync(join(to, ownScope), { recursive: true });
  for (const name of readdirSync(from).filter((each) => each !== ownScope && !each.startsWith(".")))
    symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, ownScope)))
    symlinkSync(readlinkSync(join(from, ownScope, name)), join(to, ownScope, name));
};
