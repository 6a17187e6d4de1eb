/** By Node.js what `../signing-public.ts` computes in JavaScript, with the same keys: its first one is there ten times as soon. */

import { createPrivateKey, createPublicKey } from "node:crypto";
import { concat, type Bytes } from "@amana/log";
import { pkcs8Prefix } from "../pkcs8.ts";

const publicBytes = 32;

export const signingPublicFrom = (seed: Bytes): Bytes => {
  const encoded = concat(pkcs8Prefix, seed);
  // A view, so that the one copy of the seed that is made here is the one that is overwritten.
  const key = Buffer.from(encoded.buffer);
  const signing = createPrivateKey({ key, format: "der", type: "pkcs8" });
  encoded.fill(0);
  const spki = createPublicKey(signing).export({ format: "der", type: "spki" });
  return new Uint8Array(spki.subarray(-publicBytes));
};
