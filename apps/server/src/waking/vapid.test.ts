/** How the server names itself to a push service: RFC 8292. */

import { createPublicKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { makeVapidKey, vapidAuthorization, vapidKeyOf } from "./vapid.ts";

describe("the name of this server before a push service", () => {
  const key = vapidKeyOf(makeVapidKey());
  const header = vapidAuthorization(key, "https://push.example.org", "https://amana.example.org", 1_800_000_000);
  const { token = "", k = "" } = /^vapid t=(?<token>[^,]+), k=(?<k>\S+)$/.exec(header)?.groups ?? {};
  const [head = "", claims = "", signature = ""] = token.split(".");

  it("is signed with the key that it carries", () => {
    const raw = Buffer.from(k, "base64url");
    expect([raw.length, raw[0]]).toEqual([65, 4]);
    expect(new Uint8Array(raw)).toEqual(key.publicKey);
    const [x, y] = [raw.subarray(1, 33), raw.subarray(33)].map((each) => each.toString("base64url"));
    const publicKey = createPublicKey({ key: { kty: "EC", crv: "P-256", x: x ?? "", y: y ?? "" }, format: "jwk" });
    const proof = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
    const isSigned = (text: string): boolean =>
      verify("sha256", Buffer.from(text), proof, Buffer.from(signature, "base64url"));
    expect(isSigned(`${head}.${claims}`)).toBe(true);
    expect(isSigned(`${head}.${claims}x`)).toBe(false);
  });

  it("says who asks, whom, and until when within a day, and nothing else", () => {
    const decode = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
    expect(decode(head)).toEqual({ typ: "JWT", alg: "ES256" });
    expect(decode(claims)).toEqual({
      aud: "https://push.example.org",
      exp: 1_800_000_000 + 12 * 3600,
      sub: "https://amana.example.org",
    });
  });
});
