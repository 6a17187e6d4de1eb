/**
 * Requests to use the recovery key: seen by everyone, open after their time, and only to whoever asked.
 *
 * What must stay true: only time at which a server was up counts, so that everybody could see the request for as long as is said
 * and forbid it. A restore ends whatever waits. That one was used is never taken back, and nobody's requests grow without end.
 */

import { err, instantMin, ok, type Instant } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import {
  askOne,
  bytesOfId,
  organisationNumber,
  type Connection,
  type OrganisationNumber,
  type Row,
} from "../connection.ts";
import type { Read, Write } from "../operation.ts";
import { bytesIn, instantIn, keyIdIn, logIdIn, numberIn } from "../rows.ts";
import type { RecoveryRequest } from "@amana/sync";
import { lockOrganisation } from "./budget.ts";
import { endKey } from "./ended-keys.ts";

const states = { asked: 0, forbidden: 1, used: 2 } as const;

export const requestRecovery: Write<"requestRecovery"> = async (connection, order) => {
  const { by, recovery, recoveryKey, requestedAt, opensAt, waitingMax, waitingInAllMax } = order;
  const organisation = organisationNumber(by.organisation);
  await lockOrganisation(connection, organisation);
  const same = await askOne(
    connection,
    `SELECT recovery_id, opens_at FROM recoveries
     WHERE organisation = $1 AND asked_by = $2 AND recovery_key = $3 AND state = $4`,
    organisation,
    bytesOfId(by.account),
    bytesOfId(recoveryKey),
    states.asked,
  );
  if (same !== undefined) return ok({ recovery: bytesIn(same, "recovery_id"), opensAt: instantIn(same, "opens_at") });
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
  await forgetForbidden(connection, organisation, bytesOfId(by.account));
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
  return ok({ recovery, opensAt });
};

/** Of one account; more tell nobody more. Those that were used are never forgotten. */
const forbiddenMax = 8;

const forgetForbidden = async (
  connection: Connection,
  organisation: OrganisationNumber,
  account: Bytes,
): Promise<void> => {
  await connection.ask(
    `DELETE FROM recoveries WHERE organisation = $1 AND asked_by = $2 AND state = $3 AND recovery_id NOT IN (
       SELECT r.recovery_id FROM recoveries r WHERE r.organisation = $1 AND r.asked_by = $2 AND r.state = $3
       ORDER BY r.requested_at DESC, r.recovery_id LIMIT $4)`,
    organisation,
    account,
    states.forbidden,
    forbiddenMax,
  );
};

export const recoveriesOf: Read<"recoveriesOf"> = async (connection, { by, now }) => {
  const seen = await seenUntil(connection, now);
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
    state: stateIn(row, seen),
  }));
};

export const forbidRecovery: Write<"forbidRecovery"> = async (connection, { by, recovery, now }) => {
  const organisation = organisationNumber(by.organisation);
  const before = await askOne(
    connection,
    `SELECT r.recovery_key, r.state FROM recoveries r
     JOIN accounts a ON a.organisation = r.organisation AND a.account_id = $3
     WHERE r.organisation = $1 AND r.recovery_id = $2 AND a.left_at IS NULL
       AND (a.is_keeper = 1 OR a.account_id = r.asked_by)${connection.forUpdate}`,
    organisation,
    recovery,
    bytesOfId(by.account),
  );
  if (before === undefined) return err({ type: "RecoveryNotOpen" });
  if (numberIn(before, "state") === states.forbidden) return ok(undefined);
  if (numberIn(before, "state") === states.used) {
    // Its cases were re-opened with new keys; what the old sheets could open goes. That they were used stays to be seen.
    await endKey(connection, organisation, bytesIn(before, "recovery_key"), now);
  } else {
    await connection.ask(
      "UPDATE recoveries SET state = $3 WHERE organisation = $1 AND recovery_id = $2",
      organisation,
      recovery,
      states.forbidden,
    );
  }
  connection.tell({ kind: "organisation", organisation: by.organisation });
  return ok(undefined);
};

/** Whoever asked may ask again: nobody could see the request, or forbid it, while the server was away. */
export const endWaitingRecoveries = async (connection: Connection): Promise<void> => {
  await connection.ask("UPDATE recoveries SET state = $1 WHERE state = $2", states.forbidden, states.asked);
};

const upUntil = "up-until";

/**
 * A server says from time to time that it is up. Where none did for longer than a pause may be, or the clock was set to another
 * time, what waits goes on waiting for as long as it had to go.
 */
export const noteUp: Write<"noteUp"> = async (connection, { now, pauseMillisecondsMax }) => {
  await connection.ask("INSERT INTO marks (name, moment) VALUES ($1, $2) ON CONFLICT DO NOTHING", upUntil, now);
  const mark = await askOne(connection, `SELECT moment FROM marks WHERE name = $1${connection.forUpdate}`, upUntil);
  const before = mark === undefined ? now : instantIn(mark, "moment");
  const passed = now - before;
  const isPause = Math.abs(passed) > pauseMillisecondsMax;
  if (isPause) {
    await connection.ask(
      "UPDATE recoveries SET opens_at = opens_at + $1 WHERE state = $2 AND opens_at > $3",
      passed,
      states.asked,
      before,
    );
  }
  if (isPause || passed > 0) await connection.ask("UPDATE marks SET moment = $2 WHERE name = $1", upUntil, now);
};

/** Until when a server was up, and never later than now. Where none has said so yet, nothing is open. */
const seenUntil = async (connection: Connection, now: Instant): Promise<Instant> => {
  const mark = await askOne(connection, "SELECT moment FROM marks WHERE name = $1", upUntil);
  const until = mark === undefined ? instantMin : instantIn(mark, "moment");
  return until < now ? until : now;
};

export const recoveryWraps: Write<"recoveryWraps"> = async (connection, order) => {
  const { by, recovery, now, after, wrapsMax } = order;
  const organisation = organisationNumber(by.organisation);
  const seen = await seenUntil(connection, now);
  const opened = await connection.ask(
    `UPDATE recoveries SET state = $5
     WHERE organisation = $1 AND recovery_id = $2 AND asked_by = $3 AND opens_at <= $4 AND state <> $6
       AND NOT EXISTS (SELECT 1 FROM ended_keys e
         WHERE e.organisation = $1 AND e.receiving_key = recoveries.recovery_key)
       AND EXISTS (SELECT 1 FROM accounts a
         WHERE a.organisation = $1 AND a.account_id = $3 AND a.left_at IS NULL)
     RETURNING recovery_key`,
    organisation,
    recovery,
    bytesOfId(by.account),
    seen,
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

const stateIn = (row: Row, seen: Instant): RecoveryRequest["state"] => {
  const state = numberIn(row, "state");
  if (state === states.forbidden) return "forbidden";
  if (state === states.used) return "used";
  return instantIn(row, "opens_at") <= seen ? "open" : "waiting";
};
