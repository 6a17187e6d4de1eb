/**
 * Control entries: compare and swap of a log's one line, in one transaction with the wraps of the new key, the list of
 * who is served, and what changes in the organisation. Nothing of it is ever there without the rest.
 */

import { err, ok, type Instant } from "@amana/kernel";
import { entriesPerLogMax, type Bytes, type EntryHash, type KeyId, type LogKind } from "@amana/log";
import type { NewAccount, OrganisationChange } from "@amana/sync";
import {
  askOne,
  bytesOfId,
  listOf,
  organisationIdOf,
  organisationNumber,
  type Connection,
  type LogPlace,
  type OrganisationNumber,
} from "../connection.ts";
import type { Write } from "../operation.ts";
import { accountIdIn, bytesIn, hashIn, logKindNumbers, numberIn } from "../rows.ts";
import type { Storage } from "../storage.ts";
import type { Member, NewControl, Usage } from "../values.ts";
import { addAccount, endSignInsOf } from "./accounts.ts";
import {
  controlEntriesReserved,
  isOfOrganisation,
  linksOf,
  organisationHeadsAmong,
  rowAfter,
} from "./append-entries.ts";
import { logsAmong, noteSender, writeBegun } from "./begun-logs.ts";
import { lockBudget, withReserve } from "./budget.ts";
import { isShreddedByLedger } from "./erasure.ts";
import { leavePlaces } from "./places.ts";
import { changeServing, isServed, serveWhatNobodyIs } from "./serving.ts";
import { controlShareIsUsed } from "./shares.ts";
import { addWrapRows, bytesOfWraps } from "./wraps.ts";

export type ControlOrder = Parameters<Storage["appendControl"]>[0];
type Refusal = Exclude<Appended, { readonly ok: true }>["error"];

export const appendControl: Write<"appendControl"> = async (connection, order) => {
  const log = await servedLogOf(connection, order);
  if (log !== undefined) return continueLine(connection, order, log);
  const begun = await beginCase(connection, order);
  if (begun !== "AlreadyThere") return begun;
  // Another device began it meanwhile, or it is not served.
  const there = await servedLogOf(connection, order);
  return there === undefined ? err({ type: "NotServed" }) : continueLine(connection, order, there);
};

type Appended = Awaited<ReturnType<Storage["appendControl"]>>;

const servedLogOf = async (connection: Connection, { by, control }: ControlOrder): Promise<LogPlace | undefined> => {
  const asked = [{ account: by.account, logId: control.logId }];
  return (await connection.entries.lockServed(organisationNumber(by.organisation), asked))[0];
};

const continueLine = async (connection: Connection, order: ControlOrder, log: LogPlace): Promise<Appended> => {
  const { by, control } = order;
  const organisation = organisationNumber(by.organisation);
  const tip = tipOf(log);
  const [known] = await connection.entries.kindsOf(organisation, [{ log: log.log, hash: control.entry.hash }]);
  if (known === "control") return ok({ tip, again: true });
  const isRevived = log.isShredded && control.wraps.length > 0;
  if (isRevived || log.kind !== logKindNumbers[control.kind]) return err({ type: "NotServed" });
  if (control.after !== tip) return err({ type: "ControlTipMoved", tip });
  const isForKeepers = log.end >= entriesOfAllMax[control.kind];
  if (isForKeepers && !(await isKeeper(connection, by))) return err({ type: "LogFull" });
  if (await controlShareIsUsed(connection, by, log, control.kind)) return err({ type: "LogFull" });
  const refusal = await refusalOf(connection, organisation, log, control);
  if (refusal !== undefined) return err(refusal);
  const leavers = await accountsBehind(connection, organisation, order.organisation?.leavers ?? []);
  const keepers = await keepersChanging(connection, organisation, order.organisation?.keepers);
  const budget = await lockBudget(connection, organisation, [by.account, ...leavers, ...keepers]);
  if (!(await mayChange(connection, order))) return err({ type: "NotKeeper" });
  const room = roomOf(control, order.organisation);
  if (!budget.take(by.account, room, withReserve(order.quotas))) return err({ type: "QuotaReached" });
  await appendTo(connection, by, log, control);
  if (control.serving !== undefined) {
    const standing = { isKeeper: await isKeeper(connection, by) };
    const isOnIt = await changeServing(connection, by, log.log, control.serving, standing);
    if (!isOnIt && !leavers.includes(by.account)) return err({ type: "NotKeeper" });
  }
  await budget.charge();
  if (order.organisation !== undefined) {
    const isKept = await changeOrganisation(connection, by, order.organisation, leavers, order.now);
    if (!isKept) return err({ type: "NotKeeper" });
  }
  return ok({ tip: control.entry.hash, again: false });
};

