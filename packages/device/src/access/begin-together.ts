/**
 * Cases that were opened without the network, begun many with one request. Each is made and kept as if it were begun alone; what
 * the server does not begin here is carried out alone afterwards, which says why.
 */

import { ok, type Result } from "@amana/kernel";
import { hashBytes as keyIdBytes, type LogId } from "@amana/log";
import { logsPerBeginMax, pushBytesMax, type ControlAppend, type Serving, type WireError } from "@amana/sync";
import {
  appendingOf,
  prepareControl,
  settleAppending,
  type ControlMade,
  type ControlStanding,
} from "../logs/append-control.ts";
import { atPace } from "../logs/pace.ts";
import type { Unlocked } from "../unlocked.ts";

/** `make` gives the first entry of a case. Takes turns of its own. */
export const beginTogether = async <E>(
  unlocked: Unlocked,
  logIds: readonly LogId[],
  make: (standing: ControlStanding, logId: LogId) => Promise<Result<ControlMade, E>>,
): Promise<Result<undefined, WireError>> => {
  let batch: Beginning[] = [];
  let bytes = 0;
  for (const logId of logIds) {
    const begun = await unlocked.inTurn(() => prepared(unlocked, logId, make));
    if (begun === undefined) continue;
    const more = bytesOf(begun);
    const bytesMax = Math.min(unlocked.desk.bytesAtOnce, pushBytesMax);
    if (batch.length > 0 && (batch.length === logsPerBeginMax || bytes + more > bytesMax)) {
      const sent = await send(unlocked, batch);
      if (!sent.ok) return sent;
      [batch, bytes] = [[], 0];
    }
    batch.push(begun);
    bytes += more;
  }
  return batch.length === 0 ? ok(undefined) : send(unlocked, batch);
};

/** What waits already is sent again, the same bytes. Nothing where it cannot be made: alone it is told why. */
const prepared = async <E>(
  unlocked: Unlocked,
  logId: LogId,
  make: (standing: ControlStanding, logId: LogId) => Promise<Result<ControlMade, E>>,
): Promise<Beginning | undefined> => {
  const waiting = await appendingOf(unlocked, logId);
  if (waiting !== undefined) return isBeginning(waiting) ? waiting : undefined;
  const made = await prepareControl(unlocked, logId, (standing) => make(standing, logId), undefined);
  const request = made.ok ? await appendingOf(unlocked, logId) : undefined;
  return request !== undefined && isBeginning(request) ? request : undefined;
};

type Beginning = ControlAppend & { readonly after: undefined; readonly serving: Serving };

const isBeginning = (request: ControlAppend): request is Beginning =>
  request.kind === "case" && request.after === undefined && request.serving !== undefined;

/** At most so many bytes stand before a key id or a wrap in CBOR. */
const headBytes = 3;
/** At most so many are the id of a log with what stands before it and before its other fields. */
const logHeadBytes = 32;

const bytesOf = ({ entry, wraps, serving }: Beginning): number => {
  const keys = serving.keys.length * (keyIdBytes + headBytes);
  return wraps.reduce((sum, wrap) => sum + wrap.length + headBytes, entry.length + logHeadBytes + keys);
};

/** A refusal of all of them is no answer to any: each is asked for alone then. */
const send = async (unlocked: Unlocked, batch: readonly Beginning[]): Promise<Result<undefined, WireError>> => {
  const logs = batch.map(({ logId, entry, wraps, serving }) => ({ logId, entry, wraps, serving }));
  const answer = await atPace(unlocked, unlocked.ask("begin-logs", { logs }));
  if (!answer.ok) return answer.error.type === "Unreachable" ? answer : ok(undefined);
  for (const [at, request] of batch.entries()) {
    if (answer.value.results[at] !== "begun") continue;
    await unlocked.inTurn(() => settleAppending(unlocked, request.logId, request, true));
  }
  return ok(undefined);
};
