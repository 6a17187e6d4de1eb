/**
 * Reads back what this device had sealed for itself. It opened under a key that nobody else has, so a value that is not
 * as it was written is our own mistake, and stops.
 */

import { assert, isInstant, type Instant } from "@amana/kernel";
import {
  bytesOf,
  deviceIdOf,
  entryHashOf,
  isCborArray,
  logIdBytes,
  logIdOf,
  type Bytes,
  type CborValue,
  type DeviceId,
  type EntryHash,
  type LogId,
} from "@amana/log";

type Value = CborValue | undefined;

const strange = "What this device sealed for itself opened into something else.";

export const listFrom = (value: Value): readonly CborValue[] => {
  assert(value !== undefined && isCborArray(value), strange);
  return value;
};

export const numberFrom = (value: Value): number => {
  assert(typeof value === "number", strange);
  return value;
};

export const textFrom = (value: Value): string => {
  assert(typeof value === "string", strange);
  return value;
};

export const bytesFrom = (value: Value): Bytes => {
  assert(value instanceof Uint8Array, strange);
  return value;
};

export const instantFrom = (value: Value): Instant => {
  assert(isInstant(value), strange);
  return value;
};

export const hashFrom = (value: Value): EntryHash => {
  const hash = entryHashOf(bytesFrom(value));
  assert(hash !== undefined, strange);
  return hash;
};

export const logIdFrom = (value: Value): LogId => {
  const bytes = bytesOf(value, logIdBytes);
  assert(bytes !== undefined, strange);
  const logId = logIdOf(bytes);
  assert(logId !== undefined, strange);
  return logId;
};

export const deviceFrom = (value: Value): DeviceId => {
  const device = deviceIdOf(bytesFrom(value));
  assert(device !== undefined, strange);
  return device;
};

/** The value, or nothing where null was written. */
export const orNothing = <T>(value: Value, read: (value: Value) => T): T | undefined =>
  value === null ? undefined : read(value);
