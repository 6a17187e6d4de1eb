/**
 * Fetches what the server has and this device has not, in the order it is given, and keeps it durably before anything is
 * made of it. It can stop anywhere and goes on where it stopped.
 */

import { assert, ok, type Result } from "@amana/kernel";
import {
  deviceIdBytes,
  deviceIdOf,
  equalBytes,
  type Bytes,
  type EntryHash,
  type LogId,
  type LogKind,
  type Received,
  type SealedEntry,
} from "@amana/log";
import {
  nextDigest,
  parseCarried,
  planPull,
  type LogPulled,
  type LogWant,
  type ResponseOf,
  type WireError,
} from "@amana/sync";
import { verifyEntry } from "@amana/vault";
import { signInAtNextUnlock } from "../account/sign-in.ts";
import { reopenChange } from "../case/reopen.ts";
import { commit, type LogChange } from "../commit.ts";
import type { Waiting } from "../desk.ts";
import type { Unlocked } from "../unlocked.ts";
import { appendingIn } from "./appending.ts";
import { holdLog, newLog, withEntries, type HeldLog } from "./held-log.ts";
import { logsOpenedAtOnce, opening } from "./keys.ts";
import { loadOutbox, removeWaitingChange } from "./outbox.ts";
import { atPace } from "./pace.ts";
import { loadPositions, startOf, type Position } from "./positions.ts";
import { organisationReading } from "./read.ts";
import { repairLog } from "./repair.ts";
import { isOfNobody, noteStranger } from "./strangers.ts";
import { leftOfUnsigned } from "./unsigned.ts";

/** As many as lie open at once. */
const logsAtOnceMax = 32;
/** Nobody's server makes a device walk in a circle. */
const repairsPerLogMax = 2;

/** An answer to a pull, with what it answers. It may wait in memory: only what is taken of it counts, and is kept. */
export type Answered = { readonly wants: readonly LogWant[] } & ResponseOf<"pull">;

export type WrapsByLog = ReadonlyMap<LogId, readonly Bytes[]>;

export type Followed = {
  /** The logs that brought something new. */
  readonly changed: readonly LogId[];
  /** What came with them of keys, as the server hands them out with `read-wraps`. */
  readonly wraps: WrapsByLog;
};

/** Follows these logs to their ends, beginning with what was asked for ahead. Takes turns of its own. */
export const pullLogs = async (
  unlocked: Unlocked,
  logIds: readonly LogId[],
  ahead?: Answered,
): Promise<Result<Followed, WireError>> => {
  const changed: LogId[] = [];
  const wraps = new Map<LogId, readonly Bytes[]>();
  for (let at = 0; at < logIds.length; at += logsAtOnceMax) {
    const pulled = await pullToEnd(unlocked, logIds.slice(at, at + logsAtOnceMax), ahead);
    if (!pulled.ok) return pulled;
    changed.push(...pulled.value.changed);
    for (const [logId, listed] of pulled.value.wraps) wraps.set(logId, listed);
  }
  return ok({ changed, wraps });
};

/** Asks once for these logs, from where each stands here; nothing is taken of the answer. Takes a turn of its own. */
export const askForLogs = async (
  unlocked: Unlocked,
  logIds: readonly LogId[],
): Promise<Result<Answered, WireError>> => {
  const [wants = []] = planPull(await unlocked.inTurn(() => wantsOf(unlocked, logIds)));
  return askFor(unlocked, wants, unlocked.desk.bytesAtOnce);
};

/** Asks once, from these places on, whatever is here by then. */
export const askFor = async (
  unlocked: Unlocked,
  wants: readonly LogWant[],
  bytesMax: number,
): Promise<Result<Answered, WireError>> => {
  const answer = await atPace(unlocked, unlocked.ask("pull", { wants, bytesMax, withWraps: true }));
  return answer.ok ? ok({ wants, ...answer.value }) : answer;
};

