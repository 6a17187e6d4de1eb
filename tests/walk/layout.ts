/** How the walk lays out bytes: what they are on the left, hexadecimal digits beside it, and CBOR item by item. */

import { assert } from "@amana/kernel";
import { decodeCbor, encodeCbor, isCborArray, isCborMap, toHex, type Bytes, type CborValue } from "@amana/log";

export type Row = readonly [name: string, text: string];

const columns = 72;

/** Rows under one another; long texts of digits go on under themselves. */
export const rows = (all: readonly Row[]): string => {
  const width = Math.max(...all.map(([name]) => name.length));
  return all.map(([name, text]) => wrapped(`${name.padEnd(width)}  `, text)).join("\n");
};

const wrapped = (start: string, text: string): string => {
  const isDigits = /^[0-9a-f]+$/.test(text);
  const pieces = isDigits ? (text.match(new RegExp(`.{1,${columns}}`, "g")) ?? []) : [text];
  return pieces.map((piece, index) => ((index === 0 ? start : " ".repeat(start.length)) + piece).trimEnd()).join("\n");
};

export const shortened = (bytes: Bytes): string => `${toHex(bytes.subarray(0, 16))}… (${bytes.length} bytes)`;

/** One row for each item: its first bytes, and what they say. A name is given by the item's place, such as `1.0.2`. */
export const cborRows = (bytes: Bytes, names: Readonly<Record<string, string>> = {}): readonly Row[] =>
  itemsOf(bytes, names).map(({ depth, bytes: own, says }) => [`${"  ".repeat(depth)}${cut(own)}`, says] as const);

/** The same with every byte. */
export const wholeCborRows = (bytes: Bytes, names: Readonly<Record<string, string>> = {}): readonly Row[] =>
  itemsOf(bytes, names).flatMap(({ depth, bytes: own, says }) =>
    Array.from({ length: Math.ceil(own.length / bytesShown) }, (_, line): Row => {
      const part = own.slice(line * bytesShown, (line + 1) * bytesShown);
      return [`${"  ".repeat(depth)}${toHex(part)}`, line === 0 ? says : ""];
    }),
  );

const itemsOf = (bytes: Bytes, names: Readonly<Record<string, string>>): readonly Item[] => {
  const decoded = decodeCbor(bytes);
  assert(decoded.ok, "The walk shows canonical CBOR only.");
  const all = itemRows(decoded.value, "", names);
  assert(all.map(({ bytes: own }) => toHex(own)).join("") === toHex(bytes), "All bytes of an item are shown.");
  return all;
};

type Item = { readonly depth: number; readonly bytes: Bytes; readonly says: string };

const bytesShown = 20;
const cut = (bytes: Bytes): string =>
  bytes.length <= bytesShown ? toHex(bytes) : `${toHex(bytes.subarray(0, bytesShown))}…`;

const itemRows = (value: CborValue, place: string, names: Readonly<Record<string, string>>): readonly Item[] => {
  const depth = place === "" ? 0 : place.split(".").length;
  const name = names[place];
  const row = (says: string, bytes: Bytes): Item => ({
    depth,
    bytes,
    says: name === undefined ? says : `${says}: ${name}`,
  });
  const below = (key: number | string): string => (place === "" ? String(key) : `${place}.${key}`);
  if (isCborArray(value)) {
    const items = value.map((item, at) => itemRows(item, below(at), names));
    return [row(`array of ${value.length}`, headOf(value, items.flat())), ...items.flat()];
  }
  if (isCborMap(value)) {
    const encoded = Object.entries(value).map(([key, item]) => ({ key: encodeCbor(key), text: key, item }));
    // Canonical order: the shorter key first, then by bytes.
    encoded.sort((one, other) => (toHex(one.key) < toHex(other.key) ? -1 : 1));
    const items = encoded.flatMap(({ key, text, item }) => [
      { depth: depth + 1, bytes: key, says: `name of a field: ${text}` },
      ...itemRows(item, below(text), names),
    ]);
    return [row(`map of ${encoded.length}`, headOf(value, items)), ...items];
  }
  return [row(wordsFor(value), encodeCbor(value))];
};

/** The first bytes of an array or map: all that its items are not. */
const headOf = (value: CborValue, items: readonly Item[]): Bytes => {
  const whole = encodeCbor(value);
  return whole.slice(0, whole.length - items.reduce((sum, { bytes }) => sum + bytes.length, 0));
};

const wordsFor = (value: CborValue): string => {
  if (typeof value === "string") return `text of ${new TextEncoder().encode(value).length} bytes, “${value}”`;
  if (value instanceof Uint8Array) return value.length === 1 ? "1 byte" : `${value.length} bytes`;
  if (typeof value === "number") return `number ${value}`;
  return value === null ? "nothing" : value === true ? "true" : "false";
};
