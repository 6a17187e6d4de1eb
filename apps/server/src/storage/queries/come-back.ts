/**
 * Letting somebody back who was an organisation's only keeper: their new account may change whom the organisation serves, and is
 * served its log. It takes a code of the operator's; what the account can read, keys decide.
 */

import { err, ok } from "@amana/kernel";
import { askOne, bytesOfId, organisationNumber } from "../connection.ts";
import type { Read, Write } from "../operation.ts";
import { accountIdIn, logKindNumbers, numberIn } from "../rows.ts";
import { lockOrganisation } from "./budget.ts";

export const isCodeStanding: Read<"isCodeStanding"> = async (connection, { codeHash, now }) => {
  const found = await askOne(
    connection,
    "SELECT 1 AS found FROM set_up_codes WHERE code_hash = $1 AND expires_at > $2",
    codeHash,
    now,
  );
  return found !== undefined;
};

export const letBack: Write<"letBack"> = async (connection, { by, codeHash, receivingKey, now }) => {
  const organisation = organisationNumber(by.organisation);
  // Accounts are locked before their organisation (`budget.ts`).
  const account = await askOne(
    connection,
    `SELECT account_id, is_keeper FROM accounts
     WHERE organisation = $1 AND receiving_key = $2 AND left_at IS NULL${connection.forUpdate}`,
    organisation,
    bytesOfId(receivingKey),
  );
  await lockOrganisation(connection, organisation);
  if (account === undefined || accountIdIn(account) === by.account) return err({ type: "AccountGone" });
  const codes = await connection.ask(
    "DELETE FROM set_up_codes WHERE code_hash = $1 AND expires_at > $2 RETURNING expires_at",
    codeHash,
    now,
  );
  if (codes.length === 0) return numberIn(account, "is_keeper") === 1 ? ok(undefined) : err({ type: "SetUpCodeSpent" });
  await connection.ask(
    "UPDATE accounts SET is_keeper = 1 WHERE organisation = $1 AND receiving_key = $2",
    organisation,
    bytesOfId(receivingKey),
  );
  await connection.ask(
    `INSERT INTO served (organisation, log, reader_key)
     SELECT organisation, log, $2 FROM logs WHERE organisation = $1 AND kind = $3 ON CONFLICT DO NOTHING`,
    organisation,
    bytesOfId(receivingKey),
    logKindNumbers.organisation,
  );
  connection.tell({ kind: "organisation", organisation: by.organisation });
  return ok(undefined);
};
