/**
 * What an open device keeps of its account.
 *
 * The key it signs in with is not among it. That key is made of the password, and lies in memory from the typing of the password
 * until the first question to the server is answered, or fails; where the device has no token, until it has one. So a device
 * that was signed out while it was open comes back by nothing that it holds.
 */

import type { Bytes } from "@amana/log";
import { clearSecret, type LoginKey, type Unlocked as UnlockedAccount, type VaultOpener } from "@amana/vault";

export type HeldAccount = VaultOpener & { readonly loginPublic: Bytes };

/** The secrets are the same ones: clearing either clears both. */
export const heldOf = ({ accountId, unlockKey, loginKey }: UnlockedAccount): HeldAccount => ({
  accountId,
  unlockKey,
  loginPublic: loginKey.publicKey,
});

export const clearAccount = ({ loginKey, unlockKey }: UnlockedAccount): void => {
  clearLoginKey(loginKey);
  clearSecret(unlockKey);
};

export const clearHeld = ({ unlockKey }: HeldAccount): void => clearSecret(unlockKey);

export const clearLoginKey = (loginKey: LoginKey | undefined): void => {
  if (loginKey !== undefined) clearSecret(loginKey.seed);
};
