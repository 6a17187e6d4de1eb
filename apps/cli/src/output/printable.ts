/**
 * Makes what came from outside fit to stand in a message: short, on one line, and without a character
 * that could move the cursor, turn the line around or pretend to be our own words.
 */

const lettersMax = 60;

export const printable = (text: string): string => {
  const visible = text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu, "\ufffd");
  const letters = Array.from(visible);
  return letters.length <= lettersMax ? visible : `${letters.slice(0, lettersMax).join("")}…`;
};
