/** Starts a writer of the story that dies, and reads what it said. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "vitest";
import { writes } from "../../apps/server/src/storage/operations.ts";
import { must } from "../../apps/server/src/storage/testing/organisations.ts";
import { ordersOfRestore } from "./story-orders.ts";
import type { StoryLine, StoryPlan } from "./story-writer.ts";

/** Every order there is, and the opening of a new store; a restore's have a test of their own. */
export const ordersOfStory: readonly string[] = [
  "migrate",
  ...Object.keys(writes).filter((name) => !(ordersOfRestore as readonly string[]).includes(name)),
];

export type Standing = { readonly before: string; readonly after: string };

export type StoryReport = {
  readonly lines: readonly StoryLine[];
  readonly signal: NodeJS.Signals | null;
  /** By order: the digest of the whole store before it was sent, and once it was acknowledged. */
  readonly standings: ReadonlyMap<string, Standing>;
};

export const runStory = async (plan: StoryPlan): Promise<StoryReport> => {
  const writer = spawn(process.execPath, [join(import.meta.dirname, "story-writer.ts"), JSON.stringify(plan)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    writer.once("exit", (_code, signal) => resolve(signal));
  });
  const lines: StoryLine[] = [];
  // Written by the writer above, a line at a time.
  for await (const text of createInterface({ input: writer.stdout })) lines.push(JSON.parse(text) as StoryLine);
  const standings = new Map<string, Standing>();
  for (const { says, order, digest } of lines) {
    if (says === "acknowledged") standings.set(order, { before: must(standings.get(order)).before, after: digest });
    else standings.set(order, { before: digest, after: "" });
  }
  return { lines, signal: await ended, standings };
};

/** A run that lives to its end: what must stand before and after each order, and that each of them does something. */
export const expectWholeStory = ({ standings, signal }: StoryReport): void => {
  expect(signal).toBeNull();
  expect([...standings.keys()].sort()).toEqual(ordersOfStory.toSorted());
  for (const [order, { before, after }] of standings) expect(after, order).not.toBe(before);
};

/** After it was killed in the middle of an order: the whole of it is there, or nothing of it. */
export const expectWholeOrNothing = (whole: StoryReport, killed: StoryReport, order: string, found: string): void => {
  expect(killed.signal).toBe("SIGKILL");
  const last = must(killed.lines.at(-1));
  expect([last.says, last.order]).toEqual(["sending", order]);
  const { before, after } = must(whole.standings.get(order));
  expect(last.digest).toBe(before);
  expect([before, after]).toContain(found);
};
