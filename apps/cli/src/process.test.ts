/** Tests of the real program as a shell starts it: exit codes, pipes that close, and a great many cases. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const program = join(import.meta.dirname, "..", "bin", "amana");
const isLongRun = process.env["AMANA_LONG"] === "1";
/** Enough to overflow every buffer on the way; all hundred thousand of them in the long run. */
const casesCount = isLongRun ? 100_000 : 3_000;

const call = (argv: readonly string[], input = "") =>
  spawnSync(program, argv, { input, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
const shell = (command: string) =>
  spawnSync("sh", ["-c", command], { encoding: "utf8", env: { ...process.env, AMANA: program } });

test("exit codes reach the shell, and nothing looks like a stack trace", () => {
  expect(call(["assess", "-", "--json"], '{"age":"child"}')).toMatchObject({ status: 0, stderr: "" });
  expect(call(["contacts", "--region", "kri"])).toMatchObject({ status: 0, stderr: "" });
  for (const argv of [
    [],
    ["nonsense"],
    ["assess"],
    ["assess", "nowhere.json"],
    ["assess", "-"],
    ["pack", "check", "nowhere"],
  ]) {
    const { status, stdout, stderr } = call(argv, "not JSON");
    expect(status, argv.join(" ")).toBe(2);
    expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at |node:internal/);
  }
});

test("a reader that stops early leaves no trace of it", () => {
  expect(shell('"$AMANA" pack show rules | head -n 1')).toMatchObject({ status: 0, stderr: "" });
  const { status, stdout, stderr } = shell('yes "{}" | "$AMANA" assess --jsonl | head -n 2 | wc -l');
  expect([status, stdout.trim(), stderr]).toEqual([0, "2", ""]);
});

test("an output that is full is told in one line", () => {
  const { status, stderr } = shell('"$AMANA" contacts > /dev/full; exit $?');
  expect(status).toBe(70);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

test("a key that a full disk has no room for leaves no file that would stand in the way of the next try", () => {
  const folder = mkdtempSync(join(tmpdir(), "amana-keys-"));
  const call = `cd ${folder} && trap '' XFSZ && ulimit -f 0 && "$AMANA" server backup-key private.key public.key`;
  expect(shell(call)).toMatchObject({ status: 2, stdout: "" });
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

test("a closed standard input is an empty case, which is refused", () => {
  expect(shell('"$AMANA" assess - <&-')).toMatchObject({ status: 2, stdout: "" });
});

test("a great many cases are answered in order, within a small heap", async () => {
  const child: ChildProcess = spawn(program, ["assess", "--jsonl"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "--max-old-space-size=64" },
  });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("the program was started without its pipes");
  const ended = once(child, "close");
  const given = (async () => {
    for (let index = 0; index < casesCount; index++) {
      const line = `{"age":"${index % 3 === 0 ? "child" : "adult"}","platforms":["tiktok"]}\n`;
      if (!stdin.write(line)) await once(stdin, "drain");
    }
    stdin.end();
  })();
  let answered = 0;
  for await (const line of createInterface({ input: stdout })) {
    const answer: unknown = JSON.parse(line);
    if (!(answer as { track: string }).track.startsWith(answered % 3 === 0 ? "child" : "adult"))
      throw new Error(`answer ${answered} is out of order`);
    answered++;
  }
  await given;
  expect(answered).toBe(casesCount);
  expect((await ended)[0]).toBe(0);
});
