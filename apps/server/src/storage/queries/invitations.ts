/** Places that keepers open for new people. An invitation is known by its random id alone, and taken once. */

import { assert, err, ok } from "@amana/kernel";
import { askOne, bytesOfId, organisationNumber, type Connection, type OrganisationNumber } from "../connection.ts";
import type { Read, Write } from "../operation.ts";
import { bytesIn, numberIn } from "../rows.ts";
import type { Storage } from "../storage.ts";
import { addAccount } from "./accounts.ts";
import { lockOrganisation } from "./budget.ts";
import { leavePlaces, organisationOf, takePlace } from "./places.ts";
import { isRestoring } from "./restoring.ts";

export const openInvitation: Write<"openInvitation"> = async (connection, order) => {
  const { by, invitation, expiresAt } = order;
  const organisation = organisationNumber(by.organisation);
  await lockOrganisation(connection, organisation);
  const same = await askOne(
    connection,
    `SELECT 1 AS found FROM invitations
     WHERE organisation = $1 AND invitation_id = $2 AND opened_by = $3 AND expires_at = $4`,
    organisation,
    invitation,
    bytesOfId(by.account),
    expiresAt,
  );
  if (same !== undefined) return ok(undefined);
  if (await areTooMany(connection, order)) return err({ type: "TooManyInvitations" });
  if (!(await takePlace(connection, "invitation", invitation, organisation))) return err({ type: "InvitationTaken" });
  await connection.ask(
    `INSERT INTO invitations (organisation, invitation_id, opened_by, expires_at, answer)
     VALUES ($1, $2, $3, $4, NULL)`,
    organisation,
    invitation,
    bytesOfId(by.account),
    expiresAt,
  );
  return ok(undefined);
};

/** So many accounts may have all their places open before the others of the organisation find none. */
const accountsFull = 4;

/** What is over and was not answered is forgotten, and counts for nobody. */
const areTooMany = async (
  connection: Connection,
  { by, now, openMax }: Parameters<Storage["openInvitation"]>[0],
): Promise<boolean> => {
  const row = await askOne(
    connection,
    `SELECT coalesce(sum(CASE WHEN answer IS NULL THEN 1 ELSE 0 END), 0) AS open,
       coalesce(sum(CASE WHEN opened_by = $2 THEN 1 ELSE 0 END), 0) AS own
     FROM invitations WHERE organisation = $1 AND (answer IS NOT NULL OR expires_at > $3)`,
    organisationNumber(by.organisation),
    bytesOfId(by.account),
    now,
  );
  return row !== undefined && (numberIn(row, "open") >= accountsFull * openMax || numberIn(row, "own") >= openMax);
};

export const closeInvitation: Write<"closeInvitation"> = async (connection, { by, invitation }) => {
  const closed = await connection.ask(
    `DELETE FROM invitations WHERE organisation = $1 AND invitation_id = $2
       AND (opened_by = $3 OR EXISTS (SELECT 1 FROM accounts a
         WHERE a.organisation = $1 AND a.account_id = $3 AND a.is_keeper = 1 AND a.left_at IS NULL))
     RETURNING invitation_id`,
    organisationNumber(by.organisation),
    invitation,
    bytesOfId(by.account),
  );
  if (closed.length > 0) await leavePlaces(connection, "invitation", [invitation]);
};

export const answerInvitation: Write<"answerInvitation"> = async (connection, order) => {
  // A place that was closed since is open again until the restore ends.
  if (await isRestoring(connection)) return err({ type: "StoreRestoring" });
  const organisation = await organisationOf(connection, "invitation", order.invitation);
  const taken = await connection.ask(
    `UPDATE invitations SET answer = $3
     WHERE organisation = $1 AND invitation_id = $2 AND answer IS NULL AND expires_at > $4 RETURNING organisation`,
    organisation,
    order.invitation,
    order.answer,
    order.now,
  );
  if (taken.length === 0) return err({ type: "InvitationSpent" });
  if ((await accountsOf(connection, organisation)) >= order.accountsMax) return err({ type: "QuotaReached" });
  const isAdded = await addAccount(connection, organisation, order.account, false);
  return isAdded ? ok(undefined) : err({ type: "AccountTaken" });
};

/** With those who left: their rows stay. Under the lock of the organisation, so that none comes meanwhile. */
const accountsOf = async (connection: Connection, organisation: OrganisationNumber): Promise<number> => {
  await lockOrganisation(connection, organisation);
  const row = await askOne(
    connection,
    "SELECT count(*) AS accounts FROM accounts WHERE organisation = $1",
    organisation,
  );
  assert(row !== undefined, "A count has no answer.");
  return numberIn(row, "accounts");
};

export const answersFor: Read<"answersFor"> = async (connection, { by }) => {
  const rows = await connection.ask(
    `SELECT invitation_id, answer FROM invitations
     WHERE organisation = $1 AND opened_by = $2 AND answer IS NOT NULL ORDER BY expires_at DESC, invitation_id`,
    organisationNumber(by.organisation),
    bytesOfId(by.account),
  );
  return rows.map((row) => ({ invitation: bytesIn(row, "invitation_id"), answer: bytesIn(row, "answer") }));
};
