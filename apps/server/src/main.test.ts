/** The server as a person starts and stops it. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { err, ok } from "@amana/kernel";
import { sha256 } from "@amana/log";
import { call, type Transport } from "@amana/sync";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openStorage, storeFile } from "./open-storage.ts";
import { at, beginLog, logIdFor, makePerson } from "./testing/people.ts";
import { withSiteFolder } from "./testing/small-site.ts";

type Run = { readonly status: number | null; readonly out: string; readonly err: string };

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "amana-data-"));
});
afterEach(() => rmSync(data, { recursive: true }));

/** Starts `main.ts` over a folder of its own; calls `onAddress` once it says where to go, and waits for its end. */
const run = (
  environment: Readonly<Record<string, string>>,
  onAddress?: (address: string, stop: (signal: NodeJS.Signals) => void) => Promise<void>,
): Promise<Run> =>
  new Promise((resolve) => {
    // Pages of the app's own are looked at elsewhere: here the guide's stand for them.
    const pages = environment["GUIDE"] === undefined ? {} : { APP: environment["GUIDE"] };
    const env = { DATA: data, ...pages, ...environment };
    // As `scripts/node` starts it.
    const flag = "--disable-warning=ExperimentalWarning";
    const child = spawn(process.execPath, [flag, join(import.meta.dirname, "main.ts")], { env });
    let [out, err] = ["", ""];
    child.stdout.on("data", (bytes: Buffer) => {
      const before = out;
      out += bytes.toString();
      const address = /Amana guide: (http:\S+)\n/.exec(out)?.[1];
      const isSaid = (text: string): boolean =>
        text.endsWith("\n") && (text.includes("#found=") || text.includes("Amana case files:"));
      if (address !== undefined && isSaid(out) && !isSaid(before)) {
        void onAddress?.(address, (signal) => child.kill(signal));
      }
    });
    child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
    child.on("close", (status) => resolve({ status, out, err }));
  });

