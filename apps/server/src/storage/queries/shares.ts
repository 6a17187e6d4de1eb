/**
 * How much of one log one account may write, so that nobody fills a case alone: what is full takes nothing more from anybody.
 *
 * Content is counted by account once a log is long, far longer than a case of years; below that nothing is counted and nothing
 * written for it. The counts change under the lock of their log's row.
 */

import type { LogKind } from "@amana/log";
import type { AccountId } from "@amana/sync";
import {
  askOne,
  bytesOfId,
  organisationNumber,
  type Connection,
  type LogPlace,
  type OrganisationNumber,
} from "../connection.ts";
import { accountIdIn, numberIn } from "../rows.ts";
import type { Member } from "../values.ts";

/** From this length on it is counted who sent how much. */
export const sharedFrom = 10_000;
/** Of one account from then on: five accounts, and not one, can fill a log. */
export const contentEntriesPerAccountMax = 20_000;
/** Of one account, whatever the length: fewer than are kept for control entries. */
export const controlEntriesPerAccountMax = {
  organisation: 10_000,
  case: 400,
} as const satisfies Record<LogKind, number>;

/** What each account sent to a log since it is long; empty where it is not. */
export type Shares = Map<AccountId, number>;

export const sharesOf = async (
  connection: Connection,
  organisation: OrganisationNumber,
  { log, end }: Pick<LogPlace, "log" | "end">,
): Promise<Shares> => {
  if (end < sharedFrom) return new Map();
  const rows = await connection.ask(
    "SELECT account_id, entries FROM log_shares WHERE organisation = $1 AND log = $2",
    organisation,
    log,
  );
  return new Map(rows.map((row) => [accountIdIn(row), numberIn(row, "entries")]));
};

export const isShareUsed = (shares: Shares, account: AccountId): boolean =>
  (shares.get(account) ?? 0) >= contentEntriesPerAccountMax;

/** One more of this account, which came behind `end` others. */
export const countShare = (shares: Shares, end: number, account: AccountId): void => {
  if (end >= sharedFrom) shares.set(account, (shares.get(account) ?? 0) + 1);
};

export const writeShares = async (
  connection: Connection,
  organisation: OrganisationNumber,
  log: number,
  shares: Shares,
): Promise<void> => {
  for (const [account, entries] of shares) {
    await connection.ask(
      `INSERT INTO log_shares (organisation, log, account_id, entries) VALUES ($1, $2, $3, $4)
       ON CONFLICT (organisation, log, account_id) DO UPDATE SET entries = excluded.entries`,
      organisation,
      log,
      bytesOfId(account),
      entries,
    );
  }
};

/** Whether this account has appended as many control entries as one may. A log that is shorter has no need to be asked. */
export const controlShareIsUsed = async (
  connection: Connection,
  by: Member,
  { log, end }: Pick<LogPlace, "log" | "end">,
  kind: LogKind,
): Promise<boolean> => {
  const most = controlEntriesPerAccountMax[kind];
  if (end < most) return false;
  const row = await askOne(
    connection,
    "SELECT count(*) AS sent FROM control_senders WHERE organisation = $1 AND log = $2 AND sent_by = $3",
    organisationNumber(by.organisation),
    log,
    bytesOfId(by.account),
  );
  return row !== undefined && numberIn(row, "sent") >= most;
};
