/**
 * Which logs stand otherwise on the server than here, in an order that tells the server nothing. What stands as foreseen is
 * noted so, and nothing of it is fetched.
 */

import { ok, type Result } from "@amana/kernel";
import { equalBytes, type LogId, type LogKind } from "@amana/log";
import type { LogPosition, ResponseOf, WireError } from "@amana/sync";
import type { Unlocked } from "../unlocked.ts";
import { listingNow, type Listing } from "./listing.ts";
import { offerAgain } from "./repair.ts";
import { isStranger } from "./strangers.ts";
import { tellOfUnserved } from "./tell-readers.ts";
import { foreseen, loadPositions, positionChanges, startOf, type Position } from "./positions.ts";

export type ServedLog = LogPosition & { readonly kind: LogKind };

/** More pages than there are buckets would be a server that plays. */
const pagesMax = 256;

/** Takes turns of its own. */
export const differingLogs = async (unlocked: Unlocked): Promise<Result<readonly ServedLog[], WireError>> => {
  const listed = takeListed(unlocked);
  const listing = await unlocked.inTurn(() => listingNow(unlocked, listed !== undefined));
  const served = new Set<LogId>();
  const differing: ServedLog[] = [];
  let next: number | undefined = 0;
  for (let page = 0; page < pagesMax && next !== undefined; page++) {
    const answer: Result<ResponseOf<"compare">, WireError> = page === 0 && listed !== undefined
      ? ok(listed)
      : await unlocked.ask("compare", { buckets: listing.digests, fromBucket: next });
    if (!answer.ok) return answer;
    const { logs } = answer.value;
    for (const { logId } of logs) {
      served.add(logId);
      unlocked.desk.unserved.delete(logId);
    }
    differing.push(...(await unlocked.inTurn(() => settleSame(unlocked, logs))));
    next = answer.value.nextBucket;
  }
  if (listing.count > 0) {
    const offered = await offerLost(unlocked, served, listing);
    if (!offered.ok) return offered;
    if (offered.value === "done") unlocked.desk.unlisted = listing.left;
    await tellOfUnserved(unlocked, served, listing);
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

/**
 * A server that was put back to an older state may have lost whole logs. Those that it takes again are added, and those that
 * have to wait for something else: nobody has been taken out of them.
 */
const offerLost = async (
  unlocked: Unlocked,
  served: Set<LogId>,
  { isListed }: Listing,
): Promise<Result<"done" | "more", WireError>> => {
  let isDone = true;
  for (const [logId, { kind, end }] of await unlocked.inTurn(() => loadPositions(unlocked))) {
    if (kind !== "case" || end === 0 || served.has(logId) || !isListed(logId)) continue;
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
    if (!positions.has(log.logId) && isStranger(unlocked, log.logId, log.end)) continue;
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
