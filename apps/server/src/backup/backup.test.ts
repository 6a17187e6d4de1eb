/** A backup holds everything, opens for the offline key alone, is found out when damaged, and never brings back what was erased. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { later } from "@amana/kernel";
import { decodeCbor, encodeCbor, type Bytes, type LogId } from "@amana/log";
import { digestOfNone } from "@amana/sync";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStorage } from "../open-storage.ts";
import { makeRelay } from "../relay/relay.ts";
import type { Storage } from "../storage/storage.ts";
import { beginLog, logIdFor, nextEntry, type MadeEntry } from "../testing/people.ts";
import { found, get, joinBy, openWorld, type Founded, type World } from "../testing/world.ts";
import { backupsIn, digestAfter, writeBackup } from "./backup.ts";
import { restoreBackup } from "./restore.ts";
import { makeBackupKey, openSealedFile, writeSealedFile } from "./sealed-file.ts";

const key = makeBackupKey();
let world: World;
let founded: Founded;
let folder: string;
let logId: LogId;
let first: MadeEntry;
const stores: { readonly storage: Storage; readonly folder: string }[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "amana-backup-"));
  world = await openWorld();
  founded = await found(world, "Shilan");
  logId = logIdFor("the case");
  const { append, entry } = beginLog(founded.keeper, logId, "case");
  first = entry;
  await get(world, "append-control", founded.keeper.token, append);
  const entries: MadeEntry[] = [];
  for (let number = 0; number < 300; number++) {
    entries.push(nextEntry(founded.keeper, entries.at(-1) ?? entry, {}, `note ${number}`));
  }
  for (let from = 0; from < 300; from += 100) {
    const bytes = entries.slice(from, from + 100).map((each) => each.bytes);
    await get(world, "push", founded.keeper.token, { logs: [{ logId, entries: bytes }] });
  }
});
afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
  for (const each of stores.splice(0)) {
    await each.storage.close();
    rmSync(each.folder, { recursive: true });
  }
});

const back = (days = { logs: 90, wraps: 14 }) =>
  writeBackup(world.storage, { folder, recipient: key.publicKey, now: world.now(), days });

const emptyStore = async (): Promise<Storage> => {
  const own = mkdtempSync(join(tmpdir(), "amana-restored-"));
  const opened = await openStorage({ kind: "sqlite", folder: own }, { migrates: true });
  if (!opened.ok) throw new Error("A new store must open.");
  stores.push({ storage: opened.value, folder: own });
  return opened.value;
};

const pullAll = async (storage: Storage): Promise<readonly Bytes[]> => {
  const relay = makeRelay({ ...world.options, storage });
  const wants = [{ logId, after: 0, digest: digestOfNone() }];
  const { logs } = await get({ relay }, "pull", founded.keeper.token, { wants, bytesMax: 1_048_576 });
  return logs[0]?.entries ?? [];
};

describe("a backup", () => {
  it("brings back every entry, wrap, account and sign-in, into an empty store", async () => {
    const written = await back();
    expect(written.removed).toEqual([]);
    const storage = await emptyStore();
    expect(await restoreBackup(storage, folder, key.privateKey)).toMatchObject({
      ok: true,
      value: { takenAt: world.now(), logs: 2, entries: 302, hasWraps: true, rows: written.rows },
    });
    expect(await pullAll(storage)).toEqual(await pullAll(world.storage));
    expect(await storage.counts()).toEqual(await world.storage.counts());
    const relay = makeRelay({ ...world.options, storage });
    const read = { logs: [logId] };
    expect(await get({ relay }, "read-wraps", founded.keeper.token, read)).toEqual(
      await get(world, "read-wraps", founded.keeper.token, read),
    );
  });

  it("is for nobody but its owner on the disk, and opens with no other key", async () => {
    await back();
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077, name).toBe(0);
    const other = await restoreBackup(await emptyStore(), folder, makeBackupKey().privateKey);
    expect(other).toEqual({ ok: false, error: { type: "NotForThisKey" } });
    const all = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
    expect(all.includes(Buffer.from(first.bytes.slice(-300)))).toBe(false);
    expect(all.includes(Buffer.from(key.privateKey))).toBe(false);
  });

  it("keeps logs and wraps apart, and neither keeps wraps beyond their time nor loses its newest", async () => {
    await back();
    world.pass(13 * 86_400_000);
    expect((await back()).removed).toEqual([]);
    world.pass(86_400_000);
    const { removed } = await back();
    expect(removed.map((name) => name.split(".")[1])).toEqual(["wraps"]);
    const parts = (await backupsIn(folder)).map(({ part }) => part).sort();
    expect(parts).toEqual(["ledger", "ledger", "ledger", "logs", "logs", "logs", "wraps", "wraps"]);
    world.pass(400 * 86_400_000);
    await back();
    expect((await backupsIn(folder)).filter(({ part }) => part !== "ledger")).toHaveLength(2);
  });

  it("without its wraps still brings back the logs, and says so", async () => {
    await back();
    for (const name of readdirSync(folder)) if (name.includes(".wraps.")) rmSync(join(folder, name));
    const storage = await emptyStore();
    expect(await restoreBackup(storage, folder, key.privateKey)).toMatchObject({ value: { hasWraps: false } });
    expect(await pullAll(storage)).toHaveLength(301);
  });

  it("never brings back what was erased after it was taken", async () => {
    await back();
    const [, note] = await pullAll(world.storage);
    if (note === undefined) throw new Error("There is one.");
    const notes = await get(world, "list-hashes", founded.keeper.token, { logId, after: 1 });
    const [erased] = notes.hashes;
    if (erased === undefined) throw new Error("There is one.");
    const other = await joinBy(world, founded.keeper, "Another");
    const serving = { keys: [founded.keeper.account.receivingKey, other.account.receivingKey] };
    const control = { kind: "control", parents: [] } as const;
    const proposal = nextEntry(founded.keeper, first, { ...control, control: first.hash }, "proposal");
    const confirmation = nextEntry(other, proposal, { ...control, control: proposal.hash });
    for (const [entry, after, by] of [
      [proposal, first.hash, founded.keeper],
      [confirmation, proposal.hash, other],
    ] as const) {
      const append = { logId, kind: "case" as const, after, entry: entry.bytes, wraps: [], serving };
      await get(world, "append-control", by.token, { ...append, organisation: undefined });
    }
    const acts = { logId, proposal: proposal.hash, confirmation: confirmation.hash };
    await get(world, "erase", founded.keeper.token, { ...acts, entries: [erased] });
    // The ledger of a later backup is enough; its logs and wraps may be lost.
    world.pass(1000);
    await back();
    for (const { name, part, takenAt } of await backupsIn(folder)) {
      if (part !== "ledger" && takenAt === world.now()) rmSync(join(folder, name));
    }
    const storage = await emptyStore();
    expect(await restoreBackup(storage, folder, key.privateKey)).toMatchObject({ value: { erasuresReplayed: 1 } });
    const [, restored] = await pullAll(storage);
    expect(restored?.length).toBeLessThan(note.length - 200);
  });

  it("is refused when a byte is changed, an end is cut, a chunk is missing, or another file stands in its place", async () => {
    await back();
    const name = readdirSync(folder).find((each) => each.includes(".logs.")) ?? "";
    const path = join(folder, name);
    const whole = readFileSync(path);
    const restored = async (bytes: Buffer): Promise<unknown> => {
      writeFileSync(path, bytes);
      const result = await restoreBackup(await emptyStore(), folder, key.privateKey);
      return result.ok ? "restored" : result.error.type;
    };
    for (const at of [200, 5000, whole.length - 1]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await restored(changed), `${at}`).toBe("Damaged");
    }
    expect(await restored(whole.subarray(0, -1))).toBe("Damaged");
    expect(await restored(withoutLastChunk(whole))).toBe("Damaged");
    expect(await restored(Buffer.concat([whole, Buffer.from([0])]))).toBe("Damaged");
    expect(await restored(Buffer.from("something else"))).toBe("NotABackup");
    expect(await restored(Buffer.alloc(0))).toBe("NotABackup");
    expect(await restored(whole)).toBe("restored");
  });

  it("that does not add up is refused, though every chunk is authentic", async () => {
    await back();
    const name = readdirSync(folder).find((each) => each.includes(".logs.")) ?? "";
    const chunks = await chunksOf(join(folder, name));
    const isOfEntries = (chunk: Bytes): boolean => Buffer.from(chunk).subarray(0, 20).includes("entries");
    const entries = chunks.findIndex(isOfEntries);
    // The last says that what is left is all there was: only the logs themselves still say that there was more.
    const fewer = chunks.slice(0, -1).toSpliced(chunks.findLastIndex(isOfEntries), 1);
    for (const changed of [
      chunks.toSpliced(entries, 1),
      chunks.toSpliced(entries, 0, chunks[entries] ?? encodeCbor([])),
      [...fewer, summaryOf(fewer)],
    ]) {
      rmSync(join(folder, name));
      const header = {
        part: "logs",
        schemaVersion: await world.storage.schemaVersion(),
        takenAt: world.now(),
      } as const;
      const file = await writeSealedFile(join(folder, name), header, key.publicKey);
      for (const chunk of changed.slice(0, -1)) await file.write(chunk);
      await file.finish(changed.at(-1) ?? encodeCbor([]));
      const result = await restoreBackup(await emptyStore(), folder, key.privateKey);
      expect(result).toEqual({ ok: false, error: { type: "NotWhole" } });
    }
  });

  it("leaves nothing half written when the disk or the store fails", async () => {
    const failing: Storage = {
      ...world.storage,
      openSnapshot: async () => {
        const snapshot = await world.storage.openSnapshot();
        return {
          ...snapshot,
          async *pages() {
            for await (const page of snapshot.pages()) {
              yield page;
              if (page.table === "accounts") throw new Error("The store went away.");
            }
          },
        };
      },
    };
    const options = { folder, recipient: key.publicKey, now: later(world.now(), 1), days: { logs: 90, wraps: 14 } };
    await expect(writeBackup(failing, options)).rejects.toThrow("went away");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("that is not there is said, and so is a folder that is not there", async () => {
    for (const nothing of [folder, join(folder, "nowhere")]) {
      expect(await restoreBackup(await emptyStore(), nothing, key.privateKey)).toEqual({
        ok: false,
        error: { type: "NothingToRestore" },
      });
    }
  });
});

const chunksOf = async (path: string): Promise<Bytes[]> => {
  const opened = await openSealedFile(path, key.privateKey);
  if (!opened.ok) throw new Error("A test's own file must open.");
  const chunks: Bytes[] = [];
  for (let isLast = false; !isLast;) {
    const chunk = await opened.value.next();
    if (!chunk.ok) throw new Error("A test's own file must be whole.");
    chunks.push(chunk.value.content);
    ({ isLast } = chunk.value);
  }
  await opened.value.close();
  return chunks;
};

/** What a backup of exactly these pages would end with. */
const summaryOf = (pages: readonly Bytes[]): Bytes => {
  const counts = new Map<string, number>();
  let digest: Bytes = new Uint8Array(32);
  for (const page of pages) {
    const decoded = decodeCbor(page);
    // A page is its table, its columns and its rows.
    const [table, , rows] = decoded.ok ? (decoded.value as [string, unknown, readonly unknown[]]) : ["", undefined, []];
    counts.set(table, (counts.get(table) ?? 0) + rows.length);
    digest = digestAfter(digest, page);
  }
  return encodeCbor([[...counts].map(([table, count]) => [table, count]), digest]);
};

/** Cut exactly between two chunks. */
const withoutLastChunk = (file: Buffer): Buffer => {
  const headerEnd = 13 + 4 + file.readUInt32BE(13);
  let at = headerEnd;
  let last = headerEnd;
  while (at < file.length) {
    last = at;
    at += 4 + file.readUInt32BE(at);
  }
  return file.subarray(0, last);
};
