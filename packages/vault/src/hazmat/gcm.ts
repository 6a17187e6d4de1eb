/**
 * AES-256-GCM with a nonce of the caller's: for `aead.ts` and for published vectors, and for nothing else.
 *
 * This is the way of every browser. Node.js has one that does not ask another thread, which package.json names in its place
 * (`#gcm`); the same vectors are asked of both.
 */

import type { Bytes } from "@amana/log";

export const gcmSeal = async (key: Bytes, nonce: Bytes, additional: Bytes, plain: Bytes): Promise<Bytes> => {
  const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: additional };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, imported, plain));
};

/** Nothing when key, nonce, additional bytes and ciphertext do not belong together. */
export const gcmOpen = async (
  key: Bytes,
  nonce: Bytes,
  additional: Bytes,
  ciphertext: Bytes,
): Promise<Bytes | undefined> => {
  const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: additional };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, ciphertext));
  } catch {
    return undefined;
  }
};
