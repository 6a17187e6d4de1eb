/**
 * A draft: what was decided on this device and is not sealed yet, with what its author had seen. It is durable before
 * anybody is told that it is written down, and nobody but this device can read it.
 *
 * Until it is sealed it goes by a name of 32 random bytes, as if it had a hash already.
 */

import { assert, type Instant } from "@amana/kernel";
import { entryHashOf, hashBytes, idBytes, type CborValue, type EntryHash, type LogId } from "@amana/log";
import { parseEvent, type CaseEvent, type StoredEvent } from "@amana/casefile";
import { openBox, sealBox, type Randomness, type SealedEvent } from "@amana/vault";
import type { Stored, StoreChange } from "../ports.ts";
import type { Unlocked } from "../unlocked.ts";
import { grouped } from "../grouped.ts";
import { draftName, draftsPrefix, numberIn } from "../logs/names.ts";
import { hashFrom, instantFrom, listFrom, logIdFrom, numberFrom } from "../logs/own-values.ts";

export type Draft = {
  readonly logId: LogId;
  /** Its place among the drafts of the log. */
  readonly number: number;
  readonly name: EntryHash;
  readonly recordedAt: Instant;
  /** What its author had seen last; earlier drafts by their provisional names. */
  readonly heads: readonly EntryHash[];
  readonly events: readonly StoredEvent[];
};

const draftVersion = 1;

export const makeDraftName = (randomness: Randomness): EntryHash => {
  const name = entryHashOf(randomness(hashBytes));
  assert(name !== undefined, "Randomness gave another length than it was asked for.");
  return name;
};

/** All drafts of all logs, each log's in order. There are few: a day's work without a network. */
export const loadDrafts = async (unlocked: Unlocked): Promise<ReadonlyMap<LogId, readonly Draft[]>> => {
  const known = unlocked.desk.drafts;
  if (known !== undefined) return known;
  const drafts = await Promise.all(
    (await unlocked.ports.store.list(draftsPrefix)).map((box) => openDraft(unlocked, box)),
  );
  const byLog = grouped(drafts, ({ logId }) => logId);
  unlocked.desk.drafts = byLog;
  return byLog;
};

export const draftsOf = async (unlocked: Unlocked, logId: LogId): Promise<readonly Draft[]> =>
  (await loadDrafts(unlocked)).get(logId) ?? [];

/** Nothing when it is too long for a box: then it is too long for an entry as well. */
export const draftChange = async (unlocked: Unlocked, draft: Draft): Promise<StoreChange | undefined> => {
  const { logId, number } = draft;
  const opened = { context: [idBytes(logId)], content: draftContent(draft) };
  const value = await sealBox("draft", unlocked.deviceVault().storageKey, opened, unlocked.ports);
  return value === undefined ? undefined : { name: draftName(logId, number), value };
};

export const draftContent = ({ number, name, recordedAt, heads, events }: Draft): CborValue => [
  draftVersion,
  number,
  idBytes(name),
  recordedAt,
  heads.map(idBytes),
  events.map(writeEvent),
];

export const removeDraftChange = ({ logId, number }: Draft): StoreChange => ({
  name: draftName(logId, number),
  value: undefined,
});

const openDraft = async ({ ports, deviceVault }: Unlocked, { name, value }: Stored): Promise<Draft> => {
  const opened = await openBox("draft", deviceVault().storageKey, value, ports.deflate);
  assert(opened.ok, "A draft in the device's storage is not what this device wrote.");
  const logId = logIdFrom(listFrom(opened.value.context)[0]);
  const [version, number, provisional, recordedAt, heads, events] = listFrom(opened.value.content);
  const isItsPlace = numberFrom(number) === numberIn(name) && draftName(logId, numberIn(name)) === name;
  assert(version === draftVersion && isItsPlace, "A draft stands in another place than it was written to.");
  return {
    logId,
    number: numberFrom(number),
    name: hashFrom(provisional),
    recordedAt: instantFrom(recordedAt),
    heads: listFrom(heads).map(hashFrom),
    events: listFrom(events).map((event) => readEvent(listFrom(event))),
  };
};

/** The data of an event is texts, numbers, lists and maps of them; casefile's shapes let nothing else through. */
export const sealedEventOf = ([type, version, data]: StoredEvent): SealedEvent => ({
  type,
  version,
  data: data as CborValue, // Checked by `wrongField` when it was decided.
});

export const writeEvent = (event: StoredEvent): CborValue => {
  const { type, version, data } = sealedEventOf(event);
  return [type, version, data];
};

export const readEvent = ([type, version, data]: readonly CborValue[]): StoredEvent => {
  const stored: unknown = [type, version, data];
  const isEvent = typeof data === "object" && data !== null && !Array.isArray(data);
  assert(isEvent, "A draft holds something else than events.");
  return stored as StoredEvent; // Read back from what `writeEvent` wrote; its meaning is parsed by casefile.
};

/** Drafts are of this device's own version, so every event is understood. */
export const eventsOf = ({ events }: Draft): readonly CaseEvent[] =>
  events.map((stored) => {
    const parsed = parseEvent(stored);
    assert(parsed.ok, "A draft of this device holds an event that it does not understand.");
    return parsed.value;
  });

/** The same data with every name of a draft replaced by what it is called now. */
export const renamed = <T>(value: T, names: ReadonlyMap<string, EntryHash>): T => {
  if (names.size === 0) return value;
  return rename(value, names) as T; // Only texts are exchanged for texts; the shape stays.
};

const rename = (value: unknown, names: ReadonlyMap<string, EntryHash>): unknown => {
  if (typeof value === "string") return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item: unknown) => rename(item, names));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rename(item, names)]));
};
