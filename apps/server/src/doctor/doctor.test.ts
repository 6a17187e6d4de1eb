/** What the doctor finds of a server that is as it should be, and of one behind a careless proxy. */

import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, request, type OutgoingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isInstant, later, type Instant } from "@amana/kernel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileNameOf } from "../backup/backup.ts";
import { runServer, type Running } from "../testing/running-server.ts";
import { examine, type CheckName } from "./doctor.ts";

let running: Running;
let port: number;
beforeAll(async () => {
  running = await runServer();
  port = await running.listen();
});
afterAll(() => running.close());

const now = (): Instant => {
  const milliseconds = Date.now();
  if (!isInstant(milliseconds)) throw new Error("This machine's clock is wrong.");
  return milliseconds;
};

const wrongAt = async (origin: string, at = now(), backupFolder?: string): Promise<readonly CheckName[]> => {
  const checks = await examine({ origin, now: at, backupFolder, wrapDays: 14 });
  return checks.filter(({ isFine }) => !isFine).map(({ name }) => name);
};

/** A proxy in front that changes what passes. */
const withProxy = async (
  change: (headers: OutgoingHttpHeaders, path: string) => OutgoingHttpHeaders,
  run: (origin: string) => Promise<void>,
  onRequest: (headers: OutgoingHttpHeaders) => OutgoingHttpHeaders = (headers) => headers,
): Promise<void> => {
  const proxy: Server = createServer((incoming, outgoing) => {
    const headers = onRequest({ ...incoming.headers });
    const going = request(
      { port, host: "127.0.0.1", method: incoming.method, path: incoming.url, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, change({ ...answer.headers }, incoming.url ?? ""));
        answer.pipe(outgoing);
      },
    );
    going.on("error", () => outgoing.destroy());
    incoming.pipe(going);
  });
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  try {
    await run(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
};

describe("the doctor", () => {
  it("finds nothing wrong with the server as it is", async () => {
    expect(await wrongAt(`http://127.0.0.1:${port}`)).toEqual([]);
  });

  it("says when nobody answers", async () => {
    expect(await wrongAt("http://127.0.0.1:1")).toEqual(["answers"]);
  });

  it("finds a clock that is wrong", async () => {
    expect(await wrongAt(`http://127.0.0.1:${port}`, later(now(), 120_000))).toEqual(["clock"]);
  });

  it("finds a proxy that drops a header, sets a cookie, or lets pages be kept", async () => {
    const without = (name: string) => (headers: OutgoingHttpHeaders) => {
      const { [name]: _gone, ...rest } = headers;
      return rest;
    };
    await withProxy(without("content-security-policy"), async (origin) => {
      expect(await wrongAt(origin)).toEqual(["headers-of-pages", "headers-of-case-files"]);
    });
    await withProxy(
      (headers) => ({ ...headers, "set-cookie": "a=b" }),
      async (origin) => {
        expect(await wrongAt(origin)).toEqual(["headers-of-pages", "headers-of-case-files"]);
      },
    );
    await withProxy(
      (headers) => ({ ...headers, "cache-control": "public, max-age=60" }),
      async (origin) => {
        expect(await wrongAt(origin)).toEqual(["nothing-kept", "closed-to-other-origins", "closed-to-strangers"]);
      },
    );
  });

  it("finds a proxy that hides from where a page calls", async () => {
    await withProxy(
      (headers) => headers,
      async (origin) => expect(await wrongAt(origin)).toEqual(["closed-to-other-origins"]),
      ({ origin: _hidden, ...headers }) => headers,
    );
  });

  it("finds that the server takes no calls from pages at the address that people open", async () => {
    const fromElsewhere = (origin: string): string => origin.replace("127.0.0.1", "0.0.0.0");
    await withProxy(
      (headers) => headers,
      async (origin) =>
        expect(await wrongAt(fromElsewhere(origin))).toEqual(["encrypted", "open-at-this-address", "metrics-private"]),
    );
    await withProxy(
      (headers) => headers,
      async (origin) => expect(await wrongAt(fromElsewhere(origin))).toEqual(["encrypted", "metrics-private"]),
      // As if this were its ORIGIN.
      ({ origin, ...headers }) => (origin?.includes("//other") === true ? { ...headers, origin } : headers),
    );
  });

  it("finds backups that are missing or old, and wraps that lie too long", async () => {
    const folder = mkdtempSync(join(tmpdir(), "amana-doctor-"));
    const origin = `http://127.0.0.1:${port}`;
    expect(await wrongAt(origin, now(), folder)).toEqual(["backups-fresh"]);
    expect(await wrongAt(origin, now(), join(folder, "nowhere"))).toEqual(["backups-fresh"]);
    const newest = join(folder, fileNameOf("logs", later(now(), -3_600_000)));
    writeFileSync(newest, "");
    expect(await wrongAt(origin, now(), folder)).toEqual([]);
    // The real clock goes on meanwhile.
    const fortnight = -14 * 86_400_000 + 60_000;
    writeFileSync(join(folder, fileNameOf("wraps", later(now(), fortnight))), "");
    expect(await wrongAt(origin, now(), folder)).toEqual([]);
    // What a backup left that was killed opens as much, and is no backup.
    const killed = join(folder, `${fileNameOf("wraps", later(now(), fortnight - 120_000))}.unfinished`);
    writeFileSync(killed, "");
    expect(await wrongAt(origin, now(), folder)).toEqual(["wraps-not-kept"]);
    rmSync(killed);
    // Of a clock that ran ahead: it is no sign that one was taken since, and its wraps would lie for as long.
    const ahead = later(now(), 400 * 86_400_000);
    for (const part of ["logs", "wraps"] as const) writeFileSync(join(folder, fileNameOf(part, ahead)), "");
    expect(await wrongAt(origin, now(), folder)).toEqual(["wraps-not-kept"]);
    renameSync(newest, `${newest}.unfinished`);
    expect(await wrongAt(origin, now(), folder)).toEqual(["backups-fresh", "wraps-not-kept"]);
    for (const part of ["logs", "wraps"] as const) rmSync(join(folder, fileNameOf(part, ahead)));
    expect(await wrongAt(origin, now(), folder)).toEqual(["backups-fresh"]);
    rmSync(folder, { recursive: true });
  });

  it("finds that push services are told an address over http, which some refuse", async () => {
    for (const [ORIGIN, wrong] of [
      ["https://amana.example.org", []],
      ["http://127.0.0.1:8080", ["wake-ups-named"]],
    ] as const) {
      const waking = await runServer({ PUSH: "on", ORIGIN });
      expect(await wrongAt(`http://127.0.0.1:${await waking.listen()}`)).toEqual(wrong);
      await waking.close();
    }
  });

  // Last of all: from here on the store has a moment in it.
  it("finds push services that were called at a moment still to come, or not for days", async () => {
    const origin = `http://127.0.0.1:${port}`;
    await running.storage.takeSlot({ slot: later(now(), 40 * 86_400_000) });
    expect(await wrongAt(origin)).toEqual(["wake-ups"]);
    const slot = later(now(), -30 * 86_400_000);
    await running.storage.takeSlot({ slot });
    expect(await wrongAt(origin)).toEqual(["wake-ups"]);
    await running.storage.takeSlot({ slot: later(now(), -3_600_000) });
    expect(await wrongAt(origin)).toEqual([]);
  });
});
