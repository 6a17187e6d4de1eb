/**
 * What the server in memory holds: accounts, logs, organisations, invitations, recoveries, and the ledger of erasures.
 *
 * It is changed in place by one answer at a time, which stands for one transaction: an answer that refuses has changed
 * nothing.
 */

import { err, type Err, type Instant, type Result } from "@amana/kernel";
import {
  toHex,
  type Bytes,
  type DeviceId,
  type EntryHash,
  type Header,
  type KeyId,
  type LogId,
  type LogKind,
} from "@amana/log";
import { nextDigest, type AccountId, type WireRefusal } from "@amana/sync";
import type { Randomness } from "@amana/vault";

export type Account = {
  readonly id: AccountId;
  /** The organisation's log, which names the organisation. */
  readonly organisation: LogId;
  readonly receivingKey: KeyId;
  loginPublic: Bytes;
  generation: number;
  vault: Bytes;
  hasLeft: boolean;
  readonly devices: Map<DeviceId, { readonly signedInAt: Instant; lastSeenAt: Instant }>;
  wakeUp: string | undefined;
};

export type StoredEntry = { readonly hash: EntryHash; readonly header: Header; bytes: Bytes };
export type StoredWrap = { readonly bytes: Bytes; readonly recipient: KeyId };

export type StoredLog = {
  readonly logId: LogId;
  readonly kind: LogKind;
  readonly organisation: LogId;
  readonly entries: StoredEntry[];
  readonly places: Map<EntryHash, number>;
  /** At `n`, the digest over the first `n` hashes. */
  readonly digests: Bytes[];
  tip: EntryHash | undefined;
  serving: ReadonlySet<KeyId>;
  wraps: StoredWrap[];
  isShredded: boolean;
  /** Which account sent a control entry. */
  readonly senders: Map<EntryHash, AccountId>;
};

export type Organisation = {
  readonly logId: LogId;
  keepers: ReadonlySet<KeyId>;
  /** By a team's receiving key, those of the people behind it. */
  readonly teams: Map<KeyId, ReadonlySet<KeyId>>;
};

export type OpenInvitation = {
  readonly organisation: LogId;
  readonly by: AccountId;
  readonly expiresAt: Instant;
  answered: { readonly answer: Bytes; readonly account: AccountId } | undefined;
};

export type Recovery = {
  readonly id: Bytes;
  readonly organisation: LogId;
  readonly recoveryKey: KeyId;
  readonly by: KeyId;
  readonly account: AccountId;
  readonly requestedAt: Instant;
  readonly opensAt: Instant;
  isForbidden: boolean;
  isUsed: boolean;
};

export type ServerState = {
  readonly now: () => Instant;
  readonly randomness: Randomness;
  readonly origin: string;
  /** Set-up codes that found one organisation each, by hexadecimal text; with the account once they are used. */
  readonly setUpCodes: Map<string, AccountId | undefined>;
  /** Codes by which somebody who was the only keeper is let back; with the key of their account once they are used. */
  readonly comeBackCodes: Map<string, KeyId | undefined>;
  readonly accounts: Map<AccountId, Account>;
  readonly challenges: Map<string, { readonly account: AccountId; readonly expiresAt: Instant }>;
  readonly tokens: Map<string, { readonly account: AccountId; readonly device: DeviceId; readonly expiresAt: Instant }>;
  readonly logs: Map<LogId, StoredLog>;
  readonly organisations: Map<LogId, Organisation>;
  readonly invitations: Map<string, OpenInvitation>;
  readonly recoveries: Recovery[];
  /** What was erased, to be done again after a restore. */
  readonly ledger: { readonly logId: LogId; readonly entries: readonly EntryHash[] | "all-wraps" }[];
};

export const emptyServer = (ports: Pick<ServerState, "now" | "randomness" | "origin">): ServerState => ({
  ...ports,
  setUpCodes: new Map(),
  comeBackCodes: new Map(),
  accounts: new Map(),
  challenges: new Map(),
  tokens: new Map(),
  logs: new Map(),
  organisations: new Map(),
  invitations: new Map(),
  recoveries: [],
  ledger: [],
});

/** All that it holds, apart from the other; only the ports are given. */
export const copyOfServer = (
  { now: _now, randomness: _randomness, origin: _origin, ...held }: ServerState,
  ports: Pick<ServerState, "now" | "randomness" | "origin">,
): ServerState => ({ ...ports, ...structuredClone(held) });

/** Whoever is signed in, and with which token. */
export type Caller = { readonly account: Account; readonly device: DeviceId; readonly token: string };

export type Answer<T> = Result<T, WireRefusal>;

export const refuse = (code: WireRefusal): Err<WireRefusal> => err(code);

export const sameBytes = (one: Bytes, other: Bytes): boolean => toHex(one) === toHex(other);

export const millisecondsPerHour = 3_600_000;

export const newLog = (logId: LogId, kind: LogKind, organisation: LogId): StoredLog => ({
  logId,
  kind,
  organisation,
  entries: [],
  places: new Map(),
  digests: [new Uint8Array(32)],
  tip: undefined,
  serving: new Set(),
  wraps: [],
  isShredded: false,
  senders: new Map(),
});

/** The only way an entry comes into a log: at its end. */
export const appendTo = (log: StoredLog, entry: StoredEntry): void => {
  const digest = nextDigest(log.digests.at(-1) ?? new Uint8Array(32), entry.hash);
  log.places.set(entry.hash, log.entries.length);
  log.entries.push(entry);
  log.digests.push(digest);
};

/** The receiving keys that stand for an account: its own, and those of the teams behind which it stands. */
export const keysOfAccount = (server: ServerState, account: Account): ReadonlySet<KeyId> => {
  const keys = new Set([account.receivingKey]);
  const organisation = server.organisations.get(account.organisation);
  for (const [team, people] of organisation?.teams ?? []) if (people.has(account.receivingKey)) keys.add(team);
  return keys;
};

/** The log, if this account is served it; missing and not served look alike to whoever asks. */
export const servedLog = (server: ServerState, { account }: Caller, logId: LogId): StoredLog | undefined => {
  const log = server.logs.get(logId);
  if (log?.organisation !== account.organisation) return undefined;
  return [...keysOfAccount(server, account)].some((key) => log.serving.has(key)) ? log : undefined;
};

export const isKeeper = (server: ServerState, account: Account): boolean =>
  server.organisations.get(account.organisation)?.keepers.has(account.receivingKey) === true;
