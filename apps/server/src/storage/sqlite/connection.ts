/** One connection to the SQLite file, within the thread that owns it. Everything here is synchronous underneath. */

import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Bytes } from "@amana/log";
import { bytesOfId, readerKeys, type Connection, type EntryGiven, type EntryTables, type Row } from "../connection.ts";
import { bytesIn, logPlaceIn, numberIn } from "../rows.ts";
import type { Cell, Change } from "../values.ts";
import type { ThreadSettings } from "./messages.ts";

export type SqliteConnection = Connection & {
  readonly database: DatabaseSync;
  /** How long a statement waits for another process. */
  readonly busyMilliseconds: number;
  /** What was told since it was last taken. */
  takeChanges(): Change[];
};

const busyMillisecondsUsual = 10_000;
const cacheKilobytes = 32_768;
/** The write-ahead log is written back after so many pages, and cut to this size afterwards. */
const pagesPerCheckpoint = 4_000;
const walBytesMax = 64 * 1024 * 1024;

export const openConnection = (
  { file, mode, pagesMax }: ThreadSettings,
  randomness: (length: number) => Bytes,
  busyMilliseconds = busyMillisecondsUsual,
): SqliteConnection => {
  const database = new DatabaseSync(file, { readOnly: mode !== "write", timeout: busyMilliseconds });
  if (pagesMax !== undefined) database.exec(`PRAGMA max_page_count = ${pagesMax}`);
  if (mode === "write") {
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    // What is deleted is overwritten, so that a seized file does not hold what was erased.
    database.exec("PRAGMA secure_delete = ON");
    database.exec(`PRAGMA wal_autocheckpoint = ${pagesPerCheckpoint}`);
    database.exec(`PRAGMA journal_size_limit = ${walBytesMax}`);
  }
  database.exec(`PRAGMA cache_size = -${cacheKilobytes}`);
  const prepare = preparing(database);
  let changes: Change[] = [];
  return {
    database,
    busyMilliseconds,
    forUpdate: "",
    emptying: "DELETE FROM",
    isIn: (column, parameter) => `${column} IN (SELECT unhex(value) FROM json_each(${parameter}))`,
    items: (parameter) => `(SELECT unhex(value) AS item FROM json_each(${parameter}))`,
    ask: (statement, ...cells) => Promise.resolve(rowsOf(prepare(statement), cells)),
    entries: entryTables(prepare),
    tell: (change) => void changes.push(change),
    takeChanges: () => {
      const taken = changes;
      changes = [];
      return taken;
    },
    randomness,
  };
};

type Prepare = (statement: string) => StatementSync;

/** The statements are constants of our own, so that their number is bounded. */
const preparing = (database: DatabaseSync): Prepare => {
  const prepared = new Map<string, StatementSync>();
  return (statement) => {
    const known = prepared.get(statement);
    if (known !== undefined) return known;
    const made = database.prepare(statement.replace(/\$(\d+)/g, "?$1"));
    prepared.set(statement, made);
    return made;
  };
};

const rowsOf = (statement: StatementSync, cells: readonly Cell[]): readonly Row[] => statement.all(...cells);

const entryTables = (prepare: Prepare): EntryTables => ({
  lockServed: (organisation, asked) => {
    const select = prepare(servedStatement);
    return Promise.resolve(
      asked.map(({ account, logId }) => {
        const [row] = rowsOf(select, [organisation, bytesOfId(account), bytesOfId(logId)]);
        return row === undefined ? undefined : logPlaceIn(row);
      }),
    );
  },
  kindsOf: (organisation, entries) => Promise.resolve(kindsOf(prepare, organisation, entries)),
  insert: (organisation, rows) => {
    const insert = prepare(
      `INSERT INTO entries (organisation, log, place, hash, digest, is_control, bytes)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    );
    for (const { log, place, hash, digest, isControl, bytes } of rows) {
      insert.run(organisation, log, place, hash, digest, isControl ? 1 : 0, bytes);
    }
    return Promise.resolve();
  },
  advance: (organisation, logs) => {
    const update = prepare("UPDATE logs SET entry_count = $3, digest = $4 WHERE organisation = $1 AND log = $2");
    for (const { log, end, digest } of logs) update.run(organisation, log, end, digest);
    return Promise.resolve();
  },
  standings: (organisation, account, wants) => {
    const served = prepare(servedStatement);
    const digest = prepare("SELECT digest FROM entries WHERE organisation = $1 AND log = $2 AND place = $3");
    return Promise.resolve(
      wants.map(({ logId, after }) => {
        const [row] = rowsOf(served, [organisation, bytesOfId(account), bytesOfId(logId)]);
        if (row === undefined) return undefined;
        const { log, end } = logPlaceIn(row);
        // Where a log begins there is no entry, and the same digest everywhere.
        const [here] = after === 0 ? [] : rowsOf(digest, [organisation, log, after]);
        return { log, end, here: here && bytesIn(here, "digest") };
      }),
    );
  },
  bytesAfter: (organisation, wants, bytesMax) => Promise.resolve(bytesAfter(prepare, organisation, wants, bytesMax)),
});

/** All in one statement: most are of entries that are new, and asking for each alone takes three times as long. */
const kindsOf = (
  prepare: Prepare,
  organisation: number,
  entries: Parameters<EntryTables["kindsOf"]>[1],
): Awaited<ReturnType<EntryTables["kindsOf"]>> => {
  const kinds = Array.from<"content" | "control" | undefined>({ length: entries.length });
  if (entries.length === 0) return kinds;
  const asked = JSON.stringify(entries.map(({ log, hash }) => `${hash}${log}`));
  for (const row of rowsOf(prepare(kindsStatement), [organisation, asked]))
    kinds[numberIn(row, "place")] = numberIn(row, "is_control") === 1 ? "control" : "content";
  return kinds;
};

/** Each of those asked is the 64 digits of a hash, and behind them the number of the log. */
const kindsStatement = `SELECT asked.key AS place, e.is_control FROM json_each($2) asked CROSS JOIN entries e
  WHERE e.organisation = $1 AND e.log = CAST(substr(asked.value, 65) AS INTEGER)
    AND e.hash = unhex(substr(asked.value, 1, 64))`;

/** Stops at the row that no longer fits, so that no more is read than is sent. */
const bytesAfter = (
  prepare: Prepare,
  organisation: number,
  wants: Parameters<EntryTables["bytesAfter"]>[1],
  bytesMax: number,
): Awaited<ReturnType<EntryTables["bytesAfter"]>> => {
  const select = prepare(
    `SELECT bytes, is_control FROM entries
     WHERE organisation = $1 AND log = $2 AND place > $3 AND place <= $4 ORDER BY place`,
  );
  const found: EntryGiven[] = [];
  let total = 0;
  for (const [want, { log, after, end }] of wants.entries()) {
    for (const row of select.iterate(organisation, log, after, end)) {
      const bytes = bytesIn(row, "bytes");
      total += bytes.length;
      if (found.length > 0 && total > bytesMax) return found;
      found.push({ want, bytes, isControl: numberIn(row, "is_control") === 1 });
    }
  }
  return found;
};

const servedStatement = `SELECT l.log, l.kind, l.entry_count, l.digest, l.tip, l.shredded_at FROM logs l
  WHERE l.organisation = $1 AND l.log_id = $3 AND EXISTS (
    SELECT 1 FROM served s WHERE s.organisation = l.organisation AND s.log = l.log
      AND s.reader_key IN (${readerKeys("$1", "$2")}))`;
