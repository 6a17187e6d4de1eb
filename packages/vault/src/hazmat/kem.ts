/**
 * X-Wing as HPKE asks it: ML-KEM-768 and X25519 together. This is the way of browsers; package.json names another file for it in
 * Node.js (`#kem`), and the same vectors are asked of both.
 */

import { XWing } from "@hpke/hybridkem-x-wing";
import type { Bytes } from "@amana/log";

export type Kem = XWing;
export const makeKem = (): Kem => new XWing();

export const kem = makeKem();

/** Whether a secret can be encapsulated to these bytes; not for bytes of another length. */
export const takesPublic = async (publicKey: Bytes): Promise<boolean> => {
  try {
    await kem.encap({ recipientPublicKey: await kem.deserializePublicKey(publicKey) });
    return true;
  } catch {
    return false;
  }
};
