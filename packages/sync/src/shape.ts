/**
 * How values stand in the CBOR of the wire: one shape for both ways, so that what is written is what is read.
 *
 * A shape reads nothing but what it writes. Writing something outside of its limits is our own mistake and stops.
 */

import { assert, isInstant, type Instant } from "@amana/kernel";
import {
  deviceIdOf,
  entryHashOf,
  fromHex,
  idBytes,
  isCborArray,
  keyIdOf,
  logIdOf,
  toHex,
  type Bytes,
  type CborValue,
  type DeviceId,
  type EntryHash,
  type KeyId,
  type LogId,
} from "@amana/log";
import { accountIdBytes } from "./limits.ts";
import type { AccountId, Nothing } from "./requests.ts";

/** What was read, told apart from nothing, since a value may itself be `undefined`. */
export type Read<T> = { readonly value: T } | undefined;

export type Shape<T> = {
  readonly write: (value: T) => CborValue;
  readonly read: (value: CborValue | undefined) => Read<T>;
};

const notWithin = "A message outside of its limits was to be sent.";

/** From the one test of what is allowed, both ways. */
const plain = <T extends CborValue>(isAllowed: (value: CborValue | undefined) => value is T): Shape<T> => ({
  write: (value) => {
    assert(isAllowed(value), notWithin);
    return value;
  },
  read: (value) => (isAllowed(value) ? { value } : undefined),
});

export const bytesBetween = (lengthMin: number, lengthMax: number): Shape<Bytes> =>
  plain(
    (value): value is Bytes => value instanceof Uint8Array && value.length >= lengthMin && value.length <= lengthMax,
  );

export const bytesOfLength = (length: number): Shape<Bytes> => bytesBetween(length, length);

export const wholeNumber = (min: number, max: number): Shape<number> =>
  plain((value): value is number => typeof value === "number" && value >= min && value <= max);

export const flag: Shape<boolean> = plain((value): value is boolean => typeof value === "boolean");

export const moment: Shape<Instant> = plain((value): value is Instant => isInstant(value));

/** Visible ASCII, as addresses are. */
export const address = (lengthMax: number): Shape<string> =>
  plain(
    (value): value is string => typeof value === "string" && value.length <= lengthMax && /^[\x21-\x7e]+$/.test(value),
  );

const idShape = <Id extends EntryHash | LogId | DeviceId | KeyId>(
  idOf: (bytes: Bytes) => Id | undefined,
): Shape<Id> => ({
  write: idBytes,
  read: (value) => {
    const id = value instanceof Uint8Array ? idOf(new Uint8Array(value)) : undefined;
    return id === undefined ? undefined : { value: id };
  },
});

export const entryHash: Shape<EntryHash> = idShape(entryHashOf);
export const logId: Shape<LogId> = idShape(logIdOf);
export const deviceId: Shape<DeviceId> = idShape(deviceIdOf);
export const keyId: Shape<KeyId> = idShape(keyIdOf);

export const accountId: Shape<AccountId> = {
  write: (account) => {
    const bytes = fromHex(account);
    assert(bytes?.length === accountIdBytes, notWithin);
    return bytes;
  },
  read: (value) =>
    value instanceof Uint8Array && value.length === accountIdBytes
      ? { value: toHex(new Uint8Array(value)) }
      : undefined,
};

/** One of a few words, each by its number. */
export const word = <Word extends string>(numbers: Readonly<Record<Word, number>>): Shape<Word> => ({
  write: (name) => numbers[name],
  read: (value) => {
    // The keys of the table are its words and nothing else.
    const found = (Object.keys(numbers) as Word[]).find((name) => numbers[name] === value);
    return found === undefined ? undefined : { value: found };
  },
});

export const optional = <T>(shape: Shape<T>): Shape<T | undefined> => ({
  write: (value) => (value === undefined ? null : shape.write(value)),
  read: (value) => (value === null ? { value: undefined } : shape.read(value)),
});

export const list = <T>(shape: Shape<T>, countMax: number): Shape<readonly T[]> => ({
  write: (values) => {
    assert(values.length <= countMax, notWithin);
    return values.map(shape.write);
  },
  read: (value) => {
    if (value === undefined || !isCborArray(value) || value.length > countMax) return undefined;
    const values: T[] = [];
    for (const item of value) {
      const read = shape.read(item);
      if (read === undefined) return undefined;
      values.push(read.value);
    }
    return { value: values };
  },
});

/** A list that is refused, both ways, unless it is as said. */
export const where = <T>(shape: Shape<T>, isAsSaid: (value: T) => boolean): Shape<T> => ({
  write: (value) => {
    assert(isAsSaid(value), notWithin);
    return shape.write(value);
  },
  read: (value) => {
    const read = shape.read(value);
    return read !== undefined && isAsSaid(read.value) ? read : undefined;
  },
});

export type Fields<T> = { readonly [Name in keyof T]-?: Shape<T[Name]> };

/** An array with one place for each field, in the order of the table. */
export const record = <T extends object>(fields: Fields<T>): Shape<T> => {
  // The keys of the table are exactly the fields of the value: its type says so.
  const names = Object.keys(fields) as (keyof T)[];
  return {
    write: (value) => names.map((name) => fields[name].write(value[name])),
    read: (value) => {
      if (value === undefined || !isCborArray(value) || value.length !== names.length) return undefined;
      const read: Partial<T> = {};
      for (const [place, name] of names.entries()) {
        const field = fields[name].read(value[place]);
        if (field === undefined) return undefined;
        read[name] = field.value;
      }
      // Every field of the table has been read.
      return { value: read as T };
    },
  };
};

export const nothing: Shape<Nothing> = record({});
