/**
 * What follows from a changed log, in one write: entries, record, position, outbox, drafts, snapshot and the row of the
 * caseload. Half of it is never there, and memory changes only after the store has written.
 *
 * Called in turn.
 */

import { assert } from "@amana/kernel";
import { huskOf, type EntryHash, type LogId, type SealedEntry } from "@amana/log";
import type { CaseReading } from "@amana/vault";
import { clockDifferenceMinutesMax } from "./account/clock-floor.ts";
import type { CaseRow } from "./case/case-row.ts";
import { rowChanges } from "./case/caseload.ts";
import { draftsOf, loadDrafts, type Draft } from "./case/draft.ts";
import { openedCaseOf, rowFor } from "./case/open-case.ts";
import { loadRows } from "./case/refresh.ts";
import { snapshotChanges } from "./case/snapshot.ts";
import type { Waiting } from "./desk.ts";
import { putOnDesk, recordChanges, withReplaced, type HeldLog } from "./logs/held-log.ts";
import { loadOutbox, waitingIn } from "./logs/outbox.ts";
import { loadPositions, positionChanges, type Position } from "./logs/positions.ts";
import {
  isContradicted,
  isSameRead,
  organisationAsRead,
  readCaseLog,
  readFrom,
  readOrganisationLog,
  withReading,
} from "./logs/read.ts";
import type { StoreChange } from "./ports.ts";
import type { Unlocked } from "./unlocked.ts";

/** A log as it will be. What `changes` says is written with it. */
export type LogChange = {
  readonly log: HeldLog;
  readonly changes: readonly StoreChange[];
  readonly position?: Position;
  /** Of this log, after the change. */
  readonly drafts?: readonly Draft[];
};

export type Commit = {
  readonly logs: readonly LogChange[];
  /** The whole outbox, after the change. */
  readonly outbox?: readonly Waiting[];
  /** Of other parts of the device, to be written in the same batch. */
  readonly changes?: readonly StoreChange[];
};

export const commit = async (unlocked: Unlocked, { logs, outbox: after, changes = [] }: Commit): Promise<void> => {
  const outbox = after ?? (await loadOutbox(unlocked));
  const drafts = new Map(await loadDrafts(unlocked));
  const settled: Settled[] = [];
  for (const change of logs) {
    settled.push(await settle(unlocked, change, outbox));
    if (change.drafts !== undefined) drafts.set(change.log.logId, change.drafts);
  }
  const rows = settled.flatMap(({ row }) => row ?? []);
  const moved = new Map(logs.flatMap(({ log, position }) => (position === undefined ? [] : [[log.logId, position]])));
  const positions = await loadPositions(unlocked);
  const index = new Map(await loadRows(unlocked));
  for (const row of rows) index.set(row.logId, row);
  await unlocked.ports.store.write([
    ...changes,
    ...settled.flatMap((each) => each.changes),
    ...(moved.size === 0 ? [] : await positionChanges(unlocked, moved)),
    ...(rows.length === 0 ? [] : await rowChanges(unlocked, index, rows)),
    ...(await unlocked.floorChanges()),
  ]);
  for (const [logId, position] of moved) positions.set(logId, position);
  unlocked.desk.outbox = outbox;
  unlocked.desk.drafts = drafts;
  if (rows.length > 0) unlocked.desk.rows = index;
  for (const { log } of settled) putOnDesk(unlocked, log);
  unlocked.desk.changed(settled.map(({ log }) => log.logId));
};

type Settled = {
  readonly log: HeldLog;
  readonly changes: readonly StoreChange[];
  readonly row: CaseRow | undefined;
};

const settle = (unlocked: Unlocked, change: LogChange, outbox: readonly Waiting[]): Promise<Settled> =>
  change.log.logKind === "organisation" ? settleOrganisation(unlocked, change) : settleCase(unlocked, change, outbox);

const settleOrganisation = async (unlocked: Unlocked, { log: changed, changes }: LogChange): Promise<Settled> => {
  const root = unlocked.organisation()?.root ?? unlocked.expected.root;
  const from = readFrom(changed, []);
  const known = unlocked.desk.organisationRead;
  const isRead = known !== undefined && isSameRead(known.from, from);
  const reading = isRead ? known.reading : await readOrganisationLog(unlocked, changed, root);
  const log = withReading(changed, reading);
  unlocked.desk.organisationRead = { log, from, reading };
  if (isContradicted(reading)) unlocked.tellPerson({ type: "ServerContradicts", logId: log.logId });
  return { log, changes: [...changes, ...(await recordChanges(unlocked, log))], row: undefined };
};

