/** Keys sealed for their readers, in a table of their own so that a case can be shredded by destroying them. */

import { err, ok } from "@amana/kernel";
import { sha256, type Bytes, type LogId } from "@amana/log";
import { wrapsPerLogMax, type AccountId } from "@amana/sync";
import {
  askOne,
  bytesOfId,
  listOf,
  organisationNumber,
  readerKeys,
  type Connection,
  type OrganisationNumber,
  type Row,
} from "../connection.ts";
import type { Read, Write } from "../operation.ts";
import { bytesIn, isNull, logIdIn, numberIn } from "../rows.ts";
import type { Member, NewWrap } from "../values.ts";
import { giveBack, lockBudget, withReserve } from "./budget.ts";

/** More than an answer can carry, since none that opens anything is shorter than 1,300 bytes. */
export const wrapsPerReadMax = 1_024;

/**
 * Of a log that has more, every sender's newest come before anyone's older ones: a member who sends another a thousand wraps
 * of nothing takes the place of their own alone. Of many logs the first, as long as an answer could carry them.
 */
export const wrapsFor: Read<"wrapsFor"> = async (connection, { by, logs: asked }) => {
  const logs = await firstOf(connection, by, [...new Set(asked)]);
  const rows = await connection.ask(
    `SELECT log_id, wrap, bytes FROM (
       SELECT log_id, wrap, bytes, row_number() OVER (PARTITION BY log_id ORDER BY turn, wrap DESC) AS place FROM (
         SELECT l.log_id, w.wrap, w.bytes,
           row_number() OVER (PARTITION BY l.log_id, w.sent_by ORDER BY w.wrap DESC) AS turn
         FROM logs l
         LEFT JOIN wraps w ON w.organisation = l.organisation AND w.log = l.log
           AND w.recipient IN (${readerKeys("$1", "$2")})
         WHERE l.organisation = $1 AND ${connection.isIn("l.log_id", "$3")} AND ${isServed}) AS in_turn) AS placed
     WHERE place <= $4 ORDER BY wrap`,
    organisationNumber(by.organisation),
    bytesOfId(by.account),
    listOf(logs.map(bytesOfId)),
    wrapsPerLogMax,
  );
  const wrapsByLog = new Map<LogId, Bytes[]>();
  for (const row of rows) {
    const logId = logIdIn(row);
    const wraps = wrapsByLog.get(logId) ?? [];
    wrapsByLog.set(logId, wraps);
    if (!isNull(row, "bytes")) wraps.push(bytesIn(row, "bytes"));
  }
  return logs.flatMap((logId) => {
    const wraps = wrapsByLog.get(logId);
    return wraps === undefined ? [] : [{ logId, wraps }];
  });
};

const isServed = `EXISTS (SELECT 1 FROM served s WHERE s.organisation = l.organisation AND s.log = l.log
  AND s.reader_key IN (${readerKeys("$1", "$2")}))`;

/**
 * Whoever has very many wraps has them counted, by an index alone, before any is read (SECURITY §6.10). What is not served counts for
 * nothing: a device that is answered none takes it that none is.
 */
const firstOf = async (connection: Connection, by: Member, logs: readonly LogId[]): Promise<readonly LogId[]> => {
  const rows = await connection.ask(
    `SELECT l.log_id, count(*) AS wraps FROM logs l
     JOIN wraps w ON w.organisation = l.organisation AND w.log = l.log AND w.recipient IN (${readerKeys("$1", "$2")})
     WHERE l.organisation = $1 AND ${connection.isIn("l.log_id", "$3")} AND ${isServed} GROUP BY l.log_id`,
    organisationNumber(by.organisation),
    bytesOfId(by.account),
    listOf(logs.map(bytesOfId)),
  );
  const counts = new Map(rows.map((row) => [logIdIn(row), Math.min(numberIn(row, "wraps"), wrapsPerLogMax)]));
  let wraps = 0;
  const end = logs.findIndex((logId) => {
    wraps += counts.get(logId) ?? 0;
    return wraps > wrapsPerReadMax;
  });
  return end === -1 ? logs : logs.slice(0, end);
};

