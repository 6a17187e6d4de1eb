/**
 * Putting a backup back: what the store says of itself meanwhile, and what no restore brings back.
 *
 * What must stay true: from the first row until the ledger of erasures is replayed the store is marked, and no server opens it.
 * With the mark go sign-ins, places that nobody took yet and recoveries that nobody used: whoever was signed out, sent away or
 * forbidden since the backup gains nothing by it.
 */

import { err, ok } from "@amana/kernel";
import { askOne, type Connection } from "../connection.ts";
import type { Read, Write } from "../operation.ts";
import { bytesIn } from "../rows.ts";
import { tables, type Table } from "../snapshot.ts";
import type { StoreStanding } from "../values.ts";
import { leavePlaces } from "./places.ts";
import { endWaitingRecoveries } from "./recovery.ts";

const restoring = "restoring";

/** A server that was running before the restore began looks at it too: until the ledger is replayed nobody is let in. */
export const isRestoring = async (connection: Connection): Promise<boolean> =>
  (await askOne(connection, "SELECT moment FROM marks WHERE name = $1", restoring)) !== undefined;

export const storeStanding: Read<"storeStanding"> = (connection) => standingOf(connection);

export const beginRestore: Write<"beginRestore"> = async (connection, { now }) => {
  const standing = await standingOf(connection);
  if (standing === "used") return err({ type: "StoreUsed" });
  // What an earlier restore left unfinished, and what a start without any organisation has made.
  for (const { name } of tables.toReversed()) await connection.ask(`${connection.emptying} ${name}`);
  await connection.ask("DELETE FROM woken_slots");
  await connection.ask("DELETE FROM marks");
  await connection.ask("INSERT INTO marks (name, moment) VALUES ($1, $2)", restoring, now);
  return ok(undefined);
};

export const finishRestore: Write<"finishRestore"> = async (connection) => {
  await endWaitingRecoveries(connection);
  const open = await connection.ask("DELETE FROM invitations WHERE answer IS NULL RETURNING invitation_id");
  const ids = open.map((row) => bytesIn(row, "invitation_id"));
  await leavePlaces(connection, "invitation", ids);
  await connection.ask("DELETE FROM marks WHERE name = $1", restoring);
};

const standingOf = async (connection: Connection): Promise<StoreStanding> => {
  if (await isRestoring(connection)) return "restoring";
  for (const table of tables.filter(isOfSomebody)) {
    if ((await connection.ask(`SELECT 1 AS found FROM ${table.name} LIMIT 1`)).length > 0) return "used";
  }
  return "empty";
};

/** A server that was started once has secrets and perhaps a code, and still nothing of anybody. */
const isOfSomebody = ({ name }: Table): boolean => name !== "server_secrets" && name !== "set_up_codes";
