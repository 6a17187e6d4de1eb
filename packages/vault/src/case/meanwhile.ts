/**
 * What was written in a case while the organisation stood as an epoch had left it that two persons have gone on over since: the
 * epoch counts for nothing, and with it whoever it had brought and whatever say it gave. What others wrote meanwhile must not go
 * with it (docs/formats/entry.md §7).
 *
 * What counts of it follows from headers and from what the organisation's line says to all, so that it is the same for those who were
 * given that epoch's key and for those who were not. Of what does not, the former may verify and read more.
 */

import type { EntryHash, Header, History, Review, SealedEntry } from "@amana/log";
import type { OrganisationReading } from "../organisation/read.ts";
import type { CaseEntry } from "./read.ts";

export const isWrittenMeanwhile = (
  { writtenMeanwhile }: Pick<OrganisationReading, "writtenMeanwhile">,
  { organisationHead }: Pick<Header, "organisationHead">,
): boolean => organisationHead !== undefined && writtenMeanwhile.has(organisationHead);

/**
 * What is signed with a key that the organisation, as it goes on, has never known: some devices have verified it, others never can.
 * Which organisation it says that it has seen makes no difference: else somebody who is nobody could name an older one, and take a
 * colleague's words with their own.
 */
export const ofNobodyIn = (organisation: OrganisationReading, history: History): ReadonlySet<EntryHash> => {
  const found = new Set<EntryHash>();
  // Nearly always nothing was ever passed over.
  if (organisation.writtenMeanwhile.size === 0) return found;
  for (const { entry } of history.held.values()) if (isOfNobody(organisation, entry)) found.add(entry.hash);
  return found;
};

const isOfNobody = ({ current }: OrganisationReading, { header }: SealedEntry): boolean =>
  !current.personByKeyEver.has(header.author);

/**
 * What people wrote here whose say was taken back. Else whoever made something up could hold up a case with it, so of somebody who is
 * nobody it is only what this device has verified or what somebody else signed leads to, and of anybody else only what opens.
 */
export const takenBackIn = (
  organisation: OrganisationReading,
  history: History,
  { ofNobody }: Review,
  entries: readonly CaseEntry[],
): readonly EntryHash[] => {
  const withoutSay = entries.filter(
    ({ header, by, content }) =>
      by === undefined && content.kind === "body" && isWrittenMeanwhile(organisation, header),
  );
  const written = [...withoutSay.map(({ hash }) => hash), ...ofNobody];
  return written.filter((hash) => history.held.get(hash)?.entry.header.kind === "content");
};
