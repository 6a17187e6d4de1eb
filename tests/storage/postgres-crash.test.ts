/** A server that is killed while it writes to PostgreSQL, and PostgreSQL that is killed under it (SECURITY §6.6). */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assert } from "@amana/kernel";
import { openPostgres } from "../../apps/server/src/storage/postgres/open.ts";
import type { Storage } from "../../apps/server/src/storage/storage.ts";
import { startPostgres, type TestPostgres } from "../postgres.ts";
import { expectWhole, runWriter } from "./crashes.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

const open = async (url: string): Promise<Storage> => {
  const opened = await openPostgres({ url, migrates: true });
  assert(opened.ok, "A database that a writer left must open.");
  return opened.value;
};

describe("a server killed while it writes to PostgreSQL", () => {
  const moments = [0, 1_000, 2_000, 3_000, 5_000, 8_000, 12_000, 20_000, 40_000];

  it.each(moments.map((microseconds, index) => ({ microseconds, order: 4 + (index % 3) })))(
    "leaves all that was acknowledged and half of nothing, $microseconds µs into order $order",
    async ({ microseconds, order }) => {
      const url = postgres.createDatabase();
      const report = await runWriter({
        settings: { kind: "postgres", url, migrates: true },
        orders: 20,
        killIn: { order, microseconds },
      });
      expect(report.signal).toBe("SIGKILL");
      const storage = await open(url);
      // What the dead server was in the middle of is ended by its next order, or by PostgreSQL itself.
      expect(await expectWhole(storage, report)).toBeGreaterThanOrEqual(order - 1);
      await storage.close();
    },
  );

  it.each([1, 2, 3, 5, 8, 13])(
    "answers nothing that is not there after PostgreSQL was killed at order %i",
    async (order) => {
      const url = postgres.createDatabase();
      let killed: Promise<void> | undefined;
      const report = await runWriter(
        { settings: { kind: "postgres", url, migrates: true }, orders: 1_000, killIn: undefined },
        (line) => {
          if (line.says === "sending" && line.order === order) killed ??= postgres.kill();
        },
      );
      await killed;
      expect(report.acknowledged.size).toBeLessThan(1_000);
      await postgres.start();
      const storage = await open(url);
      expect(await expectWhole(storage, report)).toBeGreaterThanOrEqual(report.acknowledged.size);
      await storage.close();
    },
  );
});
