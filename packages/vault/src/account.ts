/**
 * One person's account: from password and account secret to the two keys that open everything else.
 *
 * The account secret is never sent, so a server that is seized has nothing to guess passwords against. No
 * parameter comes from the server. Format: docs/formats/keys.md §3 and §4.
 */

import { err, ok, type Result } from "@amana/kernel";
import {
  bytesOf,
  concat,
  encodeCbor,
  entryHashOf,
  equalBytes,
  hashBytes,
  idBytes,
  isCborArray,
  label,
  sha256,
  type Bytes,
  type CborValue,
  type EntryHash,
} from "@amana/log";
import { openBox, sealBox, type BoxError, type BoxPorts } from "./box.ts";
import { deriveSecret, hkdf } from "./hazmat/derive.ts";
import { signingPublicOf } from "./hazmat/ed25519.ts";
import { identityKeyFrom, makeIdentityKey, makeReceivingKey, makeSecret, receivingKeyFrom } from "./identity.ts";
import { signFor, verifyFor, type IdentityKey, type ReceivingKey } from "./identity.ts";
import { accountSecretBytes, type AccountSecret } from "./kit.ts";
import { passwordBytes } from "./password.ts";
import type { Deflate, Kdf, KdfCost, Randomness } from "./ports.ts";
import { clearSecret, conceal, exposeSecret, type Secret } from "./secret.ts";

/** Part of the format: a device that asked someone else for it could be made to use less. */
export const passwordCost: KdfCost = { memoryKibibytes: 65_536, passes: 3 };

export type LoginKey = { readonly publicKey: Bytes; readonly seed: Secret<"login-seed"> };
export type UnlockKey = Secret<"unlock-key">;

/** What a password and an account secret make together. */
export type Unlocked = { readonly accountId: Bytes; readonly loginKey: LoginKey; readonly unlockKey: UnlockKey };

/** What of it opens the vaults; the key that signs in is not needed for that. */
export type VaultOpener = Pick<Unlocked, "accountId" | "unlockKey">;

/** A person's own keys. A copy lies sealed on the server, with a generation that only grows. */
export type AccountVault = {
  readonly identityKey: IdentityKey;
  readonly receivingKey: ReceivingKey;
  /** Seals what a person's devices share: snapshots, the caseload index. */
  readonly ownDevicesKey: Secret<"own-devices">;
  /** The root of trust, so that a device enrolled with the kit believes this organisation and no other. */
  readonly root?: EntryHash;
};

/** `Stale`: an older account vault than this device has seen before; someone rolls it back. */
export type AccountVaultError = BoxError | { readonly type: "Stale" };

export type PasswordChange = {
  readonly loginPublic: Bytes;
  readonly generation: number;
  readonly box: Bytes;
  readonly signature: Bytes;
};

export const makeAccountSecret = (randomness: Randomness): AccountSecret => {
  const bytes = randomness(accountSecretBytes);
  const accountSecret = conceal("account-secret", bytes);
  bytes.fill(0);
  return accountSecret;
};

/** Takes as long as the KDF does, whether the password is right or not: nothing here can tell. */
export const deriveAccount = async (accountSecret: AccountSecret, password: string, kdf: Kdf): Promise<Unlocked> => {
  const none = new Uint8Array();
  const accountId = await hkdf(exposeSecret(accountSecret), none, label("account-id"), 16);
  const salt = await hkdf(exposeSecret(accountSecret), none, concat(label("password-salt"), accountId), 32);
  const stretched = await kdf(passwordBytes(password), salt, passwordCost);
  const joined = concat(exposeSecret(accountSecret), stretched);
  const both = conceal("account-input", joined);
  for (const bytes of [stretched, joined]) bytes.fill(0);
  const root = await deriveSecret("account-root", both, accountId, label("account-root"));
  const seed = await deriveSecret("login-seed", root, none, label("login-key"));
  const unlockKey = await deriveSecret("unlock-key", root, none, label("unlock-key"));
  for (const secret of [both, root]) clearSecret(secret);
  return { accountId, loginKey: { publicKey: signingPublicOf(seed), seed }, unlockKey };
};

export const challengeBytes = 32;

/** The answer to a server's challenge. It holds for this origin and account only. */
export const signIn = (
  account: Pick<Unlocked, "accountId" | "loginKey">,
  origin: string,
  challenge: Bytes,
): Promise<Bytes> =>
  signFor("login-signature", account.loginKey.seed, encodeCbor([origin, account.accountId, challenge]));

