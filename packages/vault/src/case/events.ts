/**
 * The control events of a case: who can read from now on, what is adopted, left unread or erased. Read from anyone's
 * sealed data. Format: docs/formats/entry.md §7 and §9.
 */

import { bytesOf, hashBytes, keyIdOf, type CborMap, type CborValue, type EntryHash, type KeyId } from "@amana/log";
import type { SealedEvent } from "../body.ts";
import { exactFields, readHash, readList } from "../fields.ts";
import type { EntryKey } from "../seal.ts";
import { conceal } from "../secret.ts";

/** Whom the case key of an epoch is wrapped to, by the id of their receiving key. */
export type EpochMember = { readonly kind: "person" | "team" | "recovery"; readonly keyId: KeyId };

export type EpochBegun = {
  readonly type: "EpochBegun";
  readonly members: readonly EpochMember[];
  /** All heads its writer accepts. */
  readonly cut: readonly EntryHash[];
  readonly reason: string;
  /** Epochs before it whose keys its writer was never given: nothing waits for them, nor for what their makers wrote under them. */
  readonly over?: readonly EntryHash[];
};

/** That two people have shredded the case, for whoever never had its keys: those of the few entries that say so. */
export type ShreddingTold = {
  readonly type: "ShreddingTold";
  readonly confirmation: EntryHash;
  readonly keys: readonly { readonly entry: EntryHash; readonly key: EntryKey }[];
};

export type CaseControlEvent =
  | EpochBegun
  | { readonly type: "Adopted"; readonly entries: readonly EntryHash[] }
  /** Nothing waits for these any more, though they cannot be read. Whoever can read one of them later folds it as any other. */
  | { readonly type: "LeftUnread"; readonly entries: readonly EntryHash[] }
  | { readonly type: "ErasureProposed"; readonly entries: readonly EntryHash[] }
  | { readonly type: "ErasureConfirmed"; readonly proposal: EntryHash }
  | ShreddingTold;

/** Nothing for a type or version this code does not know, and for data that is not as the type says. */
export const readCaseControlEvent = ({ type, version, data }: SealedEvent): CaseControlEvent | undefined => {
  if (type === "EpochBegun" && version === 2) return readEpochOver(data);
  if (version !== 1) return undefined;
  switch (type) {
    case "EpochBegun":
      return readEpoch(data);
    case "Adopted":
    case "LeftUnread":
    case "ErasureProposed": {
      const entries = readList(exactFields(data, ["entries"])?.["entries"], readHash);
      return entries === undefined ? undefined : { type, entries };
    }
    case "ErasureConfirmed": {
      const proposal = readHash(exactFields(data, ["proposal"])?.["proposal"]);
      return proposal === undefined ? undefined : { type, proposal };
    }
    case "ShreddingTold": {
      const fields = exactFields(data, ["confirmation", "keys"]);
      const [confirmation, keys] = [readHash(fields?.["confirmation"]), readList(fields?.["keys"], readToldKey)];
      return confirmation === undefined || keys === undefined ? undefined : { type, confirmation, keys };
    }
    default:
      return undefined;
  }
};

const readToldKey = (value: CborValue): ShreddingTold["keys"][number] | undefined => {
  const fields = exactFields(value, ["entry", "key"]);
  const [entry, key] = [readHash(fields?.["entry"]), bytesOf(fields?.["key"], 32)];
  return entry === undefined || key === undefined ? undefined : { entry, key: conceal("entry-key", key) };
};

export const readEpoch = (data: CborValue): EpochBegun | undefined =>
  epochIn(exactFields(data, ["members", "cut", "reason"]));

/** Version 2: only where there is something to pass over. */
export const readEpochOver = (data: CborValue): EpochBegun | undefined => {
  const fields = exactFields(data, ["members", "cut", "reason", "over"]);
  const [epoch, over] = [epochIn(fields), readList(fields?.["over"], readHash)];
  return epoch === undefined || over === undefined || over.length === 0 ? undefined : { ...epoch, over };
};

const epochIn = (fields: CborMap | undefined): EpochBegun | undefined => {
  const members = readList(fields?.["members"], readMember);
  const cut = readList(fields?.["cut"], readHash);
  const reason = fields?.["reason"];
  if (members === undefined || cut === undefined || typeof reason !== "string") return undefined;
  return { type: "EpochBegun", members, cut, reason };
};

const memberKinds: readonly EpochMember["kind"][] = ["person", "team", "recovery"];

const readMember = (value: CborValue): EpochMember | undefined => {
  const fields = exactFields(value, ["kind", "key"]);
  const kind = memberKinds.find((each) => each === fields?.["kind"]);
  const bytes = bytesOf(fields?.["key"], hashBytes);
  const keyId = bytes === undefined ? undefined : keyIdOf(bytes);
  return kind === undefined || keyId === undefined ? undefined : { kind, keyId };
};
