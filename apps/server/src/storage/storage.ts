/**
 * What the server remembers, as questions and orders: one contract, kept by SQLite and by PostgreSQL alike
 * (`storage.contract.ts` is its suite). Tables: docs/formats/tables.md.
 *
 * What must stay true: an answer is given only once it is durable; every question about a log is asked by a member
 * and sees only what that member is served, so that a log of others, a missing one and one that is not served are one
 * answer by the same query. Expected refusals are values. When the store itself does not answer, the promise is
 * rejected with a `StorageUnavailable` that carries no value of a row.
 */

import type { Instant, Result } from "@amana/kernel";
import type { Bytes, DeviceId, EntryHash, KeyId, LogId, LogKind } from "@amana/log";
import type {
  AccountId,
  BeginResult,
  LogPosition,
  LogPulled,
  LogWant,
  NewAccount,
  OrganisationChange,
  PushResult,
  RecoveryRequest,
} from "@amana/sync";
import type {
  Account,
  BegunControl,
  Change,
  ChangedPassword,
  Counts,
  Device,
  EndedKey,
  Leaver,
  LedgerRow,
  Member,
  NewControl,
  NewEntry,
  NewWrap,
  OrganisationId,
  Quotas,
  SignIn,
  Snapshot,
  StoreStanding,
  StoredWrap,
  TablePage,
  Usage,
  WakeUp,
} from "./values.ts";

export type * from "./values.ts";

export type Storage = Accounts & Invitations & Logs & Erasure & Recovery & Waking & Running;

export type Accounts = {
  /** Lets one organisation be founded. Only SHA-256 of the code is kept. */
  addSetUpCode(order: { readonly codeHash: Bytes; readonly expiresAt: Instant }): Promise<void>;
  /**
   * All of it or nothing: the organisation (its random id is made here), its first account (a keeper), its log with
   * wraps and served list.
   */
  foundOrganisation(order: {
    readonly codeHash: Bytes;
    readonly account: NewAccount;
    readonly control: NewControl;
    readonly quotas: Quotas;
    readonly now: Instant;
  }): Promise<Result<void, SetUpCodeSpent | AccountTaken | QuotaReached>>;
  /** Whether a code was given out and is neither used nor over. */
  isCodeStanding(question: { readonly codeHash: Bytes; readonly now: Instant }): Promise<boolean>;
  /**
   * Uses the code: the account with this key, of the same organisation and not the one that asks, is a keeper and served the
   * organisation's log. The same again is done already.
   */
  letBack(order: {
    readonly by: Member;
    readonly codeHash: Bytes;
    readonly receivingKey: KeyId;
    readonly now: Instant;
  }): Promise<Result<void, SetUpCodeSpent | AccountGone>>;
  /** Also of a person who left; whoever asks looks at `leftAt`. */
  accountById(question: { readonly account: AccountId }): Promise<Account | undefined>;
  /** Whether it is, or was, the key of a person, or of a team that somebody stands behind: then it is no recovery key. */
  isReaderKey(question: { readonly organisation: OrganisationId; readonly key: KeyId }): Promise<boolean>;
  /**
   * One sign-in for each device; a new one replaces the one before. Refused for an account whose person left, and where another
   * password has come since the signature was looked at.
   */
  signIn(order: {
    readonly account: AccountId;
    /** With which it was signed. */
    readonly loginPublic: Bytes;
    readonly device: DeviceId;
    readonly tokenHash: Bytes;
    /** What was signed: each is good once. It begins with its own end. */
    readonly challenge: Bytes;
    readonly now: Instant;
    readonly expiresAt: Instant;
    readonly devicesMax: number;
  }): Promise<Result<void, AccountGone | PasswordChanged | TooManyDevices | ChallengeUsed | StoreRestoring>>;
  /** Nothing when the token is unknown, over, signed out, or of a person who left. */
  signInByToken(question: { readonly tokenHash: Bytes; readonly now: Instant }): Promise<SignIn | undefined>;
  noteSeen(order: { readonly by: Member; readonly device: DeviceId; readonly now: Instant }): Promise<void>;
  devicesOf(question: { readonly by: Member; readonly now: Instant }): Promise<readonly Device[]>;
  /** Undefined signs out everywhere. */
  signOut(order: { readonly by: Member; readonly device: DeviceId | undefined }): Promise<void>;
  vaultOf(question: {
    readonly by: Member;
  }): Promise<{ readonly generation: number; readonly vault: Bytes } | undefined>;
  /** All or nothing: login key, vault of exactly the next generation, every other device signed out. */
  changePassword(order: {
    readonly by: Member;
    /** The device that changes it stays signed in; undefined signs out every one. */
    readonly device: DeviceId | undefined;
    readonly loginPublicBefore: Bytes;
    readonly loginPublic: Bytes;
    readonly generation: number;
    readonly vault: Bytes;
  }): Promise<Result<void, GenerationMoved | StoreRestoring>>;
};

