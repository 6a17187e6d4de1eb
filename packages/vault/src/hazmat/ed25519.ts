/**
 * Ed25519: signing by the platform, and verifying with one verdict everywhere.
 *
 * Verifiers differ on keys and signatures that no honest signer makes: small order, two encodings of one
 * point, with or without cofactor. So these are refused before any verifier is asked, and what remains is decided without
 * cofactor, as OpenSSL and BoringSSL do. docs/formats/keys.md §1.
 */

import { assert } from "@amana/kernel";
import { concat, equalBytes, fromAscii, fromHex, toHex, type Bytes } from "@amana/log";
import { ed25519 } from "@noble/curves/ed25519.js";
import { signingPublicFrom } from "#signing-public";
import { exposeSecret, type Secret } from "../secret.ts";
import { pkcs8Prefix } from "./pkcs8.ts";

export type SigningSeed = Secret<"identity-seed"> | Secret<"login-seed">;

/** 2^255 − 19. */
const fieldPrime = 2n ** 255n - 19n;
/** The order of the base point. */
const groupOrder = ed25519.Point.Fn.ORDER;
const { Point } = ed25519;

export const signingPublicOf = (seed: SigningSeed): Bytes => signingPublicFrom(exposeSecret(seed));

export const sign = async (seed: SigningSeed, message: Bytes): Promise<Bytes> => {
  // A seed that was cleared stops here, whatever is remembered of it.
  const bytes = exposeSecret(seed);
  try {
    return new Uint8Array(await crypto.subtle.sign("Ed25519", await signingKeyOf(seed, bytes), message));
  } catch {
    return new Uint8Array(ed25519.sign(message, bytes));
  }
};

// Importing costs many times what signing does, so it is done once for each seed, and forgotten with it.
const signingKeys = new WeakMap<SigningSeed, Promise<CryptoKey>>();

const signingKeyOf = (seed: SigningSeed, bytes: Bytes): Promise<CryptoKey> => {
  const known = signingKeys.get(seed);
  if (known !== undefined) return known;
  const encoded = concat(pkcs8Prefix, bytes);
  const imported = crypto.subtle.importKey("pkcs8", encoded, "Ed25519", false, ["sign"]);
  signingKeys.set(seed, imported);
  return imported.finally(() => encoded.fill(0));
};

/** Asked once, when a key is enrolled: canonical, and of the prime order, so neither small nor mixed. */
export const isSigningPublic = (publicKey: Bytes): boolean => {
  if (publicKey.length !== 32 || !isCanonicalPoint(publicKey)) return false;
  try {
    const point = Point.fromBytes(publicKey);
    return !point.isSmallOrder() && point.isTorsionFree();
  } catch {
    return false;
  }
};

export type Verifier = (publicKey: Bytes, message: Bytes, signature: Bytes) => Promise<boolean>;

/** The public key must have passed `isSigningPublic` when it was enrolled. */
export const verify: Verifier = async (publicKey, message, signature) => {
  const isDecidedAlike = isPlainSignature(signature) && publicKey.length === 32 && isCanonicalPoint(publicKey);
  return isDecidedAlike && (await chosenVerifier())(publicKey, message, signature);
};

/** S below the group's order, and an R that is canonical and not of small order. */
export const isPlainSignature = (signature: Bytes): boolean =>
  signature.length === 64 &&
  isBelow(signature.subarray(32), groupOrderBytes) &&
  isCanonicalPoint(signature.subarray(0, 32));

export const verifyByPlatform: Verifier = async (publicKey, message, signature) => {
  return crypto.subtle.verify("Ed25519", await verifyingKeyOf(publicKey), signature, message);
};

// Importing costs as much as verifying, so it is done once for each key, by its bytes, and forgotten with the oldest.
const verifyingKeys = new Map<string, Promise<CryptoKey>>();
const verifyingKeysMax = 64;

