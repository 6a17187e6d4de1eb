/**
 * The entries of one log that this device holds: durable before anything is made of them, in the order they came, never
 * changed but for a body that two people erased.
 *
 * What stands in the segments is checked against the log's record. If somebody changed the storage, what is left is
 * verified again and the log is fetched once more.
 */

import { assert, type Instant } from "@amana/kernel";
import {
  decodeCbor,
  encodeEntries,
  encodeEntry,
  entrySize,
  equalBytes,
  isCborArray,
  parseEntry,
  type Bytes,
  type EntryHash,
  type LogId,
  type LogKind,
  type Received,
  type SealedEntry,
} from "@amana/log";
import { digestOfNone, nextDigest } from "@amana/sync";
import { clearSecret, type CaseKey } from "@amana/vault";
import type { Stored, StoreChange } from "../ports.ts";
import type { Unlocked } from "../unlocked.ts";
import { decodeLogRecord, encodeLogRecord, newLogRecord, type LogRecord } from "./log-record.ts";
import { logRecordName, segmentName, segmentsPrefix } from "./names.ts";
import { loadPositions, positionChanges, startOf } from "./positions.ts";

export type HeldLog = {
  readonly logId: LogId;
  readonly logKind: LogKind;
  readonly record: LogRecord;
  /** As they stand in the segments. An entry stands twice only while nobody's signature vouches for the first copy. */
  readonly entries: readonly Received[];
  readonly hashes: ReadonlySet<EntryHash>;
  /** How many bytes each segment holds. */
  readonly segments: readonly Segment[];
};

/** The entries from one place on. */
export type Segment = { readonly from: number; readonly bytes: number };

const segmentBytesMax = 16_384;
/** A log that is not open lies in storage; the organisation's own stays. */
export const heldLogsMax = 64;
/**
 * A copy with another signature may be the honest one. With more than this, the last makes room for the next: whoever spoiled the
 * others must not keep the good one out for ever.
 */
const copiesMax = 4;

export const newLog = (logId: LogId, logKind: LogKind, keys: ReadonlyMap<string, CaseKey> = new Map()): HeldLog => ({
  logId,
  logKind,
  record: { ...newLogRecord(logKind), keys },
  entries: [],
  hashes: new Set(),
  segments: [],
});

/** Nothing for a log that this device holds nothing of. */
export const holdLog = async (unlocked: Unlocked, logId: LogId): Promise<HeldLog | undefined> => {
  const known = unlocked.held.get(logId);
  if (known !== undefined) return known;
  const content = await unlocked.records.read(logRecordName(logId));
  if (content === undefined) {
    // Nor is there anything that was made of it.
    unlocked.desk.snapshotParts.note(logId, 0);
    return undefined;
  }
  const record = decodeLogRecord(content);
  const stored = await unlocked.ports.store.list(segmentsPrefix(logId));
  const read = { ...readSegments(stored), logId, logKind: record.kind, record };
  const log = isVouchedFor(read) ? read : await mend(unlocked, read, stored);
  putOnDesk(unlocked, log);
  return log;
};

/** The organisation's own; nothing before this device has met it. */
export const holdOrganisation = async (unlocked: Unlocked): Promise<HeldLog | undefined> => {
  const known = unlocked.organisation();
  return known === undefined ? undefined : holdLog(unlocked, known.logId);
};

/** After it was written. */
export const putOnDesk = ({ held }: Unlocked, log: HeldLog): void => {
  held.delete(log.logId);
  held.set(log.logId, log);
};

/** The logs opened longest ago go back to storage. Only between turns, when nothing is still at work with one. */
export const makeRoom = (unlocked: Unlocked): void => {
  const { held, organisation } = unlocked;
  const own = organisation()?.logId;
  const closable = [...held.keys()].filter((logId) => logId !== own);
  for (const logId of closable.slice(0, Math.max(0, held.size - heldLogsMax))) closeLog(unlocked, logId);
};

/** Its keys are cleared here; in storage they stay. */
export const closeLog = ({ held, desk }: Unlocked, logId: LogId): void => {
  const log = held.get(logId);
  assert(log !== undefined, "A log was to be closed that is not open.");
  for (const key of log.record.keys.values()) clearSecret(key);
  for (const open of [held, desk.caseReads, desk.openedCases]) open.delete(logId);
  desk.snapshotParts.forget(logId);
};

