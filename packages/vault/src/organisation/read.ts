/**
 * Reads an organisation log from its root hash on: verifies each author by the keys that the log itself has told so
 * far, opens what this device has keys for, and folds it. The result is the organisation as it was after each
 * entry, because an act is judged by the organisation its author had seen.
 */

import { assert } from "@amana/kernel";
import {
  addEntries,
  emptyHistory,
  review,
  toHex,
  type Bytes,
  type EntryHash,
  type History,
  type KeyId,
  type LogId,
  type Received,
  type Review,
  type SealedEntry,
  type Verdict,
} from "@amana/log";
import type { Body } from "../body.ts";
import type { CaseKey } from "../case-key.ts";
import { open, verifyEntry } from "../seal.ts";
import type { Deflate } from "../ports.ts";
import { readOrganisationEvent, type OrganisationEvent } from "./events.ts";
import { evolveOrganisation, foundOrganisation, withoutAuthority } from "./evolve.ts";
import { isKeeper, noOrganisation, presentPersonOf, type KeyOwner, type Organisation } from "./organisation.ts";
import {
  confirmedIn,
  overIn,
  passingBy,
  type Before,
  type Opened,
  type Passing,
  type Word,
  type Words,
} from "./passing-over.ts";

/** The key of an epoch this device has unwrapped, by the epoch's commitment. */
export type KeyOf = (keyCommitment: Bytes) => CaseKey | undefined;

export type OrganisationReading = {
  readonly current: Organisation;
  /** As it was after each entry of the line, and that entry's place. */
  readonly asOf: ReadonlyMap<EntryHash, { readonly organisation: Organisation; readonly place: number }>;
  readonly review: Review;
  /** The entry that began the log's newest epoch. */
  readonly epochBegunBy: EntryHash | undefined;
  /** Entries this device cannot read: of a newer version, without a key, or damaged. "Update first." */
  readonly unreadable: readonly EntryHash[];
  /** Epochs over one whose key others were not given, that wait for a second person. */
  readonly passings: ReadonlyMap<EntryHash, Passing>;
  /** What counts for nothing because of such an epoch. */
  readonly passedOver: ReadonlySet<EntryHash>;
  /** All of the line from the first of that up to its confirmation: who names one of these acts in the organisation as it was before. */
  readonly writtenMeanwhile: ReadonlySet<EntryHash>;
  /** Identity keys that only what was passed over had brought: they verify what was written meanwhile, and give no say. */
  readonly keysPassedOver: ReadonlyMap<KeyId, KeyOwner>;
};

export type OrganisationSource = {
  readonly logId: LogId;
  /** The root of trust, from the invitation. */
  readonly root: EntryHash;
  readonly entries: readonly Received[];
  readonly keyOf: KeyOf;
  /** The last entry this device had accepted before. */
  readonly accepted?: EntryHash | undefined;
  /** Entries whose signature this device itself has verified before: the hash covers all that a signature says. */
  readonly verifiedBefore?: ReadonlySet<EntryHash>;
};

export const readOrganisation = async (source: OrganisationSource, deflate: Deflate): Promise<OrganisationReading> => {
  const bodies: Bodies = new Map();
  const checked: Checked = new Map();
  for (;;) {
    const history = historyOf(source, checked);
    const reading = await fold(history, source, bodies, deflate);
    // Each round may enrol people whose entries could not be verified before.
    if ((await verifyMore(history, reading, checked)) === 0) return reading;
  }
};

/** By entry and key. */
type Bodies = Map<string, Words | undefined>;

/** By entry and signature: two copies may differ in it, and what is read of both is a copy of its own. */
type Checked = Map<string, Verdict>;

const copyNameOf = ({ hash, signature }: SealedEntry): string => `${hash}${toHex(signature)}`;

