/**
 * One of each order that a store takes, in a process of its own that dies in the middle of the one it is told. The same choice is
 * made in every run, so that what stands before and after each order is the same too, and told by a digest of all tables.
 */

import crypto, { createHash } from "node:crypto";
import { copyFileSync, existsSync, writeSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import type { StorageSettings } from "../../apps/server/src/storage/open-storage.ts";
import { digestOfStore } from "./dump.ts";
import { prepareToDie } from "./dying.ts";

export type StoryPlan = {
  readonly settings: StorageSettings;
  /** In the middle of this order, so long after it was sent; undefined lives on. */
  readonly killIn: { readonly order: string; readonly microseconds: number } | undefined;
  /** Where the files of a SQLite store are copied to, as they are before and after each order. */
  readonly copies: string | undefined;
};

/** One line of output each. */
export type StoryLine = {
  readonly says: "sending" | "acknowledged";
  readonly order: string;
  readonly digest: string;
};

// Given by the test that starts this file.
const plan = JSON.parse(process.argv[2] ?? "{}") as StoryPlan;

let drawn = 0;
crypto.randomBytes = (length: number) => {
  drawn += 1;
  return createHash("shake256", { outputLength: length }).update(`random ${drawn}`).digest();
};
syncBuiltinESMExports();
// What it draws must be what was put in its place.
const { openStorage } = await import("../../apps/server/src/storage/open-storage.ts");
const { storyOf } = await import("./story-orders.ts");

const say = (line: StoryLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const copyFiles = (name: string): void => {
  const { copies, settings } = plan;
  if (copies === undefined || settings.kind !== "sqlite") return;
  for (const end of ["", "-wal"]) {
    const from = `${settings.file}${end}`;
    if (existsSync(from)) copyFileSync(from, join(copies, `${name}${end}`));
  }
};

/** A run that ends in one order says nothing of those before it. */
const isSaid = (order: string): boolean => plan.killIn === undefined || plan.killIn.order === order;

const run = async (order: string, send: () => Promise<unknown>): Promise<void> => {
  if (!isSaid(order)) {
    await send();
    return;
  }
  const die = plan.killIn?.order === order ? await prepareToDie(plan.killIn.microseconds) : undefined;
  copyFiles(`${order}.before`);
  say({ says: "sending", order, digest: await digestOfStore(plan.settings) });
  die?.();
  await send();
  if (die !== undefined) await forever;
  copyFiles(`${order}.after`);
  say({ says: "acknowledged", order, digest: await digestOfStore(plan.settings) });
};

/** An order that was quicker waits for its end here. */
const forever = new Promise<never>(() => {
  // It has none.
});

let opened: Awaited<ReturnType<typeof openStorage>> | undefined;
await run("migrate", async () => {
  opened = await openStorage(plan.settings);
});
if (opened?.ok !== true) throw new Error("The store of a crash test must open.");
const storage = opened.value;
for await (const { order, send } of storyOf(storage)) await run(order, send);
await storage.close();