const readSegments = (stored: readonly Stored[]): Pick<HeldLog, "entries" | "hashes" | "segments"> => {
  const entries: Received[] = [];
  const segments: Segment[] = [];
  for (const { value } of stored) {
    segments.push({ from: entries.length, bytes: value.length });
    for (const bytes of bytesIn(value)) {
      const parsed = parseEntry(bytes);
      if (parsed.ok) entries.push(parsed.value);
    }
  }
  return { entries, segments, hashes: new Set(entries.map(({ entry }) => entry.hash)) };
};

/** Whatever stands there: what is no list of entries holds none. */
const bytesIn = (segment: Bytes): readonly Bytes[] => {
  const decoded = decodeCbor(segment);
  const items = decoded.ok && isCborArray(decoded.value) ? decoded.value : [];
  return items.filter((item) => item instanceof Uint8Array);
};

/** The record vouches for exactly these entries in this order. */
const isVouchedFor = ({ entries, record: { held } }: HeldLog): boolean => {
  const digest = entries.reduce((before, { entry }) => nextDigest(before, entry.hash), digestOfNone());
  return held.count === entries.length && equalBytes(held.digest, digest);
};

/** Keeps what is left, as if it had just arrived, and follows the log from its beginning again. Until then it says so. */
const mend = async (unlocked: Unlocked, read: HeldLog, stored: readonly Stored[]): Promise<HeldLog> => {
  const { logId, logKind, entries } = read;
  const nothingHeld = { held: newLogRecord(logKind).held, firstSeen: [], unverified: new Set<EntryHash>() };
  const record = { ...read.record, ...nothingHeld, isMending: true };
  const { log, changes } = withEntries({ ...newLog(logId, logKind), record }, entries, unlocked.now());
  const positions = await loadPositions(unlocked);
  const moved = new Map([[logId, startOf(logKind)]]);
  await unlocked.ports.store.write([
    ...stored.map(({ name }) => ({ name, value: undefined })),
    ...changes,
    ...(await recordChanges(unlocked, log)),
    ...(await positionChanges(unlocked, moved)),
    ...(await unlocked.floorChanges()),
  ]);
  positions.set(logId, startOf(logKind));
  unlocked.tellPerson({ type: "StorageSpoiled", logId });
  return log;
};

/** The log with what arrived and is not held yet, and what is to be written for it but for the record. */
export const withEntries = (
  log: HeldLog,
  arrived: readonly Received[],
  at: Instant,
): { readonly log: HeldLog; readonly changes: readonly StoreChange[]; readonly taken: readonly Received[] } => {
  const taken = firsts(arrived).filter((received) => isToTake(log, received));
  if (taken.length === 0) return { log, changes: [], taken };
  const crowded = taken.filter(({ entry }) => log.hashes.has(entry.hash) && isCrowded(log, entry.hash));
  if (crowded.length > 0) return withRoomMade(log, arrived, crowded, at);
  const entries = [...log.entries, ...taken];
  const { segments, changes } = appendToSegments(log, entries);
  const digest = taken.reduce((before, { entry }) => nextDigest(before, entry.hash), log.record.held.digest);
  const record = {
    ...log.record,
    held: { count: entries.length, digest },
    firstSeen: [...log.record.firstSeen, { from: log.entries.length, at }],
    unverified: new Set([...log.record.unverified, ...taken.map(({ entry }) => entry.hash)]),
  };
  const hashes = new Set(entries.map(({ entry }) => entry.hash));
  return { log: { ...log, record, entries, hashes, segments }, changes, taken };
};

/** The first under each name. */
const firsts = (arrived: readonly Received[]): readonly Received[] => {
  const seen = new Set<EntryHash>();
  return arrived.filter(({ entry }) => seen.size < seen.add(entry.hash).size);
};

const isCrowded = (log: HeldLog, hash: EntryHash): boolean => copiesOf(log, hash).length >= copiesMax;

const isToTake = (log: HeldLog, received: Received): boolean => {
  const { hash } = received.entry;
  if (!log.hashes.has(hash)) return true;
  if (received.kind === "newer" || !log.record.unverified.has(hash)) return false;
  const bytes = bytesOfReceived(received);
  return !copiesOf(log, hash).some((copy) => equalBytes(bytesOfReceived(copy), bytes));
};

