/**
 * Which logs stand otherwise on the server than here, in an order that tells the server nothing. What stands as foreseen is
 * noted so, and nothing of it is fetched.
 */

import { ok, type Result } from "@amana/kernel";
import { equalBytes, type LogId, type LogKind } from "@amana/log";
import { bucketDigests, type LogPosition, type ResponseOf, type WireError } from "@amana/sync";
import type { Unlocked } from "../unlocked.ts";
import { offerAgain } from "./repair.ts";
import { tellOfUnserved } from "./tell-readers.ts";
import { comparedPositions, foreseen, loadPositions, positionChanges, startOf, type Position } from "./positions.ts";

export type ServedLog = LogPosition & { readonly kind: LogKind };

/** More pages than there are buckets would be a server that plays. */
const pagesMax = 256;

/** Takes turns of its own. */
export const differingLogs = async (unlocked: Unlocked): Promise<Result<readonly ServedLog[], WireError>> => {
  const listed = takeListed(unlocked);
  const isWhole = listed !== undefined || (await unlocked.inTurn(() => isToListWhole(unlocked)));
  const digests = await unlocked.inTurn(async () => bucketDigests(comparedPositions(await loadPositions(unlocked))));
  const buckets = isWhole ? undefined : digests;
  const served = new Set<LogId>();
  const differing: ServedLog[] = [];
  let next: number | undefined = 0;
  for (let page = 0; page < pagesMax && next !== undefined; page++) {
    const answer: Result<ResponseOf<"compare">, WireError> = page === 0 && listed !== undefined
      ? ok(listed)
      : await unlocked.ask("compare", { buckets, fromBucket: next });
    if (!answer.ok) return answer;
    const { logs } = answer.value;
    for (const { logId } of logs) served.add(logId);
    differing.push(...(await unlocked.inTurn(() => settleSame(unlocked, logs))));
    next = answer.value.nextBucket;
  }
  if (isWhole) {
    const offered = await offerLost(unlocked, served);
    if (!offered.ok) return offered;
    unlocked.desk.isServedChecked = offered.value === "done";
    await tellOfUnserved(unlocked, served);
  }
  // Some time may have passed since: that all is here, only the server of now can say.
  if (listed !== undefined && differing.length === 0) return differingLogs(unlocked);
  return ok(inOwnOrder(differing));
};

/** Once. It was asked for as a list of all logs. */
const takeListed = ({ desk }: Unlocked): ResponseOf<"compare"> | undefined => {
  const { listedAtSignIn } = desk;
  desk.listedAtSignIn = undefined;
  return listedAtSignIn;
};

/** Few enough that a weak line carries the list of all. */
const logsListedWholeMax = 500;

/**
 * Once after each unlocking every log is listed, equal or not: a digest over several logs cannot say that one of them is served
 * no more, which is how somebody learns that they were taken out of a case.
 */
const isToListWhole = async (unlocked: Unlocked): Promise<boolean> =>
  !unlocked.desk.isServedChecked && (await loadPositions(unlocked)).size <= logsListedWholeMax;

/**
 * A server that was put back to an older state may have lost whole logs. Those that it takes again are added, and those that
 * have to wait for something else: nobody has been taken out of them.
 */
const offerLost = async (unlocked: Unlocked, served: Set<LogId>): Promise<Result<"done" | "more", WireError>> => {
  let isDone = true;
  for (const [logId, { kind, end }] of await unlocked.inTurn(() => loadPositions(unlocked))) {
    if (kind !== "case" || end === 0 || served.has(logId)) continue;
    const offered = await offerAgain(unlocked, logId);
    if (!offered.ok) return offered;
    if (offered.value !== "refused") served.add(logId);
    isDone &&= offered.value !== "later";
  }
  return ok(isDone ? "done" : "more");
};

/** Gives those that stand otherwise. */
const settleSame = async (unlocked: Unlocked, served: readonly ServedLog[]): Promise<readonly ServedLog[]> => {
  const positions = await loadPositions(unlocked);
  const moved = new Map<LogId, Position>();
  const differing: ServedLog[] = [];
  for (const log of served) {
    const here = positions.get(log.logId) ?? startOf(log.kind);
    const expected = foreseen(here);
    const isSame = expected.end === log.end && equalBytes(expected.digest, log.digest);
    if (!isSame) differing.push(log);
    else if (here.awaited.length > 0) moved.set(log.logId, { ...here, ...expected, awaited: [] });
  }
  if (moved.size === 0) return differing;
  await unlocked.ports.store.write(await positionChanges(unlocked, moved));
  for (const [logId, position] of moved) positions.set(logId, position);
  return differing;
};

/**
 * The organisation first, because it says whose keys are whose; then by log id, which is random. In any order that rests on
 * what the cases say, the server could read which of them are the most dangerous.
 */
const inOwnOrder = (logs: readonly ServedLog[]): readonly ServedLog[] => {
  const isLater = (one: ServedLog, other: ServedLog): boolean =>
    one.kind === other.kind ? one.logId > other.logId : one.kind === "case";
  return [...logs].sort((one, other) => (isLater(one, other) ? 1 : -1));
};
