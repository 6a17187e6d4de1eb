/**
 * What a case's control entries have said so far, as far as it counts: what was adopted, and which erasures two people
 * have agreed on. Without entries an erasure means the whole case.
 */

import type { EntryHash, History } from "@amana/log";
import {
  readCaseControlEvent,
  type CaseControlEvent,
  type CaseReading,
  type Organisation,
  type PersonId,
} from "@amana/vault";

export type ControlAct = {
  readonly entry: EntryHash;
  readonly by: PersonId;
  readonly event: Exclude<CaseControlEvent, { readonly type: "EpochBegun" }>;
};

export type Erasure = {
  readonly proposal: EntryHash;
  readonly proposedBy: PersonId;
  readonly entries: readonly EntryHash[];
  /** Nothing while it waits for a second person. */
  readonly confirmation: EntryHash | undefined;
};

/** Nothing of what has no authority: it changes nothing. */
export const controlActs = ({ entries, withoutAuthority }: CaseReading): readonly ControlAct[] => {
  const worthless = new Set(withoutAuthority);
  return entries.flatMap(({ hash, header, by, content }): readonly ControlAct[] => {
    const isControl = header.kind === "control" && content.kind === "body" && !worthless.has(hash);
    if (!isControl || by === undefined) return [];
    const [event] = content.body.events.map((sealed) => readCaseControlEvent(sealed));
    return event === undefined || event.type === "EpochBegun" ? [] : [{ entry: hash, by: by.person, event }];
  });
};

export const erasuresIn = (reading: CaseReading): readonly Erasure[] => {
  const acts = controlActs(reading);
  return acts.flatMap(({ entry, by, event }): readonly Erasure[] => {
    if (event.type !== "ErasureProposed") return [];
    const confirmed = acts.find((act) => act.event.type === "ErasureConfirmed" && act.event.proposal === entry);
    return [{ proposal: entry, proposedBy: by, entries: event.entries, confirmation: confirmed?.entry }];
  });
};

/** Two people have agreed to destroy the whole case. */
export const isShredded = (reading: CaseReading): boolean =>
  erasuresIn(reading).some(({ entries, confirmation }) => entries.length === 0 && confirmation !== undefined);

/** Nothing of what is not here, or of a later version: it says nothing of itself. */
export const authorOf = (
  { held }: History,
  { personByKeyEver }: Organisation,
  hash: EntryHash,
): PersonId | undefined => {
  const author = held.get(hash)?.entry.header.author;
  return author === undefined ? undefined : personByKeyEver.get(author)?.person;
};

export const isAdopted = (reading: CaseReading, entries: readonly EntryHash[]): boolean => {
  const adopted = new Set(controlActs(reading).flatMap(({ event }) => (event.type === "Adopted" ? event.entries : [])));
  return entries.every((hash) => adopted.has(hash));
};
