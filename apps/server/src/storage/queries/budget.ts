/**
 * What an account and its organisation have used of what they may. An account's counts what it ever sent, since nothing says
 * whose an erased body was; the organisation's gets back what is erased. Logs count for ever, shredded ones as well.
 */

import { assert } from "@amana/kernel";
import type { AccountId } from "@amana/sync";
import {
  askOne,
  bytesOfId,
  organisationNumber,
  type Connection,
  type OrganisationNumber,
  type Row,
} from "../connection.ts";
import type { Read } from "../operation.ts";
import { numberIn } from "../rows.ts";
import type { Quotas, Usage } from "../values.ts";
import { lockAccount } from "./accounts.ts";

/** Rows are always locked in this order, so that no two transactions wait for each other: logs, accounts, organisation. */
export const lockOrganisation = async (connection: Connection, organisation: OrganisationNumber): Promise<Row> => {
  const row = await askOne(
    connection,
    `SELECT * FROM organisations WHERE organisation = $1${connection.forUpdate}`,
    organisation,
  );
  assert(row !== undefined, "A member's organisation is not here.");
  return row;
};

/**
 * What may still be used when contents have used all: who reads must be changed, a leaver sent away and a body erased at the
 * quota as well. An account has its own part of it, so that nobody uses up the others'.
 */
export const withReserve = ({ account, organisation }: Quotas): Quotas => ({
  account: reserved(account),
  organisation: reserved(organisation),
});

const reservedPart = 8;
const reserved = ({ logs, entries, bytes }: Usage): Usage => ({
  logs,
  entries: entries + entries / reservedPart,
  bytes: bytes + bytes / reservedPart,
});

/** What was erased makes room for others of the organisation. */
export const giveBack = async (
  connection: Connection,
  organisation: OrganisationNumber,
  bytes: number,
): Promise<void> => {
  if (bytes === 0) return;
  await connection.ask("UPDATE organisations SET bytes = bytes - $2 WHERE organisation = $1", organisation, bytes);
};

/** What is used so far, in memory while an order is decided; `charge` writes it down. */
export type Budget = {
  readonly take: (account: AccountId, wanted: Usage, quotas: Quotas) => boolean;
  readonly charge: () => Promise<void>;
  /** Of the organisation, with what was taken: the number of its newest log. */
  readonly logsBegun: () => number;
};

export const lockBudget = async (
  connection: Connection,
  organisation: OrganisationNumber,
  accounts: readonly AccountId[],
): Promise<Budget> => {
  const used = new Map<AccountId, Usage>();
  const added = new Map<AccountId, Usage>();
  for (const account of [...new Set(accounts)].sort()) {
    const row = await lockAccount(connection, organisation, bytesOfId(account));
    if (row !== undefined) used.set(account, usageIn(row));
  }
  let total = usageIn(await lockOrganisation(connection, organisation));

  return {
    logsBegun: () => total.logs,
    take: (account, wanted, quotas) => {
      const own = used.get(account);
      if (own === undefined) return false;
      if (!hasRoom(own, wanted, quotas.account) || !hasRoom(total, wanted, quotas.organisation)) return false;
      used.set(account, plus(own, wanted));
      added.set(account, plus(added.get(account) ?? nothing, wanted));
      total = plus(total, wanted);
      return true;
    },
    charge: async () => {
      for (const [account, more] of added) {
        await connection.ask(
          `UPDATE accounts SET logs_begun = logs_begun + $3, entries = entries + $4, bytes = bytes + $5
           WHERE organisation = $1 AND account_id = $2`,
          organisation,
          bytesOfId(account),
          more.logs,
          more.entries,
          more.bytes,
        );
      }
      await connection.ask(
        "UPDATE organisations SET logs_begun = $2, entries = $3, bytes = $4 WHERE organisation = $1",
        organisation,
        total.logs,
        total.entries,
        total.bytes,
      );
    },
  };
};

export const usageOf: Read<"usageOf"> = async (connection, { by }) => {
  const row = await askOne(
    connection,
    "SELECT logs_begun, entries, bytes FROM accounts WHERE organisation = $1 AND account_id = $2",
    organisationNumber(by.organisation),
    bytesOfId(by.account),
  );
  return row === undefined ? nothing : usageIn(row);
};

const nothing: Usage = { logs: 0, entries: 0, bytes: 0 };
const usageIn = (row: Row): Usage => ({
  logs: numberIn(row, "logs_begun"),
  entries: numberIn(row, "entries"),
  bytes: numberIn(row, "bytes"),
});
const plus = (one: Usage, other: Usage): Usage => ({
  logs: one.logs + other.logs,
  entries: one.entries + other.entries,
  bytes: one.bytes + other.bytes,
});

/** Work goes on in the logs that are there where an operator has since allowed fewer of them. */
const hasRoom = (used: Usage, wanted: Usage, most: Usage): boolean =>
  (wanted.logs === 0 || used.logs + wanted.logs <= most.logs) &&
  used.entries + wanted.entries <= most.entries &&
  used.bytes + wanted.bytes <= most.bytes;
