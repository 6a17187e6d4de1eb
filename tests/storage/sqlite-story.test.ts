/** Every order of a store over SQLite, killed or cut in its middle: the whole of it is there, or nothing (SECURITY §6.6). */

import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqlite } from "../../apps/server/src/storage/sqlite/open.ts";
import { digestOfFile } from "./dump.ts";
import { itSurvivesEveryKill } from "./restore-crashes.ts";
import { expectWholeOrNothing, expectWholeStory, ordersOfStory, runStory, type StoryReport } from "./stories.ts";

const isLongRun = process.env["AMANA_LONG"] === "1";
const folder = mkdtempSync(join(tmpdir(), "amana-story-"));
const copies = join(folder, "copies");
let whole: StoryReport;
beforeAll(async () => {
  mkdirSync(copies);
  const settings = { kind: "sqlite", file: join(folder, "whole.db"), migrates: true } as const;
  whole = await runStory({ settings, killIn: undefined, copies });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lengthOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/** The store as it stood after an order, with its write-ahead log cut off there. */
const digestWhenCutAt = (order: string, bytes: number): string => {
  const copy = join(folder, "cut.db");
  for (const end of ["", "-wal", "-shm"]) rmSync(`${copy}${end}`, { force: true });
  copyFileSync(join(copies, `${order}.after`), copy);
  copyFileSync(join(copies, `${order}.after-wal`), `${copy}-wal`);
  const log = openSync(`${copy}-wal`, "r+");
  ftruncateSync(log, bytes);
  closeSync(log);
  return digestOfFile(copy);
};

const logHeaderBytes = 32;

/** Those write themselves into the file at once, so that the log keeps nothing of what they erased. */
const cutTheLog = ["migrate", "eraseBodies", "shredLog", "replayLedger", "forbidRecovery", "replayEndedKeys"];

describe("a server killed in the middle of any order to SQLite", () => {
  it("has one of each order there is in its story, and each of them changes the store", () => {
    expectWholeStory(whole);
  });

  it.each(ordersOfStory.filter((order) => !cutTheLog.includes(order)))(
    "has all of %s or nothing of it, wherever the write-ahead log was cut",
    (order) => {
      const { before, after } = whole.standings.get(order) ?? { before: "", after: "" };
      const [from = 0, to = 0] = ["before", "after"].map((when) => lengthOf(join(copies, `${order}.${when}-wal`)));
      const frameBytes = readFileSync(join(copies, `${order}.after`)).readUInt16BE(16) + 24;
      const found: string[] = [];
      for (let at = Math.max(from, logHeaderBytes); at <= to; at += frameBytes) {
        for (const cut of [at, at + frameBytes / 2]) if (cut <= to) found.push(digestWhenCutAt(order, cut));
      }
      // Nothing of it until its last page is there, and then the whole.
      expect(found.length).toBeGreaterThan(2);
      expect(new Set(found.slice(0, -1))).toEqual(new Set([before]));
      expect(found.at(-1)).toBe(after);
    },
  );

  // The others are cut at every page above; these are what only a kill shows, and the ones that matter most.
  const orders = isLongRun ? ordersOfStory : ["migrate", "eraseBodies", "shredLog", "forbidRecovery"];
  const moments = isLongRun ? [0, 150, 300, 600, 1_000, 2_000, 5_000] : [600];

  it.each(orders.flatMap((order) => moments.map((microseconds) => ({ order, microseconds }))))(
    "has all of $order or nothing of it, killed $microseconds µs into it",
    async ({ order, microseconds }) => {
      const file = join(folder, `${order}-${microseconds}.db`);
      const settings = { kind: "sqlite", file, migrates: true } as const;
      const killed = await runStory({ settings, killIn: { order, microseconds }, copies: undefined });
      // Whatever was left of a migration is brought to its end, and nothing else.
      const reopened = await openSqlite({ file, migrates: true });
      if (!reopened.ok) throw new Error("A file that a writer left must open.");
      await reopened.value.close();
      const found = digestOfFile(file);
      if (order === "migrate") expect(found).toBe(whole.standings.get("migrate")?.after);
      else expectWholeOrNothing(whole, killed, order, found);
    },
  );

  itSurvivesEveryKill(() => ({ kind: "sqlite", folder: mkdtempSync(join(folder, "store-")) }), [2, 12]);
});
