/**
 * Who was given a case and who was taken out of it, by whom and when, as its control entries say: what a client of somebody's
 * own tried stands in it too. An epoch that changes nobody is none of it.
 */

import type { AccessStep } from "@amana/casefile";
import type { EntryHash } from "@amana/log";
import type { CaseReading, Organisation, PersonId } from "@amana/vault";
import { authorOf } from "./control-acts.ts";

type Opening = { readonly openers: ReadonlySet<PersonId>; readonly hasRecoveryKey: boolean };

export const accessHistory = (reading: CaseReading, organisation: Organisation): readonly AccessStep[] => {
  const recordedAt = new Map(
    reading.entries.map(({ hash, content }) => [hash, content.kind === "body" ? content.body.recordedAt : undefined]),
  );
  let before: Opening = { openers: new Set(), hasRecoveryKey: false };
  const steps: AccessStep[] = [];
  for (const entry of reading.review.controlLine) {
    if (reading.history.held.get(entry)?.entry.header.keyCommitment === undefined) continue;
    const after = openingOf(reading, entry) ?? before;
    const step = {
      entry,
      by: authorOf(reading.history, organisation, entry),
      recordedAt: recordedAt.get(entry),
      ...changeOf(before, after),
      standing: standingOf(reading, entry),
    };
    const hasChanged = step.given.length + step.taken.length > 0 || step.recoveryKey !== undefined;
    if (hasChanged || step.standing !== "counts") steps.push(step);
    before = after;
  }
  return steps;
};

const openingOf = ({ epochs }: CaseReading, entry: EntryHash): Opening | undefined => {
  const epoch = epochs.find((each) => each.entry === entry);
  return epoch && { openers: epoch.openers, hasRecoveryKey: epoch.members.some(({ kind }) => kind === "recovery") };
};

const standingOf = ({ epochs, withoutAuthority }: CaseReading, entry: EntryHash): AccessStep["standing"] => {
  if (epochs.some((each) => each.entry === entry)) return "counts";
  return withoutAuthority.includes(entry) ? "without-authority" : "unread";
};

const changeOf = (before: Opening, after: Opening): Pick<AccessStep, "given" | "taken" | "recoveryKey"> => ({
  given: [...after.openers].filter((person) => !before.openers.has(person)).sort(),
  taken: [...before.openers].filter((person) => !after.openers.has(person)).sort(),
  recoveryKey: before.hasRecoveryKey === after.hasRecoveryKey ? undefined : after.hasRecoveryKey ? "given" : "taken",
});
