/**
 * AES-256-GCM with a nonce of zeros. Safe only because every caller derives a key that is used once; whoever
 * calls this with a key of any other kind breaks everything sealed under it.
 */

import type { Bytes } from "@amana/log";
import { gcmOpen, gcmSeal } from "#gcm";
import { clearSecret, exposeSecret, type Secret } from "../secret.ts";

/** A key for one single message: it is cleared by the call that uses it. */
export type OnceKey = Secret<"once">;

const zeroNonce = new Uint8Array(12);

export const aeadSeal = (key: OnceKey, additional: Bytes, plain: Bytes): Promise<Bytes> =>
  usedUp(key, gcmSeal(exposeSecret(key), zeroNonce, additional, plain));

/** Nothing when key, additional bytes and ciphertext do not belong together. */
export const aeadOpen = (key: OnceKey, additional: Bytes, ciphertext: Bytes): Promise<Bytes | undefined> =>
  usedUp(key, gcmOpen(exposeSecret(key), zeroNonce, additional, ciphertext));

const usedUp = async <T>(key: OnceKey, use: Promise<T>): Promise<T> => {
  try {
    return await use;
  } finally {
    clearSecret(key);
  }
};
