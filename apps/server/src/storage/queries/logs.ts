/** Logs as a member is served them. What is not served is as if it were not there, by the same query. */

import { bytesOfId, askOne, organisationNumber, readerKeys } from "../connection.ts";
import type { Read } from "../operation.ts";
import { accountIdIn, bytesIn, hashIn, logIdIn, logKindIn, numberIn } from "../rows.ts";
import { digestOfNone } from "@amana/sync";
import { equalBytes, type Bytes } from "@amana/log";

const isServed = `EXISTS (SELECT 1 FROM served s WHERE s.organisation = l.organisation AND s.log = l.log
  AND s.reader_key IN (${readerKeys("$1", "$2")}))`;

export const servedLog: Read<"servedLog"> = async (connection, { by, logId }) => {
  const row = await askOne(
    connection,
    `SELECT l.kind, l.tip FROM logs l WHERE l.organisation = $1 AND l.log_id = $3 AND ${isServed}`,
    organisationNumber(by.organisation),
    bytesOfId(by.account),
    bytesOfId(logId),
  );
  return row === undefined ? undefined : { kind: logKindIn(row), tip: hashIn(row, "tip") };
};

// CROSS JOIN, so that SQLite begins with what is served: by itself it walks through all logs of an organisation.
export const positionsStatement = `SELECT DISTINCT l.log_id, l.kind, l.entry_count, l.digest FROM served s CROSS JOIN logs l
  WHERE s.organisation = $1 AND s.reader_key IN (${readerKeys("$1", "$2")})
    AND l.organisation = s.organisation AND l.log = s.log AND l.log_id >= $3
  ORDER BY l.log_id`;

export const positionsServed: Read<"positionsServed"> = async (connection, { by, fromBucket }) => {
  const rows = await connection.ask(
    positionsStatement,
    organisationNumber(by.organisation),
    bytesOfId(by.account),
    Uint8Array.of(fromBucket),
  );
  return rows.map((row) => ({
    logId: logIdIn(row),
    kind: logKindIn(row),
    end: numberIn(row, "entry_count"),
    digest: bytesIn(row, "digest"),
  }));
};

export const entriesAfter: Read<"entriesAfter"> = async (connection, { by, wants, bytesMax }) => {
  const organisation = organisationNumber(by.organisation);
  const standings = await connection.entries.standings(organisation, by.account, wants);
  const asked = wants.flatMap(({ logId, after, digest }, index) => {
    const standing = standings[index];
    if (standing === undefined) return [];
    const here: Bytes | undefined = after === 0 ? digestOfNone() : standing.here;
    const isSame = here !== undefined && equalBytes(here, digest);
    const { log, end } = standing;
    return [{ logId, after, isSame, log, end, entries: [] as Bytes[], hasControl: false }]; // Filled below.
  });
  const open = asked.filter(({ isSame, after, end }) => isSame && after < end);
  for (const { want, bytes, isControl } of await connection.entries.bytesAfter(organisation, open, bytesMax)) {
    const log = open[want];
    log?.entries.push(bytes);
    if (log !== undefined) log.hasControl ||= isControl;
  }
  return asked.map(({ log: _log, ...pulled }) => pulled);
};

export const hashesAfter: Read<"hashesAfter"> = async (connection, { by, logId, after, hashesMax }) => {
  const log = await askOne(
    connection,
    `SELECT l.log, l.entry_count FROM logs l WHERE l.organisation = $1 AND l.log_id = $3 AND ${isServed}`,
    organisationNumber(by.organisation),
    bytesOfId(by.account),
    bytesOfId(logId),
  );
  if (log === undefined) return undefined;
  const rows = await connection.ask(
    `SELECT hash FROM entries WHERE organisation = $1 AND log = $2 AND place > $3 AND place <= $4
     ORDER BY place LIMIT $5`,
    organisationNumber(by.organisation),
    numberIn(log, "log"),
    after,
    numberIn(log, "entry_count"),
    hashesMax,
  );
  return { hashes: rows.map((row) => hashIn(row, "hash")), end: numberIn(log, "entry_count") };
};

export const accountsServed: Read<"accountsServed"> = async (connection, { organisation, logId }) => {
  const rows = await connection.ask(
    `SELECT DISTINCT a.account_id FROM logs l
     JOIN served s ON s.organisation = l.organisation AND s.log = l.log
     JOIN accounts a ON a.organisation = s.organisation AND a.left_at IS NULL AND (
       a.receiving_key = s.reader_key OR a.receiving_key IN (
         SELECT t.person_key FROM team_people t
         WHERE t.organisation = s.organisation AND t.team_key = s.reader_key))
     WHERE l.organisation = $1 AND l.log_id = $2 ORDER BY a.account_id`,
    organisationNumber(organisation),
    bytesOfId(logId),
  );
  return rows.map((row) => accountIdIn(row));
};