export const addWraps: Write<"addWraps"> = async (connection, { by, logId, wraps, quotas }) => {
  const organisation = organisationNumber(by.organisation);
  const [log] = await connection.entries.lockServed(organisation, [{ account: by.account, logId }]);
  if (log === undefined || log.isShredded) return err({ type: "NotServed" });
  const budget = await lockBudget(connection, organisation, [by.account]);
  if (!budget.take(by.account, { logs: 0, entries: 0, bytes: bytesOfWraps(wraps) }, withReserve(quotas))) {
    return err({ type: "QuotaReached" });
  }
  const added = await addWrapRows(connection, organisation, { log: log.log, sender: by.account }, wraps);
  // The same again is no change: nobody has others called by it for nothing.
  if (added === 0) return ok(undefined);
  await budget.charge();
  connection.tell({ kind: "log", organisation: by.organisation, logId });
  return ok(undefined);
};

/** Whoever asked for it may have named a key before it was a person's or a team's: such a key's wraps stay. */
export const deleteWrapsTo = async (
  connection: Connection,
  organisation: OrganisationNumber,
  receivingKey: Bytes,
): Promise<void> => {
  const deleted = await connection.ask(
    `DELETE FROM wraps WHERE organisation = $1 AND recipient = $2
       AND NOT EXISTS (SELECT 1 FROM accounts WHERE organisation = $1 AND receiving_key = $2)
       AND NOT EXISTS (SELECT 1 FROM team_people WHERE organisation = $1 AND team_key = $2)
     RETURNING length(bytes) AS size`,
    organisation,
    receivingKey,
  );
  await letGoOf(connection, organisation, deleted);
};

export const bytesOfWraps = (wraps: readonly NewWrap[]): number =>
  wraps.reduce((sum, { bytes }) => sum + bytes.length, 0);

/**
 * How many were new. Their numbers are contiguous within the organisation, whose row is locked until the end of the
 * transaction, so that whoever reads on from a number misses none.
 */
export const addWrapRows = async (
  connection: Connection,
  organisation: OrganisationNumber,
  { log, sender }: { readonly log: number; readonly sender: AccountId },
  wraps: readonly NewWrap[],
): Promise<number> => {
  if (wraps.length === 0) return 0;
  const row = await askOne(connection, "SELECT wraps_begun FROM organisations WHERE organisation = $1", organisation);
  const begun = row === undefined ? 0 : numberIn(row, "wraps_begun");
  let next = begun;
  for (const { recipient, bytes } of wraps) {
    const added = await connection.ask(
      `INSERT INTO wraps (organisation, wrap, log, recipient, sent_by, wrap_hash, bytes)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING wrap`,
      organisation,
      next + 1,
      log,
      bytesOfId(recipient),
      bytesOfId(sender),
      sha256(bytes),
      bytes,
    );
    next += added.length;
  }
  await connection.ask(
    "UPDATE organisations SET wraps_begun = $2, wraps = wraps + $3 WHERE organisation = $1",
    organisation,
    next,
    next - begun,
  );
  return next - begun;
};

export const deleteWrapsOf = async (
  connection: Connection,
  organisation: OrganisationNumber,
  log: number,
): Promise<void> => {
  const deleted = await connection.ask(
    "DELETE FROM wraps WHERE organisation = $1 AND log = $2 RETURNING length(bytes) AS size",
    organisation,
    log,
  );
  await letGoOf(connection, organisation, deleted);
};

const letGoOf = async (
  connection: Connection,
  organisation: OrganisationNumber,
  deleted: readonly Row[],
): Promise<void> => {
  await connection.ask(
    "UPDATE organisations SET wraps = wraps - $2 WHERE organisation = $1",
    organisation,
    deleted.length,
  );
  const bytes = deleted.reduce((sum, row) => sum + numberIn(row, "size"), 0);
  await giveBack(connection, organisation, bytes);
};
