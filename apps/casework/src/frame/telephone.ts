/**
 * Telephone numbers in what somebody wrote, in whatever digits.
 *
 * In a line from right to left each group of digits would stand to the left of the one before: whoever dialled what they read
 * there would dial another number. So a number is shown as one piece, from left to right; of Arabic digits only an override does that.
 */

import { withWesternDigits } from "@amana/ui";

const digit = "[0-9٠-٩۰-۹]";
/** Hyphens and dashes, spaces that break and that do not. */
const written = `\\+?${digit}(?:${digit}|[ \\u00a0\\u2010-\\u2013-]){4,18}${digit}`;

export type Part = { readonly text: string; readonly number?: string };

/** Everything that was written, in order. A number is given as it is dialled: in Latin digits, with nothing between them. */
export const partsOf = (text: string): readonly Part[] =>
  text
    .split(new RegExp(`(${written})`, "u"))
    .map((part, place) => (place % 2 === 0 ? { text: part } : { text: part, number: dialled(part) }))
    .filter((part) => part.text !== "");

const withoutWords = new RegExp(`^[\\s+()\\u2010-\\u2013-]*${digit}(?:${digit}|[\\s()\\u2010-\\u2013-])*$`, "u");

/** Whether somebody types a number and nothing else, though it may not be whole yet. */
export const isNumberAlone = (text: string): boolean => withoutWords.test(text);

const fromRightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}]/u;
const hasParts = /[^0-9٠-٩۰-۹]/u;

/**
 * The numbers in what is being typed that a field shows otherwise than they were typed: it lays out what stands in it as it will,
 * and nothing may be put between the digits, for that would be saved.
 */
export const numbersShownOtherwise = (text: string): readonly string[] =>
  fromRightToLeft.test(text.replace(/[٠-٩۰-۹]/gu, ""))
    ? partsOf(text).flatMap(({ text: part, number }) => (number !== undefined && hasParts.test(part) ? [part] : []))
    : [];

const dialled = (part: string): string => withWesternDigits(part).replace(/[^\d+]/g, "");
