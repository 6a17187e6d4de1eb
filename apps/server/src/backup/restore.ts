/**
 * Putting a backup back into an empty store, or, as a drill, into one that is thrown away: every chunk opened, every row counted, every
 * entry's hash and every log's digest computed again, and the newest ledger of erasures replayed.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { err, isInstant, ok, type Instant, type Result } from "@amana/kernel";
import {
  bytesOf,
  decodeCbor,
  entryHashOf,
  equalBytes,
  fromHex,
  isCborArray,
  logIdOf,
  parseEntry,
  toHex,
  type Bytes,
  type CborValue,
  type EntryHash,
  type LogId,
} from "@amana/log";
import { digestOfNone, nextDigest } from "@amana/sync";
import type { Cell, LedgerRow, OrganisationId, Storage, TablePage } from "../storage/storage.ts";
import { backupsIn, digestAfter, type BackupFile } from "./backup.ts";
import { openSealedFile, type FileProblem, type SealedReader } from "./sealed-file.ts";

export type RestoreProblem =
  | FileProblem
  | { readonly type: "NothingToRestore" }
  /** Of another version of the tables than this program's store. */
  | { readonly type: "OtherSchema"; readonly version: number }
  /** What was opened does not add up: rows are missing, or an entry is not the one that its log's digest names. */
  | { readonly type: "NotWhole" };

export type RestoreReport = {
  readonly takenAt: Instant;
  readonly rows: number;
  readonly logs: number;
  readonly entries: number;
  /** Whether wraps were still there: after 14 days they are not, and only devices hold the keys. */
  readonly hasWraps: boolean;
  readonly erasuresReplayed: number;
};

/** Restores the newest backup of the folder. The store must be empty; after a refusal it must not be used. */
export const restoreBackup = async (
  storage: Storage,
  folder: string,
  privateKey: Bytes,
): Promise<Result<RestoreReport, RestoreProblem>> => {
  const files = existsSync(folder) ? await backupsIn(folder) : [];
  const logs = files.findLast(({ part }) => part === "logs");
  const ledger = files.findLast(({ part }) => part === "ledger");
  if (logs === undefined || ledger === undefined) return err({ type: "NothingToRestore" });
  const wraps = files.find(({ part, takenAt }) => part === "wraps" && takenAt === logs.takenAt);
  const proof = makeProof();
  let rows = 0;
  for (const file of wraps === undefined ? [logs] : [logs, wraps]) {
    const restored = await restoreFile(storage, join(folder, file.name), privateKey, proof);
    if (!restored.ok) return restored;
    rows += restored.value;
  }
  if (!proof.isWhole()) return err({ type: "NotWhole" });
  const replayed = await replayLedger(storage, join(folder, ledger.name), privateKey);
  if (!replayed.ok) return replayed;
  return ok({ ...reportOf(logs, proof), rows, hasWraps: wraps !== undefined, erasuresReplayed: replayed.value });
};

const reportOf = ({ takenAt }: BackupFile, proof: Proof): Pick<RestoreReport, "takenAt" | "logs" | "entries"> => ({
  takenAt,
  ...proof.counts(),
});

const restoreFile = (
  storage: Storage,
  path: string,
  privateKey: Bytes,
  proof: Proof,
): Promise<Result<number, RestoreProblem>> =>
  readPages(path, privateKey, storage, async (page) => {
    if (!proof.add(page)) return false;
    await storage.restorePage({ page });
    return true;
  });

const replayLedger = async (
  storage: Storage,
  path: string,
  privateKey: Bytes,
): Promise<Result<number, RestoreProblem>> =>
  readPages(path, privateKey, storage, async (page) => {
    const rows = page.rows.map(ledgerRowOf).filter((row) => row !== undefined);
    if (rows.length !== page.rows.length) return false;
    await storage.replayLedger({ rows });
    return true;
  });

// ── Reading a file, page by page ───────────────────────────────────────────────────────────────────────────────

/** Gives the number of rows, once the last chunk agreed with all before it. */
const readPages = async (
  path: string,
  privateKey: Bytes,
  storage: Storage,
  take: (page: TablePage) => Promise<boolean>,
): Promise<Result<number, RestoreProblem>> => {
  const opened = await openSealedFile(path, privateKey);
  if (!opened.ok) return opened;
  try {
    const version = opened.value.header.schemaVersion;
    if (version !== (await storage.schemaVersion())) return err({ type: "OtherSchema", version });
    return await takeAll(opened.value, take);
  } finally {
    await opened.value.close();
  }
};

const takeAll = async (
  reader: SealedReader,
  take: (page: TablePage) => Promise<boolean>,
): Promise<Result<number, RestoreProblem>> => {
  const counts = new Map<string, number>();
  let digest: Bytes = new Uint8Array(32);
  for (;;) {
    const chunk = await reader.next();
    if (!chunk.ok) return chunk;
    const { content, isLast } = chunk.value;
    if (isLast) return isSummary(content, counts, digest) ? ok(sumOf(counts)) : err({ type: "NotWhole" });
    const page = pageIn(content);
    if (page === undefined || !(await take(page))) return err({ type: "NotWhole" });
    digest = digestAfter(digest, content);
    counts.set(page.table, (counts.get(page.table) ?? 0) + page.rows.length);
  }
};

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

