/**
 * Signing in, and asking the server as somebody who has. The answer to a challenge holds for this origin and account
 * only; the token that comes back is kept sealed, and renewed when the server knows it no more.
 */

import { ok, type Instant, type Result } from "@amana/kernel";
import { isCborArray, toHex, type Bytes, type DeviceId } from "@amana/log";
import { call, type RequestName, type RequestOf, type ResponseOf, type WireError } from "@amana/sync";
import { signIn, type Unlocked as UnlockedAccount } from "@amana/vault";
import type { DevicePorts } from "../ports.ts";
import { recordName } from "../store/names.ts";
import type { Unlocked } from "../unlocked.ts";

export type Token = { readonly token: Bytes; readonly expiresAt: Instant };

export const tokenName = recordName("sign-in");

/** One answer of the server to one question; signs in before, if need be. What is refused stays refused. */
export const askServer = <Name extends RequestName>(
  unlocked: Unlocked,
  name: Name,
  request: RequestOf<Name>,
): Promise<Result<ResponseOf<Name>, WireError>> =>
  whenSignedIn(unlocked, (token) => call(unlocked.ports.transport, name, token, request));

/** Asks with the token that is known, and once more with another where the server knows that one no more. */
export const whenSignedIn = async <T>(
  unlocked: Unlocked,
  ask: (token: Bytes) => Promise<Result<T, WireError>>,
): Promise<Result<T, WireError>> => {
  const known = await readToken(unlocked);
  const first = known === undefined ? undefined : await ask(known);
  if (first !== undefined && !isSignedOut(first)) return first;
  const renewed = await renew(unlocked);
  return renewed.ok ? ask(renewed.value) : renewed;
};

export const signInWith = async (
  { transport, origin }: Pick<DevicePorts, "transport" | "origin">,
  account: UnlockedAccount,
  device: DeviceId,
): Promise<Result<Token, WireError>> => {
  const accountId = toHex(account.accountId);
  const begun = await call(transport, "begin-sign-in", undefined, { account: accountId });
  if (!begun.ok) return begun;
  const { challenge } = begun.value;
  const signature = await signIn(account, origin, challenge);
  return call(transport, "sign-in", undefined, { account: accountId, challenge, signature, device });
};

/** After signing in otherwise than by asking: with the kit, or with a new password. */
export const writeToken = ({ inTurn, records }: Unlocked, { token }: Token): Promise<void> =>
  inTurn(() => records.write(tokenName, [token]));

export const forgetToken = ({ inTurn, records }: Unlocked): Promise<void> => inTurn(() => records.remove(tokenName));

export const isSignedOut = (answer: Result<unknown, WireError>): boolean =>
  !answer.ok && answer.error.type === "Refused" && answer.error.code === "NotSignedIn";

const renew = async (unlocked: Unlocked): Promise<Result<Bytes, WireError>> => {
  const signedIn = await signInWith(unlocked.ports, unlocked.account, unlocked.deviceVault().device);
  if (!signedIn.ok) return signedIn;
  await writeToken(unlocked, signedIn.value);
  return ok(signedIn.value.token);
};

const readToken = async ({ records }: Unlocked): Promise<Bytes | undefined> => {
  const content = await records.read(tokenName);
  const [token] = content !== undefined && isCborArray(content) ? content : [];
  return token instanceof Uint8Array ? token : undefined;
};
