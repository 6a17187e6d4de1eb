/**
 * Sealing an entry and opening it again. Sealed once and late; what is sealed is never sealed again.
 *
 * "No key" is ordinary: this device is not a member of that epoch. "Damaged" is alarming: the bytes are not what
 * their author sealed. Neither says more. Format: docs/formats/entry.md §3 and §4.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import {
  concat,
  encodeHeader,
  equalBytes,
  hashEntry,
  headerHash,
  idBytes,
  label,
  sha256,
  type Bytes,
  type Header,
  type SealedEntry,
} from "@amana/log";
import { decodeBody, encodeBody, type Body } from "./body.ts";
import { commitTo, type CaseKey } from "./case-key.ts";
import { aeadOpen, aeadSeal, type OnceKey } from "./hazmat/aead.ts";
import { deriveSecret } from "./hazmat/derive.ts";
import { signFor, verifyFor, type IdentityKey, type PublicKey } from "./identity.ts";
import type { Deflate } from "./ports.ts";
import { clearSecret, conceal, exposeSecret, type Secret } from "./secret.ts";

/** `TooLong`: the events of this command do not fit one entry. */
export type SealError = { readonly type: "TooLong" };
export type OpenError = { readonly type: "Damaged" } | { readonly type: "Erased" };

export type Sealing = {
  /** Complete but for the author, who is `author`. The nonce is fresh random bytes, used for this entry alone. */
  readonly header: Omit<Header, "author">;
  readonly body: Body;
  readonly author: IdentityKey;
  /** Of the epoch the entry belongs to; of the new epoch, for the entry that begins it. */
  readonly caseKey: CaseKey;
};

export const seal = async (sealing: Sealing, deflate: Deflate): Promise<Result<SealedEntry, SealError>> => {
  const header: Header = { ...sealing.header, author: sealing.author.keyId };
  const isCommitted =
    header.keyCommitment === undefined ||
    equalBytes(header.keyCommitment, await commitTo(sealing.caseKey, header.logId));
  assert(isCommitted, "An entry was to begin an epoch with another key than the one it commits to.");
  const plain = await encodeBody(sealing.body, deflate);
  if (plain === undefined) return err({ type: "TooLong" });
  const headerBytes = encodeHeader(header);
  const bound = headerHash(headerBytes);
  const ciphertext = await aeadSeal(await entryKey(sealing.caseKey, header, bound), bound, plain);
  const bodyDigest = sha256(ciphertext);
  const hash = hashEntry(headerBytes, bodyDigest);
  const signature = await signFor("entry-signature", sealing.author.seed, idBytes(hash));
  return ok({ hash, header, headerBytes, bodyDigest, ciphertext, signature });
};

/** Whether the author of the header signed this entry. `author` is the key the organisation has under that id. */
export const verifyEntry = async (entry: SealedEntry, author: PublicKey): Promise<boolean> =>
  author.keyId === entry.header.author &&
  (await verifyFor("entry-signature", author.publicKey, idBytes(entry.hash), entry.signature));

/**
 * Opens with the key of the entry's epoch. Whoever calls has checked that the entry is authentic and that
 * the key is the one its epoch commits to; a key of another epoch reads as damage here.
 */
export const open = async (
  entry: SealedEntry,
  caseKey: CaseKey,
  deflate: Deflate,
): Promise<Result<Body, OpenError>> => {
  if (entry.ciphertext === undefined) return err({ type: "Erased" });
  const bound = headerHash(entry.headerBytes);
  return openOnce(entry, bound, await entryKey(caseKey, entry.header, bound), deflate);
};

/** The key of one entry, and of no other: for whoever is told it, that entry opens alone. */
export type EntryKey = Secret<"entry-key">;

export const entryKeyOf = async (entry: SealedEntry, caseKey: CaseKey): Promise<EntryKey> => {
  const once = await entryKey(caseKey, entry.header, headerHash(entry.headerBytes));
  const key = conceal("entry-key", exposeSecret(once));
  clearSecret(once);
  return key;
};

/**
 * Opens with a key that was told for this entry. Whoever sealed an entry could make it open under another key into another body:
 * nobody but them, and whoever tells the key answers for it.
 */
export const openAlone = (entry: SealedEntry, key: EntryKey, deflate: Deflate): Promise<Result<Body, OpenError>> =>
  openOnce(entry, headerHash(entry.headerBytes), conceal("once", exposeSecret(key)), deflate);

const openOnce = async (
  entry: SealedEntry,
  bound: Bytes,
  key: OnceKey,
  deflate: Deflate,
): Promise<Result<Body, OpenError>> => {
  if (entry.ciphertext === undefined) return err({ type: "Erased" });
  const plain = await aeadOpen(key, bound, entry.ciphertext);
  const body = plain === undefined ? undefined : await decodeBody(plain, deflate);
  return body === undefined ? err({ type: "Damaged" }) : ok(body);
};

const entryKey = (caseKey: CaseKey, header: Header, bound: Bytes): Promise<OnceKey> =>
  deriveSecret("once", caseKey, header.nonce, concat(label("entry-key"), bound));
