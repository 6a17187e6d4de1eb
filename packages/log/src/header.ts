/**
 * The header of an entry: what everyone may see, and all that the server ever judges.
 *
 * Received bytes are what is hashed, so a header that is not in its one canonical form is refused.
 * Format: docs/formats/entry.md §2.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import type { Bytes } from "./bytes.ts";
import { bytesOf, decodeCbor, encodeCbor, isCborArray, type CborValue } from "./cbor.ts";
import {
  deviceIdOf,
  entryHashOf,
  idBytes,
  keyIdOf,
  logIdOf,
  type DeviceId,
  type EntryHash,
  type KeyId,
  type LogId,
} from "./ids.ts";
import { counterMax, deviceIdBytes, hashBytes, headerBytesMax, logIdBytes, nonceBytes, parentsMax } from "./limits.ts";

export type EntryKind = "content" | "control";
export type LogKind = "organisation" | "case";

export type Header = {
  readonly kind: EntryKind;
  readonly logKind: LogKind;
  readonly logId: LogId;
  /** The last control entry its author had accepted; none only in the first entry of a log. */
  readonly control: EntryHash | undefined;
  /** The last entry of the organisation log its author had accepted; none exactly in that log itself. */
  readonly organisationHead: EntryHash | undefined;
  readonly author: KeyId;
  readonly device: DeviceId;
  /** +1 for each log, author and device, from 1. */
  readonly counter: number;
  /** The entry of this author and device before this one. */
  readonly previous: EntryHash | undefined;
  /** Other heads its author had accepted, ascending. */
  readonly parents: readonly EntryHash[];
  readonly nonce: Bytes;
  /** Names the new case key, exactly when this entry begins an epoch. */
  readonly keyCommitment: Bytes | undefined;
};

/** `Newer` is of a version, suite or kind this code does not know: keep it sealed. */
export type HeaderError = { readonly type: "NotAHeader" } | { readonly type: "Newer" };

export const headerVersion = 1;
export const suite = 1;
const kindNumbers = { content: 0, control: 1 } as const satisfies Record<EntryKind, number>;
const logKindNumbers = { organisation: 1, case: 2 } as const satisfies Record<LogKind, number>;
const fieldCount = 14;

/** Only for a header of our own making: one that breaks a rule of its own is our mistake and stops. */
export const encodeHeader = (header: Header): Bytes => {
  assert(isHeader(header), "A header that breaks its own rules was to be encoded.");
  const bytes = encodeCbor([
    headerVersion,
    suite,
    kindNumbers[header.kind],
    logKindNumbers[header.logKind],
    idBytes(header.logId),
    bytesOrNull(header.control),
    bytesOrNull(header.organisationHead),
    idBytes(header.author),
    idBytes(header.device),
    header.counter,
    bytesOrNull(header.previous),
    header.parents.map(idBytes),
    header.nonce,
    header.keyCommitment ?? null,
  ]);
  assert(bytes.length <= headerBytesMax, "A header within its rules is longer than its limit.");
  return bytes;
};

/** Every rule that a header can break by itself; what it says of other entries is checked in `history.ts`. */
export const decodeHeader = (bytes: Bytes): Result<Header, HeaderError> => {
  if (bytes.length > headerBytesMax) return err({ type: "NotAHeader" });
  const decoded = decodeCbor(bytes);
  if (!decoded.ok || !isCborArray(decoded.value)) return err({ type: "NotAHeader" });
  const fields = decoded.value;
  if (!isCount(fields[0]) || !isCount(fields[1])) return err({ type: "NotAHeader" });
  if (fields[0] !== headerVersion || fields[1] !== suite) return err({ type: "Newer" });
  if (fields.length !== fieldCount || !isCount(fields[2]) || !isCount(fields[3])) return err({ type: "NotAHeader" });
  const kind = nameOf(kindNumbers, fields[2]);
  const logKind = nameOf(logKindNumbers, fields[3]);
  if (kind === undefined || logKind === undefined) return err({ type: "Newer" });
  const header = readFields(fields, kind, logKind);
  return header !== undefined && isHeader(header) ? ok(header) : err({ type: "NotAHeader" });
};

