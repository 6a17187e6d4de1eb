/**
 * Passwords: made by the app, or one's own if it is strong enough. Against a copied phone the password is what
 * stands, so a weak one is refused. Format: docs/formats/keys.md §3.
 */

import type { Bytes } from "@amana/log";
import { withWesternDigits } from "./digits.ts";
import { keyboardRows, knownWords } from "./known-words.ts";
import type { Randomness } from "./ports.ts";

const ownPasswordLengthMin = 14;
const ownPasswordBitsMin = 50;
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

/** One sign for each known word and each year: they surprise no more than a letter does. */
const withoutKnown = (text: string): string => {
  let rest = text;
  for (const word of wordsLongestFirst) {
    for (let at = plainLetters(rest).indexOf(word); at !== -1; at = plainLetters(rest).indexOf(word))
      rest = `${rest.slice(0, at)}${knownSign}${rest.slice(at + word.length)}`;
  }
  return rest.replace(/(?:19|20)\d\d/g, knownSign);
};

const wordsLongestFirst = [...knownWords].sort((one, other) => other.length - one.length);
const knownSign = "\u0000";

/** Signs that stand for letters in the passwords of whoever was told to use signs: one for one, so that places stay. */
const plainLetters = (text: string): string => text.replace(/[01345@$!]/g, (sign) => standsFor[sign] ?? sign);

const standsFor: Readonly<Record<string, string>> = {
  ...{ "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "@": "a", $: "s", "!": "i" },
};

const areNeighbours = (one: string, other: string): boolean =>
  one !== "" && other !== "" && keyboardRows.some((row) => row.includes(one + other) || row.includes(other + one));

/** How many characters are neither a repetition, nor the next of a row, nor part of a piece that came before. */
const surprises = (characters: readonly string[]): number => {
  const text = withoutKnown(characters.join("").toLowerCase());
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const step = text.charCodeAt(at) - text.charCodeAt(at - 1);
    // Two neighbouring keys stand in many words, three in few.
    const keys = [at - 2, at - 1, at, at + 1].map((place) => text.charAt(place));
    const [first = "", second = "", third = "", fourth = ""] = keys;
    const isAlongKeys = areNeighbours(second, third) && (areNeighbours(first, second) || areNeighbours(third, fourth));
    const isRow = Math.abs(step) <= 1 || isAlongKeys;
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
