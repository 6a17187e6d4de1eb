/** One fresh process that opens the caseload once, ours or the peer's, from its file. What it loads beforehand is not timed. */

import { openDiskStore } from "@amana/device/disk";
import { openCaseload } from "./opening.ts";
import { loadPouch, openDocuments } from "./pouch.ts";

/** What the parent sends. */
export type NodeOrder = { readonly side: "ours" | "pouchdb"; readonly path: string };

const run = ({ side, path }: NodeOrder): Promise<object> =>
  side === "ours"
    ? openCaseload(() => {
        const opened = openDiskStore(path);
        if (!opened.ok) throw new Error("The benchmark's own store does not open.");
        return opened.value;
      })
    : openDocuments(loadPouch(path));

process.once("message", (order) => {
  // The parent is ours and sends nothing else.
  run(order as NodeOrder).then(
    (answer) => process.send?.(answer),
    (mistake: unknown) => {
      console.error(mistake);
      process.exit(1);
    },
  );
});
