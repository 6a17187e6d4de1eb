/** Hocuspocus, the sync server of Yjs: a document for each log, an array of bytes in it, kept in SQLite. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { importPeer } from "../../peers.ts";
import { logsCount, type ExchangePeer, type Logs } from "../peer.ts";

/** The little of the libraries that is used here. */
type YArray = { readonly push: (items: readonly Uint8Array[]) => void; readonly toArray: () => Uint8Array[] };
type YDoc = { readonly getArray: (name: string) => YArray };
type Yjs = { readonly Doc: new () => YDoc };
type Stored = { readonly documentName: string; readonly state: Uint8Array };
type ServerSide = {
  readonly Server: new (settings: object) => {
    readonly listen: () => Promise<unknown>;
    readonly address: { readonly port: number };
  };
};
type DatabaseSide = { readonly Database: new (settings: object) => object };
type Provider = {
  readonly attach: () => void;
  readonly isSynced: boolean;
  readonly hasUnsyncedChanges: boolean;
  readonly on: (event: string, heard: () => void) => void;
};
type ClientSide = {
  readonly HocuspocusProviderWebsocket: new (settings: object) => object;
  readonly HocuspocusProvider: new (settings: object) => Provider;
};

const arrayName = "entries";
const documentName = (number: number): string => `log-${number}`;

// Types of the peers are not installed where ours are checked; these are the parts their documentation promises.
const yjs = async (): Promise<Yjs> => (await importPeer("yjs", "dist/yjs.mjs")) as Yjs;
const client = async (): Promise<ClientSide> =>
  (await importPeer("@hocuspocus/provider", "dist/hocuspocus-provider.esm.js")) as ClientSide; // As above.

/** Attaches all documents over one connection and waits until each is in step with the server. */
const synchronise = async (documents: ReadonlyMap<string, YDoc>, port: number): Promise<void> => {
  const { HocuspocusProvider, HocuspocusProviderWebsocket } = await client();
  const websocketProvider = new HocuspocusProviderWebsocket({ url: `ws://127.0.0.1:${port}` });
  await Promise.all(
    [...documents].map(
      ([name, document]) =>
        new Promise<void>((resolve) => {
          const provider = new HocuspocusProvider({ websocketProvider, name, document });
          const look = (): void => {
            if (provider.isSynced && !provider.hasUnsyncedChanges) resolve();
          };
          provider.on("synced", look);
          provider.on("unsyncedChanges", look);
          provider.attach();
        }),
    ),
  );
};

export const hocuspocus: ExchangePeer = {
  name: "Hocuspocus",
  package: "@hocuspocus/server",
  isEncrypting: false,
  durability: {
    isSynced: false,
    // @hocuspocus/server 4.7.0: `writeSyncStatus(true)` in src/MessageReceiver.ts, line 252; `debounce: 2_000` of storing in
    // src/Hocuspocus.ts, line 29.
    because: "its source answers SyncStatus once the document in memory is updated; storing follows two seconds later",
  },
  load: () => Promise.all([yjs(), client()]),
  startServer: async (folder) => {
    mkdirSync(folder, { recursive: true });
    const database = new DatabaseSync(join(folder, "documents.sqlite"));
    database.exec("PRAGMA journal_mode = WAL; CREATE TABLE documents (name TEXT PRIMARY KEY, state BLOB NOT NULL)");
    const read = database.prepare("SELECT state FROM documents WHERE name = ?");
    const write = database.prepare("INSERT OR REPLACE INTO documents (name, state) VALUES (?, ?)");
    // As above.
    const { Server } = (await importPeer("@hocuspocus/server", "dist/hocuspocus-server.esm.js")) as ServerSide;
    const { Database } = (await importPeer(
      "@hocuspocus/extension-database",
      "dist/hocuspocus-database.esm.js",
    )) as DatabaseSide; // As above.
    const stored = new Database({
      fetch: ({ documentName: name }: Stored) => Promise.resolve(read.get(name)?.["state"] ?? null),
      store: ({ documentName: name, state }: Stored) => Promise.resolve(void write.run(name, state)),
    });
    const server = new Server({
      port: 0,
      address: "127.0.0.1",
      quiet: true,
      stopOnSignals: false,
      maxPendingDocuments: logsCount * 2,
      extensions: [stored],
    });
    await server.listen();
    return server.address.port;
  },
  write: async (logs, port) => {
    const { Doc } = await yjs();
    const documents = new Map(
      logs.map((entries, number) => {
        const document = new Doc();
        for (const entry of entries) document.getArray(arrayName).push([entry]);
        return [documentName(number), document];
      }),
    );
    return { ticket: null, upload: () => synchronise(documents, port) };
  },
  download: async (_ticket, numbers, port): Promise<Logs> => {
    const { Doc } = await yjs();
    const documents = new Map(numbers.map((number) => [documentName(number), new Doc()]));
    await synchronise(documents, port);
    return [...documents.values()].map((document) => document.getArray(arrayName).toArray());
  },
};
