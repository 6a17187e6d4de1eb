/** The contract of storage over a real PostgreSQL, by one server and by two, and with PostgreSQL away for a while. */

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assert, err, ok } from "@amana/kernel";
import { digestOfNone, nextDigest } from "@amana/sync";
import { openStorage } from "../../apps/server/src/open-storage.ts";
import { openPostgres } from "../../apps/server/src/storage/postgres/open.ts";
import { makeClient } from "../../apps/server/src/storage/postgres/pool.ts";
import type { Change, Member, Storage } from "../../apps/server/src/storage/storage.ts";
import {
  controlAfter,
  day,
  found,
  instantOf,
  join,
  must,
  newDevice,
  now,
  openCase,
  random,
  wide,
  type LogWriter,
} from "../../apps/server/src/storage/testing/organisations.ts";
import { describeStorage } from "../../apps/server/src/storage/testing/storage.contract.ts";
import { isStorageUnavailable } from "../../apps/server/src/storage/unavailable.ts";
import { startPostgres, type TestPostgres } from "../postgres.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

const openAt = async (url: string): Promise<Storage> => {
  const opened = await openPostgres({ url, migrates: true });
  assert(opened.ok, "A new database must open.");
  return opened.value;
};
const open = (): Promise<Storage> => openAt(postgres.createDatabase());

describeStorage("PostgreSQL", { open, openOther: open });

const append = (storage: Storage, by: Member, logs: readonly LogWriter[], device = newDevice()) =>
  storage.appendEntries({
    by,
    logs: logs.map((log) => ({ logId: log.logId, entries: [log.content(by.receivingKey, device).entry] })),
    quotas: wide,
  });

describe("two servers over one PostgreSQL", () => {
  let one: Storage;
  let other: Storage;
  let url: string;
  beforeAll(async () => {
    url = postgres.createDatabase();
    // Both find an empty database, and one of them makes the tables.
    [one, other] = await Promise.all([openAt(url), openAt(url)]);
  });
  afterAll(() => Promise.all([one.close(), other.close()]));

  it("write to the same logs at the same time, in whatever order, and no place is left out or taken twice", async () => {
    const { founder } = await found(one);
    const logs = await Promise.all(Array.from({ length: 6 }, () => openCase(one, founder)));
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const device = newDevice();
        for (let turn = 0; turn < 3; turn++) {
          const order = index % 2 === 0 ? logs : logs.toReversed();
          const answers = await append(index % 4 < 2 ? one : other, founder, order, device);
          expect(answers.map(({ results }) => results)).toEqual(Array(6).fill(["stored"]));
        }
      }),
    );
    const positions = await other.positionsServed({ by: founder, fromBucket: 0 });
    for (const { logId } of logs) {
      const listed = must(await other.hashesAfter({ by: founder, logId, after: 0, hashesMax: 1_000 }));
      expect(listed.hashes).toHaveLength(61);
      const { end, digest } = must(positions.find((each) => each.logId === logId));
      expect({ end, digest }).toEqual({ end: 61, digest: listed.hashes.reduce(nextDigest, digestOfNone()) });
    }
    expect((await one.usageOf({ by: founder })).entries).toBe(1 + 6 + 360);
  });

  it("wake the devices of the other, with nothing but random ids in the message", async () => {
    const { founder } = await found(one);
    const log = await openCase(one, founder);
    const told = new Promise<Change>((resolve) => {
      const stop = other.watch((change) => {
        if (change.kind !== "log" || change.logId !== log.logId) return;
        stop();
        resolve(change);
      });
    });
    const client = makeClient(url);
    await client.connect();
    const message = new Promise<string>((resolve) => {
      client.once("notification", (notification: { readonly payload?: string | undefined }) => {
        resolve(notification.payload ?? "");
      });
    });
    await client.query("LISTEN amana_changes");
    await append(one, founder, [log]);
    expect(await told).toEqual({ kind: "log", organisation: founder.organisation, logId: log.logId });
    expect(await message).toMatch(/^[0-9a-f]{12}(\/[0-9a-f]{32})?( [0-9a-f]{12}(\/[0-9a-f]{32})?)*$/);
    await client.end();
  });
});

