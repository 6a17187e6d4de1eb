/**
 * Erasure, and the ledger that remembers it. A body goes and its entry stays as a husk, under the same hash and place;
 * a case is shredded by destroying its wraps. The ledger is written in the same transaction, is replayed after a
 * restore, and is asked about whatever is appended: neither a backup nor a device that has not heard of it brings back what
 * two people took away.
 */

import { assert, err, ok, type Instant } from "@amana/kernel";
import {
  encodeEntry,
  entryHashOf,
  equalBytes,
  huskOf,
  parseEntry,
  scopeOfConfirmation,
  scopeOfProposal,
  type Bytes,
  type EntryHash,
  type LogId,
  type SealedEntry,
} from "@amana/log";
import {
  askOne,
  bytesOfId,
  listOf,
  organisationNumber,
  type Connection,
  type LogPlace,
  type OrganisationNumber,
} from "../connection.ts";
import type { Read, Write } from "../operation.ts";
import {
  accountIdIn,
  bytesIn,
  hashIn,
  instantIn,
  logIdIn,
  logKindNumbers,
  numberIn,
  organisationIdIn,
} from "../rows.ts";
import type { LedgerRow, Member } from "../values.ts";
import { giveBack } from "./budget.ts";
import { deleteWrapsOf } from "./wraps.ts";

export const eraseBodies: Write<"eraseBodies"> = async (connection, order) => {
  const { by, logId, entries } = order;
  const organisation = organisationNumber(by.organisation);
  const log = await lockLog(connection, by, logId);
  if (log === undefined) return err({ type: "NotServed" });
  if (!(await areAgreed(connection, log, order))) return err({ type: "NotByTwo" });
  const hashes = [...new Set(entries)];
  const kinds = await connection.entries.kindsOf(
    organisation,
    hashes.map((hash) => ({ log: log.log, hash })),
  );
  if (!kinds.every((kind) => kind === "content")) return err({ type: "EntryMissing" });
  await makeHusks(connection, organisation, log.log, hashes);
  for (const entry of hashes) await writeLedger(connection, { ...order, organisation, entry });
  connection.tell({ kind: "log", organisation: by.organisation, logId });
  return ok(undefined);
};

export const shredLog: Write<"shredLog"> = async (connection, order) => {
  const { by, logId, now } = order;
  const organisation = organisationNumber(by.organisation);
  const log = await lockLog(connection, by, logId);
  if (log?.kind !== logKindNumbers.case) return err({ type: "NotServed" });
  if (!(await areAgreed(connection, log, { ...order, entries: [] }))) return err({ type: "NotByTwo" });
  await shred(connection, organisation, log.log, now);
  await writeLedger(connection, { ...order, organisation, entry: undefined });
  connection.tell({ kind: "log", organisation: by.organisation, logId });
  return ok(undefined);
};

export const ledgerAfter: Read<"ledgerAfter"> = async (connection, { after, rowsMax }) => {
  const rows = await connection.ask(
    `SELECT * FROM ledger WHERE (organisation, log_id, entry_hash) > ($1, $2, $3)
     ORDER BY organisation, log_id, entry_hash LIMIT $4`,
    after === undefined ? -1 : organisationNumber(after.organisation),
    after === undefined ? wholeLog : bytesOfId(after.logId),
    after?.entry === undefined ? wholeLog : bytesOfId(after.entry),
    rowsMax,
  );
  return rows.map((row) => ({
    organisation: organisationIdIn(row),
    logId: logIdIn(row),
    entry: entryHashOf(bytesIn(row, "entry_hash")),
    proposal: hashIn(row, "proposal"),
    confirmation: hashIn(row, "confirmation"),
    at: instantIn(row, "written_at"),
  }));
};

export const replayLedger: Write<"replayLedger"> = async (connection, { rows }) => {
  for (const row of rows) await replay(connection, row);
};

/** The log may be of a backup older than the erasure, or not be in it at all: the ledger has the row in any case. */
const replay = async (connection: Connection, row: LedgerRow): Promise<void> => {
  const organisation = organisationNumber(row.organisation);
  await writeLedger(connection, { ...row, organisation, now: row.at });
  const found = await askOne(
    connection,
    "SELECT log FROM logs WHERE organisation = $1 AND log_id = $2",
    organisation,
    bytesOfId(row.logId),
  );
  if (found === undefined) return;
  const log = numberIn(found, "log");
  if (row.entry === undefined) await shred(connection, organisation, log, row.at);
  else await makeHusks(connection, organisation, log, [row.entry]);
};

/** In the ledger's key it stands for the whole log: no hash is one byte long, and no store takes it for nothing at all. */
const wholeLog: Bytes = Uint8Array.of(0);

export const isShreddedByLedger = async (
  connection: Connection,
  organisation: OrganisationNumber,
  logId: LogId,
): Promise<boolean> => {
  const row = await askOne(
    connection,
    "SELECT log_id FROM ledger WHERE organisation = $1 AND log_id = $2 AND entry_hash = $3",
    organisation,
    bytesOfId(logId),
    wholeLog,
  );
  return row !== undefined;
};

/** The same of many. */
export const shreddedAmong = async (
  connection: Connection,
  organisation: OrganisationNumber,
  logIds: readonly LogId[],
): Promise<ReadonlySet<LogId>> => {
  const rows = await connection.ask(
    `SELECT log_id FROM ledger WHERE organisation = $1 AND entry_hash = $2 AND ${connection.isIn("log_id", "$3")}`,
    organisation,
    wholeLog,
    listOf(logIds.map(bytesOfId)),
  );
  return new Set(rows.map((row) => logIdIn(row)));
};

