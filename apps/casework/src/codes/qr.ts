/**
 * A QR code after ISO/IEC 18004: text to squares, with error correction level M, in versions 1 to 20.
 *
 * What is drawn is somebody's invitation or kit: nothing of it leaves the page, and no library is trusted with it.
 */

import { penaltyOf } from "./penalty.ts";

/** Rows of modules; true is dark. */
export type Squares = readonly (readonly boolean[])[];

export const versionMax = 20;
/** By version from 1 on, for level M. */
const correctionPerBlock = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26] as const;
const blockCounts = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16] as const;

const sizeOf = (version: number): number => 17 + 4 * version;

export const alignmentPlaces = (version: number): readonly number[] => {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  const last = sizeOf(version) - 7;
  return [6, ...Array.from({ length: count - 1 }, (_, place) => last - step * (count - 2 - place))];
};

/** Modules that carry data and its correction, in bits. */
const rawBits = (version: number): number => {
  const alignments = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const aligned = version === 1 ? 0 : (25 * alignments - 10) * alignments - 55;
  return (16 * version + 128) * version + 64 - aligned - (version >= 7 ? 36 : 0);
};

const blocksOf = (
  version: number,
): { readonly count: number; readonly correction: number; readonly total: number } => ({
  count: blockCounts[version - 1] ?? 0,
  correction: correctionPerBlock[version - 1] ?? 0,
  total: Math.floor(rawBits(version) / 8),
});

export const dataBytes = (version: number): number => {
  const { count, correction, total } = blocksOf(version);
  return total - count * correction;
};

type Bits = readonly (0 | 1)[];
const bitsOf = (value: number, length: number): Bits =>
  Array.from({ length }, (_, place) => (((value >>> (length - 1 - place)) & 1) === 1 ? 1 : 0));

/** Digits take a third of the room that bytes take. */
const segmentOf = (text: string, version: number): Bits => {
  if (/^\d+$/.test(text)) {
    const groups = text.match(/\d{1,3}/g) ?? [];
    const digits = groups.flatMap((group) => bitsOf(Number(group), [0, 4, 7, 10][group.length] ?? 10));
    return [...bitsOf(1, 4), ...bitsOf(text.length, version < 10 ? 10 : 12), ...digits];
  }
  const bytes = [...new TextEncoder().encode(text)];
  return [...bitsOf(4, 4), ...bitsOf(bytes.length, version < 10 ? 8 : 16), ...bytes.flatMap((byte) => bitsOf(byte, 8))];
};

/** With its end, filled up to what the version holds. */
export const codewordsOf = (text: string, version: number): readonly number[] | undefined => {
  const segment = segmentOf(text, version);
  const room = dataBytes(version) * 8;
  if (segment.length > room) return undefined;
  const ended = [...segment, ...bitsOf(0, Math.min(4, room - segment.length))];
  const whole = [...ended, ...bitsOf(0, (8 - (ended.length % 8)) % 8)];
  const bytes = Array.from({ length: whole.length / 8 }, (_, place) =>
    whole.slice(place * 8, place * 8 + 8).reduce<number>((value, bit) => value * 2 + bit, 0),
  );
  return Array.from(
    { length: dataBytes(version) },
    (_, place) => bytes[place] ?? ((place - bytes.length) % 2 === 0 ? 0xec : 0x11),
  );
};

/** In the field of 256 elements that the standard names. */
export const multiply = (one: number, other: number): number => {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((other >>> bit) & 1) * one;
  }
  return product;
};

const generatorOf = (degree: number): readonly number[] => {
  let generator = [...Array.from({ length: degree - 1 }, () => 0), 1];
  let root = 1;
  for (let step = 0; step < degree; step++) {
    generator = generator.map((value, place) => multiply(value, root) ^ (generator[place + 1] ?? 0));
    root = multiply(root, 2);
  }
  return generator;
};

export const correctionOf = (block: readonly number[], degree: number): readonly number[] => {
  const generator = generatorOf(degree);
  let rest: readonly number[] = Array.from({ length: degree }, () => 0);
  for (const byte of block) {
    const factor = byte ^ (rest[0] ?? 0);
    const shifted = [...rest.slice(1), 0];
    rest = shifted.map((value, place) => value ^ multiply(generator[place] ?? 0, factor));
  }
  return rest;
};

/** Blocks one byte of each in turn, data first. The later blocks hold one byte more where it does not come out even. */
export const interleaved = (bytes: readonly number[], version: number): readonly number[] => {
  const { count, correction, total } = blocksOf(version);
  const shortBlocks = count - (total % count);
  const shortLength = Math.floor(total / count) - correction;
  let at = 0;
  const blocks = Array.from({ length: count }, (_, place) => {
    const block = bytes.slice(at, (at += shortLength + (place < shortBlocks ? 0 : 1)));
    return { block, check: correctionOf(block, correction) };
  });
  const data = Array.from({ length: shortLength + 1 }, (_, place) => blocks.flatMap(({ block }) => block[place] ?? []));
  const checks = Array.from({ length: correction }, (_, place) => blocks.flatMap(({ check }) => check[place] ?? []));
  return [...data.flat(), ...checks.flat()];
};

