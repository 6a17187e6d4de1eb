/**
 * Entries of one log as they travel: one after the other, each without what the ones before it say already.
 *
 * What goes in comes out byte for byte. An entry that is not of the one form the compact item can say travels whole,
 * unjudged. Format: docs/formats/wire.md §3.
 */

import { assert, ok } from "@amana/kernel";
import {
  counterMax,
  cursorOver,
  deviceIdBytes,
  entryBytesMax,
  entryOfParts,
  fail,
  hashBytes,
  hashOfParts,
  idBytes,
  isSame,
  joinEntry,
  nonceBytes,
  pageOf,
  parentsMax,
  parseEntry,
  put,
  putNumber,
  signatureBytes,
  splitEntry,
  take,
  takeNumber,
  type Bytes,
  type Cursor,
  type EntryParts,
  type EntryRead,
  type LogId,
  type Page,
  type SealedEntry,
} from "@amana/log";
import { writersPerRunMax } from "./limits.ts";

/**
 * What is left of the message that a run is read from; every run of it takes from the same. With a page the entries stand on it one
 * behind the other, for whoever lets go of all of them together; without, each is in bytes of its own, so that none keeps the body
 * of another that is erased.
 */
export type RoomForEntries = { bytesLeft: number; entriesLeft: number; readonly page?: Page };

/** An entry that came before in the run. Its hash is made when something asks for it, once. */
type Seen = {
  readonly parts: EntryParts;
  readonly headerBytes: Bytes;
  hash: Bytes | undefined;
  /** Where it was read as an entry: what comes after has parts in common with it. */
  readonly read: EntryRead | undefined;
};
type Split = { readonly parts: EntryParts; readonly headerBytes: Bytes };
type Writer = { readonly author: Bytes; readonly device: Bytes; last: Seen };

/** What later items may leave out, the same for whoever writes the run and whoever reads it. */
type RunSoFar = { before: Seen | undefined; lastControl: Seen | undefined; readonly writers: Writer[] };

const isWhole = 0;
const flags = { compact: 128, control: 64, case: 32, husk: 16, commitment: 8, parents: 4 } as const;
const flagsKnown = 252;
/** How a hash is said: as the entry before has it, given, none, or that of an entry of this run. */
const linkModes = { asBefore: 0, given: 1, none: 2, inRun: 3 } as const;
const previousModes = { none: 0, given: 1, inRun: 2 } as const;
const parentGiven = writersPerRunMax;
const lengthBytes = 3;
const counterBytes = 4;

const nothingSoFar = (): RunSoFar => ({ before: undefined, lastControl: undefined, writers: [] });

/** `names`: of each entry its own, for whoever knows them already. */
export const encodeRun = (logId: LogId, entries: readonly Bytes[], names: readonly Bytes[] = []): Bytes => {
  const logIdAsBytes = idBytes(logId);
  const soFar = nothingSoFar();
  // A whole item is its entry, a mark and a length; a compact one is shorter than its entry.
  const page = pageOf(entries.reduce((sum, entry) => sum + entry.length + 1 + lengthBytes, 0));
  for (const [at, entry] of entries.entries()) {
    assert(entry.length <= entryBytesMax, "An entry longer than its limit was to be sent.");
    const split = splitEntry(entry);
    const isPut =
      split !== undefined && isSame(split.parts.logId, logIdAsBytes) && putItem(page, split, soFar, names[at]);
    if (!isPut) putWhole(page, entry);
  }
  return page.bytes.slice(0, page.at);
};

/** Nothing when the bytes are no run, or one for which there is no room. Entries in it may still be malformed ones. */
export const decodeRun = (logId: LogId, run: Bytes, room: RoomForEntries): readonly Bytes[] | undefined => {
  const logIdAsBytes = idBytes(logId);
  const soFar = nothingSoFar();
  const cursor = cursorOver(run);
  const entries: Bytes[] = [];
  const read: (SealedEntry | undefined)[] = [];
  while (cursor.at < run.length) {
    const item = takeItem(cursor, logIdAsBytes, soFar, room.page);
    if (item === undefined || cursor.hasFailed) return undefined;
    const { entry } = item;
    room.entriesLeft -= 1;
    room.bytesLeft -= entry.length;
    if (room.entriesLeft < 0 || room.bytesLeft < 0) return undefined;
    entries.push(entry);
    read.push(item.read);
  }
  carried.set(entries, read);
  return entries;
};

/** What was read of entries while they were put together, as long as anybody holds their list. */
const carried = new WeakMap<readonly Bytes[], readonly (SealedEntry | undefined)[]>();

