/**
 * Entries for tests of the wire: right in form, sealed by nobody, and as different as entries can be. The wire judges
 * none of it.
 */

import { assert } from "@amana/kernel";
import {
  deviceIdOf,
  encodeEntry,
  encodeHeader,
  entryHashOf,
  fromAscii,
  hashEntry,
  keyIdOf,
  logIdOf,
  sha256,
  type Bytes,
  type EntryHash,
  type Header,
  type LogId,
  type SealedEntry,
} from "@amana/log";

export const must = <T>(value: T | undefined): T => {
  assert(value !== undefined, "A test's own value must be there.");
  return value;
};

export const digestOf = (text: string): Bytes => sha256(fromAscii(text));
export const logIdFor = (name: string): LogId => must(logIdOf(digestOf(`log ${name}`).slice(0, 16)));
export const hashFor = (name: string): EntryHash => must(entryHashOf(digestOf(`hash ${name}`)));

/** Fills in what a test does not care about: the first entry of Nour's phone in a case. */
export const headerWith = (fields: Partial<Header>): Header => ({
  kind: "content",
  logKind: "case",
  logId: logIdFor("case"),
  control: hashFor("control"),
  organisationHead: hashFor("organisation head"),
  author: must(keyIdOf(digestOf("Nour"))),
  device: must(deviceIdOf(digestOf("Nour's phone").slice(0, 16))),
  counter: 1,
  previous: undefined,
  parents: [],
  nonce: digestOf("nonce"),
  keyCommitment: undefined,
  ...fields,
});

export type Body = { readonly length: number; readonly isErased: boolean };

export const entryOf = (header: Header, body: Partial<Body> = {}): SealedEntry => {
  const headerBytes = encodeHeader(header);
  const ciphertext = new Uint8Array(body.length ?? 272).fill(header.counter);
  const bodyDigest = sha256(ciphertext);
  const hash = hashEntry(headerBytes, bodyDigest);
  const signature = new Uint8Array(64).fill(7);
  return {
    hash,
    header,
    headerBytes,
    bodyDigest,
    ciphertext: body.isErased === true ? undefined : ciphertext,
    signature,
  };
};

/** Entries of one device, each after the one before. */
export const chainOf = (count: number, fields: Partial<Header> = {}): readonly SealedEntry[] => {
  const entries: SealedEntry[] = [];
  for (let counter = 1; counter <= count; counter++) {
    const nonce = digestOf(`nonce ${counter}`);
    entries.push(entryOf(headerWith({ counter, previous: entries.at(-1)?.hash, nonce, ...fields })));
  }
  return entries;
};

export const bytesOfAll = (entries: readonly SealedEntry[]): readonly Bytes[] => entries.map(encodeEntry);
