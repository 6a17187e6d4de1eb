/** The decision on dependencies says why each package is there that the project installs, and of none that is not. */

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

type Manifest = {
  readonly [kind in "dependencies" | "devDependencies" | "optionalDependencies"]?: Readonly<Record<string, string>>;
};

/** What `npm ci` installs by name; the peers of `bench/` and `mutation/` have locks of their own. */
const installed = (): readonly string[] => {
  const names = ["package.json", "{packages,apps,packs}/*/package.json"]
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .flatMap((path) => {
      const manifest = JSON.parse(readFileSync(join(root, path), "utf8")) as Manifest;
      return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies });
    });
  return [...new Set(names)].filter((name) => !name.startsWith("@amana/")).sort();
};

const given = (): readonly string[] => {
  const path = "docs/decisions/2026-11-21-few-pinned-dependencies-and-no-install-scripts.md";
  const rows = readFileSync(join(root, path), "utf8").matchAll(/^\| ((?!package |---)[^|]+) \|/gm);
  return [...rows].flatMap(([, names = ""]) => names.split(", ")).sort();
};

test("every package that is installed has a row that says why, and every row a package", () => {
  expect(given()).toEqual(installed());
});