const pullToEnd = async (
  unlocked: Unlocked,
  logIds: readonly LogId[],
  ahead: Answered | undefined,
): Promise<Result<Followed, WireError>> => {
  const changed = new Set<LogId>();
  const wraps = new Map<LogId, readonly Bytes[]>();
  const repairs = new Map<LogId, number>();
  let open = logIds;
  let first = ahead && partOf(ahead, logIds);
  while (open.length > 0) {
    const answer = first === undefined ? await askForLogs(unlocked, open) : ok(first);
    first = undefined;
    if (!answer.ok) return answer;
    const taken = await takeAnswer(unlocked, answer.value);
    for (const each of answer.value.wraps) wraps.set(each.logId, each.wraps);
    for (const logId of taken.changed) changed.add(logId);
    const asked = new Set(answer.value.wants.map(({ logId }) => logId));
    const unasked = open.filter((logId) => !asked.has(logId));
    const again: LogId[] = [];
    for (const logId of taken.differing) {
      const count = (repairs.get(logId) ?? 0) + 1;
      repairs.set(logId, count);
      if (count > repairsPerLogMax) continue;
      const repaired = await repairLog(unlocked, logId);
      if (!repaired.ok) return repaired;
      again.push(logId);
    }
    // A log that was asked for and not answered is not served to this account.
    const next = [...again, ...taken.unfinished, ...unasked];
    // What was left out is asked for again as long as something is taken, or something that filled the answer is asked for no more.
    const isMoving = taken.changed.length > 0 || next.length + taken.leftOut.length < open.length;
    open = isMoving ? [...next, ...taken.leftOut] : next;
  }
  return ok({ changed: [...changed], wraps });
};

/** What of an answer is about these logs; nothing where it brought no entry of them. */
export const partOf = ({ wants, logs, wraps }: Answered, logIds: readonly LogId[]): Answered | undefined => {
  const meant = new Set(logIds);
  const isMeant = ({ logId }: { readonly logId: LogId }): boolean => meant.has(logId);
  const part = { wants: wants.filter(isMeant), logs: logs.filter(isMeant), wraps: wraps.filter(isMeant) };
  return part.logs.some(({ entries }) => entries.length > 0) ? part : undefined;
};

/** Where each stands here. Called in turn. */
export const wantsOf = async (unlocked: Unlocked, logIds: readonly LogId[]): Promise<readonly LogWant[]> => {
  const positions = await loadPositions(unlocked);
  return logIds.map((logId) => {
    const { end, digest } = positions.get(logId) ?? startOf("case");
    return { logId, after: end, digest };
  });
};

/** A log with what came, and what of it is new here. */
type Pulled = LogChange & {
  readonly position: Position;
  readonly arrived: readonly Received[];
  /** A case of which nothing was here. */
  readonly isNew: boolean;
  /** How many entries the server says that it has. */
  readonly endThere: number;
};

type Taken = {
  readonly changed: readonly LogId[];
  /** The server has them otherwise than they are held here. */
  readonly differing: readonly LogId[];
  readonly unfinished: readonly LogId[];
  /** There was no room for them beside what came. */
  readonly leftOut: readonly LogId[];
};

/** Takes a turn for every few logs whose keys came with them, so that nobody who writes something down waits for all of them. */
export const takeAnswer = async (unlocked: Unlocked, { wants, logs, wraps }: Answered): Promise<Taken> => {
  const wrapsByLog = new Map(wraps.map((each) => [each.logId, each.wraps]));
  const atOnce = wraps.length === 0 ? logsAtOnceMax : logsOpenedAtOnce;
  const taken: Taken[] = [];
  for (let at = 0; at < logs.length; at += atOnce)
    taken.push(await unlocked.inTurn(() => takePulled(unlocked, wants, logs.slice(at, at + atOnce), wrapsByLog)));
  return {
    changed: taken.flatMap((each) => each.changed),
    differing: taken.flatMap((each) => each.differing),
    unfinished: taken.flatMap((each) => each.unfinished),
    leftOut: taken.flatMap((each) => each.leftOut),
  };
};

