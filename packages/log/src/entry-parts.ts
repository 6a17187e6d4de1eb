/**
 * An entry taken apart at the level of bytes and put together again, without deciding whether it is a good one.
 *
 * What comes apart comes together byte for byte. Only the one form of an entry of version 1 comes apart; anything else
 * is read as CBOR, or travels whole. Format: docs/formats/entry.md §1 and §2.
 */

import { concat, sha256, type Bytes } from "./bytes.ts";
import {
  cursorOver,
  expectByte,
  fail,
  headBytes,
  isReadWhole,
  pageOf,
  put,
  putHead,
  putNumber,
  take,
  takeHead,
  takeNumber,
  type Cursor,
  type Page,
} from "./cursor.ts";
import { label } from "./labels.ts";
import {
  deviceIdBytes,
  hashBytes,
  headerBytesMax,
  logIdBytes,
  nonceBytes,
  parentsMax,
  signatureBytes,
} from "./limits.ts";

/** Views of bytes that are somebody else's: only to be read. */
export type EntryParts = {
  readonly isControl: boolean;
  readonly isCase: boolean;
  readonly logId: Bytes;
  readonly control: Bytes | undefined;
  readonly organisationHead: Bytes | undefined;
  readonly author: Bytes;
  readonly device: Bytes;
  readonly counter: number;
  readonly previous: Bytes | undefined;
  readonly parents: readonly Bytes[];
  readonly nonce: Bytes;
  readonly keyCommitment: Bytes | undefined;
  /** Only where parts are joined: what is taken apart has none. */
  readonly destroys?: Bytes | undefined;
  /** A husk has the digest of its body instead. */
  readonly isHusk: boolean;
  readonly body: Bytes;
  readonly signature: Bytes;
};

export const major = { number: 0, bytes: 2, array: 4 } as const;
const nullByte = 0xf6;
/** What the one form of an entry says of itself, in its header. Anything else is of the future, or nothing. */
export const headerVersion = 1;
export const suite = 1;
export const headerFields = 14;
/** One more in the few that say what is to be destroyed. They are read by CBOR, and travel whole. */
export const headerFieldsWhereDestroying = 15;
export const kindNumbers = { content: 0, control: 1 } as const;
export const logKindNumbers = { organisation: 1, case: 2 } as const;

/** The parts and the header they stand in; nothing when the bytes are not of this one form. */
export const splitEntry = (bytes: Bytes): { readonly parts: EntryParts; readonly headerBytes: Bytes } | undefined => {
  const cursor = cursorOver(bytes);
  const count = takeHead(cursor, major.array);
  const isHusk = count === 4;
  if (count !== 3 && !isHusk) fail(cursor);
  const headerBytes = take(cursor, takeHead(cursor, major.bytes));
  if (isHusk) expectByte(cursor, nullByte);
  const ciphertext = isHusk ? undefined : take(cursor, takeHead(cursor, major.bytes));
  const signature = takeBytes(cursor, signatureBytes);
  const body = ciphertext ?? takeBytes(cursor, hashBytes);
  const header = isReadWhole(cursor) ? splitHeader(headerBytes) : undefined;
  return header === undefined ? undefined : { parts: { ...header, isHusk, body, signature }, headerBytes };
};

export type HeaderParts = Omit<EntryParts, "isHusk" | "body" | "signature">;

const splitHeader = (headerBytes: Bytes): HeaderParts | undefined => {
  const cursor = cursorOver(headerBytes);
  if (takeHead(cursor, major.array) !== headerFields) fail(cursor);
  expectByte(cursor, headerVersion);
  expectByte(cursor, suite);
  const kind = takeNumber(cursor, 1);
  const logKind = takeNumber(cursor, 1);
  if (kind !== kindNumbers.content && kind !== kindNumbers.control) fail(cursor);
  if (logKind !== logKindNumbers.organisation && logKind !== logKindNumbers.case) fail(cursor);
  const parts = {
    isControl: kind === kindNumbers.control,
    isCase: logKind === logKindNumbers.case,
    logId: takeBytes(cursor, logIdBytes),
    control: takeHash(cursor),
    organisationHead: takeHash(cursor),
    author: takeBytes(cursor, hashBytes),
    device: takeBytes(cursor, deviceIdBytes),
    counter: takeHead(cursor, major.number),
    previous: takeHash(cursor),
    parents: takeParents(cursor),
    nonce: takeBytes(cursor, nonceBytes),
    keyCommitment: takeHash(cursor),
  };
  return isReadWhole(cursor) ? parts : undefined;
};

const takeBytes = (cursor: Cursor, length: number): Bytes => {
  if (takeHead(cursor, major.bytes) !== length) fail(cursor);
  return take(cursor, length);
};

/** Of 32 bytes, or null. */
const takeHash = (cursor: Cursor): Bytes | undefined => {
  if (cursor.bytes[cursor.at] !== nullByte) return takeBytes(cursor, hashBytes);
  cursor.at += 1;
  return undefined;
};

const takeParents = (cursor: Cursor): readonly Bytes[] => {
  const count = takeHead(cursor, major.array);
  if (count > parentsMax) fail(cursor);
  return cursor.hasFailed ? [] : Array.from({ length: count }, () => takeBytes(cursor, hashBytes));
};

/** An entry, and what stands in it as views of its bytes. */
export type Joined = {
  readonly entry: Bytes;
  readonly headerBytes: Bytes;
  readonly body: Bytes;
  readonly signature: Bytes;
};