export const foundOrganisation: Write<"foundOrganisation"> = async (connection, order) => {
  const { codeHash, account, control, quotas, now } = order;
  const codes = await connection.ask(
    "DELETE FROM set_up_codes WHERE code_hash = $1 AND expires_at > $2 RETURNING expires_at",
    codeHash,
    now,
  );
  if (codes.length === 0) return err({ type: "SetUpCodeSpent" });
  const organisation = await makeOrganisation(connection);
  const by = { organisation: organisationIdOf(organisation), ...account } satisfies Member & NewAccount;
  if (!(await addAccount(connection, organisation, account, true))) return err({ type: "AccountTaken" });
  const budget = await lockBudget(connection, organisation, [account.account]);
  if (!budget.take(by.account, roomOf(control), quotas)) return err({ type: "QuotaReached" });
  await writeBegun(connection, by, [{ control, log: budget.logsBegun() }]);
  await budget.charge();
  return ok(undefined);
};

export const addSetUpCode: Write<"addSetUpCode"> = async (connection, { codeHash, expiresAt }) => {
  await connection.ask(
    "INSERT INTO set_up_codes (code_hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    codeHash,
    expiresAt,
  );
};

/** A log that is not there and one that is not served are the same here, but for who may begin it. */
const beginCase = async (
  connection: Connection,
  { by, control, quotas, organisation: change }: ControlOrder,
): Promise<Appended | "AlreadyThere"> => {
  const organisation = organisationNumber(by.organisation);
  if (control.kind !== "case" || control.after !== undefined) return err({ type: "NotServed" });
  if (control.serving === undefined || control.entry.control !== undefined) return err({ type: "NotServed" });
  if (change !== undefined) return err({ type: "NotKeeper" });
  // A server that was put back to before the case was opened: what two people destroyed is not begun again.
  if (await isShreddedByLedger(connection, organisation, control.logId)) return err({ type: "NotServed" });
  if (!(await namesOrganisation(connection, organisation, control.entry))) return err({ type: "LinkMissing" });
  const budget = await lockBudget(connection, organisation, [by.account]);
  if ((await logsAmong(connection, organisation, [control.logId])).size > 0) return "AlreadyThere";
  if (!budget.take(by.account, roomOf(control), quotas)) return err({ type: "QuotaReached" });
  const log = budget.logsBegun();
  await writeBegun(connection, by, [{ control, log }]);
  if (!(await isServed(connection, by, log))) return err({ type: "NotServed" });
  await budget.charge();
  return ok({ tip: control.entry.hash, again: false });
};

/** Of each kind of log; what is beyond is kept for keepers. Together others could fill it, and then nobody could send them away. */
export const entriesOfAllMax = {
  organisation: 50_000,
  case: entriesPerLogMax - controlEntriesReserved / 2,
} as const satisfies Record<LogKind, number>;

