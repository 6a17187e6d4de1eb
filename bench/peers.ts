/**
 * Brings the peers that we measure ourselves beside. They have a lock of their own and are installed
 * into this folder when they are missing, so that installing Amana never brings them along.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = import.meta.dirname;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const readJson = (path: string): Readonly<Record<string, unknown>> => {
  const read: unknown = JSON.parse(readFileSync(path, "utf8"));
  return isRecord(read) ? read : {};
};

/** The version that is installed, or undefined. */
export const installedVersion = (peer: string): string | undefined => {
  const manifest = join(folder, "node_modules", peer, "package.json");
  return existsSync(manifest) ? String(readJson(manifest)["version"]) : undefined;
};

/** Installs what is locked, unless it is there already. What npm says goes to stderr, away from the figures. */
export const installPeers = (): void => {
  const wanted = readJson(join(folder, "package.json"))["devDependencies"];
  const isThere =
    isRecord(wanted) && Object.entries(wanted).every(([peer, version]) => installedVersion(peer) === version);
  if (isThere) return;
  console.error("Installing the peers into bench/node_modules …");
  // The lock names only parts that some registry was seen to have: with the parts of some peers for other kinds of machine, `ci` refuses it.
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("The peers could not be installed: npm in bench/ failed.");
};

/**
 * Imports a peer. By path and not by name, because the peers are absent where types and lint are
 * checked; the caller says in its own words the little that it uses of the peer.
 */
export const importPeer = async (peer: string, entry: string): Promise<unknown> =>
  import(pathToFileURL(join(folder, "node_modules", peer, entry)).href);
