/**
 * The two problems that X-Wing joins, each on its own, as the library in use computes them: for published vectors, in
 * Node.js and in a browser. Nothing that ships reaches them this way.
 */

import type { Bytes } from "@amana/log";
import { XWing } from "@hpke/hybridkem-x-wing";

type Inside = {
  readonly _m: {
    readonly deriveKeyPair: (seed: Bytes) => Promise<readonly [Bytes, Bytes]>;
    readonly decap: (ciphertext: Bytes, key: Bytes) => Promise<Bytes>;
  };
  readonly _x25519: { readonly derive: (secret: Bytes, publicKey: Bytes) => Promise<Bytes> };
};

// The library keeps its parts under these names; a test with vectors for them fails when it no longer does.
const inside = (): Inside => new XWing() as unknown as Inside;

/** Nothing where the library refuses the key or the ciphertext. */
export const mlKemShared = async (seed: Bytes, ciphertext: Bytes): Promise<Bytes | undefined> => {
  try {
    const { _m } = inside();
    const [, key] = await _m.deriveKeyPair(seed);
    return new Uint8Array(await _m.decap(ciphertext, key));
  } catch {
    return undefined;
  }
};

/** Nothing where the library refuses: a public key that leads to zero. */
export const x25519Shared = async (secret: Bytes, publicKey: Bytes): Promise<Bytes | undefined> => {
  try {
    return new Uint8Array(await inside()._x25519.derive(secret, publicKey));
  } catch {
    return undefined;
  }
};
