/**
 * A member with a client of their own making: a curious or bribed insider, or someone who left. They have their own
 * kit, password and keys, and whatever was wrapped to them; they keep to no rule but those that others enforce.
 *
 * They write on the wire and with the vault directly, never through a device of ours.
 */

import { assert, type Instant, type Result } from "@amana/kernel";
import {
  addEntries,
  deviceIdOf,
  emptyHistory,
  encodeEntry,
  nextLinks,
  parseEntry,
  review,
  toHex,
  type Bytes,
  type DeviceId,
  type EntryHash,
  type Header,
  type History,
  type KeyId,
  type LogId,
  type LogKind,
  type Received,
  type SealedEntry,
} from "@amana/log";
import {
  digestOfNone,
  type PushResult,
  type RequestName,
  type RequestOf,
  type ResponseOf,
  type WireError,
} from "@amana/sync";
import {
  commitTo,
  deriveAccount,
  encodeWrap,
  makeCaseKey,
  openAccountVault,
  parseKit,
  parseWrap,
  platformDeflate,
  readCase,
  readOrganisation,
  seal,
  signIn,
  unwrap,
  type AccountVault,
  type CaseKey,
  type CaseReading,
  type Deflate,
  type IdentityKey,
  type Kdf,
  type OrganisationReading,
  type Randomness,
  type SealedEvent,
  type Unlocked,
  type Wrap,
} from "@amana/vault";
import type { Carrier } from "../device/memory-server.ts";
import { ask } from "./hostile-server.ts";

export type HostileMemberPorts = {
  readonly server: Carrier;
  readonly origin: string;
  readonly randomness: Randomness;
  readonly kdf: Kdf;
  /** The 54 digits of their own kit, and their own password. */
  readonly kit: string;
  readonly password: string;
  /** What they were told when they were invited. */
  readonly root: EntryHash;
  readonly organisation: LogId;
};

/** What they write otherwise than an honest client would. */
export type Forging = {
  readonly header?: Partial<Header>;
  readonly signedBy?: IdentityKey;
  readonly caseKey?: CaseKey;
  readonly beginsEpoch?: boolean;
  readonly recordedAt?: Instant;
  /** Puts into the body what no honest stream would be. */
  readonly deflate?: Deflate;
};

export type ForgingControl = Forging & { readonly wraps?: readonly Wrap[]; readonly serving?: readonly KeyId[] };

export type HostileMember = {
  readonly account: Unlocked;
  readonly own: AccountVault;
  readonly device: DeviceId;
  /** Every key they ever had, by the commitment of its epoch. Nobody can take one back. */
  readonly keys: Map<string, CaseKey>;
  readonly call: <Name extends RequestName>(
    name: Name,
    request: RequestOf<Name>,
  ) => Promise<Result<ResponseOf<Name>, WireError>>;
  readonly entriesOf: (logId: LogId) => Promise<readonly Received[]>;
  readonly readOrganisation: () => Promise<OrganisationReading>;
  readonly readCase: (logId: LogId) => Promise<CaseReading>;
  /** Seals, and sends nothing. */
  readonly forge: (logId: LogId, events: readonly SealedEvent[], forging?: Forging) => Promise<SealedEntry>;
  readonly push: (logId: LogId, ...entries: readonly SealedEntry[]) => Promise<readonly PushResult[]>;
  /** The server takes any control entry that follows the last one, and judges none. */
  readonly appendControl: (
    logId: LogId,
    events: readonly SealedEvent[],
    forging?: ForgingControl,
  ) => Promise<SealedEntry>;
};

export const makeHostileMember = async (ports: HostileMemberPorts): Promise<HostileMember> => {
  const { server, randomness } = ports;
  const device = deviceIdOf(randomness(16));
  assert(device !== undefined, "A device id has 16 bytes.");
  const kit = parseKit(ports.kit);
  assert(kit.ok, "A hostile member knows their own kit.");
  const account = await deriveAccount(kit.value, ports.password, ports.kdf);
  const token = await signInAs(ports, account, device);
  const call: HostileMember["call"] = (name, request) => ask(server, token, name, request);
  const vault = must(await call("read-vault", {}));
  const own = await openAccountVault(vault.vault, account, 0, platformDeflate);
  assert(own.ok, "A hostile member opens their own vault.");
  const keys = new Map<string, CaseKey>();
  const client = { ...ports, account, own: own.value.vault, device, keys, call, last: new Map<LogId, EntryHash>() };
  return {
    account,
    own: own.value.vault,
    device,
    keys,
    call,
    entriesOf: (logId) => entriesOf(client, logId),
    readOrganisation: () => organisationOf(client),
    readCase: (logId) => caseOf(client, logId),
    forge: (logId, events, forging) => forge(client, logId, events, forging),
    push: (logId, ...entries) => push(client, logId, entries),
    appendControl: (logId, events, forging) => appendControl(client, logId, events, forging),
  };
};

type Client = HostileMemberPorts &
  Pick<HostileMember, "account" | "own" | "device" | "keys" | "call"> & { readonly last: Map<LogId, EntryHash> };

const must = <T>(result: Result<T, unknown>): T => {
  assert(result.ok, "The wire refused what a hostile member may ask.");
  return result.value;
};

const signInAs = async (ports: HostileMemberPorts, account: Unlocked, device: DeviceId): Promise<Bytes> => {
  const id = toHex(account.accountId);
  const { challenge } = must(await ask(ports.server, undefined, "begin-sign-in", { account: id }));
  const signature = await signIn(account, ports.origin, challenge);
  return must(
    await ask(ports.server, undefined, "sign-in", { account: id, challenge, signature, device, isFresh: false }),
  ).token;
};

