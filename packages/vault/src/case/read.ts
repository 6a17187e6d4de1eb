/**
 * Reads a case log: whose word each entry is, who had a say in it, which epoch it belongs to, what is set aside and
 * what was erased, and opens what this device has keys for. What the entries mean is `casefile`'s question.
 *
 * Who did it comes from the envelope. What does not count is kept and marked, and changes nothing.
 */

import {
  addEntries,
  emptyHistory,
  review,
  type EntryHash,
  type Header,
  type History,
  type Review,
  type SealedEntry,
} from "@amana/log";
import { inBatches } from "../batches.ts";
import { presentPersonOf, type Person, type PersonId } from "../organisation/organisation.ts";
import type { Deflate } from "../ports.ts";
import { contentOf, organisationSeen, placeOf, type CaseSource, type EntryContent } from "./content.ts";
import { beyondCuts, readControlLine, rolesFor, type Control } from "./control.ts";
import type { Epoch } from "./epochs.ts";
import { ofNobodyIn, takenBackIn } from "./meanwhile.ts";
import { newestFirst } from "./newest-first.ts";
import { keysTold } from "./shredding.ts";
import { arrivalsOf } from "./verify.ts";

/** What `evolve` is told of an entry's author: the person, with the roles they had in the organisation they had seen. */
export type By = { readonly person: PersonId; readonly roles: Person["roles"] };

export type CaseEntry = {
  readonly hash: EntryHash;
  readonly header: Header;
  /** Nothing when its author had no say here: the entry is shown as without authority and changes nothing. */
  readonly by: By | undefined;
  readonly content: EntryContent;
};

export type CaseReading = {
  /** What counts, in causal order. */
  readonly entries: readonly CaseEntry[];
  /**
   * Contents of a device that signed one counter twice, and those of which this device cannot tell whether they lie beyond a cut, in
   * causal order. They change nothing but by what is careful in them (`casefile`).
   */
  readonly aside: readonly CaseEntry[];
  readonly epochs: readonly Epoch[];
  readonly review: Review;
  readonly history: History;
  /** Control entries whose author had no say. */
  readonly withoutAuthority: readonly EntryHash[];
  readonly erased: ReadonlySet<EntryHash>;
  /** They name an organisation that this device has not been given: it is behind, or the server shows it a stale one. */
  readonly organisationMissing: readonly EntryHash[];
  /** Control entries that cannot be read here, may have begun an epoch, and were not passed over: nothing is sealed meanwhile. */
  readonly unreadEpochs: readonly EntryHash[];
  /** Of those before, what the writer of a later epoch could not read either, and says so. */
  readonly passedOver: ReadonlySet<EntryHash>;
  /** Nothing waits for these, though they cannot be read here: a supervisor has said so. */
  readonly leftUnread: ReadonlySet<EntryHash>;
  /**
   * Written while the organisation stood as what two persons have passed over since had left it, by somebody who has no say in it as
   * it goes on: it changes nothing, and is there to be read and written anew. It may be a no, so it holds up until a supervisor leaves it.
   */
  readonly takenBack: readonly EntryHash[];
  /** What cannot be read here and has not been left unread: entries, and the names of some that are missing. */
  readonly heldUpBy: readonly EntryHash[];
  /**
   * While it is true this device cannot know all that was decided: acts that rest on consent, access or risk
   * are closed until it has caught up. Reading stays open.
   */
  readonly mustCatchUp: boolean;
};