type LedgerEntry = {
  readonly organisation: OrganisationNumber;
  readonly logId: LogId;
  readonly entry: EntryHash | undefined;
  readonly proposal: EntryHash;
  readonly confirmation: EntryHash;
  readonly now: Instant;
};

/** The first time counts. */
const writeLedger = async (connection: Connection, row: LedgerEntry): Promise<void> => {
  await connection.ask(
    `INSERT INTO ledger (organisation, log_id, entry_hash, proposal, confirmation, written_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    row.organisation,
    bytesOfId(row.logId),
    row.entry === undefined ? wholeLog : bytesOfId(row.entry),
    bytesOfId(row.proposal),
    bytesOfId(row.confirmation),
    row.now,
  );
};

const lockLog = async (connection: Connection, by: Member, logId: LogId): Promise<LogPlace | undefined> => {
  const asked = [{ account: by.account, logId }];
  return (await connection.entries.lockServed(organisationNumber(by.organisation), asked))[0];
};

type Acts = {
  readonly by: Member;
  readonly logId: LogId;
  readonly proposal: EntryHash;
  readonly confirmation: EntryHash;
  readonly entries: readonly EntryHash[];
};

/**
 * What the acts say is sealed; that they are two, one after the other, by two people, the server can see and asks for. Anybody
 * can write a made-up author into an entry, so two accounts must have sent them. And each says in its header what it would
 * have destroyed: exactly what is asked for here, so that nothing else that somebody wrote ever passes for an agreement.
 */
const areAgreed = async (
  connection: Connection,
  { log }: LogPlace,
  { by, logId, proposal, confirmation, entries }: Acts,
): Promise<boolean> => {
  const rows = await connection.ask(
    `SELECT e.hash, e.bytes, s.sent_by FROM entries e JOIN control_senders s
       ON s.organisation = e.organisation AND s.log = e.log AND s.hash = e.hash
     WHERE e.organisation = $1 AND e.log = $2 AND e.is_control = 1 AND ${connection.isIn("e.hash", "$3")}
     ORDER BY e.place`,
    organisationNumber(by.organisation),
    log,
    listOf([proposal, confirmation].map(bytesOfId)),
  );
  const headers = rows.map((row) => parsed(bytesIn(row, "bytes")).header);
  const areInOrder = rows.map((row) => hashIn(row, "hash")).join() === [proposal, confirmation].join();
  const scope = { logId, entries };
  const wanted = [scopeOfProposal(scope), scopeOfConfirmation(scope, proposal)];
  const areNamed = headers.every(({ destroys }, place) => isSaid(destroys, wanted[place]));
  const authors = new Set(headers.map(({ author }) => author));
  const senders = new Set(rows.map((row) => accountIdIn(row, "sent_by")));
  return areInOrder && areNamed && authors.size === 2 && senders.size === 2;
};

const isSaid = (destroys: Bytes | undefined, wanted: Bytes | undefined): boolean =>
  destroys !== undefined && wanted !== undefined && equalBytes(destroys, wanted);

const makeHusks = async (
  connection: Connection,
  organisation: OrganisationNumber,
  log: number,
  hashes: readonly EntryHash[],
): Promise<void> => {
  let freed = 0;
  for (const hash of hashes) {
    const row = await askOne(
      connection,
      `SELECT bytes FROM entries WHERE organisation = $1 AND log = $2 AND hash = $3 AND is_control = 0${connection.forUpdate}`,
      organisation,
      log,
      bytesOfId(hash),
    );
    if (row === undefined) continue;
    const left = await connection.ask(
      `UPDATE entries SET bytes = $4 WHERE organisation = $1 AND log = $2 AND hash = $3 RETURNING length(bytes) AS size`,
      organisation,
      log,
      bytesOfId(hash),
      huskBytes(bytesIn(row, "bytes")),
    );
    freed += left.reduce((size, husk) => size - numberIn(husk, "size"), bytesIn(row, "bytes").length);
  }
  await giveBack(connection, organisation, freed);
};

/** Of these logs, the entries whose bodies two people have destroyed: also of entries that are not here, or not any more. */
export const erasedIn = async (
  connection: Connection,
  organisation: OrganisationNumber,
  logs: readonly LogId[],
): Promise<ReadonlySet<string>> => {
  if (logs.length === 0) return new Set();
  const rows = await connection.ask(
    `SELECT log_id, entry_hash FROM ledger WHERE organisation = $1 AND ${connection.isIn("log_id", "$2")}`,
    organisation,
    listOf(logs.map(bytesOfId)),
  );
  const bodies = rows.filter((row) => bytesIn(row, "entry_hash").length > wholeLog.length);
  return new Set(bodies.map((row) => erasedName(logIdIn(row), hashIn(row, "entry_hash"))));
};

export const erasedName = (logId: LogId, entry: EntryHash): string => `${logId}/${entry}`;

/** The same entry without its body. */
export const huskBytes = (bytes: Bytes): Bytes => encodeEntry(huskOf(parsed(bytes)));

const parsed = (bytes: Bytes): SealedEntry => {
  const entry = parseEntry(bytes);
  assert(entry.ok && entry.value.kind === "entry", "What is stored is not an entry that this server took.");
  return entry.value.entry;
};

const shred = async (
  connection: Connection,
  organisation: OrganisationNumber,
  log: number,
  now: Instant,
): Promise<void> => {
  await deleteWrapsOf(connection, organisation, log);
  await connection.ask(
    "UPDATE logs SET shredded_at = $3 WHERE organisation = $1 AND log = $2 AND shredded_at IS NULL",
    organisation,
    log,
    now,
  );
};
