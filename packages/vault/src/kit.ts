/**
 * The printed kit: the account secret on paper. Whoever holds it and knows the password can enrol a device;
 * whoever holds it alone cannot. Format: docs/formats/keys.md §3.
 */

import { err, ok, type Result } from "@amana/kernel";
import { concat, label, sha256, type Bytes } from "@amana/log";
import { groupsToNumber, numberToGroups, readDigits, type DigitsError } from "./digits.ts";
import { bytesToNumber, numberToBytes } from "./numbers.ts";
import { conceal, exposeSecret, type Secret } from "./secret.ts";

/** 128 random bits. Never sent to anyone. */
export type AccountSecret = Secret<"account-secret">;

/** `WrongKit`: every group is right by itself, but together they are no kit. */
export type KitError = DigitsError | { readonly type: "WrongKit" };

export const accountSecretBytes = 16;
const secretGroups = 8;
const secretDigits = secretGroups * 6;
const checksumModulus = 1_000_000n;

/** 54 digits 0–9: for the QR code, and for `printDigits`. */
export const kitDigits = (accountSecret: AccountSecret): string => {
  const secret = exposeSecret(accountSecret);
  return numberToGroups(bytesToNumber(secret), secretGroups) + checksumOf(secret);
};

/** Reads what was typed or scanned, in any digits of our languages. */
export const parseKit = (text: string): Result<AccountSecret, KitError> => {
  const digits = readDigits(text);
  if (digits === undefined) return err({ type: "NotDigits" });
  if (digits.length !== secretDigits + 6) return err({ type: "WrongLength" });
  const number = groupsToNumber(digits.slice(0, secretDigits), secretGroups);
  if (!number.ok) return number;
  const secret = numberToBytes(number.value, accountSecretBytes);
  if (secret === undefined || checksumOf(secret) !== digits.slice(secretDigits)) return err({ type: "WrongKit" });
  const accountSecret = conceal("account-secret", secret);
  secret.fill(0);
  return ok(accountSecret);
};

const checksumOf = (secret: Bytes): string =>
  (bytesToNumber(sha256(concat(label("kit-checksum"), secret)).subarray(0, 8)) % checksumModulus)
    .toString()
    .padStart(6, "0");
