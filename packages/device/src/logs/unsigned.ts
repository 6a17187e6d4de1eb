/**
 * Entries of a case that nobody has signed: whoever runs a server can add as many as a log holds to a case that a device knows.
 *
 * What must stay true: what somebody has signed is kept, and so is what it names. Of the rest a few are: as long as there are any, the
 * log is followed again from the first of them after each unlocking (`ask-again.ts`), so that what was signed by somebody of whom this device hears only then,
 * or came spoiled, comes late at worst. Why: docs/decisions/2026-11-23-a-device-keeps-no-log-of-nobody.md.
 */

import { linksOf, type Received } from "@amana/log";
import type { CaseReading } from "@amana/vault";
import type { Unlocked } from "../unlocked.ts";
import type { HeldLog } from "./held-log.ts";
import { readCaseLog } from "./read.ts";

/** More than ever came spoiled or too early. */
export const unsignedMax = 256;

/** What of these is not kept, where the log would hold them all. Called in turn. */
export const leftOfUnsigned = async (
  unlocked: Unlocked,
  log: HeldLog,
  arrived: readonly Received[],
): Promise<readonly Received[]> => {
  if (log.logKind !== "case" || log.record.unverified.size <= unsignedMax) return [];
  const reading = await readAhead(unlocked, log);
  if (reading === undefined || reading.review.unauthentic.size <= unsignedMax) return [];
  const named = namedIn(log, reading);
  const unsigned = arrived.filter(
    ({ kind, entry: { hash } }) => kind === "entry" && reading.review.unauthentic.has(hash) && !named.has(hash),
  );
  const before = reading.review.unauthentic.size - unsigned.length;
  return unsigned.slice(Math.max(0, unsignedMax - before));
};

/** Of a log that is held what was read last stays open: by that it is known what of this is new to people. */
const readAhead = async (unlocked: Unlocked, log: HeldLog): Promise<CaseReading | undefined> => {
  const { caseReads } = unlocked.desk;
  const before = caseReads.get(log.logId);
  const reading = await readCaseLog(unlocked, log);
  if (unlocked.held.has(log.logId)) {
    if (before === undefined) caseReads.delete(log.logId);
    else caseReads.set(log.logId, before);
  }
  return reading;
};

const namedIn = ({ entries }: HeldLog, { review }: CaseReading): ReadonlySet<string> =>
  new Set(
    entries.flatMap(({ kind, entry }) =>
      kind === "entry" && !review.unauthentic.has(entry.hash) ? linksOf(entry) : [],
    ),
  );
