/**
 * How much is asked or sent at once. A device begins small, so that on a weak line something whole is there every few
 * seconds; each whole answer doubles it, and a failure begins anew. No clock decides it.
 */

import { assert, type Result } from "@amana/kernel";
import {
  entriesPerPushMax,
  planPush,
  pullBytesMax,
  pushBytesMax,
  pushesUnderWayMax,
  pushSeveral,
  type EntryToPush,
  type RequestOf,
  type WireError,
} from "@amana/sync";
import type { Unlocked } from "../unlocked.ts";

/** At 32 kbit/s eight seconds. */
export const bytesAtFirst = 32_768;
/** Small enough that a phone on a weak line has something whole every minute. */
export const bytesAtOnceMax = Math.min(pullBytesMax, 262_144);

/** Of a pull or a push that was begun just now; gives its answer. One that was begun before the line broke says nothing of it since. */
export const atPace = async <T>(
  { desk }: Unlocked,
  asked: Promise<Result<T, WireError>>,
): Promise<Result<T, WireError>> => {
  const { lineBreaks } = desk;
  const answer = await asked;
  if (answer.ok && desk.lineBreaks === lineBreaks) desk.bytesAtOnce = Math.min(2 * desk.bytesAtOnce, bytesAtOnceMax);
  if (answer.ok || answer.error.type !== "Unreachable") return answer;
  desk.lineBreaks++;
  desk.bytesAtOnce = bytesAtFirst;
  return answer;
};

/** Where a line has borne the most, a few requests are under way together. */
export const bearsSeveral = ({ desk }: Unlocked): boolean => desk.bytesAtOnce >= bytesAtOnceMax;

/** Sends these entries in their order, as much at once as the line has borne when their turn comes. */
export const pushInSteps = (
  unlocked: Unlocked,
  entries: readonly EntryToPush[],
  send: (request: RequestOf<"push">) => Promise<Result<undefined, WireError>>,
): Promise<Result<undefined, WireError>> => {
  let rest = entries;
  const next = (): RequestOf<"push"> | undefined => {
    if (rest.length === 0) return undefined;
    const limits = { bytesMax: Math.min(unlocked.desk.bytesAtOnce, pushBytesMax), entriesMax: entriesPerPushMax };
    const [request] = planPush(rest.slice(0, entriesPerPushMax), limits);
    assert(request !== undefined, "Something is to be sent, and no request was planned.");
    rest = rest.slice(request.logs.reduce((sum, log) => sum + log.entries.length, 0));
    return request;
  };
  const underWayMax = (): number => (bearsSeveral(unlocked) ? pushesUnderWayMax : 1);
  return pushSeveral({ next, send, underWayMax });
};
