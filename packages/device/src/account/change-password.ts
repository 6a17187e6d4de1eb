/**
 * Changing the password: one request, so that the server changes all or nothing.
 *
 * Nobody is locked out by a crash in between. Before the server is asked, the device vault lies here under both
 * passwords and the request beside it; the same bytes are sent until it is known which of the two the server has. Only
 * then is the password before forgotten.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import { equalBytes, type Bytes } from "@amana/log";
import { call, type WireError, type WireRefusal } from "@amana/sync";
import {
  changePassword as signedChange,
  clearSecret,
  deriveAccount,
  openAccountVault,
  type Unlocked as UnlockedAccount,
} from "@amana/vault";
import type { DevicePorts } from "../ports.ts";
import { readStanding } from "./account-record.ts";
import { clearAccount, clearHeld, clearLoginKey, heldOf } from "./held-account.ts";
import type { OpenedDevice, PasswordChangeUnderWay } from "./opened-device.ts";
import type { PasswordRule, WeakPassword } from "./password-rule.ts";
import { keepPastChange } from "./past-password-changes.ts";
import { signInWith, writeToken } from "./sign-in.ts";

export type ChangePasswordError =
  | WeakPassword
  | { readonly type: "WrongPassword" }
  /** Another change is not answered yet. */
  | { readonly type: "ChangeUnderWay" }
  | FinishError;

export type FinishError =
  /** Nobody knows yet whether the server has changed it; both passwords open this device until then. */
  | { readonly type: "NoAnswerYet" }
  /** The server has not changed it, and never will: the password before stays. */
  | { readonly type: "ChangeRefused"; readonly code: WireRefusal }
  /** It is not signed in, and the password that was typed does not sign in: the server has the other one, or a third. */
  | Refusal;

type Passwords = { readonly current: string; readonly next: string };

export const changePassword = (
  device: OpenedDevice,
  rule: PasswordRule,
  passwords: Passwords,
): Promise<Result<undefined, ChangePasswordError>> => device.changeAccount(() => change(device, rule, passwords));

const change = async (
  device: OpenedDevice,
  rule: PasswordRule,
  passwords: Passwords,
): Promise<Result<undefined, ChangePasswordError>> => {
  if (device.passwordChange() !== undefined) return err({ type: "ChangeUnderWay" });
  const allowed = rule.check(passwords.next);
  if (!allowed.ok) return allowed;
  const { unlocked } = device;
  const { ports, account, own } = unlocked;
  const current = await deriveHere(ports, passwords.current);
  if (!equalBytes(current.loginKey.publicKey, account.loginPublic)) {
    clearAccount(current);
    return err({ type: "WrongPassword" });
  }
  const next = await deriveHere(ports, passwords.next);
  const generation = unlocked.deviceVault().generationSeen + 1;
  const signed = await signedChange(current, next, own, generation, ports);
  clearAccount(current);
  clearLoginKey(next.loginKey);
  await device.beginPasswordChange({ from: account, to: heldOf(next), change: signed });
  return finish(device);
};

/** Sends what was not answered; nothing to do without a change under way. Called with each sync. */
export const finishPasswordChange = (device: OpenedDevice): Promise<Result<undefined, FinishError>> =>
  device.changeAccount(() => finish(device));

const finish = async (device: OpenedDevice): Promise<Result<undefined, FinishError>> => {
  const underWay = device.passwordChange();
  if (underWay === undefined) return ok(undefined);
  const { loginPublic, generation, box, signature } = underWay.change;
  const request = { loginPublic, generation, vault: box, signature };
  const answer = await device.unlocked.ask("change-password", request);
  if (answer.ok) return complete(device, underWay);
  if (!isRefusal(answer)) return err({ type: "NoAnswerYet" });
  return isDecided(device, underWay, answer.error) ? drop(device, answer.error.code) : answer;
};

/**
 * One that was carried out is answered as it was then, to whoever is signed in. Who is not, and typed the new password, knows
 * that the server does not have it; who typed the one before knows nothing.
 */
