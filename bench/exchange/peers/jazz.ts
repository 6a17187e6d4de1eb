/** Jazz: end-to-end encrypted values, each signed by its session; a stream for each log, in one group, kept in SQLite. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { importPeer } from "../../peers.ts";
import type { ExchangePeer, Logs } from "../peer.ts";

/** The little of the libraries that is used here. */
type Driver = {
  readonly run: (sql: string, values: readonly never[]) => void;
  readonly get: (sql: string, values: readonly never[]) => unknown;
  readonly query: (sql: string, values: readonly never[]) => readonly unknown[];
  readonly transaction: (work: () => unknown) => void;
  readonly closeDb: () => void;
};
type JazzStream = {
  readonly id: string;
  readonly push: (item: string, privacy: "private") => void;
  readonly items: Readonly<Record<string, readonly { readonly value: string }[]>>;
};
type Node = {
  readonly createGroup: () => { readonly createStream: () => JazzStream };
  readonly load: (id: string) => Promise<JazzStream | "unavailable">;
  readonly setStorage: (storage: object) => void;
  readonly syncManager: {
    readonly addPeer: (peer: object) => void;
    readonly waitForAllCoValuesSync: (milliseconds: number) => Promise<unknown>;
  };
};
type Made = { readonly node: Node; readonly accountID: string; readonly accountSecret: string };
type Crypto = {
  readonly newRandomAgentSecret: () => string;
  readonly getAgentID: (secret: string) => string;
  readonly newRandomSessionID: (agent: string) => string;
};
type Cojson = {
  readonly LocalNode: {
    new (secret: string, sessionId: string, crypto: Crypto): Node;
    readonly withNewlyCreatedAccount: (settings: object) => Promise<Made>;
    readonly withLoadedAccount: (settings: object) => Promise<Node>;
  };
  readonly getSqliteStorage: (driver: Driver) => object;
};
type Transport = { readonly createWebSocketPeer: (settings: object) => object };
type Sockets = {
  readonly WebSocketServer: new (settings: object) => {
    readonly on: (event: string, heard: (socket: object) => void) => void;
    readonly address: () => { readonly port: number };
  };
};
type JazzTicket = { readonly accountID: string; readonly accountSecret: string; readonly ids: readonly string[] };

const waitMillisecondsMax = 100_000;

// Types of the peers are not installed where ours are checked; these are the parts their documentation promises.
const cojson = async (): Promise<Cojson> => (await importPeer("cojson", "dist/exports.js")) as Cojson;
const transport = async (): Promise<Transport> =>
  (await importPeer("cojson-transport-ws", "dist/index.js")) as Transport; // As above.
const makeCrypto = async (): Promise<Crypto> => {
  // As above.
  const { NapiCrypto } = (await importPeer("cojson", "dist/crypto/NapiCrypto.js")) as {
    readonly NapiCrypto: { readonly create: () => Promise<Crypto> };
  };
  return NapiCrypto.create();
};

const sqliteDriver = (file: string): Driver => {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = WAL");
  const known = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  const prepared = (sql: string): ReturnType<DatabaseSync["prepare"]> => {
    const statement = known.get(sql) ?? database.prepare(sql);
    known.set(sql, statement);
    return statement;
  };
  return {
    run: (sql, values) => void prepared(sql).run(...values),
    get: (sql, values) => prepared(sql).get(...values),
    query: (sql, values) => prepared(sql).all(...values),
    transaction: (work) => {
      database.exec("BEGIN");
      try {
        work();
        database.exec("COMMIT");
      } catch (mistake) {
        database.exec("ROLLBACK");
        throw mistake;
      }
    },
    closeDb: () => database.close(),
  };
};

const connect = async (port: number): Promise<object> => {
  const websocket = new WebSocket(`ws://127.0.0.1:${port}`);
  const { createWebSocketPeer } = await transport();
  return createWebSocketPeer({ id: "server", websocket, role: "server", expectPings: false });
};

export const jazz: ExchangePeer = {
  name: "Jazz",
  package: "cojson",
  isEncrypting: true,
  durability: {
    isSynced: false,
    // cojson 0.20.19, dist/sync.js: `action: "known"` is sent in line 975, `storeContent` called in line 986. What it then
    // writes through the driver above is synced with each transaction: SQLite of Node.js has synchronous = FULL by itself.
    because: "its source acknowledges what came before it hands it to its store",
  },
  load: () => Promise.all([cojson(), transport(), makeCrypto()]),
  startServer: async (folder) => {
    mkdirSync(folder, { recursive: true });
    const { LocalNode, getSqliteStorage } = await cojson();
    const crypto = await makeCrypto();
    const secret = crypto.newRandomAgentSecret();
    const node = new LocalNode(secret, crypto.newRandomSessionID(crypto.getAgentID(secret)), crypto);
    node.setStorage(getSqliteStorage(sqliteDriver(join(folder, "jazz.sqlite"))));
    const { createWebSocketPeer } = await transport();
    // As above.
    const { WebSocketServer } = (await importPeer("ws", "wrapper.mjs")) as Sockets;
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    let count = 0;
    server.on("connection", (websocket) => {
      const id = `device-${count++}`;
      const settings = { id, websocket, role: "client", expectPings: false, batchingByDefault: false };
      node.syncManager.addPeer(createWebSocketPeer({ ...settings, deletePeerStateOnClose: true }));
    });
    await new Promise<void>((resolve) => {
      server.on("listening", () => resolve());
    });
    return server.address().port;
  },
  write: async (logs, port) => {
    const { LocalNode } = await cojson();
    const crypto = await makeCrypto();
    const made = await LocalNode.withNewlyCreatedAccount({ creationProps: { name: "device" }, crypto, peers: [] });
    const group = made.node.createGroup();
    const ids = logs.map((entries) => {
      const stream = group.createStream();
      for (const entry of entries) stream.push(Buffer.from(entry).toString("latin1"), "private");
      return stream.id;
    });
    const { accountID, accountSecret } = made;
    return {
      ticket: { accountID, accountSecret, ids } satisfies JazzTicket,
      upload: async () => {
        made.node.syncManager.addPeer(await connect(port));
        await made.node.syncManager.waitForAllCoValuesSync(waitMillisecondsMax);
      },
    };
  },
  download: async (ticket, numbers, port): Promise<Logs> => {
    // Made by `write` above.
    const { accountID, accountSecret, ids } = ticket as JazzTicket;
    const { LocalNode } = await cojson();
    const crypto = await makeCrypto();
    const peers = [await connect(port)];
    const sessionID = crypto.newRandomSessionID(accountID);
    const node = await LocalNode.withLoadedAccount({ accountID, accountSecret, sessionID, peers, crypto });
    return Promise.all(
      numbers.map(async (number) => {
        const stream = await node.load(ids[number] ?? "");
        if (stream === "unavailable") throw new Error("A log is not there.");
        return Object.values(stream.items)
          .flat()
          .map(({ value }) => new Uint8Array(Buffer.from(value, "latin1")));
      }),
    );
  },
};
