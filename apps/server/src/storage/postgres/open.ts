/**
 * Storage in PostgreSQL, for any number of servers over one database. Appends of one organisation that wait while a
 * commit is on its way share the next one; everything else has a transaction of its own.
 */

import { randomBytes } from "node:crypto";
import type { Client, ClientBase, Pool, QueryConfig } from "pg";
import { assert, err, ok, type Result } from "@amana/kernel";
import { makeWatchers, storageFrom } from "../assemble.ts";
import type { Connection } from "../connection.ts";
import { migrationsAfter, schemaVersionsTable, type Unprepared } from "../migrations.ts";
import { reads, writes, type WriteName } from "../operations.ts";
import { appendTogether, type AppendAnswer, type AppendOrder } from "../queries/append-entries.ts";
import { firstPlace, readPage, type SnapshotPlace } from "../snapshot.ts";
import type { Snapshot, Storage, StoreHeld } from "../storage.ts";
import { isStorageUnavailable, storageUnavailable } from "../unavailable.ts";
import type { Change, OrganisationId, TablePage } from "../values.ts";
import { connectionOver } from "./connection.ts";
import { databaseHold, type DatabaseHold, type HoldKind } from "./hold.ts";
import { startNotifications } from "./notifications.ts";
import { makeClient, makePool, patienceUsual, withClient, type Patience } from "./pool.ts";
import { ask, transact } from "./transaction.ts";

export type PostgresSettings = {
  readonly url: string;
  /** Whether an older schema is brought up to date, or the first one made; otherwise it is refused. */
  readonly migrates: boolean;
  readonly patience?: Patience;
  /** Of whoever works beside others without a word, nothing. */
  readonly holds?: HoldKind | undefined;
};

export const openPostgres = async ({
  url,
  migrates,
  patience = patienceUsual,
  holds,
}: PostgresSettings): Promise<Result<Storage, Unprepared | StoreHeld>> => {
  const pool = makePool(url, patience);
  // Changes of its own are told here at once, and not again when PostgreSQL tells everyone.
  const ownProcesses = new Set<number>();
  pool.on("connect", (client) => void ownProcesses.add(processOf(client)));
  pool.on("remove", (client) => void ownProcesses.delete(processOf(client)));
  const { watch, tell } = makeWatchers();
  const hold = holds === undefined ? undefined : databaseHold(holds);
  const onListening = async (client: Client): Promise<void> => hold?.take(client);
  const notifications = await startNotifications(
    () => makeClient(url, patience),
    { pool, ownProcesses, patience, onListening },
    tell,
  );
  const close = async (): Promise<void> => {
    await notifications.close();
    await pool.end();
  };
  const version = await prepareHeld(pool, hold, migrates).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  if (!version.ok) {
    await close();
    return version;
  }
  const appending = makeAppending(pool, notifications.send);
  const write = async (name: WriteName, question: unknown): Promise<unknown> => {
    // Question and operation are joined by their name in the contract.
    if (name === "appendEntries") return appending(question as AppendOrder);
    if (holds === "alone" && hold?.isHeld() !== true) throw storageUnavailable({ code: "HOLD_LOST" });
    const { answer, changes } = await transact(pool, (connection) => run(writes[name], connection, question));
    notifications.send(changes);
    return answer;
  };
  return ok(
    storageFrom({
      read: (name, question) => ask(pool, (connection) => run(reads[name], connection, question)),
      write,
      watch,
      openSnapshot: () => openSnapshot(url, version.value),
      close,
    }),
  );
};

const run = (operation: unknown, connection: Connection, question: unknown): Promise<unknown> =>
  // Question and operation are joined by their name in the contract.
  (operation as (connection: Connection, question: unknown) => Promise<unknown>)(connection, question);

/** Whoever is refused has changed nothing. */
const prepareHeld = async (
  pool: Pool,
  hold: DatabaseHold | undefined,
  migrates: boolean,
): Promise<Result<number, Unprepared | StoreHeld>> =>
  hold?.isHeld() === false ? err({ type: "StoreHeld" }) : prepareSchema(pool, migrates);

/** A lock that only migrations take, so that two servers started at once do not both run them. */
const migrationLock = 4_177_001;
const migrationMillisecondsMax = 24 * 3_600_000;

/** The driver takes a time of its own for a question, which its types do not know. */
const stepOf = (text: string): QueryConfig & { readonly query_timeout: number } => ({
  text,
  query_timeout: migrationMillisecondsMax,
});