export type Invitations = {
  openInvitation(order: {
    readonly by: Member;
    readonly invitation: Bytes;
    readonly expiresAt: Instant;
    readonly now: Instant;
    /** Of one account, open or answered. Open ones of its organisation may be four times as many. */
    readonly openMax: number;
  }): Promise<Result<void, InvitationTaken | TooManyInvitations>>;
  /** Ends an invitation, with its answer, for whoever opened it and for keepers. One that is not there is ended already. */
  closeInvitation(order: { readonly by: Member; readonly invitation: Bytes }): Promise<void>;
  /** Takes the place once: the account is made, and is served nothing yet. */
  answerInvitation(order: {
    readonly invitation: Bytes;
    readonly answer: Bytes;
    readonly account: NewAccount;
    /** Of the organisation, with those who left. */
    readonly accountsMax: number;
    readonly now: Instant;
  }): Promise<Result<void, InvitationSpent | AccountTaken | QuotaReached | StoreRestoring>>;
  /** Of the invitations this account opened. */
  answersFor(question: {
    readonly by: Member;
  }): Promise<readonly { readonly invitation: Bytes; readonly answer: Bytes }[]>;
};

export type Logs = {
  /** Whether this member is served the log now, and what kind it is. */
  servedLog(question: {
    readonly by: Member;
    readonly logId: LogId;
  }): Promise<{ readonly kind: LogKind; readonly tip: EntryHash } | undefined>;
  /** All logs this member is served, ascending by id, from the first whose id begins with `fromBucket` or a later byte. */
  positionsServed(question: {
    readonly by: Member;
    readonly fromBucket: number;
  }): Promise<readonly (LogPosition & { readonly kind: LogKind })[]>;
  /**
   * Content entries for many logs. Each entry has its own answer, in the order given; what an entry names may come
   * earlier in the same order. A log that is not served has no answers at all: `results` is undefined. Of an entry whose body
   * was erased only the husk is stored.
   */
  appendEntries(order: {
    readonly by: Member;
    readonly logs: readonly { readonly logId: LogId; readonly entries: readonly NewEntry[] }[];
    readonly quotas: Quotas;
  }): Promise<readonly { readonly logId: LogId; readonly results: readonly StoredResult[] | undefined }[]>;
  /**
   * Compare and swap of the control line, in one transaction with wraps, served list and what it changes in the
   * organisation. A log that is not there begins with an entry whose `after` is undefined; only case logs begin so.
   */
  appendControl(order: {
    readonly by: Member;
    readonly control: NewControl;
    readonly organisation: OrganisationChange | undefined;
    readonly quotas: Quotas;
    readonly now: Instant;
  }): Promise<Result<ControlAppended, ControlTipMoved | NotServed | NotKeeper | LinkMissing | LogFull | QuotaReached>>;
  /**
   * Many cases begun in one transaction, each as `appendControl` would begin it alone, in the order given. One that is refused
   * leaves nothing and keeps back no other.
   */
  beginLogs(order: {
    readonly by: Member;
    readonly controls: readonly BegunControl[];
    readonly quotas: Quotas;
  }): Promise<readonly StoredBegin[]>;
  /** Entries after the positions named, log by log as asked, until `bytesMax` is reached; one entry at least. Logs that are not served are left out. */
  entriesAfter(question: {
    readonly by: Member;
    readonly wants: readonly LogWant[];
    readonly bytesMax: number;
  }): Promise<readonly StoredPulled[]>;
  /** Undefined when the log is not served. */
  hashesAfter(question: {
    readonly by: Member;
    readonly logId: LogId;
    readonly after: number;
    readonly hashesMax: number;
  }): Promise<{ readonly hashes: readonly EntryHash[]; readonly end: number } | undefined>;
  /**
   * Wraps for this member's own key and its teams', oldest first. Logs that are not served are left out. Of a log that has more
   * than `wrapsPerLogMax`, the newest of every sender come before anyone's older ones. Of many logs with very many
   * the first alone: about as many wraps as an answer can carry.
   */
  wrapsFor(question: {
    readonly by: Member;
    readonly logs: readonly LogId[];
  }): Promise<readonly { readonly logId: LogId; readonly wraps: readonly Bytes[] }[]>;
  /** The same wrap again is there already. Refused for a log that was shredded. */
  addWraps(order: {
    readonly by: Member;
    readonly logId: LogId;
    readonly wraps: readonly NewWrap[];
    readonly quotas: Quotas;
  }): Promise<Result<void, NotServed | QuotaReached>>;
  /** Accounts that are served a log now: whom to wake when it grew. */
  accountsServed(question: {
    readonly organisation: OrganisationId;
    readonly logId: LogId;
  }): Promise<readonly AccountId[]>;
};

