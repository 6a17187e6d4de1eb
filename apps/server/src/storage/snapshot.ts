/**
 * All rows of the store in a form that either store can read and take back: for backups, and to move from one store
 * to the other. Wraps come last and by themselves, so that a backup can keep them apart and let them end sooner.
 *
 * What must stay true: nobody who was signed out is signed in by it, so it holds no sign-in at all.
 */

import { assert } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import type { Connection, Row } from "./connection.ts";
import type { Write } from "./operation.ts";
import type { Cell, TablePage } from "./values.ts";

export type Table = {
  readonly name: string;
  readonly columns: readonly string[];
  /** How many of the first columns are the key that rows are read by. */
  readonly keyed: number;
  /** Which rows a snapshot leaves out: what must not come back with a backup. */
  readonly left?: string;
};

/** Sign-ins, with what follows from them, and codes end with the store; a server's secrets are made anew. */
const everything = "1 = 1";
const tokensAndChallenges = "kind >= 3";

/** In the order in which rows are put back. */
export const tables: readonly Table[] = [
  { name: "places", keyed: 2, columns: ["kind", "id", "organisation"], left: tokensAndChallenges },
  { name: "set_up_codes", keyed: 1, columns: ["code_hash", "expires_at"], left: everything },
  { name: "server_secrets", keyed: 1, columns: ["name", "secret"], left: everything },
  {
    name: "organisations",
    keyed: 1,
    columns: ["organisation", "logs_begun", "wraps_begun", "wraps", "entries", "bytes"],
  },
  {
    name: "accounts",
    keyed: 2,
    columns: [
      "organisation",
      "account_id",
      "receiving_key",
      "login_public",
      "is_keeper",
      "left_at",
      "logs_begun",
      "entries",
      "bytes",
    ],
  },
  { name: "vaults", keyed: 2, columns: ["organisation", "account_id", "generation", "vault"] },
  {
    name: "sign_ins",
    keyed: 3,
    columns: ["organisation", "account_id", "device_id", "token_hash", "signed_in_at", "last_seen_at", "expires_at"],
    left: everything,
  },
  {
    name: "invitations",
    keyed: 2,
    columns: ["organisation", "invitation_id", "opened_by", "expires_at", "answer"],
  },
  { name: "team_people", keyed: 3, columns: ["organisation", "person_key", "team_key"] },
  {
    name: "logs",
    keyed: 2,
    columns: ["organisation", "log", "log_id", "kind", "entry_count", "digest", "tip", "shredded_at"],
  },
  { name: "served", keyed: 3, columns: ["organisation", "reader_key", "log"] },
  {
    name: "entries",
    keyed: 3,
    columns: ["organisation", "log", "place", "hash", "digest", "is_control", "bytes"],
  },
  { name: "control_senders", keyed: 3, columns: ["organisation", "log", "hash", "sent_by"] },
  { name: "log_shares", keyed: 3, columns: ["organisation", "log", "account_id", "entries"] },
  {
    name: "ledger",
    keyed: 3,
    columns: ["organisation", "log_id", "entry_hash", "proposal", "confirmation", "written_at"],
  },
  {
    name: "recoveries",
    keyed: 2,
    columns: [
      "organisation",
      "recovery_id",
      "recovery_key",
      "asked_by",
      "asked_by_key",
      "requested_at",
      "opens_at",
      "state",
    ],
  },
  {
    name: "wake_ups",
    keyed: 3,
    columns: ["organisation", "account_id", "device_id", "endpoint", "public_key", "authentication"],
    left: everything,
  },
  { name: "ended_keys", keyed: 2, columns: ["organisation", "receiving_key", "ended_at"] },
  {
    name: "wraps",
    keyed: 2,
    columns: ["organisation", "wrap", "log", "recipient", "sent_by", "wrap_hash", "bytes"],
  },
];

/** Keys of cases lie in these; their backups end after 14 days. */
export const wrapTables: readonly string[] = ["wraps"];

/** A page never holds more than this many entries of the largest size. */
const rowsPerPage = 256;

/** What is kept of a snapshot between two pages. */
export type SnapshotPlace = { readonly table: number; readonly after: readonly Cell[] | undefined };

export const firstPlace: SnapshotPlace = { table: 0, after: undefined };

/** The page at a place and where the next one begins; undefined after the last. */
export const readPage = async (
  connection: Connection,
  place: SnapshotPlace,
): Promise<{ readonly page: TablePage; readonly next: SnapshotPlace } | undefined> => {
  const table = tables[place.table];
  if (table === undefined) return undefined;
  const rows = await connection.ask(statementFor(table, place.after !== undefined), ...(place.after ?? []));
  const cells = rows.map((row) => table.columns.map((column) => cellOf(row, column)));
  const last = rows.length === rowsPerPage ? cells.at(-1) : undefined;
  return {
    page: { table: table.name, columns: table.columns, rows: cells },
    next:
      last === undefined
        ? { table: place.table + 1, after: undefined }
        : { table: place.table, after: last.slice(0, table.keyed) },
  };
};

export const restorePage: Write<"restorePage"> = async (connection, { page }) => {
  const table = tables.find(({ name }) => name === page.table);
  assert(table?.columns.join() === page.columns.join(), "A page is of another schema than this store.");
  const places = table.columns.map((_, index) => `$${index + 1}`).join(", ");
  for (const row of page.rows) {
    await connection.ask(`INSERT INTO ${table.name} (${table.columns.join(", ")}) VALUES (${places})`, ...row);
  }
};

const statementFor = ({ name, columns, keyed, left }: Table, goesOn: boolean): string => {
  const key = columns.slice(0, keyed).join(", ");
  const places = Array.from({ length: keyed }, (_, index) => `$${index + 1}`).join(", ");
  const conditions = [...(left === undefined ? [] : [`NOT (${left})`]), ...(goesOn ? [`(${key}) > (${places})`] : [])];
  const condition = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  return `SELECT ${columns.join(", ")} FROM ${name}${condition} ORDER BY ${key} LIMIT ${rowsPerPage}`;
};

const cellOf = (row: Row, column: string): Cell => {
  const value = row[column];
  // Both drivers give bytes of their own, never a view over shared memory.
  if (value instanceof Uint8Array) return value as Bytes;
  assert(
    value === null || typeof value === "number" || typeof value === "string",
    "A row of the store has another shape than its table.",
  );
  return value;
};
