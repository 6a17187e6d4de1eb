/**
 * Logs as they are begun: each with its number, its first entry, whom it is served, and its wraps.
 *
 * What must stay true: whoever writes one has locked the organisation first (`lockBudget`), then asked which are there and taken
 * room, so that no id and no number is ever given twice.
 */

import type { LogId } from "@amana/log";
import { digestOfNone } from "@amana/sync";
import {
  bytesOfId,
  listOf,
  organisationNumber,
  type Connection,
  type EntryRow,
  type OrganisationNumber,
} from "../connection.ts";
import { logIdIn, logKindNumbers } from "../rows.ts";
import type { Member, NewControl } from "../values.ts";
import { rowAfter } from "./append-entries.ts";
import { addServed } from "./serving.ts";
import { addWrapRows } from "./wraps.ts";

/** The first entry of a log, and the number that the log has within its organisation. */
export type Begun = { readonly control: NewControl; readonly log: number };

/** Which of these are logs of the organisation, whomever they are served. */
export const logsAmong = async (
  connection: Connection,
  organisation: OrganisationNumber,
  logIds: readonly LogId[],
): Promise<ReadonlySet<LogId>> => {
  const rows = await connection.ask(
    `SELECT log_id FROM logs WHERE organisation = $1 AND ${connection.isIn("log_id", "$2")}`,
    organisation,
    listOf(logIds.map(bytesOfId)),
  );
  return new Set(rows.map((row) => logIdIn(row)));
};

export const writeBegun = async (connection: Connection, by: Member, begun: readonly Begun[]): Promise<void> => {
  const organisation = organisationNumber(by.organisation);
  const placed = begun.map(({ control, log }) => {
    const row = rowAfter({ log, end: 0, digest: digestOfNone() }, control.entry, "control");
    return { control, log, row };
  });
  for (const { control, row } of placed) await writeLog(connection, organisation, control, row);
  await connection.entries.insert(
    organisation,
    placed.map(({ row }) => row),
  );
  for (const { control, log, row } of placed) {
    await noteSender(connection, by, row);
    await addServed(connection, by, log, control.serving?.keys ?? []);
    await addWrapRows(connection, organisation, { log, sender: by.account }, control.wraps);
    connection.tell({ kind: "log", organisation: by.organisation, logId: control.logId });
  }
};

const writeLog = async (
  connection: Connection,
  organisation: OrganisationNumber,
  { logId, kind }: NewControl,
  { log, place, digest, hash }: EntryRow,
): Promise<void> => {
  await connection.ask(
    `INSERT INTO logs (organisation, log, log_id, kind, entry_count, digest, tip, shredded_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)`,
    organisation,
    log,
    bytesOfId(logId),
    logKindNumbers[kind],
    place,
    digest,
    hash,
  );
};

/** Which account sent a control entry: what two people agree on comes from two accounts. */
export const noteSender = async (
  connection: Connection,
  { organisation, account }: Member,
  { log, hash }: Pick<EntryRow, "log" | "hash">,
): Promise<void> => {
  await connection.ask(
    "INSERT INTO control_senders (organisation, log, hash, sent_by) VALUES ($1, $2, $3, $4)",
    organisationNumber(organisation),
    log,
    hash,
    bytesOfId(account),
  );
};
