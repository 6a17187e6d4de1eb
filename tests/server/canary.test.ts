/**
 * Unique sentences in four languages go through the whole product and are looked for wherever they must not be: database, write-ahead
 * log, output, errors, numbers for the operator, everything on the network, the storage of locked devices, and their memory after
 * the lock. SECURITY §6.4.
 */

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { assert } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withSiteFolder } from "../../apps/server/src/testing/small-site.ts";
import { startPostgres, type TestPostgres } from "../postgres.ts";
import { plantedSentences, tracesIn, writingsOf } from "../simulation/planted.ts";
import { openLine, type Line } from "./served.ts";

const root = join(import.meta.dirname, "../..");
const origin = "https://amana.example.org";
const name = "Nazdar of the canary";
const texts = [...plantedSentences, name];

type Run = { readonly status: number | null; readonly said: Buffer };

const run = (file: string, rest: readonly string[], flags: readonly string[] = []): Promise<Run> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [...flags, join(root, file), ...rest], { stdio: ["ignore", "pipe", "pipe"] });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => said.push(bytes));
    child.on("close", (status) => resolve({ status, said: Buffer.concat(said) }));
  });

type ServerRun = {
  readonly address: string;
  readonly code: string;
  readonly said: () => Buffer;
  readonly stop: () => Promise<void>;
};

/** The server's own program, with all that it says. */
const startServer = (env: Readonly<Record<string, string>>): Promise<ServerRun> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "apps/server/src/main.ts")], {
      env: { PORT: "0", ORIGIN: origin, METRICS_TOKEN: "a-token-of-the-test", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said: Buffer[] = [];
    const ended = new Promise<void>((end) => {
      child.on("close", () => end());
    });
    child.on("close", () => reject(new Error(`The server ended before it was ready: ${String(Buffer.concat(said))}`)));
    const hear = (bytes: Buffer): void => {
      said.push(bytes);
      const out = Buffer.concat(said).toString();
      const address = /Amana guide: (http:\S+?)\/\n/.exec(out)?.[1];
      const code = /#found=([A-Za-z0-9_-]{43})\n/.exec(out)?.[1];
      if (address === undefined || code === undefined) return;
      const stop = async (): Promise<void> => {
        child.kill("SIGTERM");
        await ended;
      };
      resolve({ address, code, said: () => Buffer.concat(said), stop });
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
  });

const filesUnder = (folder: string): readonly Bytes[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => new Uint8Array(readFileSync(join(each.parentPath, each.name))));

/** What went through, and everything that was left of it. */
type Remains = {
  readonly store: readonly Bytes[];
  readonly said: readonly Bytes[];
  readonly network: readonly Bytes[];
  readonly devices: readonly Bytes[];
  readonly errors: readonly Bytes[];
  readonly heap: readonly string[];
  readonly secrets: readonly Buffer[];
};

type Place = { readonly env: Readonly<Record<string, string>>; readonly folder: string };

const goThrough = async (place: Place, mode = "go"): Promise<Remains> => {
  const folder = mkdtempSync(join(tmpdir(), "amana-canary-"));
  const devices = join(folder, "devices");
  mkdirSync(devices);
  writeFileSync(join(devices, "texts.json"), JSON.stringify(texts));
  const remains: { value?: Remains } = {};
  await withSiteFolder(async (guide) => {
    const server = await startServer({ GUIDE: guide, APP: guide, ...place.env });
    const line = await openLine(server.address);
    try {
      const flags = ["--expose-gc", "--heap-snapshot-string-limit=1000000000"];
      const lived = await run(
        "tests/server/canary-device.ts",
        [line.address, origin, server.code, devices, mode],
        flags,
      );
      assert(lived.status === 0, `The devices ended otherwise: ${lived.said.toString()}`);
      const errors = [...(await askWrongly(server.address)), ...(await metricsOf(server.address))];
      const stored = filesUnder(place.folder);
      await server.stop();
      const { heap, secrets } = memoryIn(devices);
      remains.value = {
        store: [...stored, ...filesUnder(place.folder)],
        said: [new Uint8Array(server.said()), new Uint8Array(lived.said)],
        network: line.carried,
        devices: filesUnder(devices),
        errors,
        heap,
        secrets,
      };
    } finally {
      await close(line, server);
      rmSync(folder, { recursive: true });
    }
  });
  assert(remains.value !== undefined, "The sentences went through.");
  return remains.value;
};

const close = async (line: Line, server: ServerRun): Promise<void> => {
  await line.close();
  await server.stop();
};

/** Takes what is not part of a locked device out of its folder: the picture of memory, the texts, the secrets. */
const memoryIn = (folder: string): Pick<Remains, "heap" | "secrets"> => {
  const [heap, bytes] = [readFileSync(join(folder, "heap.json"), "utf8"), readFileSync(join(folder, "secrets"))];
  for (const file of ["heap.json", "secrets", "texts.json"]) rmSync(join(folder, file));
  // V8 writes its pictures as JSON with the strings of the heap in a list.
  const { strings } = JSON.parse(heap) as { readonly strings: readonly string[] };
  assert(bytes.length % 32 === 0, "Each secret has 32 bytes.");
  return {
    heap: strings,
    secrets: Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(at * 32, at * 32 + 32)),
  };
};

