/** What the platform is asked for where it signs and verifies, what it may keep, and where the checks before it begin and end. */

import { concat, fromAscii, type Bytes } from "@amana/log";
import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, it } from "vitest";
import { conceal } from "../secret.ts";
import { isPlainSignature, sign, signingPublicOf, verify, verifyByCurves, verifyByPlatform } from "./ed25519.ts";

const bytesOfNumber = (value: bigint): Bytes =>
  Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn));
const seedOf = (name: number) => conceal("identity-seed", bytesOfNumber(BigInt(name + 1)));
const message = fromAscii("message");

type Asked = { readonly given: Bytes; readonly key: CryptoKey };

/** What the platform imports, and how often it has signed, while something is done. */
const askedWhile = async (act: () => Promise<void>) => {
  const { subtle } = crypto;
  const original = { importKey: subtle.importKey.bind(subtle), sign: subtle.sign.bind(subtle) };
  const imported: Asked[] = [];
  let signed = 0;
  // Of the ways in which the platform may be asked, these two alone are in use.
  subtle.importKey = (async (...words: Parameters<typeof original.importKey>) => {
    const key = await original.importKey(...words);
    imported.push({ given: words[1] as unknown as Bytes, key });
    return key;
  }) as unknown as typeof subtle.importKey;
  subtle.sign = async (...words) => {
    const signature = await original.sign(...words);
    signed++;
    return signature;
  };
  try {
    await act();
  } finally {
    Object.assign(subtle, original);
  }
  return { imported, signed };
};

describe("a key that signs", () => {
  it("is given to the platform once, which signs with it and never hands it out, and no copy is left behind", async () => {
    const seed = seedOf(1);
    const { imported, signed } = await askedWhile(async () => {
      expect(await sign(seed, message)).toEqual(await sign(seed, message));
    });
    expect(signed).toBe(2);
    expect(imported).toHaveLength(1);
    for (const { given, key } of imported) {
      expect([key.extractable, key.usages]).toEqual([false, ["sign"]]);
      await expect(crypto.subtle.exportKey("pkcs8", key)).rejects.toThrow();
      expect(given.every((byte) => byte === 0)).toBe(true);
    }
  });
});

describe("a key that verifies", () => {
  it("is given to the platform once while it is among the last 64, and is forgotten after them", async () => {
    const keys = await Promise.all(
      Array.from({ length: 65 }, async (_, name) => {
        const seed = seedOf(100 + name);
        return { publicKey: signingPublicOf(seed), signature: await sign(seed, message) };
      }),
    );
    const importsFor = async (some: typeof keys): Promise<number> => {
      const asked = await askedWhile(async () => {
        for (const { publicKey, signature } of some)
          expect(await verifyByPlatform(publicKey, message, signature)).toBe(true);
      });
      return asked.imported.length;
    };
    const [first, last] = [keys.slice(0, 1), keys.slice(64)];
    expect(await importsFor(keys.slice(0, 64))).toBe(64);
    expect(await importsFor(keys.slice(0, 64))).toBe(0);
    expect(await importsFor(last)).toBe(1);
    expect(await importsFor([...keys.slice(1, 64), ...last])).toBe(0);
    expect(await importsFor(first)).toBe(1);
  });
});

describe("a signature", () => {
  it("may hold any S below the group's order, to the last one, and not the order itself", () => {
    const { BASE, Fn } = ed25519.Point;
    const r = new Uint8Array(BASE.toBytes());
    expect(isPlainSignature(concat(r, bytesOfNumber(Fn.ORDER - 1n)))).toBe(true);
    expect(isPlainSignature(concat(r, bytesOfNumber(Fn.ORDER)))).toBe(false);
  });

  it("is left as it was by each verifier, and holds as well when it is verified again", async () => {
    const seed = seedOf(2);
    const [publicKey, signature] = [signingPublicOf(seed), await sign(seed, message)];
    const before = signature.slice();
    for (const verifier of [verify, verifyByPlatform, verifyByCurves, verifyByCurves])
      expect(await verifier(publicKey, message, signature)).toBe(true);
    expect(signature).toEqual(before);
  });
});
