/**
 * Signing in: a challenge, and a signature over it by a key that only account secret and password make together.
 *
 * An account that is there and one that is not are the same answer by the same work: the challenge needs no account, and
 * a signature is verified either way. What is stored of a token is its SHA-256.
 */

import { ok, later } from "@amana/kernel";
import { encodeCbor, fromHex, sha256 } from "@amana/log";
import { devicesPerAccountMax, tokenBytes } from "@amana/sync";
import { isChallengeFor, makeChallenge } from "../sign-in/challenge.ts";
import { isSignedFor } from "../sign-in/ed25519.ts";
import { accountBytes } from "./account-bytes.ts";
import { refused, type Answers, type RelayPorts } from "./answers.ts";

/** A device that stays away longer signs in again, as it does after the kit. */
export const signInDaysMax = 30;
const millisecondsPerDay = 86_400_000;
const challengeRandomBytes = 10;

// A key to verify with where there is no account, so that the work is the same: that of RFC 8032's first test. Who signs
// with its other half, which is published there, is still refused, because there is no account.
const keyOfNobody = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a") ?? new Uint8Array();

export const signInAnswers = (ports: RelayPorts): Answers<"begin-sign-in" | "sign-in"> => ({
  "begin-sign-in": ({ account }, { now }) => {
    const random = ports.randomness(challengeRandomBytes);
    return Promise.resolve(ok({ challenge: makeChallenge(ports.challengeKey, accountBytes(account), now, random) }));
  },
  "sign-in": async ({ account, challenge, signature, device }, { now }) => {
    const known = await ports.storage.accountById({ account });
    const message = encodeCbor([ports.origin(), accountBytes(account), challenge]);
    const isSigned = isSignedFor("login-signature", known?.loginPublic ?? keyOfNobody, message, signature);
    const isLate = !isChallengeFor(ports.challengeKey, accountBytes(account), now, challenge);
    if (!isSigned || isLate || known === undefined || known.leftAt !== undefined) return refused("NotSignedIn");
    const token = ports.randomness(tokenBytes);
    const expiresAt = later(now, signInDaysMax * millisecondsPerDay);
    const order = { account, device, tokenHash: sha256(token), now, expiresAt, devicesMax: devicesPerAccountMax };
    const signedIn = await ports.storage.signIn(order);
    if (signedIn.ok) return ok({ token, expiresAt });
    return refused(signedIn.error.type === "TooManyDevices" ? "QuotaReached" : "NotSignedIn");
  },
});
