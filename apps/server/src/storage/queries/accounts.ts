/** Accounts, their sign-ins and their vaults. Of a token only SHA-256 is kept. */

import { assert, err, ok } from "@amana/kernel";
import { equalBytes, type Bytes, type DeviceId } from "@amana/log";
import type { NewAccount } from "@amana/sync";
import {
  askOne,
  bytesOfId,
  organisationNumber,
  type Connection,
  type OrganisationNumber,
  type Row,
} from "../connection.ts";
import type { Read, Write } from "../operation.ts";
import { accountIdIn, bytesIn, deviceIdIn, instantIn, isNull, keyIdIn, numberIn, organisationIdIn } from "../rows.ts";
import type { Account, Member } from "../values.ts";
import { leavePlaces, organisationOf, takePlace, useChallenge } from "./places.ts";
import { isRestoring } from "./restoring.ts";

export const accountById: Read<"accountById"> = async (connection, { account }) => {
  const id = bytesOfId(account);
  const organisation = await organisationOf(connection, "account", id);
  return accountOf(
    await askOne(connection, "SELECT * FROM accounts WHERE organisation = $1 AND account_id = $2", organisation, id),
  );
};

export const isReaderKey: Read<"isReaderKey"> = async (connection, { organisation, key }) => {
  const found = await askOne(
    connection,
    `SELECT 1 AS found FROM accounts WHERE organisation = $1 AND receiving_key = $2
     UNION ALL SELECT 1 AS found FROM team_people WHERE organisation = $1 AND team_key = $2 LIMIT 1`,
    organisationNumber(organisation),
    bytesOfId(key),
  );
  return found !== undefined;
};

