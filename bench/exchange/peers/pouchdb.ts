/** PouchDB's server, which speaks CouchDB's protocol as the Community Health Toolkit does: a document for each entry, in LevelDB. */

import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ExchangePeer, Logs } from "../peer.ts";
import { entriesPerLog } from "../peer.ts";

/** The little of the libraries that is used here. */
type Document = { readonly _id: string; readonly sealed: string };
type Database = {
  readonly bulkDocs: (documents: readonly Document[]) => Promise<unknown>;
  readonly allDocs: (settings: object) => Promise<{ readonly rows: readonly { readonly doc: Document }[] }>;
  readonly replicate: Readonly<Record<"to" | "from", (address: string, settings: object) => Promise<unknown>>>;
};
type Pouch = {
  new (name: string, settings?: object): Database;
  readonly defaults: (settings: object) => Pouch;
};
type Listener = Parameters<typeof createServer>[1] & object;
type Express = () => Listener & { readonly use: (path: string, app: object) => void };

const loadPeer = createRequire(join(import.meta.dirname, "..", "..", "package.json"));
const batch = { batch_size: 500 };
const idOf = (log: number, entry: number): string => `${log}/${entry}`;

// Types of the peers are not installed where ours are checked; these are the parts their documentation promises.
const pouch = (folder: string): Pouch => {
  mkdirSync(folder, { recursive: true });
  return (loadPeer("pouchdb") as Pouch).defaults({ prefix: `${folder}/` }); // As above.
};

export const pouchdb: ExchangePeer = {
  name: "PouchDB server",
  package: "pouchdb",
  isEncrypting: false,
  durability: {
    isSynced: false,
    // pouchdb 9.0.0: `db.db.batch(batch, opts, cb)` in lib/index.js, line 4089; no caller puts `sync` into `opts`.
    because:
      "its LevelDB adapter writes batches without the option `sync`, and LevelDB then leaves syncing to the system",
  },
  load: () => Promise.resolve(loadPeer("pouchdb")),
  startServer: async (folder) => {
    // As above.
    const express = loadPeer("express") as Express;
    const expressPouchdb = loadPeer("express-pouchdb") as (pouch: Pouch, settings: object) => object; // As above.
    const app = express();
    app.use(
      "/",
      expressPouchdb(pouch(folder), {
        mode: "minimumForPouchDB",
        inMemoryConfig: true,
        logPath: join(folder, "log.txt"),
      }),
    );
    const server = createServer(app);
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve());
    });
    // A server that listens on a TCP port has such an address.
    return (server.address() as AddressInfo).port;
  },
  write: async (logs, port, folder) => {
    const local = new (pouch(folder))("device");
    const documents = logs.flatMap((entries, log) =>
      entries.map((entry, number) => ({ _id: idOf(log, number), sealed: Buffer.from(entry).toString("base64") })),
    );
    await local.bulkDocs(documents);
    return {
      ticket: null,
      upload: async () => {
        await local.replicate.to(`http://127.0.0.1:${port}/organisation`, batch);
      },
    };
  },
  download: async (_ticket, numbers, port, folder): Promise<Logs> => {
    const local = new (pouch(folder))("fresh");
    const wanted = numbers.flatMap((log) => Array.from({ length: entriesPerLog }, (_, entry) => idOf(log, entry)));
    const isSome = numbers.length === 1;
    await local.replicate.from(`http://127.0.0.1:${port}/organisation`, isSome ? { ...batch, doc_ids: wanted } : batch);
    const { rows } = await local.allDocs({ keys: wanted, include_docs: true });
    const entries = rows.map(({ doc }) => new Uint8Array(Buffer.from(doc.sealed, "base64")));
    return numbers.map((_, at) => entries.slice(at * entriesPerLog, (at + 1) * entriesPerLog));
  },
};