const bytesOrNull = (hash: EntryHash | undefined): Bytes | null => (hash === undefined ? null : idBytes(hash));

const isCount = (value: CborValue | undefined): value is number => typeof value === "number" && value >= 0;

const nameOf = <Name extends string>(numbers: Readonly<Record<Name, number>>, number: number): Name | undefined =>
  // The keys of the table are its names and nothing else.
  (Object.keys(numbers) as Name[]).find((name) => numbers[name] === number);

type Read<T> = { readonly value: T } | undefined;

/** A hash or null, told apart from anything else. */
const readHash = (value: CborValue | undefined): Read<EntryHash | undefined> => {
  if (value === null) return { value: undefined };
  const hash = idIn(value, hashBytes, entryHashOf);
  return hash === undefined ? undefined : { value: hash };
};

const idIn = <Id>(value: CborValue | undefined, length: number, idOf: (bytes: Bytes) => Id): Id | undefined => {
  const bytes = bytesOf(value, length);
  return bytes === undefined ? undefined : idOf(bytes);
};

const readParents = (value: CborValue | undefined): readonly EntryHash[] | undefined => {
  if (value === undefined || !isCborArray(value) || value.length > parentsMax) return undefined;
  const parents = value.map((item) => idIn(item, hashBytes, entryHashOf)).filter((hash) => hash !== undefined);
  return parents.length === value.length ? parents : undefined;
};

const readFields = (fields: readonly CborValue[], kind: EntryKind, logKind: LogKind): Header | undefined => {
  const logId = idIn(fields[4], logIdBytes, logIdOf);
  const control = readHash(fields[5]);
  const organisationHead = readHash(fields[6]);
  const author = idIn(fields[7], hashBytes, keyIdOf);
  const device = idIn(fields[8], deviceIdBytes, deviceIdOf);
  const counter = fields[9];
  const previous = readHash(fields[10]);
  const parents = readParents(fields[11]);
  const nonce = bytesOf(fields[12], nonceBytes);
  const commitment = fields[13] === null ? { value: undefined } : readBytes(fields[13]);
  if (logId === undefined || control === undefined || organisationHead === undefined) return undefined;
  if (author === undefined || device === undefined || !isCount(counter) || previous === undefined) return undefined;
  if (parents === undefined || nonce === undefined || commitment === undefined) return undefined;
  return {
    kind,
    logKind,
    logId,
    control: control.value,
    organisationHead: organisationHead.value,
    author,
    device,
    counter,
    previous: previous.value,
    parents,
    nonce,
    keyCommitment: commitment.value,
  };
};

const readBytes = (value: CborValue | undefined): Read<Bytes> => {
  const bytes = bytesOf(value, hashBytes);
  return bytes === undefined ? undefined : { value: bytes };
};

const isHeader = (header: Header): boolean =>
  header.counter >= 1 &&
  header.counter <= counterMax &&
  (header.previous === undefined) === (header.counter === 1) &&
  header.nonce.length === nonceBytes &&
  isPlaced(header) &&
  areParents(header);

/** Whether the links fit the kind of entry and of log. */
const isPlaced = (header: Header): boolean => {
  const inOrganisation = header.logKind === "organisation";
  if ((header.organisationHead === undefined) !== inOrganisation) return false;
  if (inOrganisation && header.kind !== "control") return false;
  if (header.kind === "content" && (header.control === undefined || header.keyCommitment !== undefined)) return false;
  if (header.control !== undefined) return true;
  // The first entry of a log: nothing comes before it, and it begins the first epoch.
  return header.keyCommitment !== undefined && header.counter === 1 && header.parents.length === 0;
};

const areParents = ({ parents, control, previous }: Header): boolean =>
  parents.length <= parentsMax &&
  parents.every((hash, index) => {
    const before = parents[index - 1];
    return hash !== control && hash !== previous && (before === undefined || before < hash);
  });
