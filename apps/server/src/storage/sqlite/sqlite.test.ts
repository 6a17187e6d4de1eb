/** The contract of storage over a SQLite file, and what is true of that file alone. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { assert, err } from "@amana/kernel";
import type { EntryHash } from "@amana/log";
import { digestOfNone } from "@amana/sync";
import type { Member, Storage } from "../storage.ts";
import { describeStorage } from "../testing/storage.contract.ts";
import {
  controlAfter,
  found,
  join as joinOrganisation,
  must,
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
import { organisationEntriesMax } from "../queries/append-control.ts";
import { positionsStatement } from "../queries/logs.ts";

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

describeStorage("SQLite", { open: () => open("one.db"), openOther: () => open("other.db") });

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

  it("is readable for nobody but whoever runs the server", async () => {
    const storage = await open("private/store.db");
    const modes = readdirSync(join(folder, "private")).map((name) => statSync(join(folder, "private", name)).mode);
    expect(modes.length).toBeGreaterThan(1);
    for (const mode of modes) expect(mode & 0o077).toBe(0);
    expect(statSync(join(folder, "private")).mode & 0o077).toBe(0);
    await storage.close();
  });

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
    const acts = [log.act(founder.receivingKey), log.act(second.receivingKey)] as const;
    const [proposal, confirmation] = acts.map(({ entry }) => entry.hash) as [
      typeof log.first.entry.hash,
      typeof log.first.entry.hash,
    ];
    const send = (by: Member, after: typeof proposal, act: (typeof acts)[number]) =>
      storage.appendControl({
        by,
        control: controlAfter(log, "case", after, act),
        organisation: undefined,
        quotas: wide,
        now,
      });
    await send(founder, log.first.entry.hash, acts[0]);
    await send(second, proposal, acts[1]);
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
    const acted = { by: founder, logId: log.logId, proposal, confirmation, now };
    const entries = bodies.map(({ entry }) => entry.hash);
    expect((await storage.eraseBodies({ ...acted, entries })).ok).toBe(true);
    expect((await storage.shredLog(acted)).ok).toBe(true);
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
    database.exec(`UPDATE logs SET entry_count = ${organisationEntriesMax - 1}`);
    const last = log.act(member.receivingKey);
    expect((await append(member, served.entry.hash, last)).ok).toBe(true);
    const beyond = log.act(founder.receivingKey);
    expect(await append(member, last.entry.hash, beyond)).toEqual(err({ type: "LogFull" }));
    expect((await append(founder, last.entry.hash, beyond)).ok).toBe(true);
    database.close();
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
    await writes.deleteWrapsTo(connection, { organisation: by.organisation, receivingKey: by.receivingKey });
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