/** Sentences where they do not belong, in addresses, headers and bodies: what comes back, and is logged, names none. */
const askWrongly = async (address: string): Promise<readonly Bytes[]> => {
  const answers: Bytes[] = [];
  const headers = { "content-type": "application/octet-stream" };
  for (const text of texts) {
    const path = encodeURIComponent(text);
    const bearer = { authorization: `Bearer ${Buffer.from(text).toString("base64url")}` };
    for (const [where, options] of [
      [`/app/${path}`, {}],
      [`/api/${path}`, { method: "POST", headers, body: text }],
      [`/api/push?${path}`, { method: "POST", headers: { ...headers, ...bearer }, body: text }],
      ["/api/begin-sign-in", { method: "POST", headers, body: text }],
      ["/api/begin-sign-in", { method: "POST", headers: { "content-type": path }, body: text }],
      ["/metrics", { headers: { "x-forwarded-for": path } }],
    ] as const) {
      const answer = await fetch(`${address}${where}`, options);
      answers.push(new TextEncoder().encode(JSON.stringify([...answer.headers])));
      answers.push(new Uint8Array(await answer.arrayBuffer()));
    }
  }
  return answers;
};

const metricsOf = async (address: string): Promise<readonly Bytes[]> => {
  const answer = await fetch(`${address}/metrics`, { headers: { authorization: "Bearer a-token-of-the-test" } });
  expect(answer.status).toBe(200);
  return [new Uint8Array(await answer.arrayBuffer())];
};

/** As they stand in memory: the sentences, and each secret as text. Bytes that are not text are no strings of the heap. */
const foundInHeap = ({ heap, secrets }: Remains): readonly string[] => {
  const secretTexts = secrets.flatMap((secret) => [
    secret.toString("hex"),
    secret.toString("base64").replaceAll("=", ""),
    secret.toString("base64url"),
    secret.toString("latin1"),
    secret.join(),
  ]);
  const wanted = [
    ...plantedSentences.flatMap((text) => [text, ...writingsOf(text).map(({ bytes }) => bytes.toString("latin1"))]),
    name,
    ...secretTexts,
  ];
  const whole = heap.join("\n");
  return [...new Set(wanted)].filter((text) => whole.includes(text));
};

const nothingIn = (bytes: readonly Bytes[]): void => {
  expect(bytes.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(0);
  expect(tracesIn(bytes)).toEqual([]);
  expect(Buffer.concat(bytes).includes(name)).toBe(false);
};

let postgres: TestPostgres;
let folder: string;
beforeAll(async () => {
  postgres = await startPostgres();
  folder = mkdtempSync(join(tmpdir(), "amana-canary-store-"));
});
afterAll(async () => {
  await postgres.remove();
  rmSync(folder, { recursive: true });
});

const places: Readonly<Record<string, () => Place>> = {
  SQLite: () => ({ env: { DATA: folder }, folder }),
  PostgreSQL: () => {
    const url = postgres.createDatabase();
    // The cluster lies beside the socket that its address names.
    const cluster = new URL(url).searchParams.get("host") ?? "";
    return { env: { DATABASE_URL: url }, folder: cluster };
  },
};

describe.each(Object.keys(places))("sentences that went through two devices and a server on %s", (store) => {
  let remains: Remains;
  beforeAll(async () => {
    const place = places[store]?.();
    assert(place !== undefined, "There are two stores.");
    remains = await goThrough(place);
  });

  it("stand nowhere in the database, its write-ahead log, or any file beside them", () => nothingIn(remains.store));
  it("stand nowhere in what the server and the devices said", () => nothingIn(remains.said));
  it("stand nowhere in what went over the network, headers and bodies", () => nothingIn(remains.network));
  it("stand nowhere in errors and numbers, even where they were put into the question", () =>
    nothingIn(remains.errors));
  it("stand nowhere in the storage of the locked devices", () => nothingIn(remains.devices));
  it("stand nowhere in the memory of the locked devices, and neither does any secret", () => {
    expect(remains.secrets.length).toBeGreaterThanOrEqual(16);
    expect(new Set(remains.secrets.map((secret) => secret.toString("hex"))).size).toBeGreaterThan(12);
    expect(remains.heap.length).toBeGreaterThan(10_000);
    expect(foundInHeap(remains)).toEqual([]);
  });
});

describe("the search", () => {
  it("finds a sentence that a program keeps in its memory after the lock", async () => {
    const place = mkdtempSync(join(folder, "kept-"));
    const remains = await goThrough({ env: { DATA: place }, folder: place }, "keep");
    expect(foundInHeap(remains)).toEqual([plantedSentences[0]]);
  });

  it("finds a sentence in the write-ahead log of a database, in each way of writing it", () => {
    const path = join(mkdtempSync(join(folder, "planted-")), "planted.sqlite");
    const database = new DatabaseSync(path);
    database.exec("PRAGMA journal_mode = WAL; CREATE TABLE planted (value BLOB)");
    const writings = plantedSentences.flatMap(writingsOf);
    for (const { bytes } of writings) database.prepare("INSERT INTO planted VALUES (?)").run(bytes);
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    const found = tracesIn([new Uint8Array(readFileSync(`${path}-wal`))]);
    database.close();
    expect(found).toHaveLength(writings.length);
  });
});