const historyOf = (source: OrganisationSource, checked: Checked): History =>
  addEntries(
    emptyHistory(source.logId, "organisation"),
    source.entries.map((received) => {
      // The root is trusted by its hash: whoever was invited was given it by a person.
      const { hash } = received.entry;
      const isKnown = hash === source.root || source.verifiedBefore?.has(hash) === true;
      const known = received.kind === "entry" ? checked.get(copyNameOf(received.entry)) : undefined;
      return { received, verdict: isKnown ? "verified" : (known ?? "unchecked") };
    }),
  ).history;

/** Whose signature it may be; of somebody passed over only where that entry is passed over as well. */
const authorOf = (
  { current, keysPassedOver, passedOver }: OrganisationReading,
  { hash, header: { author } }: SealedEntry,
): KeyOwner | undefined =>
  current.personByKeyEver.get(author) ?? (passedOver.has(hash) ? keysPassedOver.get(author) : undefined);

const verifyMore = async (history: History, reading: OrganisationReading, checked: Checked): Promise<number> => {
  let count = 0;
  for (const { entry, verdict } of history.held.values()) {
    const author = authorOf(reading, entry);
    if (verdict !== "unchecked" || checked.has(copyNameOf(entry)) || author === undefined) continue;
    checked.set(copyNameOf(entry), (await verifyEntry(entry, author.key)) ? "verified" : "refused");
    count++;
  }
  return count;
};

/** While the line is read: what grows with each of its entries. */
type Line = {
  organisation: Organisation;
  epoch: Bytes | undefined;
  epochBegunBy: EntryHash | undefined;
  unreadable: readonly EntryHash[];
  readonly asOf: Map<EntryHash, { readonly organisation: Organisation; readonly place: number }>;
  /** By entry that bears a keyCommitment, what stood before it. */
  readonly befores: Map<EntryHash, Before>;
  readonly passings: Map<EntryHash, Passing>;
  readonly passedOver: Set<EntryHash>;
  readonly writtenMeanwhile: Set<EntryHash>;
  readonly keysPassedOver: Map<KeyId, KeyOwner>;
  /** As far as it has been read. */
  readonly entries: SealedEntry[];
  readonly counted: ReadonlySet<EntryHash>;
  readonly words: Set<EntryHash>;
};

const fold = async (
  history: History,
  source: OrganisationSource,
  bodies: Bodies,
  deflate: Deflate,
): Promise<OrganisationReading> => {
  const reviewed = review(history, { accepted: source.accepted });
  const line: Line = {
    organisation: noOrganisation,
    epoch: undefined,
    epochBegunBy: undefined,
    unreadable: [...reviewed.newer],
    asOf: new Map(),
    befores: new Map(),
    passings: new Map(),
    passedOver: new Set(),
    writtenMeanwhile: new Set(),
    keysPassedOver: new Map(),
    entries: [],
    counted: new Set(reviewed.counted),
    words: new Set(),
  };
  const opened: Opened = (entry, keyCommitment) => wordsOf(entry, keyCommitment, source.keyOf, bodies, deflate);
  // A line that does not begin with the root is another organisation's.
  for (const hash of reviewed.controlLine[0] === source.root ? reviewed.controlLine : []) {
    const entry = history.held.get(hash)?.entry;
    assert(entry !== undefined, "The line holds an entry that is not held.");
    const place = line.entries.length;
    line.entries.push(entry);
    if (line.counted.has(hash)) await take(line, entry, source.keyOf, opened);
    line.asOf.set(hash, { organisation: line.organisation, place });
  }
  return {
    current: line.organisation,
    asOf: line.asOf,
    review: reviewed,
    epochBegunBy: line.epochBegunBy,
    unreadable: line.unreadable,
    passings: line.passings,
    passedOver: line.passedOver,
    writtenMeanwhile: line.writtenMeanwhile,
    keysPassedOver: line.keysPassedOver,
  };
};

