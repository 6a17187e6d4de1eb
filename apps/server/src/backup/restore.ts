/**
 * Putting a backup back into an empty store, or, as a drill, into one that is thrown away: every chunk opened, every row counted, every
 * entry's hash and every log's digest computed again, and every ledger of the folder replayed.
 *
 * What must stay true: nothing is written before all of it was proved, and until the ledgers are replayed no server opens the store.
 *
 * [Note: Every ledger] The one with the latest name says all that the others said, if no clock was ever wrong. What was erased and
 * who has left only closes, so it is replayed from all of them. A password lets somebody in: one that was set in a time which an
 * earlier restore has put away must not come back over one that was set since. So passwords are those of ledgers that are not older
 * than the backup and of the one with the latest name; of two of one generation that of the later name counts.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { err, ok, type Instant, type Result } from "@amana/kernel";
import {
  bytesOf,
  decodeCbor,
  encodeCbor,
  equalBytes,
  isCborArray,
  parseEntry,
  sha256,
  toHex,
  type Bytes,
  type CborValue,
  type EntryHash,
} from "@amana/log";
import { digestOfNone, nextDigest } from "@amana/sync";
import type { Cell, Storage, StoreUsed, TablePage } from "../storage/storage.ts";
import { backupsIn, digestAfter, type BackupFile } from "./backup.ts";
import { ledgerPageIn } from "./ledger.ts";
import { openSealedFile, type FileProblem, type SealedReader } from "./sealed-file.ts";

export type RestoreProblem =
  /** `file`: the name of the one that it was found in. */
  | (UnreadProblem & { readonly file: string })
  | { readonly type: "NothingToRestore" }
  /** The store holds something already. */
  | StoreUsed;

type UnreadProblem =
  | FileProblem
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
  /** By all ledgers together, each once. */
  readonly erasuresReplayed: number;
  readonly ledgersReplayed: number;
  /** Ledgers older than the backup that did not open. What they say the backup says as well, if no clock was wrong. */
  readonly ledgersPassedOver: number;
};

export type RestoreOrder = {
  readonly folder: string;
  readonly privateKey: Bytes;
  readonly now: Instant;
  /** The newest backup that is not newer than this; the newest of all where it is undefined. */
  readonly at: Instant | undefined;
};

/**
 * Restores one backup of the folder, with every ledger in it, also those taken since. The store must be empty, or what an earlier
 * restore left; a refusal leaves nothing in it. What breaks in between leaves it marked, and the next restore begins anew.
 */
export const restoreBackup = async (
  storage: Storage,
  { folder, privateKey, now, at }: RestoreOrder,
): Promise<Result<RestoreReport, RestoreProblem>> => {
  if ((await storage.storeStanding()) === "used") return err({ type: "StoreUsed" });
  const chosen = await chooseFiles(folder, at);
  if (chosen === undefined) return err({ type: "NothingToRestore" });
  const opening = { folder, privateKey, schemaVersion: await storage.schemaVersion() };
  const proved = await prove(chosen, opening);
  if (!proved.ok) return proved;
  const begun = await storage.beginRestore({ now });
  if (!begun.ok) return begun;
  const written = await writeAll(storage, { ...chosen, ledgers: proved.value.ledgers }, opening);
  if (!written.ok) return written;
  await storage.finishRestore();
  return ok(proved.value.report);
};

type Chosen = {
  readonly logs: BackupFile;
  readonly wraps: BackupFile | undefined;
  /** Those with the latest names first. */
  readonly ledgers: readonly BackupFile[];
};

const chooseFiles = async (folder: string, at: Instant | undefined): Promise<Chosen | undefined> => {
  const all = existsSync(folder) ? await backupsIn(folder) : [];
  const files = all.filter(({ isFinished }) => isFinished);
  const logs = files.findLast(({ part, takenAt }) => part === "logs" && (at === undefined || takenAt <= at));
  const ledgers = files.filter(({ part }) => part === "ledger").toReversed();
  if (logs === undefined || ledgers.length === 0) return undefined;
  const wraps = files.find(({ part, takenAt }) => part === "wraps" && takenAt === logs.takenAt);
  return { logs, wraps, ledgers };
};

const dataFilesOf = ({ logs, wraps }: Chosen): readonly BackupFile[] => (wraps === undefined ? [logs] : [logs, wraps]);

type Proved = { readonly report: RestoreReport; readonly ledgers: readonly BackupFile[] };

