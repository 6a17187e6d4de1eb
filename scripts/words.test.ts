/** What a person types after a script that takes no words. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "amana-words-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ["start.ts", ["--port", "9000"], "PORT=8081 npm start"],
  ["demo.ts", ["9000"], "PORT=8081 npm start"],
  ["build.ts", ["--new"], "--anew"],
  ["build.ts", ["guide"], "--anew"],
])("refuses, in a line and before anything is begun, after %s: %j", (script, words, instead) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, script), ...words], {
    encoding: "utf8",
    env: { DATA: folder, PORT: "0", TMPDIR: folder },
    timeout: 20_000,
  });
  expect([status, stdout, stderr.split("\n").length]).toEqual([2, "", 2]);
  expect(stderr).toContain(instead);
  expect(readdirSync(folder)).toEqual([]);
});
