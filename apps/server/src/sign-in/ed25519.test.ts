/** The server's verifier gives the verdicts of the published vectors, and of every other verifier of this product. */

import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { concat, fromAscii, label, toHex, type Bytes } from "@amana/log";
import { describe, expect, it } from "vitest";
import { ed25519Vectors, hex } from "../testing/vectors.ts";
import { isSignedBy, isSignedFor, isSigningPublic } from "./ed25519.ts";

const prime = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const bytesOfNumber = (value: bigint): Bytes =>
  Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn));

const makeKey = (): { readonly publicKey: Bytes; readonly privateKey: KeyObject } => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return { publicKey: new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(-32)), privateKey };
};

/** The y of every point of small order, in every encoding that some decoder takes. */
const smallOrder = (): readonly Bytes[] => {
  const eighth = 2707385501144840649318225287225658788936804267575313519463743609750303402022n;
  return [0n, 1n, prime - 1n, eighth, prime - eighth, prime, prime + 1n].flatMap((y) => [
    bytesOfNumber(y),
    bytesOfNumber(y | (1n << 255n)),
  ]);
};

describe("a signature", () => {
  it("gets the verdict that Wycheproof expects, each of 151", () => {
    const vectors = ed25519Vectors();
    expect(vectors).toHaveLength(151);
    for (const { publicKey, message, signature, isValid, name } of vectors)
      expect(isSignedBy(publicKey, message, signature), name).toBe(isValid);
  });

  it("is decided without cofactor: one that holds only with it is refused", () => {
    const signature = hex(
      "742ad0ba6320e013c4b8e9e7e94fbf87391cd552577028789ffa91cf1633f16ba558a8414fd1bf55c2e311e5355952db818730d9864941abc70b82f0f8f09906",
    );
    const publicKey = hex("e84e95fe8d4120188a51af498939204f6d70fcf00564c16e8586f6ec2d155720");
    expect(isSignedBy(publicKey, fromAscii("which verifier is this"), signature)).toBe(false);
  });

  it("is refused when its R, or the key, has small order, in every encoding", () => {
    const { publicKey } = makeKey();
    const nothing = new Uint8Array(32);
    expect(smallOrder()).toHaveLength(14);
    for (const point of smallOrder()) {
      expect(isSignedBy(publicKey, nothing, concat(point, nothing)), toHex(point)).toBe(false);
      // With a key of small order and S = 0, R is the neutral point or one of eight: all of them hold somewhere.
      for (const r of smallOrder()) expect(isSignedBy(point, nothing, concat(r, nothing)), toHex(point)).toBe(false);
    }
  });

  it("is refused when its S is not below the order, though it is the same number", () => {
    const { publicKey, privateKey } = makeKey();
    const message = fromAscii("message");
    const signature = new Uint8Array(sign(null, message, privateKey));
    const s = signature.slice(32).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
    expect(isSignedBy(publicKey, message, signature)).toBe(true);
    expect(isSignedBy(publicKey, message, concat(signature.slice(0, 32), bytesOfNumber(s + order)))).toBe(false);
  });

  it("for one purpose is none for another", () => {
    const { publicKey, privateKey } = makeKey();
    const message = fromAscii("message");
    const signature = new Uint8Array(sign(null, concat(label("login-signature"), message), privateKey));
    expect(isSignedFor("login-signature", publicKey, message, signature)).toBe(true);
    expect(isSignedFor("password-change", publicKey, message, signature)).toBe(false);
    expect(isSignedBy(publicKey, message, signature)).toBe(false);
  });
});

describe("a public key at enrolment", () => {
  it("of an honest device is taken", () => {
    for (let count = 0; count < 4; count++) expect(isSigningPublic(makeKey().publicKey)).toBe(true);
    expect(isSigningPublic(hex("d55f7fb5045557a75bc835bc0134723a01f3e6d3ce99dc5ddafc5236bbd02225"))).toBe(true);
  });

  it("of small order, no point, too large, mixed or of another length is refused", () => {
    for (const point of smallOrder()) expect(isSigningPublic(point), toHex(point)).toBe(false);
    // The base point plus a point of order 2 is (−x, −y): it is on the curve, and its order is twice the group's.
    const baseY = 46316835694926478169428394003475163141307993866256225615783033603165251855960n;
    expect(isSigningPublic(bytesOfNumber(baseY))).toBe(true);
    expect(isSigningPublic(bytesOfNumber(prime - baseY))).toBe(false);
    expect(isSigningPublic(bytesOfNumber(2n))).toBe(false);
    expect(isSigningPublic(bytesOfNumber(prime + 3n))).toBe(false);
    expect(isSigningPublic(makeKey().publicKey.slice(1))).toBe(false);
  });
});
