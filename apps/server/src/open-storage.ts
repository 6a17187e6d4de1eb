/** Opens the store that the configuration names, and brings its tables up to date. A half restored one it opens for a restore alone. */

import { join } from "node:path";
import { err, ok, type Result } from "@amana/kernel";
import type { Configuration } from "./configuration.ts";
import { makeFolder } from "./folders.ts";
import { openPostgres } from "./storage/postgres/open.ts";
import { holdFolder } from "./storage/sqlite/hold.ts";
import { codeOf, isOfSqlite } from "./storage/sqlite/messages.ts";
import { openSqlite } from "./storage/sqlite/open.ts";
import type { Storage, StoreHeld } from "./storage/storage.ts";
import { storageUnavailable } from "./storage/unavailable.ts";

export const storeFile = "amana.sqlite";

export type StoreProblem =
  | Extract<Awaited<ReturnType<typeof openSqlite>>, { readonly ok: false }>["error"]
  /** A restore began and did not end: what was erased may not be erased again yet. */
  | { readonly type: "RestoreUnfinished" }
  | StoreHeld;

type Opening = {
  /** Whether older tables are brought up to date. */
  readonly migrates: boolean;
  /** Whether it is opened to restore into it. */
  readonly restores?: boolean;
  /** Whether the store is kept from every other that would hold it, until it is closed. Servers share a database among themselves. */
  readonly holds?: boolean;
};

/** Rejected with `StorageUnavailable` when the store is not reachable at all. */
export const openStorage = async (
  store: Configuration["store"],
  opening: Opening,
): Promise<Result<Storage, StoreProblem>> => {
  try {
    return await (store.kind === "sqlite" && opening.holds === true
      ? openHeld(store.folder, () => openFree(store, opening))
      : openFree(store, opening));
  } catch (error) {
    throw storageUnavailable(isOfSqlite(error) ? { code: codeOf(error) } : error);
  }
};

const openHeld = async (
  folder: string,
  open: () => ReturnType<typeof openFree>,
): Promise<Result<Storage, StoreProblem>> => {
  makeFolder(folder);
  const hold = holdFolder(folder);
  if (!hold.ok) return hold;
  const { letGo } = hold.value;
  try {
    const opened = await open();
    if (opened.ok) return ok({ ...opened.value, close: () => opened.value.close().finally(letGo) });
    letGo();
    return opened;
  } catch (error) {
    letGo();
    throw error;
  }
};

const openFree = async (
  store: Configuration["store"],
  { migrates, restores = false, holds = false }: Opening,
): Promise<Result<Storage, StoreProblem>> => {
  const opened =
    store.kind === "sqlite"
      ? await openSqlite({ file: join(store.folder, storeFile), migrates })
      : await openPostgres({
          url: store.address,
          migrates,
          holds: holds ? (restores ? "alone" : "shared") : undefined,
        });
  if (!opened.ok || restores || (await opened.value.storeStanding()) !== "restoring") return opened;
  await opened.value.close();
  return err({ type: "RestoreUnfinished" });
};
