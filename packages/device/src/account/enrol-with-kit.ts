/**
 * Enrolling with the printed kit and the password: a further device, or this one again after ten failures. Drafts and
 * sealed entries that wait here are kept, and open again.
 *
 * A first fetch cannot prove that it is fresh, so the six words are compared with a colleague afterwards. Which
 * organisation it is stands in the account vault, whatever the server says.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import { call, type FreshStart, type ResponseOf, type WireError } from "@amana/sync";
import {
  clearSecret,
  deriveAccount,
  makeDeviceVault,
  openAccountVault,
  parseKit,
  type AccountSecret,
  type AccountVault,
  type DeviceVault,
  type KitError,
  type Unlocked as UnlockedAccount,
} from "@amana/vault";
import { deviceIdBytes, deviceIdOf, type Bytes, type DeviceId } from "@amana/log";
import type { DevicePorts } from "../ports.ts";
import { accountVaultName, deviceVaultName } from "../store/names.ts";
import { accountChange, readStanding } from "./account-record.ts";
import { eraseDevice } from "./erase-device.ts";
import { clearAccount } from "./held-account.ts";
import { deviceVaultChange, openedDevice, type OpenedDevice, type TellPerson } from "./opened-device.ts";
import { isSignedOut, signInWith, writeToken } from "./sign-in.ts";
import { openStoredDeviceVault } from "./unlock.ts";
import type { AlreadyEnrolled } from "./found.ts";

export type KitEnrolling = { readonly digits: string; readonly password: string; readonly language: string };

export type KitEnrolError =
  | KitError
  | AlreadyEnrolled
  | WireError
  /** The server knows no account of this kit under this password. */
  | { readonly type: "WrongKitOrPassword" }
  /**
   * What is sealed on this device does not open with this kit and password: it is another account's, or the password was
   * changed elsewhere. The password before opens it; or the device is erased first, and what waits here is lost.
   */
  | { readonly type: "SealedOtherwise" }
  /** Alarming: the server hands out an older account vault than this device has seen. */
  | { readonly type: "StaleAccountVault" }
  /** Alarming: the server hands out something else than the account vault. */
  | { readonly type: "AccountVaultDamaged" };

/** `device`: the id of an attempt before, whose answer was lost; the server then knows one device and not two. */
export const enrolWithKit = async (
  ports: DevicePorts,
  { digits, password, language }: KitEnrolling,
  tellPerson: TellPerson,
  device: DeviceId = newDeviceId(ports.randomness),
): Promise<Result<OpenedDevice, KitEnrolError>> => {
  const standing = await readStanding(ports.store);
  if (standing.kind === "locked") return err({ type: "AlreadyEnrolled" });
  const accountSecret = parseKit(digits);
  if (!accountSecret.ok) return accountSecret;
  const account = await deriveAccount(accountSecret.value, password, ports.kdf);
  const here = await vaultHere(ports, account);
  const fetched = here.ok ? await fetchAccount(ports, account, here.value, device) : here;
  if (!fetched.ok) {
    clearAccount(account);
    clearSecret(accountSecret.value);
    return fetched;
  }
  const opened = await takeAccount(ports, accountSecret.value, language, fetched.value, tellPerson);
  await writeToken(opened.unlocked, fetched.value.token);
  opened.unlocked.desk.listedAtSignIn = fetched.value.listed;
  return ok(opened);
};

/** As soon as its digits are typed: which group to look at, or nothing. Nothing is sent. */
export const checkKit = (digits: string): Result<undefined, KitError> => {
  const accountSecret = parseKit(digits);
  if (!accountSecret.ok) return accountSecret;
  clearSecret(accountSecret.value);
  return ok(undefined);
};

export const newDeviceId = (randomness: DevicePorts["randomness"]): DeviceId => {
  const device = deviceIdOf(randomness(deviceIdBytes));
  assert(device !== undefined, "Randomness gave another length than it was asked for.");
  return device;
};

