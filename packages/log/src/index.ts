/**
 * The shape of a sealed log: header codec, hashes, order, structural checks. Format: docs/formats/entry.md.
 *
 * It holds no key and sees no content. Whether a signature verifies is told to it; who may do what is not its
 * question.
 */

export { concat, equalBytes, fromAscii, fromHex, sha256, toHex, type Bytes } from "./bytes.ts";
export {
  bytesOf,
  decodeCbor,
  encodeCbor,
  isCborArray,
  isCborMap,
  type CborMap,
  type CborValue,
  type NotCanonical,
} from "./cbor.ts";
export {
  cursorOver,
  fail,
  isSame,
  pageOf,
  put,
  putNumber,
  take,
  takeNumber,
  type Cursor,
  type Page,
} from "./cursor.ts";
export { type ControlFork, type Finding } from "./control-line.ts";
export { precedes, type Equivocation } from "./authentic.ts";
export {
  encodeEntries,
  encodeEntry,
  entryOfParts,
  entrySize,
  hashEntry,
  headerHash,
  huskOf,
  parseEntry,
  type EntryRead,
  type NewerEntry,
  type NotAnEntry,
  type Received,
  type SealedEntry,
} from "./entry.ts";
export { hashOfParts, joinEntry, splitEntry, suite, type EntryParts, type Joined } from "./entry-parts.ts";
export { scopeOfConfirmation, scopeOfProposal, type ErasureScope } from "./erasure-scope.ts";
export { decodeHeader, encodeHeader, type EntryKind, type Header, type HeaderError, type LogKind } from "./header.ts";
export {
  addEntries,
  emptyHistory,
  linksOf,
  pastOf,
  type Arrival,
  type Held,
  type History,
  type Refusal,
  type Verdict,
} from "./history.ts";
export {
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
export { label, labelNumbers, labelText, type Purpose } from "./labels.ts";
export * from "./limits.ts";
export { nextLinks, type Links } from "./next.ts";
export { isPaddedLength, paddedLength } from "./padding.ts";
export { review, type Review, type ReviewSettings } from "./review.ts";
