/**
 * Shamir's secret sharing over GF(256). The library draws its own randomness, and returns rubbish for shares
 * that are tampered with or too few: whoever puts shares together must check the result against a commitment.
 */

import type { Bytes } from "@amana/log";
import { combine, split } from "shamir-secret-sharing";
import { conceal, exposeSecret, type Secret } from "../secret.ts";

/** Each share is the secret's length and one byte more. */
export const splitSecret = async (secret: Secret<string>, n: number, k: number): Promise<readonly Bytes[]> =>
  (await split(exposeSecret(secret), n, k)).map((share) => new Uint8Array(share));

/** Nothing when the shares cannot belong together by their form alone; otherwise perhaps rubbish. */
export const combineShares = async (shares: readonly Bytes[]): Promise<Secret<"unchecked"> | undefined> => {
  try {
    return conceal("unchecked", new Uint8Array(await combine([...shares])));
  } catch {
    return undefined;
  }
};