type Grid = (boolean | undefined)[][];
const set = (grid: Grid, row: number, column: number, isDark: boolean): void => {
  const line = grid[row];
  if (line !== undefined && column >= 0 && column < line.length) line[column] = isDark;
};

/** What stands at the same place in every code of this version; the rest is open. */
const frameOf = (version: number): Grid => {
  const size = sizeOf(version);
  const grid: Grid = Array.from({ length: size }, () => Array.from({ length: size }, () => undefined));
  for (let place = 0; place < size; place++) {
    set(grid, 6, place, place % 2 === 0);
    set(grid, place, 6, place % 2 === 0);
  }
  const corners = [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const;
  for (const [row, column] of corners)
    for (let down = -4; down <= 4; down++)
      for (let right = -4; right <= 4; right++) {
        const ring = Math.max(Math.abs(down), Math.abs(right));
        set(grid, row + down, column + right, ring !== 2 && ring !== 4);
      }
  const places = alignmentPlaces(version);
  const isCorner = (row: number, column: number): boolean =>
    (row === 6 && (column === 6 || column === size - 7)) || (row === size - 7 && column === 6);
  for (const row of places)
    for (const column of places.filter((each) => !isCorner(row, each)))
      for (let down = -2; down <= 2; down++)
        for (let right = -2; right <= 2; right++)
          set(grid, row + down, column + right, Math.max(Math.abs(down), Math.abs(right)) !== 1);
  drawFormat(grid, 0);
  if (version >= 7) drawVersion(grid, version);
  return grid;
};

const remainderOf = (value: number, generator: number, length: number): number => {
  let rest = value;
  for (let step = 0; step < length; step++) rest = (rest << 1) ^ ((rest >>> (length - 1)) * generator);
  return rest;
};

/** Level M is 0, so that only the mask is said. */
export const formatBits = (mask: number): number => ((mask << 10) | remainderOf(mask, 0x537, 10)) ^ 0x5412;
export const versionBits = (version: number): number => (version << 12) | remainderOf(version, 0x1f25, 12);

const drawFormat = (grid: Grid, mask: number): void => {
  const bits = formatBits(mask);
  const size = grid.length;
  const isSet = (place: number): boolean => ((bits >>> place) & 1) === 1;
  for (let place = 0; place < 15; place++) {
    const row = place < 6 ? place : place < 8 ? place + 1 : 8;
    const column = place < 8 ? 8 : place === 8 ? 7 : 14 - place;
    set(grid, row, column, isSet(place));
    if (place < 8) set(grid, 8, size - 1 - place, isSet(place));
    else set(grid, size - 15 + place, 8, isSet(place));
  }
  set(grid, size - 8, 8, true);
};

const drawVersion = (grid: Grid, version: number): void => {
  const bits = versionBits(version);
  for (let place = 0; place < 18; place++) {
    const [near, far] = [Math.floor(place / 3), grid.length - 11 + (place % 3)];
    set(grid, far, near, ((bits >>> place) & 1) === 1);
    set(grid, near, far, ((bits >>> place) & 1) === 1);
  }
};

export const masks: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

/** Up and down in pairs of columns from the right, past what is fixed. */
export const pathOf = (size: number): readonly (readonly [row: number, column: number])[] => {
  const pairs = Array.from(
    { length: (size - 1) / 2 },
    (_, place) => size - 1 - 2 * place - (place >= (size - 7) / 2 ? 1 : 0),
  );
  return pairs.flatMap((right, place) =>
    Array.from({ length: size }, (_, step) => (place % 2 === 0 ? size - 1 - step : step)).flatMap(
      (row): (readonly [number, number])[] => [
        [row, right],
        [row, right - 1],
      ],
    ),
  );
};

const drawn = (version: number, bytes: readonly number[], mask: number): Squares => {
  const grid = frameOf(version);
  const isMasked = masks[mask] ?? (() => false);
  const open = pathOf(grid.length).filter(([row, column]) => grid[row]?.[column] === undefined);
  for (const [place, [row, column]] of open.entries()) {
    const bit = (((bytes[place >>> 3] ?? 0) >>> (7 - (place & 7))) & 1) === 1;
    set(grid, row, column, bit !== isMasked(row, column));
  }
  drawFormat(grid, mask);
  return grid.map((line) => line.map((isDark) => isDark === true));
};

/** In the smallest version that holds it, with the mask that reads best; nothing for a text that is too long. */
export const squaresOf = (text: string): Squares | undefined => {
  for (let version = 1; version <= versionMax; version++) {
    const bytes = codewordsOf(text, version);
    if (bytes === undefined) continue;
    const all = interleaved(bytes, version);
    const ways = masks.map((_, mask) => drawn(version, all, mask));
    return ways.reduce((best, each) => (penaltyOf(each) < penaltyOf(best) ? each : best));
  }
  return undefined;
};

/** As the path of a drawing: one square of each dark module. */
export const pathIn = (squares: Squares): string =>
  squares
    .flatMap((line, row) => line.flatMap((isDark, column) => (isDark ? [`M${column} ${row}h1v1h-1z`] : [])))
    .join("");
