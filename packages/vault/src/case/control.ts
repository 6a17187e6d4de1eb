/**
 * Reads the control line of a case in its one order: which epochs have begun with authority, what was adopted or left unread,
 * what two people erased, and whose control entries had no say.
 */

import { pastOf, type EntryHash, type History, type Review, type SealedEntry } from "@amana/log";
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

export type Control = {
  readonly epochs: readonly Epoch[];
  /** By control entry, the epoch that holds from it on. */
  readonly epochFrom: ReadonlyMap<EntryHash, Epoch>;
  /** By control entry, those up to it that this device cannot read, that may have begun an epoch, and that nobody has passed over. */
  readonly unreadUnder: ReadonlyMap<EntryHash, readonly EntryHash[]>;
  /** The same at the end of the line. */
  readonly unread: readonly EntryHash[];
  /** Of those that cannot be read here, what the writer of a later epoch could not read either, and says so. */
  readonly passedOver: ReadonlySet<EntryHash>;
  readonly adopted: ReadonlySet<EntryHash>;
  readonly leftUnread: ReadonlySet<EntryHash>;
  readonly erased: ReadonlySet<EntryHash>;
  readonly withoutAuthority: readonly EntryHash[];
  /** Filled when it is first asked for: the same past serves many entries. */
  readonly acceptedByEpoch: Map<EntryHash, ReadonlySet<EntryHash>>;
};

/** While the line is read: what grows with each of its entries. */
type Line = {
  readonly epochs: Epoch[];
  readonly epochFrom: Map<EntryHash, Epoch>;
  readonly unreadUnder: Map<EntryHash, readonly EntryHash[]>;
  unread: readonly EntryHash[];
  readonly passedOver: Set<EntryHash>;
  readonly adopted: Set<EntryHash>;
  readonly leftUnread: Set<EntryHash>;
  readonly erased: Set<EntryHash>;
  readonly withoutAuthority: EntryHash[];
  readonly acceptedByEpoch: Map<EntryHash, ReadonlySet<EntryHash>>;
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
    if (entry !== undefined && counted.has(hash)) {
      const begins = entry.header.keyCommitment;
      const keyCommitment = begins ?? line.epochs.at(-1)?.keyCommitment;
      const isCertain = line.unread.length === 0;
      const content = await contentOf(entry, { keyCommitment, isCertain }, source, deflate);
      const hasCounted = content.kind === "body" && takeControl(line, { source, history }, entry, content.body);
      // What this device cannot read is not judged; what it can read and does not count is shown.
      if (content.kind === "body" && !hasCounted) line.withoutAuthority.push(hash);
      if (begins !== undefined && content.kind !== "body") line.unread = [...line.unread, hash];
    }
    const epoch = line.epochs.at(-1);
    if (epoch !== undefined) line.epochFrom.set(hash, epoch);
    if (line.unread.length > 0) line.unreadUnder.set(hash, line.unread);
  }
  return line;
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
    ? takeEpoch(line, only, beginEpoch(entry, only, seen, line.epochs.at(-1)), by)
    : takeAct(line, { history, seen }, entry, only, by);
};

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
const acceptedBy = (history: History, control: Control, epoch: Epoch): ReadonlySet<EntryHash> => {
  const known = control.acceptedByEpoch.get(epoch.entry);
  if (known !== undefined) return known;
  const accepted = pastOf(history, [epoch.entry, ...epoch.cut]);
  control.acceptedByEpoch.set(epoch.entry, accepted);
  return accepted;
};

/**
 * What nobody had accepted when its author was left out, or when the key it is signed with had been replaced, unless it
 * was adopted since. A lost phone writes nothing more in its owner's name.
 */
export const beyondCuts = (organisation: Organisation, history: History, control: Control): ReadonlySet<EntryHash> => {
  const setAside = new Set<EntryHash>();
  const removed = removedIn(control.epochs);
  const adopted = pastOf(history, [...control.adopted]);
  for (const { entry } of history.held.values()) {
    const { author } = entry.header;
    const person = organisation.personByKeyEver.get(author)?.person;
    if (person === undefined) continue;
    const epoch = removed.get(person) ?? replacedIn(control.epochs, author, person);
    if (epoch === undefined || control.epochFrom.has(entry.hash) || adopted.has(entry.hash)) continue;
    if (!acceptedBy(history, control, epoch).has(entry.hash)) setAside.add(entry.hash);
  }
  return setAside;
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
  const missed = later.filter((each) => !acceptedBy(history, control, each).has(entry.hash));
  return missed.reduce<Person["roles"]>((roles, each) => {
    const then = each.organisation.people.get(person.id);
    return new Set([...roles].filter((role) => then !== undefined && isStill(then, role)));
  }, person.roles);
};

/** Who has left watches over nothing. What else they did, and somebody adopts, stays what it was. */
const isStill = ({ roles, hasLeft }: Person, role: Role): boolean =>
  roles.has(role) && !(hasLeft && role === "supervisor");
