/**
 * The font for Arabic script, cut down to what the three languages use. Latin comes from the system.
 *
 * Vazirmatn has the Kurdish letters ڕ ڵ ۆ ێ ە that common Arabic fonts lack. It is under the SIL Open Font
 * Licence; the cut font keeps its name table's licence entries.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import subsetFont from "subset-font";

/** Letters, marks, digits and signs of Arabic script. Western digits come from the system: their variants weigh 6 kB. */
const ranges: readonly (readonly [number, number])[] = [
  [0x00ab, 0x00ab],
  [0x00bb, 0x00bb],
  [0x060c, 0x060c],
  [0x061b, 0x061f],
  [0x0621, 0x063a],
  [0x0640, 0x0652],
  [0x0654, 0x0654],
  [0x0660, 0x066d],
  [0x0670, 0x0671],
  [0x067e, 0x067e],
  [0x0686, 0x0686],
  [0x0692, 0x0692],
  [0x0695, 0x0695],
  [0x0698, 0x0698],
  [0x06a4, 0x06a4],
  [0x06a9, 0x06a9],
  [0x06af, 0x06af],
  [0x06b5, 0x06b5],
  [0x06be, 0x06be],
  [0x06c0, 0x06c0],
  [0x06c6, 0x06c7],
  [0x06ca, 0x06ca],
  [0x06cc, 0x06ce],
  [0x06d0, 0x06d0],
  [0x06d2, 0x06d2],
  [0x06d5, 0x06d5],
  [0x06f0, 0x06f9],
  [0x200c, 0x200f],
];

const letters = ranges
  .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index))
  .map((code) => String.fromCodePoint(code))
  .join("");

/** For which letters the font is fetched at all: whoever reads English never asks for it. */
const unicodeRange = "U+600-6FF,U+200C-200F";

/** The rule of a style sheet that stands beside the font. */
export const fontFaceOf = (fileName: string): string =>
  `@font-face{font-family:Vazirmatn;src:url(${fileName}) format("woff2");font-weight:400 800;font-display:swap;unicode-range:${unicodeRange}}`;

export const makeFont = (): Promise<Uint8Array> => {
  const path = createRequire(import.meta.url).resolve("vazirmatn/fonts/variable/Vazirmatn[wght].ttf");
  return subsetFont(readFileSync(path), letters, {
    targetFormat: "woff2",
    variationAxes: { wght: { min: 400, max: 800, default: 400 } },
  });
};
