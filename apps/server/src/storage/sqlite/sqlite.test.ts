/** The contract of storage over a SQLite file, and what is true of that file alone. */

import { once } from "node:events";
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { assert, err } from "@amana/kernel";
import { scopeOfConfirmation, scopeOfProposal, type Bytes, type EntryHash } from "@amana/log";
import { digestOfNone } from "@amana/sync";
import { openStorage } from "../../open-storage.ts";
import type { Member, Storage } from "../storage.ts";
import { describeStorage } from "../testing/storage.contract.ts";
import {
  controlAfter,
  found,
  join as joinOrganisation,
  must,
  newDevice,
  now,
  openCase,
  random,
  readLog,
  wide,
  writeLog,
  type LogWriter,
  type Written,
} from "../testing/organisations.ts";
import { isStorageUnavailable } from "../unavailable.ts";
import { openConnection } from "./connection.ts";
import { openSqlite, type SqliteSettings } from "./open.ts";
import { reads, writes } from "../operations.ts";
import { entriesOfAllMax } from "../queries/append-control.ts";
import { positionsStatement } from "../queries/logs.ts";
import { contentEntriesPerAccountMax, controlEntriesPerAccountMax, sharedFrom } from "../queries/shares.ts";
import { tables } from "../snapshot.ts";

