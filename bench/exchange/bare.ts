/**
 * The least that anything here could do: the same bytes through Node.js's own HTTP into its own SQLite and back, synced to the disk,
 * a log in one row. Nobody signs in, nothing is signed, verified, named by its hash or kept from anybody. It is no peer: it says how
 * far an aim can go.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  ask,
  entriesOf,
  inRequests,
  logBytes,
  numberBytes,
  numberLength,
  numbersIn,
  piecesOf,
  startHttp,
} from "./bare-http.ts";
import type { ExchangePeer, Logs } from "./peer.ts";

export const bare: ExchangePeer = {
  name: "Bytes alone",
  isEncrypting: false,
  durability: {
    isSynced: true,
    because: "its store is SQLite with synchronous = FULL, and it answers after the commit",
  },
  startServer: (folder) => {
    mkdirSync(folder, { recursive: true });
    const store = openStore(join(folder, "store.sqlite"));
    return startHttp({ "/push": store.keep, "/pull": (body) => store.read(numbersIn(body)) });
  },
  write: (logs, port) => {
    const bodies = inRequests(logs.map((_, number) => number)).map((some) =>
      Buffer.concat(some.flatMap((number) => [numberBytes(number), ...(logs[number] ?? [])])),
    );
    return Promise.resolve({
      ticket: null,
      upload: async () => {
        await Promise.all(bodies.map((body) => ask(port, "/push", body)));
      },
    });
  },
  download: async (_ticket, numbers, port): Promise<Logs> => {
    const asks = inRequests(numbers).map((some) => ask(port, "/pull", Buffer.concat(some.map(numberBytes))));
    return (await Promise.all(asks)).flatMap((bytes) => piecesOf(bytes, logBytes)).map(entriesOf);
  },
};

const openStore = (path: string) => {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE logs (log INTEGER PRIMARY KEY, bytes BLOB)");
  const insert = database.prepare("INSERT INTO logs VALUES (?, ?)");
  const select = database.prepare("SELECT bytes FROM logs WHERE log = ?");
  return {
    keep: (body: Buffer): Buffer => {
      database.exec("BEGIN");
      for (const piece of piecesOf(body, numberLength + logBytes))
        insert.run(piece.readUInt32BE(), piece.subarray(numberLength));
      database.exec("COMMIT");
      return Buffer.alloc(0);
    },
    read: (numbers: readonly number[]): Buffer =>
      // The only column is a blob.
      Buffer.concat(numbers.flatMap((number) => select.all(number).map(({ bytes }) => bytes as Uint8Array))),
  };
};
