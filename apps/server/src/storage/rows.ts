/** Reads the columns of a row. A row of another shape than its table is our own mistake, and stops. */

import { assert, isInstant, type Instant } from "@amana/kernel";
import {
  deviceIdOf,
  entryHashOf,
  keyIdOf,
  logIdOf,
  toHex,
  type Bytes,
  type DeviceId,
  type EntryHash,
  type KeyId,
  type LogId,
  type LogKind,
} from "@amana/log";
import type { AccountId } from "@amana/sync";
import { organisationIdOf, type LogPlace, type Row } from "./connection.ts";
import type { OrganisationId } from "./values.ts";

const isPresent: <T>(value: T | undefined) => asserts value is T = (value) => {
  assert(value !== undefined, "A row of the store has another shape than its table.");
};

export const bytesIn = (row: Row, column: string): Bytes => {
  const value = row[column];
  // Both drivers give bytes of their own, never a view over shared memory.
  const bytes = value instanceof Uint8Array ? (value as Bytes) : undefined;
  isPresent(bytes);
  return bytes;
};

export const numberIn = (row: Row, column: string): number => {
  const value = row[column];
  const number = typeof value === "number" ? value : undefined;
  isPresent(number);
  return number;
};

export const textIn = (row: Row, column: string): string => {
  const value = row[column];
  const text = typeof value === "string" ? value : undefined;
  isPresent(text);
  return text;
};

export const isNull = (row: Row, column: string): boolean => row[column] === null;

export const instantIn = (row: Row, column: string): Instant => {
  const value = numberIn(row, column);
  const instant = isInstant(value) ? value : undefined;
  isPresent(instant);
  return instant;
};

const idIn = <Id>(row: Row, column: string, idOf: (bytes: Bytes) => Id | undefined): Id => {
  const id = idOf(bytesIn(row, column));
  isPresent(id);
  return id;
};

export const hashIn = (row: Row, column: string): EntryHash => idIn(row, column, entryHashOf);
export const logIdIn = (row: Row, column = "log_id"): LogId => idIn(row, column, logIdOf);
export const keyIdIn = (row: Row, column: string): KeyId => idIn(row, column, keyIdOf);
export const deviceIdIn = (row: Row): DeviceId => idIn(row, "device_id", deviceIdOf);
export const accountIdIn = (row: Row, column = "account_id"): AccountId => toHex(bytesIn(row, column));
export const organisationIdIn = (row: Row): OrganisationId => organisationIdOf(numberIn(row, "organisation"));

/** The numbers of entry.md §2, by which logs are marked. */
export const logKindNumbers = { organisation: 1, case: 2 } as const satisfies Record<LogKind, number>;

export const logKindIn = (row: Row): LogKind =>
  numberIn(row, "kind") === logKindNumbers.organisation ? "organisation" : "case";

/** Where a log stands, from its own row. */
export const logPlaceIn = (row: Row): LogPlace => ({
  log: numberIn(row, "log"),
  kind: numberIn(row, "kind"),
  end: numberIn(row, "entry_count"),
  digest: bytesIn(row, "digest"),
  tip: bytesIn(row, "tip"),
  isShredded: !isNull(row, "shredded_at"),
});
