/** What every store of a device promises, in memory and on a disk; and what the disk alone does. */

import { assert } from "@amana/kernel";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { fromAscii, type Bytes } from "@amana/log";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openDiskStore, type DiskStore } from "../node/disk-store.ts";
import type { DeviceStore } from "../ports.ts";
import { batchNames, batchOf } from "../testing/batches.ts";
import { refusingStorePromises, storePromises, type StartedStore } from "../testing/store-contract.ts";
import { makeMemoryStore, type MemoryStore } from "./memory-store.ts";
import { isStoreFull } from "./store-full.ts";

const folders: string[] = [];
const open: DiskStore[] = [];

afterEach(() => {
  for (const store of open.splice(0)) store.release();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const newPath = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "amana-store-"));
  folders.push(folder);
  return join(folder, "device.sqlite");
};

const openAt = (path: string): DiskStore => {
  const opened = openDiskStore(path);
  assert(opened.ok, "The test's own store must open.");
  open.push(opened.value);
  return opened.value;
};

const release = (store: DiskStore): void => {
  open.splice(open.indexOf(store), 1);
  store.release();
};

const bytes = (text: string): Bytes => fromAscii(text);

type Kind = { readonly name: string; readonly start: () => StartedStore };

const kinds: readonly Kind[] = [
  {
    name: "in memory",
    start: () => {
      const store: MemoryStore = makeMemoryStore();
      return { store, restart: () => makeMemoryStore({ contents: store.contents() }) };
    },
  },
  {
    name: "on a disk",
    start: () => {
      const path = newPath();
      const store = openAt(path);
      const restart = (): DeviceStore => {
        release(store);
        return openAt(path);
      };
      return { store, restart };
    },
  },
];

describe.each(kinds)("a store $name", ({ start }) => {
  it.each(storePromises)("$name", async ({ hold }) => {
    for (const { came, should } of await hold(start())) expect(came).toEqual(should);
  });
});

describe("a store in memory", () => {
  const batch = [
    { name: "draft/1", value: undefined },
    { name: "outbox/1", value: bytes("sealed") },
  ];
  const drafted = new Map([["draft/1", bytes("words")]]);

  it("has written nothing when there is no room, and goes on afterwards", async () => {
    const store = makeMemoryStore({ contents: drafted, fateOf: (write) => (write === 1 ? "full" : "written") });
    await expect(store.write(batch)).rejects.toSatisfy(isStoreFull);
    expect([...store.contents().keys()]).toEqual(["draft/1"]);
    await store.write(batch);
    expect([...store.contents().keys()]).toEqual(["outbox/1"]);
  });

  it.each([
    ["crash-before", ["draft/1"]],
    ["crash-after", ["outbox/1"]],
  ] as const)("holds a batch whole or not at all after a %s", async (fate, names) => {
    const store = makeMemoryStore({ contents: drafted, fateOf: () => fate });
    await expect(store.write(batch)).rejects.toThrow("crashed");
    expect([...store.contents().keys()]).toEqual(names);
    await expect(store.read("draft/1")).rejects.toThrow("crashed");
    await expect(store.list("")).rejects.toThrow("crashed");
    await expect(store.write(batch)).rejects.toThrow("crashed");
  });
});