const entriesOf = async (client: Client, logId: LogId): Promise<readonly Received[]> => {
  const want = { logId, after: 0, digest: digestOfNone() };
  const pulled = must(await client.call("pull", { wants: [want], bytesMax: 1_000_000, withWraps: false }));
  return (pulled.logs[0]?.entries ?? []).flatMap((bytes) => {
    const parsed = parseEntry(bytes);
    return parsed.ok ? [parsed.value] : [];
  });
};

const organisationOf = async (client: Client): Promise<OrganisationReading> => {
  const { organisation: logId, root, keys } = client;
  const entries = await entriesOf(client, logId);
  const read = (): Promise<OrganisationReading> =>
    readOrganisation({ logId, root, entries, keyOf: (commitment) => keys.get(toHex(commitment)) }, platformDeflate);
  // Without the key nobody is known; with the wraps of whoever signed them, the log says who that was.
  await openWraps(client, logId);
  return read();
};

const caseOf = async (client: Client, logId: LogId): Promise<CaseReading> => {
  const organisation = await organisationOf(client);
  await openWraps(client, logId);
  const entries = await entriesOf(client, logId);
  const keyOf = (commitment: Bytes): CaseKey | undefined => client.keys.get(toHex(commitment));
  return readCase({ logId, entries, organisation, keyOf }, platformDeflate);
};

/** Opens whatever is wrapped to them, whoever says to have sent it. */
const openWraps = async (client: Client, logId: LogId): Promise<void> => {
  const answer = await client.call("read-wraps", { logs: [logId] });
  for (const bytes of answer.ok ? (answer.value.logs[0]?.wraps ?? []) : []) {
    const parsed = parseWrap(bytes);
    if (!parsed.ok) continue;
    const { keyCommitment } = parsed.value;
    const asked = { wrap: parsed.value, purpose: "key-wrap", logId, keyCommitment, author: undefined } as const;
    const key = await unwrap("case-key", { ...asked, recipient: client.own.receivingKey });
    if (key.ok) client.keys.set(toHex(keyCommitment), key.value);
  }
};

const historyFrom = (logId: LogId, logKind: LogKind, entries: readonly Received[]): History =>
  addEntries(
    emptyHistory(logId, logKind),
    entries.map((received) => ({ received, verdict: "verified" })),
  ).history;

const forge = async (
  client: Client,
  logId: LogId,
  events: readonly SealedEvent[],
  forging: Forging = {},
): Promise<SealedEntry> => {
  const organisation = await organisationOf(client);
  const logKind = logId === client.organisation ? "organisation" : "case";
  const entries = await entriesOf(client, logId);
  const held = historyFrom(logId, logKind, entries);
  const begins = forging.beginsEpoch === true;
  const caseKey = forging.caseKey ?? (begins ? makeCaseKey(client.randomness) : newestKey(client, held));
  assert(caseKey !== undefined, "A hostile member seals under a key they have.");
  const keyCommitment = begins ? await commitTo(caseKey, logId) : undefined;
  if (keyCommitment !== undefined) client.keys.set(toHex(keyCommitment), caseKey);
  const header = {
    kind: begins || logKind === "organisation" ? "control" : "content",
    logKind,
    logId,
    organisationHead: logKind === "organisation" ? undefined : organisation.review.controlLine.at(-1),
    device: client.device,
    nonce: client.randomness(32),
    keyCommitment,
    ...nextLinks(held, review(held), client.last.get(logId)),
    ...forging.header,
  } as const;
  const body = { recordedAt: forging.recordedAt ?? recordedAtByDefault, events };
  const author = forging.signedBy ?? client.own.identityKey;
  const sealed = await seal({ header, body, author, caseKey }, forging.deflate ?? platformDeflate);
  assert(sealed.ok, "A forged entry must fit, or it proves nothing.");
  return sealed.value;
};

/** Some moment: what a hostile author says of time proves nothing. */
const recordedAtByDefault = 1_795_255_200_000 as Instant; // 2026-11-21T10:00:00Z

/** Of the last epoch that they have a key of. */
const newestKey = (client: Client, held: History): CaseKey | undefined => {
  const line = review(held).controlLine.map((hash) => held.held.get(hash)?.entry.header.keyCommitment);
  const known = line.map((commitment) => (commitment === undefined ? undefined : client.keys.get(toHex(commitment))));
  return known.filter((key) => key !== undefined).at(-1);
};

const push = async (client: Client, logId: LogId, entries: readonly SealedEntry[]): Promise<readonly PushResult[]> => {
  const pushed = must(await client.call("push", { logs: [{ logId, entries: entries.map(encodeEntry) }] }));
  for (const entry of entries) client.last.set(logId, entry.hash);
  return pushed.logs[0]?.results ?? [];
};

const appendControl = async (
  client: Client,
  logId: LogId,
  events: readonly SealedEvent[],
  { wraps = [], serving, ...forging }: ForgingControl = {},
): Promise<SealedEntry> => {
  const entry = await forge(client, logId, events, { ...forging, header: { kind: "control", ...forging.header } });
  const appended = must(
    await client.call("append-control", {
      logId,
      kind: entry.header.logKind,
      after: entry.header.control,
      entry: encodeEntry(entry),
      wraps: wraps.map(encodeWrap),
      serving: serving === undefined ? undefined : { keys: serving },
      organisation: undefined,
    }),
  );
  assert(appended.isAppended, "The server takes a hostile control entry: it judges none.");
  client.last.set(logId, entry.hash);
  return entry;
};
