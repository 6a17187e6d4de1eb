/**
 * People with keys of their own, and entries that are right in form: sealed by nobody, because the server could not tell.
 */

import { createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import { assert, isInstant, type Instant } from "@amana/kernel";
import {
  concat,
  deviceIdOf,
  encodeCbor,
  encodeEntry,
  encodeHeader,
  fromAscii,
  hashEntry,
  idBytes,
  keyIdOf,
  label,
  logIdOf,
  sha256,
  toHex,
  type Bytes,
  type DeviceId,
  type EntryHash,
  type Header,
  type KeyId,
  type LogId,
  type Purpose,
} from "@amana/log";
import type { ControlAppend, NewAccount } from "@amana/sync";

export const digestOf = (text: string): Bytes => sha256(fromAscii(text));

const must = <T>(value: T | undefined): T => {
  assert(value !== undefined, "A test's own id must be well formed.");
  return value;
};

export const logIdFor = (name: string): LogId => must(logIdOf(digestOf(`log ${name}`).slice(0, 16)));
export const keyIdFor = (name: string): KeyId => must(keyIdOf(digestOf(`key ${name}`)));
export const deviceIdFor = (name: string): DeviceId => must(deviceIdOf(digestOf(`device ${name}`).slice(0, 16)));

export const at = (text: string): Instant => {
  const milliseconds = Date.parse(text);
  assert(isInstant(milliseconds), "A test's own time must be one.");
  return milliseconds;
};

export type Person = {
  readonly name: string;
  readonly account: NewAccount;
  readonly device: DeviceId;
  readonly identity: KeyId;
  readonly sign: (purpose: Purpose, message: Bytes) => Bytes;
  /** Of the organisation that they are in. */
  readonly organisationHead?: EntryHash;
};

// PKCS#8 (RFC 8410) is a fixed prefix and the seed.
const pkcs8Prefix = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);

export const loginKeyFor = (name: string): { readonly publicKey: Bytes; readonly privateKey: KeyObject } => {
  const encoded = Buffer.from(concat(pkcs8Prefix, digestOf(`login ${name}`)));
  const privateKey = createPrivateKey({ key: encoded, format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return { publicKey: new Uint8Array(spki.subarray(-32)), privateKey };
};

export const signWith = (privateKey: KeyObject, purpose: Purpose, message: Bytes): Bytes =>
  new Uint8Array(sign(null, concat(label(purpose), message), privateKey));

export const makePerson = (name: string): Person => {
  const { publicKey, privateKey } = loginKeyFor(name);
  return {
    name,
    account: {
      account: toHex(digestOf(`account ${name}`).slice(0, 16)),
      loginPublic: publicKey,
      receivingKey: keyIdFor(`receiving ${name}`),
      vault: digestOf(`vault ${name}`),
    },
    device: deviceIdFor(name),
    identity: keyIdFor(`identity ${name}`),
    sign: (purpose, message) => signWith(privateKey, purpose, message),
  };
};

export type MadeEntry = { readonly hash: EntryHash; readonly bytes: Bytes; readonly header: Header };

const entryOf = (header: Header, body = "body"): MadeEntry => {
  const headerBytes = encodeHeader(header);
  const ciphertext = new Uint8Array(272).fill(body.length);
  ciphertext.set(digestOf(body));
  const bodyDigest = sha256(ciphertext);
  const hash = hashEntry(headerBytes, bodyDigest);
  const bytes = encodeEntry({
    hash,
    header,
    headerBytes,
    bodyDigest,
    ciphertext,
    signature: new Uint8Array(64).fill(7),
  });
  return { hash, bytes, header };
};

const nowhere = must(keyIdOf(digestOf("organisation head"))) as string as EntryHash;

/** The first control entry of a log. */
export const firstEntry = (person: Person, logId: LogId, kind: Header["logKind"]): MadeEntry =>
  entryOf({
    kind: "control",
    logKind: kind,
    logId,
    control: undefined,
    organisationHead: kind === "organisation" ? undefined : (person.organisationHead ?? nowhere),
    author: person.identity,
    device: person.device,
    counter: 1,
    previous: undefined,
    parents: [],
    nonce: digestOf(`nonce ${person.name} ${logId}`),
    keyCommitment: digestOf(`commitment ${logId}`),
  });

/** The entry of this person after another of theirs or, as their first, after `control`. */
export const nextEntry = (person: Person, after: MadeEntry, fields: Partial<Header> = {}, body = "body"): MadeEntry => {
  const isOwn = after.header.author === person.identity;
  const control = after.header.kind === "control" ? after.hash : after.header.control;
  return entryOf(
    {
      ...after.header,
      kind: "content",
      control,
      author: person.identity,
      device: person.device,
      counter: isOwn ? after.header.counter + 1 : 1,
      previous: isOwn ? after.hash : undefined,
      parents: [],
      nonce: digestOf(`nonce ${person.name} ${after.hash} ${body}`),
      keyCommitment: undefined,
      ...fields,
    },
    body,
  );
};

/** A wrap in form: nobody's key is in it. */
export const wrapFor = (logId: LogId, recipient: KeyId, text = "wrap"): Bytes =>
  encodeCbor([
    1,
    1,
    6,
    idBytes(logId),
    digestOf(`commitment ${logId}`),
    idBytes(recipient),
    idBytes(keyIdFor("author")),
    new Uint8Array(1120).fill(text.length),
    new Uint8Array(48).fill(1),
    new Uint8Array(64).fill(2),
  ]);

export const beginLog = (
  person: Person,
  logId: LogId,
  kind: Header["logKind"],
  served: readonly Person[] = [person],
): { readonly append: ControlAppend; readonly entry: MadeEntry } => {
  const entry = firstEntry(person, logId, kind);
  const keys = served.map(({ account }) => account.receivingKey);
  const wraps = keys.map((key) => wrapFor(logId, key));
  return {
    entry,
    append: { logId, kind, after: undefined, entry: entry.bytes, wraps, serving: { keys }, organisation: undefined },
  };
};
