/** Takes a backup, or puts one back, in a process of its own that dies in the middle. */

import { writeSync } from "node:fs";
import { openStorage } from "../../apps/server/src/open-storage.ts";
import { writeBackup } from "../../apps/server/src/backup/backup.ts";
import { restoreBackup } from "../../apps/server/src/backup/restore.ts";
import type { Configuration } from "../../apps/server/src/configuration.ts";
import { instantOf } from "../../apps/server/src/storage/testing/organisations.ts";
import type { Storage } from "../../apps/server/src/storage/storage.ts";
import { prepareToDie } from "./dying.ts";

export type RestorePlan = {
  readonly store: Configuration["store"];
  readonly folder: string;
  readonly does: "back-up" | "restore";
  /** The half of the backup key that it needs, in hexadecimal digits. */
  readonly key: string;
  readonly now: number;
  /** So long after the step with this number; a step is a page that is read or an order of the restore. */
  readonly killIn: { readonly step: number; readonly microseconds: number };
};

// Given by the test that starts this file.
const plan = JSON.parse(process.argv[2] ?? "{}") as RestorePlan;
const key = new Uint8Array(Buffer.from(plan.key, "hex"));
const now = instantOf(plan.now);
const opened = await openStorage(plan.store, { migrates: true, restores: true });
if (!opened.ok) throw new Error("The store of a crash test must open.");
const storage = opened.value;
const die = await prepareToDie(plan.killIn.microseconds);
let steps = 0;

const step = (): void => {
  steps += 1;
  if (steps === plan.killIn.step) die();
};

/** Each order counts as it is sent. */
const counted: Storage = {
  ...storage,
  beginRestore: (order) => (step(), storage.beginRestore(order)),
  restorePage: (order) => (step(), storage.restorePage(order)),
  replayLedger: (order) => (step(), storage.replayLedger(order)),
  replayEndedKeys: (order) => (step(), storage.replayEndedKeys(order)),
  replayLeavers: (order) => (step(), storage.replayLeavers(order)),
  replayPasswords: (order) => (step(), storage.replayPasswords(order)),
  finishRestore: () => (step(), storage.finishRestore()),
  ledgerAfter: (question) => (step(), storage.ledgerAfter(question)),
  endedKeysAfter: (question) => (step(), storage.endedKeysAfter(question)),
  leaversAfter: (question) => (step(), storage.leaversAfter(question)),
  changedPasswordsAfter: (question) => (step(), storage.changedPasswordsAfter(question)),
  openSnapshot: async () => {
    const snapshot = await storage.openSnapshot();
    return {
      ...snapshot,
      async *pages() {
        for await (const page of snapshot.pages()) {
          step();
          yield page;
        }
      },
    };
  },
};

if (plan.does === "back-up") {
  await writeBackup(counted, { folder: plan.folder, recipient: key, now, days: { logs: 90, wraps: 14 } });
} else {
  const restored = await restoreBackup(counted, { folder: plan.folder, privateKey: key, now, at: undefined });
  if (!restored.ok) throw new Error("The backup of a crash test must be restored.");
}
// How many steps there are, for whoever asked for more of them.
writeSync(1, `${steps}\n`);
await storage.close();
process.exit(0);
