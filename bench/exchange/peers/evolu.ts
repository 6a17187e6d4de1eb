/**
 * Evolu: rows in SQLite that the device seals, and a relay that keeps sealed changes; an owner for each log, so that one log can
 * be fetched by itself.
 *
 * Relay and device are Evolu's own code. Only the driver of SQLite is other: Evolu's is better-sqlite3, whose native part an
 * install script fetches, and no install of ours runs one. Node.js's own SQLite does the same statements with the same syncing.
 * Evolu has no worker for Node.js yet, so its database worker runs in the device's process and is asked directly.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { importPeer } from "../../peers.ts";
import type { ExchangePeer, Logs } from "../peer.ts";

/** The little of the libraries that is used here. */
type Value = Uint8Array | number | string | null;
type Query = { readonly sql: string; readonly parameters: readonly Value[] };
type Owner = { readonly id: string };
type Run = {
  readonly create: (deps: object) => Run;
  readonly orThrow: (task: unknown) => Promise<unknown>;
};
type Common = {
  readonly createRun: (deps: object) => Run;
  readonly createConsole: (settings: object) => object;
  readonly createRandomBytes: () => object;
  readonly createId: (deps: object) => string;
  readonly createRandom: () => object;
  readonly sqliteQueryToSqliteQueryString: (query: Query) => string;
  readonly ok: (value?: unknown) => object;
};
type LocalFirst = {
  readonly createOwnerSecret: (deps: object) => Uint8Array;
  readonly createAppOwner: (secret: Uint8Array) => Owner & { readonly encryptionKey: Uint8Array };
  readonly deriveShardOwner: (owner: Owner, path: readonly [string, number]) => Owner;
  readonly startDbWorker: (self: WorkerSelf) => unknown;
  readonly parseProtocolHeader: (message: Uint8Array) => { readonly value: { readonly ownerId: string } };
};
type NodeSide = {
  readonly startRelay: (settings: object) => unknown;
  readonly createTimingSafeEqual: () => object;
};
type WorkerSelf = { onMessage: (message: object) => void; readonly [Symbol.dispose]: () => void };
type Port = { readonly postMessage: (said: object) => void; onMessage: (asked: object) => void };
type Answered = {
  readonly response: {
    readonly message: {
      readonly rowsByQuery: ReadonlyMap<string, readonly { readonly text: string }[]>;
      readonly protocolMessagesByOwnerId: ReadonlyMap<string, Uint8Array>;
      readonly result: {
        readonly ok: boolean;
        readonly value: { readonly type: string; readonly message: Uint8Array };
      };
    };
  };
};
type EvoluTicket = { readonly secret: string };

const table = "entry";
const rowsPerMutation = 500;

// Types of the peers are not installed where ours are checked; these are the parts their documentation promises.
const common = async (): Promise<Common> => (await importPeer("@evolu/common", "dist/src/index.js")) as Common;
const localFirst = async (): Promise<LocalFirst> =>
  (await importPeer("@evolu/common", "dist/src/local-first/index.js")) as LocalFirst; // As above.

/** As Evolu's own over better-sqlite3: every statement prepared once, rows where there are columns. */
const driverIn = (folder: string, ok: Common["ok"]) => (name: string) => () => {
  const database = new DatabaseSync(join(folder, `${name}.db`));
  const known = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  const prepared = (sql: string): ReturnType<DatabaseSync["prepare"]> => {
    const statement = known.get(sql) ?? database.prepare(sql);
    known.set(sql, statement);
    return statement;
  };
  const exec = ({ sql, parameters }: Query): object => {
    const statement = prepared(sql);
    if (statement.columns().length > 0) return { rows: statement.all(...parameters), changes: 0 };
    return { rows: [], changes: Number(statement.run(...parameters).changes) };
  };
  const close = (): void => database.close();
  return Promise.resolve(ok({ exec, export: () => new Uint8Array(), [Symbol.dispose]: close }));
};

const depsFor = async (folder: string): Promise<object> => {
  const { createConsole, createRandom, ok } = await common();
  return {
    createSqliteDriver: driverIn(folder, ok),
    random: createRandom(),
    console: createConsole({ level: "silent" }),
  };
};

type Device = {
  readonly ask: (to: "ForEvolu" | "ForSharedWorker", message: object) => Promise<Answered["response"]["message"]>;
};

/** Evolu's database worker in this process. It answers one question at a time. */
const openDevice = async (folder: string, encryptionKey: Uint8Array): Promise<Device> => {
  mkdirSync(folder, { recursive: true });
  const { createRun } = await common();
  const { startDbWorker } = await localFirst();
  const waiting: ((answered: Answered) => void)[] = [];
  const nothing = { subscribe: () => () => undefined, get: () => null };
  const port: Port & { readonly [Symbol.dispose]: () => void } = {
    postMessage: (said) => {
      // The worker says nothing else to this port but that it leads.
      if ("callbackId" in said) waiting.shift()?.(said as unknown as Answered);
    },
    onMessage: () => undefined,
    [Symbol.dispose]: () => undefined,
  };
  const run = createRun({
    ...(await depsFor(folder)),
    createMessagePort: () => port,
    createBroadcastChannel: () => ({ postMessage: complain, [Symbol.dispose]: () => undefined }),
    consoleStoreOutputEntry: nothing,
    lockManager: { request: (_name: string, _settings: object, lead: () => Promise<void>) => lead() },
  });
  const self: WorkerSelf = { onMessage: () => undefined, [Symbol.dispose]: () => undefined };
  const started = run.orThrow(startDbWorker(self));
  const sqliteSchema = { tables: { [table]: new Set(["log", "text"]) }, indexes: [] };
  const name = "device";
  self.onMessage({
    type: "DbWorkerInit",
    name,
    consoleLevel: "silent",
    sqliteSchema,
    encryptionKey,
    memoryOnly: false,
    port,
  });
  await started;
  const ask: Device["ask"] = async (to, message) => {
    const answered = new Promise<Answered>((resolve) => {
      waiting.push(resolve);
    });
    port.onMessage({ type: "Request", callbackId: "one", request: { type: to, id: "one", message } });
    return (await answered).response.message;
  };
  return { ask };
};

