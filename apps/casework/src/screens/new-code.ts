/** A code for a new case: the year and four random signs, so that it tells neither a name nor how many cases there are. */

import { withWesternDigits } from "@amana/ui";

const digits = "23456789";
/** Without vowels, so that no code is a name. */
const signs = `${digits}BCDFGHJKMNPQRSTVWXZ`;
const signCount = 4;
/** Bytes from there up would make the first signs likelier than the others. */
const bytesBelow = 256 - (256 % signs.length);

/** Signs that look alike (0 and O, 1 and I and L) are left out, because codes are said over the telephone. */
export const newCode = (year: number, randomness: (count: number) => Uint8Array): string => {
  for (;;) {
    const code = anySigns(randomness);
    // The case file takes a code with a digit at least.
    if (Array.from(code).some((sign) => digits.includes(sign))) return `${year}-${code}`;
  }
};

/** What was typed on a phone in small letters, or with the digits of one's own language, is meant as a code is written. */
export const codeAsTyped = (typed: string): string => withWesternDigits(typed).trim().toUpperCase();

const anySigns = (randomness: (count: number) => Uint8Array): string => {
  let code = "";
  while (code.length < signCount) {
    for (const byte of randomness(signCount))
      if (byte < bytesBelow && code.length < signCount) code += signs[byte % signs.length] ?? "";
  }
  return code;
};
