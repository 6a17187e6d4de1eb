/**
 * Reads the control line of a case in its one order: which epochs have begun with authority, what was adopted or left unread,
 * what two people erased, and whose control entries had no say.
 */

import {
  hashesPerListMax,
  linksOf,
  pastOf,
  type Bytes,
  type EntryHash,
  type History,
  type KeyId,
  type Review,
  type SealedEntry,
} from "@amana/log";
import type { Body } from "../body.ts";
import {
  presentPersonOf,
  type Organisation,
  type Person,
  type PersonId,
  type Role,
} from "../organisation/organisation.ts";
import { areTwoPersons } from "../organisation/two-persons.ts";
import type { Deflate } from "../ports.ts";
import { contentOf, organisationSeen, type CaseSource } from "./content.ts";
import { beginEpoch, mayPassOver, removedIn, replacedIn, type Epoch } from "./epochs.ts";
import { readCaseControlEvent, type CaseControlEvent, type EpochBegun } from "./events.ts";
import { isWrittenMeanwhile } from "./meanwhile.ts";
import { newestFirst, toNewestFirst, type NewestFirst } from "./newest-first.ts";

export type Control = {
  readonly epochs: readonly Epoch[];
  /** By control entry, the epoch that holds from it on. */
  readonly epochFrom: ReadonlyMap<EntryHash, Epoch>;
  /** By control entry, those up to it that this device cannot read, that may have begun an epoch, and that nobody had passed over. */
  readonly unreadUnder: ReadonlyMap<EntryHash, NewestFirst<EntryHash>>;
  /** The same at the end of the line, in its order. */
  readonly unread: readonly EntryHash[];
  /** By control entry, the keys begun meanwhile up to it, and the one before them: others wrote under any of them. */
  readonly keysMeanwhileFrom: ReadonlyMap<EntryHash, NewestFirst<Bytes>>;
  /** Of those that cannot be read here, what the writer of a later epoch could not read either, and says so. */
  readonly passedOver: ReadonlySet<EntryHash>;
  readonly adopted: ReadonlySet<EntryHash>;
  readonly leftUnread: ReadonlySet<EntryHash>;
  readonly erased: ReadonlySet<EntryHash>;
  readonly withoutAuthority: ReadonlySet<EntryHash>;
  /** Filled when it is first asked for: the same past serves many entries. */
  readonly acceptedByEpoch: Map<EntryHash, Accepted>;
};

type Accepted = {
  readonly past: ReadonlySet<EntryHash>;
  /** Nothing of a newer version stands in it, which would lead to more that this device cannot follow, and all had room. */
  readonly isWhole: boolean;
};

/** While the line is read: what grows with each of its entries. */
type Line = {
  readonly epochs: Epoch[];
  readonly epochFrom: Map<EntryHash, Epoch>;
  readonly unreadUnder: Map<EntryHash, NewestFirst<EntryHash>>;
  unread: NewestFirst<EntryHash>;
  readonly keysMeanwhileFrom: Map<EntryHash, NewestFirst<Bytes>>;
  keysMeanwhile: NewestFirst<Bytes>;
  readonly passedOver: Set<EntryHash>;
  readonly adopted: Set<EntryHash>;
  readonly leftUnread: Set<EntryHash>;
  readonly erased: Set<EntryHash>;
  readonly withoutAuthority: Set<EntryHash>;
  readonly acceptedByEpoch: Map<EntryHash, Accepted>;
  readonly erasuresProposed: Map<EntryHash, { readonly entries: readonly EntryHash[]; readonly by: PersonId }>;
  /** By confirmation of a shredding, who confirmed it. */
  readonly shreddings: Map<EntryHash, PersonId>;
};

export const readControlLine = async (
  source: CaseSource,
  history: History,
  reviewed: Review,
  deflate: Deflate,
): Promise<Control> => {
  const line = nothingRead();
  const counted = new Set(reviewed.counted);
  for (const hash of reviewed.controlLine) {
    const entry = history.held.get(hash)?.entry;
    if (entry !== undefined && counted.has(hash)) await readControl(line, { source, history }, entry, deflate);
    else if (entry !== undefined && reviewed.ofNobody.has(hash)) keepKeyMeanwhile(line, source, entry);
    const epoch = line.epochs.at(-1);
    if (epoch !== undefined) line.epochFrom.set(hash, epoch);
    if (line.unread !== undefined) line.unreadUnder.set(hash, line.unread);
    if (line.keysMeanwhile !== undefined) line.keysMeanwhileFrom.set(hash, line.keysMeanwhile);
  }
  return { ...line, unread: unreadInOrder(line) };
};

const nothingRead = (): Line => ({
  epochs: [],
  epochFrom: new Map(),
  unreadUnder: new Map(),
  unread: undefined,
  keysMeanwhileFrom: new Map(),
  keysMeanwhile: undefined,
  passedOver: new Set(),
  adopted: new Set(),
  leftUnread: new Set(),
  erased: new Set(),
  withoutAuthority: new Set(),
  acceptedByEpoch: new Map(),
  erasuresProposed: new Map(),
  shreddings: new Map(),
});

