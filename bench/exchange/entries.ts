/**
 * The same entries for every peer, from one seed: bytes that look random, as sealed ones do. A peer that seals them itself is given
 * as many bytes of text instead, because that is what it would be given.
 */

import { createCipheriv } from "node:crypto";
import { entriesPerLog, entryBytes, logsCount, type ExchangePeer, type Logs } from "./peer.ts";

const seed = Buffer.alloc(32, 7);

export const makeLogs = ({ isEncrypting, textBytes = entryBytes }: ExchangePeer): Logs => {
  const stream = createCipheriv("aes-256-ctr", seed, Buffer.alloc(16));
  const nextEntry = (): Uint8Array => {
    const bytes = stream.update(Buffer.alloc(entryBytes));
    return new Uint8Array(isEncrypting ? Buffer.from(bytes.toString("base64").slice(0, textBytes)) : bytes);
  };
  return Array.from({ length: logsCount }, () => Array.from({ length: entriesPerLog }, nextEntry));
};

/** Stops when a peer did not bring every byte of what was asked for, in whatever order within a log. */
export const checkLogs = (peer: ExchangePeer, got: Logs, numbers: readonly number[]): void => {
  const logs = makeLogs(peer);
  const named = (entries: readonly Uint8Array[]): string =>
    entries
      .map((entry) => Buffer.from(entry).toString("base64"))
      .sort()
      .join(" ");
  const isWhole =
    got.length === numbers.length && numbers.every((number, at) => named(logs[number] ?? []) === named(got[at] ?? []));
  if (!isWhole) throw new Error("The downloaded entries are not those that were uploaded.");
};
