/**
 * A server's writing, in a process of its own that dies: it appends to one store, says on its output what it sends
 * and what was acknowledged, and kills itself in the middle when told to.
 */

import { statSync, writeSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { openStorage, type StorageSettings } from "../../apps/server/src/storage/open-storage.ts";
import type { Member, NewControl, Storage } from "../../apps/server/src/storage/storage.ts";
import {
  controlAfter,
  found,
  must,
  now,
  openCase,
  wide,
  wrapFor,
  type LogWriter,
  type Written,
} from "../../apps/server/src/storage/testing/organisations.ts";

export type CrashPlan = {
  readonly settings: StorageSettings;
  readonly orders: number;
  /** In the middle of the order with this number, so long after it was sent; undefined lives on. */
  readonly killIn: { readonly order: number; readonly microseconds: number } | undefined;
};

/** One line of output each. */
export type CrashLine =
  | { readonly says: "began"; readonly by: Member; readonly logs: readonly string[]; readonly logBytes: number }
  /** All of it must be there, or none. `wraps`: how many come with it. */
  | { readonly says: "sending"; readonly order: number; readonly hashes: readonly string[]; readonly wraps: number }
  | { readonly says: "acknowledged"; readonly order: number; readonly logBytes: number };

const logCount = 3;
const entriesPerLog = 4;

const say = (line: CrashLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);

// Given by the test that starts this file.
const plan = JSON.parse(must(process.argv[2])) as CrashPlan;
const opened = await openStorage(plan.settings);
if (!opened.ok) throw new Error("The store of a crash test must open.");
const storage: Storage = opened.value;
const { founder: by } = await found(storage);
const logs: (LogWriter & { tip: Written })[] = [];
for (let count = 0; count < logCount; count++) {
  const log = await openCase(storage, by);
  logs.push({ ...log, tip: log.first });
}
/** How long the write-ahead log is in this moment. Whoever reads a line looks later, when more may be in it. */
const logBytes = (): number => (plan.settings.kind === "sqlite" ? statSync(`${plan.settings.file}-wal`).size : 0);

say({ says: "began", by, logs: logs.map(({ logId }) => logId), logBytes: logBytes() });

/** Entries for all logs at once, and every third time a control entry with its wraps. */
const prepare = (order: number): { readonly line: CrashLine; readonly send: () => Promise<unknown> } => {
  if (order % 3 === 0) return prepareControl(order);
  const sent = logs.map((log) => ({
    logId: log.logId,
    entries: Array.from({ length: entriesPerLog }, () => log.content(by.receivingKey).entry),
  }));
  const hashes = sent.flatMap(({ entries }) => entries.map(({ hash }) => hash));
  return {
    line: { says: "sending", order, hashes, wraps: 0 },
    send: () => storage.appendEntries({ by, logs: sent, quotas: wide }),
  };
};

const prepareControl = (order: number): ReturnType<typeof prepare> => {
  const log = must(logs[0]);
  const next = log.control(by.receivingKey);
  const wraps = [wrapFor(by.receivingKey), wrapFor(by.receivingKey)];
  const serving = { keys: [by.receivingKey] };
  const control: NewControl = controlAfter(log, "case", log.tip.entry.hash, next, { wraps, serving });
  log.tip = next;
  return {
    line: { says: "sending", order, hashes: [next.entry.hash], wraps: wraps.length },
    send: () => storage.appendControl({ by, control, organisation: undefined, quotas: wide, now }),
  };
};

/** Dies while the store is at work: this thread only counts the time. */
const dieAfter = (microseconds: number): void => {
  const at = performance.now() + microseconds / 1000;
  while (performance.now() < at);
  process.kill(process.pid, "SIGKILL");
};

for (let order = 1; order <= plan.orders; order++) {
  const { line, send } = prepare(order);
  say(line);
  const sent = send();
  if (plan.killIn?.order === order) {
    // What goes over a socket leaves in the next turn of the loop.
    if (plan.settings.kind === "postgres") await nextTurn();
    dieAfter(plan.killIn.microseconds);
  }
  await sent;
  say({ says: "acknowledged", order, logBytes: logBytes() });
}
await storage.close();
