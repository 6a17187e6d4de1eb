/**
 * Bytes alone, with what cannot be left out where an entry is stored once and its author known: the server names every entry by its
 * hash and keeps the digest of each log; a fresh device does the same, verifies one signature for each log and keeps all of it,
 * synced to its disk. Nobody signs in, nothing is read, looked up or kept from anybody, and a log is one row. It is no peer.
 */

import { createPublicKey, generateKeyPairSync, hash, sign, verify } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
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
import { bare } from "./bare.ts";
import { entriesPerLog, type ExchangePeer, type Logs } from "./peer.ts";

const hashLength = 32;
const signatureLength = 64;
const signedLength = signatureLength + logBytes;

export const bareNamed: ExchangePeer = {
  name: "Bytes with names",
  isEncrypting: false,
  durability: bare.durability,
  startServer: (folder) => {
    const store = openStore(folder);
    return startHttp({
      "/push": (body) => {
        store.keep(
          piecesOf(body, numberLength + signedLength).map((piece) => ({
            number: piece.readUInt32BE(),
            signed: piece.subarray(numberLength),
            ...namesIn(piece.subarray(numberLength)),
          })),
        );
        return Buffer.alloc(0);
      },
      "/pull": (body) => store.read(numbersIn(body)),
    });
  },
  write: (logs, port) => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const signed = logs.map((log) => {
      const unsigned = Buffer.concat([Buffer.alloc(signatureLength), ...log]);
      sign(null, namesIn(unsigned).digest, privateKey).copy(unsigned);
      return unsigned;
    });
    const bodies = inRequests(logs.map((_, number) => number)).map((some) =>
      Buffer.concat(some.flatMap((number) => [numberBytes(number), signed[number] ?? Buffer.alloc(0)])),
    );
    return Promise.resolve({
      ticket: publicKey.export({ type: "spki", format: "pem" }),
      upload: async () => {
        await Promise.all(bodies.map((body) => ask(port, "/push", body)));
      },
    });
  },
  download: async (ticket, numbers, port, folder): Promise<Logs> => {
    // Made by `write` above.
    const publicKey = createPublicKey(ticket as string);
    const store = openStore(folder);
    const fetched = inRequests(numbers).map(async (some) => {
      const pieces = piecesOf(await ask(port, "/pull", Buffer.concat(some.map(numberBytes))), signedLength);
      const logs = await Promise.all(
        pieces.map(async (signed, at) => {
          const names = namesIn(signed);
          const isAuthors = await isSigned(null, names.digest, publicKey, signed.subarray(0, signatureLength));
          if (!isAuthors) throw new Error("A log is not its author's.");
          return { number: some[at] ?? 0, signed, ...names };
        }),
      );
      store.keep(logs);
      return logs.map(({ signed }) => entriesOf(signed.subarray(signatureLength)));
    });
    return (await Promise.all(fetched)).flat();
  },
};

/** By the threads of Node.js, as ours are. */
const isSigned = promisify(verify);

type Names = { readonly digest: Buffer; readonly hashes: Buffer };

const namesIn = (signed: Buffer): Names => {
  const hashes = Buffer.alloc(hashLength * entriesPerLog);
  const before = Buffer.alloc(2 * hashLength);
  for (const [at, entry] of entriesOf(signed.subarray(signatureLength)).entries()) {
    const name = hash("sha256", entry, "buffer");
    name.copy(hashes, at * hashLength);
    name.copy(before, hashLength);
    hash("sha256", before, "buffer").copy(before);
  }
  return { digest: before.subarray(0, hashLength), hashes };
};

type Row = Names & { readonly number: number; readonly signed: Buffer };

const openStore = (folder: string) => {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, "store.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE logs (log INTEGER PRIMARY KEY, digest BLOB, hashes BLOB, signed BLOB)");
  const insert = database.prepare("INSERT INTO logs VALUES (?, ?, ?, ?)");
  const select = database.prepare("SELECT signed FROM logs WHERE log = ?");
  return {
    keep: (rows: readonly Row[]): void => {
      database.exec("BEGIN");
      for (const { number, digest, hashes, signed } of rows) insert.run(number, digest, hashes, signed);
      database.exec("COMMIT");
    },
    read: (numbers: readonly number[]): Buffer =>
      // The only column is a blob.
      Buffer.concat(numbers.flatMap((number) => select.all(number).map(({ signed }) => signed as Uint8Array))),
  };
};
