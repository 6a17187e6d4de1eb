/**
 * The record of a change of password that the server has not answered: what to send again, and what of both accounts opens
 * this device, because nobody knows yet which of the two the server has. No key that signs in is in it.
 */

import { assert } from "@amana/kernel";
import { bytesOf, isCborArray, type Bytes, type CborValue } from "@amana/log";
import { conceal, exposeSecret } from "@amana/vault";
import type { StoreChange } from "../ports.ts";
import { recordName } from "../store/names.ts";
import type { Records } from "../store/records.ts";
import type { HeldAccount } from "./held-account.ts";
import type { PasswordChangeUnderWay } from "./opened-device.ts";

const name = recordName("password-change");

export const writePasswordChange = (
  records: Records,
  underWay: PasswordChangeUnderWay | undefined,
): Promise<readonly StoreChange[]> => {
  if (underWay === undefined) return records.changes(name, undefined);
  const { loginPublic, generation, box, signature } = underWay.change;
  const request = [loginPublic, generation, box, signature];
  return records.changes(name, [accountContent(underWay.from), accountContent(underWay.to), request]);
};

export const readPasswordChange = async (
  records: Records,
  accountId: Bytes,
): Promise<PasswordChangeUnderWay | undefined> => {
  const content = await records.read(name);
  if (content === undefined) return undefined;
  const [from, to, request] = listIn(content);
  const [loginPublic, generation, box, signature] = listIn(request);
  const [loginPublicIn, signatureIn] = [bytesOf(loginPublic, 32), bytesOf(signature, 64)];
  assert(loginPublicIn !== undefined && signatureIn !== undefined, strange);
  assert(typeof generation === "number" && box instanceof Uint8Array, strange);
  const change = { loginPublic: loginPublicIn, generation, box, signature: signatureIn };
  return { from: accountIn(from, accountId), to: accountIn(to, accountId), change };
};

const accountContent = ({ loginPublic, unlockKey }: HeldAccount): CborValue => [loginPublic, exposeSecret(unlockKey)];

const accountIn = (content: CborValue | undefined, accountId: Bytes): HeldAccount => {
  const [loginPublic, unlockKey] = listIn(content).map((bytes) => bytesOf(bytes, 32));
  assert(loginPublic !== undefined && unlockKey !== undefined, strange);
  const account = { accountId, loginPublic, unlockKey: conceal("unlock-key", unlockKey) };
  unlockKey.fill(0);
  return account;
};

const strange = "The record of a change of password is not what this device wrote.";

const listIn = (content: CborValue | undefined): readonly CborValue[] => {
  assert(content !== undefined && isCborArray(content), strange);
  return content;
};
