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
import { noOrganisation, presentPersonOf, type Organisation } from "./organisation.ts";

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
    if ((await verifyMore(history, reading.current, checked)) === 0) return reading;
  }
};

type Bodies = Map<EntryHash, readonly (OrganisationEvent | undefined)[] | undefined>;

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

const verifyMore = async (history: History, organisation: Organisation, checked: Checked): Promise<number> => {
  let count = 0;
  for (const { entry, verdict } of history.held.values()) {
    const author = organisation.personByKeyEver.get(entry.header.author);
    if (verdict !== "unchecked" || checked.has(copyNameOf(entry)) || author === undefined) continue;
    checked.set(copyNameOf(entry), (await verifyEntry(entry, author.key)) ? "verified" : "refused");
    count++;
  }
  return count;
};

const fold = async (
  history: History,
  source: OrganisationSource,
  bodies: Bodies,
  deflate: Deflate,
): Promise<OrganisationReading> => {
  const reviewed = review(history, { accepted: source.accepted });
  const asOf = new Map<EntryHash, { organisation: Organisation; place: number }>();
  const unreadable = [...reviewed.newer];
  let organisation = noOrganisation;
  let epoch: Bytes | undefined;
  let epochBegunBy: EntryHash | undefined;
  const counted = new Set(reviewed.counted);
  // A line that does not begin with the root is another organisation's.
  const line = reviewed.controlLine[0] === source.root ? reviewed.controlLine : [];
  for (const [place, hash] of line.entries()) {
    const entry = history.held.get(hash)?.entry;
    assert(entry !== undefined, "The line holds an entry that is not held.");
    const begins = entry.header.keyCommitment;
    const standing = { organisation, keyCommitment: begins ?? epoch, isCertain: unreadable.length === 0 };
    const said = counted.has(hash) ? await saidIn(entry, standing, source.keyOf, bodies, deflate) : [];
    if (said === "unreadable") unreadable.push(hash);
    const after = afterwards(organisation, entry, said);
    // An epoch begins only by someone with authority; a worthless commitment changes no key.
    const hasCounted = after.withoutAuthority.length === organisation.withoutAuthority.length;
    if (begins !== undefined && hasCounted && counted.has(hash)) {
      epoch = begins;
      epochBegunBy = hash;
    }
    organisation = after;
    asOf.set(hash, { organisation, place });
  }
  return { current: organisation, asOf, review: reviewed, epochBegunBy, unreadable };
};

type Said = readonly (OrganisationEvent | undefined)[] | "unreadable" | "worthless";

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
  bodies: Bodies,
  deflate: Deflate,
): Promise<Said> => {
  if (isCertain && isKeyOfNoKeeper(organisation, entry)) return "worthless";
  const events = await eventsOf(entry, keyCommitment, keyOf, bodies, deflate);
  if (events !== undefined) return events;
  const hasKey = keyCommitment !== undefined && keyOf(keyCommitment) !== undefined;
  return isCertain && hasKey && entry.ciphertext !== undefined ? "worthless" : "unreadable";
};

/** Supervisors and administrators alone begin an epoch of this log; the first entry makes its author both. */
const isKeyOfNoKeeper = (organisation: Organisation, { header }: SealedEntry): boolean => {
  const roles = presentPersonOf(organisation, header.author)?.roles;
  const isKeeper = roles?.has("supervisor") === true || roles?.has("administrator") === true;
  return header.keyCommitment !== undefined && header.control !== undefined && !isKeeper;
};

const afterwards = (before: Organisation, entry: SealedEntry, said: Said): Organisation => {
  if (said === "unreadable") return before;
  return said === "worthless" ? withoutAuthority(before, entry.hash) : evolveBy(before, entry, said);
};

/** Nothing when it cannot be opened here; opened once, because rounds repeat. */
const eventsOf = async (
  entry: SealedEntry,
  keyCommitment: Bytes | undefined,
  keyOf: KeyOf,
  bodies: Bodies,
  deflate: Deflate,
): Promise<readonly (OrganisationEvent | undefined)[] | undefined> => {
  const name = `${entry.hash}${keyCommitment === undefined ? "" : toHex(keyCommitment)}` as EntryHash; // Only a key of the map.
  if (!bodies.has(name)) {
    const key = keyCommitment === undefined ? undefined : keyOf(keyCommitment);
    const body = key === undefined ? undefined : await open(entry, key, deflate);
    bodies.set(name, body?.ok === true ? await readAll(body.value) : undefined);
  }
  return bodies.get(name);
};

const readAll = (body: Body): Promise<readonly (OrganisationEvent | undefined)[]> =>
  Promise.all(body.events.map(readOrganisationEvent));

/** All events of an entry count or none does: one command, one say. */
const evolveBy = (
  before: Organisation,
  entry: SealedEntry,
  events: readonly (OrganisationEvent | undefined)[],
): Organisation => {
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
    after = evolveOrganisation(after, { hash: entry.hash, event, by });
    if (after.withoutAuthority.length > before.withoutAuthority.length) return withoutAuthority(before, entry.hash);
  }
  return after;
};
