/**
 * Bytes and the few things done to them everywhere. Text form is lowercase hexadecimal, so that the order of
 * texts is the order of bytes.
 */

export { sha256, toHex } from "#platform";

/** Bytes that are ours alone: never a view over shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

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

/** Only for our own constant texts: every character becomes one byte. */
export const fromAscii = (text: string): Bytes => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** What each character of hexadecimal text is worth, by its code; nothing else is below 16. */
const digitValues = new Uint8Array(128).fill(255);
for (let value = 0; value < 16; value++) digitValues[value.toString(16).charCodeAt(0)] = value;

/** Nothing when the text is anything but pairs of lowercase hexadecimal digits. */
export const fromHex = (text: string): Bytes | undefined => {
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    const high = digitValues[text.charCodeAt(2 * at)] ?? 255;
    const low = digitValues[text.charCodeAt(2 * at + 1)] ?? 255;
    if (high > 15 || low > 15) return undefined;
    bytes[at] = high * 16 + low;
  }
  return bytes;
};