export type Erasure = {
  /**
   * Bodies become husks, and the ledger remembers, in one transaction. Both acts must be control entries of the log, one after
   * the other, by two authors and sent by two accounts, and say in their headers that exactly this is to be destroyed; the
   * entries must be content of it. Erased already is erased.
   */
  eraseBodies(order: {
    readonly by: Member;
    readonly logId: LogId;
    readonly proposal: EntryHash;
    readonly confirmation: EntryHash;
    readonly entries: readonly EntryHash[];
    readonly now: Instant;
  }): Promise<Result<void, NotServed | NotByTwo | EntryMissing>>;
  /** Destroys all wraps of a case log for good, and the ledger remembers. Refused for the organisation log. */
  shredLog(order: {
    readonly by: Member;
    readonly logId: LogId;
    readonly proposal: EntryHash;
    readonly confirmation: EntryHash;
    readonly now: Instant;
  }): Promise<Result<void, NotServed | NotByTwo>>;
  /** The whole ledger of the server, in pages; the first without `after`. */
  ledgerAfter(question: {
    readonly after: LedgerRow | undefined;
    readonly rowsMax: number;
  }): Promise<readonly LedgerRow[]>;
  /** After a restore: erases and shreds again whatever came back. The same rows again change nothing. */
  replayLedger(order: { readonly rows: readonly LedgerRow[] }): Promise<void>;
  /** The keys of the ledger, in pages as `ledgerAfter`. */
  endedKeysAfter(question: {
    readonly after: EndedKey | undefined;
    readonly rowsMax: number;
  }): Promise<readonly EndedKey[]>;
  /** After a restore: destroys again whatever came back for these keys. */
  replayEndedKeys(order: { readonly rows: readonly EndedKey[] }): Promise<void>;
  /** Who has left, in pages as `ledgerAfter`. */
  leaversAfter(question: { readonly after: Leaver | undefined; readonly rowsMax: number }): Promise<readonly Leaver[]>;
  /** After a restore: whoever came back with it and had left is let in no more. */
  replayLeavers(order: { readonly rows: readonly Leaver[] }): Promise<void>;
  /** Who ever changed their password and is here, in pages as `ledgerAfter`. */
  changedPasswordsAfter(question: {
    readonly after: ChangedPassword | undefined;
    readonly rowsMax: number;
  }): Promise<readonly ChangedPassword[]>;
  /** After a restore: what a later password replaced signs in no more. A newer one that is here stays. */
  replayPasswords(order: { readonly rows: readonly ChangedPassword[] }): Promise<void>;
};

