/**
 * What one device alone knows and never sends: its id, the key of its storage, and the heads it has seen, so
 * that nobody can show it an older log as the newest. Format: docs/formats/keys.md §4.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import {
  bytesOf,
  deviceIdBytes,
  deviceIdOf,
  entryHashOf,
  equalBytes,
  hashBytes,
  idBytes,
  isCborArray,
  logIdBytes,
  logIdOf,
  type Bytes,
  type CborValue,
  type DeviceId,
  type EntryHash,
  type LogId,
} from "@amana/log";
import type { VaultOpener } from "./account.ts";
import { openBox, sealBox, type BoxError, type BoxPorts } from "./box.ts";
import { makeSecret } from "./identity.ts";
import type { Deflate, Randomness } from "./ports.ts";
import { conceal, exposeSecret, type Secret } from "./secret.ts";

export type DeviceVault = {
  readonly device: DeviceId;
  readonly storageKey: Secret<"device-storage">;
  /** The newest generation of the account vault this device has opened. */
  readonly generationSeen: number;
  readonly headsSeen: ReadonlyMap<LogId, readonly EntryHash[]>;
};

/** A new device, or a copied one that takes a new id. */
export const makeDeviceVault = (randomness: Randomness, generationSeen: number): DeviceVault => {
  const device = deviceIdOf(randomness(deviceIdBytes));
  assert(device !== undefined, "Randomness gave another length than it was asked for.");
  return { device, storageKey: makeSecret("device-storage", randomness), generationSeen, headsSeen: new Map() };
};

const contentVersion = 1;

/** Nothing when the heads of too many logs do not fit; the caller keeps the rest under the storage key. */
export const sealDeviceVault = (
  vault: DeviceVault,
  account: VaultOpener,
  ports: BoxPorts,
): Promise<Bytes | undefined> => {
  const heads = [...vault.headsSeen].map(([logId, hashes]) => [idBytes(logId), hashes.map(idBytes)]);
  const context = [account.accountId, idBytes(vault.device)];
  const content = [contentVersion, exposeSecret(vault.storageKey), vault.generationSeen, heads];
  return sealBox("device-vault", account.unlockKey, { context, content }, ports);
};

export const openDeviceVault = async (
  bytes: Bytes,
  account: VaultOpener,
  deflate: Deflate,
): Promise<Result<DeviceVault, BoxError>> => {
  const opened = await openBox("device-vault", account.unlockKey, bytes, deflate);
  if (!opened.ok) return opened;
  const device = deviceIn(opened.value.context, account.accountId);
  const vault = device === undefined ? undefined : readVault(opened.value.content, device);
  return vault === undefined ? err({ type: "Damaged" }) : ok(vault);
};

const deviceIn = (context: CborValue, accountId: Bytes): DeviceId | undefined => {
  if (!isCborArray(context) || context.length !== 2) return undefined;
  const [account, device] = [context[0], bytesOf(context[1], deviceIdBytes)];
  const isOwn = account instanceof Uint8Array && equalBytes(account, accountId);
  return isOwn && device !== undefined ? deviceIdOf(device) : undefined;
};

const readVault = (content: CborValue, device: DeviceId): DeviceVault | undefined => {
  if (!isCborArray(content) || content.length !== 4 || content[0] !== contentVersion) return undefined;
  const storage = bytesOf(content[1], 32);
  const [generationSeen, listed] = [content[2], content[3]];
  if (storage === undefined || typeof generationSeen !== "number" || listed === undefined) return undefined;
  const headsSeen = readHeads(listed);
  if (headsSeen === undefined) return undefined;
  const storageKey = conceal("device-storage", storage);
  storage.fill(0);
  return { device, storageKey, generationSeen, headsSeen };
};

const readHeads = (listed: CborValue): ReadonlyMap<LogId, readonly EntryHash[]> | undefined => {
  if (!isCborArray(listed)) return undefined;
  const heads = new Map<LogId, readonly EntryHash[]>();
  for (const row of listed) {
    if (!isCborArray(row) || row.length !== 2) return undefined;
    const logBytes = bytesOf(row[0], logIdBytes);
    const logId = logBytes === undefined ? undefined : logIdOf(logBytes);
    const hashes = row[1] === undefined ? undefined : readHashes(row[1]);
    if (logId === undefined || hashes === undefined) return undefined;
    heads.set(logId, hashes);
  }
  return heads;
};

/** A list of entry hashes, as events and vaults carry it; nothing for anything else. */
const readHashes = (value: CborValue): readonly EntryHash[] | undefined => {
  if (!isCborArray(value)) return undefined;
  const hashes = value.map((item) => bytesOf(item, hashBytes)).map((bytes) => bytes && entryHashOf(bytes));
  const whole = hashes.filter((hash) => hash !== undefined);
  return whole.length === hashes.length ? whole : undefined;
};
