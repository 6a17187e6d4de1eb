/** What a device remembers: sealed, bound to its name, whole or not at all. */

import { describe, expect, it } from "vitest";
import { fromAscii, type CborValue } from "@amana/log";
import { makeSecret, openBox, platformDeflate, sealBox } from "@amana/vault";
import fc from "fast-check";
import { seededRandomness } from "../testing/randomness.ts";
import { makeMemoryStore, type MemoryStore } from "./memory-store.ts";
import { makeRecords, pieceBytesMax, piecesPerRecordMax, type Records } from "./records.ts";

const randomness = seededRandomness("records");
const ports = { randomness, deflate: platformDeflate };
const storageKey = makeSecret("device-storage", seededRandomness("storage key"));

const start = (): { store: MemoryStore; records: Records } => {
  const store = makeMemoryStore();
  return { store, records: makeRecords(store, storageKey, ports) };
};

const move = async (store: MemoryStore, from: string, to: string): Promise<void> => {
  await store.write([{ name: to, value: await store.read(from) }]);
};

describe("a record", () => {
  it("comes back as it was written, changed, and not after it was removed", async () => {
    const { records } = start();
    expect(await records.read("record/token")).toBeUndefined();
    await records.write("record/token", ["one", 2, null]);
    expect(await records.read("record/token")).toEqual(["one", 2, null]);
    await records.write("record/token", { changed: true });
    expect(await records.read("record/token")).toEqual({ changed: true });
    await records.remove("record/token");
    expect(await records.read("record/token")).toBeUndefined();
  });

  it("is not to be read in the store", async () => {
    const { records, store } = start();
    await records.write("record/token", "Zîlan's words");
    const value = await store.read("record/token");
    expect(Buffer.from(value ?? []).includes("Zîlan's words")).toBe(false);
  });

  it("is refused under another name than its own", async () => {
    const { records, store } = start();
    await records.write("record/one", 1);
    await move(store, "record/one", "record/two");
    await expect(records.read("record/two")).rejects.toThrow("not what this device wrote");
  });

  it("is refused after each single change of a byte, and under another storage key", async () => {
    const { records, store } = start();
    await records.write("record/one", 1);
    const honest = (await store.read("record/one")) ?? new Uint8Array();
    for (let at = 0; at < honest.length; at += 7) {
      const changed = honest.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      await store.write([{ name: "record/one", value: changed }]);
      await expect(records.read("record/one")).rejects.toThrow("not what this device wrote");
    }
    await store.write([{ name: "record/one", value: honest }]);
    const others = makeRecords(store, makeSecret("device-storage", seededRandomness("other key")), ports);
    await expect(others.read("record/one")).rejects.toThrow("not what this device wrote");
  });

  it("lies in pieces when it is long, and leaves none behind when it is short again", async () => {
    const { records, store } = start();
    const long = fromAscii("x".repeat(3 * pieceBytesMax));
    await records.write("record/long", long);
    expect((await store.list("record/")).map(({ name }) => name)).toEqual([
      "record/long",
      "record/long#1",
      "record/long#2",
      "record/long#3",
    ]);
    expect(await records.read("record/long")).toEqual(long);
    await records.write("record/long", "short");
    expect((await store.list("record/")).map(({ name }) => name)).toEqual(["record/long"]);
    expect(await records.read("record/long")).toBe("short");
  });

  it("leaves no piece behind either where what was to be written in between never was", async () => {
    const { records, store } = start();
    const long = fromAscii("x".repeat(3 * pieceBytesMax));
    await records.write("record/long", "short");
    const changes = await records.changes("record/long", long);
    expect(await records.read("record/long")).toBe("short");
    await store.write(changes);
    // The store was full, say.
    await records.changes("record/long", "short");
    await records.write("record/long", "shorter");
    expect((await store.list("record/")).map(({ name }) => name)).toEqual(["record/long"]);
    expect(await records.read("record/long")).toBe("shorter");
    // And by a program that was started since, which has read nothing of it.
    await records.write("record/long", long);
    await makeRecords(store, storageKey, ports).write("record/long", "short");
    expect((await store.list("record/")).map(({ name }) => name)).toEqual(["record/long"]);
  });

  it("is looked for once: what was read or written is written again without a look at the store", async () => {
    const { store } = start();
    const looks: string[] = [];
    const read = (name: string) => (looks.push(name), store.read(name));
    const records = makeRecords({ ...store, read }, storageKey, ports);
    expect(await records.read("record/one")).toBeUndefined();
    for (let count = 0; count < 3; count++) await records.write("record/one", count);
    expect(looks).toEqual(["record/one"]);
    for (let count = 0; count < 3; count++) await records.write("record/two", count);
    expect(looks).toEqual(["record/one", "record/two#1"]);
    const again = makeRecords({ ...store, read }, storageKey, ports);
    expect(await again.read("record/one")).toBe(2);
    await again.remove("record/one");
    expect(looks).toEqual(["record/one", "record/two#1", "record/one"]);
    expect((await store.list("record/")).map(({ name }) => name)).toEqual(["record/two"]);
  });

  it("is read with others whose names begin alike, with one look at the store, and held to the same", async () => {
    const { records, store } = start();
    const long = fromAscii("x".repeat(1.5 * pieceBytesMax));
    await records.write("record/many/a", long);
    await records.write("record/many/b", "short");
    await records.write("record/other", "not asked for");
    const looks: string[] = [];
    const counted = {
      ...store,
      read: (name: string) => (looks.push(name), store.read(name)),
      list: (prefix: string) => (looks.push(`${prefix}*`), store.list(prefix)),
    };
    const again = makeRecords(counted, storageKey, ports);
    const names = ["record/many/a", "record/many/b", "record/many/c"];
    expect(await again.readAll("record/many/", names)).toEqual([long, "short", undefined]);
    for (const name of names) await again.write(name, "shorter");
    expect(looks).toEqual(["record/many/*"]);
    expect((await store.list("record/many/")).map(({ name }) => name)).toEqual(names);
    await move(store, "record/many/a", "record/many/b");
    await expect(again.readAll("record/many/", names)).rejects.toThrow("not what this device wrote");
  });

  it("is refused when one of its pieces is missing, older, or in another's place", async () => {
    const { records, store } = start();
    const contentOf = (letter: string): CborValue => fromAscii(letter.repeat(2.5 * pieceBytesMax));
    await records.write("record/long", contentOf("a"));
    const older = await store.read("record/long#1");
    await records.write("record/long", contentOf("b"));
    const newer = await store.read("record/long#1");
    const another = await store.read("record/long#2");
    for (const value of [older, another, undefined]) {
      await store.write([{ name: "record/long#1", value }]);
      await expect(records.read("record/long")).rejects.toThrow("not what this device wrote");
    }
    await store.write([{ name: "record/long#1", value: newer }]);
    expect(await records.read("record/long")).toEqual(contentOf("b"));
  });

  it("can go into one batch with other changes", async () => {
    const { records, store } = start();
    await store.write([{ name: "draft/1", value: fromAscii("sealed words") }]);
    const changes = await records.changes("record/one", "sent");
    expect(await records.read("record/one")).toBeUndefined();
    await store.write([...changes, { name: "draft/1", value: undefined }]);
    expect(await records.read("record/one")).toBe("sent");
    await store.write([...(await records.changes("record/one", undefined))]);
    expect(await store.list("")).toEqual([]);
  });

  it("stops the device when it is longer than any may be", async () => {
    const { records } = start();
    const tooLong = new Uint8Array(pieceBytesMax * piecesPerRecordMax + 1);
    await expect(records.write("record/long", tooLong)).rejects.toThrow("longer than any may be");
  });

  it("is refused when it opens into something that is no piece", async () => {
    const { records, store } = start();
    for (const content of [[1, new Uint8Array(32)], [0, new Uint8Array(32), new Uint8Array(3)], "words"]) {
      const box = await sealBox("device-record", storageKey, { context: ["record/one", 0], content }, ports);
      await store.write([{ name: "record/one", value: box }]);
      await expect(records.read("record/one")).rejects.toThrow("not what this device wrote");
    }
    await records.remove("record/never");
    expect(
      await openBox("index", storageKey, (await store.read("record/one")) ?? new Uint8Array(), platformDeflate),
    ).toEqual({
      ok: false,
      error: { type: "NotABox" },
    });
  });

  it("property: comes back whatever was there before, of whatever length", async () => {
    const { records, store } = start();
    const length = fc.integer({ min: 0, max: 3 * pieceBytesMax });
    await fc.assert(
      fc.asyncProperty(fc.array(length, { minLength: 1, maxLength: 3 }), async (lengths) => {
        for (const each of lengths) await records.write("record/any", new Uint8Array(each).fill(each));
        const last = lengths.at(-1) ?? 0;
        expect(await records.read("record/any")).toEqual(new Uint8Array(last).fill(last));
        await records.remove("record/any");
        expect(await store.list("")).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