/** Everything is opened, counted and computed again before the first row is written. */
const prove = async (chosen: Chosen, opening: Opening): Promise<Result<Proved, RestoreProblem>> => {
  const proof = makeProof();
  let rows = 0;
  for (const file of dataFilesOf(chosen)) {
    const read = await readPages(file, opening, (page) => Promise.resolve(proof.add(page)));
    if (!read.ok) return read;
    rows += read.value;
  }
  if (!proof.isWhole()) return err({ type: "NotWhole", file: chosen.logs.name });
  const replayable = await readLedgers(chosen, opening);
  if (!replayable.ok) return replayable;
  const { ledgers, destroyed } = replayable.value;
  const report = {
    ...{ takenAt: chosen.logs.takenAt, rows, ...proof.counts(), hasWraps: chosen.wraps !== undefined },
    erasuresReplayed: destroyed.size,
    ledgersReplayed: ledgers.length,
    ledgersPassedOver: chosen.ledgers.length - ledgers.length,
  };
  return ok({ report, ledgers });
};

type Ledgers = { readonly ledgers: readonly BackupFile[]; readonly destroyed: ReadonlySet<string> };

/**
 * Those that can be replayed. What came after the backup only ledgers say, so each of that time must be whole, and the one with the
 * latest name in any case; an older one that is damaged, or for a key of before, keeps nobody from restoring.
 */
const readLedgers = async ({ logs, ledgers }: Chosen, opening: Opening): Promise<Result<Ledgers, RestoreProblem>> => {
  const whole: BackupFile[] = [];
  const destroyed = new Set<string>();
  for (const file of ledgers) {
    const said: string[] = [];
    const read = await readPages(file, opening, (page) => {
      const ledger = ledgerPageIn(page);
      said.push(...(ledger?.destroyed ?? []));
      return Promise.resolve(ledger !== undefined);
    });
    if (!read.ok && (file === ledgers[0] || file.takenAt >= logs.takenAt)) return read;
    if (!read.ok) continue;
    whole.push(file);
    for (const name of said) destroyed.add(name);
  }
  return ok({ ledgers: whole, destroyed });
};

const writeAll = async (
  storage: Storage,
  chosen: Chosen,
  opening: Opening,
): Promise<Result<undefined, RestoreProblem>> => {
  for (const file of dataFilesOf(chosen)) {
    const restored = await readPages(file, opening, async (page) => {
      await storage.restorePage({ page });
      return true;
    });
    if (!restored.ok) return restored;
  }
  const replay = replayingInto(storage);
  for (const [age, file] of chosen.ledgers.entries()) {
    const isOfThisTime = age === 0 || file.takenAt >= chosen.logs.takenAt;
    const replayed = await readPages(file, opening, (page) => replay(page, isOfThisTime));
    if (!replayed.ok) return replayed;
  }
  return ok(undefined);
};

/** Ledgers of one folder say mostly the same, at other places in their pages: each row once is enough. */
const replayingInto = (storage: Storage): ((page: TablePage, isOfThisTime: boolean) => Promise<boolean>) => {
  const done = new Set<string>();
  return async ({ table, columns, rows }, isOfThisTime) => {
    const named = rows.map((row) => ({ row, name: toHex(sha256(encodeCbor([table, row]))) }));
    const left = named.filter(({ name }) => !done.has(name));
    if (left.length === 0) return true;
    const said = ledgerPageIn({ table, columns, rows: left.map(({ row }) => row) });
    if (said === undefined) return false;
    if (said.isLettingIn && !isOfThisTime) return true;
    await said.replay(storage);
    for (const { name } of left) done.add(name);
    return true;
  };
};

// ── Reading a file, page by page ───────────────────────────────────────────────────────────────────────────────

type Opening = { readonly folder: string; readonly privateKey: Bytes; readonly schemaVersion: number };

/** Gives the number of rows, once the last chunk agreed with all before it. `take` says whether a page is right. */
const readPages = async (
  file: BackupFile,
  opening: Opening,
  take: (page: TablePage) => Promise<boolean>,
): Promise<Result<number, RestoreProblem>> => {
  const read = await readSealed(file, opening, take);
  return read.ok ? read : err({ ...read.error, file: file.name });
};

const readSealed = async (
  file: BackupFile,
  { folder, privateKey, schemaVersion }: Opening,
  take: (page: TablePage) => Promise<boolean>,
): Promise<Result<number, UnreadProblem>> => {
  const opened = await openSealedFile(join(folder, file.name), privateKey);
  if (!opened.ok) return opened;
  try {
    const { header } = opened.value;
    // The ledger's own columns are the same whatever the tables are.
    const isOfTables = file.part !== "ledger";
    if (isOfTables && header.schemaVersion !== schemaVersion) {
      return err({ type: "OtherSchema", version: header.schemaVersion });
    }
    // A name is no part of what is sealed: an older ledger must not pass for the newest.
    if (header.part !== file.part || header.takenAt !== file.takenAt) return err({ type: "NotWhole" });
    return await takeAll(opened.value, take);
  } finally {
    await opened.value.close();
  }
};

const takeAll = async (
  reader: SealedReader,
  take: (page: TablePage) => Promise<boolean>,
): Promise<Result<number, UnreadProblem>> => {
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