const isDecided = ({ unlocked }: OpenedDevice, { to }: PasswordChangeUnderWay, error: Refusal): boolean => {
  if (unlocked.isLocked()) return false;
  return error.code !== "NotSignedIn" || equalBytes(unlocked.account.loginPublic, to.loginPublic);
};

const drop = async (device: OpenedDevice, code: WireRefusal): Promise<Result<undefined, FinishError>> => {
  await device.dropPasswordChange();
  return err({ type: "ChangeRefused", code });
};

export type TakePasswordError =
  | WireError
  /** The server does not know this account under this password either. */
  | { readonly type: "WrongPassword" }
  | { readonly type: "StaleAccountVault" }
  | { readonly type: "AccountVaultDamaged" };

/** The password was changed on another device: this one, unlocked with the one before, takes the new one. */
export const takeNewPassword = (
  device: OpenedDevice,
  password: string,
): Promise<Result<undefined, TakePasswordError>> =>
  device.changeAccount(() => device.unlocked.inSignInTurn(() => take(device, password)));

const take = async (device: OpenedDevice, password: string): Promise<Result<undefined, TakePasswordError>> => {
  const { ports, own, deviceVault } = device.unlocked;
  const account = await deriveHere(ports, password);
  const taken = await vaultUnder(device, account);
  if (!taken.ok) {
    clearAccount(account);
    return taken;
  }
  const opened = await openAccountVault(taken.value, account, deviceVault().generationSeen, ports.deflate);
  const isSame = opened.ok && opened.value.vault.identityKey.keyId === own.identityKey.keyId;
  if (!isSame) {
    clearAccount(account);
    const isStale = !opened.ok && opened.error.type === "Stale";
    return err({ type: isStale ? "StaleAccountVault" : "AccountVaultDamaged" });
  }
  const before = device.unlocked.account;
  clearLoginKey(account.loginKey);
  await device.setAccount(heldOf(account), taken.value, opened.value.generation);
  clearHeld(before);
  return ok(undefined);
};

const vaultUnder = async (
  { unlocked }: OpenedDevice,
  account: UnlockedAccount,
): Promise<Result<Bytes, TakePasswordError>> => {
  const token = await signInWith(unlocked.ports, account, unlocked.deviceVault().device);
  if (!token.ok) return isRefusal(token) ? err({ type: "WrongPassword" }) : token;
  // Whatever comes of the vault: the server knows this device by this token from now on, and by no other.
  await writeToken(unlocked, token.value);
  const read = await call(unlocked.ports.transport, "read-vault", token.value.token, {});
  return read.ok ? ok(read.value.vault) : read;
};

/** The account of this device under a password; the secret is read from the record and forgotten again. */
const deriveHere = async (ports: DevicePorts, password: string): Promise<UnlockedAccount> => {
  const standing = await readStanding(ports.store);
  assert(standing.kind === "locked", "An unlocked device has no account.");
  const { accountSecret } = standing.record;
  const account = await deriveAccount(accountSecret, password, ports.kdf);
  clearSecret(accountSecret);
  return account;
};

const final: readonly WireRefusal[] = ["NotUnderstood", "TooLarge", "NotSignedIn", "NotForYou", "AlreadyUsed"];

type Refusal = WireError & { readonly type: "Refused" };

/** A refusal that will be the same tomorrow. */
const isRefusal = (answer: Result<unknown, WireError>): answer is { readonly ok: false; readonly error: Refusal } =>
  !answer.ok && answer.error.type === "Refused" && final.includes(answer.error.code);

const complete = async (
  device: OpenedDevice,
  { from, to, change }: PasswordChangeUnderWay,
): Promise<Result<undefined, FinishError>> => {
  const { inTurn, records } = device.unlocked;
  await inTurn(() => keepPastChange(records, change));
  await device.setAccount(to, change.box, change.generation);
  clearHeld(from);
  return ok(undefined);
};