const takePulled = async (
  unlocked: Unlocked,
  wants: readonly LogWant[],
  pulled: readonly LogPulled[],
  wraps: WrapsByLog,
): Promise<Taken> => {
  const asked = new Map(wants.map((want) => [want.logId, want]));
  const positions = await loadPositions(unlocked);
  const changes: Pulled[] = [];
  const unfinished: LogId[] = [];
  const leftOut: LogId[] = [];
  const answered = pulled.filter(({ logId, after }) => asked.get(logId)?.after === after);
  const differing = answered.filter(({ isSame }) => !isSame).map(({ logId }) => logId);
  for (const each of answered.filter(({ isSame }) => isSame)) {
    // Where it is opened only now, and was spoiled here, it begins anew.
    if (each.entries.length > 0 && positions.has(each.logId)) await holdLog(unlocked, each.logId);
    const before = positions.get(each.logId);
    // Another step has moved it meanwhile: what was pulled is pulled again from there.
    if ((before?.end ?? 0) !== each.after) continue;
    const change = await take(unlocked, each, before);
    if (change !== undefined) changes.push(change);
    const { end, awaited } = change?.position ?? before ?? startOf("case");
    if (end < each.end && change !== undefined) unfinished.push(each.logId);
    if (end < each.end && each.entries.length === 0) leftOut.push(each.logId);
    // What it has acknowledged is not there.
    if (end === each.end && awaited.length > 0) differing.push(each.logId);
  }
  const known = await withoutStrangers(unlocked, await withKeysThatCame(unlocked, changes, wraps));
  const kept: Pulled[] = [];
  for (const each of known) kept.push(await withoutUnsigned(unlocked, each));
  await commitPulled(unlocked, kept);
  const changed = kept.map(({ log }) => log.logId);
  const otherwise = await heldAmong(unlocked, differing);
  return { changed, differing: otherwise, unfinished: unfinished.filter((logId) => changed.includes(logId)), leftOut };
};

/** That a log of which nothing is here stands otherwise, only a server says that lies: there is nothing to compare. */
const heldAmong = async (unlocked: Unlocked, logIds: readonly LogId[]): Promise<readonly LogId[]> => {
  const held: LogId[] = [];
  for (const logId of logIds) if ((await holdLog(unlocked, logId)) !== undefined) held.push(logId);
  return held;
};

/** Called when keys are there: what is kept is read once. */
const withoutStrangers = async (unlocked: Unlocked, pulled: readonly Pulled[]): Promise<readonly Pulled[]> => {
  const kept: Pulled[] = [];
  for (const each of pulled) {
    const { log, endThere } = each;
    const isLeft = each.isNew && (await isOfNobody(unlocked, log));
    if (isLeft) noteStranger(unlocked, log.logId, endThere);
    else kept.push(each);
    if (isLeft && log.entries.every(({ kind }) => kind === "newer")) unlocked.tellPerson({ type: "LaterVersion" });
  }
  return kept;
};

/** It was followed to where it was: only what is held is less. Called when keys are there, as above. */
const withoutUnsigned = async (unlocked: Unlocked, pulled: Pulled): Promise<Pulled> => {
  const { log, arrived } = pulled;
  const left = new Set(await leftOfUnsigned(unlocked, log, arrived));
  if (left.size === 0) return pulled;
  const before = (await holdLog(unlocked, log.logId)) ?? newLog(log.logId, log.logKind);
  const kept = arrived.filter((each) => !left.has(each));
  const lastNewer = [...left].findLast(({ kind }) => kind === "newer");
  if (lastNewer !== undefined) unlocked.desk.newerAskedFor.delete(log.logId);
  const newerLeft = lastNewer?.entry.hash ?? log.record.newerLeft;
  const { keys, isMending, notListed } = log.record;
  const record = { ...before.record, keys, isMending, notListed, newerLeft };
  const grown = withEntries({ ...before, record }, kept, unlocked.now());
  return { ...pulled, log: grown.log, changes: grown.changes };
};

