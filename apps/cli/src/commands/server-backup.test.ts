/** A backup that somebody breaks off leaves nothing half written behind. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { storeFile } from "@amana/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { amana } from "../testing/terminal.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "amana-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const program = join(import.meta.dirname, "../main.ts");
/** So that a backup writes for some time. */
const rowsMany = 200_000;

const fillLedger = (): void => {
  const database = new DatabaseSync(join(folder, "data", storeFile));
  database.exec(`
    INSERT INTO ledger (organisation, log_id, entry_hash, proposal, confirmation, written_at)
    WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ${rowsMany})
    SELECT 1, randomblob(16), randomblob(32), randomblob(32), randomblob(32), number FROM numbers`);
  database.close();
};

test.each([
  ["SIGINT", []],
  ["SIGTERM", []],
  ["SIGHUP", ["--ledger"]],
] as const)("a backup that is broken off by %s with %j leaves no unfinished file", async (signal, more) => {
  const data = { env: { DATA: join(folder, "data") }, folder };
  for (const words of ["server migrate", "server backup-key private public"])
    expect((await amana(words.split(" "), data)).code).toBe(0);
  fillLedger();
  const backups = join(folder, "backups");
  mkdirSync(backups);
  const words = ["server", "backup", backups, "--key", join(folder, "public"), ...more];
  const child = spawn(process.execPath, [program, ...words], { env: data.env, stdio: "ignore" });
  const ended = once(child, "close");
  const watcher = watch(backups, () => {
    if (readdirSync(backups).length === 0) return;
    // Once: a second signal would not wait.
    watcher.close();
    child.kill(signal);
  });
  expect(await ended).toEqual([null, signal]);
  expect(readdirSync(backups)).toEqual([]);
});
