/**
 * What is asked of one entry of a case, by itself: can it be opened here, and which organisation had its author seen.
 */

import {
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
import { open } from "../seal.ts";

export type CaseSource = {
  readonly logId: LogId;
  readonly entries: readonly Received[];
  readonly organisation: OrganisationReading;
  readonly keyOf: KeyOf;
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
 * `isCertain` says whether the epoch is known for sure. Where an entry that this device cannot read may have begun
 * another one, a body that does not open under the last known key is simply not for this device.
 */
export const contentOf = async (
  entry: SealedEntry,
  epoch: { readonly keyCommitment: Bytes | undefined; readonly isCertain: boolean },
  { keyOf }: CaseSource,
  deflate: Deflate,
): Promise<EntryContent> => {
  // A husk that no confirmed erasure names is damage.
  if (entry.ciphertext === undefined) return { kind: "damaged" };
  const key = epoch.keyCommitment === undefined ? undefined : keyOf(epoch.keyCommitment);
  if (key === undefined) return { kind: "no-key" };
  const opened = await open(entry, key, deflate);
  if (opened.ok) return { kind: "body", body: opened.value };
  return { kind: epoch.isCertain ? "damaged" : "no-key" };
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
