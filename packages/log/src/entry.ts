/**
 * A sealed entry: header, ciphertext, signature, and the hash that names it.
 *
 * Nothing here opens or verifies; the shape, the size and the name are all that can be said without keys.
 * Format: docs/formats/entry.md §1 and §4.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import { concat, sha256, type Bytes } from "./bytes.ts";
import { bytesOf, decodeCbor, isCborArray, type CborValue } from "./cbor.ts";
import { headBytes, pageOf, put, putHead } from "./cursor.ts";
import {
  joinWhole,
  major,
  nameOf,
  putWhole,
  splitEntry,
  wholeSize,
  type EntryParts,
  type Joined,
  type Rest,
} from "./entry-parts.ts";
import { decodeHeader, headerOfParts, type Header, type HeaderRead } from "./header.ts";
import { entryHashOf, type EntryHash } from "./ids.ts";
import { label } from "./labels.ts";
import {
  bodyBytesMax,
  ciphertextBytesMax,
  entryBytesMax,
  hashBytes,
  headerBytesMax,
  signatureBytes,
  tagBytes,
} from "./limits.ts";
import { isPaddedLength } from "./padding.ts";

export type SealedEntry = {
  readonly hash: EntryHash;
  readonly header: Header;
  readonly headerBytes: Bytes;
  readonly bodyDigest: Bytes;
  /** Missing after erasure. Whether it may be missing is a question of authority: `vault`. */
  readonly ciphertext: Bytes | undefined;
  readonly signature: Bytes;
};

/** An entry of a version, suite or kind of the future. Only its name is known. */
export type NewerEntry = { readonly hash: EntryHash; readonly bytes: Bytes };

export type Received =
  { readonly kind: "entry"; readonly entry: SealedEntry } | { readonly kind: "newer"; readonly entry: NewerEntry };

export type NotAnEntry = { readonly type: "NotAnEntry" };

export const headerHash = (headerBytes: Bytes): Bytes => sha256(concat(label("header-hash"), headerBytes));

/** The name of an entry. `bodyDigest` is SHA-256 of the ciphertext, so that the name outlives the body. */
export const hashEntry = (headerBytes: Bytes, bodyDigest: Bytes): EntryHash => hashIn(nameOf(headerBytes, bodyDigest));

const hashIn = (name: Bytes): EntryHash => {
  const hash = entryHashOf(name);
  assert(hash !== undefined, "SHA-256 gave something else than 32 bytes.");
  return hash;
};

/** The bytes that travel and are stored: whole, or as a husk when the body is gone. */
export const encodeEntry = (entry: SealedEntry): Bytes => joinWhole(entry.headerBytes, restOf(entry));

const restOf = ({ ciphertext, bodyDigest, signature }: SealedEntry): Rest => ({
  isHusk: ciphertext === undefined,
  body: ciphertext ?? bodyDigest,
  signature,
});

/** How many bytes travel and are stored. */
export const entrySize = (received: Received): number =>
  received.kind === "entry"
    ? wholeSize(received.entry.headerBytes, restOf(received.entry))
    : received.entry.bytes.length;

/** A list of them in CBOR, as `encodeCbor` writes the list of their bytes. */
export const encodeEntries = (entries: readonly Received[]): Bytes => {
  const sizes = entries.map(entrySize);
  const page = pageOf(sizes.reduce((sum, size) => sum + headBytes(size) + size, headBytes(entries.length)));
  putHead(page, major.array, entries.length);
  for (const [at, received] of entries.entries()) {
    putHead(page, major.bytes, sizes[at] ?? 0);
    if (received.kind === "entry") putWhole(page, received.entry.headerBytes, restOf(received.entry));
    else put(page, received.entry.bytes);
  }
  return page.bytes;
};

/** What is left of an entry when its body is erased; its name, place and signature stay. Copies, so that nothing holds the body. */
export const huskOf = (entry: SealedEntry): SealedEntry => ({
  ...entry,
  headerBytes: entry.headerBytes.slice(),
  signature: entry.signature.slice(),
  ciphertext: undefined,
});

/** Reads what arrived, from anyone. Refuses by size before it reads. The bytes belong to the entry from then on. */
export const parseEntry = (bytes: Bytes): Result<Received, NotAnEntry> => {
  if (bytes.length > entryBytesMax) return err({ type: "NotAnEntry" });
  const plain = readPlain(bytes);
  return plain === undefined ? parseAny(bytes) : ok({ kind: "entry", entry: plain });
};

