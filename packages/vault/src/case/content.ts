/**
 * What is asked of one entry of a case, by itself: can it be opened here, and which organisation had its author seen.
 */

import {
  equalBytes,
  linksOf,
  type Bytes,
  type EntryHash,
  type History,
  type LogId,
  type Received,
  type SealedEntry,
} from "@amana/log";
import type { Body } from "../body.ts";
import type { Organisation } from "../organisation/organisation.ts";
import type { KeyOf, OrganisationReading } from "../organisation/read.ts";
import type { Deflate } from "../ports.ts";
import { open, openAlone, type EntryKey } from "../seal.ts";
import { isWrittenMeanwhile } from "./meanwhile.ts";
import { newestFirst, type NewestFirst } from "./newest-first.ts";

export type CaseSource = {
  readonly logId: LogId;
  readonly entries: readonly Received[];
  readonly organisation: OrganisationReading;
  readonly keyOf: KeyOf;
  /** Keys of single entries, of a case that was shredded (`shredding.ts`). A case key that is here goes before them. */
  readonly keysTold?: ReadonlyMap<EntryHash, EntryKey>;
  readonly accepted?: EntryHash | undefined;
  /** Entries whose signature this device itself has verified before: the hash covers all that a signature says. */
  readonly verifiedBefore?: ReadonlySet<EntryHash>;
};

export type EntryContent =
  | { readonly kind: "body"; readonly body: Body }
  /** Ordinary: this device holds no key of that epoch. */
  | { readonly kind: "no-key" }
  /** Erased by two people. */
  | { readonly kind: "erased" }
  /** Alarming: the bytes are not what their author sealed, or a body is missing that nobody erased. */
  | { readonly kind: "damaged" };

/**
 * What was opened, under the key that this commitment names: an entry never changes, so that nothing is opened twice while it
 * is held. It goes with the entry itself, and at once where its key is no longer here.
 */
const openedBefore = new WeakMap<SealedEntry, { readonly keyCommitment: Bytes; readonly body: Body }>();

/** What is known of the epoch that an entry was written under. */
export type UnderEpoch = {
  readonly keyCommitment: Bytes | undefined;
  /**
   * Nothing that this device cannot read may have begun another one. Otherwise a body that does not open under the last known
   * key is simply not for this device.
   */
  readonly isCertain: boolean;
  /** What its author may have held to stand instead, if they wrote meanwhile (`meanwhile.ts`). */
  readonly keysMeanwhile: NewestFirst<Bytes>;
};

/** An entry that begins a key is sealed under that one, whatever it was written under. */
export const contentOf = async (
  entry: SealedEntry,
  { keyCommitment, isCertain, keysMeanwhile }: UnderEpoch,
  source: CaseSource,
  deflate: Deflate,
): Promise<EntryContent> => {
  const { header } = entry;
  const isMeanwhile = header.keyCommitment === undefined && isWrittenMeanwhile(source.organisation, header);
  for (const key of newestFirst(isMeanwhile ? keysMeanwhile : undefined)) {
    const content = await contentUnder(entry, { keyCommitment: key, isCertain }, source, deflate);
    // After one that is not here none is tried: of two keys that open one ciphertext all devices must take the same.
    if (content.kind === "body" || source.keyOf(key) === undefined) return content;
  }
  return contentUnder(entry, { keyCommitment: header.keyCommitment ?? keyCommitment, isCertain }, source, deflate);
};

const contentUnder = async (
  entry: SealedEntry,
  { keyCommitment, isCertain }: Omit<UnderEpoch, "keysMeanwhile">,
  { keyOf, keysTold }: CaseSource,
  deflate: Deflate,
): Promise<EntryContent> => {
  // A husk that no confirmed erasure names is damage.
  if (entry.ciphertext === undefined) return { kind: "damaged" };
  const key = keyCommitment === undefined ? undefined : keyOf(keyCommitment);
  if (keyCommitment === undefined || key === undefined) {
    openedBefore.delete(entry);
    return contentTold(entry, keysTold?.get(entry.hash), deflate);
  }
  const before = openedBefore.get(entry);
  if (before !== undefined && equalBytes(before.keyCommitment, keyCommitment))
    return { kind: "body", body: before.body };
  const opened = await open(entry, key, deflate);
  if (!opened.ok) return { kind: isCertain ? "damaged" : "no-key" };
  openedBefore.set(entry, { keyCommitment, body: opened.value });
  return { kind: "body", body: opened.value };
};

const contentTold = async (entry: SealedEntry, key: EntryKey | undefined, deflate: Deflate): Promise<EntryContent> => {
  const opened = key === undefined ? undefined : await openAlone(entry, key, deflate);
  return opened?.ok === true ? { kind: "body", body: opened.value } : { kind: "no-key" };
};

/**
 * The organisation that an entry's author had seen; nothing when this device does not have it yet, or when the
 * entry names an earlier one than what it follows did: nobody goes back to a time when they had more say.
 */
export const organisationSeen = (
  { asOf }: OrganisationReading,
  history: History,
  entry: SealedEntry,
): Organisation | undefined => {
  const seen = placeOf(asOf, entry);
  if (seen === undefined) return undefined;
  const isBack = linksOf(entry).some((hash) => {
    const named = history.held.get(hash)?.entry;
    return named !== undefined && (placeOf(asOf, named)?.place ?? -1) > seen.place;
  });
  return isBack ? undefined : seen.organisation;
};

export const placeOf = (asOf: OrganisationReading["asOf"], { header }: SealedEntry): ReturnType<typeof asOf.get> =>
  header.organisationHead === undefined ? undefined : asOf.get(header.organisationHead);
