/**
 * A short life of a store, with each of its orders once: a story, so that every order finds what it needs. Those of a restore are
 * not among them (`restore-crashes.ts`).
 */

import { assert } from "@amana/kernel";
import { scopeOfConfirmation, scopeOfProposal, type Bytes, type EntryHash } from "@amana/log";
import type { WriteName } from "../../apps/server/src/storage/operations.ts";
import type { Member, Storage } from "../../apps/server/src/storage/storage.ts";
import {
  accountsMax,
  beginningOf,
  controlAfter,
  day,
  instantOf,
  memberOf,
  must,
  newAccount,
  newDevice,
  newKey,
  newLogId,
  now,
  openCase,
  prepareFounding,
  random,
  wide,
  wrapFor,
} from "../../apps/server/src/storage/testing/organisations.ts";

export type StoryOrder = { readonly order: WriteName; readonly send: () => Promise<unknown> };

export const ordersOfRestore = ["beginRestore", "restorePage", "finishRestore"] as const satisfies readonly WriteName[];

const expiresAt = instantOf(now + day);

/** What comes before an order is done between two of them, and asked for only then. */
export async function* storyOf(storage: Storage): AsyncGenerator<StoryOrder> {
  const order = <Name extends WriteName>(name: Name, ...question: Parameters<Storage[Name]>): StoryOrder => ({
    order: name,
    // Name and question are joined by their types above.
    send: () => (storage[name] as (...asked: Parameters<Storage[Name]>) => Promise<unknown>)(...question),
  });

  yield order("serverSecret", { name: "challenge-key", made: random(32) });
  yield order("proveWritable", { mark: random(16) });
  yield order("addSetUpCode", { codeHash: random(32), expiresAt });
  const { codeHash, account, control } = await prepareFounding(storage);
  yield order("foundOrganisation", { codeHash, account, control, quotas: wide, now });
  const founder = await memberOf(storage, account);
  const device = newDevice();
  const signedIn = { tokenHash: random(32), challenge: random(32), now, expiresAt, devicesMax: 3 };
  yield order("signIn", { account: founder.account, loginPublic: account.loginPublic, device, ...signedIn });
  yield order("noteSeen", { by: founder, device, now: instantOf(now + 1) });
  yield* ofPeople(storage, order, founder);
  yield order("setWakeUp", { by: founder, device, subscription });
  yield order("forgetWakeUp", { wakeUp: { ...founder, device, subscription } });
  yield order("takeSlot", { slot: now });
  yield order("noteUp", { now, pauseMillisecondsMax: day });
  yield* ofRecovery(storage, order, founder);
  const change = { loginPublicBefore: account.loginPublic, loginPublic: random(32), generation: 2, vault: random(700) };
  await storage.signIn({
    account: founder.account,
    loginPublic: account.loginPublic,
    device: newDevice(),
    tokenHash: random(32),
    challenge: random(32),
    now,
    expiresAt,
    devicesMax: 3,
  });
  yield order("changePassword", { by: founder, device, ...change });
  yield order("signOut", { by: founder, device: undefined });
  const { organisation, account: id } = founder;
  const newer = { organisation, account: id, loginPublic: random(32), generation: 3, vault: random(700) };
  yield order("replayPasswords", { rows: [newer] });
  yield order("replayLeavers", { rows: [{ organisation, account: id, at: now }] });
  yield order("forgetExpired", { now: instantOf(now + 2 * day) });
}

const subscription = { endpoint: "https://push.example/1", publicKey: random(65), authentication: random(16) };

type Order = <Name extends WriteName>(name: Name, ...question: Parameters<Storage[Name]>) => StoryOrder;

async function* ofPeople(storage: Storage, order: Order, founder: Member): AsyncGenerator<StoryOrder> {
  const [invitation, another] = [random(16), random(16)];
  const place = { by: founder, expiresAt, now, openMax: 9 };
  yield order("openInvitation", { ...place, invitation });
  const account = newAccount();
  yield order("answerInvitation", { invitation, answer: random(200), account, accountsMax, now });
  const second = await memberOf(storage, account);
  await storage.openInvitation({ ...place, invitation: another });
  yield order("closeInvitation", { by: founder, invitation: another });
  const codeHash = random(32);
  await storage.addSetUpCode({ codeHash, expiresAt });
  yield order("letBack", { by: founder, codeHash, receivingKey: second.receivingKey, now });
  yield* ofCases(storage, order, founder, second);
}

async function* ofCases(storage: Storage, order: Order, founder: Member, second: Member): AsyncGenerator<StoryOrder> {
  const log = await openCase(storage, founder, [second.receivingKey]);
  const { logId } = log;
  const contents = Array.from({ length: 4 }, () => log.content(founder.receivingKey));
  const entries = contents.map(({ entry }) => entry);
  yield order("appendEntries", { by: founder, logs: [{ logId, entries }], quotas: wide });
  const next = log.control(founder.receivingKey);
  const serving = { keys: [founder.receivingKey, second.receivingKey] };
  const wraps = serving.keys.map(wrapFor);
  const control = controlAfter(log, "case", log.first.entry.hash, next, { wraps, serving });
  yield order("appendControl", { by: founder, control, organisation: undefined, quotas: wide, now });
  const controls = [beginningOf(founder, [second]), beginningOf(founder, [])].map((begun) => begun.control);
  yield order("beginLogs", { by: founder, controls, quotas: wide });
  yield order("addWraps", { by: founder, logId, wraps: [wrapFor(second.receivingKey)], quotas: wide });

  let tip: EntryHash = next.entry.hash;
  const act = async (by: Member, destroys: Bytes): Promise<EntryHash> => {
    const acted = log.act(by.receivingKey, destroys);
    const appended = controlAfter(log, "case", tip, acted);
    const answer = await storage.appendControl({ by, control: appended, organisation: undefined, quotas: wide, now });
    assert(answer.ok, "An act of the story must be appended.");
    tip = acted.entry.hash;
    return tip;
  };
  const agreeOn = async (named: readonly EntryHash[]) => {
    const proposal = await act(founder, scopeOfProposal({ logId, entries: named }));
    const confirmation = await act(second, scopeOfConfirmation({ logId, entries: named }, proposal));
    return { by: founder, logId, proposal, confirmation, now };
  };
  const erased = entries.slice(1, 3).map(({ hash }) => hash);
  yield order("eraseBodies", { ...(await agreeOn(erased)), entries: erased });
  const acts = await agreeOn([]);
  yield order("shredLog", acts);
  const { organisation } = founder;
  const { proposal, confirmation } = acts;
  const row = { organisation, logId, entry: must(entries[0]).hash, proposal, confirmation, at: now };
  yield order("replayLedger", { rows: [row, { ...row, logId: newLogId(), entry: undefined }] });
}

async function* ofRecovery(storage: Storage, order: Order, founder: Member): AsyncGenerator<StoryOrder> {
  const [recoveryKey, anotherKey] = [newKey(), newKey()];
  await openCase(storage, founder, [recoveryKey, anotherKey]);
  const recovery = random(16);
  const asked = { by: founder, recovery, recoveryKey, requestedAt: now, opensAt: now };
  yield order("requestRecovery", { ...asked, waitingMax: 3, waitingInAllMax: 3 });
  yield order("recoveryWraps", { by: founder, recovery, now, after: 0, wrapsMax: 9 });
  yield order("forbidRecovery", { by: founder, recovery, now });
  const { organisation } = founder;
  yield order("replayEndedKeys", { rows: [{ organisation, receivingKey: anotherKey, at: now }] });
}
