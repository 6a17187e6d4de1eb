/**
 * A backup of the whole store as it stands at one moment, while work goes on: logs, wraps and ledger in files of their own, sealed
 * to an offline key.
 *
 * What must stay true: no file lies longer than its time, so that what was erased or shredded is gone on the day that people
 * were shown; the ledger of erasures is kept for good, so that what was erased stays erased whatever is restored.
 */

import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { formatInstant, parseInstant, type Instant } from "@amana/kernel";
import { encodeCbor, sha256, type Bytes } from "@amana/log";
import { wrapTables } from "../storage/snapshot.ts";
import type { EndedKey, LedgerRow, Storage, TablePage } from "../storage/storage.ts";
import { writeSealedFile, type BackupPart, type SealedWriter } from "./sealed-file.ts";

export type BackupOptions = {
  readonly folder: string;
  readonly recipient: Bytes;
  readonly now: Instant;
  /** How long each part may lie. The ledger is kept for good. */
  readonly days: { readonly logs: number; readonly wraps: number };
};

export type BackupReport = {
  readonly rows: number;
  readonly bytes: number;
  /** Files whose time was over. */
  readonly removed: readonly string[];
};

const ledgerRowsPerPage = 256;
const millisecondsPerHour = 3_600_000;

/**
 * Backups are taken every night, one after the other within so many hours. A file goes as long before its time is over, because
 * the next run may come only then.
 */
export const backupHoursMax = 36;
/** A backup that has not ended by then was killed. */
const unfinishedHoursMax = 24;

export const writeBackup = async (storage: Storage, options: BackupOptions): Promise<BackupReport> => {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const snapshot = await storage.openSnapshot();
  const begin = async (part: BackupPart): Promise<Part> => {
    const header = { part, schemaVersion: snapshot.schemaVersion, takenAt: options.now };
    const path = join(options.folder, fileNameOf(part, options.now));
    return partOver(await writeSealedFile(path, header, options.recipient));
  };
  const parts: Part[] = [];
  try {
    for (const part of ["ledger", "wraps", "logs"] as const) parts.push(await begin(part));
    const [ledger, wraps, logs] = parts;
    for await (const page of snapshot.pages()) await (wrapTables.includes(page.table) ? wraps : logs)?.add(page);
    for await (const page of ledgerPages(storage)) await ledger?.add(page);
    for await (const page of endedKeyPages(storage)) await ledger?.add(page);
    for (const part of parts) await part.finish();
  } catch (error) {
    for (const part of parts) await part.giveUp();
    throw error;
  } finally {
    await snapshot.close();
  }
  const written = parts.map((part) => part.written());
  return {
    rows: written.reduce((sum, { rows }) => sum + rows, 0),
    bytes: written.reduce((sum, { bytes }) => sum + bytes, 0),
    removed: await removeOld(options),
  };
};

type Part = {
  readonly add: (page: TablePage) => Promise<void>;
  readonly finish: () => Promise<void>;
  readonly giveUp: () => Promise<void>;
  readonly written: () => { readonly rows: number; readonly bytes: number };
};

/** Its last chunk says how many rows there are of each table, and the digest of all chunks before it. */
const partOver = (writer: SealedWriter): Part => {
  const counts = new Map<string, number>();
  let digest: Bytes = new Uint8Array(32);
  let bytes = 0;
  let isFinished = false;
  return {
    add: async ({ table, columns, rows }) => {
      const content = encodeCbor([table, columns, rows]);
      digest = digestAfter(digest, content);
      counts.set(table, (counts.get(table) ?? 0) + rows.length);
      bytes += content.length;
      await writer.write(content);
    },
    finish: async () => {
      await writer.finish(encodeCbor([[...counts].map(([table, count]) => [table, count]), digest]));
      isFinished = true;
    },
    giveUp: async () => {
      if (!isFinished) await writer.giveUp();
    },
    written: () => ({ rows: [...counts.values()].reduce((sum, count) => sum + count, 0), bytes }),
  };
};

