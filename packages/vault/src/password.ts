/**
 * Passwords: made by the app, or one's own if it is strong enough. Against a copied phone the password is what
 * stands, so a weak one is refused. Format: docs/formats/keys.md §3.
 */

import type { Bytes } from "@amana/log";
import { withWesternDigits } from "./digits.ts";
import type { Randomness } from "./ports.ts";

export const ownPasswordLengthMin = 14;
export const ownPasswordBitsMin = 50;
const madeDigitCount = 20;

/** 20 random digits, 66 bits, in five groups of four. */
export const makePassword = (randomness: Randomness): string => {
  let digits = "";
  while (digits.length < madeDigitCount) {
    // Bytes from 250 up would make the first six digits likelier than the others.
    for (const byte of randomness(madeDigitCount)) if (byte < 250) digits += String(byte % 10);
  }
  return digits.slice(0, madeDigitCount).replace(/.{4}(?!$)/g, "$& ");
};

/** The same for every keyboard and language it may be typed on. */
export const passwordBytes = (password: string): Bytes =>
  new Uint8Array(new TextEncoder().encode(withWesternDigits(password.normalize("NFKC")).trim().replace(/\s+/gu, " ")));

export type PasswordStrength = "strong" | "too-short" | "too-simple";

/** For a password someone chose. A rough estimate that errs on the side of refusing. */
export const strengthOf = (password: string): PasswordStrength => {
  const characters = Array.from(new TextDecoder().decode(passwordBytes(password)));
  if (characters.length < ownPasswordLengthMin) return "too-short";
  return surprises(characters) * bitsPerSurprise(characters) >= ownPasswordBitsMin ? "strong" : "too-simple";
};

/** How many characters are neither a repetition, nor the next of a row, nor part of a piece that came before. */
const surprises = (characters: readonly string[]): number => {
  const text = characters.join("").toLowerCase();
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const step = text.charCodeAt(at) - text.charCodeAt(at - 1);
    const isRow = Math.abs(step) <= 1;
    const isSeenPiece = at >= 2 && text.indexOf(text.slice(at - 2, at + 1)) < at - 2;
    if (!isRow && !isSeenPiece) count++;
  }
  return count;
};

/** Digits surprise by one of ten; letters of a word by little more than two bits, mixed ones by more. */
const bitsPerSurprise = (characters: readonly string[]): number => {
  const isDigits = characters.every((character) => /[\d ]/.test(character));
  const isMixed = characters.some((c) => /\d/.test(c)) && characters.some((c) => /[^\d\s\p{L}\p{M}]/u.test(c));
  return isDigits ? Math.log2(10) : isMixed ? 4 : 2.5;
};
