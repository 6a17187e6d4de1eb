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
import { contentMeanwhile, organisationSeen, type CaseSource } from "./content.ts";
import { beginEpoch, mayPassOver, removedIn, replacedIn, type Epoch, type EpochGround } from "./epochs.ts";
import { readCaseControlEvent, type CaseControlEvent, type EpochBegun } from "./events.ts";
import { isWrittenMeanwhile } from "./meanwhile.ts";

export type Control = {
  readonly epochs: readonly Epoch[];
  /** By control entry, the epoch that holds from it on. */
  readonly epochFrom: ReadonlyMap<EntryHash, Epoch>;
  /** By control entry, those up to it that this device cannot read, that may have begun an epoch, and that nobody has passed over. */
  readonly unreadUnder: ReadonlyMap<EntryHash, readonly EntryHash[]>;
  /** By control entry, keys that were begun meanwhile, the newest first, and the one before them: others wrote under any of them. */
  readonly keysMeanwhileFrom: ReadonlyMap<EntryHash, readonly Bytes[]>;
  /** The same at the end of the line. */
  readonly unread: readonly EntryHash[];
  /** Of those that cannot be read here, what the writer of a later epoch could not read either, and says so. */
  readonly passedOver: ReadonlySet<EntryHash>;
  readonly adopted: ReadonlySet<EntryHash>;
  readonly leftUnread: ReadonlySet<EntryHash>;
  readonly erased: ReadonlySet<EntryHash>;
  readonly withoutAuthority: readonly EntryHash[];
  /** Filled when it is first asked for: the same past serves many entries. */
  readonly acceptedByEpoch: Map<EntryHash, Accepted>;
};

/** `isWhole`: nothing of a newer version stands in it, which would lead to more that this device cannot follow, and all had room. */
type Accepted = { readonly past: ReadonlySet<EntryHash>; readonly isWhole: boolean };

/** While the line is read: what grows with each of its entries. */
type Line = {
  readonly epochs: Epoch[];
  readonly epochFrom: Map<EntryHash, Epoch>;
  readonly unreadUnder: Map<EntryHash, readonly EntryHash[]>;
  readonly keysMeanwhileFrom: Map<EntryHash, readonly Bytes[]>;
  keysMeanwhile: readonly Bytes[];
  unread: readonly EntryHash[];
  readonly passedOver: Set<EntryHash>;
  readonly adopted: Set<EntryHash>;
  readonly leftUnread: Set<EntryHash>;
  readonly erased: Set<EntryHash>;
  readonly withoutAuthority: EntryHash[];
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
  const line: Line = {
    epochs: [],
    epochFrom: new Map(),
    unreadUnder: new Map(),
    keysMeanwhileFrom: new Map(),
    keysMeanwhile: [],
    unread: [],
    passedOver: new Set(),
    adopted: new Set(),
    leftUnread: new Set(),
    erased: new Set(),
    withoutAuthority: [],
    acceptedByEpoch: new Map(),
    erasuresProposed: new Map(),
    shreddings: new Map(),
  };
  const counted = new Set(reviewed.counted);
  for (const hash of reviewed.controlLine) {
    const entry = history.held.get(hash)?.entry;
    if (entry !== undefined && counted.has(hash)) await readControl(line, { source, history }, entry, deflate);
    else if (
      entry !== undefined &&
      reviewed.ofNobody.has(hash) &&
      isWrittenMeanwhile(source.organisation, entry.header)
    )
      keepKeyMeanwhile(line, entry);
    const epoch = line.epochs.at(-1);
    if (epoch !== undefined) line.epochFrom.set(hash, epoch);
    if (line.unread.length > 0) line.unreadUnder.set(hash, line.unread);
    if (line.keysMeanwhile.length > 0) line.keysMeanwhileFrom.set(hash, line.keysMeanwhile);
  }
  return line;
};

const keepKeyMeanwhile = (line: Line, { header: { keyCommitment } }: SealedEntry): void => {
  if (keyCommitment === undefined) return;
  const before = line.epochs.at(-1)?.keyCommitment;
  const known = line.keysMeanwhile.length > 0 || before === undefined ? line.keysMeanwhile : [before];
  line.keysMeanwhile = [keyCommitment, ...known];
};

