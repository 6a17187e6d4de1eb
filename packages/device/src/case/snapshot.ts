/**
 * Snapshots: a case as it was opened, kept sealed for the person's own devices, so that opening it again costs one box
 * and not one for each entry.
 *
 * A snapshot counts only for exactly the entries and the fold version it was made of. It is dropped with the first new
 * entry, and with a body that was erased.
 */

import type { CaseRole } from "@amana/casefile";
import { assert } from "@amana/kernel";
import {
  concat,
  decodeCbor,
  encodeCbor,
  equalBytes,
  idBytes,
  label,
  sha256,
  toHex,
  fromHex,
  type Bytes,
  type CborValue,
  type EntryHash,
  type LogId,
} from "@amana/log";
import { openBox, sealBox, type PersonId } from "@amana/vault";
import { foldVersion } from "./caseload.ts";
import type { ReadFrom } from "../logs/read.ts";
import { partsIn, snapshotName, snapshotPrefix } from "../logs/names.ts";
import { bytesFrom, deviceFrom, hashFrom, instantFrom, listFrom, numberFrom } from "../logs/own-values.ts";
import type { StoreChange } from "../ports.ts";
import type { Unlocked } from "../unlocked.ts";
import { readEvent, writeEvent } from "./draft.ts";
import type { EntryMark, MarkKind, OpenedCase, OpenedEntry } from "./opened-case.ts";

const snapshotPartBytesMax = 48_000;

/** Of exactly these entries with exactly these keys: more of either may change what was opened. */
const digestOf = ({ names, keys }: ReadFrom): Bytes =>
  sha256(concat(label("snapshot"), encodeCbor([names, [...keys.keys()].sort()])));

export const openSnapshot = async (
  { own, ports, desk }: Unlocked,
  logId: LogId,
  from: ReadFrom,
): Promise<OpenedCase | undefined> => {
  if (desk.snapshotParts.of(logId) === 0) return undefined;
  const stored = await ports.store.list(snapshotPrefix(logId));
  desk.snapshotParts.note(logId, partsIn(stored));
  const digest = digestOf(from);
  const parts: Bytes[] = [];
  for (const [part, { value }] of stored.entries()) {
    const opened = await openBox("snapshot", own.ownDevicesKey, value, ports.deflate);
    if (!opened.ok || !isOf(opened.value.context, contextOf(logId, digest, part, stored.length))) return undefined;
    parts.push(bytesFrom(opened.value.content));
  }
  const decoded = parts.length === 0 ? undefined : decodeCbor(concat(...parts));
  return decoded?.ok === true ? decodeOpened(decoded.value) : undefined;
};

/**
 * What is to be written to keep a case as it was opened. Nothing of it is kept while the organisation's log may change it, and
 * nothing of a shredded case or of one whose keys have not come yet.
 */
export const snapshotChanges = async (
  unlocked: Unlocked,
  logId: LogId,
  from: ReadFrom,
  opened: OpenedCase,
): Promise<readonly StoreChange[]> => {
  if (opened.waitsForOrganisation || opened.isShredded || opened.entries.length === 0)
    return dropSnapshotChanges(unlocked, logId);
  const { own, ports, desk } = unlocked;
  const whole = encodeCbor(encodeOpened(opened));
  const count = Math.ceil(whole.length / snapshotPartBytesMax);
  const digest = digestOf(from);
  const changes: StoreChange[] = [];
  for (let part = 0; part < count; part++) {
    const context = contextOf(logId, digest, part, count);
    const content = whole.slice(part * snapshotPartBytesMax, (part + 1) * snapshotPartBytesMax);
    const value = await sealBox("snapshot", own.ownDevicesKey, { context, content }, ports);
    assert(value !== undefined, "A part of a snapshot does not fit its box.");
    changes.push({ name: snapshotName(logId, part), value });
  }
  const before = desk.snapshotParts.of(logId) ?? partsIn(await ports.store.list(snapshotPrefix(logId)));
  for (let part = count; part < before; part++) changes.push({ name: snapshotName(logId, part), value: undefined });
  desk.snapshotParts.note(logId, Math.max(before, count));
  return changes;
};

