/**
 * A file that only the holder of an offline key can open: written in chunks, each authenticated in its place, the last one
 * marked, so that a cut, a swap or a changed byte is found. Format: docs/formats/backup.md.
 *
 * The server holds the public half alone: it can write a backup and never read one.
 */

import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from "node:crypto";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { err, isInstant, ok, type Instant, type Result } from "@amana/kernel";
import { bytesOf, concat, decodeCbor, encodeCbor, fromAscii, isCborArray, label, type Bytes } from "@amana/log";

export const keyBytes = 32;
const magic = fromAscii("amana backup\n");
const fileVersion = 1;
const headerBytesMax = 256;
const tagBytes = 16;
/** A page of the store holds at most 256 entries of the largest size. */
const chunkBytesMax = 32 * 1024 * 1024;

export type BackupPart = "logs" | "wraps" | "ledger";
const partNumbers = { logs: 1, wraps: 2, ledger: 3 } as const satisfies Record<BackupPart, number>;

export type FileHeader = {
  readonly part: BackupPart;
  readonly schemaVersion: number;
  readonly takenAt: Instant;
};

export type FileProblem =
  | { readonly type: "NotABackup" }
  | { readonly type: "NotForThisKey" }
  /** A changed byte, a chunk that is missing or in another place, or an end that is none. */
  | { readonly type: "Damaged" };

// ── Keys ───────────────────────────────────────────────────────────────────────────────────────────────────────

const privatePrefix = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32);
const publicPrefix = Uint8Array.of(48, 42, 48, 5, 6, 3, 43, 101, 110, 3, 33, 0);

export type BackupKey = { readonly privateKey: Bytes; readonly publicKey: Bytes };

export const makeBackupKey = (): BackupKey => {
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  const last = (der: Buffer): Bytes => new Uint8Array(der.subarray(-keyBytes));
  return {
    privateKey: last(privateKey.export({ format: "der", type: "pkcs8" })),
    publicKey: last(publicKey.export({ format: "der", type: "spki" })),
  };
};

const privateKeyOf = (bytes: Bytes): KeyObject =>
  createPrivateKey({ key: Buffer.from(concat(privatePrefix, bytes)), format: "der", type: "pkcs8" });

const publicKeyOf = (bytes: Bytes): KeyObject =>
  createPublicKey({ key: Buffer.from(concat(publicPrefix, bytes)), format: "der", type: "spki" });

const rawPublicOf = (privateKey: KeyObject): Bytes =>
  new Uint8Array(createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-keyBytes));

const fileKeyOf = (shared: Buffer, ephemeral: Bytes, recipient: Bytes, header: Bytes): Buffer =>
  Buffer.from(hkdfSync("sha256", shared, concat(ephemeral, recipient), concat(label("backup-key"), header), keyBytes));

// ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────

export type SealedWriter = {
  readonly write: (content: Bytes) => Promise<void>;
  /** The last chunk; the file has its name only once it is on the disk. */
  readonly finish: (content: Bytes) => Promise<void>;
  /** Nothing stays of it. */
  readonly giveUp: () => Promise<void>;
};

export const writeSealedFile = async (path: string, header: FileHeader, recipient: Bytes): Promise<SealedWriter> => {
  const ephemeral = makeBackupKey();
  const headerBytes = encodeCbor([
    fileVersion,
    partNumbers[header.part],
    header.schemaVersion,
    header.takenAt,
    recipient,
    ephemeral.publicKey,
  ]);
  const shared = diffieHellman({
    privateKey: privateKeyOf(ephemeral.privateKey),
    publicKey: publicKeyOf(recipient),
  });
  const key = fileKeyOf(shared, ephemeral.publicKey, recipient, headerBytes);
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, "w", 0o600);
  await file.appendFile(concat(magic, bytesOfLength(headerBytes.length), headerBytes));
  let chunks = 0;
  const add = async (content: Bytes, isLast: boolean): Promise<void> => {
    const cipher = createCipheriv("aes-256-gcm", key, nonceOf(chunks, isLast));
    const sealed = Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()]);
    await file.appendFile(concat(bytesOfLength(sealed.length), new Uint8Array(sealed)));
    chunks++;
  };
  return {
    write: (content) => add(content, false),
    finish: async (content) => {
      await add(content, true);
      await file.sync();
      await file.close();
      await rename(unfinished, path);
      await syncFolder(dirname(path));
    },
    giveUp: async () => {
      await file.close();
      await rm(unfinished, { force: true });
    },
  };
};

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, "r");
  await handle.sync();
  await handle.close();
};

