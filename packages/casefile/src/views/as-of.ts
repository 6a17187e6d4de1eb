/**
 * The case as it was at any past moment: what was known, decided and consented to, and by whom (G-CM-4).
 *
 * An entry belongs to a moment when it and everything it follows had been recorded by then, so that a clock
 * that runs fast hides what followed it, and never shows an answer without its question.
 */

import type { Instant } from "@amana/kernel";
import { type CaseEntry, foldCase } from "../evolve.ts";
import type { EntryHash } from "../ids.ts";
import type { CaseState } from "../state.ts";

/** The entries up to a moment, of entries that come each after all it names. */
export const entriesAsOf = (entries: readonly CaseEntry[], moment: Instant): readonly CaseEntry[] => {
  const late: EntryHash[] = [];
  return entries.filter(({ envelope }) => {
    const isLate = envelope.recordedAt > moment || late.some((entry) => envelope.past.has(entry));
    if (isLate) late.push(envelope.entry);
    return !isLate;
  });
};

export const caseAsOf = (entries: readonly CaseEntry[], moment: Instant): CaseState =>
  foldCase(entriesAsOf(entries, moment));
