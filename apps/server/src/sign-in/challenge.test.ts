/** A challenge holds for one account, for two minutes, and only where it came from. */

import { createSecretKey } from "node:crypto";
import { later, parseInstant, type Instant } from "@amana/kernel";
import { concat, fromAscii, type Bytes } from "@amana/log";
import { describe, expect, it } from "vitest";
import { challengeSecondsMax, isChallengeFor, makeChallenge } from "./challenge.ts";

const at = (text: string): Instant => {
  const instant = parseInstant(text);
  if (!instant.ok) throw new Error("A test's own time must be one.");
  return instant.value;
};
const now = at("2026-11-21T09:00:00Z");
const key = createSecretKey(Buffer.alloc(32, 1));
const nour = fromAscii("account of Nour.");
const challenge = makeChallenge(key, nour, now, new Uint8Array(10).fill(3));

describe("a challenge", () => {
  it("is known again until two minutes have passed, and not a moment longer", () => {
    expect(isChallengeFor(key, nour, now, challenge)).toBe(true);
    expect(isChallengeFor(key, nour, later(now, challengeSecondsMax * 1000 - 1), challenge)).toBe(true);
    expect(isChallengeFor(key, nour, later(now, challengeSecondsMax * 1000), challenge)).toBe(false);
  });

  it("given by a clock far ahead is not held for years", () => {
    const ahead = makeChallenge(key, nour, at("2036-01-01T00:00:00Z"), new Uint8Array(10));
    expect(isChallengeFor(key, nour, now, ahead)).toBe(false);
  });

  it("is none for another account, nor from another server", () => {
    expect(isChallengeFor(key, fromAscii("account of Dilan"), now, challenge)).toBe(false);
    expect(isChallengeFor(createSecretKey(Buffer.alloc(32, 2)), nour, now, challenge)).toBe(false);
  });

  it("with any byte changed, cut or added is refused", () => {
    for (let at = 0; at < challenge.length; at++) {
      const changed: Bytes = challenge.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(isChallengeFor(key, nour, now, changed), `${at}`).toBe(false);
    }
    expect(isChallengeFor(key, nour, now, challenge.slice(1))).toBe(false);
    expect(isChallengeFor(key, nour, now, concat(challenge, new Uint8Array(1)))).toBe(false);
  });
});
