/**
 * Storage in one SQLite file: one thread writes, another reads, so that neither the server nor a question waits while
 * a write goes to the disk. Orders that wait meanwhile share the next durable transaction. Who asks is looked up here: a walk
 * down two indexes is done before another thread has heard of it.
 */

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { assert, err, ok, type Result } from "@amana/kernel";
import { makeFolder, makeForFolder } from "../../folders.ts";
import { makeWatchers, storageFrom, type Watchers } from "../assemble.ts";
import { migrationsAfter, schemaVersionsTable, type Unprepared } from "../migrations.ts";
import { reads } from "../operations.ts";
import { firstPlace, type SnapshotPlace } from "../snapshot.ts";
import type { Snapshot, Storage } from "../storage.ts";
import type { TablePage } from "../values.ts";
import { isStorageUnavailable, storageUnavailable } from "../unavailable.ts";
import { openConnection } from "./connection.ts";
import { codeOf, isOfSqlite, type Answer, type Call, type Outcome, type ThreadSettings } from "./messages.ts";
import { startThread, type Thread } from "./thread-of.ts";

export type SqliteSettings = {
  readonly file: string;
  /** Whether an older schema is brought up to date, or the first one made; otherwise it is refused. */
  readonly migrates: boolean;
  /** Of the file, in pages of 4,096 bytes; only tests of a full disk give it. */
  readonly pagesMax?: number;
};

const ordersPerTransactionMax = 256;
const ordersWaitingMax = 10_000;

export const openSqlite = async (settings: SqliteSettings): Promise<Result<Storage, Unprepared>> => {
  const migrated = prepareFile(settings);
  if (!migrated.ok) return migrated;
  const threadSettings = { file: settings.file, pagesMax: settings.pagesMax };
  const writer = await startThread({ ...threadSettings, mode: "write" });
  const reader = await startThread({ ...threadSettings, mode: "read" });
  const here = openHere(threadSettings);
  const { watch, tell } = makeWatchers();
  const committing = makeCommitting(writer, tell);
  return ok(
    storageFrom({
      read: async (name, question) => {
        if (name === "signInByToken") return here.signInByToken(question);
        const answer = await reader.ask({ kind: "read", call: { name, question } });
        return answerOf(outcomesOf(answer).outcomes[0]);
      },
      write: (name, question) => committing.write({ name, question }),
      watch,
      openSnapshot: () => openSnapshot({ ...threadSettings, mode: "snapshot" }, migrated.value),
      close: async () => {
        await committing.finish();
        here.close();
        // The one that writes goes last: it alone can bring the write-ahead log home, so that a store at rest is one file.
        await reader.stop();
        await writer.stop();
      },
    }),
  );
};

type Here = { readonly signInByToken: (question: unknown) => Promise<unknown>; readonly close: () => void };

/** It waits for no other process: the server would stand still meanwhile. */
const openHere = (settings: Omit<ThreadSettings, "mode">): Here => {
  const connection = openConnection({ ...settings, mode: "read" }, (length) => new Uint8Array(randomBytes(length)), 0);
  return {
    signInByToken: async (question) => {
      if (!connection.database.isOpen) throw storageUnavailable({ code: "CLOSED" });
      try {
        // The contract gives it a question of this name alone.
        return await reads.signInByToken(connection, question as Parameters<Storage["signInByToken"]>[0]);
      } catch (error) {
        throw isOfSqlite(error) ? storageUnavailable({ code: codeOf(error) }) : error;
      }
    },
    close: () => connection.database.close(),
  };
};

/** Makes the file, readable for nobody else, and brings its schema up to date. Gives the version. */
const prepareFile = ({ file, migrates }: SqliteSettings): Result<number, Unprepared> => {
  if (!migrates && !existsSync(file)) return err({ type: "StoreMissing" });
  makeFolder(dirname(file));
  const maskBefore = process.umask(0o077);
  // What SQLite makes beside it belongs to whom this one does.
  const database = makeForFolder(file, () => new DatabaseSync(file));
  try {
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    database.exec(schemaVersionsTable);
    const row = database.prepare("SELECT max(version) AS version FROM schema_versions").get();
    const version = typeof row?.["version"] === "number" ? row["version"] : 0;
    const migrations = migrationsAfter("sqlite", version);
    if (!migrations.ok) return migrations;
    if (migrations.value.length > 0 && !migrates) return err({ type: "SchemaOlder" });
    for (const { version: next, statements } of migrations.value) {
      database.exec(`BEGIN IMMEDIATE; ${statements}; INSERT INTO schema_versions (version) VALUES (${next}); COMMIT`);
    }
    return ok(version + migrations.value.length);
  } finally {
    database.close();
    process.umask(maskBefore);
  }
};

