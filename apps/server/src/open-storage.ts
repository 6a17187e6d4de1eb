/** Opens the store that the configuration names, and brings its tables up to date. */

import { join } from "node:path";
import type { Result } from "@amana/kernel";
import type { Configuration } from "./configuration.ts";
import { openPostgres } from "./storage/postgres/open.ts";
import { openSqlite } from "./storage/sqlite/open.ts";
import type { Storage } from "./storage/storage.ts";

export const storeFile = "amana.sqlite";

export type StoreProblem = Extract<Awaited<ReturnType<typeof openSqlite>>, { readonly ok: false }>["error"];

/** Rejects when the store is not reachable at all. `migrates`: whether older tables are brought up to date. */
export const openStorage = (
  store: Configuration["store"],
  { migrates }: { readonly migrates: boolean },
): Promise<Result<Storage, StoreProblem>> =>
  store.kind === "sqlite"
    ? openSqlite({ file: join(store.folder, storeFile), migrates })
    : openPostgres({ url: store.address, migrates });
