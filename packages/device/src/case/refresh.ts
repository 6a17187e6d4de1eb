/**
 * Keeps the rows of the caseload true where nothing of the case itself has changed: buckets that have to be made again,
 * cases that waited for the organisation's log, and what became due because time went by.
 */

import { assert } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { closeLog, holdLog } from "../logs/held-log.ts";
import { indexBucketOf } from "../logs/names.ts";
import { loadOutbox } from "../logs/outbox.ts";
import { organisationReading, passedOverNow } from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import { dueKnownAt, type CaseRow } from "./case-row.ts";
import { caseLogIds, loadBuckets, rowChanges } from "./caseload.ts";
import { dueMark, isMadeUnder, ownDuePolicy } from "./due-policy.ts";
import { draftsOf } from "./draft.ts";
import { ownHand, rowFor } from "./open-case.ts";

/** All rows, each as folding its case would say now but for `due`, which is asked of `dueRows`. Called in turn. */
export const loadRows = async (unlocked: Unlocked): Promise<ReadonlyMap<LogId, CaseRow>> => {
  const known = unlocked.desk.rows;
  if (known !== undefined) return known;
  const byBucket = await loadBuckets(unlocked);
  const rows = new Map([...byBucket.values()].flatMap((kept) => (kept ?? []).map((row) => [row.logId, row] as const)));
  // Without knowing who its person is, a device reads no case and lists none.
  if ((await ownHand(unlocked)) === undefined) return rows;
  unlocked.desk.rows = rows;
  const unlisted = (await logsWithoutPositions(unlocked, byBucket)).filter((logId) => !rows.has(logId));
  await makeAnew(unlocked, [...unlisted, ...(await madeUnderOther(unlocked, rows))]);
  return unlocked.desk.rows;
};

/** Only where a bucket is missing or spoiled are the logs themselves asked, and the positions of all opened for it. */
const logsWithoutPositions = async (
  unlocked: Unlocked,
  byBucket: ReadonlyMap<string, readonly CaseRow[] | undefined>,
): Promise<readonly LogId[]> => {
  const lacking = new Set([...byBucket].flatMap(([bucket, rows]) => (rows === undefined ? [bucket] : [])));
  if (lacking.size === 0) return [];
  return (await caseLogIds(unlocked)).filter((logId) => lacking.has(indexBucketOf(logId)));
};

/** Cases in which somebody's say may have been given by what was passed over since, or taken. */
const madeUnderOther = async (unlocked: Unlocked, rows: ReadonlyMap<LogId, CaseRow>): Promise<readonly LogId[]> => {
  const passedOver = await passedOverNow(unlocked);
  return [...rows.values()].flatMap(({ logId, madeUnder }) => (isMadeUnder(madeUnder, passedOver) ? [] : [logId]));
};

const rowsAtOnce = 32;

const makeAnew = async (unlocked: Unlocked, logIds: readonly LogId[]): Promise<void> => {
  for (let at = 0; at < logIds.length; at += rowsAtOnce) {
    const rows: CaseRow[] = [];
    for (const logId of logIds.slice(at, at + rowsAtOnce)) {
      const wasOpen = unlocked.held.has(logId);
      const row = await rowAnew(unlocked, logId);
      if (row !== undefined) rows.push(row);
      // Ten thousand cases are not all open at once.
      if (!wasOpen) closeLog(unlocked, logId);
    }
    await writeRows(unlocked, rows);
  }
};

const rowAnew = async (unlocked: Unlocked, logId: LogId): Promise<CaseRow | undefined> => {
  const log = await holdLog(unlocked, logId);
  assert(log?.logKind === "case", "A case of the caseload is not held.");
  return rowFor(unlocked, log, await loadOutbox(unlocked), await draftsOf(unlocked, logId));
};

const writeRows = async (unlocked: Unlocked, changed: readonly CaseRow[]): Promise<void> => {
  if (changed.length === 0) return;
  const rows = new Map(unlocked.desk.rows);
  for (const row of changed) rows.set(row.logId, row);
  const changes = await rowChanges(unlocked, rows, changed);
  await unlocked.ports.store.write([...changes, ...(await unlocked.floorChanges())]);
  unlocked.desk.rows = rows;
  unlocked.desk.changed(changed.map(({ logId }) => logId));
};

/** Once after unlocking, and after the organisation's log has grown, whatever brought it. Takes a turn of its own. */
export const refreshRows = (unlocked: Unlocked): Promise<void> =>
  unlocked.inTurn(async () => {
    const organisation = await organisationReading(unlocked);
    if (organisation === undefined || organisation === unlocked.desk.rowsCheckedUnder) return;
    unlocked.desk.rowsCheckedUnder = organisation;
    const rows = await loadRows(unlocked);
    const waiting = [...rows.values()].flatMap((row) => (row.waitsForOrganisation ? [row.logId] : []));
    const others = await madeUnderOther(unlocked, rows);
    const known = new Set(rows.keys());
    const unlisted = (await caseLogIds(unlocked)).filter((logId) => !known.has(logId));
    await makeAnew(unlocked, [...new Set([...waiting, ...others, ...unlisted])]);
  });

/** Rows whose `due` holds now. Called in turn. */
export const dueRows = async (unlocked: Unlocked): Promise<readonly CaseRow[]> => {
  await keepDueTrue(unlocked);
  return [...(await loadRows(unlocked)).values()];
};

/** Makes anew what time, another policy, newer guidance, or what was passed over in the organisation has made untrue. Ten thousand rows are looked at once, not with each letter of a search. */
export const keepDueTrue = async (unlocked: Unlocked): Promise<void> => {
  const policy = await ownDuePolicy(unlocked);
  const rows = await loadRows(unlocked);
  const mark = dueMark(policy, unlocked.ports.guidance, await passedOverNow(unlocked));
  const { dueKnown } = unlocked.desk;
  if (dueKnown?.mark === mark && dueKnown.rows === rows && unlocked.now() < dueKnown.until) return;
  const isKnown = dueKnownAt(unlocked.now(), mark);
  const stale = [...rows.values()].filter((row) => !isKnown(row));
  await makeAnew(
    unlocked,
    stale.map(({ logId }) => logId),
  );
  const kept = await loadRows(unlocked);
  unlocked.desk.dueKnown = { rows: kept, mark, until: firstEndingOf(kept) };
};

const firstEndingOf = (rows: ReadonlyMap<LogId, CaseRow>): number => {
  let first = Infinity;
  for (const { dueUntil } of rows.values()) if (dueUntil !== undefined && dueUntil < first) first = dueUntil;
  return first;
};
