/**
 * Logs: what stands where, what is missing on either side, and the line of control entries.
 *
 * A log of another organisation, one that is not there and one that this member is not served are one answer by the same
 * query, everywhere here. Nothing is acknowledged before storage says that it is durable.
 */

import { ok } from "@amana/kernel";
import type { LogId } from "@amana/log";
import {
  hashesPerPageMax,
  logsPerReadWrapsMax,
  pullBytesMax,
  pullWrapsBytesMax,
  readWrapsBytesMax,
  type PushResult,
  type WrapsOfLog,
} from "@amana/sync";
import type { Member, NewEntry, Storage, StoredResult } from "../storage/storage.ts";
import { done, refused, type Answers, type RelayPorts } from "./answers.ts";
import { pageOfComparison } from "./comparison.ts";
import { readBegin, readPushed, readControl, readWraps } from "./incoming.ts";
import type { PositionsOf } from "./positions.ts";

type Names = "compare" | "pull" | "list-hashes" | "push" | "append-control" | "begin-logs" | "read-wraps" | "add-wraps";

export const logAnswers = ({ storage, quotas }: RelayPorts, positionsOf: PositionsOf): Answers<Names> => ({
  compare: async ({ buckets, fromBucket }, { by }) =>
    ok(pageOfComparison(await positionsOf(by), { buckets, fromBucket })),
  pull: async ({ wants, bytesMax, withWraps }, { by }) => {
    const logs = await storage.entriesAfter({ by, wants, bytesMax: Math.min(bytesMax, pullBytesMax) });
    // Read after the entries: of an epoch that came its wraps are here.
    const begun = withWraps ? logs.filter(({ hasControl }) => hasControl).map(({ logId }) => logId) : [];
    return ok({ logs, wraps: await wrapsBeside(storage, by, begun, Math.min(bytesMax, pullWrapsBytesMax)) });
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
  "begin-logs": async ({ logs }, { by }) => {
    const controls = logs.map(readBegin);
    const begun = (await storage.beginLogs({ by, controls: controls.filter(isThere), quotas })).values();
    const results = controls.map((control) =>
      control === undefined ? "malformed" : (begun.next().value ?? "not-now"),
    );
    return ok({ results });
  },
  "read-wraps": async ({ logs }, { by }) => ok({ logs: withinReadWraps(await storage.wrapsFor({ by, logs })) }),
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

const isThere = <T>(value: T | undefined): value is T => value !== undefined;

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

/** As many whole logs as fit, one at least; a device asks again for those that are missing. */
const withinReadWraps = (logs: readonly WrapsOfLog[]): readonly WrapsOfLog[] =>
  logs.slice(0, Math.max(1, fitting(logs, readWrapsBytesMax, 0)));

/** As many whole logs as fit, or none: a device asks for the others with `read-wraps`. */
const wrapsBeside = async (
  storage: Storage,
  by: Member,
  logs: readonly LogId[],
  bytesMax: number,
): Promise<readonly WrapsOfLog[]> => {
  if (logs.length === 0) return [];
  const found = await storage.wrapsFor({ by, logs: logs.slice(0, logsPerReadWrapsMax) });
  return found.slice(0, fitting(found, bytesMax, headBytes));
};

/** What stands before each byte string of CBOR of such a length. */
const headBytes = 3;

/** How many of the first logs have so many bytes together. */
const fitting = (logs: readonly WrapsOfLog[], bytesMax: number, bytesBefore: number): number => {
  let bytes = 0;
  const end = logs.findIndex(({ wraps }) => {
    bytes += wraps.reduce((sum, wrap) => sum + bytesBefore + wrap.length, 0);
    return bytes > bytesMax;
  });
  return end === -1 ? logs.length : end;
};