export type Recovery = {
  /** One that this account asked for with the same key, and that waits or is open, is that one. */
  requestRecovery(order: {
    readonly by: Member;
    readonly recovery: Bytes;
    readonly recoveryKey: KeyId;
    readonly requestedAt: Instant;
    readonly opensAt: Instant;
    /** Of one account that are neither forbidden nor used, and of the whole organisation. */
    readonly waitingMax: number;
    readonly waitingInAllMax: number;
  }): Promise<Result<{ readonly recovery: Bytes; readonly opensAt: Instant }, TooManyRecoveries>>;
  /** Of the member's organisation. Open once `now`, and the time until which a server was up, have reached `opensAt`. */
  recoveriesOf(question: { readonly by: Member; readonly now: Instant }): Promise<readonly RecoveryRequest[]>;
  /**
   * By whoever asked for it, or a keeper. One that has ended stays ended; nothing of another is told apart from none. Of one that
   * was used, every wrap to its key is destroyed with it, and the ledger remembers.
   */
  forbidRecovery(order: {
    readonly by: Member;
    readonly recovery: Bytes;
    readonly now: Instant;
  }): Promise<Result<void, RecoveryNotOpen>>;
  /** What is wrapped to the recovery key, to the account that asked and only while it is open; the first page marks it used. */
  recoveryWraps(order: {
    readonly by: Member;
    readonly recovery: Bytes;
    readonly now: Instant;
    /** 0 for the first page, then `next`. */
    readonly after: number;
    readonly wrapsMax: number;
  }): Promise<Result<{ readonly wraps: readonly StoredWrap[]; readonly next: number | undefined }, RecoveryNotOpen>>;
  /**
   * Says that a server is up. Called at its start and then more often than the pause may be: after a longer one, or where the
   * clock was set, whatever waits goes on waiting for as long as it had to go when a server was last up.
   */
  noteUp(order: { readonly now: Instant; readonly pauseMillisecondsMax: number }): Promise<void>;
};

export type Waking = {
  /** Undefined ends it. One for each device that is signed in: of another nothing is kept, and the answer is false. */
  setWakeUp(order: {
    readonly by: Member;
    readonly device: DeviceId;
    readonly subscription: WakeUp["subscription"] | undefined;
  }): Promise<boolean>;
  /** Every subscription of the server, in pages; the first without `after`. */
  wakeUpsAfter(question: { readonly after: WakeUp | undefined; readonly rowsMax: number }): Promise<readonly WakeUp[]>;
  /** When the push service says that it is gone. */
  forgetWakeUp(order: { readonly wakeUp: WakeUp }): Promise<void>;
  /** True for the first server that asks at this moment of the day, and for no other. One taken a day ahead and more counts for none. */
  takeSlot(order: { readonly slot: Instant }): Promise<boolean>;
  /** The moment that was taken last. */
  lastSlot(): Promise<Instant | undefined>;
  /**
   * Told of changes on every server over this storage, also of this one's own. Changes may be told twice, and are lost
   * while a connection is: whoever listens also looks from time to time. Gives back what ends it.
   */
  watch(listener: (change: Change) => void): () => void;
};

