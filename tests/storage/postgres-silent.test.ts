/** A PostgreSQL that goes without a word: its machine is lost, or the way to it, and nothing ends the connections to it. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { assert } from "@amana/kernel";
import { openPostgres } from "../../apps/server/src/storage/postgres/open.ts";
import { patienceUsual } from "../../apps/server/src/storage/postgres/pool.ts";
import type { Member, Storage } from "../../apps/server/src/storage/storage.ts";
import {
  found,
  newDevice,
  openCase,
  wide,
  type LogWriter,
} from "../../apps/server/src/storage/testing/organisations.ts";
import { isStorageUnavailable } from "../../apps/server/src/storage/unavailable.ts";
import { makeWay } from "../postgres-way.ts";
import { startPostgres, type TestPostgres } from "../postgres.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

const openAt = async (url: string, patience = patienceUsual): Promise<Storage> => {
  const opened = await openPostgres({ url, migrates: true, patience });
  assert(opened.ok, "A new database must open.");
  return opened.value;
};

const append = (storage: Storage, by: Member, log: LogWriter) =>
  storage.appendEntries({
    by,
    logs: [{ logId: log.logId, entries: [log.content(by.receivingKey, newDevice()).entry] }],
    quotas: wide,
  });

it("fails what was asked, and is asked and listened to again over new connections", async () => {
  const direct = postgres.createDatabase();
  const way = await makeWay(direct);
  const other = await openAt(direct);
  const one = await openAt(way.url, { answerMilliseconds: 2_000, listeningMilliseconds: 50 });
  const { founder } = await found(one);
  const log = await openCase(one, founder);
  way.goSilent();
  const [failed] = await Promise.allSettled([one.ping()]);
  assert(failed.status === "rejected", "Nothing is answered by a database that is silent.");
  expect(isStorageUnavailable(failed.reason)).toBe(true);
  // Some more connections of the pool may have been left hanging.
  while ((await Promise.allSettled([one.ping()])).some(({ status }) => status === "rejected"));
  // The connection that listens is a new one, or will be: what is told through the other server comes again.
  const heard = { isTold: false };
  one.watch(() => {
    heard.isTold = true;
  });
  do await append(other, founder, log);
  while (!heard.isTold);
  await Promise.all([one.close(), other.close()]);
  way.close();
});