const unreadInOrder = ({ unread }: Line): readonly EntryHash[] => [...newestFirst(unread)].reverse();

/** A key that an entry began meanwhile, whether or not it counts; below the first, the one that stood then. */
const keepKeyMeanwhile = (line: Line, { organisation }: CaseSource, { header }: SealedEntry): void => {
  const { keyCommitment } = header;
  if (keyCommitment === undefined || !isWrittenMeanwhile(organisation, header)) return;
  line.keysMeanwhile = { newest: keyCommitment, before: line.keysMeanwhile ?? keyThatStands(line) };
};

const keyThatStands = ({ epochs }: Line): NewestFirst<Bytes> => {
  const epoch = epochs.at(-1);
  return epoch && { newest: epoch.keyCommitment, before: undefined };
};

const readControl = async (line: Line, ground: Ground, entry: SealedEntry, deflate: Deflate): Promise<void> => {
  const { hash, header } = entry;
  const under = {
    keyCommitment: line.epochs.at(-1)?.keyCommitment,
    isCertain: line.unread === undefined,
    keysMeanwhile: line.keysMeanwhile,
  };
  const content = await contentOf(entry, under, ground.source, deflate);
  // Before it is judged: whoever could not read the organisation meanwhile went on under the key before.
  keepKeyMeanwhile(line, ground.source, entry);
  // What this device cannot read is not judged; what it can read and does not count is shown.
  if (content.kind === "body") {
    if (!takeControl(line, ground, entry, content.body)) line.withoutAuthority.add(hash);
  } else if (header.keyCommitment !== undefined) line.unread = { newest: hash, before: line.unread };
};

type Ground = { readonly source: CaseSource; readonly history: History };

/** Whether the entry counts. All its events count or none does. */
const takeControl = (line: Line, ground: Ground, entry: SealedEntry, body: Body): boolean => {
  const seen = organisationSeen(ground.source.organisation, ground.history, entry);
  const events = body.events.map(readCaseControlEvent).filter((event) => event !== undefined);
  const by = seen === undefined ? undefined : presentPersonOf(seen, entry.header.author);
  if (seen === undefined || by === undefined || events.length !== body.events.length) return false;
  const [only] = events;
  // A control entry of a case holds one event: what it changes must be plain to see.
  if (only === undefined || events.length > 1) return false;
  return only.type === "EpochBegun"
    ? takeEpoch(line, { ...ground, seen }, entry, only, by)
    : takeAct(line, { ...ground, seen }, entry, only, by);
};

/** With the organisation that an entry's author had seen. */
type GroundSeen = Ground & { readonly seen: Organisation };

const takeEpoch = (
  line: Line,
  { source, seen }: GroundSeen,
  entry: SealedEntry,
  event: EpochBegun,
  by: Person,
): boolean => {
  const before = line.epochs.at(-1);
  const isMeanwhile = isWrittenMeanwhile(source.organisation, entry.header);
  const epoch = beginEpoch(entry, event, { organisation: seen, before, isMeanwhile });
  if (epoch === undefined) return false;
  // Whom the unread one took out could begin another with the server's help: it stays unread, until its key comes or it is passed over.
  if (event.over !== undefined && mayPassOver(by, seen, before)) passOver(line, new Set(event.over));
  // From here on no other key is held to stand: it was begun knowing what was taken back, or before any of that.
  if (!isMeanwhile) line.keysMeanwhile = undefined;
  line.epochs.push(epoch);
  return true;
};

const passOver = (line: Line, over: ReadonlySet<EntryHash>): void => {
  const unread = unreadInOrder(line);
  for (const hash of unread) if (over.has(hash)) line.passedOver.add(hash);
  line.unread = toNewestFirst(unread.filter((hash) => !over.has(hash)));
};

const takeAct = (
  line: Line,
  { history, seen }: GroundSeen,
  entry: SealedEntry,
  event: Exclude<CaseControlEvent, { type: "EpochBegun" }>,
  by: Person,
): boolean => {
  const isOpener = line.epochs.at(-1)?.openers.has(by.id) ?? false;
  // Only what tells of a shredding is sealed under a key of its own, and begins nothing.
  const isUnderOwnKey = entry.header.keyCommitment !== undefined;
  if (!isOpener || isUnderOwnKey !== (event.type === "ShreddingTold")) return false;
  if (event.type === "ShreddingTold") return line.shreddings.get(event.confirmation) === by.id;
  if (event.type === "Adopted") {
    for (const hash of event.entries) line.adopted.add(hash);
  } else if (event.type === "LeftUnread") {
    const isOwn = (hash: EntryHash): boolean => authorOf(history, seen, hash) === by.id;
    if (!by.roles.has("supervisor") || event.entries.some(isOwn)) return false;
    for (const hash of event.entries) line.leftUnread.add(hash);
  } else if (event.type === "ErasureProposed") {
    line.erasuresProposed.set(entry.hash, { entries: event.entries, by: by.id });
  } else {
    const proposed = line.erasuresProposed.get(event.proposal);
    if (proposed === undefined || !areTwoPersons(seen, proposed.by, by.id)) return false;
    for (const hash of proposed.entries) line.erased.add(hash);
    if (proposed.entries.length === 0) line.shreddings.set(entry.hash, by.id);
  }
  return true;
};

