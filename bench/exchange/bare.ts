/**
 * The least that anything here could do: the same bytes through Node.js's own HTTP into its own SQLite and back, synced to the disk.
 * Nobody signs in, nothing is signed, verified, named by its hash or kept from anybody. It is no peer: it says how far an aim can go.
 */

import { mkdirSync } from "node:fs";
import { Agent, createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { entriesPerLog, entryBytes, logsCount, type ExchangePeer, type Logs } from "./peer.ts";

const requestBytesMax = 1_048_576;
const logsPerRequest = Math.floor(requestBytesMax / (entriesPerLog * entryBytes));
const logBytes = entriesPerLog * entryBytes;

export const bare: ExchangePeer = {
  name: "Bytes alone",
  isEncrypting: false,
  durability: {
    isSynced: true,
    because: "its store is SQLite with synchronous = FULL, and it answers after the commit",
  },
  startServer: async (folder) => {
    mkdirSync(folder, { recursive: true });
    const store = openStore(join(folder, "store.sqlite"));
    const server = createServer((asked, answer) => {
      void bodyOf(asked).then((body) => {
        if (asked.url === "/push") store.keep(body);
        answer.end(asked.url === "/push" ? undefined : store.read(numbersIn(body)));
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve());
    });
    // A server that listens on a TCP port has such an address.
    return (server.address() as AddressInfo).port;
  },
  write: (logs, port) => {
    const numbers = logs.map((_, number) => number);
    const bodies = inRequests(numbers).map((some) =>
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
    return (await Promise.all(asks)).flatMap(logsIn);
  },
};

const openStore = (path: string) => {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec(
    "CREATE TABLE entries (log INTEGER, position INTEGER, bytes BLOB, PRIMARY KEY (log, position)) WITHOUT ROWID",
  );
  const insert = database.prepare("INSERT INTO entries VALUES (?, ?, ?)");
  const select = database.prepare("SELECT bytes FROM entries WHERE log = ? ORDER BY position");
  const step = numberLength + logBytes;
  return {
    keep: (body: Buffer): void => {
      database.exec("BEGIN");
      for (let at = 0; at < body.length; at += step)
        for (let entry = 0; entry < entriesPerLog; entry++) {
          const from = at + numberLength + entry * entryBytes;
          insert.run(body.readUInt32BE(at), entry, body.subarray(from, from + entryBytes));
        }
      database.exec("COMMIT");
    },
    read: (numbers: readonly number[]): Buffer =>
      // The only column is a blob.
      Buffer.concat(numbers.flatMap((number) => select.all(number).map(({ bytes }) => bytes as Uint8Array))),
  };
};

const numberLength = 4;

const numberBytes = (number: number): Buffer => {
  const bytes = Buffer.alloc(numberLength);
  bytes.writeUInt32BE(number);
  return bytes;
};

const numbersIn = (body: Buffer): readonly number[] =>
  Array.from({ length: body.length / numberLength }, (_, at) => body.readUInt32BE(at * numberLength));

const logsIn = (body: Buffer): Logs =>
  Array.from({ length: body.length / logBytes }, (_, log) =>
    Array.from({ length: entriesPerLog }, (__, entry) => {
      const from = log * logBytes + entry * entryBytes;
      return body.subarray(from, from + entryBytes);
    }),
  );

const inRequests = (numbers: readonly number[]): readonly (readonly number[])[] =>
  Array.from({ length: Math.ceil(Math.min(numbers.length, logsCount) / logsPerRequest) }, (_, at) =>
    numbers.slice(at * logsPerRequest, (at + 1) * logsPerRequest),
  );

const agent = new Agent({ keepAlive: true, maxSockets: 2 });

const ask = async (port: number, path: string, body: Buffer): Promise<Buffer> => {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = {
      agent,
      port,
      host: "127.0.0.1",
      method: "POST",
      path,
      headers: { "content-length": body.length },
    };
    request(options, resolve).on("error", reject).end(body);
  });
  return bodyOf(answer);
};

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer); // Nothing sets an encoding.
  return Buffer.concat(parts);
};
