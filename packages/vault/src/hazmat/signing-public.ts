/**
 * The public key of Ed25519 that belongs to a seed. This is the way of browsers; package.json names another file for it in Node.js
 * (`#signing-public`), and a test holds both to the same keys.
 */

import type { Bytes } from "@amana/log";
import { ed25519 } from "@noble/curves/ed25519.js";

// A device computes a public key or two when it unlocks and the platform does the rest, so a small table is made for it:
// that of the library's own choice takes longer to make than all that is computed with it.
ed25519.Point.BASE.precompute(4);

export const signingPublicFrom = (seed: Bytes): Bytes => new Uint8Array(ed25519.getPublicKey(seed));
