/** Of the eight ways to mask a QR code the one is taken that is easiest to read, as ISO/IEC 18004 counts it. */

import type { Squares } from "./qr.ts";

/** How hard it is to read, as the standard counts: long runs, blocks, what looks like a corner, too much of one colour. */
export const penaltyOf = (squares: Squares): number => {
  const columns = squares.map((_, place) => squares.map((line) => line[place] === true));
  let penalty = 0;
  for (const line of [...squares, ...columns]) {
    const text = line.map((isDark) => (isDark ? "1" : "0")).join("");
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) penalty += run.length - 2;
    for (let at = 0; at <= text.length - 11; at++)
      if (["10111010000", "00001011101"].includes(text.slice(at, at + 11))) penalty += 40;
  }
  for (let row = 0; row + 1 < squares.length; row++)
    for (let column = 0; column + 1 < squares.length; column++) {
      const square = [
        squares[row]?.[column],
        squares[row]?.[column + 1],
        squares[row + 1]?.[column],
        squares[row + 1]?.[column + 1],
      ];
      if (square.every((each) => each === square[0])) penalty += 3;
    }
  const dark = squares.flat().filter(Boolean).length;
  const share = (dark * 100) / (squares.length * squares.length);
  return penalty + Math.floor(Math.abs(share - 50) / 5) * 10;
};