const complain = (said: object): void => {
  if ("error" in said) throw new Error("Evolu's device reports an error.");
};

const ownersFor = async (
  secret: Uint8Array,
  numbers: readonly number[],
): Promise<{ readonly encryptionKey: Uint8Array; readonly owners: readonly Owner[] }> => {
  const { createAppOwner, deriveShardOwner } = await localFirst();
  const owner = createAppOwner(secret);
  const owners = numbers.map((number) => deriveShardOwner(owner, ["log", number]));
  return { encryptionKey: owner.encryptionKey, owners };
};

/** Over one connection, until device and relay agree on every owner. */
const synchronise = async ({ ask }: Device, owners: readonly Owner[], port: number): Promise<void> => {
  const { parseProtocolHeader } = await localFirst();
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  socket.binaryType = "arraybuffer";
  const open = new Map(owners.map((owner) => [owner.id, owner]));
  await new Promise((resolve) => {
    socket.addEventListener("open", resolve);
  });
  const done = new Promise<void>((resolve, reject) => {
    let last: Promise<void> = Promise.resolve();
    const take = async (message: Uint8Array): Promise<void> => {
      const owner = open.get(parseProtocolHeader(message).value.ownerId);
      const { result } = await ask("ForSharedWorker", { type: "ApplySyncMessage", owner, inputMessage: message });
      if (!result.ok || owner === undefined) throw new Error("Evolu's device does not take what the relay said.");
      if (result.value.type === "Response") socket.send(new Uint8Array(result.value.message));
      else open.delete(owner.id);
      if (open.size === 0) resolve();
    };
    socket.addEventListener("message", ({ data }) => {
      // The socket gives nothing else, as `binaryType` says.
      last = last.then(() => take(new Uint8Array(data as ArrayBuffer))).catch(reject);
    });
  });
  const { protocolMessagesByOwnerId } = await ask("ForSharedWorker", { type: "CreateSyncMessages", owners });
  for (const message of protocolMessagesByOwnerId.values()) socket.send(new Uint8Array(message));
  await done;
  socket.close();
};

export const evolu: ExchangePeer = {
  name: "Evolu",
  package: "@evolu/common",
  isEncrypting: true,
  durability: {
    isSynced: true,
    // @evolu/common 8.0.0-next.5: applyProtocolMessageAsRelay in src/local-first/Protocol.ts awaits `storage.writeMessages`, one
    // transaction. Evolu sets no pragma, and SQLite then has journal_mode = DELETE and synchronous = FULL.
    because: "its source answers after the transaction, and its SQLite has synchronous = FULL by itself",
  },
  load: () => Promise.all([common(), localFirst()]),
  startServer: async (folder) => {
    mkdirSync(folder, { recursive: true });
    const { createRun } = await common();
    // As above.
    const { startRelay, createTimingSafeEqual } = (await importPeer("@evolu/nodejs", "dist/src/index.js")) as NodeSide;
    // The relay looks for its file where it was started.
    process.chdir(folder);
    const run = createRun({ ...(await depsFor(folder)), timingSafeEqual: createTimingSafeEqual() });
    const relay = await run.orThrow(startRelay({ port: 0, isOwnerWithinQuota: () => true }));
    return (relay as { readonly port: number }).port; // As above.
  },
  write: async (logs, port, folder) => {
    const { createRandomBytes, createId } = await common();
    const { createOwnerSecret } = await localFirst();
    const randomBytes = createRandomBytes();
    const secret = createOwnerSecret({ randomBytes });
    const { encryptionKey, owners } = await ownersFor(secret, [...logs.keys()]);
    const device = await openDevice(folder, encryptionKey);
    const changes = logs.flatMap((entries, log) =>
      entries.map((entry) => ({
        ownerId: owners[log]?.id,
        table,
        id: createId({ randomBytes }),
        values: { log, text: Buffer.from(entry).toString("latin1") },
        isInsert: true,
        isDelete: null,
      })),
    );
    for (let from = 0; from < changes.length; from += rowsPerMutation) {
      const some = changes.slice(from, from + rowsPerMutation);
      await device.ask("ForEvolu", { type: "Mutate", changes: some, subscribedQueries: [], onCompleteIds: [] });
    }
    const ticket: EvoluTicket = { secret: Buffer.from(secret).toString("hex") };
    return { ticket, upload: () => synchronise(device, owners, port) };
  },
  download: async (ticket, numbers, port, folder): Promise<Logs> => {
    // Made by `write` above.
    const secret = new Uint8Array(Buffer.from((ticket as EvoluTicket).secret, "hex"));
    const { sqliteQueryToSqliteQueryString } = await common();
    const { encryptionKey, owners } = await ownersFor(secret, numbers);
    const device = await openDevice(folder, encryptionKey);
    await synchronise(device, owners, port);
    const queryOf = (log: number): string =>
      sqliteQueryToSqliteQueryString({ sql: `select "text" from "${table}" where "log" = ?`, parameters: [log] });
    const queries = numbers.map(queryOf);
    const { rowsByQuery } = await device.ask("ForEvolu", { type: "Query", queries });
    return queries.map((query) =>
      (rowsByQuery.get(query) ?? []).map(({ text }) => new Uint8Array(Buffer.from(text, "latin1"))),
    );
  },
};
