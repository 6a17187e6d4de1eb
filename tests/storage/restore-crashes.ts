/** Backups and restores that are killed: what every store must have afterwards, whichever it is. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { assert } from "@amana/kernel";
import { toHex } from "@amana/log";
import { writeBackup } from "../../apps/server/src/backup/backup.ts";
import { restoreBackup } from "../../apps/server/src/backup/restore.ts";
import { makeBackupKey } from "../../apps/server/src/backup/sealed-file.ts";
import type { Configuration } from "../../apps/server/src/configuration.ts";
import { openStorage, storeFile } from "../../apps/server/src/open-storage.ts";
import type { StorageSettings } from "../../apps/server/src/storage/open-storage.ts";
import type { Storage } from "../../apps/server/src/storage/storage.ts";
import { day, instantOf, now } from "../../apps/server/src/storage/testing/organisations.ts";
import { digestOfStore } from "./dump.ts";
import type { RestorePlan } from "./restore-writer.ts";
import { storyOf } from "./story-orders.ts";

export type StoreConfiguration = Configuration["store"];

const isLongRun = process.env["AMANA_LONG"] === "1";
/** Between these two the number of steps lies; a step that is not there is after the end. */
const stepsMax = 28;
const key = makeBackupKey();
const earlier = now;
const later = instantOf(now + day / 2);

const killed = async (plan: RestorePlan): Promise<NodeJS.Signals | null> => {
  const flag = "--disable-warning=ExperimentalWarning";
  const writer = spawn(process.execPath, [flag, join(import.meta.dirname, "restore-writer.ts"), JSON.stringify(plan)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = text(writer.stdout);
  // What a process ends with: its status, or the signal.
  const [status, signal] = (await once(writer, "close")) as [number | null, NodeJS.Signals | null];
  assert(signal !== null || status === 0, "A restore of a crash test was refused.");
  await said;
  return signal;
};

const opened = async (store: StoreConfiguration): Promise<Storage> => {
  const storage = await openStorage(store, { migrates: true, restores: true });
  assert(storage.ok, "A store of a crash test must open.");
  return storage.value;
};

const settingsOf = (store: StoreConfiguration): StorageSettings =>
  store.kind === "sqlite"
    ? { kind: "sqlite", file: join(store.folder, storeFile), migrates: true }
    : { kind: "postgres", url: store.address, migrates: true };

const digestOf = (store: StoreConfiguration): Promise<string> => digestOfStore(settingsOf(store));

/** A store with a whole story in it, and a backup of it from before. */
const prepared = async (store: StoreConfiguration) => {
  const folder = mkdtempSync(join(tmpdir(), "amana-killed-"));
  const storage = await opened(store);
  for await (const { send } of storyOf(storage)) await send();
  const days = { logs: 90, wraps: 14 };
  await writeBackup(storage, { folder, recipient: key.publicKey, now: earlier, days });
  return { folder, storage };
};

const restoreInto = async (store: StoreConfiguration, folder: string): Promise<string> => {
  const storage = await opened(store);
  const restored = await restoreBackup(storage, { folder, privateKey: key.privateKey, now: later, at: undefined });
  expect(restored.ok).toBe(true);
  await storage.close();
  return digestOf(store);
};

const asServerFinds = async (store: StoreConfiguration): Promise<string> => {
  const storage = await openStorage(store, { migrates: true });
  if (!storage.ok) return storage.error.type;
  const standing = await storage.value.storeStanding();
  await storage.value.close();
  return standing;
};

/** `newStore` gives an empty one each time. `stepsUsually` are enough outside of the long run, which takes every one. */
export const itSurvivesEveryKill = (newStore: () => StoreConfiguration, stepsUsually: readonly number[]): void => {
  it("has a backup to restore whenever one is killed, and a store that no server opens where a restore is", async () => {
    const store = newStore();
    const { folder, storage } = await prepared(store);
    await storage.close();
    const whole = await restoreInto(newStore(), folder);
    const steps = isLongRun ? Array.from({ length: stepsMax }, (_, at) => at + 1) : stepsUsually;
    const moments = isLongRun ? [0, 1_000] : [1_000];
    const points = steps.flatMap((step) => moments.map((microseconds) => ({ step, microseconds })));
    const ends = new Set<string>();
    for (const killIn of points) {
      const backUp = { store, folder, does: "back-up" as const, key: toHex(key.publicKey), now: later, killIn };
      await killed(backUp);
      expect(await restoreInto(newStore(), folder), JSON.stringify(killIn)).toBe(whole);

      const into = newStore();
      const restore = { store: into, folder, does: "restore" as const, key: toHex(key.privateKey), now: later, killIn };
      await killed(restore);
      const end = await asServerFinds(into);
      ends.add(end);
      const restored = end === "used" ? await digestOf(into) : await restoreInto(into, folder);
      expect(restored, `${end} ${JSON.stringify(killIn)}`).toBe(whole);
    }
    expect([...ends].filter((end) => !["empty", "RestoreUnfinished", "used"].includes(end))).toEqual([]);
    expect(ends).toContain("RestoreUnfinished");
    rmSync(folder, { recursive: true });
  });
};