/** The entry of these parts; in bytes of its own, or on a page that it is given, where there is room. */
export const joinEntry = (parts: EntryParts, shared?: Page): Joined => {
  const { isHusk, body, signature } = parts;
  const headerLength = headerSize(parts);
  const size = 1 + headBytes(headerLength) + headerLength + (isHusk ? 1 : 0) + sizeOf(body) + sizeOf(signature);
  const page = shared !== undefined && shared.at + size <= shared.bytes.length ? shared : pageOf(size);
  const start = page.at;
  putHead(page, major.array, isHusk ? 4 : 3);
  putHead(page, major.bytes, headerLength);
  const headerAt = page.at;
  putHeader(page, parts);
  const { bodyAt, signatureAt } = putRest(page, parts);
  return {
    entry: page === shared ? page.bytes.subarray(start, page.at) : page.bytes,
    headerBytes: page.bytes.subarray(headerAt, headerAt + headerLength),
    body: page.bytes.subarray(bodyAt, bodyAt + body.length),
    signature: page.bytes.subarray(signatureAt, signatureAt + signature.length),
  };
};

/** What of an entry stands beside its header. */
export type Rest = Omit<EntryParts, keyof HeaderParts>;

/** The same of a header that is there already. */
export const joinWhole = (headerBytes: Bytes, rest: Rest): Bytes => {
  const page = pageOf(wholeSize(headerBytes, rest));
  putWhole(page, headerBytes, rest);
  return page.bytes;
};

export const wholeSize = (headerBytes: Bytes, { isHusk, body, signature }: Rest): number =>
  1 + sizeOf(headerBytes) + (isHusk ? 1 : 0) + sizeOf(body) + sizeOf(signature);

/** Onto a page with other things. */
export const putWhole = (page: Page, headerBytes: Bytes, rest: Rest): void => {
  putHead(page, major.array, rest.isHusk ? 4 : 3);
  putBytes(page, headerBytes);
  putRest(page, rest);
};

type RestAt = { readonly bodyAt: number; readonly signatureAt: number };

const putRest = (page: Page, { isHusk, body, signature }: Rest): RestAt => {
  if (isHusk) {
    putNumber(page, nullByte, 1);
    const signatureAt = putBytes(page, signature);
    return { signatureAt, bodyAt: putBytes(page, body) };
  }
  const bodyAt = putBytes(page, body);
  return { bodyAt, signatureAt: putBytes(page, signature) };
};

export const joinHeader = (parts: HeaderParts): Bytes => {
  const page = pageOf(headerSize(parts));
  putHeader(page, parts);
  return page.bytes;
};

const putHeader = (page: Page, parts: HeaderParts): void => {
  putHead(page, major.array, parts.destroys === undefined ? headerFields : headerFieldsWhereDestroying);
  putNumber(page, headerVersion, 1);
  putNumber(page, suite, 1);
  putNumber(page, parts.isControl ? kindNumbers.control : kindNumbers.content, 1);
  putNumber(page, parts.isCase ? logKindNumbers.case : logKindNumbers.organisation, 1);
  putBytes(page, parts.logId);
  putHash(page, parts.control);
  putHash(page, parts.organisationHead);
  putBytes(page, parts.author);
  putBytes(page, parts.device);
  putHead(page, major.number, parts.counter);
  putHash(page, parts.previous);
  putHead(page, major.array, parts.parents.length);
  for (const parent of parts.parents) putBytes(page, parent);
  putBytes(page, parts.nonce);
  putHash(page, parts.keyCommitment);
  if (parts.destroys !== undefined) putBytes(page, parts.destroys);
};

const headerSize = (header: HeaderParts): number => {
  const { control, organisationHead, counter, previous, parents, keyCommitment, destroys } = header;
  const isGiven = [control, organisationHead, previous, keyCommitment].filter((hash) => hash !== undefined).length;
  const fixed = 5 + (1 + logIdBytes) + hashSize + (1 + deviceIdBytes) + (2 + nonceBytes);
  const last = destroys === undefined ? 0 : hashSize;
  return fixed + isGiven * hashSize + (4 - isGiven) + headBytes(counter) + 1 + parents.length * hashSize + last;
};

const hashSize = 2 + hashBytes;

const sizeOf = (bytes: Bytes): number => headBytes(bytes.length) + bytes.length;

/** Gives where the bytes themselves begin. */
const putBytes = (page: Page, bytes: Bytes): number => {
  putHead(page, major.bytes, bytes.length);
  const { at } = page;
  put(page, bytes);
  return at;
};

const putHash = (page: Page, hash: Bytes | undefined): void => {
  if (hash === undefined) putNumber(page, nullByte, 1);
  else putBytes(page, hash);
};

const hashLabel = label("entry-hash");
/** Where what is hashed is put together: nothing of it is secret, and a place for each would be most of the work. */
const hashed = new Uint8Array(hashLabel.length + headerBytesMax + hashBytes);
hashed.set(hashLabel);

/** The name of an entry as bytes. `bodyDigest` is SHA-256 of the ciphertext, so that the name outlives the body. */
export const nameOf = (headerBytes: Bytes, bodyDigest: Bytes): Bytes => {
  const bodyAt = hashLabel.length + headerBytes.length;
  const isRoom = bodyAt + hashBytes <= hashed.length;
  const message = isRoom ? hashed : concat(hashLabel, headerBytes, bodyDigest);
  message.set(headerBytes, hashLabel.length);
  message.set(bodyDigest, bodyAt);
  return sha256(message.subarray(0, bodyAt + hashBytes));
};

/** The same of parts. */
export const hashOfParts = ({ isHusk, body }: EntryParts, headerBytes: Bytes): Bytes =>
  nameOf(headerBytes, isHusk ? body : sha256(body));