type VaultHere = { readonly kind: "none" } | { readonly kind: "kept"; readonly deviceVault: DeviceVault };

/** The device vault of before, if there is one: what waits under its storage key goes on. */
const vaultHere = async (
  ports: DevicePorts,
  account: UnlockedAccount,
): Promise<Result<VaultHere, { readonly type: "SealedOtherwise" }>> => {
  if ((await ports.store.read(deviceVaultName)) === undefined) return ok({ kind: "none" });
  const opened = await openStoredDeviceVault(ports, account);
  return opened.ok ? ok({ kind: "kept", deviceVault: opened.value }) : err({ type: "SealedOtherwise" });
};

type Fetched = {
  readonly account: UnlockedAccount;
  readonly here: VaultHere;
  readonly deviceVault: DeviceVault;
  readonly own: AccountVault;
  readonly accountVault: Bytes;
  readonly token: Parameters<typeof writeToken>[1];
  readonly listed: ResponseOf<"compare">;
};

const fetchAccount = async (
  ports: DevicePorts,
  account: UnlockedAccount,
  here: VaultHere,
  device: DeviceId,
): Promise<Result<Fetched, KitEnrolError>> => {
  const kept = here.kind === "kept" ? here.deviceVault : undefined;
  const deviceVault = kept ?? { ...makeDeviceVault(ports.randomness, 1), device };
  const signedIn = await signInWith(ports, account, deviceVault.device, true);
  if (!signedIn.ok) return isUnknown(signedIn) ? err({ type: "WrongKitOrPassword" }) : signedIn;
  const { token, fresh } = signedIn.value;
  assert(fresh !== undefined, "An answer to a fresh device came without what it begins with.");
  const opened = await openFetched(ports, account, deviceVault.generationSeen, fresh);
  // A device that is not enrolled after all is none of the account's.
  if (!opened.ok) await call(ports.transport, "sign-out", token, { device: deviceVault.device });
  if (!opened.ok) return opened;
  const { own, generation, accountVault } = opened.value;
  const seen = { ...deviceVault, generationSeen: generation };
  return ok({ account, here, own, accountVault, deviceVault: seen, token: signedIn.value, listed: fresh });
};

const openFetched = async (
  ports: DevicePorts,
  account: UnlockedAccount,
  generationSeen: number,
  { vault: accountVault }: FreshStart,
): Promise<Result<Pick<Fetched, "own" | "accountVault"> & { readonly generation: number }, KitEnrolError>> => {
  const opened = await openAccountVault(accountVault, account, generationSeen, ports.deflate);
  if (!opened.ok) return err({ type: opened.error.type === "Stale" ? "StaleAccountVault" : "AccountVaultDamaged" });
  if (opened.value.vault.root === undefined) return err({ type: "AccountVaultDamaged" });
  const { vault: own, generation } = opened.value;
  return ok({ own, accountVault, generation });
};

/** The server says the same of an account that is not there and of a signature that does not hold. */
const isUnknown = (answer: Result<unknown, WireError>): boolean =>
  isSignedOut(answer) || (!answer.ok && answer.error.type === "Refused" && answer.error.code === "NotForYou");

const takeAccount = async (
  ports: DevicePorts,
  accountSecret: AccountSecret,
  language: string,
  { account, here, deviceVault, own, accountVault }: Fetched,
  tellPerson: TellPerson,
): Promise<OpenedDevice> => {
  // What an earlier account has left cannot be opened by this one.
  if (here.kind === "none") await eraseDevice(ports.store);
  const { accountId } = account;
  await ports.store.write([
    accountChange({ accountId, accountSecret, failures: 0, language, stage: "enrolled" }),
    await deviceVaultChange(ports, deviceVault, account),
    { name: accountVaultName, value: accountVault },
  ]);
  clearSecret(accountSecret);
  return openedDevice(ports, { account, own, deviceVault }, tellPerson);
};