const folder = mkdtempSync(join(tmpdir(), "amana-sqlite-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = async (name: string, more: Partial<SqliteSettings> = {}): Promise<Storage> => {
  const opened = await openSqlite({ file: join(folder, name), migrates: true, ...more });
  assert(opened.ok, "A new file must open.");
  return opened.value;
};

const append = (storage: Storage, by: Member, log: LogWriter, count = 1, bodyBytes = 256) => {
  const entries = Array.from({ length: count }, () => log.content(by.receivingKey, undefined, bodyBytes).entry);
  return storage.appendEntries({ by, logs: [{ logId: log.logId, entries }], quotas: wide });
};

let others = 0;
describeStorage("SQLite", { open: () => open("one.db"), openOther: () => open(`other-${++others}.db`) });

describe("a SQLite file", () => {
  it("waits for the disk before it says that something is written", () => {
    const settings = { file: join(folder, "waiting.db"), mode: "write", pagesMax: undefined } as const;
    const { database } = openConnection(settings, random);
    // 2 is FULL: a commit answers when the write-ahead log is on the disk. A process that is killed cannot show it.
    expect(database.prepare("PRAGMA synchronous").get()?.["synchronous"]).toBe(2);
    database.close();
  });

  it("finds what somebody is served without walking through the logs of others", async () => {
    await (await open("plan.db")).close();
    const settings = { file: join(folder, "plan.db"), mode: "read", pagesMax: undefined } as const;
    const { database } = openConnection(settings, random);
    const statement = `EXPLAIN QUERY PLAN ${positionsStatement.replace(/\$(\d+)/g, "?$1")}`;
    const steps = database.prepare(statement).all(1, new Uint8Array(16), Uint8Array.of(0));
    const details = steps.map(({ detail }) => String(detail));
    expect(details[0]).toMatch(/^SEARCH s USING/);
    expect(details.filter((detail) => detail.startsWith("SEARCH l"))).toEqual([
      "SEARCH l USING PRIMARY KEY (organisation=? AND log=?)",
    ]);
    database.close();
  });

  it("is one file once it is closed, so that whoever moves it leaves nothing behind", async () => {
    const at = join(folder, "at-rest");
    for (let time = 0; time < 4; time++) {
      const storage = await open("at-rest/store.db");
      await storage.proveWritable({ mark: random(16) });
      await storage.counts();
      await storage.close();
      expect(readdirSync(at)).toEqual(["store.db"]);
    }
  });

  it("is readable for nobody but whoever runs the server", async () => {
    const storage = await open("private/store.db");
    const modes = readdirSync(join(folder, "private")).map((name) => statSync(join(folder, "private", name)).mode);
    expect(modes.length).toBeGreaterThan(1);
    for (const mode of modes) expect(mode & 0o077).toBe(0);
    expect(statSync(join(folder, "private")).mode & 0o077).toBe(0);
    await storage.close();
  });

  it.runIf(process.getuid?.() === 0)(
    "belongs to whom its folder belongs, where root has made it: a server with a user of its own opens what was restored",
    async () => {
      const ofService = join(folder, "of-service");
      const [service, group] = [61_234, 61_235];
      mkdirSync(ofService);
      chownSync(ofService, service, group);
      const opened = await openStorage({ kind: "sqlite", folder: ofService }, { migrates: true, holds: true });
      assert(opened.ok, "A new store must open.");
      const names = readdirSync(ofService);
      expect(names).toHaveLength(4);
      for (const name of names) {
        const { uid, gid, mode } = statSync(join(ofService, name));
        expect([uid, gid, mode & 0o777], name).toEqual([service, group, 0o600]);
      }
      await opened.value.close();
    },
  );

  it("of a newer release is not touched, and an older one waits for the order to migrate", async () => {
    const file = join(folder, "newer.db");
    const before = new DatabaseSync(file);
    before.exec("CREATE TABLE schema_versions (version INTEGER NOT NULL PRIMARY KEY)");
    expect(await openSqlite({ file, migrates: false })).toEqual(err({ type: "SchemaOlder" }));
    before.exec("INSERT INTO schema_versions VALUES (999)");
    expect(await openSqlite({ file, migrates: true })).toEqual(err({ type: "SchemaNewer" }));
    const tables = before.prepare("SELECT count(*) AS tables FROM sqlite_schema WHERE type = 'table'").get();
    expect(tables?.["tables"]).toBe(1);
    before.close();
  });

  it("holds nothing of a body or a wrap that was erased, nor does its write-ahead log", async () => {
    const storage = await open("erased/store.db");
    const organisation = await found(storage);
    const { founder } = organisation;
    const second = await joinOrganisation(storage, organisation);
    const log = await openCase(storage, founder, [second.receivingKey]);
    // One body within a page, and one that needs pages of its own.
    const bodies = [256, 40_960].map((bytes) => log.content(founder.receivingKey, undefined, bytes));
    const order = { by: founder, logs: [{ logId: log.logId, entries: bodies.map(({ entry }) => entry) }] };
    await storage.appendEntries({ ...order, quotas: wide });
    await append(storage, founder, log, 20);
    let tip = log.first.entry.hash;
    const send = async (by: Member, destroys: Bytes): Promise<EntryHash> => {
      const act = log.act(by.receivingKey, destroys);
      const control = controlAfter(log, "case", tip, act);
      await storage.appendControl({ by, control, organisation: undefined, quotas: wide, now });
      tip = act.entry.hash;
      return tip;
    };
    const agreeOn = async (entries: readonly EntryHash[]) => {
      const scope = { logId: log.logId, entries };
      const proposal = await send(founder, scopeOfProposal(scope));
      return { proposal, confirmation: await send(second, scopeOfConfirmation(scope, proposal)) };
    };
    const entries = bodies.map(({ entry }) => entry.hash);
    const [ofBodies, ofCase] = [await agreeOn(entries), await agreeOn([])];
    const wraps = must((await storage.wrapsFor({ by: founder, logs: [log.logId] }))[0]).wraps;
    const secrets = [
      ...bodies.map(({ sealed }) => must(sealed.ciphertext)),
      ...wraps,
      // Also the middle of the long one.
      must(must(bodies[1]).sealed.ciphertext).subarray(20_000),
    ].map((bytes) => Buffer.from(bytes.subarray(0, 64)));
    const findings = (): number => {
      const place = join(folder, "erased");
      const files = readdirSync(place).map((name) => readFileSync(join(place, name)));
      return secrets.filter((secret) => files.some((file) => file.includes(secret))).length;
    };
    expect(findings()).toBe(secrets.length);
    const acted = { by: founder, logId: log.logId, now };
    expect((await storage.eraseBodies({ ...acted, ...ofBodies, entries })).ok).toBe(true);
    expect((await storage.shredLog({ ...acted, ...ofCase })).ok).toBe(true);
    expect(findings()).toBe(0);
    await storage.close();
  });

  it("keeps room in the organisation's log for those who keep it, however much others write there", async () => {
    const storage = await open("crowded.db");
    const organisation = await found(storage);
    const { founder, log, first } = organisation;
    const member = await joinOrganisation(storage, organisation);
    const serving = { keys: [founder.receivingKey, member.receivingKey] };
    const append = (by: Member, after: EntryHash, act: Written) => {
      const control = controlAfter(log, "organisation", after, act, by === founder ? { serving } : {});
      return storage.appendControl({ by, control, organisation: undefined, quotas: wide, now });
    };
    const served = log.act(founder.receivingKey);
    expect((await append(founder, first.entry.hash, served)).ok).toBe(true);
    const database = new DatabaseSync(join(folder, "crowded.db"));
    database.exec(`UPDATE logs SET entry_count = ${entriesOfAllMax.organisation - 1}`);
    const last = log.act(member.receivingKey);
    expect((await append(member, served.entry.hash, last)).ok).toBe(true);
    const beyond = log.act(founder.receivingKey);
    expect(await append(member, last.entry.hash, beyond)).toEqual(err({ type: "LogFull" }));
    expect((await append(founder, last.entry.hash, beyond)).ok).toBe(true);
    database.close();
    await storage.close();
  });

  it("lets one account write only its share of a case that is long, and others go on", async () => {
    const storage = await open("long.db");
    const organisation = await found(storage);
    const { founder } = organisation;
    const member = await joinOrganisation(storage, organisation);
    const log = await openCase(storage, founder, [member.receivingKey]);
    const database = new DatabaseSync(join(folder, "long.db"));
    database.exec(`UPDATE logs SET entry_count = ${sharedFrom - 1} WHERE kind = 2`);
    const resultsOf = async (by: Member, count: number) => {
      const entries = Array.from({ length: count }, () => log.content(by.receivingKey, newDevice()).entry);
      const order = { by, logs: [{ logId: log.logId, entries }], quotas: wide };
      return must(must((await storage.appendEntries(order))[0]).results);
    };
    expect(await resultsOf(member, 3)).toEqual(Array(3).fill("stored"));
    const shares = database.prepare("SELECT entries FROM log_shares").all();
    expect(shares.map(({ entries }) => entries)).toEqual([2]);
    database.exec(`UPDATE log_shares SET entries = ${contentEntriesPerAccountMax - 1}`);
    expect(await resultsOf(member, 2)).toEqual(["stored", "log-full"]);
    expect(await resultsOf(founder, 2)).toEqual(["stored", "stored"]);
    expect(await resultsOf(member, 1)).toEqual(["log-full"]);
    database.close();
    await storage.close();
  });

  it("keeps places for control entries that no single account can use up, and the last for keepers", async () => {
    const storage = await open("acts.db");
    const organisation = await found(storage);
    const { founder } = organisation;
    const [member, colleague] = [
      await joinOrganisation(storage, organisation),
      await joinOrganisation(storage, organisation),
    ];
    const log = await openCase(storage, founder, [member.receivingKey, colleague.receivingKey]);
    const database = new DatabaseSync(join(folder, "acts.db"));
    const most = controlEntriesPerAccountMax.case;
    const sent = database.prepare(
      `INSERT INTO control_senders SELECT organisation, log, ?, ? FROM logs WHERE kind = 2`,
    );
    for (let count = 1; count < most; count++) sent.run(random(32), Buffer.from(member.account, "hex"));
    database.exec(`UPDATE logs SET entry_count = ${most} WHERE kind = 2`);
    let tip = log.first.entry.hash;
    const act = async (by: Member) => {
      // Each says what follows the entry that is there.
      const own = writeLog("case", log.logId).control(by.receivingKey);
      const entry = { ...own.entry, control: tip };
      const control = controlAfter(log, "case", tip, { ...own, entry });
      const appended = await storage.appendControl({ by, control, organisation: undefined, quotas: wide, now });
      if (appended.ok) tip = entry.hash;
      return appended.ok ? "appended" : appended.error.type;
    };
    expect([await act(member), await act(member), await act(colleague)]).toEqual(["appended", "LogFull", "appended"]);
    database.exec(`UPDATE logs SET entry_count = ${entriesOfAllMax.case} WHERE kind = 2`);
    expect([await act(colleague), await act(founder)]).toEqual(["LogFull", "appended"]);
    database.close();
    await storage.close();
  });

  it("is told by an update which account began which log, so that what was begun before counts as well", async () => {
    const file = "older.db";
    const before = await open(file);
    const organisation = await found(before);
    const { founder } = organisation;
    const colleague = await joinOrganisation(before, organisation);
    for (const by of [founder, colleague, colleague]) await openCase(before, by);
    const usage = async (storage: Storage) => [
      await storage.usageOf({ by: founder }),
      await storage.usageOf({ by: colleague }),
    ];
    const known = await usage(before);
    expect(known.map(({ logs }) => logs)).toEqual([2, 2]);
    await before.close();
    const database = new DatabaseSync(join(folder, file));
    database.exec("ALTER TABLE accounts DROP COLUMN logs_begun; DELETE FROM schema_versions WHERE version = 5");
    database.close();
    const updated = await open(file);
    expect(await usage(updated)).toEqual(known);
    await updated.close();
  });

  it("goes on with another thread after one has died, and answers what it asked then", async () => {
    const threads: Worker[] = [];
    const note = (worker: Worker): unknown => threads.push(worker);
    process.on("worker", note);
    const storage = await open("dying.db");
    const { founder } = await found(storage);
    const log = await openCase(storage, founder);
    const gone = expect.objectContaining({ code: "THREAD_GONE" }) as unknown;
    for (const thread of threads.slice()) {
      const exit = once(thread, "exit");
      await thread.terminate();
      await exit;
    }
    const asked = await Promise.allSettled([append(storage, founder, log), storage.ping(), storage.ping()]);
    expect(asked.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    // Of what is under way nobody knows how far it came: that is said, and not asked again.
    const underWay = append(storage, founder, log, 100, 4_096).catch((error: unknown) => error);
    await Promise.all(threads.slice(2).map((thread) => thread.terminate()));
    expect([gone, [expect.objectContaining({ logId: log.logId })]]).toContainEqual(await underWay);
    const entries = [log.content(founder.receivingKey, newDevice()).entry];
    const after = await storage.appendEntries({ by: founder, logs: [{ logId: log.logId, entries }], quotas: wide });
    expect(after).toMatchObject([{ results: ["stored"] }]);
    expect(threads.length).toBeGreaterThan(4);
    process.off("worker", note);
    await storage.close();
  });

  it("fails for what the file does not take that order alone, and not those that share its transaction", async () => {
    const storage = await open("shared.db");
    const { founder } = await found(storage);
    const log = await openCase(storage, founder);
    const page = { table: "server_secrets", columns: ["name", "secret"], rows: [["twice", random(8)] as const] };
    await storage.restorePage({ page });
    const [before, failed, ...after] = await Promise.allSettled([
      append(storage, founder, log),
      storage.restorePage({ page }),
      append(storage, founder, log),
      append(storage, founder, log),
    ]);
    expect(failed).toMatchObject({ status: "rejected", reason: { code: "SQLITE_19" } });
    for (const each of [before, ...after]) expect(each).toMatchObject({ value: [{ results: ["stored"] }] });
    await storage.close();
  });

  it("that is full takes nothing more, says so, and keeps and reads what it has", async () => {
    const storage = await open("full.db", { pagesMax: 200 });
    const { founder } = await found(storage);
    const log = await openCase(storage, founder);
    let stored = 1;
    let failure: unknown;
    while (failure === undefined) {
      try {
        await append(storage, founder, log, 10, 4_096);
        stored += 10;
      } catch (error) {
        failure = error;
      }
    }
    expect(isStorageUnavailable(failure) && failure.code).toBe("SQLITE_13");
    await storage.ping();
    await expect(storage.proveWritable({ mark: random(40_000) })).rejects.toThrow("The storage does not answer");
    expect(await readLog(storage, founder, log.logId)).toHaveLength(stored);
    expect((await storage.usageOf({ by: founder })).entries).toBe(stored + 1);
    await storage.close();
    const roomier = await open("full.db");
    const listed = must(await roomier.hashesAfter({ by: founder, logId: log.logId, after: 0, hashesMax: 10_000 }));
    expect(listed.hashes).toHaveLength(stored);
    await roomier.close();
  });

  it("is read while something else holds the right to write", async () => {
    const storage = await open("busy.db");
    const { founder } = await found(storage);
    const other = new DatabaseSync(join(folder, "busy.db"));
    other.exec("BEGIN IMMEDIATE");
    const written = append(storage, founder, missingCase(founder));
    expect(await storage.positionsServed({ by: founder, fromBucket: 0 })).toHaveLength(1);
    other.exec("ROLLBACK");
    other.close();
    expect(await written).toEqual([{ logId: expect.any(String) as string, results: undefined }]);
    await storage.close();
  });

  it("lets those who wait share one transaction: many orders, few commits", async () => {
    const storage = await open("together.db");
    const { founder } = await found(storage);
    const logs = await Promise.all(Array.from({ length: 64 }, () => openCase(storage, founder)));
    const counter = new DatabaseSync(join(folder, "together.db"));
    const frames = (): number => statSync(join(folder, "together.db-wal")).size;
    const before = frames();
    await append(storage, founder, must(logs[0]));
    const alone = frames() - before;
    const between = frames();
    await Promise.all(logs.map((log) => append(storage, founder, log)));
    // Alone, each would write the pages of counters and of the last entries again.
    expect(frames() - between).toBeLessThan(alone * 32);
    counter.close();
    await storage.close();
  });

  it("answers what was asked before it is closed", async () => {
    const storage = await open("closing.db");
    const { founder } = await found(storage);
    const log = await openCase(storage, founder);
    const asked = Array.from({ length: 20 }, () => append(storage, founder, log));
    await storage.close();
    const answers = (await Promise.all(asked)).flatMap(([answer]) => must(answer?.results));
    expect(answers).toEqual(Array(20).fill("stored"));
    await expect(storage.ping()).rejects.toThrow("The storage does not answer");
  });

  it("has every table in a snapshot, or by name among those that a restore begins anew", async () => {
    await (await open("tables.db")).close();
    const database = new DatabaseSync(join(folder, "tables.db"));
    const there = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    database.close();
    const known = [...tables.map(({ name }) => name), "schema_versions", "woken_slots", "marks"];
    expect(there.map(({ name }) => name).sort()).toEqual(known.sort());
  });

  it("is asked by index alone: no question reads a whole table of entries, logs, wraps or readers", async () => {
    const storage = await open("plans.db");
    const organisation = await found(storage);
    const { founder } = organisation;
    const second = await joinOrganisation(storage, organisation);
    const log = await openCase(storage, founder, [second.receivingKey]);
    await storage.close();
    const connection = openConnection({ file: join(folder, "plans.db"), mode: "write", pagesMax: undefined }, random);
    const statements = new Set<string>();
    const { database } = connection;
    const prepare = database.prepare.bind(database);
    database.prepare = (statement) => {
      statements.add(statement);
      return prepare(statement);
    };
    const by = founder;
    const { logId } = log;
    const entries = [log.content(by.receivingKey).entry];
    const device = "00".repeat(16) as Parameters<Storage["noteSeen"]>[0]["device"];
    await reads.accountById(connection, by);
    await reads.isReaderKey(connection, { organisation: by.organisation, key: by.receivingKey });
    await reads.signInByToken(connection, { tokenHash: random(32), now });
    await reads.servedLog(connection, { by, logId });
    await reads.positionsServed(connection, { by, fromBucket: 0 });
    await reads.entriesAfter(connection, { by, wants: [{ logId, after: 0, digest: digestOfNone() }], bytesMax: 9 });
    await reads.hashesAfter(connection, { by, logId, after: 0, hashesMax: 9 });
    await reads.wrapsFor(connection, { by, logs: [logId] });
    await reads.accountsServed(connection, { organisation: by.organisation, logId });
    await reads.devicesOf(connection, { by, now });
    await writes.appendEntries(connection, { by, logs: [{ logId, entries }], quotas: wide });
    await writes.noteSeen(connection, { by, device, now });
    await writes.replayEndedKeys(connection, { rows: [{ ...by, at: now }] });
    const plans = [...statements].flatMap((statement) =>
      prepare(`EXPLAIN QUERY PLAN ${statement}`)
        .all()
        .map((row) => String(row["detail"])),
    );
    expect(plans.length).toBeGreaterThan(30);
    expect(
      plans.filter((plan) => /^SCAN (entries|logs|l|served|s|wraps|w|accounts|a|sign_ins|places)\b/.test(plan)),
    ).toEqual([]);
    database.close();
  });
});

/** A log that is not there: what is asked of it writes nothing, and waits for the right to write all the same. */
const missingCase = (by: Member): LogWriter => {
  const log = writeLog("case");
  log.control(by.receivingKey);
  return log;
};