export const signIn: Write<"signIn"> = async (connection, order) => {
  const id = bytesOfId(order.account);
  const organisation = await organisationOf(connection, "account", id);
  const account = accountOf(await lockAccount(connection, organisation, id));
  if (account === undefined || account.leftAt !== undefined) return err({ type: "AccountGone" });
  // Whoever changes a password signs all others out: nobody with the one before comes in behind that.
  if (!equalBytes(account.loginPublic, order.loginPublic)) return err({ type: "PasswordChanged" });
  if (await isRestoring(connection)) return err({ type: "StoreRestoring" });
  const device = bytesOfId(order.device);
  const others = await askOne(
    connection,
    `SELECT count(*) AS others FROM sign_ins
     WHERE organisation = $1 AND account_id = $2 AND device_id <> $3 AND expires_at > $4`,
    organisation,
    id,
    device,
    order.now,
  );
  if (others !== undefined && numberIn(others, "others") >= order.devicesMax) return err({ type: "TooManyDevices" });
  if (!(await useChallenge(connection, order.challenge, organisation))) return err({ type: "ChallengeUsed" });
  await endSignIns(connection, "organisation = $1 AND account_id = $2 AND device_id = $3", organisation, id, device);
  const isNew = await takePlace(connection, "token", order.tokenHash, organisation);
  assert(isNew, "A new token was given out before.");
  await connection.ask(
    `INSERT INTO sign_ins (organisation, account_id, device_id, token_hash, signed_in_at, last_seen_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    organisation,
    id,
    device,
    order.tokenHash,
    order.now,
    order.now,
    order.expiresAt,
  );
  return ok(undefined);
};

export const signInByToken: Read<"signInByToken"> = async (connection, { tokenHash, now }) => {
  const organisation = await organisationOf(connection, "token", tokenHash);
  const row = await askOne(
    connection,
    `SELECT a.*, s.device_id, s.expires_at, s.last_seen_at FROM sign_ins s
     JOIN accounts a ON a.organisation = s.organisation AND a.account_id = s.account_id
     WHERE s.organisation = $1 AND s.token_hash = $2 AND s.expires_at > $3 AND a.left_at IS NULL`,
    organisation,
    tokenHash,
    now,
  );
  if (row === undefined) return undefined;
  return {
    by: memberOf(row),
    device: deviceIdIn(row),
    isKeeper: numberIn(row, "is_keeper") === 1,
    loginPublic: bytesIn(row, "login_public"),
    expiresAt: instantIn(row, "expires_at"),
    lastSeenAt: instantIn(row, "last_seen_at"),
  };
};

export const noteSeen: Write<"noteSeen"> = async (connection, { by, device, now }) => {
  await connection.ask(
    `UPDATE sign_ins SET last_seen_at = $4
     WHERE organisation = $1 AND account_id = $2 AND device_id = $3 AND last_seen_at < $4`,
    organisationNumber(by.organisation),
    bytesOfId(by.account),
    bytesOfId(device),
    now,
  );
};

export const devicesOf: Read<"devicesOf"> = async (connection, { by, now }) => {
  const rows = await connection.ask(
    `SELECT device_id, signed_in_at, last_seen_at FROM sign_ins
     WHERE organisation = $1 AND account_id = $2 AND expires_at > $3 ORDER BY signed_in_at, device_id`,
    organisationNumber(by.organisation),
    bytesOfId(by.account),
    now,
  );
  return rows.map((row) => ({
    device: deviceIdIn(row),
    signedInAt: instantIn(row, "signed_in_at"),
    lastSeenAt: instantIn(row, "last_seen_at"),
  }));
};

export const signOut: Write<"signOut"> = async (connection, { by, device }) => {
  const organisation = organisationNumber(by.organisation);
  const account = bytesOfId(by.account);
  await lockAccount(connection, organisation, account);
  await endSignInsOf(connection, by, device === undefined ? "every" : { only: device });
};

export const vaultOf: Read<"vaultOf"> = async (connection, { by }) => {
  const row = await askOne(
    connection,
    "SELECT generation, vault FROM vaults WHERE organisation = $1 AND account_id = $2",
    organisationNumber(by.organisation),
    bytesOfId(by.account),
  );
  return row === undefined ? undefined : { generation: numberIn(row, "generation"), vault: bytesIn(row, "vault") };
};

export const changePassword: Write<"changePassword"> = async (connection, order) => {
  const organisation = organisationNumber(order.by.organisation);
  const id = bytesOfId(order.by.account);
  const account = accountOf(await lockAccount(connection, organisation, id));
  // A key that was replaced since is here again until the ledger is replayed, and whoever has it would be first with the next one.
  const isEarly = await isRestoring(connection);
  if (isEarly) return err({ type: "StoreRestoring" });
  const isSame = account !== undefined && equalBytes(account.loginPublic, order.loginPublicBefore);
  const moved = await connection.ask(
    `UPDATE vaults SET generation = $3, vault = $4
     WHERE organisation = $1 AND account_id = $2 AND generation = $3 - 1 RETURNING generation`,
    organisation,
    id,
    order.generation,
    order.vault,
  );
  if (!isSame || moved.length !== 1) return err({ type: "GenerationMoved" });
  await connection.ask(
    "UPDATE accounts SET login_public = $3 WHERE organisation = $1 AND account_id = $2",
    organisation,
    id,
    order.loginPublic,
  );
  await endSignInsOf(connection, order.by, order.device === undefined ? "every" : { allBut: order.device });
  return ok(undefined);
};

/** False when the account id is someone's, or the receiving key is within the organisation. */
export const addAccount = async (
  connection: Connection,
  organisation: OrganisationNumber,
  account: NewAccount,
  isKeeper: boolean,
): Promise<boolean> => {
  const id = bytesOfId(account.account);
  if (!(await takePlace(connection, "account", id, organisation))) return false;
  const added = await connection.ask(
    `INSERT INTO accounts
       (organisation, account_id, receiving_key, login_public, is_keeper, left_at, logs_begun, entries, bytes)
     VALUES ($1, $2, $3, $4, $5, NULL, 0, 0, 0) ON CONFLICT DO NOTHING RETURNING is_keeper`,
    organisation,
    id,
    bytesOfId(account.receivingKey),
    account.loginPublic,
    isKeeper ? 1 : 0,
  );
  if (added.length === 0) return false;
  await connection.ask(
    "INSERT INTO vaults (organisation, account_id, generation, vault) VALUES ($1, $2, 1, $3)",
    organisation,
    id,
    account.vault,
  );
  return true;
};

/** Everything that one account asks for about itself goes one after the other. */
export const lockAccount = (
  connection: Connection,
  organisation: OrganisationNumber,
  account: Bytes,
): Promise<Row | undefined> =>
  askOne(
    connection,
    `SELECT * FROM accounts WHERE organisation = $1 AND account_id = $2${connection.forUpdate}`,
    organisation,
    account,
  );

export type WhichSignIns = "every" | { readonly only: DeviceId } | { readonly allBut: DeviceId };

/** A device that is signed out is woken no more. */
export const endSignInsOf = async (
  connection: Connection,
  { organisation, account }: Pick<Member, "organisation" | "account">,
  which: WhichSignIns,
): Promise<void> => {
  const number = organisationNumber(organisation);
  const id = bytesOfId(account);
  const [condition, ...devices] = deviceCondition(which);
  const where = `organisation = $1 AND account_id = $2${condition}`;
  await connection.ask(`DELETE FROM wake_ups WHERE ${where}`, number, id, ...devices);
  const ended = await endSignIns(connection, where, number, id, ...devices);
  if (ended > 0) connection.tell({ kind: "organisation", organisation });
};

const deviceCondition = (which: WhichSignIns): readonly [string, ...Bytes[]] => {
  if (which === "every") return [""];
  return "only" in which
    ? [" AND device_id = $3", bytesOfId(which.only)]
    : [" AND device_id <> $3", bytesOfId(which.allBut)];
};

/** How many there were. */
const endSignIns = async (
  connection: Connection,
  where: string,
  ...cells: readonly (number | Bytes)[]
): Promise<number> => {
  const ended = await connection.ask(`DELETE FROM sign_ins WHERE ${where} RETURNING token_hash`, ...cells);
  await leavePlaces(
    connection,
    "token",
    ended.map((row) => bytesIn(row, "token_hash")),
  );
  return ended.length;
};

const memberOf = (row: Row): Member => ({
  organisation: organisationIdIn(row),
  account: accountIdIn(row),
  receivingKey: keyIdIn(row, "receiving_key"),
});

const accountOf = (row: Row | undefined): Account | undefined =>
  row === undefined
    ? undefined
    : {
        ...memberOf(row),
        loginPublic: bytesIn(row, "login_public"),
        leftAt: isNull(row, "left_at") ? undefined : instantIn(row, "left_at"),
        isKeeper: numberIn(row, "is_keeper") === 1,
      };
