/**
 * Organisations, people and logs for tests of storage: right in form, sealed by nobody. Each organisation is new, so
 * that tests share one store without seeing each other.
 */

import { randomBytes } from "node:crypto";
import { assert, isInstant, type Instant } from "@amana/kernel";
import {
  deviceIdOf,
  encodeEntry,
  encodeHeader,
  fromAscii,
  hashEntry,
  keyIdOf,
  logIdOf,
  sha256,
  toHex,
  type Bytes,
  type DeviceId,
  type EntryHash,
  type Header,
  type KeyId,
  type LogId,
  type SealedEntry,
} from "@amana/log";
import type { NewAccount } from "@amana/sync";
import type { BegunControl, Member, NewControl, NewEntry, NewWrap, Quotas, Storage } from "../storage.ts";

export const must = <T>(value: T | undefined): T => {
  assert(value !== undefined, "A test's own value must be there.");
  return value;
};

export const instantOf = (milliseconds: number): Instant => {
  assert(isInstant(milliseconds), "A test's own moment must be one.");
  return milliseconds;
};

export const now = instantOf(Date.UTC(2026, 10, 21, 9));
export const day = 86_400_000;

export const random = (length: number): Bytes => new Uint8Array(randomBytes(length));
const digestOf = (text: string): Bytes => sha256(fromAscii(text));
export const newKey = (): KeyId => must(keyIdOf(random(32)));
export const newLogId = (): LogId => must(logIdOf(random(16)));
export const newDevice = (): DeviceId => must(deviceIdOf(random(16)));

const boundless = { logs: 1_000_000_000, entries: 1_000_000_000, bytes: 1_000_000_000_000 };
export const wide: Quotas = { account: boundless, organisation: boundless };
export const accountsMax = 1_000_000_000;

export const newAccount = (): NewAccount => {
  const account = toHex(random(16));
  return { account, loginPublic: firstLoginOf({ account }), receivingKey: newKey(), vault: random(700) };
};

/** Of an account of these tests whose password nobody has changed. */
export const firstLoginOf = ({ account }: Pick<Member, "account">): Bytes => digestOf(account);

/** Writes entries of one log as honest devices do, each after the one before by the same author and device. */
export type LogWriter = {
  readonly logId: LogId;
  /** Begins an epoch. */
  readonly control: (author: KeyId, device?: DeviceId) => Written;
  /** A control entry that begins none, and says in its header what it would have destroyed. */
  readonly act: (author: KeyId, destroys?: Bytes) => Written;
  /** `bodyBytes`: of the padded body. */
  readonly content: (author: KeyId, device?: DeviceId, bodyBytes?: number) => Written;
};

export type Written = { readonly entry: NewEntry; readonly sealed: SealedEntry };

const organisationHead = toHex(digestOf("organisation head")) as EntryHash;
const devices = new Map<KeyId, DeviceId>();
const deviceOf = (author: KeyId): DeviceId => {
  const device = devices.get(author) ?? newDevice();
  devices.set(author, device);
  return device;
};

export const writeLog = (logKind: Header["logKind"], logId: LogId = newLogId()): LogWriter => {
  let tip: EntryHash | undefined;
  const last = new Map<string, { readonly hash: EntryHash; readonly counter: number }>();

  type Says = Pick<Header, "kind" | "keyCommitment" | "destroys">;
  const write = (says: Says, author: KeyId, device: DeviceId, bodyBytes: number): Written => {
    const before = last.get(author + device);
    const header: Header = {
      ...says,
      logKind,
      logId,
      control: tip,
      organisationHead: logKind === "organisation" ? undefined : organisationHead,
      author,
      device,
      counter: (before?.counter ?? 0) + 1,
      previous: before?.hash,
      parents: [],
      nonce: random(32),
    };
    const written = sealedOf(header, bodyBytes);
    if (says.kind === "control") tip = written.entry.hash;
    last.set(author + device, { hash: written.entry.hash, counter: header.counter });
    return written;
  };
  return {
    logId,
    control: (author, device = deviceOf(author)) =>
      write({ kind: "control", keyCommitment: random(32) }, author, device, 256),
    act: (author, destroys) => {
      const says = { kind: "control", keyCommitment: undefined } as const;
      return write(destroys === undefined ? says : { ...says, destroys }, author, deviceOf(author), 256);
    },
    content: (author, device = deviceOf(author), bodyBytes = 256) =>
      write({ kind: "content", keyCommitment: undefined }, author, device, bodyBytes),
  };
};

