/** HKDF-SHA256 and HMAC-SHA256: from one secret to others, each for one labelled purpose. */

import type { Bytes } from "@amana/log";
import { conceal, exposeSecret, type Secret } from "../secret.ts";

export const hkdf = async (secret: Bytes, salt: Bytes, info: Bytes, length: number): Promise<Bytes> => {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, length * 8));
};

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
