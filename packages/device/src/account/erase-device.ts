/**
 * Erasing everything on this device. The keys go first, in one write: from then on the rest is rubbish, even if the
 * device is switched off in between.
 */

import type { DeviceStore } from "../ports.ts";
import { accountName, accountVaultName, deviceVaultName, nextDeviceVaultName } from "../store/names.ts";

const keyNames = [accountName, accountVaultName, deviceVaultName, nextDeviceVaultName];
const namesPerWriteMax = 500;

/** All names begin with one of our words; those of logs are many, so they go by the first byte of their id. */
const logPrefixes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const prefixes = [
  "record/",
  "draft/",
  "outbox/",
  "index/",
  ...logPrefixes.flatMap((byte) => [`log/${byte}`, `snapshot/${byte}`]),
  // And whatever else there may be.
  "",
];

export const eraseDevice = async (store: DeviceStore): Promise<void> => {
  await store.write(keyNames.map((name) => ({ name, value: undefined })));
  for (const prefix of prefixes) await eraseAll(store, prefix);
};

const eraseAll = async (store: DeviceStore, prefix: string): Promise<void> => {
  const names = (await store.list(prefix)).map(({ name }) => name);
  for (let at = 0; at < names.length; at += namesPerWriteMax)
    await store.write(names.slice(at, at + namesPerWriteMax).map((name) => ({ name, value: undefined })));
};