describe("a store on a disk", () => {
  it.each(refusingStorePromises)("$name", async ({ hold }) => {
    const path = newPath();
    const store = openAt(path);
    const restart = (): DeviceStore => {
      release(store);
      return openAt(path);
    };
    for (const { came, should } of await hold({ store, restart })) expect(came).toEqual(should);
  });

  it("refuses a second writer while the first has it, and takes it afterwards", async () => {
    const path = newPath();
    const first = openAt(path);
    expect(openDiskStore(path)).toEqual({ ok: false, error: { type: "StoreInUse" } });
    await first.write([{ name: "draft/1", value: bytes("words") }]);
    release(first);
    expect(await openAt(path).read("draft/1")).toEqual(bytes("words"));
  });

  it("refuses a file that is something else", () => {
    const path = newPath();
    writeFileSync(path, "A letter, and no store at all. ".repeat(100));
    expect(openDiskStore(path)).toEqual({ ok: false, error: { type: "NotAStore" } });
    expect(openDiskStore(join(path, "nowhere"))).toEqual({ ok: false, error: { type: "NotAStore" } });
  });

  it("leaves alone what a newer version of the program has written", () => {
    const path = newPath();
    const database = new DatabaseSync(path);
    database.exec("CREATE TABLE future (name TEXT); PRAGMA user_version = 2");
    database.close();
    expect(openDiskStore(path)).toEqual({ ok: false, error: { type: "Newer" } });
    const again = new DatabaseSync(path);
    expect(again.prepare("SELECT name FROM sqlite_schema").all()).toEqual([{ name: "future" }]);
    again.close();
  });

  it("has written nothing of a batch that the disk has no room for, and says so", async () => {
    const opened = openDiskStore(newPath(), 100_000);
    assert(opened.ok, "The test's own store must open.");
    const store = opened.value;
    open.push(store);
    await store.write([{ name: "draft/1", value: bytes("words") }]);
    const batch = Array.from({ length: 20 }, (_, at) => ({ name: `index/${at}`, value: new Uint8Array(9000) }));
    await expect(store.write([{ name: "draft/1", value: undefined }, ...batch])).rejects.toSatisfy(isStoreFull);
    expect((await store.list("")).map(({ name }) => name)).toEqual(["draft/1"]);
    await store.write([{ name: "draft/2", value: bytes("short") }]);
    expect(await store.read("draft/2")).toEqual(bytes("short"));
  });

  it("has written nothing of a batch with something in it that is no value, and goes on", async () => {
    const store = openAt(newPath());
    const wrong = "words" as unknown as Bytes;
    const batch = [
      { name: "draft/1", value: bytes("words") },
      { name: "draft/2", value: wrong },
    ];
    await expect(store.write(batch)).rejects.toThrow();
    expect(await store.list("")).toEqual([]);
    await store.write(batch.slice(0, 1));
    expect(await store.read("draft/1")).toEqual(bytes("words"));
  });

  it.each(["account", "account-vault", "device-vault", "device-vault/next"])(
    "leaves no trace of what was sealed under a password of before: %s",
    async (name) => {
      const path = newPath();
      const store = openAt(path);
      const secret = "0123456789abcdef";
      await store.write([{ name, value: bytes(`secret ${secret}`) }]);
      await store.write([{ name, value: bytes("emptied") }]);
      const folder = join(path, "..");
      const files = readdirSync(folder).map((file) => readFileSync(join(folder, file)).toString("latin1"));
      expect(files.join("")).toContain("emptied");
      expect(files.join("")).not.toContain(secret);
    },
  );

  it("waits for the disk before it says that something is written", () => {
    const asked = vi.spyOn(DatabaseSync.prototype, "exec");
    openAt(newPath());
    const [database] = asked.mock.contexts as readonly DatabaseSync[];
    asked.mockRestore();
    assert(database !== undefined, "A store is prepared when it is opened.");
    // 2 is FULL: a commit answers when the write-ahead file is on the disk. A process that is killed cannot show it.
    expect(database.prepare("PRAGMA synchronous").get()?.["synchronous"]).toBe(2);
  });

  it("holds everything it has acknowledged, and half of nothing, when the program is killed", async () => {
    for (const count of [1, 2, 7, 30]) {
      const path = newPath();
      const acknowledged = await writeUntilKilled(path, count);
      const store = openAt(path);
      const found = await Promise.all(batchNames.map(async (name) => batchOf(await store.read(name))));
      expect(new Set(found).size).toBe(1);
      expect(found[0]).toBeGreaterThanOrEqual(acknowledged);
      release(store);
    }
  });
});

const writerPath = fileURLToPath(new URL("../testing/disk-writer.ts", import.meta.url));

/** The last batch that was acknowledged before the program was gone. */
const writeUntilKilled = async (path: string, count: number): Promise<number> => {
  const writer = spawn(process.execPath, [writerPath, path], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = new Promise((resolve) => {
    writer.once("exit", resolve);
  });
  let last = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    last = Number(line);
    if (last >= count) writer.kill("SIGKILL");
  }
  await gone;
  return last;
};
