/** The operator's commands, from the settings in the environment to the store on the disk. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { assert, parseInstant, type Instant, type Result } from "@amana/kernel";
import { openStorage, readConfiguration } from "@amana/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { amana, type Seen } from "../testing/terminal.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "amana-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (text: string): Instant => {
  const instant = parseInstant(text);
  if (!instant.ok) throw new Error("A test's own time must be one.");
  return instant.value;
};
let now = at("2026-11-21T09:00:00Z");

const must = <T>(result: Result<T, unknown>): T => {
  assert(result.ok, "A test's own step must succeed.");
  return result.value;
};

const run = (words: string, env: Readonly<Record<string, string>> = {}): Promise<Seen> =>
  amana(words.split(" "), { folder, now: () => now, env: { DATA: join(folder, "data"), ...env } });

const backUp = async (): Promise<void> => {
  await run("server migrate");
  await run("server set-up");
  await run("server backup-key private.key public.key");
  expect((await run("server backup backups --key public.key")).code).toBe(0);
};

test("a wrong setting is named and its value is not", async () => {
  const { code, err } = await run("server set-up", { DATABASE_URL: "mysql://planted" });
  expect([code, err]).toEqual([
    2,
    "amana: These settings are wrong: DATABASE_URL. What each may be: docs/guides/administrator.md.\n",
  ]);
});

test("a store that does not open is said with the code of what stands in the way", async () => {
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "data", "amana.sqlite"), "no store at all ".repeat(64));
  expect(await run("server set-up")).toMatchObject({
    code: 1,
    err: expect.stringContaining("cannot be opened (SQLITE_26).") as string,
  });
});

test("a store that is not there yet is not made by the way: migrate makes it", async () => {
  await run("server backup-key private.key public.key");
  for (const command of ["server set-up", "server come-back", "server backup backups --key public.key"]) {
    const { code, err } = await run(command);
    expect([code, err.split("\n").length], command).toEqual([1, 2]);
    expect(err).toContain("There is no store yet where DATA or DATABASE_URL says");
  }
  expect(readdirSync(folder).sort()).toEqual(["private.key", "public.key"]);
  expect(await run("server migrate")).toMatchObject({ code: 0, out: "The tables are of version 5.\n" });
  expect((await run("server set-up")).code).toBe(0);
});

test("a link to set up an organisation is printed, for the address that people open, and another each time", async () => {
  await run("server migrate");
  const link = async (): Promise<string> => {
    const { out } = await run("server set-up", { ORIGIN: "https://amana.example.org" });
    return /^https:\/\/amana\.example\.org\/app\/#found=([A-Za-z0-9_-]{43})$/m.exec(out)?.[1] ?? "";
  };
  const { out } = await run("server set-up", { HOST: "0.0.0.0" });
  expect(out).toContain("\nhttp://127.0.0.1:8080/app/#found=");
  // Which port it is only the server knows then, and a link that leads nowhere would be used up by nobody.
  const nowhere = await run("server set-up", { PORT: "0" });
  expect([nowhere.code, nowhere.out]).toEqual([2, ""]);
  expect(nowhere.err).toContain("PORT=0 does not say where the server is.");
  expect((await run("server set-up", { PORT: "0", ORIGIN: "https://amana.example.org" })).code).toBe(0);
  const [one, other] = [await link(), await link()];
  expect(one).not.toBe("");
  expect(other).not.toBe(one);
});

test("a code by which somebody comes back is printed, alone on its line, and is no link to set up an organisation", async () => {
  expect((await run("server come-back")).code).toBe(1);
  await run("server migrate");
  const { code, out } = await run("server come-back");
  expect(code).toBe(0);
  expect(out).toMatch(/72[^]*\n[A-Za-z0-9_-]{43}\n$/);
  expect(out).not.toContain("found=");
});

test("a backup key is written once, its private half for its owner alone, never over another, and whole or not at all", async () => {
  expect((await run("server backup-key private.key public.key")).code).toBe(0);
  const before = readFileSync(join(folder, "private.key"), "utf8");
  expect(statSync(join(folder, "private.key")).mode & 0o077).toBe(0);
  expect((await run("server backup-key private.key other.key")).code).toBe(2);
  expect(readFileSync(join(folder, "private.key"), "utf8")).toBe(before);
  const files = readdirSync(folder).sort();
  expect((await run("server backup-key second.key public.key")).code).toBe(2);
  expect(readdirSync(folder).sort()).toEqual(files);
});

test("a backup is proved by a drill that leaves the store alone, and restored into an empty one", async () => {
  await backUp();
  const drilled = await run("server restore backups --key private.key --drill");
  expect(drilled).toMatchObject({ code: 0, err: "" });
  expect(drilled.out).toContain("Restored the backup of 2026-11-21T09:00:00.000Z");
  const elsewhere = { DATA: join(folder, "restored") };
  expect((await run("server restore backups --key private.key", elsewhere)).code).toBe(0);
  expect(readdirSync(join(folder, "restored"))).toContain("amana.sqlite");
});

test("an earlier backup is restored where its time is said, into a store in which a server was only started", async () => {
  await backUp();
  now = at("2026-11-22T09:00:00Z");
  expect((await run("server backup backups --key public.key")).code).toBe(0);
  const restored = { DATA: join(folder, "restored") };
  await run("server migrate", restored);
  await run("server set-up", restored);
  const earlier = await run("server restore backups --key private.key --at 2026-11-22T08:59:59Z", restored);
  expect(earlier).toMatchObject({ code: 0, err: "" });
  expect(earlier.out).toContain("Restored the backup of 2026-11-21T09:00:00.000Z");
  expect(earlier.out).toContain("Ledgers replayed: 2. Erasures in them: 0.");
  expect((await run("server restore backups --key private.key --at yesterday --drill")).code).toBe(2);
  expect((await run("server restore backups --key private.key --at 2026-11-20T09:00:00Z --drill")).err).toContain(
    "There is no backup in this folder of 2026-11-20T09:00:00.000Z or before.",
  );
  const backups = join(folder, "backups");
  for (const name of readdirSync(backups).filter((each) => each.includes(".ledger."))) rmSync(join(backups, name));
  expect((await run("server restore backups --key private.key --drill")).err).toContain(
    "it takes a file *.logs.amana-backup and at least one *.ledger.amana-backup.",
  );
  now = at("2026-11-21T09:00:00Z");
});

test("a store into which a restore did not end is opened for another restore alone, and every other command says so", async () => {
  await backUp();
  const { store } = must(readConfiguration({ DATA: join(folder, "data") }));
  const storage = must(await openStorage(store, { migrates: false }));
  must(await storage.beginRestore({ now }));
  await storage.close();
  for (const command of ["server set-up", "server migrate", "server backup backups --key public.key"]) {
    const { code, err } = await run(command);
    expect([code, err], command).toEqual([
      1,
      "amana: A backup was being restored into this store and that did not end. Run again, to its end: amana server restore.\n",
    ]);
  }
  expect((await run("server restore backups --key private.key")).code).toBe(0);
  expect((await run("server set-up")).code).toBe(0);
});

test("beside a server that runs every command works but a restore into its store, which is refused and changes nothing", async () => {
  await backUp();
  const { store } = must(readConfiguration({ DATA: join(folder, "data") }));
  const served = must(await openStorage(store, { migrates: false, holds: true }));
  now = at("2026-11-22T09:00:00Z");
  for (const command of [
    "server set-up",
    "server come-back",
    "server migrate",
    "server backup backups --key public.key",
    "server backup backups --key public.key --ledger",
    "server restore backups --key private.key --drill",
  ])
    expect(await run(command), command).toMatchObject({ code: 0, err: "" });
  const { code, err } = await run("server restore backups --key private.key");
  expect([code, err]).toEqual([
    1,
    "amana: A server runs on this store, or a backup is being restored into it. Stop that first, or name another store with DATA or DATABASE_URL.\n",
  ]);
  expect(await served.storeStanding()).toBe("empty");
  await served.close();
  expect((await run("server restore backups --key private.key")).code).toBe(0);
  now = at("2026-11-21T09:00:00Z");
});

test("a folder that is empty, as of a variable that is not set, is not the one that somebody happens to be in", async () => {
  await backUp();
  const before = readdirSync(folder).sort();
  const { code, err } = await run("server backup  --key public.key");
  expect([code, err]).toEqual([2, expect.stringContaining("A word of this call is empty")]);
  expect(readdirSync(folder).sort()).toEqual(before);
});

test("the private half never passes for the public one, so that no server is given it by mistake", async () => {
  await run("server migrate");
  await run("server backup-key private.key public.key");
  const backed = await run("server backup backups --key private.key");
  expect([backed.code, backed.err]).toEqual([
    2,
    "amana: private.key holds no public half of a backup key, or cannot be read. Make one: amana server backup-key.\n",
  ]);
  await run("server backup backups --key public.key");
  const drilled = await run("server restore backups --key public.key --drill");
  expect([drilled.code, drilled.err]).toEqual([
    2,
    "amana: public.key holds no private half of a backup key, or cannot be read. Take the one that you keep offline.\n",
  ]);
  for (const command of ["server backup --key public.key", "server restore backups --drill"])
    expect((await run(command)).err, command).toMatch(/^amana: Say the folder/);
});

test("a folder that cannot be written or read is said in words, with the system's code, and is no mistake of ours", async () => {
  await backUp();
  writeFileSync(join(folder, "file"), "");
  const words = (code: string): string =>
    `amana: The system refused a file or a folder (${code}). Is the path right, may it be written here, and is there room on the disk?\n`;
  for (const more of ["", " --ledger"]) {
    const { code, err } = await run(`server backup file --key public.key${more}`);
    expect([code, err]).toEqual([1, words("EEXIST")]);
  }
  const drilled = await run("server restore file --key private.key --drill");
  expect([drilled.code, drilled.err]).toEqual([1, words("ENOTDIR")]);
});

test("a store that takes nothing more is said in words", async () => {
  await run("server migrate");
  const other = new DatabaseSync(join(folder, "data", "amana.sqlite"));
  other.exec("CREATE TRIGGER refused BEFORE INSERT ON set_up_codes BEGIN SELECT RAISE(ABORT, 'refused'); END");
  other.close();
  const { code, err } = await run("server set-up");
  expect(code).toBe(1);
  expect(err).toMatch(/^amana: The server's store gave no answer \(SQLITE_\d+\)\./);
});

test("a backup that is damaged, of another key, or not there is refused in words", async () => {
  await backUp();
  await run("server backup-key other-private.key other-public.key");
  expect((await run("server restore backups --key other-private.key --drill")).err).toContain("another key");
  const logs = readdirSync(join(folder, "backups")).find((name) => name.includes(".logs.")) ?? "";
  const path = join(folder, "backups", logs);
  writeFileSync(path, readFileSync(path).subarray(0, -1));
  expect(await run("server restore backups --key private.key --drill")).toMatchObject({
    code: 1,
    err: `amana: ${logs} is damaged or not whole. Nothing was restored. Look for another copy of it. If it is no ledger, an earlier backup will do: --at TIME.\n`,
  });
  rmSync(path);
  expect((await run("server restore backups --key private.key --drill")).err).toContain("There is no backup");
});

test("the doctor says of each check whether it is fine, and fails when one is not", async () => {
  const careless = createServer((_request, response) => response.end("hello"));
  await once(careless.listen(0, "127.0.0.1"), "listening");
  now = at(new Date().toISOString());
  const address = `http://127.0.0.1:${(careless.address() as AddressInfo).port}`;
  const { code, out } = await run(`server doctor ${address}`);
  expect(code).toBe(1);
  expect(out).toContain("fine  answers\n");
  expect(out).toContain("wrong  headers-of-pages\n");
  expect(out).toMatch(/\nWhat each name means and what to do about it: docs\/guides\/administrator\.md\.\n$/);
  const json = await run(`server doctor ${address} --json`);
  expect(JSON.parse(json.out)).toMatchObject({
    checks: expect.arrayContaining([{ name: "clock", isFine: true }]) as unknown,
  });
  careless.close();
  expect((await run("server doctor nowhere")).code).toBe(2);
});

test("metrics without a running server are said to be missing", async () => {
  expect(await run("server metrics", { PORT: "1" })).toMatchObject({
    code: 1,
    err: "amana: No server answers on this machine at HOST and PORT.\n",
  });
});

test("metrics of a server whose store is away are said to be so", async () => {
  const server = createServer((_request, response) => response.writeHead(503).end());
  await once(server.listen(0, "127.0.0.1"), "listening");
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;
  const { code, err } = await run("server metrics", { PORT: String(port) });
  expect([code, err]).toEqual([
    1,
    "amana: The server's store gave no answer (503). Is its disk full, or its database away?\n",
  ]);
  server.close();
});
