/** Makes the folders that the server keeps things in, and gives what is made there to whom it belongs. */

import { existsSync, lchownSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A folder and what is missing of those above it, for this user alone. Throws the system's own error where there can be none. One
 * after the other: where none can be made below one that is there, as under /proc, Node.js itself would try for ever.
 */
export const makeFolder = (path: string): void => {
  if (isFolder(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!isFolder(path)) throw error;
  }
};

/**
 * What makes this file. Made by root it goes to whom its folder belongs: a server with a user of its own opens what an administrator
 * has restored. Where the system does not give it away it stays as it was made.
 */
export const makeForFolder = <T>(file: string, make: () => T): T => {
  const wasThere = existsSync(file);
  const made = make();
  if (wasThere || process.getuid?.() !== 0) return made;
  const { uid, gid } = statSync(dirname(file));
  try {
    // Of a link that somebody has put there only the link itself.
    if (uid !== 0) lchownSync(file, uid, gid);
  } catch {
    // A disk without owners, or a root that may not do everything.
  }
  return made;
};

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};
