/** Runs orders in transactions of PostgreSQL. Two that got in each other's way are run again, a bounded number of times. */

import { randomBytes } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import { isRefusal } from "../operation.ts";
import { storageUnavailable } from "../unavailable.ts";
import type { Change } from "../values.ts";
import { connectionOver, type PostgresConnection } from "./connection.ts";
import { withClient } from "./pool.ts";

const attemptsMax = 5;
/** Deadlock, serialization failure: nothing was written, and the same may be tried again. */
const retried: readonly string[] = ["40P01", "40001"];

export type Committed<T> = { readonly answer: T; readonly changes: readonly Change[] };

const randomness = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(length));

export const ask = <T>(pool: Pool, operation: (connection: PostgresConnection) => Promise<T>): Promise<T> =>
  withClient(pool, (client) => translated(() => operation(connectionOver(client, randomness))));

/** Durable when it answers, unless the answer is a refusal: then nothing was written. */
export const transact = async <T>(
  pool: Pool,
  operation: (connection: PostgresConnection) => Promise<T>,
): Promise<Committed<T>> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await withClient(pool, (client) => inTransaction(client, operation));
    } catch (error) {
      if (attempt >= attemptsMax || !isRetried(error)) throw asUnavailable(error);
    }
  }
};

const inTransaction = async <T>(
  client: PoolClient,
  operation: (connection: PostgresConnection) => Promise<T>,
): Promise<Committed<T>> => {
  const connection = connectionOver(client, randomness);
  await client.query("BEGIN");
  const answer = await operation(connection);
  if (isRefusal(answer)) {
    await client.query("ROLLBACK");
    return { answer, changes: [] };
  }
  const { command } = await client.query("COMMIT");
  // PostgreSQL answers the commit of a transaction that failed with a rollback, and calls it no error.
  if (command !== "COMMIT") throw storageUnavailable({ code: "NOT_COMMITTED" });
  return { answer, changes: connection.changes };
};

/** Errors of the driver hold values of rows in their texts; what leaves here holds a code. */
const translated = async <T>(run: () => Promise<T>): Promise<T> => {
  try {
    return await run();
  } catch (error) {
    throw asUnavailable(error);
  }
};

const isRetried = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "code" in error && retried.includes(String(error.code));

/** Our own assertions stay what they are. */
const asUnavailable = (error: unknown): Error =>
  error instanceof Error && !("code" in error) && !isOfConnection(error) ? error : storageUnavailable(error);

/** The driver's errors about a broken connection have no code. */
const isOfConnection = (error: Error): boolean =>
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded|Query read timeout|Client was closed)/.test(
    error.message,
  );
