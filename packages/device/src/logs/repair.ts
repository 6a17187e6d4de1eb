/**
 * When the server does not have a log as this device holds it: compares hashes, sends again what the server lacks, and
 * follows the log from where both still agree.
 *
 * A server that was restored from an older copy is made whole by any member, its keys and lists of readers included. One
 * that shows another history changes nothing of what is held here.
 */

import { assert, ok, type Result } from "@amana/kernel";
import { linksOf, type EntryHash, type LogId, type Received, type SealedEntry } from "@amana/log";
import { digestOfNone, nextDigest, wrapsPerAppendMax, type WireError } from "@amana/sync";
import { encodeWrap } from "@amana/vault";
import { commit } from "../commit.ts";
import type { Unlocked } from "../unlocked.ts";
import { controlAgain, type ControlAgain } from "./control-again.ts";
import { bytesOfReceived, holdLog, type HeldLog } from "./held-log.ts";
import { atPace, pushInSteps } from "./pace.ts";
import { awaitedMax, startOf, type Position } from "./positions.ts";
import { readCaseLog } from "./read.ts";
import { sendWraps } from "./send-wraps.ts";

/** Takes turns of its own. */
export const repairLog = async (unlocked: Unlocked, logId: LogId): Promise<Result<undefined, WireError>> => {
  const there = await listHashes(unlocked, logId);
  if (!there.ok) return there;
  const lacking = await unlocked.inTurn(() => followAgain(unlocked, logId, there.value));
  if (lacking.length === 0) return ok(undefined);
  unlocked.tellPerson({ type: "ServerLacked", logId, count: lacking.length });
  return sendAgain(unlocked, logId, lacking);
};

/** `later`: the server lacks something else that comes before. */
export type Offered = "taken" | "refused" | "later";

/**
 * A log that this device has followed and that the server hands out no more: lost there, or only not served to this person any
 * more. Whoever opens it by all that is held here offers its beginning again; a server that has the log refuses that.
 */
export const offerAgain = async (unlocked: Unlocked, logId: LogId): Promise<Result<Offered, WireError>> => {
  const first = await unlocked.inTurn(() => beginningOf(unlocked, logId));
  const again = first && (await unlocked.inTurn(() => controlAgain(unlocked, logId, first)));
  if (first === undefined || again?.serving === undefined) return ok("refused");
  const appended = await appendAgain(unlocked, logId, first, again);
  if (!appended.ok) return appended;
  if (appended.value !== "taken") return appended;
  const repaired = await repairLog(unlocked, logId);
  return repaired.ok ? ok("taken") : repaired;
};

/** Nothing unless this person opens the case since its newest epoch. */
const beginningOf = async (unlocked: Unlocked, logId: LogId): Promise<SealedEntry | undefined> => {
  const log = await holdLog(unlocked, logId);
  const reading = log?.logKind === "case" && !log.record.isShredded ? await readCaseLog(unlocked, log) : undefined;
  const person = unlocked.organisation()?.person;
  if (person === undefined || reading?.epochs.at(-1)?.openers.has(person) !== true) return undefined;
  const [first] = reading.review.controlLine.map((hash) => reading.history.held.get(hash));
  return first?.entry;
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

/**
 * Moves the position to where both agree; gives what the server lacks of what is held. It is awaited from now on, also if
 * nothing more can be sent today: only what has been seen at the server is believed to be there.
 */
const followAgain = async (
  unlocked: Unlocked,
  logId: LogId,
  there: readonly EntryHash[],
): Promise<readonly Received[]> => {
  const log = await holdLog(unlocked, logId);
  assert(log !== undefined, "A log was followed, and is not held.");
  // Of what nobody vouches for a better copy may come.
  const firstOther = there.findIndex((hash) => !log.hashes.has(hash) || log.record.unverified.has(hash));
  const shared = firstOther === -1 ? there : there.slice(0, firstOther);
  const digest = shared.reduce(nextDigest, digestOfNone());
  const known = new Set(there);
  const notListed = notListedIn(log, known);
  // What nobody has signed is not carried on: a server that was hostile once would live on in one that is honest.
  const lacking = log.entries.filter(
    ({ entry: { hash } }) => !known.has(hash) && !log.record.unverified.has(hash) && !notListed.has(hash),
  );
  const hashes = lacking.flatMap(({ kind, entry }) => (kind === "entry" ? [entry.hash] : []));
  const awaited = [...new Set(hashes)].slice(-awaitedMax);
  const position: Position = { ...startOf(log.logKind), end: shared.length, digest, awaited };
  const followed = { ...log, record: { ...log.record, notListed } };
  await commit(unlocked, { logs: [{ log: followed, changes: [], position }] });
  return lacking;
};

/**
 * What of the organisation's log is of a later version, stands nowhere else and is named by nothing that somebody signed. A server that
 * made up one such entry would otherwise stop whoever it was shown to for good: in a case a supervisor can leave it, here nobody can.
 */
const notListedIn = (
  { entries, logKind, record: { unverified } }: HeldLog,
  there: ReadonlySet<EntryHash>,
): ReadonlySet<EntryHash> => {
  if (logKind !== "organisation") return new Set();
  const named = new Set(
    entries.flatMap(({ kind, entry }) => (kind === "entry" && !unverified.has(entry.hash) ? linksOf(entry) : [])),
  );
  return new Set(
    entries.flatMap(({ kind, entry: { hash } }) =>
      kind === "newer" && !there.has(hash) && !named.has(hash) ? [hash] : [],
    ),
  );
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
    const again = await unlocked.inTurn(() => controlAgain(unlocked, logId, entry));
    if (again === undefined) return ok(undefined);
    const appended = await appendAgain(unlocked, logId, entry, again);
    if (!appended.ok) return appended;
  }
  return push(unlocked, logId, contents);
};

const appendAgain = async (
  unlocked: Unlocked,
  logId: LogId,
  entry: SealedEntry,
  again: ControlAgain,
): Promise<Result<Offered, WireError>> => {
  const wraps = again.wraps.map(encodeWrap);
  const answer = await unlocked.ask("append-control", {
    logId,
    kind: entry.header.logKind,
    after: entry.header.control,
    entry: bytesOfReceived({ kind: "entry", entry }),
    wraps: wraps.slice(0, wrapsPerAppendMax),
    serving: again.serving,
    organisation: again.organisation,
  });
  if (answer.ok && answer.value.isAppended) {
    const added = await sendWraps(unlocked, logId, wraps.slice(wrapsPerAppendMax));
    return isUnreachable(added) ? added : ok("taken");
  }
  // A server that will not have it keeps its own line; reading tells of the fork.
  if (answer.ok) return ok("refused");
  return answer.error.type === "Refused" ? ok(answer.error.code === "NotNow" ? "later" : "refused") : answer;
};

const isUnreachable = <T>(answer: Result<T, WireError>): answer is { ok: false; error: WireError } =>
  !answer.ok && answer.error.type === "Unreachable";

const push = async (
  unlocked: Unlocked,
  logId: LogId,
  contents: readonly SealedEntry[],
): Promise<Result<undefined, WireError>> => {
  const entries = contents.map((entry) => ({ logId, bytes: bytesOfReceived({ kind: "entry", entry }) }));
  return pushInSteps(unlocked, entries, async (request) => {
    const answer = await atPace(unlocked, unlocked.ask("push", request));
    return isUnreachable(answer) ? answer : ok(undefined);
  });
};