describe("the rows of one organisation", () => {
  let storage: Storage;
  let url: string;
  beforeAll(async () => {
    url = postgres.createDatabase();
    storage = await openAt(url);
  });
  afterAll(() => storage.close());

  /** While somebody else has the row of an account, until whatever wants it waits for it. */
  const whileLocked = async (account: Member, work: () => Promise<unknown>): Promise<readonly unknown[]> => {
    const [holding, looking] = [makeClient(url), makeClient(url)];
    await Promise.all([holding.connect(), looking.connect()]);
    await holding.query("BEGIN");
    await holding.query("SELECT 1 FROM accounts WHERE account_id = decode($1, 'hex') FOR UPDATE", [account.account]);
    const worked = work().then(() => true);
    const isWaiting = async (): Promise<boolean> => {
      const waiting = await looking.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return waiting.rowCount !== 0;
    };
    let isDone = false;
    do isDone = await Promise.race([worked, sleep(5, false)]);
    while (!isDone && !(await isWaiting()));
    // Whoever waits has not locked the organisation before: others write on.
    const free = await looking.query("SELECT 1 FROM organisations FOR UPDATE SKIP LOCKED");
    const seen = [isDone, free.rowCount];
    await holding.query("ROLLBACK");
    await Promise.all([holding.end(), looking.end()]);
    await worked;
    return seen;
  };

  it("are locked in one order, accounts before their organisation, so that no two wait for each other", async () => {
    const organisation = await found(storage);
    const { founder, log, first } = organisation;
    const [changing, bystander] = [await join(storage, organisation), await join(storage, organisation)];
    let tip = first.entry.hash;
    const keep = async (...keepers: readonly Member[]): Promise<void> => {
      const written = log.control(founder.receivingKey);
      const change = { teams: [], leavers: [], keepers: keepers.map(({ receivingKey }) => receivingKey) };
      const control = controlAfter(log, "organisation", tip, written);
      const order = { by: founder, control, organisation: change, quotas: wide, now };
      expect(await storage.appendControl(order)).toMatchObject({ ok: true });
      tip = written.entry.hash;
    };
    // Who stays what they were is not written at all.
    expect(await whileLocked(bystander, () => keep(founder, changing))).toEqual([true, 1]);
    expect(await whileLocked(changing, () => keep(founder))).toEqual([false, 1]);
    const codeHash = random(32);
    await storage.addSetUpCode({ codeHash, expiresAt: instantOf(now + day) });
    const back = { by: founder, codeHash, receivingKey: bystander.receivingKey, now };
    const letBack = async (): Promise<void> => expect(await storage.letBack(back)).toEqual(ok(undefined));
    expect(await whileLocked(bystander, letBack)).toEqual([false, 1]);
  });
});

describe("a database of another release", () => {
  it("is not touched when it is newer, and waits for the order to migrate when it is older", async () => {
    const url = postgres.createDatabase();
    expect(await openPostgres({ url, migrates: false })).toEqual(err({ type: "StoreMissing" }));
    const client = makeClient(url);
    await client.connect();
    // Nothing was made by the way.
    await client.query("CREATE TABLE schema_versions (version INTEGER NOT NULL PRIMARY KEY)");
    expect(await openPostgres({ url, migrates: false })).toEqual(err({ type: "SchemaOlder" }));
    await client.query("INSERT INTO schema_versions VALUES (999)");
    expect(await openPostgres({ url, migrates: true })).toEqual(err({ type: "SchemaNewer" }));
    const tables = await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    expect(tables.rows).toEqual([{ tablename: "schema_versions" }]);
    await client.end();
  });
});

describe("what a restore that broke off left", () => {
  it("goes without a look at its rows, so that the next one begins however many there are", async () => {
    const url = postgres.createDatabase();
    const storage = await openAt(url);
    const client = makeClient(url);
    await client.connect();
    const files = async (): Promise<readonly unknown[]> =>
      (
        await client.query<{ relfilenode: string }>(
          "SELECT relfilenode FROM pg_class WHERE relname ~ '^entries_[0-9]+$'",
        )
      ).rows;
    expect(await storage.beginRestore({ now })).toEqual(ok(undefined));
    const before = await files();
    expect(before.length).toBeGreaterThan(0);
    expect(await storage.beginRestore({ now })).toEqual(ok(undefined));
    // A table that is emptied as a whole goes on in another file.
    const after = new Set((await files()).map((row) => JSON.stringify(row)));
    expect(before.filter((row) => after.has(JSON.stringify(row)))).toEqual([]);
    await client.end();
    await storage.close();
  });
});

