/**
 * What the server judges of what it carries: that an entry is one, of the log and kind it is sent for, and whom a wrap is
 * for. It opens nothing and verifies no member's signature: it does not know whose key is whose.
 */

import { bytesOf, decodeCbor, isCborArray, keyIdOf, logIdOf, parseEntry, type Bytes, type LogId } from "@amana/log";
import { parseCarried, wrapBytesMax, type ControlAppend, type LogBegin, type Serving } from "@amana/sync";
import type { BegunControl, NewControl, NewEntry, NewWrap } from "../storage/storage.ts";

/** `newer`: of a version that this server does not know yet. It may be taken once the server is updated. */
export type Incoming =
  { readonly kind: "entry"; readonly entry: NewEntry } | { readonly kind: "newer" } | { readonly kind: "malformed" };

/**
 * Entries of this log, each with its body: a husk is never sent, only left. Of a control entry storage only says whether it
 * is known.
 */
export const readPushed = (logId: LogId, entries: readonly Bytes[]): readonly Incoming[] =>
  parseCarried(entries).map((received, at) => incomingOf(logId, entries[at] ?? new Uint8Array(), received));

const incomingOf = (logId: LogId, bytes: Bytes, received: ReturnType<typeof parseEntry>): Incoming => {
  if (!received.ok) return { kind: "malformed" };
  if (received.value.kind === "newer") return { kind: "newer" };
  const { header, hash, ciphertext } = received.value.entry;
  if (header.logId !== logId || ciphertext === undefined) return { kind: "malformed" };
  const { control, previous, parents, organisationHead } = header;
  const isControl = header.kind === "control";
  return { kind: "entry", entry: { hash, control, previous, parents, organisationHead, bytes, isControl } };
};

/** A control entry of exactly the log, the kind and the place that the request names; nothing otherwise. */
export const readControl = (append: ControlAppend): NewControl | undefined => {
  const { logId, kind, after } = append;
  const received = parseEntry(append.entry);
  if (!received.ok || received.value.kind === "newer") return undefined;
  const { header, hash, ciphertext } = received.value.entry;
  if (header.kind !== "control" || header.logId !== logId || header.logKind !== kind) return undefined;
  if (header.control !== after || ciphertext === undefined) return undefined;
  if ((after === undefined || append.serving !== undefined) && !isServed(append.serving)) return undefined;
  const wraps = readWraps(logId, append.wraps);
  if (wraps === undefined) return undefined;
  const { control, previous, parents, organisationHead } = header;
  const entry = { hash, control, previous, parents, organisationHead, bytes: append.entry };
  return { logId, kind, after, entry, wraps, serving: append.serving };
};

/** The same of the first entry of a case. */
export const readBegin = ({ logId, entry, wraps, serving }: LogBegin): BegunControl | undefined => {
  const append = { logId, kind: "case", after: undefined, entry, wraps, serving, organisation: undefined } as const;
  const control = readControl(append);
  return control && { ...control, after: undefined, kind: "case", serving };
};

/** Nobody could ever fetch a log that is served to nobody, or say whom it is served instead. */
const isServed = (serving: Serving | undefined): boolean => serving !== undefined && serving.keys.length > 0;

export const readWraps = (logId: LogId, wraps: readonly Bytes[]): readonly NewWrap[] | undefined => {
  const read = wraps.map((bytes) => readWrap(logId, bytes)).filter((wrap) => wrap !== undefined);
  return read.length === wraps.length ? read : undefined;
};

const wrapVersion = 1;
const wrapFields = 10;

/** The recipient of a wrap of this log, by the shape of docs/formats/keys.md §6. The rest is for those who hold keys. */
const readWrap = (logId: LogId, bytes: Bytes): NewWrap | undefined => {
  const decoded = bytes.length > wrapBytesMax ? undefined : decodeCbor(bytes);
  if (decoded?.ok !== true || !isCborArray(decoded.value)) return undefined;
  const fields = decoded.value;
  if (fields.length !== wrapFields || fields[0] !== wrapVersion) return undefined;
  const [log, recipient] = [bytesOf(fields[3], 16), bytesOf(fields[5], 32)];
  if (log === undefined || recipient === undefined || logIdOf(log) !== logId) return undefined;
  const key = keyIdOf(recipient);
  return key === undefined ? undefined : { recipient: key, bytes };
};
