/**
 * Secrets on paper: digits in groups of six, readable in each of our four languages and from any keyboard.
 *
 * The last digit of a group checks the other five and the group's place, so that whoever types it in is told
 * which group to look at. Format: docs/formats/keys.md §3.
 */

import { err, ok, type Result } from "@amana/kernel";

export type DigitsError =
  | { readonly type: "NotDigits" }
  | { readonly type: "WrongLength" }
  /** Counted from 1, as a person counts. */
  | { readonly type: "WrongGroup"; readonly group: number };

const groupLength = 6;
const payloadLength = groupLength - 1;

/** 0 of Western, Arabic-Indic and Extended Arabic-Indic digits; the nine others follow each. */
const zeros = [0x30, 0x660, 0x6f0] as const;

/** Spaces, dashes and invisible direction marks that come along when text is copied. */
const between = /[\s\-–\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c]/gu;

/** Only 0–9, whatever digits were typed; nothing when something else is among them. */
export const readDigits = (text: string): string | undefined => {
  const digits = Array.from(text.replace(between, ""), westernDigit);
  return digits.includes(undefined) ? undefined : digits.join("");
};

/** The same text with every digit of our languages as 0–9. */
export const withWesternDigits = (text: string): string =>
  Array.from(text, (character) => westernDigit(character) ?? character).join("");

/** In the digits a reader knows: `arabic` prints ٠–٩. */
export const printDigits = (digits: string, script: "western" | "arabic"): string => {
  const groups = digits.match(/.{1,6}/g) ?? [];
  const printed = groups.join(" ");
  return script === "western"
    ? printed
    : printed.replace(/\d/g, (digit) => String.fromCodePoint(zeros[1] + Number(digit)));
};

/** A number as so many groups, each with its check digit. It must fit. */
export const numberToGroups = (value: bigint, groupCount: number): string => {
  const digits = value.toString().padStart(groupCount * payloadLength, "0");
  return Array.from({ length: groupCount }, (_, place) => {
    const payload = digits.slice(place * payloadLength, (place + 1) * payloadLength);
    return payload + String(checkDigit(payload, place));
  }).join("");
};

/** Digits 0–9 only: `readDigits` comes first. */
export const groupsToNumber = (digits: string, groupCount: number): Result<bigint, DigitsError> => {
  if (digits.length !== groupCount * groupLength) return err({ type: "WrongLength" });
  let payload = "";
  for (let place = 0; place < groupCount; place++) {
    const group = digits.slice(place * groupLength, (place + 1) * groupLength);
    // With its own check digit behind it, a group comes out as zero.
    if (checkDigit(group, place) !== 0) return err({ type: "WrongGroup", group: place + 1 });
    payload += group.slice(0, payloadLength);
  }
  return ok(BigInt(payload));
};

const westernDigit = (character: string): string | undefined => {
  const code = character.codePointAt(0) ?? 0;
  const zero = zeros.find((each) => code >= each && code <= each + 9);
  return zero === undefined ? undefined : String(code - zero);
};

// H. M. Damm's quasigroup of order 10 (2004): it finds every wrong digit and every two neighbours swapped.
const damm = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
] as const;

const checkDigit = (digits: string, place: number): number =>
  // The place starts the sum, so that a group in another place does not check.
  Array.from(digits).reduce((sum, digit) => Number(damm[sum]?.[Number(digit)]), place % 10);