describe("a restore into a database", () => {
  const held = err({ type: "StoreHeld" });
  const opening = (address: string, restores = false) =>
    openStorage({ kind: "postgres", address }, { migrates: true, restores, holds: true });
  const opened = async (address: string, restores = false): Promise<Storage> => {
    const storage = await opening(address, restores);
    assert(storage.ok, "Nobody else is at work there.");
    return storage.value;
  };
  /** Ends the one connection that has something, as a database that begins anew would. */
  const endHolder = async (url: string): Promise<void> => {
    const client = makeClient(url);
    await client.connect();
    const holders = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted";
    expect((await client.query(holders)).rows).toHaveLength(1);
    await client.end();
  };

  it("on which a server runs is refused, and so is a server, or a second restore, while one is at work", async () => {
    const url = postgres.createDatabase();
    const [one, other] = [await opened(url), await opened(url)];
    expect(await opening(url, true)).toEqual(held);
    await one.close();
    expect(await opening(url, true)).toEqual(held);
    await other.close();
    const restoring = await opened(url, true);
    expect([await opening(url, true), await opening(url)]).toEqual([held, held]);
    // The commands beside it ask for nothing.
    await (await openAt(url)).close();
    await restoring.close();
    await (await opened(url)).close();
  });

  it("that is refused has made no tables there", async () => {
    const url = postgres.createDatabase();
    const client = makeClient(url);
    await client.connect();
    await client.query("SELECT pg_advisory_lock_shared(4177002)");
    expect(await opening(url, true)).toEqual(held);
    expect((await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).rows).toEqual([]);
    await client.end();
  });

  it("ends where its own connection did, and a server takes its hold again with the next one", async () => {
    const url = postgres.createDatabase();
    const restoring = await opened(url, true);
    expect(await restoring.beginRestore({ now })).toEqual(ok(undefined));
    await endHolder(url);
    await expect.poll(() => restoring.finishRestore().then(() => "written", String)).toContain("HOLD_LOST");
    const another = await opened(url, true);
    await expect(restoring.finishRestore()).rejects.toThrow("HOLD_LOST");
    await restoring.close();
    await another.beginRestore({ now });
    await another.finishRestore();
    await another.close();
    const server = await opened(url);
    await endHolder(url);
    await expect.poll(() => holdersIn(url)).toBe(1);
    expect(await opening(url, true)).toEqual(held);
    await server.close();
  });
});

const holdersIn = async (url: string): Promise<number> => {
  const client = makeClient(url);
  await client.connect();
  const { rows } = await client.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted");
  await client.end();
  return rows.length;
};

describe("PostgreSQL that goes away", () => {
  it("makes every answer fail, without a value in the error, and is used again once it is back", async () => {
    const storage = await open();
    const { founder } = await found(storage);
    const log = await openCase(storage, founder);
    await postgres.kill();
    const failures = await Promise.allSettled([
      append(storage, founder, [log]),
      storage.positionsServed({ by: founder, fromBucket: 0 }),
      storage.ping(),
    ]);
    for (const failure of failures) {
      assert(failure.status === "rejected", "Nothing is answered by a store that is away.");
      expect(isStorageUnavailable(failure.reason)).toBe(true);
      expect(String(failure.reason)).toMatch(/^StorageUnavailable: The storage does not answer \([A-Za-z0-9_]+\)\.$/);
    }
    await postgres.start();
    await storage.ping();
    expect(await storage.positionsServed({ by: founder, fromBucket: 0 })).toHaveLength(2);
    await storage.close();
  });

  it("in the middle of many answers ends no server: each is given and durable, or fails", async () => {
    const storage = await open();
    const { founder } = await found(storage);
    const logs = await Promise.all(Array.from({ length: 8 }, () => openCase(storage, founder)));
    const asked = Array.from({ length: 10 }, async () => {
      const device = newDevice();
      let stored = 0;
      for (;;) {
        const [answer] = await Promise.allSettled([append(storage, founder, logs, device)]);
        if (answer.status === "rejected") return { stored, reason: answer.reason as unknown };
        stored += logs.length;
      }
    });
    const first = new Promise<void>((resolve) => {
      const stop = storage.watch(() => {
        stop();
        resolve();
      });
    });
    await first;
    await postgres.kill();
    const ended = await Promise.all(asked);
    expect(ended.every(({ reason }) => isStorageUnavailable(reason))).toBe(true);
    await postgres.start();
    const { entries } = await storage.usageOf({ by: founder });
    const acknowledged = ended.reduce((sum, { stored }) => sum + stored, 0);
    // The organisation and its cases began with an entry each; some may be there whose acknowledgement was lost.
    expect(entries).toBeGreaterThanOrEqual(1 + logs.length + acknowledged);
    expect(acknowledged).toBeGreaterThan(0);
    await storage.close();
  });
});
