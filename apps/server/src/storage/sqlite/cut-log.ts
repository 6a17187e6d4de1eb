/**
 * Cutting the write-ahead log, so that it does not keep what was erased. It comes after the transaction is on the disk, so
 * nothing of it may turn what is durable into a failure.
 */

import type { DatabaseSync } from "node:sqlite";

/** Whether it is cut. A reader on an older state keeps the log alive, and a full disk may refuse: then after a later write. */
export const cutLog = (database: Pick<DatabaseSync, "exec" | "prepare">, busyMilliseconds: number): boolean => {
  try {
    database.exec("PRAGMA busy_timeout = 0");
    try {
      return database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.["busy"] === 0;
    } finally {
      database.exec(`PRAGMA busy_timeout = ${busyMilliseconds}`);
    }
  } catch {
    // The store says by itself, with the next write, if it can take no more.
    return false;
  }
};
