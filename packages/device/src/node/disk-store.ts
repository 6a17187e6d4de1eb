/**
 * A device's store in one file, for Node.js: the terminal, the demo, a station without a browser.
 *
 * What was written is on the disk when the promise resolves, as a whole or not at all. One program at a time: a second
 * opening of the same file is refused, because two writers would be two devices with one id.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import { DatabaseSync } from "node:sqlite";
import type { DeviceStore, Stored, StoreChange } from "../ports.ts";
import { accountName, accountVaultName, deviceVaultName, nextDeviceVaultName } from "../store/names.ts";
import { storeFull } from "../store/store-full.ts";

export type DiskStore = DeviceStore & {
  /** Lets go of the file, so that another program may open it. */
  readonly release: () => void;
};

export type DiskStoreError =
  /** Another program has it open. */
  | { readonly type: "StoreInUse" }
  /** The file is something else, or damaged, or cannot be opened. */
  | { readonly type: "NotAStore" }
  /** Written by a newer version of this program. */
  | { readonly type: "Newer" };

/** What stood under these is worth something to whoever knows a password of before. */
const keyNames = new Set([accountName, accountVaultName, deviceVaultName, nextDeviceVaultName]);

const storeVersion = 1;
/** What SQLite takes where nothing else is said. */
const bytesPerPage = 4096;
/** The result codes of SQLite, without what it adds to them. */
const sqlite = { busy: 5, full: 13 } as const;

/** More than ten thousand cases need. */
const diskStoreBytesMax = 8 * 2 ** 30;

export const openDiskStore = (path: string, bytesMax = diskStoreBytesMax): Result<DiskStore, DiskStoreError> => {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    prepare(database, bytesMax);
    const version = versionOf(database);
    if (version === storeVersion) return ok(storeOver(database));
    database.close();
    return err({ type: "Newer" });
  } catch (reason) {
    if (database?.isOpen === true) database.close();
    return err({ type: codeOf(reason) === sqlite.busy ? "StoreInUse" : "NotAStore" });
  }
};

const prepare = (database: DatabaseSync, bytesMax: number): void => {
  // The lock is taken with the first access and held until the file is closed.
  database.exec("PRAGMA locking_mode = EXCLUSIVE");
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  // What is removed is overwritten: the account secret must be gone when ten failures took it away.
  database.exec("PRAGMA secure_delete = ON");
  database.exec(`PRAGMA max_page_count = ${Math.floor(bytesMax / bytesPerPage)}`);
  database.exec("BEGIN IMMEDIATE");
  if (versionOf(database) === 0) {
    database.exec("CREATE TABLE stored (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT");
    database.exec(`PRAGMA user_version = ${storeVersion}`);
  }
  database.exec("COMMIT");
};

const versionOf = (database: DatabaseSync): unknown => database.prepare("PRAGMA user_version").get()?.["user_version"];

const codeOf = (reason: unknown): number =>
  reason instanceof Error && "errcode" in reason ? Number(reason.errcode) & 0xff : -1;

const storeOver = (database: DatabaseSync): DiskStore => {
  const read = database.prepare("SELECT value FROM stored WHERE name = ?");
  // No name holds the last character there is, so it bounds all that begin with the prefix.
  const list = database.prepare("SELECT name, value FROM stored WHERE name >= ? AND name < ? ORDER BY name");
  const put = database.prepare(
    "INSERT INTO stored (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );
  const remove = database.prepare("DELETE FROM stored WHERE name = ?");
  const writeAll = (changes: readonly StoreChange[]): void => {
    database.exec("BEGIN IMMEDIATE");
    for (const { name, value } of changes) {
      if (value === undefined) remove.run(name);
      else put.run(name, value);
    }
    database.exec("COMMIT");
    // What they said before must not stay in the write-ahead file either.
    if (changes.some(({ name }) => keyNames.has(name))) database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  };
  // Each is async, so that what it throws is a rejection.
  return {
    read: async (name) => Promise.resolve(bytesIn(read.get(name)?.["value"])),
    list: async (prefix) => Promise.resolve(list.all(prefix, `${prefix}\u{10ffff}`).flatMap(storedIn)),
    write: async (changes) => {
      try {
        writeAll(changes);
        await Promise.resolve();
      } catch (reason) {
        if (database.isTransaction) database.exec("ROLLBACK");
        throw codeOf(reason) === sqlite.full ? storeFull() : reason;
      }
    },
    release: () => {
      database.close();
    },
  };
};

/** A copy: what SQLite hands out is its own. */
const bytesIn = (value: unknown): Bytes | undefined => (value instanceof Uint8Array ? value.slice() : undefined);

const storedIn = (row: Readonly<Record<string, unknown>>): readonly Stored[] => {
  const [name, value] = [row["name"], bytesIn(row["value"])];
  assert(typeof name === "string" && value !== undefined, "The store gave something else than names and bytes.");
  return [{ name, value }];
};
