/** PouchDB with a document for each case, its content in clear: what is timed of it, and how it is brought in Node.js. */

import { createRequire } from "node:module";
import { join } from "node:path";
import type { OpenDatabase } from "./documents.ts";

export { openDocuments } from "./documents.ts";

const loadPeer = createRequire(join(import.meta.dirname, "..", "package.json"));

/** In LevelDB, in this folder. */
export const loadPouch = (folder: string): OpenDatabase => {
  // Types of the peers are not installed where ours are checked; its documentation promises this much.
  const Pouch = loadPeer("pouchdb") as new (name: string) => ReturnType<OpenDatabase>;
  return () => new Pouch(join(folder, "caseload"));
};
