/**
 * Ed25519 as every verifier of this product decides it: without cofactor, and refusing what verifiers differ on
 * before one is asked. Format: docs/formats/keys.md §1.
 *
 * The vault decides the same for entries. This is the server's own, because the server may not hold the vault; both are
 * held to the same published vectors. Everything here is public, so nothing needs to take the same time.
 */

import { createPublicKey, verify as verifyByNode } from "node:crypto";
import { concat, label, toHex, type Bytes, type Purpose } from "@amana/log";

export const publicKeyBytes = 32;
const signatureBytes = 64;

/** 2^255 − 19. */
const fieldPrime = 2n ** 255n - 19n;
/** The order of the base point. */
const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n;
/** The d of the curve −x² + y² = 1 + d·x²·y². */
const curveD = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

// SubjectPublicKeyInfo (RFC 8410) is a fixed prefix and the key.
const spkiPrefix = Uint8Array.of(48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0);

/** Whether the key's owner signed this for this purpose: label ‖ message. */
export const isSignedFor = (purpose: Purpose, publicKey: Bytes, message: Bytes, signature: Bytes): boolean =>
  isSignedBy(publicKey, concat(label(purpose), message), signature);

/** The public key must have passed `isSigningPublic` when it was enrolled. */
export const isSignedBy = (publicKey: Bytes, message: Bytes, signature: Bytes): boolean => {
  if (publicKey.length !== publicKeyBytes || !isCanonicalPoint(publicKey) || !isPlainSignature(signature)) return false;
  try {
    const key = createPublicKey({ key: Buffer.from(concat(spkiPrefix, publicKey)), format: "der", type: "spki" });
    return verifyByNode(null, message, key, signature);
  } catch {
    // A key that is no point of the curve.
    return false;
  }
};

/** Asked once, when a key is enrolled: canonical, a point of the curve, and of the prime order, so neither small nor mixed. */
export const isSigningPublic = (publicKey: Bytes): boolean => {
  if (publicKey.length !== publicKeyBytes || !isCanonicalPoint(publicKey)) return false;
  const point = pointOf(publicKey);
  return point !== undefined && isNeutral(multiply(point, groupOrder));
};

/** S below the group's order, and an R that is canonical and not of small order. */
const isPlainSignature = (signature: Bytes): boolean =>
  signature.length === signatureBytes &&
  littleEndian(signature.slice(32)) < groupOrder &&
  isCanonicalPoint(signature.slice(0, 32));

const yMask = 2n ** 255n - 1n;
const orderEightY = 2707385501144840649318225287225658788936804267575313519463743609750303402022n;
// 0 is of order 4, 1 the neutral point, −1 of order 2. Their negative-zero encodings share the same y.
const smallOrderY: ReadonlySet<bigint> = new Set([0n, 1n, fieldPrime - 1n, orderEightY, fieldPrime - orderEightY]);

/** y below the prime, no negative zero, and none of the five y of small order. */
const isCanonicalPoint = (encoded: Bytes): boolean => {
  const y = littleEndian(encoded) & yMask;
  return y < fieldPrime && !smallOrderY.has(y);
};

const littleEndian = (bytes: Bytes): bigint => BigInt(`0x${toHex(bytes.toReversed())}`);

// ── Points, in extended coordinates (RFC 8032, 5.1.4) ──────────────────────────────────────────────────────────

type Point = { readonly x: bigint; readonly y: bigint; readonly z: bigint; readonly t: bigint };

const neutral: Point = { x: 0n, y: 1n, z: 1n, t: 0n };

const inField = (value: bigint): bigint => ((value % fieldPrime) + fieldPrime) % fieldPrime;

const isNeutral = ({ x, y, z }: Point): boolean => inField(x) === 0n && inField(y - z) === 0n;

const power = (base: bigint, exponent: bigint): bigint => {
  let result = 1n;
  let square = base;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = inField(result * square);
    square = inField(square * square);
  }
  return result;
};

/** The point with this y and the sign of x that the top bit says; nothing when no x fits (RFC 8032, 5.1.3). */
const pointOf = (encoded: Bytes): Point | undefined => {
  const whole = littleEndian(encoded);
  const y = whole & yMask;
  const numerator = inField(y * y - 1n);
  const denominator = inField(curveD * y * y + 1n);
  const square = inField(numerator * power(denominator, fieldPrime - 2n));
  const candidate = power(square, (fieldPrime + 3n) / 8n);
  const root = inField(candidate * candidate - square) === 0n ? candidate : inField(candidate * squareRootOfMinusOne);
  if (inField(root * root - square) !== 0n) return undefined;
  const x = (root & 1n) === whole >> 255n ? root : inField(-root);
  return { x, y, z: 1n, t: inField(x * y) };
};

const squareRootOfMinusOne = power(2n, (fieldPrime - 1n) / 4n);

const add = (one: Point, other: Point): Point => {
  const a = inField((one.y - one.x) * (other.y - other.x));
  const b = inField((one.y + one.x) * (other.y + other.x));
  const c = inField(2n * curveD * one.t * other.t);
  const d = inField(2n * one.z * other.z);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return { x: inField(e * f), y: inField(g * h), z: inField(f * g), t: inField(e * h) };
};

const multiply = (point: Point, factor: bigint): Point => {
  let sum = neutral;
  let doubled = point;
  for (let left = factor; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) sum = add(sum, doubled);
    doubled = add(doubled, doubled);
  }
  return sum;
};
