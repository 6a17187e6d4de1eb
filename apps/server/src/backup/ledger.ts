/**
 * The ledger as a part of a backup: what was erased, whose wraps were destroyed, who has left, and the newest passwords. What a
 * restore must never undo is here; so every ledger is replayed whichever backup comes back, and it may be taken more often.
 *
 * What must stay true: a ledger says all that the ones before it said, and to carry out a row of it once more changes nothing.
 */

import { isInstant } from "@amana/kernel";
import { entryHashOf, fromHex, keyIdOf, logIdOf, type Bytes } from "@amana/log";
import { accountIdBytes, vaultBytesMax } from "@amana/sync";
import { publicKeyBytes } from "../sign-in/ed25519.ts";
import { organisationDigits } from "../storage/connection.ts";
import type {
  Cell,
  ChangedPassword,
  EndedKey,
  Leaver,
  LedgerRow,
  OrganisationId,
  Storage,
  TablePage,
} from "../storage/storage.ts";

const rowsPerPage = 256;

/** How one table of the ledger is written and read again. */
type LedgerTable<T> = {
  readonly name: string;
  readonly columns: readonly string[];
  /** How many of the first columns say what was destroyed; undefined where its rows say something else. */
  readonly destroyed: number | undefined;
  /** Whether its rows let somebody in: those of a time that was restored over must not. What the others say only closes. */
  readonly isLettingIn: boolean;
  readonly rowsAfter: (storage: Storage, after: T | undefined) => Promise<readonly T[]>;
  readonly cellsOf: (row: T) => readonly Cell[];
  /** Nothing where it is no row of this table. */
  readonly rowOf: (cells: readonly Cell[]) => T | undefined;
  readonly replay: (storage: Storage, rows: readonly T[]) => Promise<void>;
};

export const ledgerColumns: readonly string[] = ["organisation", "log", "entry", "proposal", "confirmation", "at"];

const erasures: LedgerTable<LedgerRow> = {
  name: "ledger",
  columns: ledgerColumns,
  destroyed: 3,
  isLettingIn: false,
  rowsAfter: (storage, after) => storage.ledgerAfter({ after, rowsMax: rowsPerPage }),
  cellsOf: ({ organisation, logId, entry, proposal, confirmation, at }) => [
    organisation,
    logId,
    entry ?? null,
    proposal,
    confirmation,
    at,
  ],
  rowOf: ([organisationCell, log, entry, proposal, confirmation, at]) => {
    const organisation = organisationIn(organisationCell);
    const logId = idIn(log, logIdOf);
    const [erased, proposed, confirmed] = [entry, proposal, confirmation].map((cell) => idIn(cell, entryHashOf));
    if (organisation === undefined || logId === undefined || !isInstant(at)) return undefined;
    if (proposed === undefined || confirmed === undefined || (entry !== null && erased === undefined)) return undefined;
    return { organisation, logId, entry: erased, proposal: proposed, confirmation: confirmed, at };
  },
  replay: (storage, rows) => storage.replayLedger({ rows }),
};

const endedKeys: LedgerTable<EndedKey> = {
  name: "ended_keys",
  columns: ["organisation", "key", "at"],
  destroyed: 2,
  isLettingIn: false,
  rowsAfter: (storage, after) => storage.endedKeysAfter({ after, rowsMax: rowsPerPage }),
  cellsOf: ({ organisation, receivingKey, at }) => [organisation, receivingKey, at],
  rowOf: ([organisationCell, key, at]) => {
    const organisation = organisationIn(organisationCell);
    const receivingKey = idIn(key, keyIdOf);
    if (organisation === undefined || receivingKey === undefined || !isInstant(at)) return undefined;
    return { organisation, receivingKey, at };
  },
  replay: (storage, rows) => storage.replayEndedKeys({ rows }),
};

const leavers: LedgerTable<Leaver> = {
  name: "leavers",
  columns: ["organisation", "account", "at"],
  destroyed: undefined,
  isLettingIn: false,
  rowsAfter: (storage, after) => storage.leaversAfter({ after, rowsMax: rowsPerPage }),
  cellsOf: ({ organisation, account, at }) => [organisation, account, at],
  rowOf: ([organisationCell, accountCell, at]) => {
    const organisation = organisationIn(organisationCell);
    const account = accountIn(accountCell);
    if (organisation === undefined || account === undefined || !isInstant(at)) return undefined;
    return { organisation, account, at };
  },
  replay: (storage, rows) => storage.replayLeavers({ rows }),
};

