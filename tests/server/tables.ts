/** What stands in the tables of a server's store, whichever it is: read as a backup reads them. */

import { parseEntry, toHex, type Bytes, type KeyId, type LogId } from "@amana/log";
import type { Storage } from "../../apps/server/src/storage/storage.ts";

type TableRow = Readonly<Record<string, unknown>>;

export const rowsOf = async (storage: Storage, table: string): Promise<readonly TableRow[]> => {
  const snapshot = await storage.openSnapshot();
  const rows: TableRow[] = [];
  for await (const page of snapshot.pages()) {
    if (page.table !== table) continue;
    for (const row of page.rows) rows.push(Object.fromEntries(page.columns.map((column, at) => [column, row[at]])));
  }
  await snapshot.close();
  return rows;
};

const hexIn = (row: TableRow, column: string): string => {
  const value = row[column];
  return value instanceof Uint8Array ? toHex(new Uint8Array(value)) : "";
};

const numbersOf = async (storage: Storage, logId: LogId): Promise<ReadonlySet<unknown>> => {
  const logs = await rowsOf(storage, "logs");
  return new Set(logs.filter((row) => hexIn(row, "log_id") === logId).map(({ log }) => log));
};

/** As they stand there, in their order. */
export const entriesOf = async (storage: Storage, logId: LogId) => {
  const numbers = await numbersOf(storage, logId);
  const rows = (await rowsOf(storage, "entries")).filter(({ log }) => numbers.has(log));
  return rows.flatMap(({ bytes }) => {
    const parsed = bytes instanceof Uint8Array ? parseEntry(new Uint8Array(bytes) satisfies Bytes) : undefined;
    return parsed?.ok === true && parsed.value.kind === "entry" ? [parsed.value.entry] : [];
  });
};

export const wrapsOf = async (storage: Storage, logId: LogId): Promise<number> => {
  const numbers = await numbersOf(storage, logId);
  return (await rowsOf(storage, "wraps")).filter(({ log }) => numbers.has(log)).length;
};

export const wrapsTo = async (storage: Storage, recipient: KeyId): Promise<number> =>
  (await rowsOf(storage, "wraps")).filter((row) => hexIn(row, "recipient") === recipient).length;

/** What was erased of a log: hashes of entries, and `00` where it was all of its wraps. */
export const ledgerOf = async (storage: Storage, logId: LogId): Promise<readonly string[]> =>
  (await rowsOf(storage, "ledger"))
    .filter((row) => hexIn(row, "log_id") === logId)
    .map((row) => hexIn(row, "entry_hash"));
