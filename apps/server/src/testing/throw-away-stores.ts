/** Stores for tests of backups: each new and empty, opened as a server would, and gone with its folder in the end. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert } from "@amana/kernel";
import { openStorage } from "../open-storage.ts";
import type { Storage } from "../storage/storage.ts";

export type ThrowAwayStores = {
  readonly open: () => Promise<Storage>;
  /** Where the file of one of them is. */
  readonly folderOf: (storage: Storage) => string;
  /** Closes and removes all of them. */
  readonly close: () => Promise<void>;
};

export const makeThrowAwayStores = (): ThrowAwayStores => {
  const folders = new Map<Storage, string>();
  return {
    open: async () => {
      const folder = mkdtempSync(join(tmpdir(), "amana-restored-"));
      const opened = await openStorage({ kind: "sqlite", folder }, { migrates: true });
      assert(opened.ok, "A new store must open.");
      folders.set(opened.value, folder);
      return opened.value;
    },
    folderOf: (storage) => {
      const folder = folders.get(storage);
      assert(folder !== undefined, "A test asks for the folder of a store that was not opened here.");
      return folder;
    },
    close: async () => {
      for (const [storage, folder] of folders) {
        await storage.close();
        rmSync(folder, { recursive: true });
      }
      folders.clear();
    },
  };
};
