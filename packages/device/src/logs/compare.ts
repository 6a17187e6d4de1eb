/**
 * Which logs stand otherwise on the server than here, the most urgent first. What stands as foreseen is noted so, and
 * nothing of it is fetched.
 */

import { ok, type Result } from "@amana/kernel";
import { equalBytes, type LogId, type LogKind } from "@amana/log";
import { bucketDigests, type LogPosition, type ResponseOf, type WireError } from "@amana/sync";
import type { CaseRow } from "../case/case-row.ts";
import { loadRows } from "../case/refresh.ts";
import type { Unlocked } from "../unlocked.ts";
import { comparedPositions, foreseen, loadPositions, positionChanges, startOf, type Position } from "./positions.ts";

export type ServedLog = LogPosition & { readonly kind: LogKind };

/** More pages than there are buckets would be a server that plays. */
const pagesMax = 256;

/** Takes turns of its own. */
export const differingLogs = async (unlocked: Unlocked): Promise<Result<readonly ServedLog[], WireError>> => {
  const buckets = await unlocked.inTurn(async () => bucketDigests(comparedPositions(await loadPositions(unlocked))));
  const differing: ServedLog[] = [];
  let next: number | undefined = 0;
  for (let page = 0; page < pagesMax && next !== undefined; page++) {
    const answer: Result<ResponseOf<"compare">, WireError> = await unlocked.ask("compare", {
      buckets,
      fromBucket: next,
    });
    if (!answer.ok) return answer;
    const { logs } = answer.value;
    differing.push(...(await unlocked.inTurn(() => settleSame(unlocked, logs))));
    next = answer.value.nextBucket;
  }
  return ok(mostUrgentFirst(await unlocked.inTurn(() => loadRows(unlocked)), differing));
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

const levels = ["high", undefined, "medium", "normal"] as const satisfies readonly CaseRow["level"][];

/** What is dangerous, or not known yet, before what can wait, then what is due first: a weak line may end at any moment. */
const mostUrgentFirst = (rows: ReadonlyMap<LogId, CaseRow>, logs: readonly ServedLog[]): readonly ServedLog[] => {
  const urgency = ({ logId, kind }: ServedLog): number =>
    kind === "organisation" ? -1 : levels.indexOf(rows.get(logId)?.level);
  const nextDue = ({ logId }: ServedLog): number => nextDueAt(rows.get(logId)?.due ?? []);
  return [...logs].sort((one, other) => urgency(one) - urgency(other) || nextDue(one) - nextDue(other));
};

/** What is always due now comes before any moment, and nothing due after all. */
const nextDueAt = (due: CaseRow["due"]): number =>
  Math.min(Number.MAX_SAFE_INTEGER, ...due.map(({ dueAt }) => dueAt ?? 0));
