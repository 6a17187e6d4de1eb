/** The demo: an invented organisation that a visitor can sign in to, with work of every kind and stage. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, isInstant, type Result } from "@amana/kernel";
import { makeMemoryStore, openDevice, type Device } from "@amana/device";
import { assess, preparePack } from "@amana/pathway";
import { compilePack, readPack } from "@amana/proof";
import { limits, openServer, openStorage, readConfiguration, readSite, type Server } from "@amana/server";
import { argon2idKdf, platformDeflate, platformRandomness } from "@amana/vault";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { nationalFolder } from "../packs.ts";
import { seedFolder } from "./main.ts";
import { saidIn } from "./said.ts";
import type { SeededPerson } from "./seed.ts";

const must = <T>(result: Result<T, unknown>): T => {
  assert(result.ok, "The test's own step was refused.");
  return result.value;
};

const clock = () => {
  const now = Date.now();
  assert(isInstant(now), "A clock gives a moment.");
  return now;
};

const folder = mkdtempSync(join(tmpdir(), "amana-demo-test-"));
const origin = "http://127.0.0.1:8080";
let people: readonly SeededPerson[] = [];
let server: Server;

beforeAll(async () => {
  const configuration = must(readConfiguration({ DATA: folder, ORIGIN: origin }));
  people = await seedFolder(configuration, folder, () => undefined);
  server = await openServer(configuration, {
    storage: must(await openStorage(configuration.store, { migrates: false })),
    site: must(readSite(configuration.guideFolder, limits)),
    clock,
    ownOrigin: () => origin,
    schedule: () => () => undefined,
    report: () => undefined,
  });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const signIn = async (role: SeededPerson["role"]): Promise<Device> => {
  const person = people.find((each) => each.role === role);
  assert(person !== undefined, "The demo has people of both roles.");
  const pack = preparePack(compilePack(must(readPack(nationalFolder()))));
  const device = openDevice({
    store: makeMemoryStore(),
    transport: server.relay,
    clock,
    randomness: platformRandomness,
    kdf: argon2idKdf,
    deflate: platformDeflate,
    guidance: { assess: (facts) => assess(pack, facts) },
    origin,
  });
  must(await device.enrolWithKit({ digits: person.kit, password: person.password, language: "en" }));
  must(await device.sync());
  return device;
};

let supervisor: Promise<Device> | undefined;
const asSupervisor = (): Promise<Device> => (supervisor ??= signIn("supervisor"));

test.each(["ar", "ckb"] as const)("what is said in the demo is said in %s too, in its own letters", (writing) => {
  expect(Object.keys(saidIn[writing])).toEqual(Object.keys(saidIn.en));
  for (const [key, words] of Object.entries(saidIn[writing])) {
    expect(words, key).toMatch(/^[^A-Za-z]*\p{Script=Arabic}[^A-Za-z]*$/u);
    if (writing === "ckb") expect(words, key).not.toMatch(/[يكىةأإآؤ]/u);
  }
});

describe("the demo", () => {
  it("invents nothing where its port is taken: nobody waits for cases that are never shown", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { status, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, "main.ts")], {
      env: { ...process.env, PORT: String(port) },
      encoding: "utf8",
    });
    other.close();
    expect([status, stdout]).toEqual([0, ""]);
  });

  it("says what to do where it may make no folder", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "main.ts")], {
      env: { ...process.env, PORT: "0", TMPDIR: join(import.meta.dirname, "no-such-folder") },
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^[^\n]*set TMPDIR to a folder where this user may write\.\n$/);
  });

  it.each(["SIGINT", "SIGHUP"] as const)(
    "leaves no folder behind, also where %s ends it while it invents",
    async (signal) => {
      const temporary = mkdtempSync(join(tmpdir(), "amana-demo-ended-"));
      const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
        env: { ...process.env, PORT: "0", TMPDIR: temporary },
      });
      await once(child.stdout, "data");
      expect(readdirSync(temporary)).toHaveLength(1);
      child.kill(signal);
      expect(await once(child, "exit")).toEqual([1, null]);
      expect(readdirSync(temporary)).toEqual([]);
      rmSync(temporary, { recursive: true });
    },
  );

  it("has one supervisor and three caseworkers, each with a kit and a password of their own", () => {
    expect(people.map(({ role }) => role)).toEqual(["supervisor", "caseworker", "caseworker", "caseworker"]);
    expect(new Set(people.map(({ kit }) => kit)).size).toBe(4);
    expect(new Set(people.map(({ password }) => password)).size).toBe(4);
  });

  it("shows the supervisor all forty cases, of every risk level, children's among them, some overdue, some closed", async () => {
    const device = await asSupervisor();
    const cases = must(await device.listCases());
    expect(cases).toHaveLength(40);
    expect(new Set(cases.map(({ level }) => level))).toEqual(new Set([undefined, "normal", "medium", "high"]));
    expect(cases.some(({ age }) => age === "child")).toBe(true);
    const now = clock();
    expect(must(await device.due()).some(({ dueAt }) => dueAt < now)).toBe(true);
    for (const { marks } of cases) expect(marks).toBe(0);
  });

  it("names everyone whom a case is shared with: a provider of the directory, somebody of the guidance, or ourselves", async () => {
    const device = await asSupervisor();
    const organisation = must(await device.organisation());
    const pack = compilePack(must(readPack(nationalFolder())));
    const digitalActs = ["change-passwords"];
    const known = new Set([
      ...[...(organisation?.providers.keys() ?? [])].map((id) => `provider:${id}`),
      ...[...pack.contacts, ...pack.tools].map(({ id }) => id),
      ...[...digitalActs, "own-organisation"],
    ]);
    const named = new Set<string | undefined>();
    for (const { logId } of must(await device.listCases())) {
      for (const { event } of must(await device.viewCase(logId)).state.history) {
        if ("recipient" in event) named.add(event.recipient);
        if ("agency" in event) named.add(event.agency);
      }
    }
    expect(named.size).toBeGreaterThan(5);
    expect([...named].filter((each) => each !== undefined && !known.has(each))).toEqual([]);
    expect(organisation?.providers.size).toBe(6);
    expect(must(await device.proposals()).map(({ event }) => event.type)).toEqual(["ProviderListed"]);
  });

  it("shows a caseworker their own cases and nobody else's", async () => {
    const device = await signIn("caseworker");
    expect(must(await device.listCases())).toHaveLength(14);
  });
});