describe("starting the server", () => {
  it("names a wrong setting in one line and ends with 2", async () => {
    expect(await run({ PORT: "eighty" })).toEqual({
      status: 2,
      out: "",
      err: "PORT is wrong: give a whole number from 0 (any free port) to 65535.\n",
    });
  });

  it("names each folder of pages that was given and holds none, so that nobody starts without case files unawares", async () => {
    const folders = { GUIDE: join(import.meta.dirname, "no-such-folder"), APP: join(data, "no-app") };
    expect(await run(folders)).toEqual({
      status: 2,
      out: "",
      err: ["GUIDE", "APP"]
        .map((name) => `${name} is wrong: give the folder of built pages, or leave it out.\n`)
        .join(""),
    });
    await withSiteFolder(async (folder) => {
      const { status, err } = await run({ ...folders, GUIDE: folder });
      expect([status, err]).toEqual([2, "APP is wrong: give the folder of built pages, or leave it out.\n"]);
    });
  });

  it("says what to do when the port is taken", async () => {
    const other = createServer();
    await once(other.listen(0, "127.0.0.1"), "listening");
    // A server that listens on a port has an address with a port.
    const { port } = other.address() as AddressInfo;
    await withSiteFolder(async (folder) => {
      const { status, out, err } = await run({ GUIDE: folder, PORT: String(port) });
      expect([status, out]).toEqual([1, ""]);
      expect(err).toBe(
        `Port ${port} on 127.0.0.1 is in use: stop the other program, or set PORT to another (0 takes any free one).\n`,
      );
    });
    other.close();
  });

  it("says so when the address is not of this machine", async () => {
    await withSiteFolder(async (folder) => {
      const { status, err } = await run({ GUIDE: folder, HOST: "192.0.2.1", PORT: "0" });
      expect([status, err.split("\n").length]).toEqual([1, 2]);
      expect(err).toContain("HOST=192.0.2.1");
    });
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "prints where to go, answers, and stops calmly on %s",
    async (signal) => {
      await withSiteFolder(async (folder) => {
        const { status, out, err } = await run({ GUIDE: folder, PORT: "0" }, async (address, stop) => {
          const page = await fetch(`${address}en/`);
          expect(await page.text()).toContain("<title>Guide</title>");
          await fetch(`${address}planted-sentence`).then((response) => response.text());
          stop(signal);
        });
        expect([status, err]).toEqual([0, ""]);
        expect(out).toMatch(/^Amana guide: http:\/\/127\.0\.0\.1:\d+\/\n/);
        expect(out).toMatch(/\nStopped\. Answered 2 requests, 1 of them refused\.\n$/);
      });
    },
  );

  it("goes on where nobody reads its lines any more", async () => {
    const free = createServer();
    await once(free.listen(0, "127.0.0.1"), "listening");
    const { port } = free.address() as AddressInfo;
    await once(free.close(), "close");
    await withSiteFolder(async (folder) => {
      const env = { DATA: data, GUIDE: folder, APP: folder, PORT: String(port) };
      const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], { env, stdio: "pipe" });
      const ended = once(child, "exit");
      child.stdout.destroy();
      child.stderr.destroy();
      const answers = (): Promise<boolean> => fetch(`http://127.0.0.1:${port}/`).then(({ ok }) => ok);
      await Promise.race([vi.waitUntil(() => answers().catch(() => false), { timeout: 60_000 }), ended]);
      expect(await answers()).toBe(true);
      child.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
    });
  });

  it("says that TLS and ORIGIN are needed when other machines can reach it, and prints links that this one can follow", async () => {
    await withSiteFolder(async (folder) => {
      const { status, out } = await run({ GUIDE: folder, HOST: "0.0.0.0", PORT: "0" }, async (address, stop) => {
        await fetch(address);
        stop("SIGTERM");
      });
      expect(status).toBe(0);
      expect(out).toMatch(/\nAmana guide: http:\/\/127\.0\.0\.1:\d+\/\n/);
      expect(out).toContain("put TLS in front of it");
      expect(out).toContain(
        "Set ORIGIN to the address that people open: before that the links below are for this machine",
      );
      expect(out).toMatch(/\nhttp:\/\/127\.0\.0\.1:\d+\/app\/#found=/);
    });
  });

  it.each([
    ["off", undefined, false],
    ["on", undefined, true],
    ["on", "https://amana.example.org", false],
  ])("with PUSH=%s and ORIGIN=%s says that push services may refuse its calls: %s", async (PUSH, ORIGIN, isSaid) => {
    await withSiteFolder(async (folder) => {
      const { out } = await run(
        { GUIDE: folder, PORT: "0", PUSH, ...(ORIGIN === undefined ? {} : { ORIGIN }) },
        stopAtOnce,
      );
      expect(out.includes("push services may refuse its calls")).toBe(isSaid);
    });
  });

  it("prints once a link with which the first person sets up an organisation, and none once there is one", async () => {
    await withSiteFolder(async (folder) => {
      const first = await run({ GUIDE: folder, PORT: "0" }, async (address, stop) => {
        expect(await foundOver(address, new Uint8Array(32))).toBe(false);
        stop("SIGTERM");
      });
      expect(first.out).toContain("/app/#found=");
      const code = Buffer.from(/#found=([A-Za-z0-9_-]{43})\n/.exec(first.out)?.[1] ?? "", "base64url");
      const second = await run({ GUIDE: folder, PORT: "0" }, async (address, stop) => {
        expect(await foundOver(address, new Uint8Array(code))).toBe(true);
        expect(await foundOver(address, new Uint8Array(code), "another")).toBe(false);
        stop("SIGTERM");
      });
      expect(second.err).toBe("");
      const third = await run({ GUIDE: folder, PORT: "0" }, stopAtOnce);
      expect(third.out).not.toContain("#found=");
    });
  });

  it("keeps its store for itself alone, and of the code only a hash", async () => {
    await withSiteFolder(async (folder) => {
      const { out } = await run({ GUIDE: folder, PORT: "0" }, stopAtOnce);
      for (const name of readdirSync(data)) expect(statSync(join(data, name)).mode & 0o077, name).toBe(0);
      expect(readdirSync(data)).toContain(storeFile);
      const code = Buffer.from(/#found=([A-Za-z0-9_-]{43})\n/.exec(out)?.[1] ?? "", "base64url");
      const stored = Buffer.concat(readdirSync(data).map((name) => readFileSync(join(data, name))));
      expect(stored.includes(Buffer.from(sha256(new Uint8Array(code))))).toBe(true);
      expect(stored.includes(code)).toBe(false);
    });
  });

  it("opens no store into which a restore did not end, and says what to do", async () => {
    await withSiteFolder(async (folder) => {
      const opened = await openStorage({ kind: "sqlite", folder: data }, { migrates: true });
      if (!opened.ok) throw new Error("A new store must open.");
      await opened.value.beginRestore({ now: at("2026-11-21T09:00:00Z") });
      await opened.value.close();
      const { status, out, err } = await run({ GUIDE: folder, PORT: "0" });
      expect([status, out, err.split("\n").length]).toEqual([1, "", 2]);
      expect(err).toContain("server restore");
    });
  });

  it("is one alone over a folder, and does not wait for one that was killed", async () => {
    await withSiteFolder(async (folder) => {
      let refused: Run | undefined;
      const killed = await run({ GUIDE: folder, PORT: "0" }, async (_address, stop) => {
        refused = await run({ GUIDE: folder, PORT: "0" }, stopAtOnce);
        stop("SIGKILL");
      });
      expect(refused).toMatchObject({ status: 1, out: "" });
      expect(refused?.err).toMatch(/^Another server runs on the store in the folder that DATA names.*: stop it, .*\n$/);
      expect(killed.status).toBe(null);
      expect(await run({ GUIDE: folder, PORT: "0" }, stopAtOnce)).toMatchObject({ status: 0, err: "" });
    });
  });

  it.each([
    ["an error", "throw error"],
    ["a promise", "Promise.reject(error)"],
  ])("ends over %s that nobody catches, and says the place alone", async (_what, fails) => {
    const planted = `process.on("SIGUSR2", () => { const error = new Error("planted sentence"); ${fails}; })`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(planted)}`;
    await withSiteFolder(async (folder) => {
      const { status, err } = await run({ GUIDE: folder, PORT: "0", NODE_OPTIONS }, (_address, stop) => {
        stop("SIGUSR2");
        return Promise.resolve();
      });
      expect([status, err.split("\n").length]).toEqual([1, 2]);
      expect(JSON.parse(err)).toMatchObject({
        says: expect.stringContaining("Mistake that ended the server") as string,
      });
      expect(err.replaceAll(encodeURIComponent(planted), "")).not.toContain("planted");
    });
  });

  it("says so when it cannot open its store, and what to do", async () => {
    await withSiteFolder(async (folder) => {
      const file = join(data, "a-file");
      writeFileSync(file, "not a folder");
      const { status, err } = await run({ GUIDE: folder, DATA: file });
      expect([status, err.split("\n").length]).toEqual([1, 2]);
      expect(err).toContain("cannot open its store in the folder that DATA names");
      expect(err).toContain("set DATA to a folder where it may");
      writeFileSync(join(data, storeFile), "no store at all ".repeat(64));
      const damaged = await run({ GUIDE: folder });
      expect([damaged.status, damaged.err.split("\n").length]).toEqual([1, 2]);
      expect(damaged.err).toContain("(SQLITE_26): it is damaged, so restore the newest backup");
      const address = "postgres://amana@127.0.0.1:1/amana";
      const untrusted = await run({
        GUIDE: folder,
        DATABASE_URL: `${address}?sslmode=verify-full&sslrootcert=${file}s`,
      });
      expect(untrusted.err).toContain("at DATABASE_URL (ENOENT): see that each file it names is there");
      const away = await run({ GUIDE: folder, DATABASE_URL: address });
      expect([away.status, away.err.split("\n").length]).toEqual([1, 2]);
      expect(away.err).toContain("at DATABASE_URL (ECONNREFUSED): see that the database runs");
    });
  });
});

const stopAtOnce = (_address: string, stop: (signal: NodeJS.Signals) => void): Promise<void> => {
  stop("SIGTERM");
  return Promise.resolve();
};

/** Founds an organisation over HTTP as a device does; true when the server took the code. */
const foundOver = async (address: string, code: Uint8Array<ArrayBuffer>, name = "Shilan"): Promise<boolean> => {
  const person = makePerson(name);
  const { append } = beginLog(person, logIdFor(name), "organisation");
  const answered = await call(transportTo(address), "found", undefined, { code, account: person.account, log: append });
  return answered.ok;
};

const transportTo = (address: string): Transport => ({
  call: async (name, _token, body) => {
    const headers = { "content-type": "application/octet-stream" };
    const response = await fetch(`${address}api/${name}`, { method: "POST", headers, body });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return response.ok ? ok(bytes) : err({ type: "Unreachable" });
  },
});