export const digestAfter = (digest: Bytes, content: Bytes): Bytes => {
  const both = new Uint8Array(digest.length + 32);
  both.set(digest);
  both.set(sha256(content), digest.length);
  return sha256(both);
};

export const ledgerColumns: readonly string[] = ["organisation", "log", "entry", "proposal", "confirmation", "at"];

/** The ledger as it is now, which may already say more than the snapshot: the more it says the better. */
const ledgerPages = async function* (storage: Storage): AsyncGenerator<TablePage> {
  for (let after: LedgerRow | undefined, goesOn = true; goesOn;) {
    const rows: readonly LedgerRow[] = await storage.ledgerAfter({ after, rowsMax: ledgerRowsPerPage });
    const cells = rows.map((row) => [
      row.organisation,
      row.logId,
      row.entry ?? null,
      row.proposal,
      row.confirmation,
      row.at,
    ]);
    if (cells.length > 0) yield { table: "ledger", columns: ledgerColumns, rows: cells };
    after = rows.at(-1);
    goesOn = rows.length === ledgerRowsPerPage;
  }
};

export const endedKeyColumns: readonly string[] = ["organisation", "key", "at"];

const endedKeyPages = async function* (storage: Storage): AsyncGenerator<TablePage> {
  for (let after: EndedKey | undefined, goesOn = true; goesOn;) {
    const rows: readonly EndedKey[] = await storage.endedKeysAfter({ after, rowsMax: ledgerRowsPerPage });
    const cells = rows.map(({ organisation, receivingKey, at }) => [organisation, receivingKey, at]);
    if (cells.length > 0) yield { table: "ended_keys", columns: endedKeyColumns, rows: cells };
    after = rows.at(-1);
    goesOn = rows.length === ledgerRowsPerPage;
  }
};

// ── Files ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** `2026-11-21T09-30-00-000Z.logs.amana-backup`: in the order of time, on every disk. */
export const fileNameOf = (part: BackupPart, takenAt: Instant): string =>
  `${formatInstant(takenAt).replaceAll(/[:.]/g, "-")}.${part}.amana-backup`;

const nameForm = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)-(\d{3})Z\.(logs|wraps|ledger)\.amana-backup(\.unfinished)?$/;

export type BackupFile = {
  readonly name: string;
  readonly part: BackupPart;
  readonly takenAt: Instant;
  /** What a backup left that was killed, or is being written; nobody restores it. */
  readonly isFinished: boolean;
};

/** The backups in a folder, oldest first. Other files are left alone. */
export const backupsIn = async (folder: string): Promise<readonly BackupFile[]> => {
  const names = await readdir(folder);
  return names.sort().flatMap((name) => {
    const [, hour, minutes, seconds, milliseconds, part, unfinished] = nameForm.exec(name) ?? [];
    const takenAt = parseInstant(`${hour ?? ""}:${minutes ?? ""}:${seconds ?? ""}.${milliseconds ?? ""}Z`);
    const known = (["logs", "wraps", "ledger"] as const).find((each) => each === part);
    if (!takenAt.ok || known === undefined) return [];
    return [{ name, part: known, takenAt: takenAt.value, isFinished: unfinished === undefined }];
  });
};

/** Only after a new one stands, and never the newest of its kind. */
const removeOld = async ({ folder, now, days }: BackupOptions): Promise<readonly string[]> => {
  const files = await backupsIn(folder);
  const hoursMax = ({ part, isFinished }: BackupFile): number => {
    if (!isFinished) return unfinishedHoursMax;
    return part === "ledger" ? Infinity : days[part] * 24 - backupHoursMax;
  };
  const isOver = (file: BackupFile): boolean =>
    file.takenAt < now && file.takenAt <= now - hoursMax(file) * millisecondsPerHour;
  const over = files.filter(isOver).map(({ name }) => name);
  for (const name of over) await rm(join(folder, name));
  return over;
};