// [Note: The one form, read at once] Nearly every entry is of version 1 in its one form, and nothing is read as often. So it is
// taken apart in one pass that knows no other form. Whatever that pass does not take goes through CBOR, which says
// what is wrong with it; a test holds both to the same answer.

/** An entry of the one form, its parts views of these bytes; nothing when it is of another, or breaks a rule. */
const readPlain = (bytes: Bytes): SealedEntry | undefined => {
  const split = splitEntry(bytes);
  if (split === undefined) return undefined;
  const { parts, headerBytes } = split;
  return entryOfParts(parts, { headerBytes, body: parts.body, signature: parts.signature })?.entry;
};

/** An entry, the parts it was made of, and the bytes of its name. */
export type EntryRead = { readonly parts: EntryParts; readonly entry: SealedEntry; readonly name: Bytes };

/**
 * The same of an entry whose parts are known, which need not be taken apart. It keeps these bytes of it. `before` is one that was
 * read just before, and may have parts in common with it.
 */
export const entryOfParts = (
  parts: EntryParts,
  { headerBytes, body, signature }: Omit<Joined, "entry">,
  before?: EntryRead,
): EntryRead | undefined => {
  const { isHusk } = parts;
  if (headerBytes.length > headerBytesMax) return undefined;
  if (!isHusk && !isCiphertextLength(body.length)) return undefined;
  const header = headerOfParts(parts, before && headerReadOf(before));
  if (header === undefined) return undefined;
  const bodyDigest = isHusk ? body : sha256(body);
  const ciphertext = isHusk ? undefined : body;
  const name = nameOf(headerBytes, bodyDigest);
  return { parts, name, entry: { hash: hashIn(name), header, headerBytes, bodyDigest, ciphertext, signature } };
};

const headerReadOf = ({ parts, entry, name }: EntryRead): HeaderRead => ({
  parts,
  name,
  header: entry.header,
  hash: entry.hash,
});

/** Reads an entry of any form, by CBOR alone. The same answer as `parseEntry`, more slowly. */
export const parseAny = (bytes: Bytes): Result<Received, NotAnEntry> => {
  const decoded = decodeCbor(bytes);
  const parts = decoded.ok ? readParts(decoded.value) : undefined;
  if (parts === undefined) return err({ type: "NotAnEntry" });
  const hash = hashEntry(parts.headerBytes, parts.bodyDigest);
  const header = decodeHeader(parts.headerBytes);
  if (header.ok) {
    const isBody = parts.ciphertext === undefined || isCiphertextLength(parts.ciphertext.length);
    return isBody
      ? ok({ kind: "entry", entry: { hash, header: header.value, ...parts } })
      : err({ type: "NotAnEntry" });
  }
  return header.error.type === "Newer" ? ok({ kind: "newer", entry: { hash, bytes } }) : err({ type: "NotAnEntry" });
};

type CborParts = {
  readonly headerBytes: Bytes;
  readonly ciphertext: Bytes | undefined;
  readonly bodyDigest: Bytes;
  readonly signature: Bytes;
};

const readParts = (value: CborValue): CborParts | undefined => {
  if (!isCborArray(value) || value.length < 3 || value.length > 4) return undefined;
  const headerBytes = value[0];
  const signature = bytesOf(value[2], signatureBytes);
  if (!(headerBytes instanceof Uint8Array) || headerBytes.length > headerBytesMax) return undefined;
  if (signature === undefined) return undefined;
  const body = value.length === 3 ? readBody(value[1]) : readHuskBody(value[1], value[3]);
  return body === undefined ? undefined : { headerBytes, signature, ...body };
};

type BodyParts = Pick<CborParts, "ciphertext" | "bodyDigest">;

const readBody = (ciphertext: CborValue | undefined): BodyParts | undefined =>
  ciphertext instanceof Uint8Array && ciphertext.length <= ciphertextBytesMax
    ? { ciphertext, bodyDigest: sha256(ciphertext) }
    : undefined;

const readHuskBody = (gap: CborValue | undefined, digest: CborValue | undefined): BodyParts | undefined => {
  const bodyDigest = bytesOf(digest, hashBytes);
  return gap === null && bodyDigest !== undefined ? { ciphertext: undefined, bodyDigest } : undefined;
};

const isCiphertextLength = (length: number): boolean =>
  length - tagBytes <= bodyBytesMax && isPaddedLength(length - tagBytes);
