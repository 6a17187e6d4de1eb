/** The code for the camera: after the worked example of the standard, and read back square by square. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { penaltyOf } from "./penalty.ts";
import {
  alignmentPlaces,
  codewordsOf,
  correctionOf,
  dataBytes,
  formatBits,
  interleaved,
  masks,
  multiply,
  pathOf,
  squaresOf,
  versionBits,
  versionMax,
  type Squares,
} from "./qr.ts";

const hex = (bytes: readonly number[] | undefined): string =>
  (bytes ?? []).map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

describe("the worked example of ISO/IEC 18004, “01234567” in version 1-M", () => {
  const bytes = codewordsOf("01234567", 1) ?? [];
  test("has the data and the correction of the standard", () => {
    expect(hex(bytes)).toBe("10 20 0c 56 61 80 ec 11 ec 11 ec 11 ec 11 ec 11");
    expect(hex(correctionOf(bytes, 10))).toBe("a5 24 d4 c1 ed 36 c7 87 2c 55");
  });
  test("says its format, and a larger code its version, in the bits of the standard", () => {
    expect(formatBits(5).toString(2)).toBe("100000011001110");
    expect(versionBits(7).toString(2).padStart(18, "0")).toBe("000111110010010100");
  });
});

test("the tables of the standard: alignment patterns and how much each version holds at level M", () => {
  expect([1, 2, 7, 14, 20].map(alignmentPlaces)).toEqual([[], [6, 18], [6, 22, 38], [6, 26, 46, 66], [6, 34, 62, 90]]);
  expect([1, 5, 7, 10, 15, 20].map(dataBytes)).toEqual([16, 86, 124, 216, 415, 669]);
});

/** Reads a code as a camera would that sees every square: format, mask, the way through, blocks, text. */
const readBack = (squares: Squares): string => {
  const size = squares.length;
  const version = (size - 17) / 4;
  const at = (row: number, column: number): number => (squares[row]?.[column] === true ? 1 : 0);
  const beside = [0, 1, 2, 3, 4, 5, 7, 8].map((row) => at(row, 8));
  const below = [7, 5, 4, 3, 2, 1, 0].map((column) => at(8, column));
  const format = [...beside, ...below].reduce((value, bit, place) => value | (bit << place), 0);
  const mask = masks.findIndex((_, each) => formatBits(each) === format);
  const again = [
    ...Array.from({ length: 8 }, (_, place) => at(8, size - 1 - place)),
    ...Array.from({ length: 7 }, (_, place) => at(size - 7 + place, 8)),
  ].reduce((value, bit, place) => value | (bit << place), 0);
  expect(again).toBe(format);
  const places = alignmentPlaces(version);
  const isFixed = (row: number, column: number): boolean => {
    const isInCorner = (row < 9 && (column < 9 || column >= size - 8)) || (row >= size - 8 && column < 9);
    const isInVersion = version >= 7 && ((row < 6 && column >= size - 11) || (column < 6 && row >= size - 11));
    const isInAlignment = places.some((down) =>
      places.some((right) => {
        const isCorner = (down === 6 && (right === 6 || right === size - 7)) || (down === size - 7 && right === 6);
        return !isCorner && Math.abs(row - down) <= 2 && Math.abs(column - right) <= 2;
      }),
    );
    return isInCorner || isInVersion || isInAlignment || row === 6 || column === 6;
  };
  const bits = pathOf(size)
    .filter(([row, column]) => !isFixed(row, column))
    .map(([row, column]) => at(row, column) ^ (masks[mask]?.(row, column) === true ? 1 : 0));
  const all = Array.from({ length: Math.floor(bits.length / 8) }, (_, place) =>
    bits.slice(place * 8, place * 8 + 8).reduce((value, bit) => value * 2 + bit, 0),
  );
  const data = dataIn(all, version);
  expect(interleaved(data, version)).toEqual(all);
  return textIn(data, version);
};

/** Finds the order of the bytes by sending their places through the blocks. */
const dataIn = (all: readonly number[], version: number): readonly number[] => {
  const count = dataBytes(version);
  const low = interleaved(
    Array.from({ length: count }, (_, place) => place % 256),
    version,
  ).slice(0, count);
  const high = interleaved(
    Array.from({ length: count }, (_, place) => place >>> 8),
    version,
  ).slice(0, count);
  const data = Array.from({ length: count }, () => 0);
  for (const [place, part] of low.entries()) data[part + 256 * (high[place] ?? 0)] = all[place] ?? 0;
  return data;
};

const textIn = (data: readonly number[], version: number): string => {
  const bits = data.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const isDigits = bits.startsWith("0001");
  const length = isDigits ? (version < 10 ? 10 : 12) : version < 10 ? 8 : 16;
  const count = Number.parseInt(bits.slice(4, 4 + length), 2);
  const rest = bits.slice(4 + length);
  if (!isDigits) {
    const bytes = Array.from({ length: count }, (_, place) => Number.parseInt(rest.slice(place * 8, place * 8 + 8), 2));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  }
  let text = "";
  for (let at = 0; text.length < count;) {
    const digits = Math.min(3, count - text.length);
    const width = [0, 4, 7, 10][digits] ?? 10;
    text += String(Number.parseInt(rest.slice(at, at + width), 2)).padStart(digits, "0");
    at += width;
  }
  return text;
};

describe("property: what is drawn can be read back", () => {
  test("a text of any length that fits, in every version", () => {
    const texts = fc.oneof(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
      fc.stringMatching(/^\d{1,400}$/),
      fc.integer({ min: 1, max: 650 }).map((length) => "x".repeat(length)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const squares = squaresOf(text);
        expect(squares).toBeDefined();
        expect(readBack(squares ?? [])).toBe(text);
      }),
      { numRuns: 25 },
    );
  });
});

test("each block with its correction has the roots that the standard asks for", () => {
  const block = codewordsOf("0750 111 2233", 2) ?? [];
  const whole = [...block, ...correctionOf(block, 16)];
  let root = 1;
  for (let step = 0; step < 16; step++) {
    expect(whole.reduce((value, byte) => multiply(value, root) ^ byte, 0)).toBe(0);
    root = multiply(root, 2);
  }
});

test("a text that is too long for the largest version is not drawn", () => {
  expect(squaresOf("x".repeat(666))).toBeDefined();
  expect(squaresOf("x".repeat(667))).toBeUndefined();
  expect(codewordsOf("x".repeat(667), versionMax)).toBeUndefined();
});

test("the mask is the one that is easiest to read", () => {
  const squares = squaresOf("01234567") ?? [];
  const all = Array.from({ length: squares.length }, () => Array.from({ length: squares.length }, () => true));
  expect(penaltyOf(squares)).toBeLessThan(penaltyOf(all));
});
