/** How the server connects to PostgreSQL: bounded in number and time, with the types of our tables. */

import { Client, Pool, type ClientConfig, type PoolClient } from "pg";
import { storageUnavailable } from "../unavailable.ts";

const connectionsMax = 10;
const connectMillisecondsMax = 5_000;
const statementMillisecondsMax = 30_000;
/** A transaction that nobody goes on with gives its locks back. */
const idleInTransactionMillisecondsMax = 60_000;
const idleMillisecondsMax = 30_000;

/** For how long nothing is heard of a database before it is given up: its machine, or the way to it, may go without a word. */
export type Patience = {
  /** For one answer: longer than a statement may take. */
  readonly answerMilliseconds: number;
  /** How often the connection that only listens is asked whether it is still there. */
  readonly listeningMilliseconds: number;
};

export const patienceUsual: Patience = {
  answerMilliseconds: statementMillisecondsMax + 5_000,
  listeningMilliseconds: 15_000,
};

const int8 = 20;
const bytea = 17;
const numberTypes: readonly number[] = [int8, 21, 23];

/** Numbers of our tables are below 2^53, and bytes are ours, not a view over what the driver received. */
const parserOf = (type: number): ((text: string) => unknown) => {
  if (numberTypes.includes(type)) return Number;
  if (type === bytea) return (text) => new Uint8Array(Buffer.from(text.slice(2), "hex"));
  return (text) => text;
};

const clientSettings = (url: string, { answerMilliseconds }: Patience): ClientConfig => ({
  connectionString: url,
  connectionTimeoutMillis: connectMillisecondsMax,
  statement_timeout: statementMillisecondsMax,
  query_timeout: answerMilliseconds,
  idle_in_transaction_session_timeout: idleInTransactionMillisecondsMax,
  keepAlive: true,
  // Every question of ours has its index. A plan is made for the organisation at hand, so that it looks at one partition
  // alone, and none that was made while a table was empty stays.
  options:
    "-c plan_cache_mode=force_custom_plan -c enable_seqscan=off -c jit=off -c synchronous_commit=on " +
    // What a machine held that went without a word is free within a minute.
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3",
  types: { getTypeParser: parserOf },
});

export const makePool = (url: string, patience: Patience): Pool => {
  const pool = new Pool({
    ...clientSettings(url, patience),
    max: connectionsMax,
    idleTimeoutMillis: idleMillisecondsMax,
  });
  // A connection that breaks while nobody uses it is thrown away by the pool, and the next question gets a new one. One
  // that breaks in use fails its question; the driver says it a second time, and must not end the server by that.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => void client.on("error", () => undefined));
  return pool;
};

export const makeClient = (url: string, patience = patienceUsual): Client => new Client(clientSettings(url, patience));

/** Runs something on a connection of the pool. After a failure the connection is thrown away. */
export const withClient = async <T>(pool: Pool, use: (client: PoolClient) => Promise<T>): Promise<T> => {
  const client = await connect(pool);
  try {
    const result = await use(client);
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
};

const connect = async (pool: Pool): Promise<PoolClient> => {
  try {
    return await pool.connect();
  } catch (error) {
    throw storageUnavailable(error);
  }
};
