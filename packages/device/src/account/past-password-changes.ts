/**
 * The last changes of the password that the server took, as this device signed them: to be sent again to a server that was put
 * back to before them, as after a restore. Without them nobody signs in there: the new key is not known, the old one is gone here.
 *
 * What must stay true: each was signed with the key that it replaced, so that a change goes on from the password before it and from
 * no other; an older password wins by none of them.
 */

import { assert } from "@amana/kernel";
import { bytesOf, isCborArray, toHex, type CborValue } from "@amana/log";
import { call } from "@amana/sync";
import type { PasswordChange } from "@amana/vault";
import { recordName } from "../store/names.ts";
import type { Records } from "../store/records.ts";
import type { Unlocked } from "../unlocked.ts";

const name = recordName("past-password-changes");

/** A backup is a day old as a rule; who changes it more often than this in a day comes in anew. */
const changesMax = 4;

/** In a turn, before the change counts as done: then none is ever lost in between. */
export const keepPastChange = async (records: Records, change: PasswordChange): Promise<void> => {
  const others = (await readPastChanges(records)).filter(({ generation }) => generation !== change.generation);
  const kept = [...others, change].slice(-changesMax);
  await records.write(
    name,
    kept.map(({ loginPublic, generation, box, signature }) => [loginPublic, generation, box, signature]),
  );
};

/** In their order; the server takes those that go on from what it has. Whether it took any. */
export const repeatPastChanges = async ({ records, ports, account }: Unlocked): Promise<boolean> => {
  let isTaken = false;
  for (const { loginPublic, generation, box, signature } of await readPastChanges(records)) {
    const request = { account: toHex(account.accountId), loginPublic, generation, vault: box, signature };
    const answer = await call(ports.transport, "repeat-password-change", undefined, request);
    isTaken ||= answer.ok;
  }
  return isTaken;
};

const readPastChanges = async (records: Records): Promise<readonly PasswordChange[]> => {
  const content = await records.read(name);
  return content === undefined ? [] : listIn(content).map(changeIn);
};

const changeIn = (content: CborValue): PasswordChange => {
  const [loginPublic, generation, box, signature] = listIn(content);
  const [loginPublicIn, signatureIn] = [bytesOf(loginPublic, 32), bytesOf(signature, 64)];
  assert(loginPublicIn !== undefined && signatureIn !== undefined, strange);
  assert(typeof generation === "number" && box instanceof Uint8Array, strange);
  return { loginPublic: loginPublicIn, generation, box, signature: signatureIn };
};

const strange = "The record of past changes of the password is not what this device wrote.";

const listIn = (content: CborValue): readonly CborValue[] => {
  assert(isCborArray(content), strange);
  return content;
};
