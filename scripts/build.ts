/**
 * Builds what is missing or stale, so that what is served is always what the files say.
 *
 * A build is known by a hash over everything it is made from, written into its folder as the last
 * step: a build that was cut off has no hash and is done again.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { refuseWords } from "./words.ts";
import { projectRoot } from "./workspaces.ts";

export type Build = {
  readonly name: string;
  readonly program: string;
  readonly output: string;
  /** Everything the output depends on, by folder or file. Tests are left out. */
  readonly sources: readonly string[];
};

const productBuilds: readonly Build[] = [
  {
    name: "guide",
    program: "apps/guide/build.ts",
    output: "apps/guide/dist",
    sources: ["apps/guide", "packages/{kernel,pathway,proof,ui}", "packs", "package-lock.json"],
  },
  {
    name: "casework app",
    program: "apps/casework/build.ts",
    output: "apps/casework/dist",
    sources: ["apps/casework", "packages", "packs", "package-lock.json"],
  },
];

export type BuildOptions = {
  readonly anew: boolean;
  readonly builds?: readonly Build[];
  readonly root?: string;
};

/** The server never shows it: names that start with a dot are not served. */
const hashFile = ".built-from";

/** Builds in their order and stops at the first that fails, which then counts as stale. True when all are current. */
export const buildWhatIsStale = ({ anew, builds = productBuilds, root = projectRoot }: BuildOptions): boolean =>
  builds.filter((build) => existsSync(join(root, build.program))).every((build) => bringUpToDate(build, root, anew));

const bringUpToDate = (build: Build, root: string, anew: boolean): boolean => {
  const marker = join(root, build.output, hashFile);
  const hash = hashOfSources(build, root);
  if (!anew && existsSync(marker) && readFileSync(marker, "utf8") === hash) {
    console.log(`The ${build.name} is built and up to date.`);
    return true;
  }
  console.log(`Building the ${build.name} …`);
  rmSync(marker, { force: true });
  const { status } = spawnSync(process.execPath, [build.program], { cwd: root, stdio: "inherit" });
  if (status === 0) writeFileSync(marker, hash);
  else console.error(`The ${build.name} could not be built: ${build.program} ended with ${status ?? "a signal"}.`);
  return status === 0;
};

const hashOfSources = ({ sources }: Build, root: string): string => {
  const hash = createHash("sha256");
  const paths = sources.flatMap((source) => globSync([source, `${source}/**/*`], { cwd: root }));
  for (const path of [...new Set(paths)].sort()) {
    if (/(^|\/)(dist|node_modules)\/|\.test\.ts$/.test(path) || !statSync(join(root, path)).isFile()) continue;
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  }
  return hash.digest("hex");
};

if (import.meta.main) {
  const words = process.argv.slice(2);
  const others = words.filter((word) => word !== "--anew");
  refuseWords(others, "a build takes --anew and nothing else");
  if (!buildWhatIsStale({ anew: words.length > 0 })) process.exitCode = 1;
}
