/**
 * Reading bytes in order, and writing them in order. A cursor that once met something else than expected stays failed
 * and gives zeros, so that whoever reads asks once, at the end.
 */

import type { Bytes } from "./bytes.ts";

export type Cursor = { readonly bytes: Bytes; at: number; hasFailed: boolean };

export const cursorOver = (bytes: Bytes): Cursor => ({ bytes, at: 0, hasFailed: false });

/** Whether everything was read and nothing failed. */
export const isReadWhole = (cursor: Cursor): boolean => !cursor.hasFailed && cursor.at === cursor.bytes.length;

export const fail = (cursor: Cursor): void => {
  cursor.hasFailed = true;
};

/** A view of the next bytes; none once the cursor has failed. */
export const take = (cursor: Cursor, length: number): Bytes => {
  const end = cursor.at + length;
  if (cursor.hasFailed || end > cursor.bytes.length) {
    fail(cursor);
    return new Uint8Array();
  }
  const taken = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return taken;
};

/** The next bytes as one number, the most significant first. */
export const takeNumber = (cursor: Cursor, length: number): number => {
  const end = cursor.at + length;
  if (cursor.hasFailed || end > cursor.bytes.length) {
    fail(cursor);
    return 0;
  }
  // Numbers are many and a byte or two long: a view for each would cost more than reading it.
  let value = 0;
  for (let at = cursor.at; at < end; at++) value = value * 256 + (cursor.bytes[at] ?? 0);
  cursor.at = end;
  return value;
};

export const expectByte = (cursor: Cursor, byte: number): void => {
  if (takeNumber(cursor, 1) !== byte) fail(cursor);
};

/** Where bytes are written one after the other; its size is set by whoever makes it. */
export type Page = { readonly bytes: Bytes; at: number };

export const pageOf = (size: number): Page => ({ bytes: new Uint8Array(size), at: 0 });

export const put = (page: Page, bytes: Bytes): void => {
  page.bytes.set(bytes, page.at);
  page.at += bytes.length;
};

export const putNumber = (page: Page, value: number, length: number): void => {
  let rest = value;
  for (let at = page.at + length - 1; at >= page.at; at--) {
    page.bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  page.at += length;
};

// [Note: Heads of CBOR] An item begins with its major type in three bits and a number in five: the number itself up to
// 23, or 24, 25, 26 for one that follows in 1, 2 or 4 bytes. The shortest form is the only one.

const inlineMax = 23;
const followingSizes = [1, 2, 4] as const;

/** The number in the head of an item of this major type, in its shortest form, up to 2^32 − 1. */
export const takeHead = (cursor: Cursor, major: number): number => {
  const first = takeNumber(cursor, 1);
  const short = first & 31;
  if (first >> 5 !== major) fail(cursor);
  if (short <= inlineMax) return short;
  const size = followingSizes[short - inlineMax - 1];
  if (size === undefined) {
    fail(cursor);
    return 0;
  }
  const value = takeNumber(cursor, size);
  if (headBytes(value) !== 1 + size) fail(cursor);
  return value;
};

export const putHead = (page: Page, major: number, value: number): void => {
  const size = headBytes(value) - 1;
  const short = size === 0 ? value : inlineMax + 1 + Math.log2(size);
  putNumber(page, (major << 5) | short, 1);
  if (size > 0) putNumber(page, value, size);
};

/** How long a head with this number is. */
export const headBytes = (value: number): number => {
  if (value <= inlineMax) return 1;
  if (value < 2 ** 8) return 2;
  return value < 2 ** 16 ? 3 : 5;
};

export const isSame = (one: Bytes | undefined, other: Bytes | undefined): boolean => {
  if (one === undefined || other === undefined) return one === other;
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
};