/**
 * Cases with their keys, so that each is read, sealed and written once and not first as one that cannot be opened. The organisation's
 * own log is taken before its keys, because it says whose word they are; so is everything before that log is here.
 */
const withKeysThatCame = async (
  unlocked: Unlocked,
  pulled: readonly Pulled[],
  wraps: WrapsByLog,
): Promise<readonly Pulled[]> => {
  const isWithKeys = ({ log }: Pulled): boolean => log.logKind === "case" && wraps.has(log.logId);
  if (!pulled.some(isWithKeys) || (await organisationReading(unlocked)) === undefined) return pulled;
  const opened: Pulled[] = [];
  await opening(unlocked, async (withKeysIn) => {
    for (const each of pulled) {
      const listed = isWithKeys(each) ? (wraps.get(each.log.logId) ?? []) : [];
      opened.push({ ...each, log: await withKeysIn(each.log, listed) });
    }
  });
  return opened;
};

/**
 * Nothing when nothing came. An entry that is none of this log ends what is taken: an honest server sends none. Which log is
 * the organisation's own is known by its root, never by what an entry that nobody has verified says of its kind.
 */
const take = async (
  unlocked: Unlocked,
  { logId, entries, end: endThere }: LogPulled,
  before: Position | undefined,
): Promise<Pulled | undefined> => {
  const parsed = wholeEntries(entries, logId);
  const kind = before?.kind ?? kindOf(unlocked, logId, parsed);
  if (kind === undefined) return undefined;
  const firstOther = parsed.findIndex((each) => each.kind === "entry" && each.entry.header.logKind !== kind);
  const received = firstOther === -1 ? parsed : parsed.slice(0, firstOther);
  if (received.length === 0) return undefined;
  const held = await holdLog(unlocked, logId);
  const log = held ?? newLog(logId, kind);
  const grown = withEntries(log, received, unlocked.now());
  const { end, digest, awaited } = before ?? startOf(kind);
  const hashes = received.map(({ entry }) => entry.hash);
  // Where all that is held was followed in this order, what is held now is what was followed now.
  const isOneWithHeld = equalBytes(log.record.held.digest, digest) && isGrownBy(log, grown.log, received.length);
  const position: Position = {
    kind,
    end: end + hashes.length,
    digest: isOneWithHeld ? grown.log.record.held.digest : hashes.reduce(nextDigest, digest),
    awaited: awaited.filter((hash) => !hashes.includes(hash)),
  };
  const isMending = grown.log.record.isMending && position.end < endThere;
  const notListed = without(grown.log.record.notListed, hashes);
  const followed = { ...grown.log, record: { ...grown.log.record, isMending, notListed } };
  const isNew = held === undefined && kind === "case";
  return { log: followed, changes: grown.changes, position, arrived: grown.taken, isNew, endThere };
};

/** The same set where nothing of it is among these. */
const without = (hashes: ReadonlySet<EntryHash>, gone: readonly EntryHash[]): ReadonlySet<EntryHash> =>
  gone.some((hash) => hashes.has(hash)) ? new Set([...hashes].filter((hash) => !gone.includes(hash))) : hashes;

const isGrownBy = ({ entries: before }: HeldLog, { entries }: HeldLog, count: number): boolean =>
  entries.length === before.length + count;

const wholeEntries = (listed: readonly Bytes[], logId: LogId): readonly Received[] => {
  const received: Received[] = [];
  for (const parsed of parseCarried(listed)) {
    if (!parsed.ok || !isOf(parsed.value, logId)) return received;
    received.push(parsed.value);
  }
  return received;
};

/** What is newer than this program says nothing of itself that could be checked. */
const isOf = (received: Received, logId: LogId): boolean =>
  received.kind === "newer" || received.entry.header.logId === logId;

/**
 * Nothing while this device has not met its organisation and the log does not show that it is the one: a log that was taken for a case
 * would be held for one ever after, and what came before the root may be made up.
 */
const kindOf = (unlocked: Unlocked, logId: LogId, received: readonly Received[]): LogKind | undefined => {
  const known = unlocked.organisation();
  if (known !== undefined) return known.logId === logId ? "organisation" : "case";
  return received.some(({ entry }) => entry.hash === unlocked.expected.root) ? "organisation" : undefined;
};