const settleCase = async (unlocked: Unlocked, change: LogChange, outbox: readonly Waiting[]): Promise<Settled> => {
  const { log: changed, changes } = change;
  const { logId } = changed;
  const drafts = change.drafts ?? (await draftsOf(unlocked, logId));
  // A draft changes neither log nor outbox.
  const isUnchanged = unlocked.held.get(logId) === changed && outbox === (await loadOutbox(unlocked));
  if (isUnchanged) return { log: changed, changes, row: await rowFor(unlocked, changed, outbox, drafts) };
  const { log, husks } = await readAndErase(unlocked, changed, outbox);
  const snapshot = await keepOpened(unlocked, log, outbox);
  const row = await rowFor(unlocked, log, outbox, drafts);
  return { log, row, changes: [...changes, ...husks, ...(await recordChanges(unlocked, log)), ...snapshot] };
};

const readAndErase = async (
  unlocked: Unlocked,
  changed: HeldLog,
  outbox: readonly Waiting[],
): Promise<{ readonly log: HeldLog; readonly husks: readonly StoreChange[] }> => {
  const wasRead = readBefore(unlocked, changed);
  const reading = await readCaseLog(unlocked, changed, outbox);
  // Before the organisation can be read nothing of a case is.
  if (reading === undefined) return { log: changed, husks: [] };
  tellOf(unlocked, changed.logId, reading, wasRead);
  const bodies = bodiesToErase(changed, reading.erased);
  const { log, changes: husks } = bodies.size === 0 ? { log: changed, changes: [] } : withReplaced(changed, bodies);
  const again = bodies.size === 0 ? reading : await readCaseLog(unlocked, log, outbox);
  assert(again !== undefined, "A case was read, and cannot be read again.");
  return { log: withErased(withReading(log, again), reading.erased), husks };
};

const millisecondsPerMinute = 60_000;

/** Entries come before their keys and before whoever gave their authors a say: held is not read. */
const readBefore = ({ held, desk }: Unlocked, { logId, record }: HeldLog): ((hash: EntryHash) => boolean) => {
  // What was looked at and not kept yet was told to nobody.
  const reading = held.has(logId) ? desk.caseReads.get(logId)?.reading : undefined;
  if (reading !== undefined) {
    const read = new Set(reading.entries.flatMap(({ hash, content }) => (content.kind === "no-key" ? [] : [hash])));
    return (hash) => read.has(hash);
  }
  // Not read since the device was unlocked: then what was held was read with the keys that were here.
  const known = held.get(logId);
  return (hash) => known?.record.keys === record.keys && known.hashes.has(hash);
};

/** What people must know of it at once; the rest they see when they open the case. */
const tellOf = (
  { tellPerson, now }: Unlocked,
  logId: LogId,
  reading: CaseReading,
  wasRead: (hash: EntryHash) => boolean,
): void => {
  if (isContradicted(reading)) tellPerson({ type: "ServerContradicts", logId });
  for (const { hash, content } of reading.entries.filter((entry) => !wasRead(entry.hash))) {
    if (content.kind === "damaged") tellPerson({ type: "DamagedEntry", logId, entry: hash });
    const ahead = content.kind === "body" ? content.body.recordedAt - now() : 0;
    const minutes = Math.floor(ahead / millisecondsPerMinute);
    if (minutes > clockDifferenceMinutesMax) tellPerson({ type: "ClockDiffers", logId, minutes });
  }
};

/** The snapshot is written anew only when what it was made of is other. */
const keepOpened = async (
  unlocked: Unlocked,
  log: HeldLog,
  outbox: readonly Waiting[],
): Promise<readonly StoreChange[]> => {
  const waiting = waitingIn(outbox, log.logId);
  const from = readFrom(log, waiting, await organisationAsRead(unlocked));
  const known = unlocked.desk.openedCases.get(log.logId);
  if (known !== undefined && isSameRead(known.from, from)) return [];
  return snapshotChanges(unlocked, log.logId, from, await openedCaseOf(unlocked, log, outbox));
};

/** Bodies that are still here and that two people have erased. */
const bodiesToErase = (log: HeldLog, erased: ReadonlySet<EntryHash>): ReadonlyMap<EntryHash, SealedEntry> =>
  new Map(
    log.entries.flatMap((received) => {
      const isHere = received.kind === "entry" && received.entry.ciphertext !== undefined;
      return isHere && erased.has(received.entry.hash) ? [[received.entry.hash, huskOf(received.entry)] as const] : [];
    }),
  );

const withErased = (log: HeldLog, erased: ReadonlySet<EntryHash>): HeldLog => ({
  ...log,
  record: { ...log.record, erased },
});
