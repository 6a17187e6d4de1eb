/**
 * HKDF-SHA256 and HMAC-SHA256: from one secret to others, each for one labelled purpose.
 *
 * HKDF is asked of the library that hashes the log, because a key is derived for every single entry and asking the platform's
 * other thread costs many times what the computing does. SHA-256 looks nothing up and decides nothing by what it hashes.
 */

import { hkdf as nobleHkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Bytes } from "@amana/log";
import { conceal, exposeSecret, type Secret } from "../secret.ts";

/** RFC 5869. Rejects when more is asked for than it can give: 255 blocks of 32 bytes. */
export const hkdf = async (secret: Bytes, salt: Bytes, info: Bytes, length: number): Promise<Bytes> =>
  Promise.resolve(new Uint8Array(nobleHkdf(sha256, secret, salt, info, length)));

/** `of` names what the new secret is for; `info` begins with the label that says the same in bytes. */
export const deriveSecret = async <Of extends string>(
  of: Of,
  secret: Secret<string>,
  salt: Bytes,
  info: Bytes,
  length = 32,
): Promise<Secret<Of>> => {
  const bytes = await hkdf(exposeSecret(secret), salt, info, length);
  const derived = conceal(of, bytes);
  bytes.fill(0);
  return derived;
};

export const macOf = async (secret: Secret<string>, message: Bytes): Promise<Bytes> => {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", exposeSecret(secret), algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
};
