/**
 * Unlocking, with or without the network. Each try is counted durably before the password is stretched, so that
 * switching the device off in time gains nobody another try; the tenth failure takes the account secret away.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import {
  clearSecret,
  deriveAccount,
  openAccountVault,
  openDeviceVault,
  type AccountVault,
  type BoxError,
  type DeviceVault,
  type Unlocked as UnlockedAccount,
} from "@amana/vault";
import type { DevicePorts, DeviceStore } from "../ports.ts";
import { accountVaultName, deviceVaultName, nextDeviceVaultName } from "../store/names.ts";
import { makeRecords } from "../store/records.ts";
import { accountChange, emptyingChanges, failuresMax, readStanding, type AccountRecord } from "./account-record.ts";
import { clearAccount, clearHeld } from "./held-account.ts";
import { openedDevice, type OpenedDevice, type TellPerson } from "./opened-device.ts";
import { readPasswordChange } from "./password-change-record.ts";

export type UnlockError =
  /** There is no account on this device. */
  | { readonly type: "NotEnrolled" }
  | { readonly type: "WrongPassword"; readonly triesLeft: number }
  /** Ten failures: only the kit opens it again. */
  | { readonly type: "Emptied" }
  /** Written by a newer version of this program. */
  | { readonly type: "Newer" }
  /** The password is right, and the account vault beside it is not what was kept here. */
  | { readonly type: "StorageDamaged" };

export const unlock = async (
  ports: DevicePorts,
  password: string,
  tellPerson: TellPerson,
): Promise<Result<OpenedDevice, UnlockError>> => {
  const standing = await readStanding(ports.store);
  if (standing.kind === "new") return err({ type: "NotEnrolled" });
  if (standing.kind === "emptied") return err({ type: "Emptied" });
  const { record } = standing;
  const tries = { ...record, failures: record.failures + 1 };
  // Someone let the tenth try go without its answer.
  if (record.failures >= failuresMax) return empty(ports.store, record);
  await ports.store.write([accountChange(tries)]);
  const account = await deriveAccount(record.accountSecret, password, ports.kdf);
  const vaults = await openVaults(ports, account);
  if (!vaults.ok) {
    clearAccount(account);
    if (vaults.error.type !== "NotForThisKey") return err(reasonOf(vaults.error));
    if (tries.failures >= failuresMax) return empty(ports.store, record);
    clearSecret(record.accountSecret);
    return err({ type: "WrongPassword", triesLeft: failuresMax - tries.failures });
  }
  await ports.store.write([accountChange({ ...record, failures: 0 })]);
  clearSecret(record.accountSecret);
  return ok(await openedDevice(ports, { account, ...vaults.value }, tellPerson));
};

const empty = async (store: DeviceStore, record: AccountRecord): Promise<Result<never, UnlockError>> => {
  await store.write(emptyingChanges(record));
  clearSecret(record.accountSecret);
  return err({ type: "Emptied" });
};

const reasonOf = (error: BoxError): UnlockError =>
  error.type === "Newer" ? { type: "Newer" } : { type: "StorageDamaged" };

type Vaults = { readonly deviceVault: DeviceVault; readonly own: AccountVault };

const openVaults = async (ports: DevicePorts, account: UnlockedAccount): Promise<Result<Vaults, BoxError>> => {
  const deviceVault = await openStoredDeviceVault(ports, account);
  if (!deviceVault.ok) return deviceVault;
  const box = await accountVaultFor(ports, account, deviceVault.value);
  const opened = await openAccountVault(box, account, deviceVault.value.generationSeen, ports.deflate);
  if (opened.ok && opened.value.vault.root !== undefined)
    return ok({ deviceVault: deviceVault.value, own: opened.value.vault });
  clearSecret(deviceVault.value.storageKey);
  // The device vault has opened, so the password is right.
  return err({ type: "Damaged" });
};

/** Under the password before, or under the new one while a change is under way. */
export const openStoredDeviceVault = async (
  { store, deflate }: DevicePorts,
  account: UnlockedAccount,
): Promise<Result<DeviceVault, BoxError>> => {
  let opened: Result<DeviceVault, BoxError> = err({ type: "NotForThisKey" });
  for (const name of [deviceVaultName, nextDeviceVaultName]) {
    const box = await store.read(name);
    if (box !== undefined && !opened.ok) opened = await openDeviceVault(box, account, deflate);
  }
  return opened;
};

/** The account vault that this account opens: the one kept here, or the one on its way to the server. */
const accountVaultFor = async (
  ports: DevicePorts,
  account: UnlockedAccount,
  { storageKey }: DeviceVault,
): Promise<Bytes> => {
  const records = makeRecords(ports.store, storageKey, ports);
  const underWay = await readPasswordChange(records, account.accountId);
  const isNext = underWay !== undefined && underWay.to.loginPublic.join() === account.loginKey.publicKey.join();
  if (underWay !== undefined) {
    clearHeld(underWay.from);
    clearHeld(underWay.to);
    if (isNext) return underWay.change.box;
  }
  const box = await ports.store.read(accountVaultName);
  assert(box !== undefined, "A device with an account has lost its account vault.");
  return box;
};
