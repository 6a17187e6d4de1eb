/** Where devices asked to be woken, and when they were. A push service learns that something of an account exists, and nothing else. */

import { askOne, bytesOfId, organisationNumber, type Connection } from "../connection.ts";
import type { Read, Write } from "../operation.ts";
import { accountIdIn, bytesIn, deviceIdIn, instantIn, organisationIdIn, textIn } from "../rows.ts";
import { lockAccount } from "./accounts.ts";

export const setWakeUp: Write<"setWakeUp"> = async (connection, { by, device, subscription }) => {
  const [organisation, account] = [organisationNumber(by.organisation), bytesOfId(by.account)];
  const key = [organisation, account, bytesOfId(device)] as const;
  await lockAccount(connection, organisation, account);
  await connection.ask("DELETE FROM wake_ups WHERE organisation = $1 AND account_id = $2 AND device_id = $3", ...key);
  if (subscription === undefined) return true;
  // Who is signed out between the question who asks and this order would leave an address that no sign-out finds any more.
  const isSignedIn = await askOne(
    connection,
    "SELECT 1 AS found FROM sign_ins WHERE organisation = $1 AND account_id = $2 AND device_id = $3",
    ...key,
  );
  if (isSignedIn === undefined) return false;
  await connection.ask(
    `INSERT INTO wake_ups (organisation, account_id, device_id, endpoint, public_key, authentication)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    ...key,
    subscription.endpoint,
    subscription.publicKey,
    subscription.authentication,
  );
  return true;
};

export const wakeUpsAfter: Read<"wakeUpsAfter"> = async (connection, { after, rowsMax }) => {
  const rows = await connection.ask(
    `SELECT * FROM wake_ups WHERE (organisation, account_id, device_id) > ($1, $2, $3)
     ORDER BY organisation, account_id, device_id LIMIT $4`,
    after === undefined ? -1 : organisationNumber(after.organisation),
    after === undefined ? Uint8Array.of(0) : bytesOfId(after.account),
    after === undefined ? Uint8Array.of(0) : bytesOfId(after.device),
    rowsMax,
  );
  return rows.map((row) => ({
    organisation: organisationIdIn(row),
    account: accountIdIn(row),
    device: deviceIdIn(row),
    subscription: {
      endpoint: textIn(row, "endpoint"),
      publicKey: bytesIn(row, "public_key"),
      authentication: bytesIn(row, "authentication"),
    },
  }));
};

/** Only while it is still the one that failed: a newer one may stand in its place. */
export const forgetWakeUp: Write<"forgetWakeUp"> = async (connection, { wakeUp }) => {
  await connection.ask(
    "DELETE FROM wake_ups WHERE organisation = $1 AND account_id = $2 AND device_id = $3 AND endpoint = $4",
    organisationNumber(wakeUp.organisation),
    bytesOfId(wakeUp.account),
    bytesOfId(wakeUp.device),
    wakeUp.subscription.endpoint,
  );
};

/**
 * Of devices whose sign-in has ended by itself: no list of devices shows them any more, so that nobody could end it. Asked for all of
 * them, so that one which was given while its sign-in ended goes with the next time.
 */
export const forgetWakeUpsOfNobody = async (connection: Connection): Promise<void> => {
  await connection.ask(
    `DELETE FROM wake_ups WHERE NOT EXISTS (SELECT 1 FROM sign_ins s WHERE s.organisation = wake_ups.organisation
       AND s.account_id = wake_ups.account_id AND s.device_id = wake_ups.device_id)`,
  );
};

/** A slot further ahead than this was taken by a clock that was wrong: it must not silence all that come before it. */
const aheadMillisecondsMax = 86_400_000;

/** Only the newest is kept; a server whose clock is behind has missed its turn. */
export const takeSlot: Write<"takeSlot"> = async (connection, { slot }) => {
  const taken = await connection.ask(
    `INSERT INTO woken_slots (slot) SELECT CAST($1 AS bigint)
     WHERE NOT EXISTS (SELECT 1 FROM woken_slots WHERE slot >= $1 AND slot <= $2) ON CONFLICT DO NOTHING RETURNING slot`,
    slot,
    slot + aheadMillisecondsMax,
  );
  if (taken.length === 0) return false;
  await connection.ask("DELETE FROM woken_slots WHERE slot <> $1", slot);
  return true;
};

export const lastSlot: Read<"lastSlot"> = async (connection) => {
  const row = await askOne(connection, "SELECT slot FROM woken_slots ORDER BY slot DESC LIMIT 1");
  return row === undefined ? undefined : instantIn(row, "slot");
};
