/**
 * Changes of access that wait for the network: kept until the server has all of them, and shown until then.
 *
 * Each says what a person decided, not how it will be written, because others may change who reads in the meantime.
 */

import { assert } from "@amana/kernel";
import {
  fromHex,
  idBytes,
  isCborMap,
  toHex,
  type Bytes,
  type CborMap,
  type CborValue,
  type EntryHash,
  type LogId,
} from "@amana/log";
import type { PersonId, TeamId } from "@amana/vault";
import { bytesFrom, hashFrom, listFrom, logIdFrom, numberFrom, orNothing, textFrom } from "../logs/own-values.ts";
import type { StoreChange } from "../ports.ts";
import { recordName } from "../store/names.ts";
import type { Unlocked } from "../unlocked.ts";
import type { Reader } from "./readers.ts";

export type AccessChange =
  /** The first epoch of a case that was opened on this device. */
  | { readonly kind: "open"; readonly readers: readonly Reader[] }
  | { readonly kind: "give"; readonly reader: Reader }
  | { readonly kind: "take"; readonly reader: Reader }
  /** The same readers, as the organisation is now. */
  | { readonly kind: "renew" }
  /** The same readers, over an epoch whose key this device was never given. */
  | { readonly kind: "pass-over" }
  | { readonly kind: "adopt"; readonly entries: readonly EntryHash[] }
  /** Entries that nobody can read, and that nothing waits for any more. */
  | { readonly kind: "leave-unread"; readonly entries: readonly EntryHash[] }
  /** No entries: the whole case is to be shredded. */
  | { readonly kind: "propose-erasure"; readonly entries: readonly EntryHash[] }
  | { readonly kind: "confirm-erasure"; readonly proposal: EntryHash };

export type PendingChange = {
  readonly number: number;
  readonly logId: LogId;
  readonly change: AccessChange;
  /** Why it cannot be carried out, when it was last tried: the name of an error. It stays until somebody drops it. */
  readonly refusedAs: string | undefined;
};

export const pendingChangesMax = 1000;

const name = recordName("pending-access");

export const readPending = async ({ records }: Unlocked): Promise<readonly PendingChange[]> => {
  const content = await records.read(name);
  return content === undefined ? [] : listFrom(content).map(pendingFrom);
};

export const writePending = ({ records }: Unlocked, list: readonly PendingChange[]): Promise<readonly StoreChange[]> =>
  records.changes(name, list.length === 0 ? undefined : list.map(contentOf));

const contentOf = ({ number, logId, change, refusedAs }: PendingChange): CborValue => [
  number,
  idBytes(logId),
  changeContent(change),
  refusedAs ?? null,
];

const changeContent = (change: AccessChange): CborMap => {
  switch (change.kind) {
    case "open":
      return { kind: change.kind, readers: change.readers.map(readerContent) };
    case "give":
    case "take":
      return { kind: change.kind, readers: [readerContent(change.reader)] };
    case "adopt":
    case "leave-unread":
    case "propose-erasure":
      return { kind: change.kind, entries: change.entries.map(idBytes) };
    case "confirm-erasure":
      return { kind: change.kind, entries: [idBytes(change.proposal)] };
    default:
      return { kind: change.kind };
  }
};

const readerContent = (reader: Reader): CborValue => [
  reader.kind,
  hexBytes(reader.kind === "person" ? reader.person : reader.team),
];

const hexBytes = (id: PersonId | TeamId): Bytes => {
  const bytes = fromHex(id);
  assert(bytes !== undefined, "An id of a person or team is not written in hexadecimal digits.");
  return bytes;
};

const strange = "A change of access waits that this device did not write.";

const pendingFrom = (content: CborValue): PendingChange => {
  const [number, logBytes, change, refusedAs] = listFrom(content);
  assert(change !== undefined && isCborMap(change), strange);
  return {
    number: numberFrom(number),
    logId: logIdFrom(logBytes),
    change: changeFrom(change),
    refusedAs: orNothing(refusedAs, textFrom),
  };
};

const changeFrom = (content: CborMap): AccessChange => {
  const readers = content["readers"] === undefined ? [] : listFrom(content["readers"]).map(readerFrom);
  const entries = content["entries"] === undefined ? [] : listFrom(content["entries"]).map(hashFrom);
  const [reader] = readers;
  const [proposal] = entries;
  switch (textFrom(content["kind"])) {
    case "open":
      return { kind: "open", readers };
    case "give":
      assert(reader !== undefined, strange);
      return { kind: "give", reader };
    case "take":
      assert(reader !== undefined, strange);
      return { kind: "take", reader };
    case "renew":
      return { kind: "renew" };
    case "pass-over":
      return { kind: "pass-over" };
    case "adopt":
      return { kind: "adopt", entries };
    case "leave-unread":
      return { kind: "leave-unread", entries };
    case "propose-erasure":
      return { kind: "propose-erasure", entries };
    default:
      assert(proposal !== undefined, strange);
      return { kind: "confirm-erasure", proposal };
  }
};

const readerFrom = (content: CborValue): Reader => {
  const [kind, idIn] = listFrom(content);
  const bytes = bytesFrom(idIn);
  // Any 16 bytes are the id of a person or of a team.
  return kind === "person"
    ? { kind: "person", person: toHex(bytes) as PersonId }
    : { kind: "team", team: toHex(bytes) as TeamId };
};
