/**
 * Boxes: what a person keeps sealed for themselves alone, on the server or on a device. Each is sealed under a
 * key derived for it and used once, and bound to what it says it is. Format: docs/formats/keys.md §4.
 */

import { err, ok, type Result } from "@amana/kernel";
import {
  bytesOf,
  concat,
  decodeCbor,
  encodeCbor,
  isCborArray,
  label,
  labelNumbers,
  nonceBytes,
  sha256,
  suite,
  type Bytes,
  type CborValue,
} from "@amana/log";
import { pack, unpack } from "./body.ts";
import { aeadOpen, aeadSeal, type OnceKey } from "./hazmat/aead.ts";
import { deriveSecret } from "./hazmat/derive.ts";
import type { Deflate, Randomness } from "./ports.ts";
import type { Secret } from "./secret.ts";

export type BoxPurpose = "account-vault" | "device-vault" | "draft" | "snapshot" | "index" | "device-record";

export type Opened = { readonly context: CborValue; readonly content: CborValue };

export type BoxError =
  | { readonly type: "NotABox" }
  | { readonly type: "Newer" }
  /** Another key, or a changed byte: the two look the same, by design. */
  | { readonly type: "NotForThisKey" }
  /** It opens, and is not what the purpose says. */
  | { readonly type: "Damaged" };

export type BoxPorts = { readonly randomness: Randomness; readonly deflate: Deflate };

const boxBytesMax = 70_000;
const boxVersion = 1;

/**
 * `context` stays readable and is bound to the content: which account, which generation, which heads.
 * Nothing when the content does not fit.
 */
export const sealBox = async (
  purpose: BoxPurpose,
  under: Secret<string>,
  { context, content }: Opened,
  { randomness, deflate }: BoxPorts,
): Promise<Bytes | undefined> => {
  const encoded = encodeCbor(content);
  const plain = await pack(encoded, deflate);
  encoded.fill(0);
  if (plain === undefined) return undefined;
  const nonce = randomness(nonceBytes);
  const bound = boundTo(purpose, context);
  const ciphertext = await aeadSeal(await boxKey(purpose, under, nonce, bound), bound, plain);
  plain.fill(0);
  return encodeCbor([boxVersion, suite, labelNumbers[purpose], context, nonce, ciphertext]);
};

export const openBox = async (
  purpose: BoxPurpose,
  under: Secret<string>,
  bytes: Bytes,
  deflate: Deflate,
): Promise<Result<Opened, BoxError>> => {
  const read = readBox(purpose, bytes);
  if (!read.ok) return read;
  const { context, nonce, ciphertext } = read.value;
  const bound = boundTo(purpose, context);
  const plain = await aeadOpen(await boxKey(purpose, under, nonce, bound), bound, ciphertext);
  if (plain === undefined) return err({ type: "NotForThisKey" });
  const content = await unpack(plain, deflate);
  const decoded = content === undefined ? undefined : decodeCbor(content);
  return decoded?.ok === true ? ok({ context, content: decoded.value }) : err({ type: "Damaged" });
};

type ReadBox = { readonly context: CborValue; readonly nonce: Bytes; readonly ciphertext: Bytes };

const readBox = (purpose: BoxPurpose, bytes: Bytes): Result<ReadBox, BoxError> => {
  const decoded = bytes.length > boxBytesMax ? undefined : decodeCbor(bytes);
  if (decoded?.ok !== true || !isCborArray(decoded.value)) return err({ type: "NotABox" });
  const fields = decoded.value;
  if ([0, 1, 2].some((at) => typeof fields[at] !== "number")) return err({ type: "NotABox" });
  if (fields[0] !== boxVersion || fields[1] !== suite) return err({ type: "Newer" });
  // A box of another purpose is not the one that was asked for; one of an unknown purpose is of the future.
  if (fields[2] !== labelNumbers[purpose])
    return err(isKnownNumber(fields[2]) ? { type: "NotABox" } : { type: "Newer" });
  const nonce = bytesOf(fields[4], nonceBytes);
  const [context, ciphertext] = [fields[3], fields[5]];
  const isWhole = fields.length === 6 && context !== undefined && ciphertext instanceof Uint8Array;
  return isWhole && nonce !== undefined ? ok({ context, nonce, ciphertext }) : err({ type: "NotABox" });
};

const isKnownNumber = (number: CborValue | undefined): boolean => Object.values<unknown>(labelNumbers).includes(number);

const boundTo = (purpose: BoxPurpose, context: CborValue): Bytes =>
  sha256(encodeCbor([boxVersion, suite, labelNumbers[purpose], context]));

const boxKey = (purpose: BoxPurpose, under: Secret<string>, nonce: Bytes, bound: Bytes): Promise<OnceKey> =>
  deriveSecret("once", under, nonce, concat(label(purpose), bound));
