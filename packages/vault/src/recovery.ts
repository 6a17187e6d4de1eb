/**
 * The recovery key on paper: a master key, split so that k of n sheets in different hands are needed. What is put
 * together is checked against the organisation's commitment, because the mathematics gives rubbish for sheets
 * that are wrong or too few, and does not say so. Format: docs/formats/keys.md §9.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import { concat, encodeCbor, equalBytes, label, sha256, type Bytes } from "@amana/log";
import { groupsToNumber, numberToGroups, readDigits, type DigitsError } from "./digits.ts";
import { combineShares, splitSecret } from "./hazmat/shamir.ts";
import { makeReceivingKey, receivingKeyFrom, type ReceivingKey } from "./identity.ts";
import { bytesToNumber, numberToBytes } from "./numbers.ts";
import { isSheetCount } from "./organisation/events.ts";
import type { RecoveryKey } from "./organisation/organisation.ts";
import type { Randomness } from "./ports.ts";
import { clearSecret, conceal, exposeSecret, type Secret } from "./secret.ts";

/** One sheet: printed, handed to one person, never kept on a device. */
export type Sheet = { readonly k: number; readonly n: number; readonly share: Secret<"recovery-share"> };

export type SheetError = DigitsError | { readonly type: "NotASheet" };

export type RecoveryError =
  | { readonly type: "TooFewSheets" }
  /** Each sheet reads well, and together they are not this organisation's recovery key. */
  | { readonly type: "WrongSheets" };

/** A seed of 32 bytes and the share's place. */
const shareBytes = 33;
const sheetGroups = 17;

/** The secret half is gone once the sheets are printed and `key` is cleared; nobody keeps it whole. */
export const makeRecoveryKey = async (
  k: number,
  n: number,
  randomness: Randomness,
): Promise<{ readonly recoveryKey: RecoveryKey; readonly sheets: readonly Sheet[] }> => {
  assert(isSheetCount(k, n), "A recovery key was to be split into a number of sheets that is not offered.");
  const key = await makeReceivingKey(randomness);
  const shares = await splitSecret(key.seed, n, k);
  const sheets = shares.map((share) => ({ k, n, share: conceal("recovery-share", share) }));
  const commitment = commitToSeed(exposeSecret(key.seed), k, n);
  clearSecret(key.seed);
  for (const share of shares) share.fill(0);
  const { keyId, publicKey } = key;
  return { recoveryKey: { receivingKey: { keyId, publicKey }, commitment, k, n }, sheets };
};

/** 102 digits 0–9 in 17 groups of six, each with its check digit. */
export const sheetDigits = ({ k, n, share }: Sheet): string =>
  numberToGroups(bytesToNumber(concat(Uint8Array.of(k, n), exposeSecret(share))), sheetGroups);

export const parseSheet = (text: string): Result<Sheet, SheetError> => {
  const digits = readDigits(text);
  if (digits === undefined) return err({ type: "NotDigits" });
  const number = groupsToNumber(digits, sheetGroups);
  if (!number.ok) return number;
  const bytes = numberToBytes(number.value, shareBytes + 2);
  const [k = 0, n = 0] = bytes ?? [];
  if (bytes === undefined || !isSheetCount(k, n)) return err({ type: "NotASheet" });
  return ok({ k, n, share: conceal("recovery-share", bytes.slice(2)) });
};

/** The recovery key of this organisation, from at least k of its sheets. */
export const combineSheets = async (
  sheets: readonly Sheet[],
  recoveryKey: RecoveryKey,
): Promise<Result<ReceivingKey, RecoveryError>> => {
  if (sheets.length < recoveryKey.k) return err({ type: "TooFewSheets" });
  const combined = await combineShares(sheets.map(({ share }) => exposeSecret(share)));
  const seed = combined === undefined ? undefined : exposeSecret(combined);
  const isRight =
    seed?.length === 32 && equalBytes(commitToSeed(seed, recoveryKey.k, recoveryKey.n), recoveryKey.commitment);
  if (!isRight) return err({ type: "WrongSheets" });
  const key = await receivingKeyFrom(conceal("receiving-seed", seed));
  if (combined !== undefined) clearSecret(combined);
  return key.keyId === recoveryKey.receivingKey.keyId ? ok(key) : err({ type: "WrongSheets" });
};

const commitToSeed = (seed: Bytes, k: number, n: number): Bytes =>
  sha256(concat(label("recovery-commitment"), seed, encodeCbor([k, n])));
