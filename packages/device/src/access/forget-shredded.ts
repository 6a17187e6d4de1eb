/**
 * Destroys on this device what two people have agreed to destroy: the keys of the case, without which its entries are
 * rubbish, and whatever was written about it here and not sent. The record remembers it, so that nothing is asked for again.
 */

import { assert } from "@amana/kernel";
import { toHex, type LogId } from "@amana/log";
import { clearSecret, type CaseReading } from "@amana/vault";
import { draftsOf, removeDraftChange } from "../case/draft.ts";
import { formDraftsOfCaseGone } from "../case/form-drafts.ts";
import { commit } from "../commit.ts";
import { holdLog, type HeldLog } from "../logs/held-log.ts";
import { loadOutbox, removeWaitingChange } from "../logs/outbox.ts";
import { caseReading, isContradicted } from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import { controlActs, isShredded } from "./control-acts.ts";
import { readPending, writePending } from "./pending-record.ts";

/** Whether it is gone. Not while the server shows two lines: one of them may say otherwise. Takes a turn of its own. */
export const forgetShreddedCase = (unlocked: Unlocked, logId: LogId): Promise<boolean> =>
  unlocked.inTurn(async () => {
    const log = await holdLog(unlocked, logId);
    const reading = await caseReading(unlocked, logId);
    assert(log !== undefined && reading !== undefined, "A case of the caseload is not held.");
    if (log.record.isShredded) return true;
    if (!isShredded(reading) || isContradicted(reading)) return false;
    // Nothing of it was ever here, and nothing is remembered: should its keys come after all, they decide.
    if (isKnownByTellingAlone(log, reading)) return true;
    const outbox = await loadOutbox(unlocked);
    const waiting = outbox.filter((each) => each.logId === logId);
    const pending = await readPending(unlocked);
    const changes = [
      ...(await draftsOf(unlocked, logId)).map(removeDraftChange),
      ...waiting.map(removeWaitingChange),
      ...(await formDraftsOfCaseGone(unlocked, logId)),
      ...(await writePending(
        unlocked,
        pending.filter((each) => each.logId !== logId),
      )),
    ];
    await commit(unlocked, {
      logs: [{ log: { ...log, record: { ...log.record, keys: new Map(), isShredded: true } }, changes, drafts: [] }],
      outbox: outbox.filter((each) => each.logId !== logId),
    });
    for (const key of log.record.keys.values()) clearSecret(key);
    return true;
  });

/** The only keys here are those that tell of the shredding. */
const isKnownByTellingAlone = ({ record: { keys } }: HeldLog, reading: CaseReading): boolean => {
  const telling = controlActs(reading).flatMap(({ entry, event }) =>
    event.type === "ShreddingTold" ? (reading.history.held.get(entry)?.entry.header.keyCommitment ?? []) : [],
  );
  const known = new Set(telling.map((commitment) => toHex(commitment)));
  return [...keys.keys()].every((commitment) => known.has(commitment));
};