const verifyingKeyOf = (publicKey: Bytes): Promise<CryptoKey> => {
  const name = toHex(publicKey);
  const known = verifyingKeys.get(name);
  if (known !== undefined) return known;
  const [oldest] = verifyingKeys.keys();
  if (oldest !== undefined && verifyingKeys.size >= verifyingKeysMax) verifyingKeys.delete(oldest);
  const imported = crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  verifyingKeys.set(name, imported);
  return imported;
};

/** Without cofactor: [S]B − [k]A must encode to exactly the bytes of R. */
export const verifyByCurves: Verifier = async (publicKey, message, signature) => {
  const r = signature.slice(0, 32);
  const digest = await crypto.subtle.digest("SHA-512", concat(r, publicKey, message));
  try {
    const k = littleEndian(new Uint8Array(digest)) % groupOrder;
    const s = littleEndian(signature.subarray(32));
    const point = Point.BASE.multiplyUnsafe(s).subtract(Point.fromBytes(publicKey).multiplyUnsafe(k));
    return equalBytes(new Uint8Array(point.toBytes()), r);
  } catch {
    return false;
  }
};

/** The platform's verifier where it has one and it decides without cofactor; otherwise the computed one. */
export const chooseVerifier = async (platform: Verifier): Promise<Verifier> => {
  try {
    const { publicKey, message, signature } = onlyWithCofactor();
    return (await platform(publicKey, message, signature)) ? verifyByCurves : platform;
  } catch {
    return verifyByCurves;
  }
};

// Asked once: a platform does not change its mind while it runs.
let chosen: Promise<Verifier> | undefined;
const chosenVerifier = (): Promise<Verifier> => (chosen ??= chooseVerifier(verifyByPlatform));

/** A signature that holds with cofactor and does not without, made of a known key and a point of order 8. */
export const onlyWithCofactor = (): { publicKey: Bytes; message: Bytes; signature: Bytes } => ({
  publicKey: ownBytes("e84e95fe8d4120188a51af498939204f6d70fcf00564c16e8586f6ec2d155720"),
  message: fromAscii("which verifier is this"),
  signature: ownBytes(
    "742ad0ba6320e013c4b8e9e7e94fbf87391cd552577028789ffa91cf1633f16ba558a8414fd1bf55c2e311e5355952db818730d9864941abc70b82f0f8f09906",
  ),
});

const ownBytes = (hex: string): Bytes => {
  const bytes = fromHex(hex);
  assert(bytes !== undefined, "A constant of ours is no hexadecimal text.");
  return bytes;
};

/** y below the prime, no negative zero, and none of the five y of small order: 0, 1, −1 and those of order 8. */
const isCanonicalPoint = (encoded: Bytes): boolean => {
  const y = encoded.slice();
  y[31] = (y[31] ?? 0) & 0x7f;
  return isBelow(y, fieldPrimeBytes) && !smallOrderY.some((each) => equalBytes(each, y));
};

/** Of two numbers in 32 bytes, the lowest first. Both are public. */
const isBelow = (one: Bytes, other: Bytes): boolean => {
  for (let at = 31; at >= 0; at--) {
    const [a, b] = [one[at] ?? 0, other[at] ?? 0];
    if (a !== b) return a < b;
  }
  return false;
};

const littleEndian = (bytes: Bytes): bigint => BigInt(`0x${toHex(bytes.slice().reverse())}`);

const toLittleEndian = (number: bigint): Bytes => ownBytes(number.toString(16).padStart(64, "0")).reverse();

const orderEightY = 2707385501144840649318225287225658788936804267575313519463743609750303402022n;

// 0 is of order 4, 1 the neutral point, −1 of order 2. Their negative-zero encodings share the same y.
const smallOrderY: readonly Bytes[] = [0n, 1n, fieldPrime - 1n, orderEightY, fieldPrime - orderEightY].map(
  toLittleEndian,
);
const fieldPrimeBytes = toLittleEndian(fieldPrime);
const groupOrderBytes = toLittleEndian(groupOrder);
