/**
 * Reads JSON text and refuses a key that is given twice.
 *
 * `JSON.parse` keeps the last of two equal keys without a word; of a case that says
 * `"immediate-danger": "yes"` and later `"no"`, the danger would be gone. The scan below finds such keys,
 * and the place of the first mistake, and never repeats what the text holds.
 */

import { type Result, err, ok } from "@amana/kernel";

/** Places count from 1, columns in characters as an editor counts them. */
export type JsonProblem =
  | { readonly type: "NotJson"; readonly at: JsonPlace | null }
  | { readonly type: "KeyTwice"; readonly key: string; readonly at: JsonPlace };

export type JsonPlace = { readonly line: number; readonly column: number };

/** More would help nobody, and a text made of nothing else must not take minutes. */
const keysTwiceMax = 20;

/** The value, or what is wrong: the first mistake in the text, or else the keys that are given twice. */
export const readJson = (text: string): Result<unknown, readonly JsonProblem[]> => {
  const scanned = scan(text);
  if (scanned.mistakeAt !== null) return err([{ type: "NotJson", at: placeOf(text, scanned.mistakeAt) }]);
  if (scanned.twice.length > 0) {
    return err(
      scanned.twice.slice(0, keysTwiceMax).map(({ key, at }) => ({ type: "KeyTwice", key, at: placeOf(text, at) })),
    );
  }
  try {
    return ok(JSON.parse(text));
  } catch {
    return err([{ type: "NotJson", at: null }]);
  }
};

const placeOf = (text: string, offset: number): JsonPlace => {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: Array.from(before.slice(lineStart)).length + 1 };
};

type Scanned = {
  /** Offset of the first character that cannot stand there; null when the text is JSON. */
  readonly mistakeAt: number | null;
  readonly twice: readonly { readonly key: string; readonly at: number }[];
};

const blanks = /[ \t\n\r]*/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const plain = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;

/** What may stand next. */
type Expecting = "value" | "value-or-close" | "key" | "key-or-close" | "colon" | "comma-or-close" | "end";

type Scan = {
  offset: number;
  expecting: Expecting;
  /** The keys of each object around the offset, innermost last; null for a list. */
  readonly around: (Set<string> | null)[];
  readonly twice: { readonly key: string; readonly at: number }[];
};

const scan = (text: string): Scanned => {
  const state: Scan = { offset: 0, expecting: "value", around: [], twice: [] };
  for (;;) {
    state.offset += lengthAt(blanks, text, state.offset);
    if (state.offset >= text.length) {
      return { mistakeAt: state.expecting === "end" ? null : state.offset, twice: state.twice };
    }
    if (!step(text, state)) return { mistakeAt: state.offset, twice: state.twice };
  }
};

/** Takes one piece; false when it cannot stand here. */
const step = (text: string, state: Scan): boolean => {
  const sign = text.charAt(state.offset);
  switch (state.expecting) {
    case "end":
      return false;
    case "colon":
      return sign === ":" && take(state, "value");
    case "comma-or-close":
      if (sign === ",") return take(state, state.around.at(-1) === null ? "value" : "key");
      return takeClose(sign, state);
    case "key-or-close":
      return sign === "}" ? takeClose(sign, state) : takeKey(text, state);
    case "key":
      return takeKey(text, state);
    case "value-or-close":
      return sign === "]" ? takeClose(sign, state) : takeValue(text, sign, state);
    case "value":
      return takeValue(text, sign, state);
    default:
      return false;
  }
};

const take = (state: Scan, next: Expecting): true => {
  state.offset++;
  state.expecting = next;
  return true;
};

const takeClose = (sign: string, state: Scan): boolean => {
  const innermost = state.around.at(-1);
  if (innermost === undefined || sign !== (innermost === null ? "]" : "}")) return false;
  state.around.pop();
  return take(state, state.around.length === 0 ? "end" : "comma-or-close");
};

const takeKey = (text: string, state: Scan): boolean => {
  const length = stringLengthAt(text, state.offset);
  if (length === 0) return false;
  // The scan has seen a whole JSON string, escapes included, so two spellings of one key are equal here.
  const key = String(JSON.parse(text.slice(state.offset, state.offset + length)));
  const keys = state.around.at(-1);
  if (keys?.has(key) === true) state.twice.push({ key, at: state.offset });
  keys?.add(key);
  state.offset += length;
  state.expecting = "colon";
  return true;
};

const takeValue = (text: string, sign: string, state: Scan): boolean => {
  if (sign === "{" || sign === "[") {
    state.around.push(sign === "{" ? new Set() : null);
    return take(state, sign === "{" ? "key-or-close" : "value-or-close");
  }
  const length = sign === '"' ? stringLengthAt(text, state.offset) : lengthAt(plain, text, state.offset);
  if (length === 0) return false;
  state.offset += length;
  state.expecting = state.around.length === 0 ? "end" : "comma-or-close";
  return true;
};

const lengthAt = (pattern: RegExp, text: string, offset: number): number => {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex - offset : 0;
};

/** A whole string with its quotes; 0 when there is none. A loop, because a pattern would need a stack as deep as the text. */
const stringLengthAt = (text: string, offset: number): number => {
  if (text.charAt(offset) !== '"') return 0;
  let place = offset + 1;
  while (place < text.length) {
    const sign = text.charAt(place);
    if (sign === '"') return place + 1 - offset;
    // Below the space are the control characters, which JSON allows only as escapes.
    if (sign < " ") return 0;
    const length = sign === "\\" ? lengthAt(escape, text, place) : 1;
    if (length === 0) return 0;
    place += length;
  }
  return 0;
};