const take = async (line: Line, entry: SealedEntry, keyOf: KeyOf, opened: Opened): Promise<void> => {
  const { hash, header } = entry;
  const begins = header.keyCommitment;
  const over = begins === undefined ? undefined : overIn(await opened(entry, begins));
  const word = begins === undefined ? await confirmedIn(entry, line.passings.values(), line, opened) : undefined;
  if (over !== undefined) takePassing(line, passingBy(entry, over, line.befores, line), hash);
  else if (word !== undefined) takeWord(line, word, hash);
  else await takeActs(line, entry, keyOf, opened);
};

const takeActs = async (line: Line, entry: SealedEntry, keyOf: KeyOf, opened: Opened): Promise<void> => {
  const { hash, header } = entry;
  const begins = header.keyCommitment;
  const before = line.organisation;
  if (begins !== undefined && header.control !== undefined)
    line.befores.set(hash, { organisation: before, place: line.entries.length - 1, unreadable: line.unreadable });
  const isCertain = line.unreadable.length === 0;
  const standing = { organisation: before, keyCommitment: begins ?? line.epoch, isCertain };
  const said = await saidIn(entry, standing, keyOf, opened);
  if (said === "unreadable") line.unreadable = [...line.unreadable, hash];
  line.organisation = afterwards(before, entry, said);
  // An epoch begins only by someone with authority; a worthless commitment changes no key.
  const hasCounted = line.organisation.withoutAuthority.length === before.withoutAuthority.length;
  if (begins === undefined || !hasCounted) return;
  line.epoch = begins;
  line.epochBegunBy = hash;
};

/** Until somebody confirms it, it changes nothing but that it is shown. */
const takePassing = (line: Line, passing: ReturnType<typeof passingBy>, hash: EntryHash): void => {
  if (passing === undefined) line.organisation = withoutAuthority(line.organisation, hash);
  else if (passing.isAlone) passOver(line, passing, passing.organisation, hash);
  else keepWaiting(line, passing);
};

const takeWord = (line: Line, { passing, organisation }: Word, hash: EntryHash): void => {
  line.words.add(hash);
  if (organisation === undefined) line.organisation = withoutAuthority(line.organisation, hash);
  else passOver(line, passing, organisation, hash);
};

const keepWaiting = (line: Line, passing: Passing): void => {
  const hash = passing.entry;
  const before = line.organisation;
  const proposal = passing.organisation.proposals.get(hash);
  assert(proposal !== undefined, "What waits for a second person was not proposed.");
  const proposals = new Map(before.proposals);
  // One of each person: the later takes the place of the earlier, so that nobody makes everything be tried under a thousand keys.
  for (const earlier of line.passings.keys()) {
    if (proposals.get(earlier)?.by !== proposal.by) continue;
    line.passings.delete(earlier);
    proposals.delete(earlier);
  }
  line.passings.set(hash, passing);
  line.organisation = { ...before, proposals: proposals.set(hash, proposal) };
};

/** Everything from the first that is passed over counts for nothing, but for the two entries that say so. */
const passOver = (line: Line, passing: Passing, organisation: Organisation, hash: EntryHash): void => {
  const { place, unreadable } = passing.before;
  const since = line.entries.slice(place).map((entry) => entry.hash);
  const passed = since.filter((each) => each !== hash && each !== passing.entry);
  for (const each of since) if (each !== hash) line.writtenMeanwhile.add(each);
  keepKeys(line, organisation);
  line.organisation = { ...organisation, withoutAuthority: [...organisation.withoutAuthority, ...passed] };
  line.unreadable = unreadable;
  line.epoch = passing.keyCommitment;
  line.epochBegunBy = passing.entry;
  // Whoever acts as of one of these acts in the organisation as it was before them.
  for (const [index, each] of since.entries())
    line.asOf.set(each, { organisation: passing.before.organisation, place: place + index });
  for (const each of passed) {
    line.passedOver.add(each);
    line.befores.delete(each);
    line.passings.delete(each);
  }
  line.passings.delete(passing.entry);
};

