/**
 * Takes sealed entries back out of the outbox, as drafts again, when a copy of this device has used their counters.
 *
 * The server does not have them: the log was just followed to its end. Sealed anew under the device's new id they are
 * other entries, and nothing that somebody wrote is lost.
 */

import { assert } from "@amana/kernel";
import { toHex } from "@amana/log";
import { open, type CaseReading } from "@amana/vault";
import type { LogChange } from "../commit.ts";
import type { Waiting } from "../desk.ts";
import { holdLog, type HeldLog } from "../logs/held-log.ts";
import { readCaseLog } from "../logs/read.ts";
import type { StoreChange } from "../ports.ts";
import type { Unlocked } from "../unlocked.ts";
import { draftChange, draftsOf, removeDraftChange, type Draft } from "./draft.ts";
import { storedEventOf } from "./opened-case.ts";
import { seenLinksOf } from "./seen.ts";

/** The change with these entries as the first drafts of the log. They keep their names, so that what refers to them still does. */
export const reopenChange = async (
  unlocked: Unlocked,
  change: LogChange,
  clashing: readonly Waiting[],
): Promise<LogChange> => {
  const { logId } = change.log;
  const drafts = change.drafts ?? (await draftsOf(unlocked, logId));
  const before = await holdLog(unlocked, logId);
  assert(before !== undefined, "Entries wait of a log that is not held.");
  const reading = await readCaseLog(unlocked, before);
  assert(reading !== undefined, "Entries wait of a log that this device cannot read.");
  const reopened = await Promise.all(clashing.map((waiting) => reopen(unlocked, change.log, reading, waiting)));
  const after = [...reopened, ...drafts].map((draft, index) => ({ ...draft, number: index + 1 }));
  const written: StoreChange[] = [];
  for (const draft of after) {
    const changed = await draftChange(unlocked, draft);
    assert(changed !== undefined, "What fitted an entry does not fit a draft.");
    written.push(changed);
  }
  const names = new Set(written.map(({ name }) => name));
  const removed = drafts.map(removeDraftChange).filter(({ name }) => !names.has(name));
  return { ...change, drafts: after, changes: [...change.changes, ...removed, ...written] };
};

const reopen = async (
  unlocked: Unlocked,
  { record }: HeldLog,
  reading: CaseReading,
  { logId, number, entry }: Waiting,
): Promise<Draft> => {
  const line = reading.review.controlLine;
  const { control } = entry.header;
  assert(control !== undefined, "A content entry was sealed on no control entry.");
  const under = line.indexOf(control);
  const epoch = reading.epochs.findLast((each) => line.indexOf(each.entry) <= under);
  assert(epoch !== undefined, "An entry was sealed before its case had begun.");
  const caseKey = record.keys.get(toHex(epoch.keyCommitment));
  assert(caseKey !== undefined, "The key of an entry that this device has sealed is not here.");
  const body = await open(entry, caseKey, unlocked.ports.deflate);
  assert(body.ok, "An entry of this device's own outbox does not open.");
  const { recordedAt, events } = body.value;
  return {
    logId,
    number,
    name: entry.hash,
    recordedAt,
    heads: seenLinksOf(entry.header),
    events: events.map(storedEventOf),
  };
};
