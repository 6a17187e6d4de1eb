/** Runs in Chromium, in a page or in a worker: the device as it ships over the app's own store in IndexedDB, and the peer over its. */

// Types of the peers are not installed where ours are checked; the bundler finds it beside this file.
// @ts-expect-error: see above.
import PouchDB from "../node_modules/pouchdb/dist/pouchdb.min.js";
import { exhausted } from "@amana/kernel";
import type { DeviceStore } from "@amana/device";
import { openBrowserStore } from "../../apps/casework/src/worker/store.ts";
import type { CaseRow } from "../../packages/device/src/case/case-row.ts";
import type { BrowserAnswer, BrowserTask, SentFixture } from "./browser-tasks.ts";
import { openDocuments, writeDocuments, type OpenDatabase } from "./documents.ts";
import { openCaseload } from "./opening.ts";

export const carryOut = async (task: BrowserTask): Promise<BrowserAnswer> => {
  try {
    return { type: "done", value: await valueOf(task) };
  } catch (mistake) {
    return { type: "failed", because: String(mistake) };
  }
};

const valueOf = async (task: BrowserTask): Promise<unknown> => {
  switch (task) {
    case "prepare":
      return prepare();
    case "open-ours":
      await untilStoreIsFree();
      return openCaseload(openStore);
    case "open-pouchdb":
      return openDocuments(openPouch);
    case "count":
      return count();
    default:
      return exhausted(task);
  }
};

// As in `pouch.ts`: its documentation promises this much.
const openPouch: OpenDatabase = () => new (PouchDB as new (name: string) => ReturnType<OpenDatabase>)("caseload");

const openStore = async (): Promise<DeviceStore> => {
  const opened = await openBrowserStore(false);
  if (opened.kind !== "opened") throw new Error("Somebody else holds the benchmark's store.");
  return opened.store;
};

/** The page before this one lets go of it a moment after it was closed. */
const untilStoreIsFree = (): Promise<unknown> => navigator.locks.request("notes-writer", () => undefined);

const prepare = async (): Promise<number> => {
  const answer = await fetch("/fixture.json");
  // Our own site, which the benchmark wrote.
  const { stored, rows } = (await answer.json()) as SentFixture;
  const store = await openStore();
  await store.write(stored.map(([name, text]) => ({ name, value: bytesIn(text) })));
  await writeDocuments(openPouch, rows as readonly CaseRow[]); // As above.
  return stored.length;
};

const bytesIn = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

const rounds = 30_000_000;

const count = (): number => {
  const startedAt = performance.now();
  let sum = 0;
  for (let round = 0; round < rounds; round++) sum = (sum * 31 + round) | 0;
  // The sum is used, so that no compiler leaves the loop out.
  return performance.now() - startedAt + (sum === 1 ? 1 : 0);
};
