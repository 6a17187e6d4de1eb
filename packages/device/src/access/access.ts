/**
 * Who can read a case, and how that is changed. What is decided here is durable at once and carried out with the next
 * sync; until then it is shown as waiting.
 */

import { type AccessStep, isLessCarefulWithout } from "@amana/casefile";
import { err, ok, type Result } from "@amana/kernel";
import type { EntryHash, LogId } from "@amana/log";
import { headsToCompare, type PersonId, type TeamId } from "@amana/vault";
import { loadPositions } from "../logs/positions.ts";
import { caseReading, organisationReading } from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import { openCaseFile } from "../case/open-case.ts";
import { heldUpIn } from "../case/opened-case.ts";
import { accessHistory } from "./access-history.ts";
import { authorOf, erasuresIn, type Erasure } from "./control-acts.ts";
import { addPending, isCaseWaiting, type AccessError } from "./pending.ts";
import { readPending, type PendingChange } from "./pending-record.ts";
import { readersOf, type Reader } from "./readers.ts";

export const giveAccess = (unlocked: Unlocked, logId: LogId, reader: Reader): Promise<Result<number, AccessError>> =>
  addPending(unlocked, logId, { kind: "give", reader });

export const takeAccess = (unlocked: Unlocked, logId: LogId, reader: Reader): Promise<Result<number, AccessError>> =>
  addPending(unlocked, logId, { kind: "take", reader });

/** What a removed person wrote and nobody had accepted counts again, because somebody who reads the case says so. */
export const adoptEntries = (
  unlocked: Unlocked,
  logId: LogId,
  entries: readonly EntryHash[],
): Promise<Result<number, AccessError>> => addPending(unlocked, logId, { kind: "adopt", entries });

/** Of some entries, at least one. It waits for a second person. */
export const proposeErasure = async (
  unlocked: Unlocked,
  logId: LogId,
  entries: readonly [EntryHash, ...EntryHash[]],
): Promise<Result<number, AccessError>> =>
  (await unlocked.inTurn(() => isCareLost(unlocked, logId, entries)))
    ? err({ type: "WouldBeLessCareful" })
    : addPending(unlocked, logId, { kind: "propose-erasure", entries });

/** Of the whole case, by destroying its keys. It waits for a second person. */
export const proposeShredding = (unlocked: Unlocked, logId: LogId): Promise<Result<number, AccessError>> =>
  addPending(unlocked, logId, { kind: "propose-erasure", entries: [] });

/** By a second person. What is gone is gone everywhere; older backups hold it until they end. */
export const confirmErasure = async (
  unlocked: Unlocked,
  logId: LogId,
  proposal: EntryHash,
): Promise<Result<number, AccessError>> => {
  const isLost = await unlocked.inTurn(async () => {
    const reading = await caseReading(unlocked, logId);
    const erasure = reading && erasuresIn(reading).find((each) => each.proposal === proposal);
    const isOpen = erasure !== undefined && erasure.confirmation === undefined && erasure.entries.length > 0;
    return isOpen && isCareLost(unlocked, logId, erasure.entries);
  });
  return isLost
    ? err({ type: "WouldBeLessCareful" })
    : addPending(unlocked, logId, { kind: "confirm-erasure", proposal });
};

/** Judged by the case as it is here; the second person's device judges it again. Called in turn. */
const isCareLost = async (unlocked: Unlocked, logId: LogId, entries: readonly EntryHash[]): Promise<boolean> => {
  const folded = await openCaseFile(unlocked, logId);
  return folded !== undefined && isLessCarefulWithout(folded.entries, new Set(entries), unlocked.now());
};

/**
 * The same readers again, over an epoch whose key its maker kept from this device. Whom that epoch took out, or let in, cannot
 * be known here: whoever says so has looked at who reads from then on.
 */
export const passOverEpoch = (unlocked: Unlocked, logId: LogId): Promise<Result<number, AccessError>> =>
  addPending(unlocked, logId, { kind: "pass-over" });

/** Nothing waits any more for entries that nobody can read. By a supervisor, and never for their own. */
export const leaveUnread = (
  unlocked: Unlocked,
  logId: LogId,
  entries: readonly EntryHash[],
): Promise<Result<number, AccessError>> => addPending(unlocked, logId, { kind: "leave-unread", entries });

