/**
 * Everything a device can ask of the server, by name: what is asked, what comes back. Format: docs/formats/wire.md.
 *
 * One table for both sides: the device's calls, the server's routes, the test of its doors. Nothing in it is content:
 * ids are random, entries, wraps and vaults are sealed.
 */

import type { Instant } from "@amana/kernel";
import type { Bytes, DeviceId, EntryHash, KeyId, LogId, LogKind } from "@amana/log";

/** Random, 16 bytes in hexadecimal; it names no person. */
export type AccountId = string;

/** A message that says only its name. */
export type Nothing = Readonly<Record<string, never>>;

/** What begins an account. The server is told no name, and keeps of the person only these. */
export type NewAccount = {
  readonly account: AccountId;
  readonly loginPublic: Bytes;
  /** The receiving key that entries and wraps name as this reader's. First come, never changed (a new key is a new account). */
  readonly receivingKey: KeyId;
  /** The account vault, generation 1. */
  readonly vault: Bytes;
};

/** Where a log stands: how many entries it has, and the digest over their hashes in this order. */
export type LogPosition = { readonly logId: LogId; readonly end: number; readonly digest: Bytes };

export type PushResult =
  /** Durable now, or it was already there. The only answers after which a device stops sending. */
  | "stored"
  | "known"
  /** Not an entry of this log by size, header or kind: it will never be taken. */
  | "malformed"
  /** What its header names as control entry, previous or parent is not here: send those first. */
  | "link-missing"
  | "log-full"
  /** Of the account or the organisation: try again when there is room. */
  | "quota";

/** Who may be served what, told along with the control entry that decides who can read. Keys decide that, this only what is fetched. */
export type Serving = {
  /** Receiving keys of people, and of teams; replaces the list before it. */
  readonly keys: readonly KeyId[];
};

/** Only with entries of the organisation log, and only from a keeper. */
export type OrganisationChange = {
  /** Which people's keys stand behind a team's key: replaces what was told before of that team. */
  readonly teams: readonly { readonly team: KeyId; readonly people: readonly KeyId[] }[];
  /** They are signed out everywhere and served nothing from now on. */
  readonly leavers: readonly KeyId[];
  /** Who may open invitations, send leavers away and add keepers. Replaces the list; undefined leaves it. */
  readonly keepers: readonly KeyId[] | undefined;
};

export type ControlAppend = {
  readonly logId: LogId;
  readonly kind: LogKind;
  /** The last control entry the device has; undefined for the first of a new log. */
  readonly after: EntryHash | undefined;
  readonly entry: Bytes;
  readonly wraps: readonly Bytes[];
  /** Undefined leaves the list as it is. The first entry of a log always says it. */
  readonly serving: Serving | undefined;
  readonly organisation: OrganisationChange | undefined;
};

/** The first entry of a case, with its wraps and whom it is served: what `append-control` takes for a new log. */
export type LogBegin = {
  readonly logId: LogId;
  readonly entry: Bytes;
  readonly wraps: readonly Bytes[];
  readonly serving: Serving;
};

export type BeginResult =
  /** Durable now, or it was there already. */
  | "begun"
  /** No first control entry of this log, or wraps of another: it will never be taken. */
  | "malformed"
  /** There otherwise, shredded, or not served to whoever asks. */
  | "not-for-you"
  /** What it names is not here yet: try again. */
  | "not-now"
  | "quota";

