/** Opens the store that the configuration names: a SQLite file, or PostgreSQL. */

import type { Result } from "@amana/kernel";
import type { Unprepared } from "./migrations.ts";
import { openPostgres, type PostgresSettings } from "./postgres/open.ts";
import { openSqlite, type SqliteSettings } from "./sqlite/open.ts";
import type { Storage, StoreHeld } from "./storage.ts";

export type StorageSettings =
  ({ readonly kind: "sqlite" } & SqliteSettings) | ({ readonly kind: "postgres" } & PostgresSettings);

/** Rejected with `StorageUnavailable` when the store cannot be reached at all. */
export const openStorage = (settings: StorageSettings): Promise<Result<Storage, Unprepared | StoreHeld>> =>
  settings.kind === "sqlite" ? openSqlite(settings) : openPostgres(settings);
