/** Logs that are begun on the server and entries that are sealed, as a device would, without the life of a case around them. */

import { encodeEntry, logIdBytes, logIdOf, nonceBytes, type Header, type LogId, type SealedEntry } from "@amana/log";
import {
  commitTo,
  platformDeflate,
  platformRandomness,
  seal,
  writeCaseControlEvent,
  type Body,
  type CaseKey,
} from "@amana/vault";
import { logsPerBeginMax, type LogBegin } from "@amana/sync";
import { wrapFor } from "../../apps/server/src/testing/people.ts";
import type { Unlocked } from "../../packages/device/src/unlocked.ts";
import { absent, must, now } from "./amana.ts";

/** So many logs, as many at once as a request begins, as the device begins its cases. */
export const beginLogs = async (
  unlocked: Unlocked,
  caseKey: CaseKey,
  count: number,
): Promise<readonly SealedEntry[]> => {
  const firsts: SealedEntry[] = [];
  while (firsts.length < count) {
    const length = Math.min(logsPerBeginMax, count - firsts.length);
    const begun = await Promise.all(Array.from({ length }, () => firstEntry(unlocked, caseKey)));
    const logs = begun.map((entry) => beginOf(unlocked, entry));
    const { results } = await must(unlocked.ask("begin-logs", { logs }));
    if (results.some((result) => result !== "begun")) throw new Error("The server did not begin every log.");
    firsts.push(...begun);
  }
  return firsts;
};

const firstEntry = async (unlocked: Unlocked, caseKey: CaseKey): Promise<SealedEntry> => {
  const logId = newLogId();
  const { keyId } = unlocked.own.receivingKey;
  const begun = { type: "EpochBegun", members: [{ kind: "person", keyId }], cut: [], reason: "opened" } as const;
  const header = { ...headerOf(unlocked, logId), keyCommitment: await commitTo(caseKey, logId) };
  return sealed(unlocked, caseKey, header, [writeCaseControlEvent(begun)]);
};

/** It carries a wrap in form, because nobody unwraps it here. */
const beginOf = (unlocked: Unlocked, entry: SealedEntry): LogBegin => {
  const { logId } = entry.header;
  const { keyId } = unlocked.own.receivingKey;
  return { logId, entry: encodeEntry(entry), wraps: [wrapFor(logId, keyId)], serving: { keys: [keyId] } };
};

/** One chain after the first entry: a note in each. */
export const sealNotes = async (
  unlocked: Unlocked,
  caseKey: CaseKey,
  first: SealedEntry,
  texts: readonly Uint8Array[],
): Promise<readonly SealedEntry[]> => {
  const chain: SealedEntry[] = [];
  for (const text of texts) {
    const before = chain.at(-1) ?? first;
    const header = {
      ...headerOf(unlocked, first.header.logId),
      kind: "content",
      control: first.hash,
      counter: before.header.counter + 1,
      previous: before.hash,
    } as const;
    const note = { type: "NoteWritten", version: 1, data: { text: Buffer.from(text).toString("latin1") } };
    chain.push(await sealed(unlocked, caseKey, header, [note]));
  }
  return chain;
};

const newLogId = (): LogId => logIdOf(platformRandomness(logIdBytes)) ?? absent();

const headerOf = (unlocked: Unlocked, logId: LogId): Omit<Header, "author"> => ({
  kind: "control",
  logKind: "case",
  logId,
  control: undefined,
  organisationHead: unlocked.expected.root,
  device: unlocked.deviceVault().device,
  counter: 1,
  previous: undefined,
  parents: [],
  nonce: platformRandomness(nonceBytes),
  keyCommitment: undefined,
});

const sealed = async (
  unlocked: Unlocked,
  caseKey: CaseKey,
  header: Omit<Header, "author">,
  events: Body["events"],
): Promise<SealedEntry> => {
  const body = { recordedAt: now, events };
  const entry = await seal({ header, body, author: unlocked.own.identityKey, caseKey }, platformDeflate);
  return entry.ok ? entry.value : absent();
};
