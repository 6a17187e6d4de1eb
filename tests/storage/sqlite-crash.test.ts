/** A server that is killed while it writes to its SQLite file (SECURITY §6.6). */

import { closeSync, copyFileSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { assert } from "@amana/kernel";
import { storageFrom } from "../../apps/server/src/storage/assemble.ts";
import type { Connection } from "../../apps/server/src/storage/connection.ts";
import { reads } from "../../apps/server/src/storage/operations.ts";
import { openConnection } from "../../apps/server/src/storage/sqlite/connection.ts";
import { openSqlite } from "../../apps/server/src/storage/sqlite/open.ts";
import type { Storage } from "../../apps/server/src/storage/storage.ts";
import { must, random } from "../../apps/server/src/storage/testing/organisations.ts";
import { expectWhole, runWriter } from "./crashes.ts";

const folder = mkdtempSync(join(tmpdir(), "amana-crash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = async (file: string): Promise<Storage> => {
  const opened = await openSqlite({ file, migrates: true });
  assert(opened.ok, "A file that a writer left must open.");
  return opened.value;
};

/** The same questions without threads, for many files in a short time. */
const readHere = (file: string): Storage => {
  const connection = openConnection({ file, mode: "write", pagesMax: undefined }, random);
  const refuse = (): never => {
    throw new Error("Here it is only read.");
  };
  return storageFrom({
    // Question and operation are joined by their name in the contract.
    read: (name, question) => (reads[name] as (c: Connection, q: unknown) => Promise<unknown>)(connection, question),
    write: refuse,
    watch: refuse,
    openSnapshot: refuse,
    close: () => {
      connection.database.close();
      return Promise.resolve();
    },
  });
};

describe("a server killed while it writes to SQLite", () => {
  /** From before the transaction begins until after it is on the disk, in small steps. */
  const moments = [0, 100, 200, 300, 400, 500, 650, 800, 1_000, 1_250, 1_500, 2_000, 3_000, 5_000, 10_000, 20_000];

  it.each(moments.map((microseconds, index) => ({ microseconds, order: 5 + (index % 3) })))(
    "leaves all that was acknowledged and half of nothing, $microseconds µs into order $order",
    async ({ microseconds, order }) => {
      const file = join(folder, `killed-${microseconds}.db`);
      const report = await runWriter({
        settings: { kind: "sqlite", file, migrates: true },
        orders: 20,
        killIn: { order, microseconds },
      });
      expect(report.signal).toBe("SIGKILL");
      expect(report.acknowledged.size).toBe(order - 1);
      const storage = await open(file);
      expect(await expectWhole(storage, report)).toBeGreaterThanOrEqual(order - 1);
      await storage.close();
    },
  );

  it("has every order whole or not at all, wherever its write-ahead log was cut", async () => {
    const file = join(folder, "cut.db");
    const lengths = new Map<number, number>();
    const report = await runWriter(
      // It dies without closing, so that its write-ahead log stays.
      { settings: { kind: "sqlite", file, migrates: true }, orders: 12, killIn: { order: 12, microseconds: 50_000 } },
      (line) => {
        if (line.says === "began") lengths.set(0, line.logBytes);
        if (line.says === "acknowledged") lengths.set(line.order, line.logBytes);
      },
    );
    const { size } = statSync(`${file}-wal`);
    const pageBytes = readFileSync(file).readUInt16BE(16);
    const frameBytes = pageBytes + 24;
    const begun = must(lengths.get(0));
    const cuts: number[] = [];
    // At the end of each page that was written, and in the middle of it.
    for (let at = 32; at <= size; at += frameBytes) cuts.push(at, at + frameBytes / 2);
    const found: number[] = [];
    for (const cut of cuts.filter((each) => each >= begun && each <= size)) {
      const copy = join(folder, "copy.db");
      rmSync(`${copy}-shm`, { force: true });
      copyFileSync(file, copy);
      copyFileSync(`${file}-wal`, `${copy}-wal`);
      const log = openSync(`${copy}-wal`, "r+");
      ftruncateSync(log, cut);
      closeSync(log);
      // When an order was acknowledged, the log was at least so long, and has not been written anew since.
      const acknowledged = new Set([...lengths].filter(([, length]) => length <= cut).map(([order]) => order));
      const storage = readHere(copy);
      found.push(await expectWhole(storage, { ...report, acknowledged }));
      await storage.close();
    }
    expect(found).toEqual(found.toSorted((one, other) => one - other));
    expect(new Set(found).size).toBeGreaterThan(5);
  });
});
