/**
 * Case keys: one for each epoch of a log, committed to in the entry that begins the epoch, and wrapped to each
 * reader. A reader who unwraps another key refuses it, and knows who sent it. Format: docs/formats/keys.md §6.
 */

import { err, ok, type Result } from "@amana/kernel";
import {
  bytesOf,
  concat,
  decodeCbor,
  encodeCbor,
  equalBytes,
  hashBytes,
  idBytes,
  isCborArray,
  keyIdOf,
  label,
  labelNumbers,
  logIdBytes,
  logIdOf,
  sha256,
  signatureBytes,
  suite,
  type Bytes,
  type CborValue,
  type KeyId,
  type LogId,
} from "@amana/log";
import { hkdf } from "./hazmat/derive.ts";
import { encapsulatedBytes, encapsulationRandomBytes, hpkeOpen, hpkeSeal } from "./hazmat/x-wing.ts";
import { makeSecret, signFor, verifyFor, type IdentityKey, type PublicKey, type ReceivingKey } from "./identity.ts";
import type { Randomness } from "./ports.ts";
import { clearSecret, conceal, exposeSecret, type Secret } from "./secret.ts";

/** Never used itself: everything is sealed under keys derived from it. */
export type CaseKey = Secret<"case-key">;

/** What a wrap is for: a case or organisation key, or a team's receiving key. */
export type WrapPurpose = "key-wrap" | "team-wrap";

/** A key on its way to one reader. It names its log and epoch, and is signed by whoever sends it. */
export type Wrap = {
  readonly purpose: WrapPurpose;
  readonly logId: LogId;
  readonly keyCommitment: Bytes;
  readonly recipient: KeyId;
  readonly author: KeyId;
  readonly encapsulated: Bytes;
  readonly ciphertext: Bytes;
  readonly signature: Bytes;
};

export type WrapError = { readonly type: "NotAWrap" } | { readonly type: "Newer" };

export type UnwrapError =
  /** Ordinary: it is for someone else, or for another epoch than the one asked for. */
  | { readonly type: "NotForThisKey" }
  /** Alarming: it was changed on its way. */
  | { readonly type: "Damaged" }
  /** Alarming: whoever signed it sent another key than everyone was told. */
  | { readonly type: "FalseKey"; readonly from: KeyId };

const wrapBytesMax = 2048;
const wrapVersion = 1;
const wrappedBytes = 48;

export const makeCaseKey = (randomness: Randomness): CaseKey => makeSecret("case-key", randomness);

/** Binds everyone to one key without showing it. */
export const commitTo = (key: Secret<string>, logId: LogId): Promise<Bytes> =>
  hkdf(exposeSecret(key), new Uint8Array(), concat(label("key-commitment"), idBytes(logId)), 32);

export type WrapFor = {
  readonly purpose: WrapPurpose;
  readonly logId: LogId;
  readonly key: Secret<string>;
  /** Enrolled: `enrolReceivingPublic` accepted it. */
  readonly recipient: PublicKey;
  readonly author: IdentityKey;
};

export const wrap = async (wrapFor: WrapFor, randomness: Randomness): Promise<Wrap> => {
  const { purpose, logId, key, recipient, author } = wrapFor;
  const keyCommitment = await commitTo(key, logId);
  const named = { purpose, logId, keyCommitment, recipient: recipient.keyId, author: author.keyId };
  const random = randomness(encapsulationRandomBytes);
  const sealed = await hpkeSeal(recipient.publicKey, infoOf(named), exposeSecret(key), random);
  const signature = await signFor("key-wrap-signature", author.seed, signedOf({ ...named, ...sealed }));
  return { ...named, ...sealed, signature };
};

export type Unwrapping = {
  readonly wrap: Wrap;
  readonly purpose: WrapPurpose;
  /** The epoch asked for, as its control entry says. */
  readonly logId: LogId;
  readonly keyCommitment: Bytes;
  readonly recipient: ReceivingKey;
  /**
   * The identity key the organisation has under the wrap's author. Nothing while this device cannot read its organisation
   * yet: the commitment alone then says which key is right, and a wrong one is nobody's.
   */
  readonly author: PublicKey | undefined;
};

