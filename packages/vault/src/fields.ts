/**
 * Reads the data of control events: maps with exactly the fields they should have. What is not exactly so is
 * no event of that type and version, whoever signed it.
 */

import {
  bytesOf,
  entryHashOf,
  hashBytes,
  hashesPerListMax,
  isCborArray,
  isCborMap,
  toHex,
  type Bytes,
  type CborMap,
  type CborValue,
  type EntryHash,
} from "@amana/log";

/** The map, when it has these fields and no other. */
export const exactFields = (data: CborValue, names: readonly string[]): CborMap | undefined => {
  if (!isCborMap(data)) return undefined;
  const isExact = Object.keys(data).length === names.length && names.every((name) => Object.hasOwn(data, name));
  return isExact ? data : undefined;
};

/** An id of 16 bytes, as text. The caller names what it is the id of. */
export const readId = (value: CborValue | undefined): string | undefined => {
  const bytes = bytesOf(value, 16);
  return bytes === undefined ? undefined : toHex(bytes);
};

/** The whole list or nothing, within the limit of any list. */
export const readList = <T>(
  value: CborValue | undefined,
  readItem: (item: CborValue) => T | undefined,
): readonly T[] | undefined => {
  if (value === undefined || !isCborArray(value) || value.length > hashesPerListMax) return undefined;
  const items = value.map(readItem).filter((item) => item !== undefined);
  return items.length === value.length ? items : undefined;
};

export const readHash = (value: CborValue | undefined): EntryHash | undefined => {
  const bytes: Bytes | undefined = bytesOf(value, hashBytes);
  return bytes === undefined ? undefined : entryHashOf(bytes);
};
