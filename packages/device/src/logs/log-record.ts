/**
 * What a device remembers of one log beside the entries themselves: which entries it holds, the control entry it had
 * accepted, its own last entry, when it first saw what, and the case keys it has unwrapped. Sealed under the storage key.
 *
 * What the record does not vouch for is verified again, so that nobody who changes the storage gains anything.
 */

import { assert, type Instant } from "@amana/kernel";
import {
  bytesOf,
  fromHex,
  idBytes,
  toHex,
  type Bytes,
  type CborValue,
  type DeviceId,
  type EntryHash,
  type LogKind,
} from "@amana/log";
import { digestOfNone } from "@amana/sync";
import { conceal, exposeSecret, type CaseKey } from "@amana/vault";
import { bytesFrom, deviceFrom, hashFrom, instantFrom, listFrom, numberFrom, orNothing } from "./own-values.ts";

export type LogRecord = {
  readonly kind: LogKind;
  /** How many entries stand in the segments, and the digest over their hashes in this order. */
  readonly held: { readonly count: number; readonly digest: Bytes };
  /** The last control entry this device had accepted: decides at a fork, and only there. */
  readonly accepted: EntryHash | undefined;
  /** What this device wrote last here, under the id it had then. */
  readonly own: OwnEntry | undefined;
  /** From which place in the segments on entries were first seen when. */
  readonly firstSeen: readonly FirstSeen[];
  /** Of the held entries, those that nobody's signature vouches for, or not yet. */
  readonly unverified: ReadonlySet<EntryHash>;
  /** Case keys by commitment, once unwrapped. In the organisation log also the teams' keys. */
  readonly keys: ReadonlyMap<string, CaseKey>;
  readonly erased: ReadonlySet<EntryHash>;
  /** What drafts that were sealed are called now, while others may still name them as they were called before. */
  readonly sealedAs: ReadonlyMap<EntryHash, EntryHash>;
  /** A control entry on its way to the server, with its request: the same bytes are sent until it is answered. */
  readonly appending: Bytes | undefined;
  /** Two people have destroyed the case: its keys were forgotten here, and are never asked for again. */
  readonly isShredded: boolean;
  /** What stood here was spoiled, and the log has not been followed to its end again: something may be missing. */
  readonly isMending: boolean;
  /**
   * Of the organisation's log, entries of a later version that the server was found not to have: kept, and read as if they were not here
   * until it hands them out again. Nobody can tell them from made-up ones, and while one is read nothing else can be done.
   */
  readonly notListed: ReadonlySet<EntryHash>;
  /** The last entry of a later version that there was no room to keep. It is cleared once all of the log was followed again. */
  readonly newerLeft: EntryHash | undefined;
};

export type OwnEntry = { readonly device: DeviceId; readonly hash: EntryHash; readonly counter: number };
export type FirstSeen = { readonly from: number; readonly at: Instant };

export const newLogRecord = (kind: LogKind): LogRecord => ({
  kind,
  held: { count: 0, digest: digestOfNone() },
  accepted: undefined,
  own: undefined,
  firstSeen: [],
  unverified: new Set(),
  keys: new Map(),
  erased: new Set(),
  sealedAs: new Map(),
  appending: undefined,
  isShredded: false,
  isMending: false,
  notListed: new Set(),
  newerLeft: undefined,
});

const recordVersion = 1;
const kinds = ["organisation", "case"] as const satisfies readonly LogKind[];

export const encodeLogRecord = (record: LogRecord): CborValue => [
  recordVersion,
  kinds.indexOf(record.kind),
  [record.held.count, record.held.digest],
  record.accepted === undefined ? null : idBytes(record.accepted),
  record.own === undefined ? null : [idBytes(record.own.device), idBytes(record.own.hash), record.own.counter],
  record.firstSeen.map(({ from, at }) => [from, at]),
  [...record.unverified].sort().map(idBytes),
  [...record.keys].map(([commitment, key]) => [bytesIn(commitment), exposeSecret(key)]),
  [...record.erased].sort().map(idBytes),
  [...record.sealedAs].map(([draft, entry]) => [idBytes(draft), idBytes(entry)]),
  record.appending ?? null,
  record.isShredded,
  record.isMending,
  [...record.notListed].sort().map(idBytes),
  record.newerLeft === undefined ? null : idBytes(record.newerLeft),
];

export const decodeLogRecord = (value: CborValue): LogRecord => {
  const fields = listFrom(value);
  const [version, kind, held, accepted, own, firstSeen, unverified, keys, erased, sealedAs, appending] = fields;
  const [isShredded, isMending, notListed = [], newerLeft = null] = fields.slice(11);
  const logKind = kinds[numberFrom(kind)];
  assert(version === recordVersion && logKind !== undefined, "A log's record is one that this device never wrote.");
  const [count, digest] = listFrom(held);
  return {
    kind: logKind,
    held: { count: numberFrom(count), digest: bytesFrom(digest) },
    accepted: orNothing(accepted, hashFrom),
    own: orNothing(own, (row) => ownFrom(listFrom(row))),
    firstSeen: listFrom(firstSeen).map((row) => firstSeenFrom(listFrom(row))),
    unverified: new Set(listFrom(unverified).map(hashFrom)),
    keys: new Map(listFrom(keys).map((row) => keyFrom(listFrom(row)))),
    erased: new Set(listFrom(erased).map(hashFrom)),
    sealedAs: new Map(listFrom(sealedAs).map((row) => sealedFrom(listFrom(row)))),
    appending: orNothing(appending, bytesFrom),
    isShredded: isShredded === true,
    isMending: isMending === true,
    notListed: new Set(listFrom(notListed).map(hashFrom)),
    newerLeft: orNothing(newerLeft, hashFrom),
  };
};

const ownFrom = ([device, hash, counter]: readonly CborValue[]): OwnEntry => ({
  device: deviceFrom(device),
  hash: hashFrom(hash),
  counter: numberFrom(counter),
});

const firstSeenFrom = ([from, at]: readonly CborValue[]): FirstSeen => ({
  from: numberFrom(from),
  at: instantFrom(at),
});

const keyFrom = ([commitment, key]: readonly CborValue[]): readonly [string, CaseKey] => {
  const bytes = bytesOf(key, 32);
  assert(bytes !== undefined, "A key of a log is kept with another length than a key has.");
  const secret: CaseKey = conceal("case-key", bytes);
  bytes.fill(0);
  return [toHex(bytesFrom(commitment)), secret];
};

const sealedFrom = ([draft, entry]: readonly CborValue[]): readonly [EntryHash, EntryHash] => [
  hashFrom(draft),
  hashFrom(entry),
];

const bytesIn = (commitment: string): Bytes => {
  const bytes = fromHex(commitment);
  assert(bytes !== undefined, "A commitment is kept as something else than hexadecimal digits.");
  return bytes;
};
