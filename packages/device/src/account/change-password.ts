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
import { clearAccount, type OpenedDevice, type PasswordChangeUnderWay } from "./opened-device.ts";
import type { PasswordRule, WeakPassword } from "./password-rule.ts";
import { signInWith, writeToken, type Token } from "./sign-in.ts";

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
  | { readonly type: "ChangeRefused"; readonly code: WireRefusal };

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
  const isCurrent = equalBytes(current.loginKey.publicKey, account.loginKey.publicKey);
  clearAccount(current);
  if (!isCurrent) return err({ type: "WrongPassword" });
  const next = await deriveHere(ports, passwords.next);
  const generation = unlocked.deviceVault().generationSeen + 1;
  const signed = await signedChange(account, next, own, generation, ports);
  await device.beginPasswordChange({ from: account, to: next, change: signed });
  return finish(device);
};

/** Sends what was not answered; nothing to do without a change under way. Called with each sync. */
export const finishPasswordChange = (device: OpenedDevice): Promise<Result<undefined, FinishError>> =>
  device.changeAccount(() => finish(device));

const finish = async (device: OpenedDevice): Promise<Result<undefined, FinishError>> => {
  const underWay = device.passwordChange();
  if (underWay === undefined) return ok(undefined);
  const token = await tokenOf(device, underWay.from);
  // With the password before nobody signs in any more: the server may have changed it already.
  if (!token.ok) return isRefusal(token) ? claim(device, underWay, token.error.code) : err({ type: "NoAnswerYet" });
  const { loginPublic, generation, box, signature } = underWay.change;
  const request = { loginPublic, generation, vault: box, signature };
  const answer = await call(device.unlocked.ports.transport, "change-password", token.value.token, request);
  if (answer.ok) return complete(device, underWay);
  return isRefusal(answer) ? claim(device, underWay, answer.error.code) : err({ type: "NoAnswerYet" });
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
): Promise<Result<undefined, TakePasswordError>> => device.changeAccount(() => take(device, password));

const take = async (device: OpenedDevice, password: string): Promise<Result<undefined, TakePasswordError>> => {
  const { ports, own, deviceVault } = device.unlocked;
  const account = await deriveHere(ports, password);
  const taken = await vaultUnder(device, account);
  if (!taken.ok) {
    clearAccount(account);
    return taken;
  }
  const opened = await openAccountVault(taken.value.vault, account, deviceVault().generationSeen, ports.deflate);
  const isSame = opened.ok && opened.value.vault.identityKey.keyId === own.identityKey.keyId;
  if (!isSame) {
    clearAccount(account);
    const isStale = !opened.ok && opened.error.type === "Stale";
    return err({ type: isStale ? "StaleAccountVault" : "AccountVaultDamaged" });
  }
  const before = device.unlocked.account;
  await device.setAccount(account, taken.value.vault, opened.value.generation);
  clearAccount(before);
  await writeToken(device.unlocked, taken.value.token);
  return ok(undefined);
};

const vaultUnder = async (
  { unlocked }: OpenedDevice,
  account: UnlockedAccount,
): Promise<Result<{ readonly vault: Bytes; readonly token: Token }, TakePasswordError>> => {
  const token = await signInWith(unlocked.ports, account, unlocked.deviceVault().device);
  if (!token.ok) return isRefusal(token) ? err({ type: "WrongPassword" }) : token;
  const read = await call(unlocked.ports.transport, "read-vault", token.value.token, {});
  return read.ok ? ok({ vault: read.value.vault, token: token.value }) : read;
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

const tokenOf = ({ unlocked }: OpenedDevice, account: UnlockedAccount): Promise<Result<Token, WireError>> =>
  signInWith(unlocked.ports, account, unlocked.deviceVault().device);

const final: readonly WireRefusal[] = ["NotUnderstood", "TooLarge", "NotSignedIn", "NotForYou", "AlreadyUsed"];

/** A refusal that will be the same tomorrow. */
const isRefusal = (
  answer: Result<unknown, WireError>,
): answer is { readonly ok: false; readonly error: WireError & { readonly type: "Refused" } } =>
  !answer.ok && answer.error.type === "Refused" && final.includes(answer.error.code);

/** Either the answer to an earlier sending was lost, and the new password signs in; or it was never changed. */
const claim = async (
  device: OpenedDevice,
  underWay: PasswordChangeUnderWay,
  code: WireRefusal,
): Promise<Result<undefined, FinishError>> => {
  const token = await tokenOf(device, underWay.to);
  if (token.ok) return complete(device, underWay, token.value);
  if (!isRefusal(token)) return err({ type: "NoAnswerYet" });
  await device.dropPasswordChange();
  return err({ type: "ChangeRefused", code });
};

const complete = async (
  device: OpenedDevice,
  { from, to, change }: PasswordChangeUnderWay,
  token?: Token,
): Promise<Result<undefined, FinishError>> => {
  await device.setAccount(to, change.box, change.generation);
  clearAccount(from);
  if (token !== undefined) await writeToken(device.unlocked, token);
  return ok(undefined);
};
