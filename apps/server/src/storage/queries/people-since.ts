/**
 * What the ledger says of people: who has left, and the newest password of who changed theirs. Replayed after a restore, so that
 * a store that was put back lets nobody in who was sent away since, and takes no password that was replaced.
 *
 * What must stay true: a replay only ever closes. It makes no account, brings nobody back who has left, and puts no password in the
 * place of a newer one.
 */

import type { AccountId } from "@amana/sync";
import { bytesOfId, organisationNumber, type OrganisationNumber } from "../connection.ts";
import type { Bytes } from "@amana/log";
import type { Read, Write } from "../operation.ts";
import { accountIdIn, bytesIn, instantIn, numberIn, organisationIdIn } from "../rows.ts";
import type { OrganisationId } from "../values.ts";

type Place = { readonly organisation: OrganisationId; readonly account: AccountId };

const beforeAll: readonly [OrganisationNumber, Bytes] = [-1, new Uint8Array(0)];

const placeOf = (after: Place | undefined): readonly [OrganisationNumber, Bytes] =>
  after === undefined ? beforeAll : [organisationNumber(after.organisation), bytesOfId(after.account)];

export const leaversAfter: Read<"leaversAfter"> = async (connection, { after, rowsMax }) => {
  const rows = await connection.ask(
    `SELECT organisation, account_id, left_at FROM accounts
     WHERE (organisation, account_id) > ($1, $2) AND left_at IS NOT NULL ORDER BY organisation, account_id LIMIT $3`,
    ...placeOf(after),
    rowsMax,
  );
  return rows.map((row) => ({
    organisation: organisationIdIn(row),
    account: accountIdIn(row),
    at: instantIn(row, "left_at"),
  }));
};

export const replayLeavers: Write<"replayLeavers"> = async (connection, { rows }) => {
  for (const { organisation, account, at } of rows) {
    await connection.ask(
      `UPDATE accounts SET left_at = $3, is_keeper = 0
       WHERE organisation = $1 AND account_id = $2 AND left_at IS NULL`,
      organisationNumber(organisation),
      bytesOfId(account),
      at,
    );
  }
};

/** An account is made with generation 1, and only a change of its password makes another. */
const generationAtFirst = 1;

export const changedPasswordsAfter: Read<"changedPasswordsAfter"> = async (connection, { after, rowsMax }) => {
  const rows = await connection.ask(
    `SELECT a.organisation, a.account_id, a.login_public, v.generation, v.vault FROM accounts a
     JOIN vaults v ON v.organisation = a.organisation AND v.account_id = a.account_id
     WHERE (a.organisation, a.account_id) > ($1, $2) AND a.left_at IS NULL AND v.generation > $3
     ORDER BY a.organisation, a.account_id LIMIT $4`,
    ...placeOf(after),
    generationAtFirst,
    rowsMax,
  );
  return rows.map((row) => ({
    organisation: organisationIdIn(row),
    account: accountIdIn(row),
    loginPublic: bytesIn(row, "login_public"),
    generation: numberIn(row, "generation"),
    vault: bytesIn(row, "vault"),
  }));
};

export const replayPasswords: Write<"replayPasswords"> = async (connection, { rows }) => {
  for (const { organisation, account, loginPublic, generation, vault } of rows) {
    const place = [organisationNumber(organisation), bytesOfId(account)] as const;
    const moved = await connection.ask(
      `UPDATE vaults SET generation = $3, vault = $4
       WHERE organisation = $1 AND account_id = $2 AND generation < $3 RETURNING generation`,
      ...place,
      generation,
      vault,
    );
    if (moved.length === 0) continue;
    await connection.ask(
      "UPDATE accounts SET login_public = $3 WHERE organisation = $1 AND account_id = $2",
      ...place,
      loginPublic,
    );
  }
};
