/**
 * Which organisation an id belongs to that arrives before anyone is known: an account's, an invitation's, a token's, a
 * challenge's that was used. Everything else is kept by organisation first.
 */

import type { Instant } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import { askOne, listOf, type Connection, type OrganisationNumber } from "../connection.ts";
import { numberIn } from "../rows.ts";

export type PlaceKind = keyof typeof placeKinds;

const placeKinds = { account: 1, invitation: 2, token: 3, challenge: 4 } as const;

/** No organisation has this number. An unknown id goes through the same queries as a known one, in it. */
const nowhere: OrganisationNumber = -1;

export const organisationOf = async (
  connection: Connection,
  kind: PlaceKind,
  id: Bytes,
): Promise<OrganisationNumber> => {
  const row = await askOne(
    connection,
    "SELECT organisation FROM places WHERE kind = $1 AND id = $2",
    placeKinds[kind],
    id,
  );
  return row === undefined ? nowhere : numberIn(row, "organisation");
};

/** False when the id is someone's already. */
export const takePlace = async (
  connection: Connection,
  kind: PlaceKind,
  id: Bytes,
  organisation: OrganisationNumber,
): Promise<boolean> => {
  const taken = await connection.ask(
    "INSERT INTO places (kind, id, organisation) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING kind",
    placeKinds[kind],
    id,
    organisation,
  );
  return taken.length === 1;
};

export const leavePlaces = async (connection: Connection, kind: PlaceKind, ids: readonly Bytes[]): Promise<void> => {
  if (ids.length === 0) return;
  await connection.ask(
    `DELETE FROM places WHERE kind = $1 AND ${connection.isIn("id", "$2")}`,
    placeKinds[kind],
    listOf(ids),
  );
};

const timeBytes = 6;
const challengeIdBytes = 16;

/** Clocks of servers over one store differ by less. */
const clockMillisecondsMax = 3_600_000;

/** False when it was used before. A challenge begins with its end, so what is kept of it can be forgotten some time later. */
export const useChallenge = (
  connection: Connection,
  challenge: Bytes,
  organisation: OrganisationNumber,
): Promise<boolean> => takePlace(connection, "challenge", challenge.slice(0, challengeIdBytes), organisation);

export const forgetChallenges = async (connection: Connection, now: Instant): Promise<void> => {
  const ended = Buffer.alloc(timeBytes);
  ended.writeUIntBE(now - clockMillisecondsMax, 0, timeBytes);
  await connection.ask("DELETE FROM places WHERE kind = $1 AND id < $2", placeKinds.challenge, new Uint8Array(ended));
};
