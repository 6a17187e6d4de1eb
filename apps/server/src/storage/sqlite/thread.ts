/**
 * A thread that owns one connection to the SQLite file. The one that writes is the only one that does.
 *
 * What must stay true: a write is answered only after the transaction it was in is on the disk.
 */

import { randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { assert, exhausted } from "@amana/kernel";
import { isRefusal } from "../operation.ts";
import { reads, writes } from "../operations.ts";
import { readPage } from "../snapshot.ts";
import { openConnection, type SqliteConnection } from "./connection.ts";
import { cutLog } from "./cut-log.ts";
import {
  codeOf,
  isOfSqlite,
  type Answer,
  type Call,
  type Order,
  type Outcome,
  type ThreadSettings,
} from "./messages.ts";

// Given by `thread-of.ts` alone, which types it.
const settings = workerData as ThreadSettings;
const port = parentPort;
assert(port !== null, "This file is started as a thread.");
const connection = openConnection(settings, (length) => new Uint8Array(randomBytes(length)));

/** After these, the write-ahead log must not keep what was erased. */
const erasing: ReadonlySet<string> = new Set([
  "eraseBodies",
  "shredLog",
  "forbidRecovery",
  "replayLedger",
  "replayEndedKeys",
]);
let mustCutLog = false;

type AnyOperation = (connection: SqliteConnection, question: unknown) => Promise<unknown>;

const operationNamed = (table: object, name: string): AnyOperation => {
  const found = Object.entries(table).find(([key]) => key === name);
  assert(found !== undefined, "The store was asked for an operation that it does not have.");
  // Question and operation were joined by their name in the contract, on the other side.
  return found[1] as AnyOperation;
};

const write = async (calls: readonly Call[]): Promise<Answer> => {
  connection.takeChanges();
  connection.database.exec("BEGIN IMMEDIATE");
  try {
    const outcomes: Outcome[] = [];
    for (const call of calls) outcomes.push(await writeOne(call));
    connection.database.exec("COMMIT");
    const changes = connection.takeChanges();
    cutLogAfter(calls);
    return { kind: "outcomes", outcomes, changes };
  } catch (error) {
    if (connection.database.isTransaction) connection.database.exec("ROLLBACK");
    throw error;
  }
};

/** A refusal or a mistake of one order leaves the others of the transaction as they are. */
const writeOne = async (call: Call): Promise<Outcome> => {
  const before = connection.takeChanges();
  connection.database.exec("SAVEPOINT one");
  const outcome = await outcomeOf(operationNamed(writes, call.name), call);
  const isKept = outcome.kind === "answered" && !isRefusal(outcome.answer);
  if (!isKept) {
    connection.takeChanges();
    connection.database.exec("ROLLBACK TO one");
  }
  connection.database.exec("RELEASE one");
  for (const change of [...before, ...connection.takeChanges()]) connection.tell(change);
  return outcome;
};

const outcomeOf = async (operation: AnyOperation, { question }: Call): Promise<Outcome> => {
  try {
    return { kind: "answered", answer: await operation(connection, question) };
  } catch (error) {
    if (isOfSqlite(error)) throw error;
    return { kind: "mistaken", frames: framesOf(error) };
  }
};

const cutLogAfter = (calls: readonly Call[]): void => {
  mustCutLog ||= calls.some(({ name }) => erasing.has(name));
  if (mustCutLog) mustCutLog = !cutLog(connection.database, connection.busyMilliseconds);
};

const read = async (call: Call): Promise<Answer> => {
  connection.database.exec("BEGIN");
  try {
    return { kind: "outcomes", outcomes: [await outcomeOf(operationNamed(reads, call.name), call)], changes: [] };
  } finally {
    if (connection.database.isTransaction) connection.database.exec("ROLLBACK");
  }
};

const answerTo = async (order: Order): Promise<Answer> => {
  switch (order.kind) {
    case "write":
      return write(order.calls);
    case "read":
      return read(order.call);
    case "page": {
      const found = await readPage(connection, order.place);
      return { kind: "page", page: found?.page, next: found?.next };
    }
    case "stop":
      connection.database.close();
      return { kind: "stopped" };
    default:
      return exhausted(order);
  }
};

const framesOf = (error: unknown): string =>
  error instanceof Error
    ? (error.stack ?? "")
        .split("\n")
        .filter((line) => /^\s+at /.test(line))
        .join("\n")
    : "";

const answerSafely = async (order: Order): Promise<Answer> => {
  try {
    return await answerTo(order);
  } catch (error) {
    return { kind: "failed", code: isOfSqlite(error) ? codeOf(error) : "MISTAKE" };
  }
};

// A snapshot is of the moment it is opened.
if (settings.mode === "snapshot") {
  connection.database.exec("BEGIN");
  connection.database.prepare("SELECT version FROM schema_versions").all();
}

// The operations are synchronous underneath, so that one message is answered before the next is looked at.
port.on("message", (order: Order) => {
  void answerSafely(order).then((answer) => {
    port.postMessage(answer);
    if (order.kind === "stop") port.close();
  });
});
port.postMessage({ kind: "stopped" } satisfies Answer);
