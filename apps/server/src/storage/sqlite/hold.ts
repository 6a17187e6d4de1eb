/**
 * Whether somebody is at work over a folder: a server over its store, or a restore into it.
 *
 * What must stay true: a hold ends with the process that has it, however that ends, and on every machine and in every container that
 * sees the folder it counts. So it is a lock of the operating system, taken by SQLite as for a store, on an empty file beside it
 * (docs/decisions/2026-11-23-one-server-holds-a-folder.md). Nothing else in this process may open that file: closing it would end the lock.
 */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { err, ok, type Result } from "@amana/kernel";
import { makeForFolder } from "../../folders.ts";
import type { StoreHeld } from "../storage.ts";
import { codeOf, isOfSqlite } from "./messages.ts";

/** It lasts until it is let go, or the process ends. */
export type Hold = { readonly letGo: () => void };

const holdFile = "amana.hold";

/** The folder is there. Throws where no file can be made in it. */
export const holdFolder = (folder: string): Result<Hold, StoreHeld> => {
  const maskBefore = process.umask(0o077);
  const file = join(folder, holdFile);
  const database = makeForFolder(file, () => new DatabaseSync(file, { timeout: 0 }));
  try {
    // Nothing is written, so that a full disk keeps nobody from starting.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isOfSqlite(error) && codeOf(error) === busy) return err({ type: "StoreHeld" });
    throw error;
  } finally {
    process.umask(maskBefore);
  }
  return ok({ letGo: () => database.close() });
};

const busy = "SQLITE_5";
