/**
 * How far this device has followed each log on the server. Kept in 256 records by the first byte of the log's id, so
 * that ten thousand logs are compared without opening ten thousand records.
 *
 * A position only says what need not be fetched again. If it is lost, everything is fetched once more.
 */

import { assert } from "@amana/kernel";
import { concat, idBytes, type Bytes, type CborValue, type EntryHash, type LogId, type LogKind } from "@amana/log";
import { digestOfNone, nextDigest, type LogPosition } from "@amana/sync";
import type { StoreChange } from "../ports.ts";
import type { Unlocked } from "../unlocked.ts";
import { bucketOf, buckets, positionsName, positionsPrefix } from "./names.ts";
import { bytesFrom, hashFrom, listFrom, logIdFrom, numberFrom } from "./own-values.ts";

export type Position = {
  readonly kind: LogKind;
  /** Everything before this place is held, and its digest. */
  readonly end: number;
  readonly digest: Bytes;
  /** What the server acknowledged since, or was found to lack, in order: if nothing came between, they stand at the end. */
  readonly awaited: readonly EntryHash[];
};

/** With more than this the log is simply pulled, and the last of them must come back. */
export const awaitedMax = 64;

export const startOf = (kind: LogKind): Position => ({ kind, end: 0, digest: digestOfNone(), awaited: [] });

/** Where the log stands on the server if nobody else has written to it. */
export const foreseen = ({ end, digest, awaited }: Position): { readonly end: number; readonly digest: Bytes } => ({
  end: end + awaited.length,
  digest: awaited.reduce(nextDigest, digest),
});

export const loadPositions = async (unlocked: Unlocked): Promise<Map<LogId, Position>> => {
  const known = unlocked.desk.positions;
  if (known !== undefined) return known;
  const loaded = await unlocked.records.readAll(positionsPrefix, buckets.map(positionsName));
  const positions = new Map(loaded.flatMap((rows) => (rows === undefined ? [] : listFrom(rows).map(readRow))));
  unlocked.desk.positions = positions;
  return positions;
};

/** The beginning where the position was lost. */
export const positionOf = async (unlocked: Unlocked, logId: LogId, kind: LogKind): Promise<Position> =>
  (await loadPositions(unlocked)).get(logId) ?? startOf(kind);

/** As the server is told them. A log that is only here has none. */
export const comparedPositions = (positions: ReadonlyMap<LogId, Position>): readonly LogPosition[] =>
  [...positions].map(([logId, position]) => ({ logId, ...foreseen(position) }));

/** To be written with whatever moves these logs; `moved` is put into memory once it is written. */
export const positionChanges = async (
  unlocked: Unlocked,
  moved: ReadonlyMap<LogId, Position>,
): Promise<readonly StoreChange[]> => {
  const positions = new Map(await loadPositions(unlocked));
  for (const [logId, position] of moved) positions.set(logId, position);
  const rowsByBucket = new Map([...moved.keys()].map((logId) => [bucketOf(logId), [] as CborValue[]] as const)); // Filled below.
  for (const row of positions) rowsByBucket.get(bucketOf(row[0]))?.push(writeRow(row));
  const changes: StoreChange[] = [];
  for (const [bucket, rows] of rowsByBucket)
    changes.push(...(await unlocked.records.changes(positionsName(bucket), rows)));
  return changes;
};

const kinds = ["organisation", "case"] as const satisfies readonly LogKind[];

const writeRow = ([logId, { kind, end, digest, awaited }]: readonly [LogId, Position]): CborValue => [
  idBytes(logId),
  kinds.indexOf(kind),
  end,
  digest,
  concat(...awaited.map(idBytes)),
];

const readRow = (row: CborValue): readonly [LogId, Position] => {
  const [logId, kindNumber, end, digest, awaited] = listFrom(row);
  const kind = kinds[numberFrom(kindNumber)];
  assert(kind !== undefined, "A position is of a kind of log that this device never wrote.");
  return [
    logIdFrom(logId),
    { kind, end: numberFrom(end), digest: bytesFrom(digest), awaited: hashesIn(bytesFrom(awaited)) },
  ];
};

const hashLength = 32;

const hashesIn = (joined: Bytes): readonly EntryHash[] =>
  Array.from({ length: joined.length / hashLength }, (_, at) =>
    hashFrom(joined.slice(at * hashLength, (at + 1) * hashLength)),
  );
