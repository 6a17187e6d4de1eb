/**
 * Going on over an epoch of the organisation's log whose key others were not given. Two persons say so, and from then on that
 * epoch, and all that was written since, count for nothing: for those who were given its key as for everybody else.
 *
 * Whether it counts follows only from the organisation as it was before the epoch, from headers, and from what is sealed under
 * the key of the epoch over it, so it is the same on every device that has that key. Why it is so:
 * docs/decisions/2026-11-22-the-organisation-goes-on-over-an-epoch.md.
 */

import type { Instant } from "@amana/kernel";
import type { Bytes, EntryHash, SealedEntry } from "@amana/log";
import type { EpochBegun } from "../case/events.ts";
import type { OrganisationEvent } from "./events.ts";
import { evolveOrganisation } from "./evolve.ts";
import { isKeeper, presentPersonOf, type Organisation, type PersonId } from "./organisation.ts";

/** What stood before an entry that may have begun an epoch. */
export type Before = {
  readonly organisation: Organisation;
  readonly place: number;
  /** What could not be read until then. */
  readonly unreadable: readonly EntryHash[];
};

/** An epoch over another, while it waits for its second person. */
export type Passing = {
  readonly entry: EntryHash;
  readonly keyCommitment: Bytes;
  /** Before the first that it passes over, and who began that one. */
  readonly before: Before;
  readonly maker: PersonId;
  /** As it was before what is passed over, with this proposal. Whoever confirms is judged by it. */
  readonly organisation: Organisation;
};

/** The line as far as it has been read, and what of it counts by its signature and its place. */
export type Read = {
  readonly entries: readonly SealedEntry[];
  readonly counted: ReadonlySet<EntryHash>;
  /** What somebody has said for one of those that wait: it shows nothing of any other key. */
  readonly words: ReadonlySet<EntryHash>;
};

/** What an entry says, and when by its author's clock. */
export type Words = { readonly recordedAt: Instant; readonly events: readonly (OrganisationEvent | undefined)[] };

/** The words of an entry, as far as the key of this commitment opens it here. */
export type Opened = (entry: SealedEntry, keyCommitment: Bytes) => Promise<Words | undefined>;

type Over = { readonly event: EpochBegun; readonly recordedAt: Instant };

export const overIn = (said: Words | undefined): Over | undefined => {
  const [only, ...more] = said?.events ?? [];
  if (said === undefined || only?.type !== "EpochBegun" || only.over === undefined || more.length > 0) return undefined;
  return { event: only, recordedAt: said.recordedAt };
};

/** Nothing where it has no authority. Whoever needs nobody to confirm has passed over it at once. */
export const passingBy = (
  entry: SealedEntry,
  { event, recordedAt }: Over,
  befores: ReadonlyMap<EntryHash, Before>,
  line: Read,
): (Passing & { readonly isAlone: boolean }) | undefined => {
  const { hash, header } = entry;
  // In the order of the line: what is passed over begins with the first that is named.
  const [, before] = [...befores].find(([each]) => event.over?.includes(each) === true) ?? [];
  if (before === undefined || header.keyCommitment === undefined) return undefined;
  const [begun] = line.entries.slice(before.place);
  const maker = begun === undefined ? undefined : presentPersonOf(before.organisation, begun.header.author);
  const by = presentPersonOf(before.organisation, header.author);
  // What somebody began who keeps nothing is worthless as it is, and nothing to go on over.
  if (maker === undefined || !isKeeper(maker) || by === undefined || by.id === maker.id) return undefined;
  if (isSettled(before.organisation, maker.id, writtenSince(before, line))) return undefined;
  const organisation = evolveOrganisation(before.organisation, { hash, event, by, about: maker.id, recordedAt });
  if (organisation.withoutAuthority.length > before.organisation.withoutAuthority.length) return undefined;
  const isAlone = !organisation.proposals.has(hash);
  return { entry: hash, keyCommitment: header.keyCommitment, before, maker: maker.id, organisation, isAlone };
};

const writtenSince = ({ place }: Before, { entries, counted, words }: Read): readonly SealedEntry[] =>
  entries.slice(place + 1).filter(({ hash }) => counted.has(hash) && !words.has(hash));

/**
 * Whether somebody else has written since: an honest device writes here only under a key that it was given. So nobody takes back what
 * others have known and gone on from. Whoever begins an epoch of their own may have been given no key.
 */
export const isSettled = (
  before: Organisation,
  maker: PersonId | undefined,
  since: readonly Pick<SealedEntry, "header">[],
): boolean =>
  since.some(({ header }) => {
    const author = presentPersonOf(before, header.author)?.id;
    return header.keyCommitment === undefined && author !== undefined && author !== maker;
  });

/** The second person's word for one that waits, and the organisation as it goes on, if the word counts. */
export type Word = { readonly passing: Passing; readonly organisation: Organisation | undefined };

export const confirmedIn = async (
  entry: SealedEntry,
  passings: Iterable<Passing>,
  line: Read,
  opened: Opened,
): Promise<Word | undefined> => {
  for (const passing of passings) {
    const said = await opened(entry, passing.keyCommitment);
    const [event, ...more] = said?.events ?? [];
    if (event?.type !== "Confirmed" || event.proposal !== passing.entry || more.length > 0) continue;
    const { before, maker } = passing;
    const since = writtenSince(before, line).filter(({ hash }) => hash !== entry.hash);
    const by = presentPersonOf(passing.organisation, entry.header.author);
    if (by === undefined || isSettled(before.organisation, maker, since)) return { passing, organisation: undefined };
    const organisation = evolveOrganisation(passing.organisation, {
      hash: entry.hash,
      event,
      by,
      recordedAt: said?.recordedAt,
    });
    return { passing, organisation: organisation.proposals.has(passing.entry) ? undefined : organisation };
  }
  return undefined;
};
