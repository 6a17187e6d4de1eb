/**
 * What the queries are written over: one connection within one transaction, whichever store is behind it.
 *
 * The statements are one text for both stores. What each does best in its own way (many entries at once) is `EntryTables`.
 */

import { assert } from "@amana/kernel";
import { fromHex, type Bytes, type DeviceId, type EntryHash, type KeyId, type LogId } from "@amana/log";
import type { AccountId } from "@amana/sync";
import type { Cell, Change, OrganisationId } from "./values.ts";

/** A row as the driver gives it; read with the functions of `rows.ts`. */
export type Row = Readonly<Record<string, unknown>>;

export type Connection = {
  /** Parameters are `$1`, `$2`, … */
  ask(statement: string, ...cells: readonly Cell[]): Promise<readonly Row[]>;
  /** Follows a `SELECT` whose rows nobody else may change until the transaction ends. */
  readonly forUpdate: string;
  /** Comes before the name of a table whose rows all go, however many: where statements end after a time, within it. */
  readonly emptying: string;
  /** Whether a column is one of a parameter made by `listOf`. */
  isIn(column: string, parameter: string): string;
  /** A table of rows (item: bytes) out of a parameter made by `listOf`. */
  items(parameter: string): string;
  readonly entries: EntryTables;
  /** Told to whoever watches once the transaction is durable. */
  tell(change: Change): void;
  randomness(length: number): Bytes;
};

/** How an organisation's rows are marked: its random id as a number of 48 bits. */
export type OrganisationNumber = number;

export type LogPlace = {
  readonly log: number;
  readonly kind: number;
  readonly end: number;
  readonly digest: Bytes;
  readonly tip: Bytes;
  readonly isShredded: boolean;
};

export type EntryRow = {
  readonly log: number;
  readonly place: number;
  readonly hash: Bytes;
  readonly digest: Bytes;
  readonly isControl: boolean;
  readonly bytes: Bytes;
};

/** `want`: by its place among those that were asked for. */
export type EntryGiven = { readonly want: number; readonly bytes: Bytes; readonly isControl: boolean };

export type Asked = { readonly account: AccountId; readonly logId: LogId };

/** All within one organisation. */
export type EntryTables = {
  /** In the order asked; undefined where the account is not served the log. Locked until the transaction ends. */
  lockServed(organisation: OrganisationNumber, asked: readonly Asked[]): Promise<readonly (LogPlace | undefined)[]>;
  /** In the order asked; undefined where the log has no such entry. */
  kindsOf(
    organisation: OrganisationNumber,
    entries: readonly { readonly log: number; readonly hash: EntryHash }[],
  ): Promise<readonly ("content" | "control" | undefined)[]>;
  insert(organisation: OrganisationNumber, rows: readonly EntryRow[]): Promise<void>;
  /** Where logs end now. */
  advance(
    organisation: OrganisationNumber,
    logs: readonly { readonly log: number; readonly end: number; readonly digest: Bytes }[],
  ): Promise<void>;
  /** In the order asked; undefined where the account is not served the log. `here` is the digest at `after`, if it goes so far. */
  standings(
    organisation: OrganisationNumber,
    account: AccountId,
    wants: readonly { readonly logId: LogId; readonly after: number }[],
  ): Promise<readonly ({ readonly log: number; readonly end: number; readonly here: Bytes | undefined } | undefined)[]>;
  /** Entries of each want in turn, after `after` and up to `end`, until together they have `bytesMax`; one at least. */
  bytesAfter(
    organisation: OrganisationNumber,
    wants: readonly { readonly log: number; readonly after: number; readonly end: number }[],
    bytesMax: number,
  ): Promise<readonly EntryGiven[]>;
};

/** `ask` for statements that answer with one row or none. */
export const askOne = async (
  connection: Connection,
  statement: string,
  ...cells: readonly Cell[]
): Promise<Row | undefined> => (await connection.ask(statement, ...cells))[0];

/** The keys that an account reads with: its own and its teams'; none once its person left. Parameters: organisation, account. */
export const readerKeys = (organisation: string, account: string): string =>
  `SELECT a.receiving_key FROM accounts a
     WHERE a.organisation = ${organisation} AND a.account_id = ${account} AND a.left_at IS NULL
   UNION ALL
   SELECT t.team_key FROM accounts a
     JOIN team_people t ON t.organisation = a.organisation AND t.person_key = a.receiving_key
     WHERE a.organisation = ${organisation} AND a.account_id = ${account} AND a.left_at IS NULL`;

/** Of an organisation's id. */
export const organisationDigits = 12;

export const organisationNumber = (id: OrganisationId): OrganisationNumber => parseInt(id, 16);
export const organisationIdOf = (number: OrganisationNumber): OrganisationId =>
  number.toString(16).padStart(organisationDigits, "0") as OrganisationId; // The number was made of such an id.

/** For ids that are hexadecimal by their type. */
export const bytesOfId = (id: AccountId | DeviceId | EntryHash | KeyId | LogId): Bytes => {
  const bytes = fromHex(id);
  assert(bytes !== undefined, "An id holds something else than hexadecimal digits.");
  return bytes;
};

/** A parameter for `isIn` and `items`. */
export const listOf = (items: readonly Bytes[]): string =>
  JSON.stringify(items.map((item) => Buffer.from(item).toString("hex")));
