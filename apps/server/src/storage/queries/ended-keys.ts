/**
 * Receiving keys whose wraps were destroyed: a recovery key once its sheets were used. The row is a part of the ledger of
 * erasures, written in the same transaction and replayed after a restore, so that no backup brings back what sheets that lay on
 * a table could open.
 */

import type { Instant } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import { bytesOfId, organisationNumber, type Connection, type OrganisationNumber } from "../connection.ts";
import type { Read, Write } from "../operation.ts";
import { instantIn, keyIdIn, organisationIdIn } from "../rows.ts";
import { deleteWrapsTo } from "./wraps.ts";

/** The first time counts; wraps that came since go as well. */
export const endKey = async (
  connection: Connection,
  organisation: OrganisationNumber,
  receivingKey: Bytes,
  now: Instant,
): Promise<void> => {
  await deleteWrapsTo(connection, organisation, receivingKey);
  await connection.ask(
    "INSERT INTO ended_keys (organisation, receiving_key, ended_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    organisation,
    receivingKey,
    now,
  );
};

const beforeAll = new Uint8Array(0);

export const endedKeysAfter: Read<"endedKeysAfter"> = async (connection, { after, rowsMax }) => {
  const rows = await connection.ask(
    `SELECT * FROM ended_keys WHERE (organisation, receiving_key) > ($1, $2)
     ORDER BY organisation, receiving_key LIMIT $3`,
    after === undefined ? -1 : organisationNumber(after.organisation),
    after === undefined ? beforeAll : bytesOfId(after.receivingKey),
    rowsMax,
  );
  return rows.map((row) => ({
    organisation: organisationIdIn(row),
    receivingKey: keyIdIn(row, "receiving_key"),
    at: instantIn(row, "ended_at"),
  }));
};

export const replayEndedKeys: Write<"replayEndedKeys"> = async (connection, { rows }) => {
  for (const { organisation, receivingKey, at } of rows) {
    await endKey(connection, organisationNumber(organisation), bytesOfId(receivingKey), at);
  }
};
