/**
 * What is done to bytes so often that the platform's own way is worth taking where there is one: hashing, comparing, and
 * writing bytes as text. This is the way of the language alone. Node.js has another, which package.json names in its place
 * (`#platform`); a test holds both to the same answers.
 */

import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import type { Bytes } from "./bytes.ts";

export const sha256 = (bytes: Bytes): Bytes => new Uint8Array(nobleSha256(bytes));

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export const toHex = (bytes: Bytes): string => {
  let text = "";
  for (const byte of bytes) text += pairs[byte] ?? "";
  return text;
};

/** How long it takes says where they differ: for nothing that is secret. */
export const areSameBytes = (one: Bytes, other: Bytes): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);
