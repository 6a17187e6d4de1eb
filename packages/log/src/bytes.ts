/**
 * Bytes and the few things done to them everywhere. Text form is lowercase hexadecimal, so that the order of
 * texts is the order of bytes.
 */

import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";

/** Bytes that are ours alone: never a view over shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

export const sha256 = (bytes: Bytes): Bytes => new Uint8Array(nobleSha256(bytes));

export const concat = (...parts: readonly Bytes[]): Bytes => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** Takes as long for different bytes as for equal ones; only the length is learned early. */
export const equalBytes = (one: Bytes, other: Bytes): boolean => {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= (one[at] ?? 0) ^ (other[at] ?? 0);
  return difference === 0;
};

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export const toHex = (bytes: Bytes): string => {
  let text = "";
  for (const byte of bytes) text += hexPairs[byte] ?? "";
  return text;
};

/** Nothing when the text is anything but pairs of lowercase hexadecimal digits. */
export const fromHex = (text: string): Bytes | undefined => {
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    const high = digitAt(text, 2 * at);
    const low = digitAt(text, 2 * at + 1);
    if (high === undefined || low === undefined) return undefined;
    bytes[at] = high * 16 + low;
  }
  return bytes;
};

const digitAt = (text: string, at: number): number | undefined => {
  const unit = text.charCodeAt(at);
  if (unit >= 48 && unit <= 57) return unit - 48;
  return unit >= 97 && unit <= 102 ? unit - 87 : undefined;
};

/** Only for our own constant texts: every character becomes one byte. */
export const fromAscii = (text: string): Bytes => Uint8Array.from(text, (character) => character.charCodeAt(0));