export type Requests = {
  // ── Nobody is signed in ────────────────────────────────────────────────────────────────────────────────
  /** A challenge, whether there is such an account or not. */
  readonly "begin-sign-in": {
    readonly request: { readonly account: AccountId };
    readonly response: { readonly challenge: Bytes };
  };
  readonly "sign-in": {
    readonly request: {
      readonly account: AccountId;
      readonly challenge: Bytes;
      readonly signature: Bytes;
      readonly device: DeviceId;
      /** The device holds nothing of the account yet: what it begins with comes along. */
      readonly isFresh: boolean;
    };
    readonly response: {
      readonly token: Bytes;
      readonly expiresAt: Instant;
      /** Exactly where it was asked for. */
      readonly fresh: FreshStart | undefined;
    };
  };
  /** The set-up code comes from the operator and founds one organisation, once. Its account is a keeper. */
  readonly found: {
    readonly request: {
      readonly code: Bytes;
      readonly account: NewAccount;
      /** The first entry of the organisation log, with the wraps of its key. */
      readonly log: ControlAppend;
    };
    readonly response: Nothing;
  };
  /** Takes the place that a keeper opened, once: the account is made, and served nothing yet. */
  readonly "answer-invitation": {
    readonly request: { readonly invitation: Bytes; readonly answer: Bytes; readonly account: NewAccount };
    readonly response: Nothing;
  };
  /**
   * A change of password that the server has lost, as it was signed then with the key it replaced: for a server that was put
   * back to before it, where nobody can sign in with the new key. Every device is signed out.
   */
  readonly "repeat-password-change": {
    readonly request: {
      readonly account: AccountId;
      readonly loginPublic: Bytes;
      readonly generation: number;
      readonly vault: Bytes;
      readonly signature: Bytes;
    };
    readonly response: Nothing;
  };

  // ── The account itself ─────────────────────────────────────────────────────────────────────────────────
  readonly "read-vault": {
    readonly request: Nothing;
    readonly response: { readonly generation: number; readonly vault: Bytes };
  };
  /** All or nothing; every other device is signed out. */
  readonly "change-password": {
    readonly request: {
      readonly loginPublic: Bytes;
      readonly generation: number;
      readonly vault: Bytes;
      readonly signature: Bytes;
    };
    readonly response: Nothing;
  };
  readonly "list-devices": {
    readonly request: Nothing;
    readonly response: {
      readonly devices: readonly {
        readonly device: DeviceId;
        readonly signedInAt: Instant;
        readonly lastSeenAt: Instant;
        readonly isThis: boolean;
      }[];
    };
  };
  /** At once; undefined signs out everywhere, this device included. */
  readonly "sign-out": {
    readonly request: { readonly device: DeviceId | undefined };
    readonly response: Nothing;
  };

  // ── Logs ───────────────────────────────────────────────────────────────────────────────────────────────
  /**
   * Which of the account's logs stand otherwise than here. `buckets`: one digest of 8 bytes for each of 256 buckets of
   * logs by the first byte of their id, or undefined to be told of all. Answers from `fromBucket` on, as many whole buckets as fit.
   */
  readonly compare: {
    readonly request: { readonly buckets: Bytes | undefined; readonly fromBucket: number };
    readonly response: {
      readonly logs: readonly (LogPosition & { readonly kind: LogKind })[];
      readonly nextBucket: number | undefined;
    };
  };
  /**
   * Entries after the positions named, in the order asked, as many as fit `bytesMax` by their own bytes (one at
   * least); `end` says whether there is more. A log left out is not there for this account. `isSame` is false when
   * what stands here up to `after` is not what the device holds, by digest: then nothing is sent for that log, and the device compares hashes.
   * `withWraps`: logs of which a control entry came bring their wraps along, as `read-wraps` would give them, while these fit.
   */
  readonly pull: {
    readonly request: { readonly wants: readonly LogWant[]; readonly bytesMax: number; readonly withWraps: boolean };
    readonly response: { readonly logs: readonly LogPulled[]; readonly wraps: readonly WrapsOfLog[] };
  };
  /** Hashes of a log in its order, for a device that finds that the server lacks or contradicts something. */
  readonly "list-hashes": {
    readonly request: { readonly logId: LogId; readonly after: number };
    readonly response: { readonly hashes: readonly EntryHash[]; readonly end: number };
  };
  /**
   * Content entries. Each has its own answer; nothing is acknowledged before it is durable. Of a log left out of the
   * answer nothing was taken: it is not there for this account.
   */
  readonly push: {
    readonly request: { readonly logs: readonly LogEntries[] };
    readonly response: { readonly logs: readonly { readonly logId: LogId; readonly results: readonly PushResult[] }[] };
  };
  /** Compare and swap, in one transaction with wraps and the list of who is served. The same entry again is appended already. */
  readonly "append-control": {
    readonly request: ControlAppend;
    readonly response: { readonly isAppended: boolean; readonly tip: EntryHash | undefined };
  };
  /** Many cases begun at once, each by itself: one that is refused keeps back no other. The same again is begun already. */
  readonly "begin-logs": {
    readonly request: { readonly logs: readonly LogBegin[] };
    readonly response: { readonly results: readonly BeginResult[] };
  };
  /**
   * Wraps whose reader is this account or one of its teams, oldest first, in whole logs as many as fit. One asked for alone
   * and left out is not there for this account.
   */
  readonly "read-wraps": {
    readonly request: { readonly logs: readonly LogId[] };
    readonly response: { readonly logs: readonly WrapsOfLog[] };
  };
  /** More wraps of epochs that stand: for a reader who came later. */
  readonly "add-wraps": {
    readonly request: { readonly logId: LogId; readonly wraps: readonly Bytes[] };
    readonly response: Nothing;
  };
  /** Bodies become husks, and the ledger remembers. Both control entries must be in the log, by two authors. */
  readonly erase: {
    readonly request: {
      readonly logId: LogId;
      readonly proposal: EntryHash;
      readonly confirmation: EntryHash;
      readonly entries: readonly EntryHash[];
    };
    /** From when on no backup of ours holds the bodies. */
    readonly response: { readonly goneFromBackupsAt: Instant };
  };
  /** Destroys all wraps of a case log, as two people's control entries in it say. */
  readonly shred: {
    readonly request: { readonly logId: LogId; readonly proposal: EntryHash; readonly confirmation: EntryHash };
    readonly response: { readonly goneFromBackupsAt: Instant };
  };

  // ── People ─────────────────────────────────────────────────────────────────────────────────────────────
  /** From a keeper: a place for one person, known by the invitation's id alone. */
  readonly "open-invitation": {
    readonly request: { readonly invitation: Bytes; readonly expiresAt: Instant };
    readonly response: Nothing;
  };
  /**
   * The same from anybody, by a code that the operator gave out because an organisation has lost its only keeper. The code stays
   * good until `let-back` uses it.
   */
  readonly "open-come-back": {
    readonly request: { readonly code: Bytes; readonly invitation: Bytes; readonly expiresAt: Instant };
    readonly response: Nothing;
  };
  /** The account with this receiving key, never one's own, is a keeper from now on and served the organisation's log. Uses the code. */
  readonly "let-back": {
    readonly request: { readonly code: Bytes; readonly receivingKey: KeyId };
    readonly response: Nothing;
  };
  readonly "close-invitation": {
    readonly request: { readonly invitation: Bytes };
    readonly response: Nothing;
  };
  /** Of the invitations this account opened. */
  readonly "read-answers": {
    readonly request: Nothing;
    readonly response: { readonly answers: readonly { readonly invitation: Bytes; readonly answer: Bytes }[] };
  };

  // ── Recovery ───────────────────────────────────────────────────────────────────────────────────────────
  /** Seen by everyone of the organisation from now on; open 24 hours later unless a keeper forbids it. */
  readonly "request-recovery": {
    readonly request: { readonly recoveryKey: KeyId };
    readonly response: { readonly recovery: Bytes; readonly opensAt: Instant };
  };
  readonly "read-recoveries": {
    readonly request: Nothing;
    readonly response: { readonly recoveries: readonly RecoveryRequest[] };
  };
  readonly "forbid-recovery": {
    readonly request: { readonly recovery: Bytes };
    readonly response: Nothing;
  };
  /** What is wrapped to the recovery key, once it is open, to the account that asked. */
  readonly "read-recovery-wraps": {
    readonly request: { readonly recovery: Bytes; readonly after: number };
    readonly response: {
      readonly wraps: readonly { readonly logId: LogId; readonly wrap: Bytes }[];
      readonly next: number | undefined;
    };
  };

  // ── Waking ─────────────────────────────────────────────────────────────────────────────────────────────
  /** Off unless chosen. The push service learns that something of this account exists; undefined ends it. */
  readonly "set-wake-up": {
    readonly request: {
      readonly subscription:
        { readonly endpoint: string; readonly publicKey: Bytes; readonly authentication: Bytes } | undefined;
    };
    readonly response: { readonly serverKey: Bytes | undefined };
  };
};

