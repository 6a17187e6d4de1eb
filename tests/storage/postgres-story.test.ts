/** Every order of a store over PostgreSQL, killed in its middle: the whole of it is there, or nothing (SECURITY §6.6). */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgres } from "../../apps/server/src/storage/postgres/open.ts";
import { startPostgres, type TestPostgres } from "../postgres.ts";
import { digestOfStore } from "./dump.ts";
import { itSurvivesEveryKill } from "./restore-crashes.ts";
import { expectWholeOrNothing, expectWholeStory, ordersOfStory, runStory, type StoryReport } from "./stories.ts";

const isLongRun = process.env["AMANA_LONG"] === "1";
let postgres: TestPostgres;
let whole: StoryReport;
const settingsFor = () => ({ kind: "postgres", url: postgres.createDatabase(), migrates: true }) as const;
beforeAll(async () => {
  postgres = await startPostgres();
  whole = await runStory({ settings: settingsFor(), killIn: undefined, copies: undefined });
});
afterAll(() => postgres.remove());

describe("a server killed in the middle of any order to PostgreSQL", () => {
  it("has one of each order there is in its story, and each of them changes the store", () => {
    expectWholeStory(whole);
  });

  const important = ["migrate", "foundOrganisation", "eraseBodies", "forbidRecovery"];
  const orders = isLongRun ? ordersOfStory : important;
  const moments = isLongRun ? [0, 1_000, 2_000, 4_000, 8_000, 16_000] : [2_000];

  it.each(orders.flatMap((order) => moments.map((microseconds) => ({ order, microseconds }))))(
    "has all of $order or nothing of it, killed $microseconds µs into it",
    async ({ order, microseconds }) => {
      const settings = settingsFor();
      const killed = await runStory({ settings, killIn: { order, microseconds }, copies: undefined });
      const reopened = await openPostgres(settings);
      if (!reopened.ok) throw new Error("A database that a writer left must open.");
      await reopened.value.close();
      const found = await digestOfStore(settings);
      if (order === "migrate") expect(found).toBe(whole.standings.get("migrate")?.after);
      else expectWholeOrNothing(whole, killed, order, found);
    },
  );

  itSurvivesEveryKill(() => ({ kind: "postgres", address: postgres.createDatabase() }), [8]);
});