/** Whatever stands there, known or not. */
const dropSnapshotChanges = async ({ ports }: Unlocked, logId: LogId): Promise<readonly StoreChange[]> =>
  (await ports.store.list(snapshotPrefix(logId))).map(({ name }) => ({ name, value: undefined }));

const contextOf = (logId: LogId, digest: Bytes, part: number, count: number): CborValue => [
  idBytes(logId),
  foldVersion,
  digest,
  part,
  count,
];

const isOf = (context: CborValue, asked: CborValue): boolean => equalBytes(encodeCbor(context), encodeCbor(asked));

const roleNames = ["caseworker", "supervisor"] as const satisfies readonly CaseRole[];
const markKinds = [
  ...(["without-authority", "no-key", "damaged", "event-damaged", "newer", "erased"] as const),
  ...(["quarantined", "waiting", "barred", "unauthentic", "organisation-unknown"] as const),
] satisfies readonly MarkKind[];

const encodeOpened = (opened: OpenedCase): CborValue => {
  const places = new Map(opened.nodes.map(({ hash }, place) => [hash, place]));
  const placeOf = (hash: EntryHash): number => {
    const place = places.get(hash);
    assert(place !== undefined, "A case was opened with an entry that is not held.");
    return place;
  };
  return [
    opened.nodes.map(({ hash, links }) => [idBytes(hash), links.map(placeOf)]),
    opened.entries.map((entry) => [placeOf(entry.hash), ...encodeEntryOf(entry)]),
    opened.marks.map(({ entry, kind }) => [idBytes(entry), markKinds.indexOf(kind)]),
    opened.heads.map(idBytes),
    opened.openers.map(personBytes),
    opened.isBehind,
    opened.isContradicted,
  ];
};

const encodeEntryOf = ({ person, device, roles, recordedAt, events }: OpenedEntry): readonly CborValue[] => [
  personBytes(person),
  idBytes(device),
  roles.map((role) => roleNames.indexOf(role)),
  recordedAt,
  events.map(writeEvent),
];

const decodeOpened = (value: CborValue): OpenedCase => {
  const [nodeRows, entryRows, marks, heads, openers, isBehind, isContradicted] = listFrom(value);
  const listedNodes = listFrom(nodeRows).map(listFrom);
  const hashes = listedNodes.map(([hash]) => hashFrom(hash));
  const hashAt = (place: CborValue | undefined): EntryHash => {
    const hash = hashes[numberFrom(place)];
    assert(hash !== undefined, "A snapshot names an entry that it does not hold.");
    return hash;
  };
  return {
    nodes: listedNodes.map(([hash, links]) => ({ hash: hashFrom(hash), links: listFrom(links).map(hashAt) })),
    entries: listFrom(entryRows).map((row) => {
      const [place, ...rest] = listFrom(row);
      return { hash: hashAt(place), ...decodeEntryOf(rest) };
    }),
    marks: listFrom(marks).map((row) => markFrom(listFrom(row))),
    heads: listFrom(heads).map(hashFrom),
    openers: listFrom(openers).map(personFrom),
    isBehind: isBehind === true,
    isContradicted: isContradicted === true,
    waitsForOrganisation: false,
    isShredded: false,
  };
};

const decodeEntryOf = ([person, device, roles, recordedAt, events]: readonly CborValue[]): Omit<
  OpenedEntry,
  "hash"
> => ({
  person: personFrom(person),
  device: deviceFrom(device),
  roles: listFrom(roles).map(roleFrom),
  recordedAt: instantFrom(recordedAt),
  events: listFrom(events).map((event) => readEvent(listFrom(event))),
});

const roleFrom = (value: CborValue): CaseRole => {
  const role = roleNames[numberFrom(value)];
  assert(role !== undefined, "A snapshot holds a role that this device never wrote.");
  return role;
};

const markFrom = ([entry, number]: readonly CborValue[]): EntryMark => {
  const kind = markKinds[numberFrom(number)];
  assert(kind !== undefined, "A snapshot holds a mark that this device never wrote.");
  return { entry: hashFrom(entry), kind };
};

const personBytes = (person: PersonId): Bytes => {
  const bytes = fromHex(person);
  assert(bytes !== undefined, "An id of a person holds something else than hexadecimal digits.");
  return bytes;
};

const personFrom = (value: CborValue | undefined): PersonId => toHex(bytesFrom(value)) as PersonId; // Written from one.