/** The key that the epoch commits to, or why it is not here. */
export const unwrap = async <Of extends string>(
  of: Of,
  asked: Unwrapping,
): Promise<Result<Secret<Of>, UnwrapError>> => {
  const { wrap: given, recipient, author } = asked;
  const isAsked =
    given.purpose === asked.purpose &&
    given.logId === asked.logId &&
    equalBytes(given.keyCommitment, asked.keyCommitment);
  if (!isAsked || given.recipient !== recipient.keyId) return err({ type: "NotForThisKey" });
  if (author !== undefined && !(await isSignedBy(given, author))) return err({ type: "Damaged" });
  const bytes = await hpkeOpen(recipient.seed, given.encapsulated, infoOf(given), given.ciphertext);
  const key = bytes?.length === 32 ? conceal(of, bytes) : undefined;
  bytes?.fill(0);
  if (key !== undefined && equalBytes(await commitTo(key, asked.logId), asked.keyCommitment)) return ok(key);
  if (key !== undefined) clearSecret(key);
  return err(author === undefined ? { type: "Damaged" } : { type: "FalseKey", from: given.author });
};

const isSignedBy = async (given: Wrap, author: PublicKey): Promise<boolean> =>
  given.author === author.keyId &&
  (await verifyFor("key-wrap-signature", author.publicKey, signedOf(given), given.signature));

export const encodeWrap = (given: Wrap): Bytes =>
  encodeCbor([...namedOf(given), given.encapsulated, given.ciphertext, given.signature]);

export const parseWrap = (bytes: Bytes): Result<Wrap, WrapError> => {
  const decoded = bytes.length > wrapBytesMax ? undefined : decodeCbor(bytes);
  if (decoded?.ok !== true || !isCborArray(decoded.value)) return err({ type: "NotAWrap" });
  const fields = decoded.value;
  if (typeof fields[0] !== "number" || typeof fields[1] !== "number") return err({ type: "NotAWrap" });
  const purpose = wrapPurposes.find((each) => labelNumbers[each] === fields[2]);
  if (fields[0] !== wrapVersion || fields[1] !== suite || purpose === undefined) return err({ type: "Newer" });
  const read = fields.length === 10 ? readFields(fields, purpose) : undefined;
  return read === undefined ? err({ type: "NotAWrap" }) : ok(read);
};

const wrapPurposes = ["key-wrap", "team-wrap"] as const satisfies readonly WrapPurpose[];

const readFields = (fields: readonly CborValue[], purpose: WrapPurpose): Wrap | undefined => {
  const logId = bytesOf(fields[3], logIdBytes);
  const keyCommitment = bytesOf(fields[4], hashBytes);
  const recipient = bytesOf(fields[5], hashBytes);
  const author = bytesOf(fields[6], hashBytes);
  const encapsulated = bytesOf(fields[7], encapsulatedBytes);
  const ciphertext = bytesOf(fields[8], wrappedBytes);
  const signature = bytesOf(fields[9], signatureBytes);
  if (logId === undefined || keyCommitment === undefined || recipient === undefined) return undefined;
  if (author === undefined || encapsulated === undefined) return undefined;
  if (ciphertext === undefined || signature === undefined) return undefined;
  const ids = { logId: logIdOf(logId), recipient: keyIdOf(recipient), author: keyIdOf(author) };
  if (ids.logId === undefined || ids.recipient === undefined || ids.author === undefined) return undefined;
  return {
    purpose,
    keyCommitment,
    encapsulated,
    ciphertext,
    signature,
    logId: ids.logId,
    recipient: ids.recipient,
    author: ids.author,
  };
};

type Named = Pick<Wrap, "purpose" | "logId" | "keyCommitment" | "recipient" | "author">;

const namedOf = ({ purpose, logId, keyCommitment, recipient, author }: Named): readonly CborValue[] => [
  wrapVersion,
  suite,
  labelNumbers[purpose],
  idBytes(logId),
  keyCommitment,
  idBytes(recipient),
  idBytes(author),
];

const infoOf = (named: Named): Bytes => concat(label(named.purpose), sha256(encodeCbor(namedOf(named))));

const signedOf = (given: Omit<Wrap, "signature">): Bytes =>
  sha256(encodeCbor([...namedOf(given), given.encapsulated, given.ciphertext]));
