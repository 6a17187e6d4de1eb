/**
 * The ids a log speaks of. In memory they are lowercase hexadecimal texts, so that they can be keys of maps
 * and compare in byte order; in a header they are bytes.
 */

import type { Brand } from "@amana/kernel";
import { assert } from "@amana/kernel";
import { fromHex, toHex, type Bytes } from "./bytes.ts";
import { deviceIdBytes, hashBytes, logIdBytes } from "./limits.ts";

/** The only name an entry has: SHA-256 over its header and the digest of its body. */
export type EntryHash = string & Brand<"EntryHash">;
export type LogId = string & Brand<"LogId">;
export type DeviceId = string & Brand<"DeviceId">;
/** The name of a public key: a person's identity key, or a receiving key. */
export type KeyId = string & Brand<"KeyId">;

/** Each gives nothing when the bytes have another length than an id of its kind; any bytes of it are an id. */
export const entryHashOf = (bytes: Bytes): EntryHash | undefined =>
  bytes.length === hashBytes ? (toHex(bytes) as EntryHash) : undefined; // The length is all there is to check.
export const logIdOf = (bytes: Bytes): LogId | undefined =>
  bytes.length === logIdBytes ? (toHex(bytes) as LogId) : undefined; // The length is all there is to check.
export const deviceIdOf = (bytes: Bytes): DeviceId | undefined =>
  bytes.length === deviceIdBytes ? (toHex(bytes) as DeviceId) : undefined; // The length is all there is to check.
export const keyIdOf = (bytes: Bytes): KeyId | undefined =>
  bytes.length === hashBytes ? (toHex(bytes) as KeyId) : undefined; // The length is all there is to check.

/** The bytes of any id. */
export const idBytes = (id: EntryHash | LogId | DeviceId | KeyId): Bytes => {
  const bytes = fromHex(id);
  assert(bytes !== undefined, "An id holds something else than hexadecimal digits.");
  return bytes;
};
