/** Makes the folders that the server keeps things in. */

import { mkdirSync, statSync } from "node:fs";
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

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};
