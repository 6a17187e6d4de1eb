/**
 * Records: what a device remembers about itself and its logs, each sealed under the storage key and bound to its name.
 *
 * A record that opens under another name than its own, or in part older than the rest, is damage and stops the
 * device: somebody changed its storage. Format: docs/formats/device-store.md.
 */

import { assert } from "@amana/kernel";
import {
  bytesOf,
  concat,
  decodeCbor,
  encodeCbor,
  equalBytes,
  hashBytes,
  isCborArray,
  sha256,
  type Bytes,
  type CborValue,
} from "@amana/log";
import { openBox, sealBox, type BoxPorts, type Secret } from "@amana/vault";
import type { DeviceStore, StoreChange } from "../ports.ts";
import { noPartsKnown, type KnownParts } from "./known-parts.ts";

/** `name` is the whole name in the store. */
export type Records = {
  /** Nothing when there is none. */
  readonly read: (name: string) => Promise<CborValue | undefined>;
  /** Those of these names, which all begin with the prefix, with one question to the store; nothing for each that there is none of. */
  readonly readAll: (prefix: string, names: readonly string[]) => Promise<readonly (CborValue | undefined)[]>;
  readonly write: (name: string, content: CborValue) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
  /**
   * What has to be written for it, so that it can go into one batch with other changes; nothing as content removes it.
   * Ask again after anything else has written this record.
   */
  readonly changes: (name: string, content: CborValue | undefined) => Promise<readonly StoreChange[]>;
};

/** A box holds 64 kB; the rest is for what stands around a piece. */
export const pieceBytesMax = 60_000;
/** 30 MB: no record of a device comes near. */
export const piecesPerRecordMax = 500;

/** Nobody else writes records of this store meanwhile. */
export const makeRecords = (store: DeviceStore, storageKey: Secret<"device-storage">, ports: BoxPorts): Records => {
  const source = { store, storageKey, ports, pieces: noPartsKnown() };
  const changes = (name: string, content: CborValue | undefined): Promise<readonly StoreChange[]> =>
    changesFor(source, name, content);
  return {
    changes,
    read: (name) => readRecord(source, name),
    readAll: (prefix, names) => readRecords(source, prefix, names),
    write: async (name, content) => store.write(await changes(name, content)),
    remove: async (name) => store.write(await changes(name, undefined)),
  };
};

type Source = {
  readonly store: DeviceStore;
  readonly storageKey: Secret<"device-storage">;
  readonly ports: BoxPorts;
  readonly pieces: KnownParts;
};

/** One of the boxes of a record. Each says which whole it is a part of. */
type Piece = { readonly count: number; readonly digest: Bytes; readonly bytes: Bytes };

const damaged = "A record in the device's storage is not what this device wrote.";

/** The first piece has the record's own name. No name of ours holds a number sign. */
const pieceName = (name: string, at: number): string => (at === 0 ? name : `${name}#${at}`);

const readRecord = async (source: Source, name: string): Promise<CborValue | undefined> => {
  const first = await readPiece(source, name, 0);
  source.pieces.note(name, first?.count ?? 0);
  if (first === undefined) return undefined;
  const pieces = [first];
  while (pieces.length < first.count) {
    const piece = await readPiece(source, name, pieces.length);
    assert(piece !== undefined && equalBytes(piece.digest, first.digest), damaged);
    pieces.push(piece);
  }
  const whole = concat(...pieces.map(({ bytes }) => bytes));
  const content = decodeCbor(whole);
  assert(content.ok && equalBytes(sha256(whole), first.digest), damaged);
  whole.fill(0);
  return content.value;
};

const readRecords = async (
  source: Source,
  prefix: string,
  names: readonly string[],
): Promise<readonly (CborValue | undefined)[]> => {
  const listed = await source.store.list(prefix);
  const boxes = new Map(listed.map(({ name, value }) => [name, value]));
  const read = (name: string): Promise<Bytes | undefined> => Promise.resolve(boxes.get(name));
  const amongListed = { ...source, store: { ...source.store, read } };
  return Promise.all(names.map((name) => readRecord(amongListed, name)));
};

const readPiece = async (
  { store, storageKey, ports }: Source,
  name: string,
  at: number,
): Promise<Piece | undefined> => {
  const box = await store.read(pieceName(name, at));
  if (box === undefined) return undefined;
  const opened = await openBox("device-record", storageKey, box, ports.deflate);
  assert(opened.ok && isNamed(opened.value.context, name, at), damaged);
  const piece = pieceIn(opened.value.content);
  assert(piece !== undefined, damaged);
  return piece;
};

const isNamed = (context: CborValue, name: string, at: number): boolean =>
  isCborArray(context) && context.length === 2 && context[0] === name && context[1] === at;

const pieceIn = (content: CborValue): Piece | undefined => {
  if (!isCborArray(content) || content.length !== 3) return undefined;
  const [count, digest, bytes] = [content[0], bytesOf(content[1], hashBytes), content[2]];
  const isCount = typeof count === "number" && count >= 1 && count <= piecesPerRecordMax;
  return isCount && digest !== undefined && bytes instanceof Uint8Array ? { count, digest, bytes } : undefined;
};

const changesFor = async (
  source: Source,
  name: string,
  content: CborValue | undefined,
): Promise<readonly StoreChange[]> => {
  const pieces = content === undefined ? [] : piecesOf(encodeCbor(content));
  const changes: StoreChange[] = [];
  for (const [at, piece] of pieces.entries()) {
    changes.push({ name: pieceName(name, at), value: await sealPiece(source, name, at, piece) });
  }
  // The record may have been longer before.
  const before = source.pieces.of(name) ?? (await piecesHeld(source, name, pieces.length));
  for (let at = pieces.length; at < before; at++) changes.push({ name: pieceName(name, at), value: undefined });
  source.pieces.note(name, Math.max(before, pieces.length));
  return changes;
};

/** Pieces stand without a gap, so none is opened to learn how many there are. At least as many as are about to be written. */
const piecesHeld = async ({ store }: Source, name: string, from: number): Promise<number> => {
  let held = from;
  while ((await store.read(pieceName(name, held))) !== undefined) held++;
  return held;
};

const piecesOf = (whole: Bytes): readonly Piece[] => {
  const count = Math.ceil(whole.length / pieceBytesMax);
  assert(count <= piecesPerRecordMax, "A record is longer than any may be.");
  const digest = sha256(whole);
  return Array.from({ length: count }, (_, at) => ({
    count,
    digest,
    bytes: whole.slice(at * pieceBytesMax, (at + 1) * pieceBytesMax),
  }));
};

const sealPiece = async (
  { storageKey, ports }: Source,
  name: string,
  at: number,
  { count, digest, bytes }: Piece,
): Promise<Bytes> => {
  const box = await sealBox(
    "device-record",
    storageKey,
    { context: [name, at], content: [count, digest, bytes] },
    ports,
  );
  assert(box !== undefined, "A piece of a record does not fit its box.");
  return box;
};
