/**
 * The folders into which drills restore: made among the temporary ones, and removed afterwards.
 *
 * What must stay true: what a killed drill left goes with the next restore, and never what another one is at work on. Wraps lie in
 * it, and nobody would look for them there once their 14 days are over.
 */

import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { err, ok, type Result } from "@amana/kernel";
import { holdFolder, storeFile } from "@amana/server";

const prefix = "amana-drill-";

/** The code is the system's, where none can be made. */
export const makeDrillFolder = (): Result<string, { readonly code: string }> => {
  try {
    return ok(mkdtempSync(join(tmpdir(), prefix)));
  } catch (error) {
    return err({ code: error instanceof Error && "code" in error ? String(error.code) : "?" });
  }
};

/** Gives how many there were. */
export const removeKilledDrills = (): number => {
  const folders = namesIn(tmpdir()).map((name) => join(tmpdir(), name));
  return folders.filter((folder) => isOwnDrill(folder) && removeUnheld(folder)).length;
};

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
};

/** A drill holds its folder before there is a store in it. What another user made is not looked into. */
const isOwnDrill = (folder: string): boolean => {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const isOwn = found?.isDirectory() === true && found.uid === (process.getuid?.() ?? found.uid);
  return isOwn && existsSync(join(folder, storeFile));
};

const removeUnheld = (folder: string): boolean => {
  try {
    const hold = holdFolder(folder);
    if (!hold.ok) return false;
    rmSync(folder, { recursive: true, force: true });
    hold.value.letGo();
    return true;
  } catch {
    // Another restore removed it first, or the system does not let it go: the next one looks again.
    return false;
  }
};