/** Of those whom the organisation does not know as it goes on, for whoever had learned them. */
const keepKeys = ({ organisation, keysPassedOver }: Line, { personByKeyEver }: Organisation): void => {
  for (const [keyId, owner] of organisation.personByKeyEver)
    if (!personByKeyEver.has(keyId)) keysPassedOver.set(keyId, owner);
};

type Said = Words | "unreadable" | "worthless";

/** `isCertain`: everything before was read, so that it is known what its author may do and under which key it must be. */
type Standing = {
  readonly organisation: Organisation;
  readonly keyCommitment: Bytes | undefined;
  readonly isCertain: boolean;
};

/**
 * Whoever may write into this log could spoil an entry, or seal it under a key of their own, and hold up everybody for ever. So
 * what its author spoiled is worthless to all who have the key, and so is a key begun by somebody who begins none.
 */
const saidIn = async (
  entry: SealedEntry,
  { organisation, keyCommitment, isCertain }: Standing,
  keyOf: KeyOf,
  opened: Opened,
): Promise<Said> => {
  if (isCertain && isKeyOfNoKeeper(organisation, entry)) return "worthless";
  const words = keyCommitment === undefined ? undefined : await opened(entry, keyCommitment);
  if (words !== undefined) return words;
  const hasKey = keyCommitment !== undefined && keyOf(keyCommitment) !== undefined;
  return isCertain && hasKey && entry.ciphertext !== undefined ? "worthless" : "unreadable";
};

/** The first entry makes its author a keeper. */
const isKeyOfNoKeeper = (organisation: Organisation, { header }: SealedEntry): boolean => {
  const author = presentPersonOf(organisation, header.author);
  const isKeepers = author !== undefined && isKeeper(author);
  return header.keyCommitment !== undefined && header.control !== undefined && !isKeepers;
};

const afterwards = (before: Organisation, entry: SealedEntry, said: Said): Organisation => {
  if (said === "unreadable") return before;
  return said === "worthless" ? withoutAuthority(before, entry.hash) : evolveBy(before, entry, said);
};

/** Nothing when it cannot be opened here; opened once, because rounds repeat. */
const wordsOf = async (
  entry: SealedEntry,
  keyCommitment: Bytes,
  keyOf: KeyOf,
  bodies: Bodies,
  deflate: Deflate,
): Promise<Words | undefined> => {
  const name = `${entry.hash}${toHex(keyCommitment)}`;
  if (!bodies.has(name)) {
    const key = keyOf(keyCommitment);
    const body = key === undefined ? undefined : await open(entry, key, deflate);
    const value = body?.ok === true ? body.value : undefined;
    bodies.set(name, value && { recordedAt: value.recordedAt, events: await readAll(value) });
  }
  return bodies.get(name);
};

const readAll = (body: Body): Promise<readonly (OrganisationEvent | undefined)[]> =>
  Promise.all(body.events.map(readOrganisationEvent));

/** All events of an entry count or none does: one command, one say. */
const evolveBy = (before: Organisation, entry: SealedEntry, { recordedAt, events }: Words): Organisation => {
  const [first] = events;
  if (entry.header.control === undefined) {
    const isFounding = first?.type === "OrganisationFounded" && first.identityKey.keyId === entry.header.author;
    return isFounding ? foundOrganisation(first) : withoutAuthority(before, entry.hash);
  }
  let after = before;
  for (const event of events) {
    // Looked up again after each event: an act may take its author's own say.
    const by = presentPersonOf(after, entry.header.author);
    if (event === undefined || by === undefined) return withoutAuthority(before, entry.hash);
    after = evolveOrganisation(after, { hash: entry.hash, event, by, recordedAt });
    if (after.withoutAuthority.length > before.withoutAuthority.length) return withoutAuthority(before, entry.hash);
  }
  return after;
};