export const readCase = async (given: CaseSource, deflate: Deflate): Promise<CaseReading> => {
  const history = addEntries(emptyHistory(given.logId, "case"), await arrivalsOf(given)).history;
  const ofNobody = ofNobodyIn(given.organisation, history);
  const first = review(history, { accepted: given.accepted, ofNobody });
  const source = { ...given, keysTold: await keysTold(given, history, first, deflate) };
  const control = await readControlLine(source, history, first, deflate);
  const beyond = beyondCuts(source.organisation.current, history, control);
  const reviewed = review(history, { accepted: source.accepted, ...beyond, ofNobody });
  const readAll = (hashes: readonly EntryHash[]): Promise<readonly CaseEntry[]> => {
    const held = hashes.map((hash) => history.held.get(hash)?.entry).filter((entry) => entry !== undefined);
    return inBatches(held, (entry) => readEntry(source, entry, control, history, deflate));
  };
  const entries = await readAll(reviewed.counted);
  const aside = await readAll(reviewed.asideInOrder);
  // What is careful in the ones set aside counts as well: one that cannot be read may be a no (docs/formats/entry.md §8).
  const asked = [...entries, ...aside];
  // What nobody has signed closes nothing: else a server could close a case for good with one entry that it made up.
  const organisationMissing = [...history.held.values()]
    .filter(({ entry }) => !reviewed.unauthentic.has(entry.hash))
    .filter(({ entry }) => placeOf(source.organisation.asOf, entry) === undefined)
    .map(({ entry }) => entry.hash);
  const takenBack = takenBackIn(source.organisation, history, reviewed, asked);
  const unread = [
    ...organisationMissing,
    ...takenBack,
    ...reviewed.newer,
    ...reviewed.missing,
    ...asked.filter((entry) => isUnread(entry, history, control)).map(({ hash }) => hash),
  ];
  const heldUpBy = [...new Set(unread)].filter((hash) => !control.leftUnread.has(hash));
  return {
    entries,
    aside,
    epochs: control.epochs,
    review: reviewed,
    history,
    withoutAuthority: [...control.withoutAuthority],
    erased: control.erased,
    organisationMissing,
    unreadEpochs: control.unread,
    passedOver: control.passedOver,
    leftUnread: control.leftUnread,
    takenBack,
    heldUpBy,
    mustCatchUp: source.organisation.unreadable.length > 0 || reviewed.forks.length > 0 || heldUpBy.length > 0,
  };
};

const isUnread = ({ hash, header, content }: CaseEntry, history: History, control: Control): boolean => {
  if (content.kind === "damaged") return isHusk(history, hash);
  return content.kind === "no-key" && !isByMakerOfKeyless({ hash, header }, history, control);
};

/** Whoever begins an epoch and keeps its key to themselves writes under it for nobody, once others have passed it over. */
const isByMakerOfKeyless = (
  { hash, header }: Pick<CaseEntry, "hash" | "header">,
  history: History,
  { unreadUnder, passedOver }: Control,
): boolean => {
  for (const epoch of newestFirst(unreadUnder.get(header.kind === "control" ? hash : (header.control ?? hash))))
    if (passedOver.has(epoch) && history.held.get(epoch)?.entry.header.author === header.author) return true;
  return false;
};

/** A missing body may be had elsewhere. One that its author spoiled is all there will ever be, and holds up nobody. */
const isHusk = (history: History, hash: EntryHash): boolean => history.held.get(hash)?.entry.ciphertext === undefined;

const readEntry = async (
  source: CaseSource,
  entry: SealedEntry,
  control: Control,
  history: History,
  deflate: Deflate,
): Promise<CaseEntry> => {
  const under = entry.header.kind === "control" ? entry.hash : entry.header.control;
  const epoch = under === undefined ? undefined : control.epochFrom.get(under);
  const seen = organisationSeen(source.organisation, history, entry);
  const person = seen === undefined ? undefined : presentPersonOf(seen, entry.header.author);
  const hasSay = !control.withoutAuthority.has(entry.hash) && person !== undefined;
  const by =
    hasSay && epoch?.openers.has(person.id) === true
      ? { person: person.id, roles: rolesFor(history, control, entry, epoch, person) }
      : undefined;
  const underEpoch = {
    keyCommitment: epoch?.keyCommitment,
    isCertain: under === undefined || !control.unreadUnder.has(under),
    keysMeanwhile: under && control.keysMeanwhileFrom.get(under),
  };
  return {
    hash: entry.hash,
    header: entry.header,
    by,
    // Also where a body is still held: two people have decided that nobody reads it.
    content: control.erased.has(entry.hash) ? { kind: "erased" } : await contentOf(entry, underEpoch, source, deflate),
  };
};