/** Eleven bytes that count, one that says whether it is the last: no chunk can stand for another. */
const nonceOf = (chunk: number, isLast: boolean): Buffer => {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(chunk, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
};

const lengthBytes = 4;

const bytesOfLength = (length: number): Bytes => {
  const bytes = Buffer.alloc(lengthBytes);
  bytes.writeUInt32BE(length);
  return new Uint8Array(bytes);
};

// ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────

export type SealedChunk = { readonly content: Bytes; readonly isLast: boolean };

export type SealedReader = {
  readonly header: FileHeader;
  /** The next chunk, in order; nothing follows the last. */
  readonly next: () => Promise<Result<SealedChunk, FileProblem>>;
  readonly close: () => Promise<void>;
};

export const openSealedFile = async (path: string, privateKey: Bytes): Promise<Result<SealedReader, FileProblem>> => {
  const file = await open(path, "r");
  const opened = await readHeader(file, privateKeyOf(privateKey));
  if (!opened.ok) {
    await file.close();
    return opened;
  }
  const { header, key } = opened.value;
  let chunks = 0;
  return ok({
    header,
    close: () => file.close(),
    next: async () => {
      const sealed = await readPart(file, chunkBytesMax + tagBytes);
      const chunk = sealed === undefined ? undefined : openChunk(key, chunks, sealed);
      chunks++;
      if (chunk === undefined) return err({ type: "Damaged" });
      // What stands after the last chunk was put there by someone else.
      const isWhole = !chunk.isLast || (await read(file, 1)).length === 0;
      return isWhole ? ok(chunk) : err({ type: "Damaged" });
    },
  });
};

type OpenedHeader = { readonly header: FileHeader; readonly key: Buffer };

const readHeader = async (file: FileHandle, privateKey: KeyObject): Promise<Result<OpenedHeader, FileProblem>> => {
  const start = await read(file, magic.length);
  const bytes = Buffer.compare(start, magic) === 0 ? await readPart(file, headerBytesMax) : undefined;
  const decoded = bytes === undefined ? undefined : decodeCbor(bytes);
  if (bytes === undefined || decoded?.ok !== true || !isCborArray(decoded.value)) return err({ type: "NotABackup" });
  const [version, partNumber, schemaVersion, takenAt, to, from] = decoded.value;
  const part = (["logs", "wraps", "ledger"] as const).find((each) => partNumbers[each] === partNumber);
  const [recipient, ephemeral] = [bytesOf(to, keyBytes), bytesOf(from, keyBytes)];
  if (version !== fileVersion || part === undefined || typeof schemaVersion !== "number" || !isInstant(takenAt)) {
    return err({ type: "NotABackup" });
  }
  if (recipient === undefined || ephemeral === undefined) return err({ type: "NotABackup" });
  if (Buffer.compare(rawPublicOf(privateKey), recipient) !== 0) return err({ type: "NotForThisKey" });
  const shared = sharedWith(privateKey, ephemeral);
  if (shared === undefined) return err({ type: "Damaged" });
  const key = fileKeyOf(shared, ephemeral, recipient, bytes);
  return ok({ header: { part, schemaVersion, takenAt }, key });
};

/** Nothing for a point that no honest key is. */
const sharedWith = (privateKey: KeyObject, ephemeral: Bytes): Buffer | undefined => {
  try {
    return diffieHellman({ privateKey, publicKey: publicKeyOf(ephemeral) });
  } catch {
    return undefined;
  }
};

const openChunk = (key: Buffer, chunk: number, sealed: Bytes): SealedChunk | undefined => {
  for (const isLast of [false, true]) {
    try {
      const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(chunk, isLast), { authTagLength: tagBytes });
      decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
      const content = Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]);
      return { content: new Uint8Array(content), isLast };
    } catch {
      // Not this one: then it is the last, or damaged.
    }
  }
  return undefined;
};

/** A part with its length before it; nothing when it is cut, or longer than allowed. */
const readPart = async (file: FileHandle, bytesMax: number): Promise<Bytes | undefined> => {
  const length = await read(file, lengthBytes);
  if (length.length < lengthBytes) return undefined;
  const size = Buffer.from(length).readUInt32BE();
  if (size > bytesMax) return undefined;
  const bytes = await read(file, size);
  return bytes.length === size ? bytes : undefined;
};

const read = async (file: FileHandle, length: number): Promise<Bytes> => {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.slice(0, filled);
};