export const verifySignIn = (
  loginPublic: Bytes,
  signedIn: { readonly origin: string; readonly accountId: Bytes; readonly challenge: Bytes },
  signature: Bytes,
): Promise<boolean> => {
  const { origin, accountId, challenge } = signedIn;
  return verifyFor("login-signature", loginPublic, encodeCbor([origin, accountId, challenge]), signature);
};

export const makeAccountVault = async (randomness: Randomness): Promise<AccountVault> => ({
  identityKey: makeIdentityKey(randomness),
  receivingKey: await makeReceivingKey(randomness),
  ownDevicesKey: makeSecret("own-devices", randomness),
});

const contentVersion = 1;

/** The bytes for the server. A new generation is one more than the last. */
export const sealAccountVault = async (
  vault: AccountVault,
  account: VaultOpener,
  generation: number,
  ports: BoxPorts,
): Promise<Bytes> => {
  const keys = [vault.identityKey.seed, vault.receivingKey.seed, vault.ownDevicesKey].map(exposeSecret);
  const root = vault.root === undefined ? [] : [idBytes(vault.root)];
  const opened = { context: [account.accountId, generation], content: [contentVersion, ...keys, ...root] };
  // A few short fields always fit.
  return (await sealBox("account-vault", account.unlockKey, opened, ports)) as Bytes;
};

/** `generationSeen` is from the device vault: what the server hands out must not be older. */
export const openAccountVault = async (
  bytes: Bytes,
  account: VaultOpener,
  generationSeen: number,
  deflate: Deflate,
): Promise<Result<{ readonly vault: AccountVault; readonly generation: number }, AccountVaultError>> => {
  const opened = await openBox("account-vault", account.unlockKey, bytes, deflate);
  if (!opened.ok) return opened;
  const generation = generationIn(opened.value.context, account.accountId);
  const vault = await readVault(opened.value.content);
  if (generation === undefined || vault === undefined) return err({ type: "Damaged" });
  return generation < generationSeen ? err({ type: "Stale" }) : ok({ vault, generation });
};

/**
 * One request: new login key, the account vault under the new password, and the old login key's signature over
 * both, so that the server changes all or nothing.
 */
export const changePassword = async (
  from: Unlocked,
  to: Unlocked,
  vault: AccountVault,
  generation: number,
  ports: BoxPorts,
): Promise<PasswordChange> => {
  const box = await sealAccountVault(vault, to, generation, ports);
  const loginPublic = to.loginKey.publicKey;
  const message = passwordChangeMessage(from.accountId, loginPublic, box);
  const signature = await signFor("password-change", from.loginKey.seed, message);
  return { loginPublic, generation, box, signature };
};

export const verifyPasswordChange = (
  accountId: Bytes,
  oldLoginPublic: Bytes,
  change: PasswordChange,
): Promise<boolean> => {
  const message = passwordChangeMessage(accountId, change.loginPublic, change.box);
  return verifyFor("password-change", oldLoginPublic, message, change.signature);
};

const passwordChangeMessage = (accountId: Bytes, loginPublic: Bytes, box: Bytes): Bytes =>
  encodeCbor([accountId, loginPublic, sha256(box)]);

const generationIn = (context: CborValue, accountId: Bytes): number | undefined => {
  if (!isCborArray(context) || context.length !== 2) return undefined;
  const [account, generation] = context;
  const isOwn = account instanceof Uint8Array && equalBytes(account, accountId);
  return isOwn && typeof generation === "number" && generation >= 1 ? generation : undefined;
};

const readVault = async (content: CborValue): Promise<AccountVault | undefined> => {
  if (!isCborArray(content) || content.length < 4 || content.length > 5 || content[0] !== contentVersion)
    return undefined;
  const [identity, receiving, own] = content.slice(1).map((seed) => bytesOf(seed, 32));
  const root = bytesOf(content[4], hashBytes);
  if (identity === undefined || receiving === undefined || own === undefined) return undefined;
  const rootHash = root && entryHashOf(root);
  if (content.length === 5 && rootHash === undefined) return undefined;
  const vault = {
    identityKey: identityKeyFrom(conceal("identity-seed", identity)),
    receivingKey: await receivingKeyFrom(conceal("receiving-seed", receiving)),
    ownDevicesKey: conceal("own-devices", own),
    ...(rootHash === undefined ? {} : { root: rootHash }),
  };
  for (const bytes of [identity, receiving, own]) bytes.fill(0);
  return vault;
};
