/**
 * A device's store in memory, for the simulation and for tests: as strict as a disk, and it can be made to fail.
 *
 * A batch is there as a whole or not at all, whatever becomes of the device while it is written.
 */

import { assert } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import type { DeviceStore, StoreChange } from "../ports.ts";
import { storeFull } from "./store-full.ts";

/**
 * What becomes of one write. After a crash the store answers nothing any more; whoever starts again makes a new one from
 * `contents()`, and finds the batch of the crash whole or not there.
 */
export type WriteFate = "written" | "full" | "crash-before" | "crash-after";

export type MemoryStore = DeviceStore & {
  /** A copy of all that is durable: for a device that starts again, and for one that was copied. */
  readonly contents: () => ReadonlyMap<string, Bytes>;
};

export type MemoryStoreSettings = {
  readonly contents?: ReadonlyMap<string, Bytes>;
  /** Asked before each write; writes are counted from 1. */
  readonly fateOf?: (write: number) => WriteFate;
};

export const makeMemoryStore = (settings: MemoryStoreSettings = {}): MemoryStore => {
  const { fateOf = () => "written" } = settings;
  let stored = copyOf(settings.contents ?? new Map());
  let writes = 0;
  let isCrashed = false;
  const write = (changes: readonly StoreChange[]): void => {
    assert(!isCrashed, "A store was used after it had crashed.");
    const fate = fateOf(++writes);
    if (fate === "full") throw storeFull();
    if (fate !== "crash-before") stored = changed(stored, changes);
    isCrashed = fate !== "written";
    assert(!isCrashed, "The store crashed, as a test wanted it to.");
  };
  return {
    // Each is async, so that what it throws is a rejection, as it is of a disk.
    read: async (name) => {
      assert(!isCrashed, "A store was used after it had crashed.");
      return Promise.resolve(stored.get(name)?.slice());
    },
    list: async (prefix) => {
      assert(!isCrashed, "A store was used after it had crashed.");
      const listed = [...stored]
        .filter(([name]) => name.startsWith(prefix))
        .sort(([one], [other]) => (one < other ? -1 : 1));
      return Promise.resolve(listed.map(([name, value]) => ({ name, value: value.slice() })));
    },
    write: async (changes) => {
      write(changes);
      return Promise.resolve();
    },
    contents: () => copyOf(stored),
  };
};

const copyOf = (contents: ReadonlyMap<string, Bytes>): ReadonlyMap<string, Bytes> =>
  new Map([...contents].map(([name, value]) => [name, value.slice()]));

const changed = (stored: ReadonlyMap<string, Bytes>, changes: readonly StoreChange[]): ReadonlyMap<string, Bytes> => {
  const after = new Map(stored);
  for (const { name, value } of changes) {
    if (value === undefined) after.delete(name);
    else after.set(name, value.slice());
  }
  return after;
};
