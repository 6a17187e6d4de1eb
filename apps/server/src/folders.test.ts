/** Folders that the server makes, and those that it cannot make. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeFolder } from "./folders.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "amana-folders-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("is made with those above it, for this user alone, and may be there already", () => {
  const path = join(folder, "one", "two");
  for (const _time of [1, 2]) makeFolder(path);
  for (const each of [path, join(folder, "one")]) expect(statSync(each).mode & 0o777).toBe(0o700);
});

it("is refused in the place of a file, and below one", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  expect(() => makeFolder(file)).toThrow("EEXIST");
  expect(() => makeFolder(join(file, "below"))).toThrow("mkdir");
});

it("is refused where none can be made, such as below /proc, and nobody tries for ever", () => {
  const program = `
    import { makeFolder } from ${JSON.stringify(join(import.meta.dirname, "folders.ts"))};
    try { makeFolder("/proc/amana/data"); } catch (error) { console.log(error.syscall); }
  `;
  // In a process of its own, which can be ended.
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    timeout: 60_000,
  });
  expect(stdout).toBe("mkdir\n");
});
