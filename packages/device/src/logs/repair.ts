/**
 * When the server does not have a log as this device holds it: compares hashes, sends again what the server lacks, and
 * follows the log from where both still agree.
 *
 * A server that was restored from an older copy is made whole by any member. One that shows another history changes
 * nothing of what is held here.
 */

import { assert, ok, type Result } from "@amana/kernel";
import { type EntryHash, type LogId, type Received, type SealedEntry } from "@amana/log";
import { digestOfNone, nextDigest, type WireError } from "@amana/sync";
import { commit } from "../commit.ts";
import type { Unlocked } from "../unlocked.ts";
import { bytesOfReceived, holdLog } from "./held-log.ts";
import { atPace, pushInSteps } from "./pace.ts";
import { awaitedMax, loadPositions, startOf, type Position } from "./positions.ts";

/** Takes turns of its own. */
export const repairLog = async (unlocked: Unlocked, logId: LogId): Promise<Result<undefined, WireError>> => {
  const there = await listHashes(unlocked, logId);
  if (!there.ok) return there;
  const lacking = await unlocked.inTurn(() => followAgain(unlocked, logId, there.value));
  if (lacking.length === 0) return ok(undefined);
  unlocked.tellPerson({ type: "ServerLacked", logId, count: lacking.length });
  const sent = await sendAgain(unlocked, logId, lacking);
  if (sent.ok) await unlocked.inTurn(() => awaitThem(unlocked, logId, lacking));
  return sent;
};

/** What was sent again is believed to be there once it has been seen there. */
const awaitThem = async (unlocked: Unlocked, logId: LogId, sent: readonly Received[]): Promise<void> => {
  const position = (await loadPositions(unlocked)).get(logId);
  const log = await holdLog(unlocked, logId);
  assert(position !== undefined && log !== undefined, "A log was let go of while it was being sent again.");
  const hashes = sent.flatMap(({ kind, entry }) => (kind === "entry" ? [entry.hash] : []));
  const awaited = [...new Set([...position.awaited, ...hashes])].slice(-awaitedMax);
  await commit(unlocked, { logs: [{ log, changes: [], position: { ...position, awaited } }] });
};

const listHashes = async (unlocked: Unlocked, logId: LogId): Promise<Result<readonly EntryHash[], WireError>> => {
  const hashes: EntryHash[] = [];
  for (;;) {
    const answer = await unlocked.ask("list-hashes", { logId, after: hashes.length });
    if (!answer.ok) return answer;
    hashes.push(...answer.value.hashes);
    if (answer.value.hashes.length === 0 || hashes.length >= answer.value.end) return ok(hashes);
  }
};

/** Moves the position to where both agree; gives what the server lacks of what is held. */
const followAgain = async (
  unlocked: Unlocked,
  logId: LogId,
  there: readonly EntryHash[],
): Promise<readonly Received[]> => {
  const log = await holdLog(unlocked, logId);
  assert(log !== undefined, "A log was followed, and is not held.");
  const firstOther = there.findIndex((hash) => !log.hashes.has(hash));
  const shared = firstOther === -1 ? there : there.slice(0, firstOther);
  const digest = shared.reduce(nextDigest, digestOfNone());
  const position: Position = { ...startOf(log.logKind), end: shared.length, digest };
  await commit(unlocked, { logs: [{ log, changes: [], position }] });
  const known = new Set(there);
  // What nobody has signed is not carried on: a server that was hostile once would live on in one that is honest.
  return log.entries.filter(({ entry }) => !known.has(entry.hash) && !log.record.unverified.has(entry.hash));
};

/** The line first, one by one, because the server takes it by compare-and-swap; then contents. */
const sendAgain = async (
  unlocked: Unlocked,
  logId: LogId,
  lacking: readonly Received[],
): Promise<Result<undefined, WireError>> => {
  const sealed = lacking.flatMap((received) => (received.kind === "entry" ? [received.entry] : []));
  const contents = sealed.filter(({ header }) => header.kind === "content");
  for (const entry of sealed.filter(({ header }) => header.kind === "control")) {
    // What a control entry follows must be there before it.
    const pushed = await push(unlocked, logId, contents);
    if (!pushed.ok) return pushed;
    const appended = await appendAgain(unlocked, logId, entry);
    if (!appended.ok) return appended;
  }
  return push(unlocked, logId, contents);
};

const appendAgain = async (
  unlocked: Unlocked,
  logId: LogId,
  entry: SealedEntry,
): Promise<Result<undefined, WireError>> => {
  const answer = await unlocked.ask("append-control", {
    logId,
    kind: entry.header.logKind,
    after: entry.header.control,
    entry: bytesOfReceived({ kind: "entry", entry }),
    wraps: [],
    serving: undefined,
    organisation: undefined,
  });
  // A server that will not have it keeps its own line; reading tells of the fork.
  return answer.ok || answer.error.type === "Refused" ? ok(undefined) : answer;
};

const push = async (
  unlocked: Unlocked,
  logId: LogId,
  contents: readonly SealedEntry[],
): Promise<Result<undefined, WireError>> => {
  const entries = contents.map((entry) => ({ logId, bytes: bytesOfReceived({ kind: "entry", entry }) }));
  return pushInSteps(unlocked, entries, async (request) => {
    const answer = atPace(unlocked, await unlocked.ask("push", request));
    return !answer.ok && answer.error.type === "Unreachable" ? answer : ok(undefined);
  });
};
