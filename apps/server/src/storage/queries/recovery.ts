/** Requests to use the recovery key: seen by everyone, open after their time, and only to whoever asked. */

import { err, ok } from "@amana/kernel";
import { askOne, bytesOfId, organisationNumber, type Row } from "../connection.ts";
import type { Read, Write } from "../operation.ts";
import { bytesIn, instantIn, keyIdIn, logIdIn, numberIn } from "../rows.ts";
import type { RecoveryRequest } from "@amana/sync";
import type { Instant } from "@amana/kernel";
import { lockOrganisation } from "./budget.ts";

const states = { asked: 0, forbidden: 1, used: 2 } as const;

export const requestRecovery: Write<"requestRecovery"> = async (connection, order) => {
  const { by, recovery, recoveryKey, requestedAt, opensAt, waitingMax, waitingInAllMax } = order;
  const organisation = organisationNumber(by.organisation);
  await lockOrganisation(connection, organisation);
  const asked = await askOne(
    connection,
    `SELECT count(*) AS asked, coalesce(sum(CASE WHEN asked_by = $3 THEN 1 ELSE 0 END), 0) AS own
     FROM recoveries WHERE organisation = $1 AND state = $2`,
    organisation,
    states.asked,
    bytesOfId(by.account),
  );
  const isOver = asked !== undefined && numberIn(asked, "asked") >= waitingInAllMax;
  if (isOver || (asked !== undefined && numberIn(asked, "own") >= waitingMax))
    return err({ type: "TooManyRecoveries" });
  await connection.ask(
    `INSERT INTO recoveries
       (organisation, recovery_id, recovery_key, asked_by, asked_by_key, requested_at, opens_at, state)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    organisation,
    recovery,
    bytesOfId(recoveryKey),
    bytesOfId(by.account),
    bytesOfId(by.receivingKey),
    requestedAt,
    opensAt,
    states.asked,
  );
  connection.tell({ kind: "organisation", organisation: by.organisation });
  return ok(undefined);
};

export const recoveriesOf: Read<"recoveriesOf"> = async (connection, { by, now }) => {
  const rows = await connection.ask(
    "SELECT * FROM recoveries WHERE organisation = $1 ORDER BY requested_at, recovery_id",
    organisationNumber(by.organisation),
  );
  return rows.map((row) => ({
    recovery: bytesIn(row, "recovery_id"),
    recoveryKey: keyIdIn(row, "recovery_key"),
    by: keyIdIn(row, "asked_by_key"),
    requestedAt: instantIn(row, "requested_at"),
    opensAt: instantIn(row, "opens_at"),
    state: stateIn(row, now),
  }));
};

export const forbidRecovery: Write<"forbidRecovery"> = async (connection, { by, recovery }) => {
  const forbidden = await connection.ask(
    `UPDATE recoveries SET state = $3
     WHERE organisation = $1 AND recovery_id = $2 AND EXISTS (SELECT 1 FROM accounts a
       WHERE a.organisation = $1 AND a.account_id = $4 AND a.left_at IS NULL
         AND (a.is_keeper = 1 OR a.account_id = recoveries.asked_by))
     RETURNING recovery_id`,
    organisationNumber(by.organisation),
    recovery,
    states.forbidden,
    bytesOfId(by.account),
  );
  connection.tell({ kind: "organisation", organisation: by.organisation });
  return forbidden.length === 1 ? ok(undefined) : err({ type: "RecoveryNotOpen" });
};

export const recoveryWraps: Write<"recoveryWraps"> = async (connection, order) => {
  const { by, recovery, now, after, wrapsMax } = order;
  const organisation = organisationNumber(by.organisation);
  const opened = await connection.ask(
    `UPDATE recoveries SET state = $5
     WHERE organisation = $1 AND recovery_id = $2 AND asked_by = $3 AND opens_at <= $4 AND state <> $6
       AND EXISTS (SELECT 1 FROM accounts a
         WHERE a.organisation = $1 AND a.account_id = $3 AND a.left_at IS NULL)
     RETURNING recovery_key`,
    organisation,
    recovery,
    bytesOfId(by.account),
    now,
    states.used,
    states.forbidden,
  );
  const [row] = opened;
  if (row === undefined) return err({ type: "RecoveryNotOpen" });
  const wraps = await connection.ask(
    `SELECT w.wrap, l.log_id, w.bytes FROM wraps w JOIN logs l ON l.organisation = w.organisation AND l.log = w.log
     WHERE w.organisation = $1 AND w.recipient = $2 AND w.wrap > $3 ORDER BY w.wrap LIMIT $4`,
    organisation,
    bytesIn(row, "recovery_key"),
    after,
    wrapsMax,
  );
  const last = wraps.length < wrapsMax ? undefined : wraps.at(-1);
  return ok({
    wraps: wraps.map((each) => ({ logId: logIdIn(each), wrap: bytesIn(each, "bytes") })),
    next: last === undefined ? undefined : numberIn(last, "wrap"),
  });
};

const stateIn = (row: Row, now: Instant): RecoveryRequest["state"] => {
  const state = numberIn(row, "state");
  if (state === states.forbidden) return "forbidden";
  if (state === states.used) return "used";
  return instantIn(row, "opens_at") <= now ? "open" : "waiting";
};
