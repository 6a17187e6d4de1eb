/** A file that is cut by a full disk never passes for a whole one. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeBackupKey, openSealedFile, writeSealedFile } from "./sealed-file.ts";
import { now } from "../storage/testing/organisations.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "amana-sealed-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const header = { part: "ledger", schemaVersion: 5, takenAt: now } as const;

it("a chunk of which the disk takes a part fails, and the file does not get its name", () => {
  const module = new URL("./sealed-file.ts", import.meta.url).href;
  const program = `
    import { makeBackupKey, writeSealedFile } from ${JSON.stringify(module)};
    const header = ${JSON.stringify(header)};
    const writer = await writeSealedFile(${JSON.stringify(join(folder, "file"))}, header, makeBackupKey().publicKey);
    await writer.finish(new Uint8Array(2_000)).catch((error) => console.log(error.code));
  `;
  // Beyond its first block or two nothing more of a file is taken: the write that reaches there is cut, as on a full disk.
  const limited = ["-c", 'ulimit -f 1; exec "$@"', "limited", process.execPath, "--input-type=module", "-e", program];
  const { stdout } = spawnSync("/bin/sh", limited, { encoding: "utf8" });
  expect(stdout).toBe("EFBIG\n");
  expect(readdirSync(folder)).toEqual(["file.unfinished"]);
});

it("chunks come out as they went in, the last one marked", async () => {
  const { privateKey, publicKey } = makeBackupKey();
  const path = join(folder, "file");
  const [first, last] = [new Uint8Array(70_000).fill(1), Uint8Array.of(2)];
  const writer = await writeSealedFile(path, header, publicKey);
  await writer.write(first);
  await writer.finish(last);
  const opened = await openSealedFile(path, privateKey);
  if (!opened.ok) throw new Error("A test's own file opens.");
  expect(await opened.value.next()).toEqual({ ok: true, value: { content: first, isLast: false } });
  expect(await opened.value.next()).toEqual({ ok: true, value: { content: last, isLast: true } });
  await opened.value.close();
});
