/** A drill that somebody breaks off leaves no wraps behind. */

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { amana } from "../testing/terminal.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "amana-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const program = join(import.meta.dirname, "../main.ts");
/** So that a drill reads for some time. */
const ledgersMany = 1_000;

test.each(["SIGINT", "SIGTERM"] as const)(
  "a drill that is broken off by %s removes what it restored",
  async (signal) => {
    const data = { env: { DATA: join(folder, "data") }, folder };
    for (const words of ["server migrate", "server backup-key private public", "server backup backups --key public"])
      expect((await amana(words.split(" "), data)).code).toBe(0);
    const backups = join(folder, "backups");
    const ledger = join(backups, readdirSync(backups).find((name) => name.includes(".ledger.")) ?? "");
    for (let number = 0; number < ledgersMany; number++)
      cpSync(ledger, join(backups, `2001-01-01T00-00-00-${String(number).padStart(3, "0")}Z.ledger.amana-backup`));
    const temporary = join(folder, "temporary");
    mkdirSync(temporary);
    const words = ["server", "restore", backups, "--key", join(folder, "private"), "--drill"];
    const child = spawn(process.execPath, [program, ...words], { env: { TMPDIR: temporary }, stdio: "ignore" });
    const ended = new Promise<NodeJS.Signals | null>((resolve) => {
      child.on("close", (_status, by) => resolve(by));
    });
    const isBegun = (): boolean =>
      readdirSync(temporary).some((name) => existsSync(join(temporary, name, "amana.sqlite-wal")));
    const watcher = watch(temporary, { recursive: true }, () => {
      if (isBegun()) child.kill(signal);
    });
    expect(await ended).toBe(signal);
    watcher.close();
    expect(readdirSync(temporary)).toEqual([]);
  },
);