const passwords: LedgerTable<ChangedPassword> = {
  name: "passwords",
  columns: ["organisation", "account", "login_public", "generation", "vault"],
  destroyed: undefined,
  isLettingIn: true,
  rowsAfter: (storage, after) => storage.changedPasswordsAfter({ after, rowsMax: rowsPerPage }),
  cellsOf: ({ organisation, account, loginPublic, generation, vault }) => [
    organisation,
    account,
    loginPublic,
    generation,
    vault,
  ],
  rowOf: ([organisationCell, accountCell, loginPublic, generation, vault]) => {
    const organisation = organisationIn(organisationCell);
    const account = accountIn(accountCell);
    if (organisation === undefined || account === undefined || !isBytes(loginPublic) || !isBytes(vault))
      return undefined;
    if (loginPublic.length !== publicKeyBytes || vault.length > vaultBytesMax) return undefined;
    if (typeof generation !== "number" || !Number.isSafeInteger(generation)) return undefined;
    return { organisation, account, loginPublic, generation, vault };
  },
  replay: (storage, rows) => storage.replayPasswords({ rows }),
};

/** The ledger as it is now, which may already say more than a snapshot taken before: the more it says the better. */
export const ledgerPages = async function* (storage: Storage): AsyncGenerator<TablePage> {
  yield* pagesOf(erasures, storage);
  yield* pagesOf(endedKeys, storage);
  yield* pagesOf(leavers, storage);
  yield* pagesOf(passwords, storage);
};

const pagesOf = async function* <T>(table: LedgerTable<T>, storage: Storage): AsyncGenerator<TablePage> {
  for (let after: T | undefined, goesOn = true; goesOn;) {
    const rows: readonly T[] = await table.rowsAfter(storage, after);
    if (rows.length > 0) yield { table: table.name, columns: table.columns, rows: rows.map(table.cellsOf) };
    after = rows.at(-1);
    goesOn = rows.length === rowsPerPage;
  }
};

/** What a page of the ledger says, and how it is carried out again; nothing where a row of it is none. */
export const ledgerPageIn = (page: TablePage): LedgerPage | undefined =>
  readPage(erasures, page) ?? readPage(endedKeys, page) ?? readPage(leavers, page) ?? readPage(passwords, page);

export type LedgerPage = {
  /** What its rows say was destroyed: the same name for the same thing, whichever ledger says it. */
  readonly destroyed: readonly string[];
  readonly isLettingIn: boolean;
  readonly replay: (storage: Storage) => Promise<void>;
};

const readPage = <T>(table: LedgerTable<T>, { table: name, rows: cells }: TablePage): LedgerPage | undefined => {
  if (name !== table.name) return undefined;
  const rows = cells.map(table.rowOf).filter((row) => row !== undefined);
  if (rows.length !== cells.length) return undefined;
  const names =
    table.destroyed === undefined ? [] : cells.map((row) => [name, ...row.slice(0, table.destroyed)].join());
  return { destroyed: names, isLettingIn: table.isLettingIn, replay: (storage) => table.replay(storage, rows) };
};

// ── Cells ──────────────────────────────────────────────────────────────────────────────────────────────────────

const isBytes = (cell: Cell | undefined): cell is Bytes => cell instanceof Uint8Array;

const organisationIn = (cell: Cell | undefined): OrganisationId | undefined =>
  typeof cell === "string" && cell.length === organisationDigits && fromHex(cell) !== undefined
    ? (cell as OrganisationId) // Of the form of one: whoever has the public key can seal a file with anything in it.
    : undefined;

const accountIn = (cell: Cell | undefined): Leaver["account"] | undefined =>
  typeof cell === "string" && fromHex(cell)?.length === accountIdBytes ? cell : undefined;

const idIn = <Id>(cell: Cell | undefined, idOf: (bytes: Bytes) => Id | undefined): Id | undefined => {
  const bytes = typeof cell === "string" ? fromHex(cell) : undefined;
  return bytes === undefined ? undefined : idOf(bytes);
};
