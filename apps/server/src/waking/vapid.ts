/**
 * How the server names itself to a push service (RFC 8292): a short-lived token, signed with a key of its own.
 *
 * It says who asks and nothing of whom: the endpoint's origin, an end within hours, and the address of this server.
 */

import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { assert } from "@amana/kernel";
import { concat, type Bytes } from "@amana/log";

/** Made at the first start and kept in the store: subscriptions hold to this key alone. */
export const makeVapidKey = (): Bytes => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return new Uint8Array(privateKey.export({ format: "der", type: "pkcs8" }));
};

export type VapidKey = {
  readonly privateKey: KeyObject;
  /** Uncompressed, as browsers take it. */ readonly publicKey: Bytes;
};

export const vapidKeyOf = (pkcs8: Bytes): VapidKey => {
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
  const { x, y } = createPublicKey(privateKey).export({ format: "jwk" });
  assert(x !== undefined && y !== undefined, "The key for waking is not on the curve P-256.");
  const publicKey = concat(
    Uint8Array.of(4),
    new Uint8Array(Buffer.from(x, "base64url")),
    new Uint8Array(Buffer.from(y, "base64url")),
  );
  return { privateKey, publicKey };
};

/** Whether every push service takes this address of ours for the name of who asks: RFC 8292 wants https, and some refuse another. */
export const isTakenAsName = (origin: string): boolean => origin.startsWith("https:");

const tokenSecondsMax = 12 * 3600;

/** The `authorization` for one push service, which takes it for some hours. */
export const vapidAuthorization = (key: VapidKey, audience: string, subject: string, nowSeconds: number): string => {
  const claims = { aud: audience, exp: nowSeconds + tokenSecondsMax, sub: subject };
  const text = `${encodeJson({ typ: "JWT", alg: "ES256" })}.${encodeJson(claims)}`;
  const signature = sign("sha256", Buffer.from(text), { key: key.privateKey, dsaEncoding: "ieee-p1363" });
  return `vapid t=${text}.${signature.toString("base64url")}, k=${Buffer.from(key.publicKey).toString("base64url")}`;
};

const encodeJson = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