/**
 * Reads entries that came in a run: the same answers as `parseEntry` gives, without taking apart and hashing once more what was
 * just put together. Nobody has changed the list or the bytes in between.
 */
export const parseCarried = (entries: readonly Bytes[]): readonly ReturnType<typeof parseEntry>[] => {
  const read = carried.get(entries);
  return entries.map((bytes, at) => {
    const entry = read?.[at];
    return entry === undefined ? parseEntry(bytes) : ok({ kind: "entry", entry });
  });
};

const putWhole = (page: Page, entry: Bytes): void => {
  putNumber(page, isWhole, 1);
  putNumber(page, entry.length, lengthBytes);
  put(page, entry);
};

/** False, and nothing written, for an entry that a compact item cannot say. */
const putItem = (page: Page, { parts, headerBytes }: Split, soFar: RunSoFar, name: Bytes | undefined): boolean => {
  const known = soFar.writers.findIndex((writer) => isBy(parts, writer));
  const place = known < 0 ? soFar.writers.length : known;
  const isFirstCounter = (parts.previous === undefined) === (parts.counter === 1);
  if (place >= writersPerRunMax || !isFirstCounter) return false;
  const control = linkMode(parts.control, soFar.before?.parts.control, soFar.lastControl);
  const organisation = linkMode(parts.organisationHead, soFar.before?.parts.organisationHead, undefined);
  const previous = previousMode(parts, soFar.writers[place]?.last);
  putNumber(page, flagsOf(parts), 1);
  putNumber(page, (control << 6) | (organisation << 4) | (previous << 2), 1);
  putNumber(page, place, 1);
  if (known < 0) put(page, parts.author);
  if (known < 0) put(page, parts.device);
  if (control === linkModes.given && parts.control !== undefined) put(page, parts.control);
  if (organisation === linkModes.given && parts.organisationHead !== undefined) put(page, parts.organisationHead);
  if (previous === previousModes.given && parts.previous !== undefined) {
    put(page, parts.previous);
    putNumber(page, parts.counter, counterBytes);
  }
  putParents(page, parts.parents, soFar.writers);
  put(page, parts.nonce);
  if (parts.keyCommitment !== undefined) put(page, parts.keyCommitment);
  if (!parts.isHusk) putNumber(page, parts.body.length, lengthBytes);
  put(page, parts.body);
  put(page, parts.signature);
  remember(soFar, place, { parts, headerBytes, hash: name, read: undefined });
  return true;
};

const isBy = ({ author, device }: EntryParts, writer: Writer): boolean =>
  isSame(author, writer.author) && isSame(device, writer.device);

const flagsOf = (parts: EntryParts): number =>
  flags.compact |
  (parts.isControl ? flags.control : 0) |
  (parts.isCase ? flags.case : 0) |
  (parts.isHusk ? flags.husk : 0) |
  (parts.keyCommitment === undefined ? 0 : flags.commitment) |
  (parts.parents.length === 0 ? 0 : flags.parents);

const linkMode = (link: Bytes | undefined, before: Bytes | undefined, inRun: Seen | undefined): number => {
  if (isSame(link, before)) return linkModes.asBefore;
  if (link === undefined) return linkModes.none;
  return inRun !== undefined && isSame(link, hashOf(inRun)) ? linkModes.inRun : linkModes.given;
};

const previousMode = ({ previous, counter }: EntryParts, last: Seen | undefined): number => {
  if (previous === undefined) return previousModes.none;
  const isNext = last !== undefined && last.parts.counter + 1 === counter;
  return isNext && isSame(previous, hashOf(last)) ? previousModes.inRun : previousModes.given;
};

const putParents = (page: Page, parents: readonly Bytes[], writers: readonly Writer[]): void => {
  if (parents.length > 0) putNumber(page, parents.length, 1);
  for (const parent of parents) {
    const place = writers.findIndex(({ last }) => isSame(parent, hashOf(last)));
    putNumber(page, place < 0 ? parentGiven : place, 1);
    if (place < 0) put(page, parent);
  }
};

const hashOf = (seen: Seen): Bytes => {
  seen.hash ??= hashOfParts(seen.parts, seen.headerBytes);
  return seen.hash;
};

const remember = (soFar: RunSoFar, place: number, seen: Seen): void => {
  soFar.before = seen;
  if (seen.parts.isControl) soFar.lastControl = seen;
  const writer = soFar.writers[place];
  if (writer === undefined) soFar.writers.push({ author: seen.parts.author, device: seen.parts.device, last: seen });
  else writer.last = seen;
};

