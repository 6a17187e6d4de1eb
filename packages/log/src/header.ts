/**
 * The header of an entry: what everyone may see, and all that the server ever judges.
 *
 * Received bytes are what is hashed, so a header that is not in its one canonical form is refused.
 * Format: docs/formats/entry.md §2.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import type { Bytes } from "./bytes.ts";
import { bytesOf, decodeCbor, isCborArray, type CborValue } from "./cbor.ts";
import {
  headerFields,
  headerFieldsWhereDestroying,
  headerVersion,
  joinHeader,
  kindNumbers,
  logKindNumbers,
  suite,
  type HeaderParts,
} from "./entry-parts.ts";
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
  /** What is to be destroyed, exactly in a proposal or confirmation of an erasure (`erasure-scope.ts`). */
  readonly destroys?: Bytes;
};

/** `Newer` is of a version, suite or kind this code does not know: keep it sealed. */
export type HeaderError = { readonly type: "NotAHeader" } | { readonly type: "Newer" };

/** Only for a header of our own making: one that breaks a rule of its own is our mistake and stops. */
export const encodeHeader = (header: Header): Bytes => {
  assert(isHeader(header), "A header that breaks its own rules was to be encoded.");
  const bytes = joinHeader({
    isControl: header.kind === "control",
    isCase: header.logKind === "case",
    logId: idBytes(header.logId),
    control: bytesIn(header.control),
    organisationHead: bytesIn(header.organisationHead),
    author: idBytes(header.author),
    device: idBytes(header.device),
    counter: header.counter,
    previous: bytesIn(header.previous),
    parents: header.parents.map(idBytes),
    nonce: header.nonce,
    keyCommitment: header.keyCommitment,
    destroys: header.destroys,
  });
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
  const isLength = fields.length === headerFields || fields.length === headerFieldsWhereDestroying;
  if (!isLength || !isCount(fields[2]) || !isCount(fields[3])) return err({ type: "NotAHeader" });
  const kind = nameOf(kindNumbers, fields[2]);
  const logKind = nameOf(logKindNumbers, fields[3]);
  if (kind === undefined || logKind === undefined) return err({ type: "Newer" });
  const header = readFields(fields, kind, logKind);
  return header !== undefined && isHeader(header) ? ok(header) : err({ type: "NotAHeader" });
};

/** A header that was read, the parts it was made of, and the name of its entry in both forms. */
export type HeaderRead = {
  readonly parts: HeaderParts;
  readonly header: Header;
  readonly hash: EntryHash;
  readonly name: Bytes;
};

/**
 * Of a header that was taken apart in its one form, by the same rules. Nothing when it breaks one. Where a part is the very
 * bytes that are known from the header `before`, its text is the same as there, and is not made again.
 */
export const headerOfParts = (parts: HeaderParts, before?: HeaderRead): Header | undefined => {
  const logId = textOf(parts.logId, before?.parts.logId, before?.header.logId, logIdOf);
  const author = textOf(parts.author, before?.parts.author, before?.header.author, keyIdOf);
  const device = textOf(parts.device, before?.parts.device, before?.header.device, deviceIdOf);
  const { control, organisationHead, previous } = parts;
  const parents = parts.parents.map(entryHashOf).filter((hash) => hash !== undefined);
  if (logId === undefined || author === undefined || device === undefined) return undefined;
  const header: Header = {
    kind: parts.isControl ? "control" : "content",
    logKind: parts.isCase ? "case" : "organisation",
    logId,
    control: control && textOf(control, before?.parts.control, before?.header.control, entryHashOf),
    organisationHead:
      organisationHead &&
      textOf(organisationHead, before?.parts.organisationHead, before?.header.organisationHead, entryHashOf),
    author,
    device,
    counter: parts.counter,
    previous: previous && textOf(previous, before?.name, before?.hash, entryHashOf),
    parents,
    nonce: parts.nonce.slice(),
    keyCommitment: parts.keyCommitment?.slice(),
  };
  return isHeader(header) ? header : undefined;
};

const textOf = <Id>(
  bytes: Bytes,
  bytesBefore: Bytes | undefined,
  textBefore: Id | undefined,
  idOf: (bytes: Bytes) => Id | undefined,
): Id | undefined => (bytes === bytesBefore ? textBefore : idOf(bytes));

const bytesIn = (hash: EntryHash | undefined): Bytes | undefined => hash && idBytes(hash);

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
  const destroys = fields.length === headerFields ? {} : readDestroys(fields[14]);
  if (logId === undefined || control === undefined || organisationHead === undefined) return undefined;
  if (author === undefined || device === undefined || !isCount(counter) || previous === undefined) return undefined;
  if (parents === undefined || nonce === undefined || commitment === undefined) return undefined;
  if (destroys === undefined) return undefined;
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
    ...destroys,
  };
};

const readDestroys = (value: CborValue | undefined): Pick<Header, "destroys"> | undefined => {
  const destroys = bytesOf(value, hashBytes);
  return destroys === undefined ? undefined : { destroys };
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
  mayDestroy(header) &&
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

/** Only a later control entry of a case, and none that begins an epoch. */
const mayDestroy = ({ destroys, kind, logKind, control, keyCommitment }: Header): boolean => {
  if (destroys === undefined) return true;
  const isAct = kind === "control" && logKind === "case" && control !== undefined && keyCommitment === undefined;
  return isAct && destroys.length === hashBytes;
};

const areParents = ({ parents, control, previous }: Header): boolean =>
  parents.length <= parentsMax &&
  parents.every((hash, index) => {
    const before = parents[index - 1];
    return hash !== control && hash !== previous && (before === undefined || before < hash);
  });
