/**
 * What is asked for once more after each unlocking: a signature is no part of an entry's name, so whoever passed it on may have spoiled it
 * or left out its body, and a good copy come later.
 *
 * What must stay true: a log is followed again from before the first entry of which another copy could say more, and of which all that
 * comes before is held. Where the server has it in another order it says so, and the place is found by its list of hashes.
 */

import type { EntryHash, LogId } from "@amana/log";
import { nextDigest } from "@amana/sync";
import { loadRows } from "../case/refresh.ts";
import { commit } from "../commit.ts";
import type { Unlocked } from "../unlocked.ts";
import { holdLog, type HeldLog } from "./held-log.ts";
import { loadPositions, startOf, type Position } from "./positions.ts";
import { hasRoomForNewer } from "./unsigned.ts";

/** In one turn: few, because each may have to be read from the store. */
export const casesLookedAtOnce = 8;

/** The cases that are to be followed again. Takes turns of its own. */
export const casesToAskAgain = async (unlocked: Unlocked): Promise<readonly LogId[]> => {
  const rows = await unlocked.inTurn(() => loadRows(unlocked));
  const waiting = [...rows.values()].flatMap((row) => (row.waitsForOrganisation ? [row.logId] : []));
  const open = waiting.filter((logId) => !unlocked.desk.askedAgain.has(logId));
  const again: LogId[] = [];
  for (let at = 0; at < open.length; at += casesLookedAtOnce)
    await unlocked.inTurn(async () => {
      for (const logId of open.slice(at, at + casesLookedAtOnce))
        if (await isToAskAgain(unlocked, logId)) again.push(logId);
    });
  return again;
};

/** Once after each unlocking. The position moves in memory only. Called in turn. */
export const isToAskAgain = async (unlocked: Unlocked, logId: LogId): Promise<boolean> => {
  const { askedAgain } = unlocked.desk;
  if (askedAgain.has(logId)) return false;
  const log = await holdLog(unlocked, logId);
  const positions = await loadPositions(unlocked);
  const position = positions.get(logId);
  if (log === undefined || position === undefined) return false;
  const isNewerToo = log.record.newerLeft !== undefined && (await hasRoomForNewer(unlocked, log));
  const place = placeBefore(log, isNewerToo);
  // The organisation's log is always at hand; of a case that was left for want of room, room may be made.
  const isLookedAtAgain = log.logKind === "organisation" || log.record.newerLeft !== undefined;
  if (place !== undefined || !isLookedAtAgain) askedAgain.add(logId);
  if (place === undefined) return false;
  if (isNewerToo) unlocked.desk.newerAskedFor.add(logId);
  // What was not followed so far yet is asked for in any case.
  if (place.end < position.end) positions.set(logId, place);
  return true;
};

/** As a server has it that gave the entries in the order in which they are held. */
const placeBefore = (
  { entries, hashes, logKind, record: { unverified } }: HeldLog,
  isNewerToo: boolean,
): Position | undefined => {
  const asked = new Set(
    entries.flatMap(({ kind, entry }) =>
      unverified.has(entry.hash) && (isNewerToo || kind === "entry") ? [entry.hash] : [],
    ),
  );
  if (asked.size === 0 && !isNewerToo) return undefined;
  const inOrder: readonly EntryHash[] = [...hashes];
  const first = inOrder.findIndex((hash) => asked.has(hash));
  const end = first === -1 ? inOrder.length : first;
  const start = startOf(logKind);
  return { ...start, end, digest: inOrder.slice(0, end).reduce(nextDigest, start.digest) };
};

/**
 * Of a log that stands on the server as it does here: nothing is missing of one that was spoiled here, wherever the server said before
 * that it ends, or of which something was left and then asked for again. Called in turn.
 */
export const endLooking = async (unlocked: Unlocked, logId: LogId): Promise<void> => {
  const log = await holdLog(unlocked, logId);
  // Where it is opened only now, and was spoiled, nothing of it has been followed yet.
  const isFollowed = ((await loadPositions(unlocked)).get(logId)?.end ?? 0) > 0;
  if (log === undefined || !isFollowed || unlocked.desk.unserved.has(logId)) return;
  const isAllHere = log.record.newerLeft !== undefined && unlocked.desk.newerAskedFor.has(logId);
  if (!log.record.isMending && !isAllHere) return;
  const newerLeft = isAllHere ? undefined : log.record.newerLeft;
  const record = { ...log.record, isMending: false, newerLeft };
  await commit(unlocked, { logs: [{ log: { ...log, record }, changes: [] }] });
};
