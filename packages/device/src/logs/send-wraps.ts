/** Keys that go to the server by themselves, beside or after the entry that begins their epoch: as many at once as it takes. */

import { ok, type Result } from "@amana/kernel";
import type { Bytes, LogId } from "@amana/log";
import { wrapsPerAppendMax, type WireError } from "@amana/sync";
import type { Unlocked } from "../unlocked.ts";

/** Stops at the first that the server does not take. */
export const sendWraps = async (
  unlocked: Unlocked,
  logId: LogId,
  wraps: readonly Bytes[],
): Promise<Result<undefined, WireError>> => {
  for (let at = 0; at < wraps.length; at += wrapsPerAppendMax) {
    const sent = await unlocked.ask("add-wraps", { logId, wraps: wraps.slice(at, at + wrapsPerAppendMax) });
    if (!sent.ok) return sent;
  }
  return ok(undefined);
};
