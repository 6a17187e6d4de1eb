/** What the running of the server itself needs: its secrets, counts without ids, and forgetting what is over. */

import { assert } from "@amana/kernel";
import { askOne } from "../connection.ts";
import type { Read, Write } from "../operation.ts";
import { bytesIn, numberIn } from "../rows.ts";
import { forgetChallenges, leavePlaces } from "./places.ts";
import { forgetWakeUpsOfNobody } from "./waking.ts";

export const serverSecret: Write<"serverSecret"> = async (connection, { name, made }) => {
  await connection.ask("INSERT INTO server_secrets (name, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING", name, made);
  const row = await askOne(connection, "SELECT secret FROM server_secrets WHERE name = $1", name);
  assert(row !== undefined, "A secret of the server is gone as soon as it was kept.");
  return bytesIn(row, "secret");
};

export const counts: Read<"counts"> = async (connection) => {
  const row = await askOne(
    connection,
    `SELECT
       (SELECT count(*) FROM organisations) AS organisations,
       (SELECT count(*) FROM accounts WHERE left_at IS NULL) AS accounts,
       (SELECT count(*) FROM sign_ins) AS sign_ins,
       (SELECT count(*) FROM ledger) AS erasures`,
  );
  const totals = await connection.ask("SELECT logs_begun, entries, bytes, wraps FROM organisations");
  const sum = (column: string): number => totals.reduce((total, each) => total + numberIn(each, column), 0);
  assert(row !== undefined, "A count has no answer.");
  return {
    organisations: numberIn(row, "organisations"),
    accounts: numberIn(row, "accounts"),
    signIns: numberIn(row, "sign_ins"),
    erasures: numberIn(row, "erasures"),
    logs: sum("logs_begun"),
    entries: sum("entries"),
    bytes: sum("bytes"),
    wraps: sum("wraps"),
  };
};

/** An invitation that was answered stays until its keeper closes it. */
export const forgetExpired: Write<"forgetExpired"> = async (connection, { now }) => {
  await connection.ask("DELETE FROM set_up_codes WHERE expires_at <= $1", now);
  const signIns = await connection.ask("DELETE FROM sign_ins WHERE expires_at <= $1 RETURNING token_hash", now);
  await leavePlaces(
    connection,
    "token",
    signIns.map((row) => bytesIn(row, "token_hash")),
  );
  await forgetWakeUpsOfNobody(connection);
  const invitations = await connection.ask(
    "DELETE FROM invitations WHERE answer IS NULL AND expires_at <= $1 RETURNING invitation_id",
    now,
  );
  await leavePlaces(
    connection,
    "invitation",
    invitations.map((row) => bytesIn(row, "invitation_id")),
  );
  await forgetChallenges(connection, now);
};

export const schemaVersion: Read<"schemaVersion"> = async (connection) => {
  const row = await askOne(connection, "SELECT max(version) AS version FROM schema_versions");
  assert(row !== undefined, "The schema has no version.");
  return numberIn(row, "version");
};

export const ping: Read<"ping"> = async (connection) => {
  await connection.ask("SELECT version FROM schema_versions LIMIT 1");
};

/** A few bytes in the place of those before. A store whose disk is full, or that may only be read, answers questions for long. */
export const proveWritable: Write<"proveWritable"> = async (connection, { mark }) => {
  await connection.ask(
    `INSERT INTO server_secrets (name, secret) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET secret = excluded.secret`,
    "last-mark",
    mark,
  );
};
