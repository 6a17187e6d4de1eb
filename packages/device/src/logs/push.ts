/**
 * Sends the outbox, in order, until the server has acknowledged each entry as durable. Every request may fail; the same
 * bytes go again next time.
 */

import { assert, ok, type Result } from "@amana/kernel";
import { encodeEntry, idBytes, toHex, type LogId, type Received } from "@amana/log";
import { type PushResult, type RequestOf, type ResponseOf, type WireError } from "@amana/sync";
import { loadRows } from "../case/refresh.ts";
import { commit, type LogChange } from "../commit.ts";
import type { Waiting } from "../desk.ts";
import { grouped } from "../grouped.ts";
import { isStoreFull, type StoreFull } from "../store/store-full.ts";
import type { Unlocked } from "../unlocked.ts";
import { holdLog, withEntries } from "./held-log.ts";
import { loadOutbox, removeWaitingChange } from "./outbox.ts";
import { atPace, pushInSteps } from "./pace.ts";
import { awaitedMax, positionOf } from "./positions.ts";
import { caseReading, isContradicted } from "./read.ts";
import { repairLog } from "./repair.ts";

type Push = RequestOf<"push">;
/** Whatever of it there is no room to note, it goes on. */
type Send = (request: Push) => Promise<Result<undefined, WireError>>;

/**
 * Of these logs, or of all. Takes turns of its own. What there is no room to note as sent is sent all the same, and once more next time: it
 * rejects with a `StoreFull` when the others are sent too.
 */
export const pushLogs = async (
  unlocked: Unlocked,
  logIds?: readonly LogId[],
): Promise<Result<undefined, WireError>> => {
  const waiting = await unlocked.inTurn(() => sendable(unlocked, logIds));
  const entries = waiting.map(({ logId, entry }) => ({ logId, bytes: encodeEntry(entry), name: idBytes(entry.hash) }));
  let full: StoreFull | undefined;
  const send: Send = (request) =>
    pushOnce(unlocked, request, send).catch((reason: unknown) => {
      if (!isStoreFull(reason)) throw reason;
      full = reason;
      return ok(undefined);
    });
  const pushed = await pushInSteps(unlocked, entries, send);
  if (full !== undefined) throw full;
  return pushed;
};

/** What waits for logs that are synced: a log that contradicts itself is left alone. */
const sendable = async (unlocked: Unlocked, logIds: readonly LogId[] | undefined): Promise<readonly Waiting[]> => {
  const wanted = new Set(logIds);
  const outbox = await loadOutbox(unlocked);
  const asked = logIds === undefined ? outbox : outbox.filter(({ logId }) => wanted.has(logId));
  const stopped = new Set<LogId>();
  for (const logId of new Set(asked.map(({ logId: each }) => each)))
    if (await isStopped(unlocked, logId)) stopped.add(logId);
  return asked.filter(({ logId }) => !stopped.has(logId));
};

/** The caseload's own row says so without reading the case; of a case that was destroyed it says nothing more. */
const isStopped = async (unlocked: Unlocked, logId: LogId): Promise<boolean> => {
  const row = (await loadRows(unlocked)).get(logId);
  if (row !== undefined && row.stage !== "shredded") return row.isContradicted;
  const reading = await caseReading(unlocked, logId);
  return reading !== undefined && isContradicted(reading);
};

const pushOnce = async (unlocked: Unlocked, request: Push, send: Send): Promise<Result<undefined, WireError>> => {
  const answer = await atPace(unlocked, unlocked.ask("push", request));
  if (!answer.ok && isNotForYou(answer.error)) return pushAlone(unlocked, request, send);
  if (!answer.ok) return answer;
  const lacking = await unlocked.inTurn(() => settlePush(unlocked, request, answer.value));
  for (const logId of lacking) {
    const repaired = await repairLog(unlocked, logId);
    if (!repaired.ok) return repaired;
  }
  return ok(undefined);
};

const isNotForYou = (error: WireError): boolean => error.type === "Refused" && error.code === "NotForYou";

/** One log that is not served any more must not keep back the others. What cannot be sent stays, and is told. */
const pushAlone = async (unlocked: Unlocked, { logs }: Push, send: Send): Promise<Result<undefined, WireError>> => {
  for (const log of logs) {
    if (logs.length === 1) {
      unlocked.tellPerson({ type: "CannotSend", logId: log.logId });
      return ok(undefined);
    }
    const pushed = await send({ logs: [log] });
    if (!pushed.ok) return pushed;
  }
  return ok(undefined);
};

/** Gives the logs in which the server lacks what an entry names. */
const settlePush = async (
  unlocked: Unlocked,
  request: Push,
  response: ResponseOf<"push">,
): Promise<readonly LogId[]> => {
  const outbox = await loadOutbox(unlocked);
  const outboxByLog = grouped(outbox, ({ logId }) => logId);
  const resultsByLog = new Map(response.logs.map(({ logId, results }) => [logId, results]));
  const acknowledged = new Set<Waiting>();
  const changes: LogChange[] = [];
  const lacking: LogId[] = [];
  for (const { logId, entries } of request.logs) {
    const results = resultsByLog.get(logId) ?? [];
    const there = new Set(entries.slice(0, countTaken(results)).map(toHex));
    const ofLog = outboxByLog.get(logId) ?? [];
    const taken = ofLog.filter(({ entry }) => there.has(toHex(encodeEntry(entry))));
    if (results.includes("link-missing")) lacking.push(logId);
    // A log that the answer leaves out is not there for this account.
    if (!resultsByLog.has(logId) || results.some(isFinalNo)) unlocked.tellPerson({ type: "CannotSend", logId });
    for (const waiting of taken) acknowledged.add(waiting);
    if (taken.length > 0) changes.push(await acknowledge(unlocked, logId, taken));
  }
  const rest = outbox.filter((waiting) => !acknowledged.has(waiting));
  if (changes.length > 0)
    await commit(unlocked, {
      logs: changes,
      outbox: rest,
      changes: Array.from(acknowledged, removeWaitingChange),
    });
  return lacking;
};

/** In their order: what follows one that was not taken is sent again with it. */
const countTaken = (results: readonly PushResult[]): number => {
  const first = results.findIndex((result) => result !== "stored" && result !== "known");
  return first === -1 ? results.length : first;
};

const isFinalNo = (result: PushResult): boolean =>
  result === "malformed" || result === "log-full" || result === "quota";

/** From now on it stands among what is held. */
const acknowledge = async (unlocked: Unlocked, logId: LogId, taken: readonly Waiting[]): Promise<LogChange> => {
  const log = await holdLog(unlocked, logId);
  assert(log !== undefined, "Entries wait of a log that is not held.");
  const received = taken.map(({ entry }): Received => ({ kind: "entry", entry }));
  const grown = withEntries(log, received, unlocked.now());
  const position = await positionOf(unlocked, logId, log.logKind);
  const awaited = [...position.awaited, ...taken.map(({ entry }) => entry.hash)];
  return {
    log: grown.log,
    changes: grown.changes,
    position: { ...position, awaited: awaited.slice(-awaitedMax) },
  };
};