type Order = Call & { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void };

type Committing = {
  readonly write: (call: Call) => Promise<unknown>;
  readonly finish: () => Promise<void>;
};

/** Group commit: while one transaction is on its way to the disk, whatever arrives waits for the next, together. */
const makeCommitting = (writer: Thread, tell: Watchers["tell"]): Committing => {
  const waiting: Order[] = [];
  let underWay: Promise<void> | undefined;

  const commit = async (): Promise<void> => {
    while (waiting.length > 0) {
      const orders = waiting.splice(0, ordersPerTransactionMax);
      const failed = await commitTogether(orders);
      if (failed === undefined) continue;
      const isShared = orders.length > 1 && isOfOneOrder(failed);
      for (const order of orders) {
        const alone = isShared ? await commitTogether([order]) : failed;
        if (alone !== undefined) order.reject(alone);
      }
    }
    underWay = undefined;
  };

  /** Gives why nothing of it was written; whoever asked has not heard of that yet. */
  const commitTogether = async (orders: readonly Order[]): Promise<Error | undefined> => {
    try {
      const calls = orders.map(({ name, question }) => ({ name, question }));
      const { outcomes, changes } = outcomesOf(await writer.ask({ kind: "write", calls }));
      orders.forEach((order, index) => {
        settle(order, outcomes[index]);
      });
      tell(changes);
      return undefined;
    } catch (error) {
      // Both kinds of rejection are made here and by the thread, as errors.
      return error as Error;
    }
  };

  return {
    write: (call) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= ordersWaitingMax) {
          reject(storageUnavailable({ code: "TOO_MANY_WAITING" }));
          return;
        }
        waiting.push({ ...call, resolve, reject });
        underWay ??= commit();
      }),
    finish: async () => {
      await underWay;
    },
  };
};

/**
 * What the file would not take may be of one order alone: each is tried once more by itself, so that it fails nobody else's. A thread
 * or a file that is away fails all of them, and whether a dead thread had written them nobody knows.
 */
const isOfOneOrder = (error: Error): boolean => isStorageUnavailable(error) && ofOneOrder.has(error.code);

/** Our own mistake, ERROR, FULL, TOOBIG, CONSTRAINT, MISMATCH, RANGE. */
const ofOneOrder: ReadonlySet<string> = new Set([
  "MISTAKE",
  ...[1, 13, 18, 19, 20, 25].map((code) => `SQLITE_${code}`),
]);

const settle = ({ resolve, reject }: Order, outcome: Outcome | undefined): void => {
  try {
    resolve(answerOf(outcome));
  } catch (error) {
    // Made by `answerOf`, as an error.
    reject(error as Error);
  }
};

const outcomesOf = (answer: Answer): Extract<Answer, { readonly kind: "outcomes" }> => {
  if (answer.kind === "failed") throw storageUnavailable({ code: answer.code });
  assert(answer.kind === "outcomes", "A thread of the store answered another question.");
  return answer;
};

const answerOf = (outcome: Outcome | undefined): unknown => {
  assert(outcome !== undefined, "A thread of the store left a question without an answer.");
  if (outcome.kind === "answered") return outcome.answer;
  const mistake = new Error("A question to the store failed by our own mistake.");
  mistake.stack = `${mistake.name}: ${mistake.message}\n${outcome.frames}`;
  throw mistake;
};

const openSnapshot = async (settings: ThreadSettings, schemaVersion: number): Promise<Snapshot> => {
  const thread = await startThread(settings);
  return { schemaVersion, pages: () => pagesFrom(thread), close: () => thread.stop() };
};

async function* pagesFrom(thread: Thread): AsyncGenerator<TablePage> {
  for (let place: SnapshotPlace | undefined = firstPlace; place !== undefined;) {
    const answer: Answer = await thread.ask({ kind: "page", place });
    if (answer.kind === "failed") throw storageUnavailable({ code: answer.code });
    assert(answer.kind === "page", "A thread of the store answered another question.");
    if (answer.page !== undefined && answer.page.rows.length > 0) yield answer.page;
    place = answer.next;
  }
}