const prepareSchema = (pool: Pool, migrates: boolean): Promise<Result<number, Unprepared>> =>
  withClient(pool, async (client) => {
    try {
      if (!migrates && !(await isPrepared(client))) return err({ type: "StoreMissing" });
      await client.query("SELECT pg_advisory_lock($1)", [migrationLock]);
      await client.query(schemaVersionsTable);
      const versions = await client.query<{ version: number | null }>(
        "SELECT max(version) AS version FROM schema_versions",
      );
      const version = versions.rows[0]?.version ?? 0;
      const migrations = migrationsAfter("postgres", version);
      if (migrations.ok && (migrations.value.length === 0 || migrates)) {
        for (const { version: next, statements } of migrations.value) {
          await client.query("BEGIN");
          // A step may look at every row of a large store, which no question of a server may.
          await client.query("SET LOCAL statement_timeout = 0");
          await client.query(stepOf(statements));
          await client.query("INSERT INTO schema_versions (version) VALUES ($1)", [next]);
          await client.query("COMMIT");
        }
      }
      await client.query("SELECT pg_advisory_unlock($1)", [migrationLock]);
      if (!migrations.ok) return migrations;
      if (migrations.value.length > 0 && !migrates) return err({ type: "SchemaOlder" });
      return ok(version + migrations.value.length);
    } catch (error) {
      throw storageUnavailable(error);
    }
  });

const isPrepared = async (client: ClientBase): Promise<boolean> => {
  const { rows } = await client.query<{ found: unknown }>("SELECT to_regclass('schema_versions') AS found");
  return rows[0]?.found !== null;
};

const processOf = (client: object): number =>
  "processID" in client && typeof client.processID === "number" ? client.processID : -1;

type Waiting = {
  readonly order: AppendOrder;
  readonly resolve: (answer: AppendAnswer) => void;
  readonly reject: (error: unknown) => void;
};

const ordersPerTransactionMax = 64;
const ordersWaitingMax = 10_000;

/** Group commit, by organisation: organisations never wait for each other. */
const makeAppending = (
  pool: Pool,
  send: (changes: readonly Change[]) => void,
): ((order: AppendOrder) => Promise<AppendAnswer>) => {
  const waitingByOrganisation = new Map<OrganisationId, Waiting[]>();
  let waitingCount = 0;

  const commit = async (organisation: OrganisationId, waiting: Waiting[]): Promise<void> => {
    while (waiting.length > 0) {
      const together = waiting.splice(0, ordersPerTransactionMax);
      waitingCount -= together.length;
      const failed = await commitTogether(together);
      if (failed === undefined) continue;
      const isShared = together.length > 1 && isOfOneOrder(failed.error);
      for (const each of together) {
        const alone = isShared ? await commitTogether([each]) : failed;
        if (alone !== undefined) each.reject(alone.error);
      }
    }
    waitingByOrganisation.delete(organisation);
  };

  /** Gives why it failed; whoever asked has not heard of that yet. */
  const commitTogether = async (together: readonly Waiting[]): Promise<{ readonly error: unknown } | undefined> => {
    try {
      const orders = together.map(({ order }) => order);
      const { answer, changes } = await transact(pool, (connection) => appendTogether(connection, orders));
      together.forEach(({ resolve }, index) => {
        const own = answer[index];
        assert(own !== undefined, "An order to append has no answer.");
        resolve(own);
      });
      send(changes);
      return undefined;
    } catch (error) {
      return { error };
    }
  };

  return (order) =>
    new Promise((resolve, reject) => {
      if (waitingCount >= ordersWaitingMax) {
        reject(storageUnavailable({ code: "TOO_MANY_WAITING" }));
        return;
      }
      waitingCount += 1;
      const { organisation } = order.by;
      const waiting = waitingByOrganisation.get(organisation);
      if (waiting !== undefined) {
        waiting.push({ order, resolve, reject });
        return;
      }
      const first = [{ order, resolve, reject }];
      waitingByOrganisation.set(organisation, first);
      void commit(organisation, first);
    });
};

/**
 * What the database would not take, or a mistake of ours, may be of one order alone: each is tried once more by itself, so that it
 * fails nobody else's. A database that is away or full fails all of them.
 */
const isOfOneOrder = (error: unknown): boolean =>
  !isStorageUnavailable(error) || /^(22|23|42|54|P0|XX)/.test(error.code);

const openSnapshot = async (url: string, schemaVersion: number): Promise<Snapshot> => {
  const client = makeClient(url);
  // A connection that breaks is said by the next page.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SET idle_in_transaction_session_timeout = '15min'");
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query("SELECT version FROM schema_versions");
  } catch (error) {
    await client.end().catch(() => undefined);
    throw storageUnavailable(error);
  }
  return { schemaVersion, pages: () => pagesFrom(client), close: () => client.end() };
};

async function* pagesFrom(client: Client): AsyncGenerator<TablePage> {
  const connection = connectionOver(client, (length) => new Uint8Array(randomBytes(length)));
  for (let place: SnapshotPlace | undefined = firstPlace; place !== undefined;) {
    const found: Awaited<ReturnType<typeof readPage>> = await readPage(connection, place).catch((error: unknown) => {
      throw storageUnavailable(error);
    });
    if (found !== undefined && found.page.rows.length > 0) yield found.page;
    place = found?.next;
  }
}