const copiesOf = ({ entries }: HeldLog, hash: EntryHash): readonly Received[] =>
  entries.filter(({ entry }) => entry.hash === hash);

export const bytesOfReceived = (received: Received): Bytes =>
  received.kind === "entry" ? encodeEntry(received.entry) : received.entry.bytes;

const appendToSegments = (
  log: HeldLog,
  entries: readonly Received[],
): { readonly segments: readonly Segment[]; readonly changes: readonly StoreChange[] } => {
  const last = log.segments.at(-1);
  const isOpen = last !== undefined && last.bytes < segmentBytesMax;
  const kept = isOpen ? log.segments.slice(0, -1) : log.segments;
  const written = segmentsOf(entries, isOpen ? last.from : log.entries.length);
  const changes = written.map(({ value }, index) => ({ name: segmentName(log.logId, kept.length + index), value }));
  const segments = written.map(({ from, value }) => ({ from, bytes: value.length }));
  return { segments: [...kept, ...segments], changes };
};

/** Each segment is closed once it has reached its length. */
const segmentsOf = (entries: readonly Received[], start: number): readonly { from: number; value: Bytes }[] => {
  const written: { from: number; value: Bytes }[] = [];
  let open: Received[] = [];
  let size = 0;
  let from = start;
  const close = (): void => {
    if (open.length > 0) written.push({ from, value: encodeEntries(open) });
    from += open.length;
    open = [];
    size = 0;
  };
  for (const received of entries.slice(start)) {
    open.push(received);
    size += entrySize(received);
    if (size >= segmentBytesMax) close();
  }
  close();
  return written;
};

/** In the place of the last copy of each. */
const withRoomMade = (
  log: HeldLog,
  arrived: readonly Received[],
  crowded: readonly Received[],
  at: Instant,
): ReturnType<typeof withEntries> => {
  const lastPlaces = new Map(log.entries.map(({ entry }, place) => [entry.hash, place]));
  const byPlace = new Map(crowded.map((received) => [lastPlaces.get(received.entry.hash), received]));
  const made = withOthers(log, (received, place) => byPlace.get(place) ?? received);
  const grown = withEntries(made.log, arrived, at);
  const written = new Map([...made.changes, ...grown.changes].map((change) => [change.name, change]));
  return { log: grown.log, changes: [...written.values()], taken: [...crowded, ...grown.taken] };
};

type Rewritten = { readonly log: HeldLog; readonly changes: readonly StoreChange[] };

/** The log with other copies of some entries, in their places: husks where bodies were erased. */
export const withReplaced = (log: HeldLog, replaced: ReadonlyMap<EntryHash, SealedEntry>): Rewritten =>
  withOthers(log, (received) => {
    const husk = replaced.get(received.entry.hash);
    return husk === undefined ? received : { kind: "entry", entry: husk };
  });

const withOthers = (log: HeldLog, otherFor: (received: Received, place: number) => Received): Rewritten => {
  const entries = log.entries.map(otherFor);
  const changes: StoreChange[] = [];
  const segments = log.segments.map(({ from, bytes }, index) => {
    const end = log.segments[index + 1]?.from ?? entries.length;
    const isSame = entries.slice(from, end).every((received, place) => received === log.entries[from + place]);
    if (isSame) return { from, bytes };
    const value = encodeEntries(entries.slice(from, end));
    changes.push({ name: segmentName(log.logId, index), value });
    return { from, bytes: value.length };
  });
  return { log: { ...log, entries, segments }, changes };
};

export const recordChanges = ({ records }: Unlocked, { logId, record }: HeldLog): Promise<readonly StoreChange[]> =>
  records.changes(logRecordName(logId), encodeLogRecord(record));

/** When this device first saw an entry that stands in the segments. */
export const firstSeenIn = ({ entries, record }: HeldLog): ReadonlyMap<EntryHash, Instant> => {
  const seen = new Map<EntryHash, Instant>();
  let run = 0;
  for (const [place, { entry }] of entries.entries()) {
    while ((record.firstSeen[run + 1]?.from ?? Infinity) <= place) run++;
    const at = record.firstSeen[run]?.at;
    if (at !== undefined && !seen.has(entry.hash)) seen.set(entry.hash, at);
  }
  return seen;
};