const commitPulled = async (unlocked: Unlocked, pulled: readonly Pulled[]): Promise<void> => {
  if (pulled.length === 0) return;
  const outbox = await loadOutbox(unlocked);
  for (const each of pulled)
    if (await isByCopy(unlocked, each, outbox)) await takeNewDeviceId(unlocked, each.log.logId);
  const logs: LogChange[] = [];
  let rest = outbox;
  for (const { arrived: _arrived, isNew: _isNew, endThere: _endThere, ...change } of pulled) {
    const clashing = await clashingIn(unlocked, change.log, outbox);
    rest = rest.filter((waiting) => !clashing.includes(waiting) && !isHeld(change.log, waiting));
    logs.push(clashing.length === 0 ? change : await reopenChange(unlocked, change, clashing));
  }
  const gone = outbox.filter((waiting) => !rest.includes(waiting));
  await commit(unlocked, {
    logs,
    outbox: gone.length === 0 ? outbox : rest,
    changes: gone.map((waiting) => removeWaitingChange(waiting)),
  });
};

/** The answer to the push was lost; here is the entry itself. */
const isHeld = ({ logId, hashes }: HeldLog, waiting: Waiting): boolean =>
  waiting.logId === logId && hashes.has(waiting.entry.hash);

/** An entry under this device's own id, signed by its person, that this device never wrote: somebody runs a copy of it. */
const isByCopy = async (unlocked: Unlocked, { log, arrived }: Pulled, outbox: readonly Waiting[]): Promise<boolean> => {
  const { own, deviceVault } = unlocked;
  const { record } = log;
  // What was spoiled here comes back from the server: this device's own, and no copy's.
  if (unlocked.held.get(log.logId)?.record.isMending === true) return false;
  const written = new Set([record.own?.hash, appendingIn(record)?.hash, ...outbox.map(({ entry }) => entry.hash)]);
  for (const received of arrived) {
    if (received.kind === "newer" || written.has(received.entry.hash)) continue;
    const { header } = received.entry;
    const isItsId = header.author === own.identityKey.keyId && header.device === deviceVault().device;
    if (isItsId && (await verifyEntry(received.entry, own.identityKey))) return true;
  }
  return false;
};

/** Work goes on under the new id; the server is told of it with the next password that is typed. */
const takeNewDeviceId = async (unlocked: Unlocked, logId: LogId): Promise<void> => {
  const device = deviceIdOf(unlocked.ports.randomness(deviceIdBytes));
  assert(device !== undefined, "Randomness gave another length than it was asked for.");
  await unlocked.setDeviceVault({ ...unlocked.deviceVault(), device });
  await signInAtNextUnlock(unlocked.records);
  unlocked.tellPerson({ type: "DeviceCopied", logId });
};

/**
 * What waits under a counter that a copy has used, and what follows it: sent, it would set aside both devices' work. What
 * is not signed is no copy's: a server that forged one would have sealed again what waits, behind an entry that nobody has.
 */
const clashingIn = async ({ own }: Unlocked, log: HeldLog, outbox: readonly Waiting[]): Promise<readonly Waiting[]> => {
  const waiting = outbox.filter(({ logId, entry }) => logId === log.logId && !log.hashes.has(entry.hash));
  const places = new Set(waiting.map(({ entry }) => counterOf(entry)));
  const used = new Set<string>();
  for (const { kind, entry } of log.entries) {
    if (kind === "newer" || !places.has(counterOf(entry))) continue;
    if (await verifyEntry(entry, own.identityKey)) used.add(counterOf(entry));
  }
  const first = waiting.findIndex(({ entry }) => used.has(counterOf(entry)));
  return first === -1 ? [] : waiting.slice(first);
};

/** Names a place in the chain of one author's device. */
const counterOf = ({ header: { author, device, counter } }: SealedEntry): string => `${author}/${device}/${counter}`;
