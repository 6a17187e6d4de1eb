/**
 * The device's store in a browser: named bytes in IndexedDB.
 *
 * A batch is one transaction with strict durability: when it resolves, it is on the disk, whole. There is one writer:
 * whoever opens the store holds a lock of the browser until its worker ends, so two tabs never write past each other.
 */

import { type DeviceStore, type StoreChange, type Stored, storeFull } from "@amana/device";
import { giveWay, tabsChannelName } from "../wire/tabs.ts";
import { openDB, type IDBPDatabase, type IDBPObjectStore } from "idb";

/** Neutral, like everything that somebody who looks at the browser's storage can read. */
const databaseName = "notes";
const tableName = "pages";
const writerLockName = "notes-writer";

export type OpenedStore =
  | { readonly kind: "opened"; readonly store: DeviceStore; readonly erase: () => Promise<void> }
  /** Another tab of this browser works with it. */
  | { readonly kind: "held-elsewhere" };

/**
 * Waits for nothing: the lock is free, or another tab has it. Whoever takes over waits a little for the other tab to lock
 * itself, which it is asked to; nothing is ever taken from a tab that may still be writing.
 */
export const openBrowserStore = async (isTakingOver: boolean): Promise<OpenedStore> => {
  if (!(await (isTakingOver ? waitForWriterLock() : takeWriterLock()))) return { kind: "held-elsewhere" };
  const database = await openTable();
  return { kind: "opened", store: storeOver(database), erase: () => eraseAll(database) };
};

/** For whoever holds the lock. */
export const openTable = (): Promise<IDBPDatabase> =>
  openDB(databaseName, 1, {
    upgrade: (opened) => {
      opened.createObjectStore(tableName);
    },
  });

/** A tab that works locks itself at once; one that does not answer by then must be closed by hand. */
const givingWayMillisecondsMax = 8_000;

const takeWriterLock = (): Promise<boolean> => askForWriterLock({ ifAvailable: true });

const waitForWriterLock = (): Promise<boolean> => {
  const answer = askForWriterLock({ signal: AbortSignal.timeout(givingWayMillisecondsMax) });
  // Only now, so that this tab is the next in the row when the other lets go.
  const tabs = new BroadcastChannel(tabsChannelName);
  tabs.postMessage(giveWay);
  tabs.close();
  return answer;
};

/** The lock lasts as long as this worker: once it is held, its promise is never settled. */
const askForWriterLock = (options: LockOptions): Promise<boolean> =>
  new Promise((resolve) => {
    const held = navigator.locks.request(writerLockName, options, (lock) => {
      resolve(lock !== null);
      return lock === null
        ? undefined
        : new Promise<never>(() => {
            // It is never let go: the worker ends first.
          });
    });
    // The time was over before it was free.
    held.catch(() => resolve(false));
  });

export const storeOver = (database: IDBPDatabase): DeviceStore => ({
  read: async (name) => bytesIn(await database.get(tableName, name)),
  list: (prefix) => listOf(database, prefix),
  write: (changes) => write(database, changes),
});

const listOf = async (database: IDBPDatabase, prefix: string): Promise<readonly Stored[]> => {
  // Names are ASCII, so nothing of this prefix comes after it followed by the last code unit.
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const transaction = database.transaction(tableName);
  const [names, values] = await Promise.all([transaction.store.getAllKeys(range), transaction.store.getAll(range)]);
  return names.flatMap((name, place) => {
    const value = bytesIn(values[place]);
    return value === undefined || typeof name !== "string" ? [] : [{ name, value }];
  });
};

const write = async (database: IDBPDatabase, changes: readonly StoreChange[]): Promise<void> => {
  const transaction = database.transaction(tableName, "readwrite", { durability: "strict" });
  try {
    put(transaction.store, changes);
  } catch (error) {
    // Left alone, the transaction would write what came before.
    transaction.done.catch(() => undefined);
    transaction.abort();
    throw isFull(error) ? storeFull() : error;
  }
  try {
    await transaction.done;
  } catch (error) {
    throw isFull(error, transaction.error) ? storeFull() : error;
  }
};

/** Each request's own failure is also the transaction's, which is waited for. */
const put = (
  table: IDBPObjectStore<unknown, [typeof tableName], typeof tableName, "readwrite">,
  changes: readonly StoreChange[],
): void => {
  for (const { name, value } of changes) {
    const request = value === undefined ? table.delete(name) : table.put(value, name);
    Promise.resolve(request).catch(() => undefined);
  }
};

const isFull = (...errors: readonly unknown[]): boolean =>
  errors.some((error) => error instanceof DOMException && error.name === "QuotaExceededError");

const eraseAll = async (database: IDBPDatabase): Promise<void> => {
  const transaction = database.transaction(tableName, "readwrite", { durability: "strict" });
  await transaction.store.clear();
  await transaction.done;
};

/** Storage gives back a copy of what was put there; anything else is not ours. */
const bytesIn = (value: unknown): Uint8Array<ArrayBuffer> | undefined =>
  value instanceof Uint8Array && value.buffer instanceof ArrayBuffer ? new Uint8Array(value) : undefined;
