/** Starts a writer that dies, and asks of the store afterwards: all that was acknowledged, and half of nothing. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "vitest";
import { assert } from "@amana/kernel";
import { logIdOf, type EntryHash, type LogId } from "@amana/log";
import { digestOfNone, nextDigest } from "@amana/sync";
import type { Member, Storage } from "../../apps/server/src/storage/storage.ts";
import { must } from "../../apps/server/src/storage/testing/organisations.ts";
import type { CrashLine, CrashPlan } from "./crash-writer.ts";

export type CrashReport = {
  readonly by: Member;
  readonly logIds: readonly LogId[];
  readonly sent: readonly Extract<CrashLine, { says: "sending" }>[];
  readonly acknowledged: ReadonlySet<number>;
  readonly signal: NodeJS.Signals | null;
};

/** `onLine` may do harm from outside, at the moment it chooses. */
export const runWriter = async (
  plan: CrashPlan,
  onLine: (line: CrashLine) => void = () => undefined,
): Promise<CrashReport> => {
  const writer = spawn(process.execPath, [join(import.meta.dirname, "crash-writer.ts"), JSON.stringify(plan)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    writer.once("exit", (_code, signal) => resolve(signal));
  });
  const lines: CrashLine[] = [];
  for await (const text of createInterface({ input: writer.stdout })) {
    // Written by the writer above, a line at a time.
    const line = JSON.parse(text) as CrashLine;
    lines.push(line);
    onLine(line);
  }
  const began = lines.find((line) => line.says === "began");
  assert(began !== undefined, "The writer did not begin.");
  return {
    by: began.by,
    logIds: began.logs.map((text) => must(logIdOf(new Uint8Array(Buffer.from(text, "hex"))))),
    sent: lines.filter((line) => line.says === "sending"),
    acknowledged: new Set(lines.flatMap((line) => (line.says === "acknowledged" ? [line.order] : []))),
    signal: await ended,
  };
};

/** How many of the orders are there. */
export const expectWhole = async (storage: Storage, report: CrashReport): Promise<number> => {
  const { by, logIds, sent, acknowledged } = report;
  const there = new Set<EntryHash>();
  const positions = await storage.positionsServed({ by, fromBucket: 0 });
  for (const logId of logIds) {
    const listed = must(await storage.hashesAfter({ by, logId, after: 0, hashesMax: 100_000 }));
    const position = must(positions.find((each) => each.logId === logId));
    expect(listed.hashes).toHaveLength(listed.end);
    expect(new Set(listed.hashes).size).toBe(listed.end);
    expect(position.digest).toEqual(listed.hashes.reduce(nextDigest, digestOfNone()));
    for (const hash of listed.hashes) there.add(hash);
  }
  let whole = 0;
  let wraps = logIds.length;
  for (const order of sent) {
    const found = order.hashes.filter((hash) => there.has(hash as EntryHash)).length;
    expect([0, order.hashes.length]).toContain(found);
    if (acknowledged.has(order.order)) expect(found).toBe(order.hashes.length);
    if (found > 0) {
      whole += 1;
      wraps += order.wraps;
    }
  }
  const stored = await storage.wrapsFor({ by, logs: logIds });
  expect(stored.flatMap((log) => log.wraps)).toHaveLength(wraps);
  // One entry more: the organisation's first.
  expect((await storage.usageOf({ by })).entries).toBe(there.size + 1);
  return whole;
};