const refusalOf = async (
  connection: Connection,
  organisation: OrganisationNumber,
  log: LogPlace,
  { after, entry }: NewControl,
): Promise<Refusal | undefined> => {
  const links = linksOf(entry);
  const kinds = await connection.entries.kindsOf(
    organisation,
    links.map((hash) => ({ log: log.log, hash })),
  );
  if (entry.control !== after || kinds.includes(undefined)) return { type: "LinkMissing" };
  if (!(await namesOrganisation(connection, organisation, entry))) return { type: "LinkMissing" };
  return log.end >= entriesPerLogMax ? { type: "LogFull" } : undefined;
};

const namesOrganisation = async (
  connection: Connection,
  organisation: OrganisationNumber,
  entry: NewControl["entry"],
): Promise<boolean> => isOfOrganisation(entry, await organisationHeadsAmong(connection, organisation, [entry]));

/** Who is served the organisation log, and what else changes in the organisation, only a keeper says. */
const mayChange = async (connection: Connection, { by, control, organisation }: ControlOrder): Promise<boolean> => {
  const isOfOrganisation = control.kind === "organisation";
  if (organisation !== undefined && !isOfOrganisation) return false;
  if (organisation === undefined && !(isOfOrganisation && control.serving !== undefined)) return true;
  return isKeeper(connection, by);
};

const isKeeper = async (connection: Connection, by: Member): Promise<boolean> => {
  const keeper = await askOne(
    connection,
    "SELECT is_keeper FROM accounts WHERE organisation = $1 AND account_id = $2 AND left_at IS NULL",
    organisationNumber(by.organisation),
    bytesOfId(by.account),
  );
  return keeper !== undefined && numberIn(keeper, "is_keeper") === 1;
};

const bytesPerKeyListed = 32;

/** What is stored of a control entry: also the lists that come with it, which nothing else bounds, and the log that it begins. */
export const roomOf = ({ after, entry, wraps, serving }: NewControl, change?: OrganisationChange): Usage => {
  const people = change?.teams.reduce((sum, team) => sum + team.people.length, 0) ?? 0;
  const listed = (serving?.keys.length ?? 0) + people;
  const bytes = entry.bytes.length + bytesOfWraps(wraps) + listed * bytesPerKeyListed;
  return { logs: after === undefined ? 1 : 0, entries: 1, bytes };
};

const tipOf = (log: LogPlace): EntryHash => hashIn({ tip: log.tip }, "tip");

const appendTo = async (
  connection: Connection,
  by: Member,
  log: LogPlace,
  { logId, entry, wraps }: NewControl,
): Promise<void> => {
  const organisation = organisationNumber(by.organisation);
  const row = rowAfter(log, entry, "control");
  await connection.entries.insert(organisation, [row]);
  await connection.ask(
    "UPDATE logs SET entry_count = $3, digest = $4, tip = $5 WHERE organisation = $1 AND log = $2",
    organisation,
    log.log,
    row.place,
    row.digest,
    row.hash,
  );
  await noteSender(connection, by, row);
  await addWrapRows(connection, organisation, { log: log.log, sender: by.account }, wraps);
  connection.tell({ kind: "log", organisation: by.organisation, logId });
};

/** The id is random, so that it says nothing; one that is taken is thrown again. */
const makeOrganisation = async (connection: Connection): Promise<OrganisationNumber> => {
  for (let attempt = 0; attempt < organisationAttemptsMax; attempt++) {
    const organisation = numberOf(connection.randomness(6));
    const made = await connection.ask(
      `INSERT INTO organisations (organisation, logs_begun, wraps_begun, wraps, entries, bytes)
       VALUES ($1, 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING RETURNING organisation`,
      organisation,
    );
    if (made.length === 1) return organisation;
  }
  throw new Error("Randomness gave the same organisation again and again.");
};

const organisationAttemptsMax = 8;
const numberOf = (bytes: Bytes): number => bytes.reduce((number, byte) => number * 256 + byte, 0);

