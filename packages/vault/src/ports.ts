/**
 * What the vault is handed instead of reaching for it: randomness, password stretching, deflate. Tests hand in
 * their own; `hazmat/` and `deflate.ts` hold what ships.
 */

import type { Bytes } from "@amana/log";

/** So many bytes that nobody can foresee. */
export type Randomness = (length: number) => Bytes;

/** Argon2id with 32 bytes of output. The cost is part of the format and comes from `account.ts`, never from a server. */
export type Kdf = (password: Bytes, salt: Bytes, cost: KdfCost) => Promise<Bytes>;
export type KdfCost = { readonly memoryKibibytes: number; readonly passes: number };

export type Deflate = {
  /** A raw DEFLATE stream. Devices may differ in its bytes, which is why nothing is ever sealed twice. */
  readonly deflate: (bytes: Bytes) => Promise<Bytes>;
  /**
   * The content of exactly one raw DEFLATE stream, or nothing when it is spoiled, goes on after its end, or
   * inflates to more than `lengthMax`. Stops at the limit, so that a bomb costs no memory.
   */
  readonly inflate: (bytes: Bytes, lengthMax: number) => Promise<Bytes | undefined>;
};