const readControl = async (line: Line, ground: Ground, entry: SealedEntry, deflate: Deflate): Promise<void> => {
  const { hash, header } = entry;
  const { source } = ground;
  const begins = header.keyCommitment;
  const isMeanwhile = isWrittenMeanwhile(source.organisation, header);
  const keys = {
    keyCommitment: begins ?? line.epochs.at(-1)?.keyCommitment,
    isCertain: line.unread.length === 0,
    meanwhile: begins === undefined && isMeanwhile ? line.keysMeanwhile : [],
  };
  const content = await contentMeanwhile(entry, keys, source, deflate);
  // Before it is judged: whoever could not read the organisation meanwhile went on under the key before.
  if (isMeanwhile) keepKeyMeanwhile(line, entry);
  const epochs = line.epochs.length;
  const hasCounted = content.kind === "body" && takeControl(line, ground, entry, content.body);
  // What this device cannot read is not judged; what it can read and does not count is shown.
  if (content.kind === "body" && !hasCounted) line.withoutAuthority.push(hash);
  if (begins !== undefined && content.kind !== "body") line.unread = [...line.unread, hash];
  if (line.epochs.length > epochs && !isMeanwhile) line.keysMeanwhile = [];
};

type Ground = { readonly source: CaseSource; readonly history: History };

/** Whether the entry counts. All its events count or none does. */
const takeControl = (line: Line, { source, history }: Ground, entry: SealedEntry, body: Body): boolean => {
  const seen = organisationSeen(source.organisation, history, entry);
  const events = body.events.map(readCaseControlEvent).filter((event) => event !== undefined);
  const by = seen === undefined ? undefined : presentPersonOf(seen, entry.header.author);
  if (seen === undefined || by === undefined || events.length !== body.events.length) return false;
  const [only] = events;
  // A control entry of a case holds one event: what it changes must be plain to see.
  if (only === undefined || events.length > 1) return false;
  return only.type === "EpochBegun"
    ? takeEpoch(line, only, beginEpoch(entry, only, epochGround(source, line, entry, seen)), by)
    : takeAct(line, { history, seen }, entry, only, by);
};

const epochGround = (
  { organisation }: CaseSource,
  line: Line,
  { header }: SealedEntry,
  seen: Organisation,
): EpochGround => ({
  organisation: seen,
  before: line.epochs.at(-1),
  isMeanwhile: isWrittenMeanwhile(organisation, header),
});

const takeEpoch = (line: Line, { over = [] }: EpochBegun, epoch: Epoch | undefined, by: Person): boolean => {
  if (epoch === undefined) return false;
  // Whom the unread one took out could begin another with the server's help: it stays unread, until its key comes or it is passed over.
  const passed = mayPassOver(by, epoch.organisation, line.epochs.at(-1)) ? new Set(over) : new Set<EntryHash>();
  for (const hash of line.unread) if (passed.has(hash)) line.passedOver.add(hash);
  line.unread = line.unread.filter((hash) => !passed.has(hash));
  line.epochs.push(epoch);
  return true;
};

const takeAct = (
  line: Line,
  { history, seen }: { readonly history: History; readonly seen: Organisation },
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
  const removed = removedIn(control.epochs);
  const adopted = acceptedFrom(history, [...control.adopted]);
  for (const { entry } of history.held.values()) {
    const { author } = entry.header;
    const person = organisation.personByKeyEver.get(author)?.person;
    if (person === undefined) continue;
    const epoch = removed.get(person) ?? replacedIn(control.epochs, author, person);
    if (epoch === undefined || control.epochFrom.has(entry.hash) || adopted.past.has(entry.hash)) continue;
    const accepted = acceptedBy(history, control, epoch);
    if (accepted.past.has(entry.hash)) continue;
    setAside.add(entry.hash);
    if (!accepted.isWhole || !adopted.isWhole) inDoubt.add(entry.hash);
  }
  return { setAside, inDoubt };
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
  const missed = later.filter((each) => !acceptedBy(history, control, each).past.has(entry.hash));
  return missed.reduce<Person["roles"]>((roles, each) => {
    const then = each.organisation.people.get(person.id);
    return new Set([...roles].filter((role) => then !== undefined && isStill(then, role)));
  }, person.roles);
};

/** Who has left watches over nothing. What else they did, and somebody adopts, stays what it was. */
const isStill = ({ roles, hasLeft }: Person, role: Role): boolean =>
  roles.has(role) && !(hasLeft && role === "supervisor");
