/**
 * Two servers over one real PostgreSQL, each a process of its own: a device on each, one server killed in the middle. What was
 * acknowledged is there, nothing is there twice, and a change through one wakes those who listen at the other.
 */

import { spawn, type ChildProcess } from "node:child_process";
import { request } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { err, ok } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import { authorizationOf, call, decodeRefusal, digestOfNone, type Transport } from "@amana/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  beginLog,
  deviceIdFor,
  logIdFor,
  makePerson,
  nextEntry,
  type MadeEntry,
} from "../../apps/server/src/testing/people.ts";
import { withSiteFolder } from "../../apps/server/src/testing/small-site.ts";
import { get, signIn, type Member } from "../../apps/server/src/testing/world.ts";
import { startPostgres, type TestPostgres } from "../postgres.ts";

const main = join(import.meta.dirname, "../../apps/server/src/main.ts");

type RunningServer = {
  readonly child: ChildProcess;
  readonly address: string;
  readonly code: Bytes | undefined;
  readonly relay: Transport;
  readonly ended: Promise<void>;
};

const startServer = (database: string, guide: string): Promise<RunningServer> =>
  new Promise((resolve, reject) => {
    const env = { DATABASE_URL: database, GUIDE: guide, PORT: "0", ORIGIN: "https://amana.example.org" };
    const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise<void>((end) => {
      child.on("close", () => end());
    });
    let out = "";
    child.on("error", reject);
    child.on("close", () => reject(new Error("The server ended before it was ready.")));
    child.stdout.on("data", (bytes: Buffer) => {
      out += bytes.toString();
      const address = /Amana guide: (http:\S+)\n/.exec(out)?.[1];
      const code = /#found=([A-Za-z0-9_-]{43})\n/.exec(out)?.[1];
      if (address === undefined || (code === undefined && !out.includes("Amana case files:"))) return;
      const codeBytes = code === undefined ? undefined : new Uint8Array(Buffer.from(code, "base64url"));
      resolve({ child, address, code: codeBytes, relay: transportTo(address), ended });
    });
  });

const transportTo = (address: string): Transport => ({
  call: async (name, token, body) => {
    const authorization = token === undefined ? {} : { authorization: authorizationOf(token) };
    const headers = { "content-type": "application/octet-stream", ...authorization };
    try {
      const response = await fetch(`${address}api/${name}`, { method: "POST", headers, body });
      const bytes = new Uint8Array(await response.arrayBuffer());
      return response.ok ? ok(bytes) : err(decodeRefusal(bytes) ?? { type: "Unreachable" });
    } catch {
      return err({ type: "Unreachable" });
    }
  },
});

type Listening = {
  /** Resolves each time the stream says come. */
  readonly next: () => Promise<void>;
  /** Once the server has ended it. */
  readonly ended: Promise<unknown>;
  readonly close: () => void;
};

const listen = (address: string, token: Bytes): Promise<Listening> =>
  new Promise((resolve, reject) => {
    const going = request(`${address}api/stream`, { headers: { authorization: authorizationOf(token) } });
    going.on("error", reject);
    going.on("response", (response) => {
      let heard = 0;
      let taken = 0;
      let wake: () => void = () => undefined;
      response.on("data", (bytes: Buffer) => {
        heard += bytes.toString().match(/data\n\n/g)?.length ?? 0;
        wake();
      });
      response.on("error", () => undefined);
      const next = (): Promise<void> =>
        new Promise((told) => {
          wake = () => {
            if (heard <= taken) return;
            taken = heard;
            told();
          };
          wake();
        });
      resolve({ next, ended: once(response, "end"), close: () => void response.destroy() });
    });
    going.end();
  });

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

const withServers = async (run: (one: RunningServer, other: RunningServer) => Promise<void>): Promise<void> =>
  withSiteFolder(async (guide) => {
    const database = postgres.createDatabase();
    const one = await startServer(database, guide);
    const other = await startServer(database, guide);
    try {
      await run(one, other);
    } finally {
      for (const each of [one, other]) each.child.kill("SIGTERM");
      await Promise.all([one.ended, other.ended]);
    }
  });

/** Founds through one server with the code that it printed, signs in at both, and opens a case. */
const begin = async (one: RunningServer, other: RunningServer) => {
  const person = makePerson("Shilan");
  const { append: log, entry: founded } = beginLog(person, logIdFor("organisation"), "organisation");
  await get(one, "found", undefined, { code: one.code ?? new Uint8Array(32), account: person.account, log });
  const here: Member = await signIn(one, person);
  const there: Member = await signIn(other, { ...person, device: deviceIdFor("another phone") });
  const { append, entry } = beginLog({ ...person, organisationHead: founded.hash }, logIdFor("the case"), "case");
  await get(one, "append-control", here.token, append);
  return { here, there, logId: append.logId, first: entry };
};

describe("two servers over one database", () => {
  it("serve the same logs, and a change through one wakes who listens at the other", async () => {
    await withServers(async (one, other) => {
      const { here, there, logId, first } = await begin(one, other);
      const stream = await listen(other.address, there.token);
      await stream.next();
      const note = nextEntry(here, first);
      await get(one, "push", here.token, { logs: [{ logId, entries: [note.bytes] }] });
      await stream.next();
      const wants = [{ logId, after: 0, digest: digestOfNone() }];
      const { logs } = await get(other, "pull", there.token, { wants, bytesMax: 65_536, withWraps: false });
      expect(logs[0]?.entries).toEqual([first.bytes, note.bytes]);
      stream.close();
    });
  });

  it("sign a device out at both at once", async () => {
    await withServers(async (one, other) => {
      const { here, there } = await begin(one, other);
      const stream = await listen(other.address, there.token);
      await get(one, "sign-out", here.token, { device: there.device });
      expect(await call(other.relay, "read-vault", there.token, {})).toMatchObject({
        ok: false,
        error: { code: "NotSignedIn" },
      });
      // What it hears no more, it hears no more at once.
      await stream.ended;
    });
  });

  it("of which one is killed in the middle lose nothing that was acknowledged, and keep nothing twice", async () => {
    await withServers(async (one, other) => {
      const { here, there, logId, first } = await begin(one, other);
      const entries: MadeEntry[] = [];
      for (let number = 0; number < 120; number++) {
        entries.push(nextEntry(here, entries.at(-1) ?? first, {}, `note ${number}`));
      }
      const acknowledged: string[] = [];
      for (const [number, entry] of entries.entries()) {
        if (number === 40) setImmediate(() => one.child.kill("SIGKILL"));
        const pushed = await call(one.relay, "push", here.token, { logs: [{ logId, entries: [entry.bytes] }] });
        if (!pushed.ok) break;
        acknowledged.push(entry.hash);
      }
      await one.ended;
      expect(acknowledged.length).toBeGreaterThanOrEqual(40);
      expect(acknowledged.length).toBeLessThan(entries.length);
      const listed = await get(other, "list-hashes", there.token, { logId, after: 1 });
      expect(listed.hashes.slice(0, acknowledged.length)).toEqual(acknowledged);
      // The device sends the same again through the other server, as it would.
      const bytes = entries.map((entry) => entry.bytes);
      const { logs } = await get(other, "push", there.token, { logs: [{ logId, entries: bytes }] });
      expect(new Set(logs[0]?.results)).toEqual(new Set(["known", "stored"]));
      const all = await get(other, "list-hashes", there.token, { logId, after: 1 });
      expect(all.hashes).toEqual(entries.map(({ hash }) => hash));
    });
  });
});
