/** A code for a new case: the year and four random signs, so that it tells neither a name nor how many cases there are. */

const signs = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const signCount = 4;

/** Signs that look alike (0 and O, 1 and I and L) are left out, because codes are said over the telephone. */
export const newCode = (year: number, randomness: (count: number) => Uint8Array): string => {
  let code = "";
  while (code.length < signCount) {
    // Bytes from 240 up would make the first signs likelier than the others.
    for (const byte of randomness(signCount))
      if (byte < 240 && code.length < signCount) code += signs[byte % signs.length] ?? "";
  }
  return `${year}-${code}`;
};
