/**
 * The token of a sign-in as it stands in the header of a request: base64url of its bytes, without padding.
 * Format: docs/formats/wire.md §1.
 */

import { assert } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import { tokenBytes } from "./limits.ts";

const scheme = "Bearer ";
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const digitBits = 6;
const digitCount = Math.ceil((tokenBytes * 8) / digitBits);

/** The value of the header `authorization`. */
export const authorizationOf = (token: Bytes): string => {
  assert(token.length === tokenBytes, "A token of another length was to be sent.");
  let text = scheme;
  for (let place = 0; place < digitCount; place++) text += digits[bitsAt(token, place * digitBits)] ?? "";
  return text;
};

/** Six bits from this one on; beyond the end they are zero. */
const bitsAt = (bytes: Bytes, bit: number): number => {
  const at = bit >> 3;
  const pair = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return (pair >> (16 - digitBits - (bit & 7))) & 63;
};

/** Nothing for any text but the one that `authorizationOf` makes of some token. */
export const tokenIn = (authorization: string): Bytes | undefined => {
  if (!authorization.startsWith(scheme) || authorization.length !== scheme.length + digitCount) return undefined;
  const token = new Uint8Array(tokenBytes);
  for (let place = 0; place < digitCount; place++) {
    const value = digits.indexOf(authorization[scheme.length + place] ?? "");
    const [at, shift] = [(place * digitBits) >> 3, 16 - digitBits - ((place * digitBits) & 7)];
    const pair = value << shift;
    if (at < tokenBytes) token[at] = (token[at] ?? 0) | (pair >> 8);
    if (at + 1 < tokenBytes) token[at + 1] = (token[at + 1] ?? 0) | (pair & 255);
  }
  return authorizationOf(token) === authorization ? token : undefined;
};
