/**
 * Signing in: a challenge, and a signature over it by a key that only account secret and password make together.
 *
 * An account that is there and one that is not are the same answer by the same work: the challenge needs no account, and
 * a signature is verified either way. What is stored of a token is its SHA-256. A challenge is good for one sign-in: a copy of
 * the request lets nobody else in.
 */

import { ok, later } from "@amana/kernel";
import { encodeCbor, sha256 } from "@amana/log";
import { devicesPerAccountMax, tokenBytes, type FreshStart } from "@amana/sync";
import type { Bounds } from "../bounds/bounds.ts";
import { isChallengeFor, makeChallenge } from "../sign-in/challenge.ts";
import { isSignedFor } from "../sign-in/ed25519.ts";
import type { Member, Storage } from "../storage/storage.ts";
import { accountBytes } from "./account-bytes.ts";
import { refused, type Answer, type Answers, type RelayPorts } from "./answers.ts";
import { pageOfComparison } from "./comparison.ts";
import { keyOfNobody } from "./key-of-nobody.ts";
import type { PositionsOf } from "./positions.ts";

/** A device that stays away longer signs in again, as it does after the kit. */
const signInDaysMax = 30;
const millisecondsPerDay = 86_400_000;
const challengeRandomBytes = 10;

export const signInAnswers = (
  ports: RelayPorts,
  positionsOf: PositionsOf,
  within: Bounds["within"],
): Answers<"begin-sign-in" | "sign-in"> => ({
  "begin-sign-in": ({ account }, { now }) => {
    const random = ports.randomness(challengeRandomBytes);
    return Promise.resolve(ok({ challenge: makeChallenge(ports.challengeKey, accountBytes(account), now, random) }));
  },
  "sign-in": async ({ account, challenge, signature, device, isFresh }, { now }) => {
    const known = await ports.storage.accountById({ account });
    const message = encodeCbor([ports.origin(), accountBytes(account), challenge]);
    const isSigned = isSignedFor("login-signature", known?.loginPublic ?? keyOfNobody, message, signature);
    const isLate = !isChallengeFor(ports.challengeKey, accountBytes(account), now, challenge);
    if (!isSigned || isLate || known === undefined || known.leftAt !== undefined) return refused("NotSignedIn");
    const enter = async (): ReturnType<Answer<"sign-in">> => {
      const token = ports.randomness(tokenBytes);
      const expiresAt = later(now, signInDaysMax * millisecondsPerDay);
      const once = { account, loginPublic: known.loginPublic, device, tokenHash: sha256(token), challenge };
      const signedIn = await ports.storage.signIn({ ...once, now, expiresAt, devicesMax: devicesPerAccountMax });
      if (!signedIn.ok) return refused(signInRefusals[signedIn.error.type]);
      if (!isFresh) return ok({ token, expiresAt, fresh: undefined });
      const fresh = await freshStartOf(ports.storage, positionsOf, known);
      return fresh === undefined ? refused("NotSignedIn") : ok({ token, expiresAt, fresh });
    };
    // What a fresh device is told is work for its account, and bounded as such: the signature has shown who asks.
    return isFresh ? within(known, enter) : enter();
  },
});

const signInRefusals = {
  AccountGone: "NotSignedIn",
  PasswordChanged: "NotSignedIn",
  ChallengeUsed: "NotSignedIn",
  TooManyDevices: "QuotaReached",
  StoreRestoring: "NotNow",
} as const;

/** What `read-vault` and a first `compare` would answer to who has just signed in; nothing for who left in between. */
const freshStartOf = async (
  storage: Storage,
  positionsOf: PositionsOf,
  by: Member,
): Promise<FreshStart | undefined> => {
  const vault = await storage.vaultOf({ by });
  const positions = await positionsOf(by);
  return vault && { ...vault, ...pageOfComparison(positions, { buckets: undefined, fromBucket: 0 }) };
};
