/**
 * Whom a log is handed out to, as the last control entry that said so has it. Keys decide who can read.
 *
 * What must stay true: no list leaves nobody who could put it right, and nobody who was taken off comes back by one of their own.
 * The server cannot judge whom a list should name, so it holds on to what it can see: whoever sends a list stays on it, and
 * only a keeper takes a keeper off.
 */

import type { Bytes, KeyId } from "@amana/log";
import type { Serving } from "@amana/sync";
import {
  askOne,
  bytesOfId,
  listOf,
  organisationNumber,
  readerKeys,
  type Connection,
  type OrganisationNumber,
} from "../connection.ts";
import { keyIdIn, logKindNumbers } from "../rows.ts";
import type { Member } from "../values.ts";

/**
 * The new list of a log that is served others until now. Keepers stay on it unless it is a keeper who takes them off. False where
 * whoever sends it is not on it; it stands all the same, until the transaction is rolled back.
 */
export const changeServing = async (
  connection: Connection,
  by: Member,
  log: number,
  { keys }: Serving,
  { isKeeper }: { readonly isKeeper: boolean },
): Promise<boolean> => {
  const organisation = organisationNumber(by.organisation);
  const keepers = isKeeper ? [] : await keepersServed(connection, organisation, log);
  await connection.ask("DELETE FROM served WHERE organisation = $1 AND log = $2", organisation, log);
  await addServed(connection, by, log, keys);
  const isOnIt = await isServed(connection, by, log);
  const left = new Set(keepers.length === 0 ? [] : await keepersServed(connection, organisation, log));
  const takenOff = keepers.filter((keeper) => !left.has(keeper));
  await addServed(connection, by, log, takenOff);
  return isOnIt;
};

/**
 * Somebody has just left. A case that is served to nobody now, because they had taken all others off, or were the last, is served
 * to the keepers who were ever given a key of it.
 */
export const serveWhatNobodyIs = async (
  connection: Connection,
  organisation: OrganisationNumber,
  leaver: Bytes,
): Promise<void> => {
  await connection.ask(
    `INSERT INTO served (organisation, log, reader_key)
     SELECT DISTINCT l.organisation, l.log, a.receiving_key FROM logs l
     JOIN wraps w ON w.organisation = l.organisation AND w.log = l.log
     JOIN accounts a ON a.organisation = l.organisation AND a.is_keeper = 1 AND a.left_at IS NULL AND (
       a.receiving_key = w.recipient OR w.recipient IN (
         SELECT t.team_key FROM team_people t
         WHERE t.organisation = a.organisation AND t.person_key = a.receiving_key))
     WHERE l.organisation = $1 AND l.kind = $2 AND l.log IN (
         SELECT s.log FROM served s WHERE s.organisation = $1 AND s.reader_key = $3)
       AND NOT EXISTS (SELECT 1 FROM served o
         JOIN accounts b ON b.organisation = o.organisation AND b.left_at IS NULL AND (
           b.receiving_key = o.reader_key OR b.receiving_key IN (
             SELECT t.person_key FROM team_people t
             WHERE t.organisation = o.organisation AND t.team_key = o.reader_key))
         WHERE o.organisation = l.organisation AND o.log = l.log)
     ON CONFLICT DO NOTHING`,
    organisation,
    logKindNumbers.case,
    leaver,
  );
};

/** Keys that are on its list already must not be among them. */
export const addServed = async (
  connection: Connection,
  { organisation }: Member,
  log: number,
  keys: readonly KeyId[],
): Promise<void> => {
  if (keys.length === 0) return;
  await connection.ask(
    `INSERT INTO served (organisation, log, reader_key)
     SELECT $1, $2, item FROM ${connection.items("$3")}`,
    organisationNumber(organisation),
    log,
    listOf([...new Set(keys)].map(bytesOfId)),
  );
};

export const isServed = async (connection: Connection, by: Member, log: number): Promise<boolean> => {
  const found = await askOne(
    connection,
    `SELECT 1 AS found FROM served WHERE organisation = $1 AND log = $3
       AND reader_key IN (${readerKeys("$1", "$2")}) LIMIT 1`,
    organisationNumber(by.organisation),
    bytesOfId(by.account),
    log,
  );
  return found !== undefined;
};

/** Present keepers, by their own keys. */
const keepersServed = async (
  connection: Connection,
  organisation: OrganisationNumber,
  log: number,
): Promise<readonly KeyId[]> => {
  const rows = await connection.ask(
    `SELECT DISTINCT a.receiving_key FROM accounts a
     JOIN served s ON s.organisation = a.organisation AND s.log = $2 AND (
       s.reader_key = a.receiving_key OR s.reader_key IN (
         SELECT t.team_key FROM team_people t
         WHERE t.organisation = a.organisation AND t.person_key = a.receiving_key))
     WHERE a.organisation = $1 AND a.is_keeper = 1 AND a.left_at IS NULL`,
    organisation,
    log,
  );
  return rows.map((row) => keyIdIn(row, "receiving_key"));
};
