/** By Node.js what `../platform.ts` does by the language alone, with the same answers. */

import { hash } from "node:crypto";
import type { Bytes } from "../bytes.ts";

export const sha256 = (bytes: Bytes): Bytes => new Uint8Array(hash("sha256", bytes, "buffer"));

export const toHex = (bytes: Bytes): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");

export const areSameBytes = (one: Bytes, other: Bytes): boolean => Buffer.compare(one, other) === 0;
