/**
 * Case logs in which nobody has signed anything whom the organisation of this device knows or knew: whoever runs a server can make up
 * any number of them.
 *
 * What must stay true: nothing of them is kept. Which they are is noted while the device is unlocked, so that they are not fetched with
 * every exchange, and forgotten when the organisation grows: a case may have been begun by somebody of whom this device hears only then.
 * Why: docs/decisions/2026-11-23-a-device-keeps-no-log-of-nobody.md.
 */

import type { LogId } from "@amana/log";
import type { Unlocked } from "../unlocked.ts";
import type { HeldLog } from "./held-log.ts";
import { readCaseLog } from "./read.ts";

/** More than an organisation begins on an honest server; those beyond are asked for again. */
const strangersMax = 65_536;

/** Of a log with what came first of it, before it is kept. Called in turn. */
export const isOfNobody = async (unlocked: Unlocked, log: HeldLog): Promise<boolean> => {
  const reading = await readCaseLog(unlocked, log);
  const isSigned = log.entries.some(
    ({ kind, entry }) => kind === "entry" && reading?.review.unauthentic.has(entry.hash) === false,
  );
  if (!isSigned) unlocked.desk.caseReads.delete(log.logId);
  return !isSigned;
};

/** `end`: of how many entries the server says that it has. */
export const noteStranger = (unlocked: Unlocked, logId: LogId, end: number): void => {
  const strangers = strangersNow(unlocked);
  if (strangers.size < strangersMax) strangers.set(logId, end);
};

/** Whether it stands on the server as it did when it was looked at. */
export const isStranger = (unlocked: Unlocked, logId: LogId, end: number): boolean =>
  strangersNow(unlocked).get(logId) === end;

/** Whatever the organisation has grown by, an exchange or an act: none of those who were nobody as it read before. */
const strangersNow = ({ desk }: Unlocked): Map<LogId, number> => {
  const under = desk.organisationRead?.reading;
  if (desk.strangers.under !== under) desk.strangers = { under, ends: new Map() };
  return desk.strangers.ends;
};
