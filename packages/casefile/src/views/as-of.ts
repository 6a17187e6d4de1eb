/**
 * The case as it was at any past moment: what was known, decided and consented to, and by whom (G-CM-4).
 *
 * An entry belongs to a moment when it and everything it follows had been recorded by then, so that an answer is never
 * shown without its question. A clock that runs fast hides what followed it no longer than until this device first saw it.
 */

import type { Instant } from "@amana/kernel";
import { type CaseEntry, foldCase } from "../evolve.ts";
import type { EntryHash } from "../ids.ts";
import type { CaseState } from "../state.ts";

/** When this device first saw an entry; nothing for what was only ever here. */
type FirstSeenAt = (entry: EntryHash) => Instant | undefined;
const neverSeen: FirstSeenAt = () => undefined;

/** The entries up to a moment, of entries that come each after all it names. */
const entriesAsOf = (entries: readonly CaseEntry[], moment: Instant, firstSeenAt = neverSeen): readonly CaseEntry[] => {
  const late: EntryHash[] = [];
  return entries.filter(({ envelope }) => {
    const seenAt = firstSeenAt(envelope.entry) ?? envelope.recordedAt;
    const isBeyond = envelope.recordedAt > moment && seenAt > moment;
    const isLate = isBeyond || late.some((entry) => envelope.past.has(entry));
    if (isLate) late.push(envelope.entry);
    return !isLate;
  });
};

export const caseAsOf = (entries: readonly CaseEntry[], moment: Instant, firstSeenAt = neverSeen): CaseState =>
  foldCase(entriesAsOf(entries, moment, firstSeenAt));
