/** By Node.js what `../platform.ts` does by the language alone, with the same answers. */

import { hash } from "node:crypto";
import type { Bytes } from "../bytes.ts";

const digestBytes = 32;

/** As a text of one character for each byte: for 32 bytes a buffer outside of the heap takes longer than the hashing does. */
export const sha256 = (bytes: Bytes): Bytes => {
  const text = hash("sha256", bytes, "binary");
  const digest = new Uint8Array(digestBytes);
  for (let at = 0; at < digestBytes; at++) digest[at] = text.charCodeAt(at);
  return digest;
};

export const toHex = (bytes: Bytes): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");

export const areSameBytes = (one: Bytes, other: Bytes): boolean => Buffer.compare(one, other) === 0;
