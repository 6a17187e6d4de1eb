/** What storage is given and gives back. Ids are random, entries, wraps and vaults are sealed; nothing here is content. */

import type { Brand, Instant } from "@amana/kernel";
import type { Bytes, DeviceId, EntryHash, KeyId, LogId, LogKind } from "@amana/log";
import type { AccountId, Serving } from "@amana/sync";

/** Random, 6 bytes in lowercase hexadecimal, made by storage; it names nobody, and never leaves the server. */
export type OrganisationId = string & Brand<"OrganisationId">;

/** Who asks: an account that is signed in. */
export type Member = {
  readonly organisation: OrganisationId;
  readonly account: AccountId;
  readonly receivingKey: KeyId;
};

export type Account = Member & {
  readonly loginPublic: Bytes;
  readonly leftAt: Instant | undefined;
  readonly isKeeper: boolean;
};

export type SignIn = {
  readonly by: Member;
  readonly device: DeviceId;
  readonly isKeeper: boolean;
  readonly loginPublic: Bytes;
  readonly expiresAt: Instant;
  readonly lastSeenAt: Instant;
};

export type Device = { readonly device: DeviceId; readonly signedInAt: Instant; readonly lastSeenAt: Instant };

/** A sealed entry as it came, and what its header says. Whoever hands it over has parsed it with `parseEntry`. */
export type NewEntry = {
  readonly hash: EntryHash;
  /** Undefined only in the first entry of a log. */
  readonly control: EntryHash | undefined;
  readonly previous: EntryHash | undefined;
  readonly parents: readonly EntryHash[];
  /** An entry of the organisation's log; undefined exactly in that log. */
  readonly organisationHead: EntryHash | undefined;
  readonly bytes: Bytes;
  /** Among content entries: one that is only asked about, `known` or not. It is appended by `appendControl` alone. */
  readonly isControl?: boolean;
};

/** A wrap as it came, and the receiving key it names. */
export type NewWrap = { readonly recipient: KeyId; readonly bytes: Bytes };

export type NewControl = {
  readonly logId: LogId;
  readonly kind: LogKind;
  /** What the tip must be; undefined begins a log, and `serving` is then said. */
  readonly after: EntryHash | undefined;
  readonly entry: NewEntry;
  readonly wraps: readonly NewWrap[];
  readonly serving: Serving | undefined;
};

/** The first entry of a case. */
export type BegunControl = NewControl & {
  readonly kind: "case";
  readonly after: undefined;
  readonly serving: Serving;
};

export type StoredWrap = { readonly logId: LogId; readonly wrap: Bytes };

/** The most that may be begun and stored; an order that would go beyond stores nothing of what does not fit. */
export type Quotas = { readonly account: Usage; readonly organisation: Usage };

/** Logs that were begun, entries, and bytes of entries and wraps together. */
export type Usage = { readonly logs: number; readonly entries: number; readonly bytes: number };

/** One body that was erased, or one log that was shredded (`entry` is undefined). */
export type LedgerRow = {
  readonly organisation: OrganisationId;
  readonly logId: LogId;
  readonly entry: EntryHash | undefined;
  readonly proposal: EntryHash;
  readonly confirmation: EntryHash;
  readonly at: Instant;
};

/** A receiving key whose wraps were all destroyed: a recovery key whose sheets were used. */
export type EndedKey = {
  readonly organisation: OrganisationId;
  readonly receivingKey: KeyId;
  readonly at: Instant;
};

/** Somebody who has left; of whom nothing is let in again. */
export type Leaver = { readonly organisation: OrganisationId; readonly account: AccountId; readonly at: Instant };

/** What signs in since the newest change of a password, and the vault that it opens. */
export type ChangedPassword = {
  readonly organisation: OrganisationId;
  readonly account: AccountId;
  readonly loginPublic: Bytes;
  readonly generation: number;
  readonly vault: Bytes;
};

/** `restoring`: a restore began and did not end; no server opens such a store. */
export type StoreStanding = "empty" | "restoring" | "used";

export type WakeUp = {
  readonly organisation: OrganisationId;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly subscription: { readonly endpoint: string; readonly publicKey: Bytes; readonly authentication: Bytes };
};

/** What changed, in random ids alone. */
export type Change =
  /** Entries or wraps came, or who is served it changed. */
  | { readonly kind: "log"; readonly organisation: OrganisationId; readonly logId: LogId }
  /** Someone of the organisation was signed out or left, or a recovery was asked for or forbidden: look again. */
  | { readonly kind: "organisation"; readonly organisation: OrganisationId };

/** For metrics. Numbers alone, over the whole server. */
export type Counts = {
  readonly organisations: number;
  readonly accounts: number;
  readonly signIns: number;
  readonly logs: number;
  readonly entries: number;
  readonly bytes: number;
  readonly wraps: number;
  readonly erasures: number;
};

export type Cell = null | number | string | Bytes;

/** Some rows of one table. Wraps are in tables of their own (`wrapTables`), so that their backups can end sooner. */
export type TablePage = {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

export type Snapshot = {
  readonly schemaVersion: number;
  /** All rows but those of sign-ins, codes and secrets, table by table, in pages of bounded size. */
  pages(): AsyncIterable<TablePage>;
  close(): Promise<void>;
};
