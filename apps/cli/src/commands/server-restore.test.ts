/** A drill that is broken off or killed leaves no wraps behind, or not for long. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert } from "@amana/kernel";
import { holdFolder, storeFile } from "@amana/server";
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

const backUp = async (): Promise<string> => {
  const data = { env: { DATA: join(folder, "data") }, folder };
  for (const words of ["server migrate", "server backup-key private public", "server backup backups --key public"])
    expect((await amana(words.split(" "), data)).code).toBe(0);
  mkdirSync(temporary());
  return join(folder, "backups");
};

const temporary = (): string => join(folder, "temporary");

/** Among temporary folders of its own. */
const drill = (backups: string) => {
  const words = ["server", "restore", backups, "--key", join(folder, "private"), "--drill"];
  return spawn(process.execPath, [program, ...words], {
    env: { TMPDIR: temporary() },
    stdio: ["ignore", "pipe", "inherit"],
  });
};

/** Ends one by this signal once it has a store; gives by what it ended. */
const breakOff = async (backups: string, signal: NodeJS.Signals): Promise<NodeJS.Signals | null> => {
  const ledger = join(backups, readdirSync(backups).find((name) => name.includes(".ledger.")) ?? "");
  for (let number = 0; number < ledgersMany; number++)
    cpSync(ledger, join(backups, `2001-01-01T00-00-00-${String(number).padStart(3, "0")}Z.ledger.amana-backup`));
  const child = drill(backups);
  const ended = once(child, "close");
  const isBegun = (): boolean =>
    readdirSync(temporary()).some((name) => existsSync(join(temporary(), name, "amana.sqlite-wal")));
  const watcher = watch(temporary(), { recursive: true }, () => {
    if (isBegun()) child.kill(signal);
  });
  await ended;
  watcher.close();
  for (const name of readdirSync(backups).filter((each) => each.startsWith("2001-"))) rmSync(join(backups, name));
  return child.signalCode;
};

test.each(["SIGINT", "SIGTERM"] as const)(
  "a drill that is broken off by %s removes what it restored",
  async (signal) => {
    expect(await breakOff(await backUp(), signal)).toBe(signal);
    expect(readdirSync(temporary())).toEqual([]);
  },
);

test("what a drill left that was killed goes with the next one, which says so and leaves alone what another holds", async () => {
  const backups = await backUp();
  expect(await breakOff(backups, "SIGKILL")).toBe("SIGKILL");
  expect(readdirSync(temporary())).toHaveLength(1);
  const living = join(temporary(), "amana-drill-living");
  mkdirSync(living);
  writeFileSync(join(living, storeFile), "");
  const hold = holdFolder(living);
  assert(hold.ok, "Nobody else holds a test's own folder.");
  const child = drill(backups);
  let out = "";
  child.stdout.on("data", (bytes: Buffer) => (out += bytes.toString()));
  expect(await once(child, "close")).toEqual([0, null]);
  expect(out).toMatch(/^Removed what earlier drills had left that were killed: 1\.\n/);
  expect(readdirSync(temporary())).toEqual(["amana-drill-living"]);
  hold.value.letGo();
});

test("a drill that can make no folder says what to do", async () => {
  const backups = await backUp();
  rmSync(temporary(), { recursive: true });
  const child = spawnSync(
    process.execPath,
    [program, "server", "restore", backups, "--key", join(folder, "private"), "--drill"],
    { env: { TMPDIR: temporary() }, encoding: "utf8" },
  );
  expect([child.status, child.stdout]).toEqual([1, ""]);
  expect(child.stderr).toBe(
    "amana: A drill needs a folder among the temporary ones, and none can be made (ENOENT). Set TMPDIR to a folder where you may write.\n",
  );
});