type Taken = { readonly entry: Bytes; readonly read: SealedEntry | undefined };

const takeItem = (cursor: Cursor, logId: Bytes, soFar: RunSoFar, page: Page | undefined): Taken | undefined => {
  const first = takeNumber(cursor, 1);
  if (first === isWhole) {
    const length = takeNumber(cursor, lengthBytes);
    return length > entryBytesMax ? undefined : { entry: take(cursor, length).slice(), read: undefined };
  }
  if ((first & flags.compact) === 0 || (first & ~flagsKnown) !== 0) return undefined;
  const modes = takeNumber(cursor, 1);
  const place = takeNumber(cursor, 1);
  if ((modes & 3) !== 0 || place > soFar.writers.length || place >= writersPerRunMax) return undefined;
  const parts = takeParts(cursor, { logId, first, modes, place }, soFar);
  const joined = joinEntry(parts, page);
  if (joined.entry.length > entryBytesMax) return undefined;
  const read = entryOfParts(parts, joined, soFar.before?.read);
  remember(soFar, place, { parts, headerBytes: joined.headerBytes, hash: read?.name, read });
  return { entry: joined.entry, read: read?.entry };
};

type ItemStart = { readonly logId: Bytes; readonly first: number; readonly modes: number; readonly place: number };

const takeParts = (cursor: Cursor, { logId, first, modes, place }: ItemStart, soFar: RunSoFar): EntryParts => {
  const has = (bit: number): boolean => (first & bit) !== 0;
  const writer = soFar.writers[place];
  const author = writer?.author ?? take(cursor, hashBytes);
  const device = writer?.device ?? take(cursor, deviceIdBytes);
  const before = soFar.before?.parts;
  const control = takeLink(cursor, modes >> 6, before?.control, soFar.lastControl);
  const organisationHead = takeLink(cursor, (modes >> 4) & 3, before?.organisationHead, undefined);
  const { previous, counter } = takePrevious(cursor, (modes >> 2) & 3, writer?.last);
  const parents = has(flags.parents) ? takeParents(cursor, soFar.writers) : [];
  const nonce = take(cursor, nonceBytes);
  const keyCommitment = has(flags.commitment) ? take(cursor, hashBytes) : undefined;
  const isHusk = has(flags.husk);
  const body = take(cursor, isHusk ? hashBytes : takeNumber(cursor, lengthBytes));
  const signature = take(cursor, signatureBytes);
  return {
    isControl: has(flags.control),
    isCase: has(flags.case),
    logId,
    control,
    organisationHead,
    author,
    device,
    counter,
    previous,
    parents,
    nonce,
    keyCommitment,
    isHusk,
    body,
    signature,
  };
};

const takeLink = (
  cursor: Cursor,
  mode: number,
  before: Bytes | undefined,
  inRun: Seen | undefined,
): Bytes | undefined => {
  if (mode === linkModes.asBefore) return before;
  if (mode === linkModes.given) return take(cursor, hashBytes);
  if (mode === linkModes.none) return undefined;
  if (inRun !== undefined) return hashOf(inRun);
  fail(cursor);
  return undefined;
};

type Place = Pick<EntryParts, "previous" | "counter">;

const takePrevious = (cursor: Cursor, mode: number, last: Seen | undefined): Place => {
  if (mode === previousModes.none) return { previous: undefined, counter: 1 };
  if (mode === previousModes.given)
    return { previous: take(cursor, hashBytes), counter: takeNumber(cursor, counterBytes) };
  const counter = (last?.parts.counter ?? counterMax) + 1;
  if (mode !== previousModes.inRun || last === undefined || counter > counterMax) {
    fail(cursor);
    return { previous: undefined, counter: 1 };
  }
  return { previous: hashOf(last), counter };
};

const takeParents = (cursor: Cursor, writers: readonly Writer[]): readonly Bytes[] => {
  const count = takeNumber(cursor, 1);
  if (count === 0 || count > parentsMax) fail(cursor);
  return cursor.hasFailed ? [] : Array.from({ length: count }, () => takeParent(cursor, writers));
};

const takeParent = (cursor: Cursor, writers: readonly Writer[]): Bytes => {
  const place = takeNumber(cursor, 1);
  if (place === parentGiven) return take(cursor, hashBytes);
  const writer = writers[place];
  if (writer !== undefined) return hashOf(writer.last);
  fail(cursor);
  return new Uint8Array();
};
