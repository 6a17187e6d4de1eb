/**
 * Signing in, and asking the server as somebody who has. The answer to a challenge holds for this origin and account
 * only; the token that comes back is kept sealed.
 *
 * What must stay true: a device that the server knows no more locks itself, and goes on only once its password was typed. It
 * cannot sign in before, because it does not hold the key for that (`held-account.ts`).
 */

import { assert, err, isInstant, ok, type Err, type Instant, type Result } from "@amana/kernel";
import { equalBytes, isCborArray, toHex, type Bytes, type DeviceId } from "@amana/log";
import { call, type RequestName, type RequestOf, type ResponseOf, type WireError } from "@amana/sync";
import { signIn, type Unlocked as UnlockedAccount } from "@amana/vault";
import type { DevicePorts } from "../ports.ts";
import { recordName } from "../store/names.ts";
import type { Records } from "../store/records.ts";
import type { Unlocked } from "../unlocked.ts";
import { answerAgain, noteSignedInAnew } from "./come-again.ts";
import { repeatPastChanges } from "./past-password-changes.ts";

export type Token = { readonly token: Bytes; readonly expiresAt: Instant };

const tokenName = recordName("sign-in");

/** One answer of the server to one question; signs in before, if need be. What is refused stays refused. */
export const askServer = <Name extends RequestName>(
  unlocked: Unlocked,
  name: Name,
  request: RequestOf<Name>,
): Promise<Result<ResponseOf<Name>, WireError>> =>
  whenSignedIn(unlocked, (token) => call(unlocked.ports.transport, name, token, request));

/** Asks with the token. Where the server knows it no more, this device was signed out: it locks. */
export const whenSignedIn = async <T>(
  unlocked: Unlocked,
  ask: (token: Bytes) => Promise<Result<T, WireError>>,
): Promise<Result<T, WireError>> => {
  const token = await ensureSignedIn(unlocked);
  if (!token.ok) return token;
  const answer = await ask(token.value);
  if (isSignedOut(answer)) {
    const isEnded = await unlocked.inSignInTurn(() => endSignIn(unlocked, token.value));
    return isEnded ? answer : whenSignedIn(unlocked, ask);
  }
  await letGoOfLoginKey(unlocked);
  return answer;
};

type SigningAccount = Pick<UnlockedAccount, "accountId" | "loginKey">;

/** A server that was put back to before a change of the password, or before this account, is given it again. */
const signInAgain = async (unlocked: Unlocked, account: SigningAccount): Promise<Result<Token, WireError>> => {
  const { device } = unlocked.deviceVault();
  const first = await signInWith(unlocked.ports, account, device);
  const isAgain = isSignedOut(first) && (await giveBack(unlocked));
  return isAgain ? signInWith(unlocked.ports, account, device) : first;
};

const giveBack = async (unlocked: Unlocked): Promise<boolean> => {
  if (await repeatPastChanges(unlocked)) return true;
  const isThere = await answerAgain(unlocked);
  if (isThere) await repeatPastChanges(unlocked);
  return isThere;
};

/** The token stands, or the server cannot be reached now. Either way the key is not kept for later. */
const letGoOfLoginKey = async (unlocked: Unlocked): Promise<void> => {
  if (unlocked.loginKey() === undefined) return;
  await unlocked.inSignInTurn(async () => {
    if ((await readToken(unlocked.records)) !== undefined) unlocked.dropLoginKey();
  });
};

/** The token, from before or by signing in where the password was typed for it. */
export const ensureSignedIn = (unlocked: Unlocked): Promise<Result<Bytes, WireError>> =>
  unlocked.inSignInTurn(async () => {
    const loginKey = unlocked.loginKey();
    const known = await readToken(unlocked.records);
    const isDue = loginKey !== undefined && isEnding(known, unlocked.ports.clock());
    if (known !== undefined && !isDue) return ok(known.token);
    if (loginKey === undefined) {
      unlocked.signedOut();
      return notSignedIn;
    }
    const { accountId } = unlocked.account;
    const signedIn = await signInAgain(unlocked, { accountId, loginKey });
    if (!signedIn.ok) {
      // A token that still holds is enough, and is renewed with the next password: the key is not kept for later.
      if (!isSignedOut(signedIn) && !isOver(known, unlocked.ports.clock())) unlocked.dropLoginKey();
      return signedIn;
    }
    await writeToken(unlocked, signedIn.value);
    await noteSignedInAnew(unlocked);
    return ok(signedIn.value.token);
  });

const notSignedIn: Err<WireError> = err({ type: "Refused", code: "NotSignedIn", afterSeconds: undefined });

/** `isFresh`: the account vault and the list of all logs come along. */
export const signInWith = async (
  { transport, origin }: Pick<DevicePorts, "transport" | "origin">,
  account: SigningAccount,
  device: DeviceId,
  isFresh = false,
): Promise<Result<ResponseOf<"sign-in">, WireError>> => {
  const accountId = toHex(account.accountId);
  const begun = await call(transport, "begin-sign-in", undefined, { account: accountId });
  if (!begun.ok) return begun;
  const { challenge } = begun.value;
  const signature = await signIn(account, origin, challenge);
  return call(transport, "sign-in", undefined, { account: accountId, challenge, signature, device, isFresh });
};

/** From now on the token is enough: the key that signs in is let go of. */
export const writeToken = async (unlocked: Unlocked, { token, expiresAt }: Token): Promise<void> => {
  await unlocked.inTurn(() => unlocked.records.write(tokenName, [token, expiresAt]));
  unlocked.dropLoginKey();
};

export const forgetToken = ({ inTurn, records }: Unlocked): Promise<void> => inTurn(() => records.remove(tokenName));

/** Once the password is typed again, and not before; in a turn. */
export const signInAtNextUnlock = async (records: Records): Promise<void> => {
  const known = await readToken(records);
  if (known !== undefined) await records.write(tokenName, [known.token, 0]);
};

/** A sign-in that ends soon is renewed while the password is at hand, so that it ends for nobody in the middle of their work. */
const renewDaysBefore = 10;
const millisecondsPerDay = 86_400_000;

const isEnding = (known: Token | undefined, now: Instant): boolean =>
  known === undefined || known.expiresAt - now < renewDaysBefore * millisecondsPerDay;

/** Without one there is nothing to go on with. One that is only to be renewed (`signInAtNextUnlock`) holds. */
const isOver = (known: Token | undefined, now: Instant): boolean =>
  known === undefined || (known.expiresAt > 0 && known.expiresAt <= now);

export const isSignedOut = (answer: Result<unknown, WireError>): boolean =>
  !answer.ok && answer.error.type === "Refused" && answer.error.code === "NotSignedIn";

/** False where this very device has signed in anew meanwhile, or can: its password was typed just now. */
const endSignIn = async (unlocked: Unlocked, refused: Bytes): Promise<boolean> => {
  const known = await readToken(unlocked.records);
  if (known !== undefined && !equalBytes(known.token, refused)) return false;
  await forgetToken(unlocked);
  if (unlocked.loginKey() !== undefined) return false;
  unlocked.signedOut();
  return true;
};

const readToken = async (records: Records): Promise<Token | undefined> => {
  const content = await records.read(tokenName);
  if (content === undefined) return undefined;
  const [token, expiresAt] = isCborArray(content) ? content : [];
  assert(token instanceof Uint8Array && isInstant(expiresAt), "The record of a sign-in is not what this device wrote.");
  return { token, expiresAt };
};
