/**
 * Logs: what stands where, what is missing on either side, and the line of control entries.
 *
 * A log of another organisation, one that is not there and one that this member is not served are one answer by the same
 * query, everywhere here. Nothing is acknowledged before storage says that it is durable.
 */

import { ok } from "@amana/kernel";
import { hashesPerPageMax, pullBytesMax, readWrapsBytesMax, type PushResult, type ResponseOf } from "@amana/sync";
import type { NewEntry, StoredResult } from "../storage/storage.ts";
import { done, refused, type Answers, type RelayPorts } from "./answers.ts";
import { pageOfComparison } from "./comparison.ts";
import { readPushed, readControl, readWraps } from "./incoming.ts";

type Names = "compare" | "pull" | "list-hashes" | "push" | "append-control" | "read-wraps" | "add-wraps";

export const logAnswers = ({ storage, quotas }: RelayPorts): Answers<Names> => ({
  compare: async ({ buckets, fromBucket }, { by }) => {
    const positions = await storage.positionsServed({ by, fromBucket: 0 });
    return ok(pageOfComparison(positions, { buckets, fromBucket }));
  },
  pull: async ({ wants, bytesMax }, { by }) => {
    const logs = await storage.entriesAfter({ by, wants, bytesMax: Math.min(bytesMax, pullBytesMax) });
    return ok({ logs });
  },
  "list-hashes": async ({ logId, after }, { by }) => {
    const listed = await storage.hashesAfter({ by, logId, after, hashesMax: hashesPerPageMax });
    return listed === undefined ? refused("NotForYou") : ok(listed);
  },
  push: async ({ logs }, { by }) => {
    const judged = logs.map(({ logId, entries }) => ({ logId, incoming: readPushed(logId, entries) }));
    const stored = await storage.appendEntries({
      by,
      logs: judged.map(({ logId, incoming }) => ({ logId, entries: incoming.flatMap(entryIn) })),
      quotas,
    });
    return ok({
      logs: judged.flatMap(({ logId, incoming }, place) => {
        const results = stored[place]?.results;
        return results === undefined ? [] : [{ logId, results: resultsOf(incoming, results) }];
      }),
    });
  },
  "append-control": async (request, { by, now }) => {
    const control = readControl(request);
    if (control === undefined) return refused("NotUnderstood");
    const appended = await storage.appendControl({ by, control, organisation: request.organisation, quotas, now });
    if (appended.ok) return ok({ isAppended: true, tip: appended.value.tip });
    if (appended.error.type === "ControlTipMoved") return ok({ isAppended: false, tip: appended.error.tip });
    return refused(appendRefusals[appended.error.type]);
  },
  "read-wraps": async ({ logs }, { by }) => ok({ logs: withinBytes(await storage.wrapsFor({ by, logs })) }),
  "add-wraps": async ({ logId, wraps: sent }, { by }) => {
    const wraps = readWraps(logId, sent);
    if (wraps === undefined) return refused("NotUnderstood");
    const added = await storage.addWraps({ by, logId, wraps, quotas });
    if (added.ok) return done;
    return refused(added.error.type === "QuotaReached" ? "QuotaReached" : "NotForYou");
  },
});

/** `LinkMissing`: what the entry names comes first; the device sends that and tries again. */
const appendRefusals = {
  NotServed: "NotForYou",
  NotKeeper: "NotForYou",
  LinkMissing: "NotNow",
  LogFull: "QuotaReached",
  QuotaReached: "QuotaReached",
} as const;

type Judged = ReturnType<typeof readPushed>[number];

const entryIn = (incoming: Judged): readonly NewEntry[] => (incoming.kind === "entry" ? [incoming.entry] : []);

/**
 * Each entry's own answer, in the order it was sent. A version of the future may fit once this server is updated, so it
 * is answered as one that is to be sent again.
 */
const resultsOf = (incoming: readonly Judged[], stored: readonly StoredResult[]): readonly PushResult[] => {
  const left = stored.values();
  return incoming.map((each) => {
    if (each.kind === "malformed") return "malformed";
    return (each.kind === "entry" ? left.next().value : undefined) ?? "link-missing";
  });
};

type WrapsOfLog = ResponseOf<"read-wraps">["logs"][number];

/** As many whole logs as fit, one at least; a device asks again for those that are missing. */
const withinBytes = (logs: readonly WrapsOfLog[]): readonly WrapsOfLog[] => {
  let bytes = 0;
  const end = logs.findIndex(({ wraps }, place) => {
    bytes += wraps.reduce((sum, wrap) => sum + wrap.length, 0);
    return place > 0 && bytes > readWrapsBytesMax;
  });
  return end === -1 ? logs : logs.slice(0, end);
};
