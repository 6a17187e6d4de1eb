/**
 * Challenges that no row is written for: each carries its end, and a MAC that binds it to the account and the server.
 *
 * So asking costs the server nothing to keep, and is answered alike whether there is such an account or not. Of any
 * server over the same database each knows the challenges of the others, because they share the key.
 */

import { createHmac, timingSafeEqual, type KeyObject } from "node:crypto";
import { assert, type Instant } from "@amana/kernel";
import { concat, type Bytes } from "@amana/log";

const challengeBytes = 32;
export const challengeSecondsMax = 120;
const timeBytes = 6;
const randomBytes = 10;
const macBytes = 16;

/** `random`: ten bytes that nobody can foresee. */
export const makeChallenge = (key: KeyObject, account: Bytes, now: Instant, random: Bytes): Bytes => {
  assert(random.length === randomBytes, "A challenge needs ten random bytes.");
  const open = concat(bytesOfTime(now + challengeSecondsMax * 1000), random);
  return concat(open, macOf(key, account, open));
};

/** Whether this server gave it, for this account, and lately. */
export const isChallengeFor = (key: KeyObject, account: Bytes, now: Instant, challenge: Bytes): boolean => {
  if (challenge.length !== challengeBytes) return false;
  const open = challenge.slice(0, timeBytes + randomBytes);
  const endsAt = Buffer.from(open).readUIntBE(0, timeBytes);
  const isOurs = timingSafeEqual(macOf(key, account, open), challenge.slice(timeBytes + randomBytes));
  return isOurs && now < endsAt && endsAt <= now + challengeSecondsMax * 1000;
};

const macOf = (key: KeyObject, account: Bytes, open: Bytes): Bytes => {
  const mac = createHmac("sha256", key).update("challenge\0").update(account).update(open).digest();
  return new Uint8Array(mac.subarray(0, macBytes));
};

const bytesOfTime = (milliseconds: number): Bytes => {
  const bytes = Buffer.alloc(timeBytes);
  bytes.writeUIntBE(milliseconds, 0, timeBytes);
  return new Uint8Array(bytes);
};
