/** The files of the backup key: the public half for the server, the private half for a place that is never online. */

import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { backupKeyText, parseBackupKey, type BackupKey, type KeyHalf } from "@amana/server";

export type HalfBytes = BackupKey["publicKey"];

/** False when there is such a file already, which is never written over, or when it cannot be written: then there is none. */
export const writeKeyFile = (path: string, half: KeyHalf, bytes: HalfBytes): boolean => {
  let file: number;
  try {
    file = openSync(path, "wx", half === "private" ? 0o600 : 0o644);
  } catch {
    return false;
  }
  try {
    writeFileSync(file, backupKeyText(half, bytes));
    return true;
  } catch {
    // What a full disk took a part of would stand in the way of the next try.
    rmSync(path, { force: true });
    return false;
  } finally {
    closeSync(file);
  }
};

/** Nothing when the file is missing, or holds something else than this half of a key. */
export const readKeyFile = (path: string, half: KeyHalf): HalfBytes | undefined => {
  try {
    return parseBackupKey(half, readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
};