const sealedOf = (header: Header, bodyBytes: number): Written => {
  const headerBytes = encodeHeader(header);
  const ciphertext = random(bodyBytes + 16);
  const bodyDigest = sha256(ciphertext);
  const hash = hashEntry(headerBytes, bodyDigest);
  const sealed = { hash, header, headerBytes, bodyDigest, ciphertext, signature: random(64) };
  const { control, previous, parents } = header;
  // What a header names of the organisation matters to the tests that say so.
  return {
    sealed,
    entry: { hash, control, previous, parents, organisationHead: undefined, bytes: encodeEntry(sealed) },
  };
};

export const wrapFor = (recipient: KeyId): NewWrap => ({ recipient, bytes: random(1362) });

export type Organisation = {
  readonly founder: Member;
  readonly log: LogWriter;
  readonly first: Written;
};

export type Founding = Organisation & { readonly codeHash: Bytes; readonly account: NewAccount };

/** What a first person would send; nothing is stored yet but the code. */
export const prepareFounding = async (storage: Storage): Promise<Founding & { readonly control: NewControl }> => {
  const codeHash = random(32);
  await storage.addSetUpCode({ codeHash, expiresAt: instantOf(now + day) });
  const account = newAccount();
  const log = writeLog("organisation");
  const first = log.control(account.receivingKey);
  const control: NewControl = {
    logId: log.logId,
    kind: "organisation",
    after: undefined,
    entry: first.entry,
    wraps: [wrapFor(account.receivingKey)],
    serving: { keys: [account.receivingKey] },
  };
  // The organisation is known once it is founded.
  const founder = { organisation: "" as Member["organisation"], ...account };
  return { codeHash, account, log, first, control, founder };
};

export const found = async (storage: Storage, quotas: Quotas = wide): Promise<Organisation> => {
  const { codeHash, account, log, first, control } = await prepareFounding(storage);
  const founded = await storage.foundOrganisation({ codeHash, account, control, quotas, now });
  assert(founded.ok, "A test's own organisation must be founded.");
  return { founder: await memberOf(storage, account), log, first };
};

export const memberOf = async (storage: Storage, { account }: Pick<NewAccount, "account">): Promise<Member> => {
  const { organisation, receivingKey } = must(await storage.accountById({ account }));
  return { organisation, account, receivingKey };
};

/** Someone who answered an invitation, and is served nothing yet. */
export const join = async (storage: Storage, { founder }: Pick<Organisation, "founder">): Promise<Member> => {
  const invitation = random(16);
  const account = newAccount();
  const opened = await storage.openInvitation({
    by: founder,
    invitation,
    expiresAt: instantOf(now + day),
    now,
    openMax: 100,
  });
  const answered = await storage.answerInvitation({ invitation, answer: random(200), account, accountsMax, now });
  assert(opened.ok && answered.ok, "A test's own person must get in.");
  return memberOf(storage, account);
};

/** The first entry of a case, that is nowhere yet. */
export const beginningOf = (
  by: Member,
  readers: readonly Member[],
  logId: LogId = newLogId(),
): { readonly log: LogWriter; readonly control: BegunControl } => {
  const log = writeLog("case", logId);
  const keys = [by, ...readers].map(({ receivingKey }) => receivingKey);
  const { entry } = log.control(by.receivingKey);
  const control = {
    logId,
    kind: "case",
    after: undefined,
    entry,
    wraps: keys.map(wrapFor),
    serving: { keys },
  } as const;
  return { log, control };
};

/** A case of this member's, served to these keys besides their own. */
export const openCase = async (
  storage: Storage,
  by: Member,
  others: readonly KeyId[] = [],
): Promise<LogWriter & { readonly first: Written }> => {
  const log = writeLog("case");
  const first = log.control(by.receivingKey);
  const keys = [by.receivingKey, ...others];
  const control: NewControl = {
    logId: log.logId,
    kind: "case",
    after: undefined,
    entry: first.entry,
    wraps: keys.map(wrapFor),
    serving: { keys },
  };
  const begun = await storage.appendControl({ by, control, organisation: undefined, quotas: wide, now });
  assert(begun.ok, "A test's own case must begin.");
  return { ...log, first };
};

/** Control entries after the first. */
export const controlAfter = (
  log: LogWriter,
  kind: NewControl["kind"],
  after: EntryHash,
  written: Written,
  more: Partial<Pick<NewControl, "wraps" | "serving">> = {},
): NewControl => ({
  logId: log.logId,
  kind,
  after,
  entry: written.entry,
  wraps: [],
  serving: undefined,
  ...more,
});

/** Everything of a log as this member is served it. */
export const readLog = async (storage: Storage, by: Member, logId: LogId): Promise<readonly Bytes[]> => {
  const [log] = await storage.entriesAfter({
    by,
    wants: [{ logId, after: 0, digest: new Uint8Array(32) }],
    bytesMax: 1_000_000_000,
  });
  return must(log).entries;
};
