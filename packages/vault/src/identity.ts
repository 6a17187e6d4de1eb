/**
 * A person's keys as others know them, and the names of keys. Every public key that enters the organisation
 * goes through here and is refused if two verifiers could disagree about it.
 */

import { assert } from "@amana/kernel";
import { concat, keyIdOf, label, sha256, type Bytes, type KeyId, type Purpose } from "@amana/log";
import { isSigningPublic, sign, signingPublicOf, verify } from "./hazmat/ed25519.ts";
import { isReceivingPublic, receivingPublicOf, type ReceivingSeed } from "./hazmat/x-wing.ts";
import { conceal, type Secret } from "./secret.ts";
import type { Randomness } from "./ports.ts";

export type IdentitySeed = Secret<"identity-seed">;

/** What a person signs with. */
export type IdentityKey = { readonly keyId: KeyId; readonly publicKey: Bytes; readonly seed: IdentitySeed };

/** What case keys are wrapped to: a person's, a team's, or the recovery key. */
export type ReceivingKey = { readonly keyId: KeyId; readonly publicKey: Bytes; readonly seed: ReceivingSeed };

/** A key as others see it. */
export type PublicKey = Pick<IdentityKey, "keyId" | "publicKey">;

export const makeIdentityKey = (randomness: Randomness): IdentityKey =>
  identityKeyFrom(makeSecret("identity-seed", randomness));

export const makeReceivingKey = (randomness: Randomness): Promise<ReceivingKey> =>
  receivingKeyFrom(makeSecret("receiving-seed", randomness));

export const identityKeyFrom = (seed: IdentitySeed): IdentityKey => {
  const publicKey = signingPublicOf(seed);
  return { keyId: identityKeyId(publicKey), publicKey, seed };
};

export const receivingKeyFrom = async (seed: ReceivingSeed): Promise<ReceivingKey> => {
  const publicKey = await receivingPublicOf(seed);
  return { keyId: receivingKeyId(publicKey), publicKey, seed };
};

/** 32 fresh random bytes for one purpose. */
export const makeSecret = <Of extends string>(of: Of, randomness: Randomness): Secret<Of> => {
  const bytes = randomness(32);
  const secret = conceal(of, bytes);
  bytes.fill(0);
  return secret;
};

/** Nothing for a public key that is not canonical, or has small or mixed order. */
export const enrolIdentityPublic = (publicKey: Bytes): PublicKey | undefined =>
  isSigningPublic(publicKey) ? { keyId: identityKeyId(publicKey), publicKey } : undefined;

/** Nothing for a public key that nothing can be wrapped to. */
export const enrolReceivingPublic = async (publicKey: Bytes): Promise<PublicKey | undefined> =>
  (await isReceivingPublic(publicKey)) ? { keyId: receivingKeyId(publicKey), publicKey } : undefined;

const identityKeyId = (publicKey: Bytes): KeyId => nameOf("identity-key-id", publicKey);
const receivingKeyId = (publicKey: Bytes): KeyId => nameOf("receiving-key-id", publicKey);

/** Every signature names its purpose inside of what is signed. */
export const signFor = (purpose: Purpose, seed: Parameters<typeof sign>[0], message: Bytes): Promise<Bytes> =>
  sign(seed, concat(label(purpose), message));

/** `publicKey` was enrolled, so it passed the checks above. */
export const verifyFor = (purpose: Purpose, publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> =>
  verify(publicKey, concat(label(purpose), message), signature);

const nameOf = (purpose: Purpose, publicKey: Bytes): KeyId => {
  const keyId = keyIdOf(sha256(concat(label(purpose), publicKey)));
  assert(keyId !== undefined, "SHA-256 gave something else than 32 bytes.");
  return keyId;
};
