/**
 * A backup holds everything but sign-ins, opens for the offline key alone, is found out when damaged, and never brings back what was
 * erased, forbidden or signed out since.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { later } from "@amana/kernel";
import { decodeCbor, encodeCbor, scopeOfConfirmation, scopeOfProposal, type Bytes, type LogId } from "@amana/log";
import { digestOfNone } from "@amana/sync";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStorage } from "../open-storage.ts";
import { makeRelay } from "../relay/relay.ts";
import type { Storage } from "../storage/storage.ts";
import {
  beginLog,
  deviceIdFor,
  digestOf,
  keyIdFor,
  logIdFor,
  nextEntry,
  wrapFor,
  type MadeEntry,
} from "../testing/people.ts";
import { makeThrowAwayStores } from "../testing/throw-away-stores.ts";
import { ask, found, get, joinBy, openWorld, signIn, type Founded, type World } from "../testing/world.ts";
import { backupHoursMax, backupsIn, digestAfter, fileNameOf, writeBackup } from "./backup.ts";
import { restoreBackup as restoreFrom, type RestoreOrder } from "./restore.ts";
import { makeBackupKey, openSealedFile, writeSealedFile } from "./sealed-file.ts";

const key = makeBackupKey();
let world: World;
let founded: Founded;
let folder: string;
let logId: LogId;
let first: MadeEntry;
const stores = makeThrowAwayStores();
const emptyStore = stores.open;

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
  await stores.close();
});

const back = (days = { logs: 90, wraps: 14 }) =>
  writeBackup(world.storage, { folder, recipient: key.publicKey, now: world.now(), days });

const restoreBackup = (storage: Storage, from: string, privateKey: Bytes, at?: RestoreOrder["at"]) =>
  restoreFrom(storage, { folder: from, privateKey, now: world.now(), at });

/** Signed in on another device, so that the first one stays as it is. */
const signInTo = async (storage: Storage) => {
  const relay = makeRelay({ ...world.options, storage });
  const { token } = await signIn({ relay }, { ...founded.keeper, device: deviceIdFor("another") });
  return { relay, token };
};

const pullAll = async (storage: Storage): Promise<readonly Bytes[]> => {
  const { relay, token } = await signInTo(storage);
  const wants = [{ logId, after: 0, digest: digestOfNone() }];
  const { logs } = await get({ relay }, "pull", token, { wants, bytesMax: 1_048_576, withWraps: false });
  return logs[0]?.entries ?? [];
};

const hour = 3_600_000;
const standingOf = (storage: Storage) => storage.storeStanding();

/** As a server would open it. */
const openAgain = async (storage: Storage) => {
  const opened = await openStorage({ kind: "sqlite", folder: stores.folderOf(storage) }, { migrates: true });
  if (opened.ok) await opened.value.close();
  return opened.ok ? "opened" : opened.error.type;
};

