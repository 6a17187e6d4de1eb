/** PostgreSQL on a disk that fills. Of the long run (`*.long.test.ts`), because only root can make such a disk. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assert } from "@amana/kernel";
import { openPostgres } from "../../apps/server/src/storage/postgres/open.ts";
import type { Storage } from "../../apps/server/src/storage/storage.ts";
import { found, openCase, readLog, wide } from "../../apps/server/src/storage/testing/organisations.ts";
import { isStorageUnavailable } from "../../apps/server/src/storage/unavailable.ts";
import { startPostgres, type TestPostgres } from "../postgres.ts";

const diskMegabytes = 320;
const takenMegabytes = 120;
const entriesAtOnce = 200;
const bodyBytes = 16_384;

describe("PostgreSQL on a full disk", () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres({ diskMegabytes });
    postgres.takeDisk(takenMegabytes);
  });
  afterAll(() => postgres.remove());

  const open = async (url: string): Promise<Storage> => {
    const opened = await openPostgres({ url, migrates: true });
    assert(opened.ok, "The database of a test must open.");
    return opened.value;
  };

  it("takes nothing more, says so, keeps what it acknowledged, and goes on once there is room", async () => {
    const url = postgres.createDatabase();
    const storage = await open(url);
    const { founder: by } = await found(storage);
    const log = await openCase(storage, by);
    const prepare = () =>
      Array.from({ length: entriesAtOnce }, () => log.content(by.receivingKey, undefined, bodyBytes).entry);
    const send = (store: Storage, entries: ReturnType<typeof prepare>) =>
      store.appendEntries({ by, logs: [{ logId: log.logId, entries }], quotas: wide });
    let acknowledged = 1;
    let sent = prepare();
    let failure: unknown;
    while (failure === undefined) {
      try {
        await send(storage, sent);
        acknowledged += sent.length;
        sent = prepare();
      } catch (error) {
        failure = error;
      }
    }
    // Either its tables had no room, or its write-ahead log had none, which ends PostgreSQL itself.
    expect(isStorageUnavailable(failure)).toBe(true);
    expect(acknowledged).toBeGreaterThan(entriesAtOnce);
    await storage.close();

    postgres.giveDiskBack();
    await postgres.kill();
    await postgres.start();
    const roomier = await open(url);
    const kept = (await readLog(roomier, by, log.logId)).length;
    expect([acknowledged, acknowledged + sent.length]).toContain(kept);
    await send(roomier, sent);
    expect(await readLog(roomier, by, log.logId)).toHaveLength(acknowledged + sent.length);
    await roomier.close();
  });
});
