/** The files of the backup key: the public half for the server, the private half for a place that is never online. */

import { readFileSync, writeFileSync } from "node:fs";
import { backupKeyText, parseBackupKey, type BackupKey, type KeyHalf } from "@amana/server";

export type HalfBytes = BackupKey["publicKey"];

/** False when there is such a file already: a key is never written over. */
export const writeKeyFile = (path: string, half: KeyHalf, bytes: HalfBytes): boolean => {
  try {
    writeFileSync(path, backupKeyText(half, bytes), { flag: "wx", mode: half === "private" ? 0o600 : 0o644 });
    return true;
  } catch {
    return false;
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
