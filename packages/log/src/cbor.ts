/**
 * Deterministic CBOR: one value, one form. What is read is encoded again and compared, because the library
 * reads more forms than it writes, and two forms of one value would be two hashes.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import { Tokenizer, Type, decode, encode, rfc8949EncodeOptions, type DecodeOptions, type Token } from "cborg";
import { areSameBytes } from "#platform";
import type { Bytes } from "./bytes.ts";
import { nestingMax } from "./limits.ts";

/** The values in use. Numbers are whole and within ±(2^53−1). */
export type CborValue = null | boolean | number | string | Bytes | readonly CborValue[] | CborMap;
export type CborMap = { readonly [key: string]: CborValue };

export type NotCanonical = { readonly type: "NotCanonical" };

const decodeOptions: DecodeOptions = {
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  strict: true,
  rejectDuplicateMapKeys: true,
};

/** Only for values of our own making: one outside of the subset is our mistake and stops. */
export const encodeCbor = (value: CborValue): Bytes => {
  assert(isCborValue(value, nestingMax), "A value outside of our subset of CBOR was to be encoded.");
  return new Uint8Array(encode(value, rfc8949EncodeOptions));
};

/** Refuses everything but the one deterministic form of a value of the subset. Never throws, whatever the bytes. */
export const decodeCbor = (bytes: Bytes): Result<CborValue, NotCanonical> => {
  const value = decodeAny(bytes);
  // The tokens were limited in depth already.
  if (value === undefined || !isCborValue(value, Infinity)) return err({ type: "NotCanonical" });
  const again = encode(value, rfc8949EncodeOptions);
  return areSameBytes(again, bytes) ? ok(value) : err({ type: "NotCanonical" });
};

/** Nothing when the library refuses; `undefined` itself is outside of the subset. */
const decodeAny = (bytes: Bytes): unknown => {
  try {
    return decode(bytes, { ...decodeOptions, tokenizer: limitedTokens(bytes) });
  } catch {
    return undefined;
  }
};

type Tokens = { done(): boolean; next(): Token; pos(): number };

/** Stops at the named depth, before nesting could exhaust the stack. */
const limitedTokens = (bytes: Bytes): Tokens => {
  const tokens = new Tokenizer(bytes, decodeOptions);
  const awaited: number[] = [];
  return {
    done: () => tokens.done(),
    pos: () => tokens.pos(),
    next: () => {
      const token = tokens.next();
      while (awaited.at(-1) === 0) awaited.pop();
      const last = awaited.pop();
      if (last !== undefined) awaited.push(last - 1);
      if (Type.equals(token.type, Type.array)) awaited.push(Number(token.value));
      if (Type.equals(token.type, Type.map)) awaited.push(2 * Number(token.value));
      if (awaited.length > nestingMax) throw new Error("Nested too deep.");
      return token;
    },
  };
};

const isCborValue = (value: unknown, depth: number): value is CborValue => {
  if (depth < 0) return false;
  if (value === null || typeof value === "boolean" || value instanceof Uint8Array) return true;
  if (typeof value === "number") return Number.isSafeInteger(value) && !Object.is(value, -0);
  if (typeof value === "string") return isWellFormed(value);
  if (Array.isArray(value)) return value.every((item) => isCborValue(item, depth - 1));
  return typeof value === "object" && isPlainMap(value, depth);
};

const isPlainMap = (value: object, depth: number): boolean =>
  Object.getPrototypeOf(value) === Object.prototype &&
  Object.entries(value).every(
    ([key, item]) => key !== "__proto__" && isWellFormed(key) && isCborValue(item, depth - 1),
  );

/** A lone surrogate has no UTF-8 form, and would come back as something else. */
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

export const isCborMap = (value: CborValue): value is CborMap =>
  typeof value === "object" && value !== null && !(value instanceof Uint8Array) && !isCborArray(value);

export const isCborArray = (value: CborValue): value is readonly CborValue[] => Array.isArray(value);

/** A byte string of exactly this length, or nothing. */
export const bytesOf = (value: CborValue | undefined, length: number): Bytes | undefined =>
  value instanceof Uint8Array && value.length === length ? value : undefined;
