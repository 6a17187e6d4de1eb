/**
 * A backup of the whole store as it stands at one moment, while work goes on: logs, wraps and ledger in files of their own, sealed
 * to an offline key.
 *
 * What must stay true: no file lies longer than its time, so that what was erased or shredded is gone on the day that people
 * were shown; there is always a ledger, and the newest says all that was ever erased, so that it stays erased whatever is restored.
 */

import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { formatInstant, parseInstant, type Instant } from "@amana/kernel";
import { encodeCbor, sha256, type Bytes } from "@amana/log";
import { makeFolder } from "../folders.ts";
import { wrapTables } from "../storage/snapshot.ts";
import type { Storage, TablePage } from "../storage/storage.ts";
import { ledgerPages } from "./ledger.ts";
import { writeSealedFile, type BackupPart, type SealedWriter } from "./sealed-file.ts";

export type BackupOptions = {
  readonly folder: string;
  readonly recipient: Bytes;
  readonly now: Instant;
  /** How long each part may lie. A ledger goes with the logs it was taken with. */
  readonly days: { readonly logs: number; readonly wraps: number };
  /** Breaks it off: it rejects with the reason, and leaves no file. */
  readonly signal?: AbortSignal;
};

export type BackupReport = {
  readonly rows: number;
  readonly bytes: number;
  /** Files whose time was over. */
  readonly removed: readonly string[];
};

const millisecondsPerHour = 3_600_000;

/**
 * Backups are taken every night, one after the other within so many hours. A file goes as long before its time is over, because
 * the next run may come only then.
 */
export const backupHoursMax = 36;
/** A backup that has not ended by then was killed. */
const unfinishedHoursMax = 24;

/** A ledger taken by itself goes after it: others have followed, and each says all that it said. */
const ledgerAloneHoursMax = 48;

export const writeBackup = async (storage: Storage, options: BackupOptions): Promise<BackupReport> => {
  const snapshot = await storage.openSnapshot();
  const parts: Part[] = [];
  try {
    for (const part of ["ledger", "wraps", "logs"] as const)
      parts.push(await beginPart(part, snapshot.schemaVersion, options));
    const [ledger, wraps, logs] = parts;
    for await (const page of untilBrokenOff(snapshot.pages(), options))
      await (wrapTables.includes(page.table) ? wraps : logs)?.add(page);
    for await (const page of untilBrokenOff(ledgerPages(storage), options)) await ledger?.add(page);
    for (const part of parts) await part.finish();
  } catch (error) {
    for (const part of parts) await part.giveUp();
    throw error;
  } finally {
    await snapshot.close();
  }
  return reportOf(parts, await removeOld(options, (file) => file.takenAt < options.now));
};

/**
 * The ledger alone, which takes a moment: between two backups, so that a restore undoes less. Of older files it removes only
 * such ledgers, because no backup stands in the place of the others.
 */
export const writeLedger = async (storage: Storage, options: BackupOptions): Promise<BackupReport> => {
  const ledger = await beginPart("ledger", await storage.schemaVersion(), options);
  try {
    for await (const page of untilBrokenOff(ledgerPages(storage), options)) await ledger.add(page);
    await ledger.finish();
  } catch (error) {
    await ledger.giveUp();
    throw error;
  }
  const isOlderLedger = ({ part, takenAt }: BackupFile): boolean => part === "ledger" && takenAt < options.now;
  return reportOf([ledger], await removeOld(options, isOlderLedger));
};

async function* untilBrokenOff(
  pages: AsyncIterable<TablePage>,
  { signal }: BackupOptions,
): AsyncGenerator<TablePage, void, undefined> {
  for await (const page of pages) {
    signal?.throwIfAborted();
    yield page;
  }
}

const reportOf = (parts: readonly Part[], removed: readonly string[]): BackupReport => {
  const written = parts.map((part) => part.written());
  return {
    rows: written.reduce((sum, { rows }) => sum + rows, 0),
    bytes: written.reduce((sum, { bytes }) => sum + bytes, 0),
    removed,
  };
};

const beginPart = async (
  part: BackupPart,
  schemaVersion: number,
  { folder, now, recipient }: BackupOptions,
): Promise<Part> => {
  makeFolder(folder);
  const path = join(folder, fileNameOf(part, now));
  return partOver(await writeSealedFile(path, { part, schemaVersion, takenAt: now }, recipient));
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

/** Only of those that may go, after a new one stands: never the newest of its kind. A ledger goes with the logs of its backup. */
const removeOld = async (
  { folder, now, days }: BackupOptions,
  mayGo: (file: BackupFile) => boolean,
): Promise<readonly string[]> => {
  const files = await backupsIn(folder);
  const ofBackups = new Set(files.filter(({ part }) => part === "logs").map(({ takenAt }) => takenAt));
  const hoursMax = ({ part, isFinished, takenAt }: BackupFile): number => {
    if (!isFinished) return unfinishedHoursMax;
    if (part === "ledger" && !ofBackups.has(takenAt)) return ledgerAloneHoursMax;
    return days[part === "ledger" ? "logs" : part] * 24 - backupHoursMax;
  };
  const isOver = (file: BackupFile): boolean =>
    mayGo(file) && file.takenAt <= now - hoursMax(file) * millisecondsPerHour;
  const over = files.filter(isOver).map(({ name }) => name);
  for (const name of over) await rm(join(folder, name));
  return over;
};