const accountsBehind = async (
  connection: Connection,
  organisation: OrganisationNumber,
  keys: readonly KeyId[],
): Promise<readonly string[]> => {
  if (keys.length === 0) return [];
  const rows = await connection.ask(
    `SELECT account_id FROM accounts WHERE organisation = $1 AND left_at IS NULL
       AND ${connection.isIn("receiving_key", "$2")}`,
    organisation,
    listOf(keys.map(bytesOfId)),
  );
  return rows.map((row) => accountIdIn(row));
};

/** False when nobody would be left who may change it again. */
const changeOrganisation = async (
  connection: Connection,
  by: Member,
  change: OrganisationChange,
  leavers: readonly string[],
  now: Instant,
): Promise<boolean> => {
  const organisation = organisationNumber(by.organisation);
  for (const { team, people } of change.teams) await replaceTeam(connection, organisation, team, people);
  if (change.keepers !== undefined) await replaceKeepers(connection, organisation, change.keepers);
  for (const leaver of leavers) await sendAway(connection, by, leaver, now);
  for (const key of change.leavers) await serveWhatNobodyIs(connection, organisation, bytesOfId(key));
  const keeper = await askOne(
    connection,
    "SELECT is_keeper FROM accounts WHERE organisation = $1 AND is_keeper = 1 AND left_at IS NULL LIMIT 1",
    organisation,
  );
  connection.tell({ kind: "organisation", organisation: by.organisation });
  return keeper !== undefined;
};

const replaceTeam = async (
  connection: Connection,
  organisation: OrganisationNumber,
  team: KeyId,
  people: readonly KeyId[],
): Promise<void> => {
  const teamKey = bytesOfId(team);
  await connection.ask("DELETE FROM team_people WHERE organisation = $1 AND team_key = $2", organisation, teamKey);
  await connection.ask(
    `INSERT INTO team_people (organisation, team_key, person_key)
     SELECT $1, $2, item FROM ${connection.items("$3")}`,
    organisation,
    teamKey,
    listOf([...new Set(people)].map(bytesOfId)),
  );
};

const replaceKeepers = async (
  connection: Connection,
  organisation: OrganisationNumber,
  keepers: readonly KeyId[],
): Promise<void> => {
  await connection.ask(
    `UPDATE accounts SET is_keeper = 1 - is_keeper WHERE ${isKeeperChanging(connection)}`,
    organisation,
    listOf(keepers.map(bytesOfId)),
  );
};

/** Whose rows `replaceKeepers` writes, and nobody else's: they are locked before the organisation is (`budget.ts`). */
const keepersChanging = async (
  connection: Connection,
  organisation: OrganisationNumber,
  keepers: readonly KeyId[] | undefined,
): Promise<readonly string[]> => {
  if (keepers === undefined) return [];
  const rows = await connection.ask(
    `SELECT account_id FROM accounts WHERE ${isKeeperChanging(connection)}`,
    organisation,
    listOf(keepers.map(bytesOfId)),
  );
  return rows.map((row) => accountIdIn(row));
};

const isKeeperChanging = (connection: Connection): string =>
  `organisation = $1 AND is_keeper <> CASE WHEN ${connection.isIn("receiving_key", "$2")} THEN 1 ELSE 0 END`;

/** Signed out everywhere at once, served nothing, and the places they opened are closed. */
const sendAway = async (connection: Connection, by: Member, account: string, now: Instant): Promise<void> => {
  const organisation = organisationNumber(by.organisation);
  const id = bytesOfId(account);
  await connection.ask(
    "UPDATE accounts SET left_at = $3, is_keeper = 0 WHERE organisation = $1 AND account_id = $2",
    organisation,
    id,
    now,
  );
  await endSignInsOf(connection, { organisation: by.organisation, account }, "every");
  const closed = await connection.ask(
    "DELETE FROM invitations WHERE organisation = $1 AND opened_by = $2 RETURNING invitation_id",
    organisation,
    id,
  );
  await leavePlaces(
    connection,
    "invitation",
    closed.map((row) => bytesIn(row, "invitation_id")),
  );
};