const isSummary = (content: Bytes, counts: ReadonlyMap<string, number>, digest: Bytes): boolean => {
  const decoded = decodeCbor(content);
  if (!decoded.ok || !isCborArray(decoded.value)) return false;
  const [said, saidDigest] = decoded.value;
  const saidBytes = bytesOf(saidDigest, 32);
  const own = JSON.stringify([...counts]);
  return saidBytes !== undefined && equalBytes(saidBytes, digest) && JSON.stringify(said) === own;
};

const pageIn = (content: Bytes): TablePage | undefined => {
  const decoded = decodeCbor(content);
  if (!decoded.ok || !isCborArray(decoded.value)) return undefined;
  const [table, columns, rows] = decoded.value;
  if (typeof table !== "string" || columns === undefined || !isCborArray(columns)) return undefined;
  if (rows === undefined || !isCborArray(rows) || !columns.every((column) => typeof column === "string"))
    return undefined;
  const cells = rows.map(cellsIn).filter((row) => row !== undefined);
  const isRight = cells.length === rows.length && cells.every((row) => row.length === columns.length);
  return isRight ? { table, columns, rows: cells } : undefined;
};

const cellsIn = (row: CborValue): readonly Cell[] | undefined => {
  if (!isCborArray(row)) return undefined;
  const cells = row.flatMap((cell): Cell[] =>
    cell === null || typeof cell === "number" || typeof cell === "string" || cell instanceof Uint8Array ? [cell] : [],
  );
  return cells.length === row.length ? cells : undefined;
};

const idIn = <Id>(cell: Cell | undefined, idOf: (bytes: Bytes) => Id | undefined): Id | undefined => {
  const bytes = typeof cell === "string" ? fromHex(cell) : undefined;
  return bytes === undefined ? undefined : idOf(bytes);
};

const ledgerRowOf = ([organisation, log, entry, proposal, confirmation, at]: readonly Cell[]):
  LedgerRow | undefined => {
  const logId: LogId | undefined = idIn(log, logIdOf);
  const [erased, proposed, confirmed] = [entry, proposal, confirmation].map((cell) => idIn(cell, entryHashOf));
  if (typeof organisation !== "string" || logId === undefined || !isInstant(at)) return undefined;
  if (proposed === undefined || confirmed === undefined || (entry !== null && erased === undefined)) return undefined;
  return {
    organisation: organisation as OrganisationId, // Written from one by our own backup, and authenticated.
    logId,
    entry: erased,
    proposal: proposed,
    confirmation: confirmed,
    at,
  };
};

// ── Whether it adds up ─────────────────────────────────────────────────────────────────────────────────────────

type Proof = {
  /** False when an entry is not what its row says. */
  readonly add: (page: TablePage) => boolean;
  /** Whether every log has as many entries as it says, and the digest over them that it says. */
  readonly isWhole: () => boolean;
  readonly counts: () => { readonly logs: number; readonly entries: number };
};

type Standing = { end: number; digest: Bytes };

const makeProof = (): Proof => {
  const said = new Map<string, Standing>();
  const found = new Map<string, Standing>();
  let entries = 0;
  const addEntry = (row: Row): boolean => {
    const { hash, bytes, place } = row;
    const received = bytes instanceof Uint8Array ? parseEntry(bytes) : undefined;
    const isNamed = received?.ok === true && hash instanceof Uint8Array && received.value.entry.hash === toHex(hash);
    const before = found.get(keyOf(row)) ?? { end: 0, digest: digestOfNone() };
    if (!isNamed || place !== before.end + 1) return false;
    const name: EntryHash = received.value.entry.hash;
    found.set(keyOf(row), { end: before.end + 1, digest: nextDigest(before.digest, name) });
    entries++;
    return true;
  };
  const addLog = (row: Row): boolean => {
    const { entry_count: end, digest } = row;
    if (typeof end !== "number" || !(digest instanceof Uint8Array)) return false;
    said.set(keyOf(row), { end, digest });
    return true;
  };
  return {
    add: (page) => {
      if (page.table === "logs") return rowsOf(page).every(addLog);
      return page.table !== "entries" || rowsOf(page).every(addEntry);
    },
    isWhole: () =>
      [...said].every(([key, { end, digest }]) => {
        const own = found.get(key) ?? { end: 0, digest: digestOfNone() };
        return own.end === end && equalBytes(own.digest, digest);
      }) && [...found.keys()].every((key) => said.has(key)),
    counts: () => ({ logs: said.size, entries }),
  };
};

type Row = Readonly<Record<string, Cell | undefined>>;

const rowsOf = ({ columns, rows }: TablePage): readonly Row[] =>
  rows.map((row) => Object.fromEntries(columns.map((column, place) => [column, row[place]])));

const keyOf = ({ organisation, log }: Row): string => `${String(organisation)}/${String(log)}`;