/** The account vault, and the first page of a comparison of all logs. What they are worth the device finds out for itself. */
export type FreshStart = ResponseOf<"read-vault"> & ResponseOf<"compare">;

/** Those for the account's own key and its teams', oldest first. */
export type WrapsOfLog = { readonly logId: LogId; readonly wraps: readonly Bytes[] };

export type LogEntries = {
  readonly logId: LogId;
  readonly entries: readonly Bytes[];
  /** Of each entry its name, from whoever knows them all already, so that none is made again. Never sent. */
  readonly names?: readonly Bytes[];
};

export type LogWant = { readonly logId: LogId; readonly after: number; readonly digest: Bytes };
export type LogPulled = LogEntries & {
  readonly after: number;
  readonly isSame: boolean;
  readonly end: number;
};
export type RecoveryRequest = {
  readonly recovery: Bytes;
  readonly recoveryKey: KeyId;
  readonly by: KeyId;
  readonly requestedAt: Instant;
  readonly opensAt: Instant;
  readonly state: "waiting" | "open" | "forbidden" | "used";
};

export type RequestName = keyof Requests;
export type RequestOf<Name extends RequestName> = Requests[Name]["request"];
export type ResponseOf<Name extends RequestName> = Requests[Name]["response"];

/** Why the server refuses, the same words and the same work for what is not there and what is not yours. */
export type WireRefusal =
  | "NotUnderstood"
  | "TooLarge"
  | "NotSignedIn"
  | "NotForYou"
  | "AlreadyUsed"
  | "TooManyRequests"
  | "QuotaReached"
  | "NotNow"
  | "OurMistake";

export type WireError =
  | { readonly type: "Refused"; readonly code: WireRefusal; readonly afterSeconds: number | undefined }
  /** No answer, half an answer, or one that is not of this wire: the same is sent again later. */
  | { readonly type: "Unreachable" };