export const renewAccess = (unlocked: Unlocked, logId: LogId): Promise<Result<number, AccessError>> =>
  addPending(unlocked, logId, { kind: "renew" });

export type WhoCanRead = {
  readonly people: readonly { readonly person: PersonId; readonly through: readonly ("own-key" | TeamId)[] }[];
  readonly hasRecoveryKey: boolean;
  /** The organisation has changed since: it begins a new epoch when next written to. */
  readonly waitsForEpoch: boolean;
  readonly pending: readonly PendingChange[];
  readonly erasures: readonly Erasure[];
  /** Who was given it and who was taken out, since the beginning. */
  readonly history: readonly AccessStep[];
  /** Changes of who reads whose keys this device was not given; whoever made them is known by the envelope. */
  readonly unreadEpochs: readonly Unread[];
  /** All that cannot be read here and closes what rests on knowing everything. */
  readonly heldUpBy: readonly Unread[];
};

export type Unread = { readonly entry: EntryHash; readonly by: PersonId | undefined };

/** As the case's control entries say; before the first of them, as this device has decided. */
export const peopleWhoCanRead = (
  unlocked: Unlocked,
  logId: LogId,
): Promise<Result<WhoCanRead, { readonly type: "CaseUnknown" }>> =>
  unlocked.inTurn(async () => {
    const reading = await caseReading(unlocked, logId);
    const organisation = await organisationReading(unlocked);
    if (reading === undefined || organisation === undefined) return err({ type: "CaseUnknown" });
    const pending = (await readPending(unlocked)).filter((each) => each.logId === logId);
    const epoch = reading.epochs.at(-1);
    const opening = pending.find(({ change }) => change.kind === "open")?.change;
    const readers = epoch === undefined ? (opening?.kind === "open" ? opening.readers : []) : readersOf(epoch);
    const unread = (entry: EntryHash): Unread => ({
      entry,
      by: authorOf(reading.history, organisation.current, entry),
    });
    const { teams } = (epoch ?? { organisation: organisation.current }).organisation;
    const throughByPerson = new Map<PersonId, ("own-key" | TeamId)[]>();
    const add = (person: PersonId, through: "own-key" | TeamId): void => {
      throughByPerson.set(person, [...(throughByPerson.get(person) ?? []), through]);
    };
    for (const reader of readers) {
      if (reader.kind === "person") add(reader.person, "own-key");
      else for (const person of teams.get(reader.team)?.supervisors ?? []) add(person, reader.team);
    }
    return ok({
      people: [...throughByPerson].map(([person, through]) => ({ person, through })),
      hasRecoveryKey: epoch?.members.some(({ kind }) => kind === "recovery") ?? false,
      waitsForEpoch: await isCaseWaiting(unlocked, reading),
      pending,
      erasures: erasuresIn(reading),
      history: accessHistory(reading, organisation.current),
      unreadEpochs: reading.unreadEpochs.map(unread),
      heldUpBy: heldUpIn(reading).map(unread),
    });
  });

/**
 * Cases on this device whose readers have changed and that have not begun a new epoch since. Reads each case: for the
 * screen that shows them, not for every day.
 */
export const casesWaitingForEpoch = async (unlocked: Unlocked): Promise<readonly LogId[]> => {
  const positions = await unlocked.inTurn(() => loadPositions(unlocked));
  const waiting: LogId[] = [];
  for (const [logId, { kind }] of positions) {
    if (kind !== "case") continue;
    const isWaiting = await unlocked.inTurn(async () => isCaseWaiting(unlocked, await caseReading(unlocked, logId)));
    if (isWaiting) waiting.push(logId);
  }
  return waiting;
};

/** Six groups that two people read to each other by telephone: the same exactly if their devices hold the same. */
export const wordsOfHeads = async (unlocked: Unlocked, logIds: readonly LogId[]): Promise<readonly string[]> =>
  unlocked.inTurn(async () => {
    const headsByLog = new Map<LogId, readonly EntryHash[]>();
    for (const logId of logIds) {
      const isOrganisation = logId === unlocked.organisation()?.logId;
      const reading = isOrganisation ? await organisationReading(unlocked) : await caseReading(unlocked, logId);
      headsByLog.set(logId, reading?.review.heads ?? []);
    }
    return headsToCompare(headsByLog);
  });
