/** By Node.js what `../gcm.ts` asks of WebCrypto, with the same answers: at once, where the other waits for a thread twice. */

import { createCipheriv, createDecipheriv, createSecretKey } from "node:crypto";
import type { Bytes } from "@amana/log";

const tagBytes = 16;
/** By the length of the key, as WebCrypto decides it; ours have 32 bytes. */
const algorithmOf = (key: Bytes): "aes-256-gcm" => `aes-${8 * key.length}-gcm` as "aes-256-gcm"; // What Node.js calls every one of them.
/** Said, so that a tag cut short is never taken. */
const options = { authTagLength: tagBytes };

// Each is async, so that what it throws is a rejection. Where bytes are given for a key, Node.js first asks whether they are a key of
// one kind or of another, which takes twice as long as all the rest; a key that is made here is taken at once.

export const gcmSeal = async (key: Bytes, nonce: Bytes, additional: Bytes, plain: Bytes): Promise<Bytes> => {
  const cipher = createCipheriv(algorithmOf(key), createSecretKey(key), nonce, options).setAAD(additional);
  const sealed = new Uint8Array(plain.length + tagBytes);
  sealed.set(cipher.update(plain));
  cipher.final();
  sealed.set(cipher.getAuthTag(), plain.length);
  return Promise.resolve(sealed);
};

export const gcmOpen = async (
  key: Bytes,
  nonce: Bytes,
  additional: Bytes,
  ciphertext: Bytes,
): Promise<Bytes | undefined> => {
  const length = ciphertext.length - tagBytes;
  if (length < 0) return Promise.resolve(undefined);
  const decipher = createDecipheriv(algorithmOf(key), createSecretKey(key), nonce, options).setAAD(additional);
  decipher.setAuthTag(ciphertext.subarray(length));
  const opened = decipher.update(ciphertext.subarray(0, length));
  try {
    decipher.final();
    return await Promise.resolve(new Uint8Array(opened));
  } catch {
    return undefined;
  } finally {
    opened.fill(0);
  }
};
