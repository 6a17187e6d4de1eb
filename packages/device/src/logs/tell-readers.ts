/**
 * What a person must be told about who reads a case: that they were taken out of it, or that somebody changed who reads and
 * kept the key from others. Takes turns of its own.
 */

import type { LogId } from "@amana/log";
import { presentPersonOf, type PersonId } from "@amana/vault";
import { authorOf } from "../access/control-acts.ts";
import type { CaseRow } from "../case/case-row.ts";
import { loadRows } from "../case/refresh.ts";
import type { Unlocked } from "../unlocked.ts";
import type { Listing } from "./listing.ts";
import { loadPositions } from "./positions.ts";
import { caseReading, organisationReading } from "./read.ts";

/** Of cases that have changed, or that hold something unread. */
export const tellOfReaders = async (unlocked: Unlocked, logIds: readonly LogId[]): Promise<void> => {
  for (const logId of logIds) await unlocked.inTurn(() => tellOfCase(unlocked, logId));
};

const tellOfCase = async (unlocked: Unlocked, logId: LogId): Promise<void> => {
  const row = (await loadRows(unlocked)).get(logId);
  if (row === undefined || !isToLookAt(row)) return;
  const reading = await caseReading(unlocked, logId);
  const organisation = await organisationReading(unlocked);
  const isPresent = (await ownPresence(unlocked)) !== undefined;
  if (!isPresent || reading === undefined || organisation === undefined) return;
  const { history, epochs, review, unreadEpochs, passedOver } = reading;
  const [first] = epochs;
  // What was before the first epoch that is read here waits for its keys, and nobody is to be named.
  const line = first === undefined ? [] : review.controlLine.slice(review.controlLine.indexOf(first.entry));
  for (const entry of [...unreadEpochs, ...passedOver].filter((hash) => line.includes(hash)))
    unlocked.tellPerson({ type: "EpochWithoutKey", logId, by: authorOf(history, organisation.current, entry) });
};

/** Most cases that change can be read whole: they are not gone through again. */
const isToLookAt = ({ isBehind, marks, stage }: CaseRow): boolean => stage !== "shredded" && (isBehind || marks > 0);

/**
 * Cases that this person could read and that the server hands to them no more: whoever took them out is not known, because the
 * entry that did is not handed out either.
 */
export const tellOfUnserved = (
  unlocked: Unlocked,
  served: ReadonlySet<LogId>,
  { isListed }: Pick<Listing, "isListed">,
): Promise<void> =>
  unlocked.inTurn(async () => {
    const rows = await loadRows(unlocked);
    if ((await ownPresence(unlocked)) === undefined) return;
    for (const [logId, { end }] of await loadPositions(unlocked)) {
      const row = rows.get(logId);
      const wasServed = end > 0 && row !== undefined && row.stage !== "shredded";
      if (!wasServed || served.has(logId) || !isListed(logId)) continue;
      unlocked.desk.unserved.add(logId);
      // Of a case that was never read nothing is lost, and a server could make up as many as it likes.
      if (row.openers.length > 0) unlocked.tellPerson({ type: "TakenOut", logId });
    }
  });

/** Nothing for somebody who has left: they are served nothing at all. */
const ownPresence = async (unlocked: Unlocked): Promise<PersonId | undefined> => {
  const organisation = await organisationReading(unlocked);
  return organisation === undefined
    ? undefined
    : presentPersonOf(organisation.current, unlocked.own.identityKey.keyId)?.id;
};