describe("a backup", () => {
  it("brings back every entry, wrap and account, into a store in which a server was only started", async () => {
    await world.storage.serverSecret({ name: "challenge-key", made: digestOf("the first") });
    const written = await back();
    expect(written.removed).toEqual([]);
    const storage = await emptyStore();
    await storage.serverSecret({ name: "challenge-key", made: digestOf("the second") });
    await storage.addSetUpCode({ codeHash: digestOf("a code"), expiresAt: later(world.now(), hour) });
    expect(await restoreBackup(storage, folder, key.privateKey)).toMatchObject({
      ok: true,
      value: { takenAt: world.now(), logs: 2, entries: 302, hasWraps: true, rows: written.rows },
    });
    const made = digestOf("the third");
    expect(await storage.serverSecret({ name: "challenge-key", made })).toEqual(made);
    expect(await storage.isCodeStanding({ codeHash: digestOf("a code"), now: world.now() })).toBe(false);
    expect(await storage.counts()).toEqual({ ...(await world.storage.counts()), signIns: 0 });
    expect(await pullAll(storage)).toEqual(await pullAll(world.storage));
    const { relay, token } = await signInTo(storage);
    const read = { logs: [logId] };
    expect(await get({ relay }, "read-wraps", token, read)).toEqual(
      await get(world, "read-wraps", founded.keeper.token, read),
    );
    const again = await restoreBackup(storage, folder, key.privateKey);
    expect(again).toEqual({ ok: false, error: { type: "StoreUsed" } });
  });

  it("signs nobody in: what a token was good for when it was taken, it is good for no more", async () => {
    await back();
    await get(world, "sign-out", founded.keeper.token, { device: undefined });
    const storage = await emptyStore();
    expect((await restoreBackup(storage, folder, key.privateKey)).ok).toBe(true);
    const relay = makeRelay({ ...world.options, storage });
    const listed = await ask({ relay }, "list-devices", founded.keeper.token, {});
    expect(listed).toMatchObject({ ok: false, error: { code: "NotSignedIn" } });
    expect((await signInTo(storage)).token).toHaveLength(32);
  });

  it("ends a recovery that waited when it was taken, so that a veto since is not undone", async () => {
    const recoveryKey = keyIdFor("the recovery key");
    await get(world, "add-wraps", founded.keeper.token, { logId, wraps: [wrapFor(logId, recoveryKey)] });
    const { recovery } = await get(world, "request-recovery", founded.keeper.token, { recoveryKey });
    await back();
    await get(world, "forbid-recovery", founded.keeper.token, { recovery });
    world.pass(48 * hour);
    const storage = await emptyStore();
    expect((await restoreBackup(storage, folder, key.privateKey)).ok).toBe(true);
    await storage.noteUp({ now: world.now(), pauseMillisecondsMax: 48 * hour });
    const { relay, token } = await signInTo(storage);
    const { recoveries } = await get({ relay }, "read-recoveries", token, {});
    expect(recoveries.map(({ state }) => state)).toEqual(["forbidden"]);
    const read = await ask({ relay }, "read-recovery-wraps", token, { recovery, after: 0 });
    expect(read).toMatchObject({ ok: false, error: { code: "NotNow" } });
    const asked = await get({ relay }, "request-recovery", token, { recoveryKey });
    expect(asked.opensAt - world.now()).toBe(24 * hour);
  });

  it("never brings back what the sheets of a recovery opened that was used and ended since", async () => {
    const recoveryKey = keyIdFor("the recovery key");
    await get(world, "add-wraps", founded.keeper.token, { logId, wraps: [wrapFor(logId, recoveryKey)] });
    const { recovery } = await get(world, "request-recovery", founded.keeper.token, { recoveryKey });
    await world.stayUp(24 * hour);
    const { wraps } = await get(world, "read-recovery-wraps", founded.keeper.token, { recovery, after: 0 });
    expect(wraps).toHaveLength(1);
    await back();
    const before = await world.storage.counts();
    await get(world, "forbid-recovery", founded.keeper.token, { recovery });
    world.pass(1000);
    await back();
    for (const { name, part, takenAt } of await backupsIn(folder)) {
      if (part !== "ledger" && takenAt === world.now()) rmSync(join(folder, name));
    }
    const storage = await emptyStore();
    expect(await restoreBackup(storage, folder, key.privateKey)).toMatchObject({ value: { erasuresReplayed: 1 } });
    expect((await storage.counts()).wraps).toBe(before.wraps - 1);
  });

  it("is for nobody but its owner on the disk, and opens with no other key", async () => {
    await back();
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077, name).toBe(0);
    const other = await restoreBackup(await emptyStore(), folder, makeBackupKey().privateKey);
    const logs = fileNameOf("logs", world.now());
    expect(other).toEqual({ ok: false, error: { type: "NotForThisKey", file: logs } });
    const all = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
    expect(all.includes(Buffer.from(first.bytes.slice(-300)))).toBe(false);
    expect(all.includes(Buffer.from(key.privateKey))).toBe(false);
  });

  it("keeps logs and wraps apart, and neither keeps wraps beyond their time nor loses its newest", async () => {
    await back();
    world.pass(12 * 86_400_000);
    expect((await back()).removed).toEqual([]);
    world.pass(86_400_000);
    const { removed } = await back();
    expect(removed.map((name) => name.split(".")[1])).toEqual(["wraps"]);
    const parts = (await backupsIn(folder)).map(({ part }) => part).sort();
    expect(parts).toEqual(["ledger", "ledger", "ledger", "logs", "logs", "logs", "wraps", "wraps"]);
    world.pass(400 * 86_400_000);
    await back();
    expect((await backupsIn(folder)).map(({ part }) => part).sort()).toEqual(["ledger", "logs", "wraps"]);
  });

  it("is gone on the day that people were shown, if one is taken every night", async () => {
    await back();
    const [taken, days] = [world.now(), { logs: 4, wraps: 3 }];
    world.pass(1);
    for (const part of ["wraps", "logs"] as const) {
      const promised = later(taken, days[part] * 86_400_000);
      while (world.now() + backupHoursMax * hour < promised) {
        world.pass(backupHoursMax * hour);
        await back(days);
      }
      const left = (await backupsIn(folder)).filter((file) => file.part === part && file.takenAt <= taken);
      expect(left, part).toEqual([]);
    }
  });

  it("that was killed is restored by nobody, and its files go with a later one", async () => {
    await back();
    const leftAt = later(world.now(), 1);
    for (const part of ["ledger", "wraps", "logs"] as const) {
      writeFileSync(join(folder, `${fileNameOf(part, leftAt)}.unfinished`), "half of it");
    }
    expect((await restoreBackup(await emptyStore(), folder, key.privateKey)).ok).toBe(true);
    world.pass(24 * hour);
    expect((await back()).removed).toEqual([]);
    world.pass(hour);
    expect((await back()).removed.filter((name) => name.endsWith(".unfinished"))).toHaveLength(3);
    expect(readdirSync(folder).filter((name) => name.endsWith(".unfinished"))).toEqual([]);
  });

  it("is proved as a whole before a row of it is written, its wraps and its ledger too", async () => {
    await back();
    for (const part of ["wraps", "ledger"] as const) {
      const path = join(folder, fileNameOf(part, world.now()));
      const whole = readFileSync(path);
      writeFileSync(path, whole.subarray(0, -1));
      const storage = await emptyStore();
      expect((await restoreBackup(storage, folder, key.privateKey)).ok, part).toBe(false);
      expect(await standingOf(storage), part).toBe("empty");
      expect(await openAgain(storage)).toBe("opened");
      writeFileSync(path, whole);
    }
  });

  it("that breaks off while it is put back leaves a store that no server opens, and the next try begins anew", async () => {
    await back();
    const storage = await emptyStore();
    const away = (): Promise<void> => Promise.reject(new Error("The store went away."));
    const restorePage: Storage["restorePage"] = (order) =>
      order.page.table === "wraps" ? away() : storage.restorePage(order);
    for (const broken of [
      { ...storage, restorePage },
      { ...storage, finishRestore: away },
    ]) {
      await expect(restoreBackup(broken, folder, key.privateKey)).rejects.toThrow("went away");
      expect(await openAgain(storage)).toBe("RestoreUnfinished");
    }
    expect((await restoreBackup(storage, folder, key.privateKey)).ok).toBe(true);
    expect(await openAgain(storage)).toBe("opened");
    expect(await pullAll(storage)).toHaveLength(301);
  });

  it("of an earlier time comes back where that is asked for, and no older ledger passes for the newest by its name", async () => {
    await back();
    const earlier = world.now();
    await get(
      world,
      "append-control",
      founded.keeper.token,
      beginLog(founded.keeper, logIdFor("since"), "case").append,
    );
    world.pass(hour);
    await back();
    const takenAt = async (at: RestoreOrder["at"]) => {
      const restored = await restoreBackup(await emptyStore(), folder, key.privateKey, at);
      return restored.ok ? [restored.value.takenAt, restored.value.logs] : restored.error.type;
    };
    expect(await takenAt(undefined)).toEqual([world.now(), 3]);
    expect(await takenAt(later(world.now(), -1))).toEqual([earlier, 2]);
    expect(await takenAt(later(earlier, -1))).toBe("NothingToRestore");
    const newest = join(folder, fileNameOf("ledger", world.now()));
    writeFileSync(newest, readFileSync(join(folder, fileNameOf("ledger", earlier))));
    expect(await takenAt(undefined)).toBe("NotWhole");
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
    founded = { ...founded, keeper: await signIn(world, founded.keeper) };
    if (note === undefined) throw new Error("There is one.");
    const notes = await get(world, "list-hashes", founded.keeper.token, { logId, after: 1 });
    const [erased] = notes.hashes;
    if (erased === undefined) throw new Error("There is one.");
    const other = await joinBy(world, founded.keeper, "Another");
    const serving = { keys: [founded.keeper.account.receivingKey, other.account.receivingKey] };
    const control = { kind: "control", parents: [] } as const;
    const scope = { logId, entries: [erased] };
    const proposes = { ...control, control: first.hash, destroys: scopeOfProposal(scope) };
    const proposal = nextEntry(founded.keeper, first, proposes, "proposal");
    const agrees = { ...control, control: proposal.hash, destroys: scopeOfConfirmation(scope, proposal.hash) };
    const confirmation = nextEntry(other, proposal, agrees);
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
      expect(result).toEqual({ ok: false, error: { type: "NotWhole", file: name } });
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
