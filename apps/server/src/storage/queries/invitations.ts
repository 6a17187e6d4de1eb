/** Places that keepers open for new people. An invitation is known by its random id alone, and taken once. */

import { err, ok } from "@amana/kernel";
import { askOne, bytesOfId, organisationNumber } from "../connection.ts";
import type { Read, Write } from "../operation.ts";
import { bytesIn, numberIn } from "../rows.ts";
import { addAccount } from "./accounts.ts";
import { lockOrganisation } from "./budget.ts";
import { leavePlaces, organisationOf, takePlace } from "./places.ts";

export const openInvitation: Write<"openInvitation"> = async (connection, order) => {
  const { by, invitation, expiresAt, now, openMax } = order;
  const organisation = organisationNumber(by.organisation);
  await lockOrganisation(connection, organisation);
  const open = await askOne(
    connection,
    "SELECT count(*) AS open FROM invitations WHERE organisation = $1 AND answer IS NULL AND expires_at > $2",
    organisation,
    now,
  );
  if (open !== undefined && numberIn(open, "open") >= openMax) return err({ type: "TooManyInvitations" });
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

export const closeInvitation: Write<"closeInvitation"> = async (connection, { by, invitation }) => {
  const closed = await connection.ask(
    "DELETE FROM invitations WHERE organisation = $1 AND invitation_id = $2 RETURNING invitation_id",
    organisationNumber(by.organisation),
    invitation,
  );
  if (closed.length > 0) await leavePlaces(connection, "invitation", [invitation]);
};

export const answerInvitation: Write<"answerInvitation"> = async (connection, order) => {
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
  const isAdded = await addAccount(connection, organisation, order.account, false);
  return isAdded ? ok(undefined) : err({ type: "AccountTaken" });
};

export const answersFor: Read<"answersFor"> = async (connection, { by }) => {
  const rows = await connection.ask(
    `SELECT invitation_id, answer FROM invitations
     WHERE organisation = $1 AND opened_by = $2 AND answer IS NOT NULL ORDER BY invitation_id`,
    organisationNumber(by.organisation),
    bytesOfId(by.account),
  );
  return rows.map((row) => ({ invitation: bytesIn(row, "invitation_id"), answer: bytesIn(row, "answer") }));
};
