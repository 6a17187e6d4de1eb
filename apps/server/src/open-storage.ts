/** Opens the store that the configuration names, and brings its tables up to date. A half restored one it opens for a restore alone. */

import { join } from "node:path";
import { err, type Result } from "@amana/kernel";
import type { Configuration } from "./configuration.ts";
import { openPostgres } from "./storage/postgres/open.ts";
import { openSqlite } from "./storage/sqlite/open.ts";
import type { Storage } from "./storage/storage.ts";

export const storeFile = "amana.sqlite";

export type StoreProblem =
  | Extract<Awaited<ReturnType<typeof openSqlite>>, { readonly ok: false }>["error"]
  /** A restore began and did not end: what was erased may not be erased again yet. */
  | { readonly type: "RestoreUnfinished" };

type Opening = {
  /** Whether older tables are brought up to date. */
  readonly migrates: boolean;
  /** Whether it is opened to restore into it. */
  readonly restores?: boolean;
};

/** Rejects when the store is not reachable at all. */
export const openStorage = async (
  store: Configuration["store"],
  { migrates, restores = false }: Opening,
): Promise<Result<Storage, StoreProblem>> => {
  const opened =
    store.kind === "sqlite"
      ? await openSqlite({ file: join(store.folder, storeFile), migrates })
      : await openPostgres({ url: store.address, migrates });
  if (!opened.ok || restores || (await opened.value.storeStanding()) !== "restoring") return opened;
  await opened.value.close();
  return err({ type: "RestoreUnfinished" });
};
