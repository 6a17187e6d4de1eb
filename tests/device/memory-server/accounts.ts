/**
 * Accounts: challenge and sign-in, the vault's copy, the password, devices.
 *
 * The signature is really verified. An account that does not exist gets a challenge and a refusal like any other.
 */

import { ok, later } from "@amana/kernel";
import { fromHex, toHex, type Bytes } from "@amana/log";
import type { AccountId, NewAccount, RequestOf, ResponseOf } from "@amana/sync";
import { challengeBytes, verifyPasswordChange, verifySignIn } from "@amana/vault";
import { compare } from "./exchange.ts";
import {
  millisecondsPerHour,
  refuse,
  sameBytes,
  type Account,
  type Answer,
  type Caller,
  type ServerState,
} from "./state.ts";

const challengeMilliseconds = 5 * 60_000;
const tokenHours = 24 * 30;
const tokenBytes = 32;

export const beginSignIn = (
  server: ServerState,
  { account }: RequestOf<"begin-sign-in">,
): Answer<ResponseOf<"begin-sign-in">> => {
  const challenge = server.randomness(challengeBytes);
  server.challenges.set(toHex(challenge), { account, expiresAt: later(server.now(), challengeMilliseconds) });
  return ok({ challenge });
};

export const signInWith = async (
  server: ServerState,
  { account: id, challenge, signature, device, isFresh }: RequestOf<"sign-in">,
): Promise<Answer<ResponseOf<"sign-in">>> => {
  const asked = server.challenges.get(toHex(challenge));
  const account = server.accounts.get(id);
  const accountId = fromHex(id);
  if (asked?.account !== id || asked.expiresAt <= server.now()) return refuse("NotSignedIn");
  if (account === undefined || account.hasLeft || accountId === undefined) return refuse("NotSignedIn");
  const signedIn = { origin: server.origin, accountId, challenge };
  if (!(await verifySignIn(account.loginPublic, signedIn, signature))) return refuse("NotSignedIn");
  // A challenge is answered once; an answer that was lost asks for another.
  server.challenges.delete(toHex(challenge));
  const token = server.randomness(tokenBytes);
  const expiresAt = later(server.now(), tokenHours * millisecondsPerHour);
  server.tokens.set(toHex(token), { account: id, device, expiresAt });
  account.devices.set(device, { signedInAt: server.now(), lastSeenAt: server.now() });
  if (!isFresh) return ok({ token, expiresAt, fresh: undefined });
  const caller = { account, device, token: toHex(token) };
  const [vault, page] = [readVault(server, caller), compare(server, caller, { buckets: undefined, fromBucket: 0 })];
  return vault.ok && page.ok
    ? ok({ token, expiresAt, fresh: { ...vault.value, ...page.value } })
    : refuse("NotSignedIn");
};

export const callerOf = (server: ServerState, token: Bytes | undefined): Caller | undefined => {
  const known = token === undefined ? undefined : server.tokens.get(toHex(token));
  const account = known === undefined ? undefined : server.accounts.get(known.account);
  if (token === undefined || known === undefined || account === undefined) return undefined;
  if (account.hasLeft || known.expiresAt <= server.now()) return undefined;
  const device = account.devices.get(known.device);
  if (device !== undefined) device.lastSeenAt = server.now();
  return { account, device: known.device, token: toHex(token) };
};

/** `same` when this very account was begun before: its request is sent again after a lost answer. */
export const beginAccount = (
  server: ServerState,
  account: NewAccount,
  organisation: Account["organisation"],
): "new" | "same" | "taken" => {
  const known = server.accounts.get(account.account);
  const isKeyTaken = [...server.accounts.values()].some(
    ({ id, receivingKey }) => id !== account.account && receivingKey === account.receivingKey,
  );
  if (isKeyTaken) return "taken";
  if (known !== undefined) {
    const isSame = known.receivingKey === account.receivingKey && known.organisation === organisation;
    return isSame && sameBytes(known.loginPublic, account.loginPublic) ? "same" : "taken";
  }
  server.accounts.set(account.account, {
    id: account.account,
    organisation,
    receivingKey: account.receivingKey,
    loginPublic: account.loginPublic,
    generation: 1,
    vault: account.vault,
    hasLeft: false,
    devices: new Map(),
    wakeUp: undefined,
  });
  return "new";
};

export const readVault = (_server: ServerState, { account }: Caller): Answer<ResponseOf<"read-vault">> =>
  ok({ generation: account.generation, vault: account.vault });

export const changePasswordOf = async (
  server: ServerState,
  caller: Caller,
  { loginPublic, generation, vault, signature }: RequestOf<"change-password">,
): Promise<Answer<ResponseOf<"change-password">>> => {
  const { account } = caller;
  const isDone = account.generation === generation && sameBytes(account.vault, vault);
  if (isDone && sameBytes(account.loginPublic, loginPublic)) return ok({});
  const accountId = fromHex(account.id);
  if (accountId === undefined || generation !== account.generation + 1) return refuse("NotNow");
  const change = { loginPublic, generation, box: vault, signature };
  if (!(await verifyPasswordChange(accountId, account.loginPublic, change))) return refuse("NotForYou");
  Object.assign(account, { loginPublic, generation, vault });
  signOutWhere(server, account.id, (device) => device !== caller.device);
  return ok({});
};

/** A change that a server which was put back has lost: signed with the key that it has again. */
export const repeatPasswordChange = async (
  server: ServerState,
  { account: id, loginPublic, generation, vault, signature }: RequestOf<"repeat-password-change">,
): Promise<Answer<ResponseOf<"repeat-password-change">>> => {
  const [account, accountId] = [server.accounts.get(id), fromHex(id)];
  if (account === undefined || accountId === undefined || account.hasLeft) return refuse("AlreadyUsed");
  if (generation !== account.generation + 1) return refuse("AlreadyUsed");
  const change = { loginPublic, generation, box: vault, signature };
  if (!(await verifyPasswordChange(accountId, account.loginPublic, change))) return refuse("AlreadyUsed");
  Object.assign(account, { loginPublic, generation, vault });
  signOutWhere(server, id, () => true);
  return ok({});
};

export const listDevices = (_server: ServerState, caller: Caller): Answer<ResponseOf<"list-devices">> =>
  ok({
    devices: [...caller.account.devices].map(([device, { signedInAt, lastSeenAt }]) => ({
      device,
      signedInAt,
      lastSeenAt,
      isThis: device === caller.device,
    })),
  });

export const signOut = (
  server: ServerState,
  caller: Caller,
  { device }: RequestOf<"sign-out">,
): Answer<ResponseOf<"sign-out">> => {
  signOutWhere(server, caller.account.id, (each) => device === undefined || each === device);
  return ok({});
};

export const signOutWhere = (
  server: ServerState,
  id: AccountId,
  isMeant: (device: Caller["device"]) => boolean,
): void => {
  for (const [token, known] of server.tokens)
    if (known.account === id && isMeant(known.device)) server.tokens.delete(token);
  const devices = server.accounts.get(id)?.devices;
  for (const device of [...(devices?.keys() ?? [])]) if (isMeant(device)) devices?.delete(device);
};