/** Nothing of an entry that is not here, or whose header is of a later version. */
const authorOf = (history: History, seen: Organisation, hash: EntryHash): PersonId | undefined => {
  const author = history.held.get(hash)?.entry.header.author;
  return author === undefined ? undefined : seen.personByKeyEver.get(author)?.person;
};

/** What the writer of an epoch had accepted, with everything before it. */
const acceptedBy = (history: History, control: Control, epoch: Epoch): Accepted => {
  const known = control.acceptedByEpoch.get(epoch.entry);
  if (known !== undefined) return known;
  const { past, isWhole } = acceptedFrom(history, [epoch.entry, ...epoch.cut]);
  // A cut that is full may have had no room for more: whoever is taken out could have seen to that.
  const accepted = { past, isWhole: isWhole && epoch.cut.length < hashesPerListMax };
  control.acceptedByEpoch.set(epoch.entry, accepted);
  return accepted;
};

const acceptedFrom = (history: History, hashes: readonly EntryHash[]): Accepted => {
  const past = pastOf(history, hashes);
  const isNewer = (hash: EntryHash): boolean => history.newer.has(hash);
  const leadsOn = (hash: EntryHash): boolean => {
    const entry = history.held.get(hash)?.entry;
    return entry !== undefined && linksOf(entry).some(isNewer);
  };
  // Nearly always there is nothing newer at all.
  const isWhole = history.newer.size === 0 || !(hashes.some(isNewer) || [...past].some(leadsOn));
  return { past, isWhole };
};

/** In doubt is what may have been accepted for all that this device can follow. */
type Beyond = { readonly setAside: ReadonlySet<EntryHash>; readonly inDoubt: ReadonlySet<EntryHash> };

/**
 * What nobody had accepted when its author was left out, or when the key it is signed with had been replaced, unless it
 * was adopted since. A lost phone writes nothing more in its owner's name.
 */
export const beyondCuts = (organisation: Organisation, history: History, control: Control): Beyond => {
  const setAside = new Set<EntryHash>();
  const inDoubt = new Set<EntryHash>();
  const leftOut = leftOutIn(organisation, history, control);
  const adopted = acceptedFrom(history, [...control.adopted]);
  for (const { entry } of history.held.values()) {
    const epoch = leftOut.get(entry.header.author);
    if (epoch === undefined || control.epochFrom.has(entry.hash) || adopted.past.has(entry.hash)) continue;
    const accepted = acceptedBy(history, control, epoch);
    if (accepted.past.has(entry.hash)) continue;
    setAside.add(entry.hash);
    if (!accepted.isWhole || !adopted.isWhole) inDoubt.add(entry.hash);
  }
  return { setAside, inDoubt };
};

/** By identity key, the epoch that left its owner out, or the first whose writer knew that the key had been replaced. */
const leftOutIn = (
  { personByKeyEver }: Organisation,
  { held }: History,
  { epochs }: Control,
): ReadonlyMap<KeyId, Epoch> => {
  const removed = removedIn(epochs);
  const authors = new Set([...held.values()].map(({ entry }) => entry.header.author));
  const leftOut = new Map<KeyId, Epoch>();
  for (const author of authors) {
    const person = personByKeyEver.get(author)?.person;
    const epoch = person && (removed.get(person) ?? replacedIn(epochs, author, person));
    if (epoch !== undefined) leftOut.set(author, epoch);
  }
  return leftOut;
};

/**
 * The roles an author has for an entry: those of the organisation they had seen, less those they had lost when a later
 * epoch began that had not accepted the entry. Otherwise someone could stay offline in a time when they had more say.
 *
 * Adopting brings back what was said, never more say: anybody who reads the case adopts, also what is their own.
 */
export const rolesFor = (
  history: History,
  control: Control,
  entry: SealedEntry,
  epoch: Epoch,
  person: Person,
): Person["roles"] => {
  const later = control.epochs.slice(control.epochs.indexOf(epoch) + 1);
  return later.reduce<Person["roles"]>((roles, each) => {
    const then = each.organisation.people.get(person.id);
    const kept = [...roles].filter((role) => then !== undefined && isStill(then, role));
    // What an epoch had accepted is asked only where it matters: it is as much as the case, for each of them.
    const isKept = kept.length === roles.size || acceptedBy(history, control, each).past.has(entry.hash);
    return isKept ? roles : new Set(kept);
  }, person.roles);
};

/** Who has left watches over nothing. What else they did, and somebody adopts, stays what it was. */
const isStill = ({ roles, hasLeft }: Person, role: Role): boolean =>
  roles.has(role) && !(hasLeft && role === "supervisor");
