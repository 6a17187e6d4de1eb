/** Randomness for tests: the same bytes for the same seed, in every run. */

import { concat, fromAscii, sha256, type Bytes } from "@amana/log";
import type { Kdf, Randomness } from "@amana/vault";

export const seededRandomness = (seed: string): Randomness => {
  let count = 0;
  return (length) => {
    let bytes: Bytes = new Uint8Array();
    while (bytes.length < length) bytes = concat(bytes, sha256(fromAscii(`${seed} ${count++}`)));
    return bytes.slice(0, length);
  };
};

/** Stretches nothing: for tests that are not about passwords. */
export const cheapKdf: Kdf = (password, salt) => Promise.resolve(sha256(concat(password, salt)));
