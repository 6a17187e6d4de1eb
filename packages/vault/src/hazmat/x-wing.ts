/**
 * HPKE in base mode with X-Wing (ML-KEM-768 and X25519 together), HKDF-SHA256 and AES-256-GCM: to one reader, by
 * their public key. It stays secret while either of the two problems is hard. It says nothing of who sent it.
 */

import type { Bytes } from "@amana/log";
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { kem, takesPublic } from "#kem";
import { exposeSecret, type Secret } from "../secret.ts";

export type ReceivingSeed = Secret<"receiving-seed">;

export const receivingPublicBytes = 1216;
export const encapsulatedBytes = 1120;
/** What one sealing draws from randomness. */
export const encapsulationRandomBytes = 64;

const cipherSuite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });

export const receivingPublicOf = async (seed: ReceivingSeed): Promise<Bytes> => {
  const pair = await kem.generateKeyPairDerand(exposeSecret(seed).slice());
  return new Uint8Array(await kem.serializePublicKey(pair.publicKey));
};

/** Whether something can be sealed to these bytes at all; asked once, when a key is enrolled. */
export const isReceivingPublic = (bytes: Bytes): Promise<boolean> => takesPublic(bytes);

/** `random` is fresh for each sealing. A public key that enrolment would have refused stops it. */
export const hpkeSeal = async (
  receivingPublic: Bytes,
  info: Bytes,
  plain: Bytes,
  random: Bytes,
): Promise<{ readonly encapsulated: Bytes; readonly ciphertext: Bytes }> => {
  const recipientPublicKey = await kem.deserializePublicKey(receivingPublic);
  const sender = await cipherSuite.createSenderContext({ recipientPublicKey, info, ekm: random.slice().buffer });
  const ciphertext = new Uint8Array(await sender.seal(plain));
  return { encapsulated: new Uint8Array(sender.enc), ciphertext };
};

/** Nothing when it was not sealed to this key, for this purpose, or was changed on the way. */
export const hpkeOpen = async (
  seed: ReceivingSeed,
  encapsulated: Bytes,
  info: Bytes,
  ciphertext: Bytes,
): Promise<Bytes | undefined> => {
  const recipientKey = await kem.deserializePrivateKey(exposeSecret(seed).slice());
  try {
    const recipient = await cipherSuite.createRecipientContext({ recipientKey, enc: encapsulated, info });
    return new Uint8Array(await recipient.open(ciphertext));
  } catch {
    return undefined;
  }
};
