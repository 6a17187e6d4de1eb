/** In Node.js: the caseload from a file on the disk, each opening in a fresh process, by turns with the peer. */

import { fork } from "node:child_process";
import { join } from "node:path";
import { openDiskStore } from "@amana/device/disk";
import type { Fixture } from "./fixture.ts";
import type { NodeOrder } from "./node-child.ts";
import type { Opened } from "./opening.ts";
import { writeDocuments } from "./documents.ts";
import { loadPouch } from "./pouch.ts";

const turns = 5;

export type Openings = { readonly ours: readonly Opened[]; readonly pouchdb: readonly number[] };

export const openInNode = async ({ contents, rows }: Fixture, folder: string): Promise<Openings> => {
  const path = join(folder, "store");
  await writeStore(path, contents);
  await writeDocuments(loadPouch(folder), rows);
  const ours: Opened[] = [];
  const pouchdb: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    // Each child answers what its side of `node-child.ts` gives.
    ours.push((await inChild({ side: "ours", path })) as Opened);
    const peer = (await inChild({ side: "pouchdb", path: folder })) as Pick<Opened, "openMilliseconds">; // As above.
    pouchdb.push(peer.openMilliseconds);
  }
  return { ours, pouchdb };
};

const writeStore = async (path: string, contents: Fixture["contents"]): Promise<void> => {
  const store = openDiskStore(path);
  if (!store.ok) throw new Error("The benchmark's own store does not open.");
  await store.value.write([...contents].map(([name, value]) => ({ name, value })));
  store.value.release();
};

const inChild = (order: NodeOrder): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, "node-child.ts"), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    child.once("message", (answer) => {
      child.kill("SIGKILL");
      resolve(answer);
    });
    child.once("exit", () => reject(new Error("A process of the benchmark ended without an answer.")));
    child.send(order);
  });