export type Running = {
  /** A random secret of the server itself, by name: the one kept, or `made` when there is none yet. */
  serverSecret(order: { readonly name: string; readonly made: Bytes }): Promise<Bytes>;
  usageOf(question: { readonly by: Member }): Promise<Usage>;
  counts(): Promise<Counts>;
  /** Forgets sign-ins, set-up codes and invitations that are over. */
  forgetExpired(order: { readonly now: Instant }): Promise<void>;
  schemaVersion(): Promise<number>;
  /** Asks the store to answer. */
  ping(): Promise<void>;
  /** Asks the store to write a few bytes that mean nothing, as durably as it writes everything. */
  proveWritable(order: { readonly mark: Bytes }): Promise<void>;
  /** Everything as it stands at one moment, while work goes on. Close it. */
  openSnapshot(): Promise<Snapshot>;
  storeStanding(): Promise<StoreStanding>;
  /** Marks the store, so that no server opens it, and removes what an unfinished restore or a mere start has left in it. */
  beginRestore(order: { readonly now: Instant }): Promise<Result<void, StoreUsed>>;
  /** Ends what must not come back (waiting recoveries, open invitations) and takes the mark away. */
  finishRestore(): Promise<void>;
  /** Puts back pages of a snapshot, in its order, into a store of the same schema version that holds nothing else. */
  restorePage(order: { readonly page: TablePage }): Promise<void>;
  /** What is under way is answered first. */
  close(): Promise<void>;
};

/** `hasControl`: a control entry is among what came. */
export type StoredPulled = LogPulled & { readonly hasControl: boolean };

/** `malformed` is said before, here as well. */
export type StoredBegin = Exclude<BeginResult, "malformed">;

/** `malformed` is said before: storage is only given what is an entry of the log. */
export type StoredResult = Exclude<PushResult, "malformed">;

/** `again`: the very same entry was the tip already, and nothing changed. */
export type ControlAppended = { readonly tip: EntryHash; readonly again: boolean };

export type SetUpCodeSpent = { readonly type: "SetUpCodeSpent" };
/** The account id is someone's, or the receiving key is within this organisation. */
export type AccountTaken = { readonly type: "AccountTaken" };
export type AccountGone = { readonly type: "AccountGone" };
export type ChallengeUsed = { readonly type: "ChallengeUsed" };

/** Between the look at a signature and its sign-in. */
export type PasswordChanged = { readonly type: "PasswordChanged" };
export type TooManyDevices = { readonly type: "TooManyDevices" };
/** Another password change came first. */
export type GenerationMoved = { readonly type: "GenerationMoved" };
export type InvitationTaken = { readonly type: "InvitationTaken" };
/** Unknown, over, closed or answered: one answer. */
export type InvitationSpent = { readonly type: "InvitationSpent" };
export type TooManyInvitations = { readonly type: "TooManyInvitations" };
/** Another control entry came first. Undefined where the log is new, and the append was not for a new one. */
export type ControlTipMoved = { readonly type: "ControlTipMoved"; readonly tip: EntryHash | undefined };
/** Missing, of others, shredded where wraps are asked for, or simply not served: one answer. */
export type NotServed = { readonly type: "NotServed" };
/** Changes of the organisation come only from a keeper, and only with entries of the organisation log. */
export type NotKeeper = { readonly type: "NotKeeper" };
export type LinkMissing = { readonly type: "LinkMissing" };
export type LogFull = { readonly type: "LogFull" };
export type QuotaReached = { readonly type: "QuotaReached" };
/** The proposal and the confirmation are not two control entries of the log by two authors that name exactly this. */
export type NotByTwo = { readonly type: "NotByTwo" };
export type EntryMissing = { readonly type: "EntryMissing" };
/** It holds something of somebody. */
export type StoreUsed = { readonly type: "StoreUsed" };

/** Somebody else is at work over it: a server, or a restore. */
export type StoreHeld = { readonly type: "StoreHeld" };
/** A backup is being put back: what was erased, changed and left since is not yet known here. */
export type StoreRestoring = { readonly type: "StoreRestoring" };
export type TooManyRecoveries = { readonly type: "TooManyRecoveries" };
/** Unknown, waiting, forbidden, or asked for by another account: one answer. */
export type RecoveryNotOpen = { readonly type: "RecoveryNotOpen" };
