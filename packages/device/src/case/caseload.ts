/**
 * The index of the caseload: a row for each case, in 128 buckets by the first byte of the log's id, sealed under the
 * own-devices key. Ten thousand cases are there after opening these few boxes; of a changed case one bucket is written.
 *
 * A bucket is one text. One that is missing, of another fold version or spoiled is made
 * again from the logs themselves.
 */

import { assert } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { openBox, sealBox } from "@amana/vault";
import type { Stored, StoreChange } from "../ports.ts";
import type { Unlocked } from "../unlocked.ts";
import { grouped } from "../grouped.ts";
import { indexBucketOf, indexBuckets, indexName, indexPrefix, partsIn } from "../logs/names.ts";
import { bytesFrom } from "../logs/own-values.ts";
import { loadPositions } from "../logs/positions.ts";
import { rowItemsMax, type CaseRow } from "./case-row.ts";
import { rowsToText, textToRows } from "./row-text.ts";

/** One more whenever folding, or the layout of rows or snapshots, changes: what was kept before is then made again. */
export const foldVersion = 10;

/** Before it is deflated; a bucket with more has several boxes. A box holds 64 kB, and few large ones open sooner than many. */
export const indexPartBytesMax = 60_000;

/** Rows as they were kept; nothing for a bucket that has to be made again. */
export const loadBuckets = async (unlocked: Unlocked): Promise<ReadonlyMap<string, readonly CaseRow[] | undefined>> => {
  const stored = await unlocked.ports.store.list(indexPrefix);
  const byBucket = grouped(stored, ({ name }) => name.slice(indexPrefix.length, indexPrefix.length + 2));
  for (const bucket of indexBuckets) unlocked.desk.indexParts.note(bucket, partsIn(byBucket.get(bucket) ?? []));
  const opened = await Promise.all(
    indexBuckets.map(
      async (bucket) => [bucket, await openBucket(unlocked, bucket, byBucket.get(bucket) ?? [])] as const,
    ),
  );
  return new Map(opened);
};

const openBucket = async (
  unlocked: Unlocked,
  bucket: string,
  stored: readonly Stored[],
): Promise<readonly CaseRow[] | undefined> => {
  if (stored.length === 0) return undefined;
  const count = stored.length;
  const parts = await Promise.all(
    stored.map(({ value }, part) => openPart(unlocked, contextOf(bucket, part, count), value)),
  );
  const rows: CaseRow[] = [];
  for (const part of parts) {
    if (part === undefined) return undefined;
    rows.push(...part);
  }
  return rows;
};

/** Nothing for a part that has to be made again. */
const openPart = async (
  { own, ports }: Unlocked,
  context: Context,
  value: Stored["value"],
): Promise<readonly CaseRow[] | undefined> => {
  const opened = await openBox("index", own.ownDevicesKey, value, ports.deflate);
  if (!opened.ok || !isSame(opened.value.context, context)) return undefined;
  const { content } = opened.value;
  return textToRows(new TextDecoder().decode(bytesFrom(content)));
};

type Context = readonly [foldVersion: number, bucket: string, part: number, count: number];

const contextOf = (bucket: string, part: number, count: number): Context => [foldVersion, bucket, part, count];

const isSame = (one: unknown, other: Context): boolean =>
  Array.isArray(one) && one.length === other.length && other.every((value, at) => one[at] === value);

/** What is to be written for the buckets in which some rows of the caseload are new. */
export const rowChanges = async (
  unlocked: Unlocked,
  rows: ReadonlyMap<LogId, CaseRow>,
  changed: readonly CaseRow[],
): Promise<readonly StoreChange[]> => {
  const inBuckets = new Set(changed.map(({ logId }) => indexBucketOf(logId)));
  const touched = [...rows.values()].filter(({ logId }) => inBuckets.has(indexBucketOf(logId)));
  const byBucket = grouped(touched, ({ logId }) => indexBucketOf(logId));
  const changes = [...inBuckets].map((bucket) => {
    const inBucket = byBucket.get(bucket);
    assert(inBucket !== undefined, "A row was changed that is not in the caseload.");
    return bucketChanges(unlocked, bucket, inBucket);
  });
  return (await Promise.all(changes)).flat();
};

const bucketChanges = async (
  { own, ports, desk }: Unlocked,
  bucket: string,
  rows: readonly CaseRow[],
): Promise<readonly StoreChange[]> => {
  const parts = partsOf(rows);
  const written = await Promise.all(
    parts.map(async (part, at): Promise<StoreChange> => {
      const content = new TextEncoder().encode(rowsToText(part));
      const opened = { context: contextOf(bucket, at, parts.length), content };
      const value = await sealBox("index", own.ownDevicesKey, opened, ports);
      assert(value !== undefined, "A part of the index does not fit its box.");
      return { name: indexName(bucket, at), value };
    }),
  );
  const before = desk.indexParts.of(bucket);
  assert(before !== undefined, "A row was to be written before the caseload was read.");
  desk.indexParts.note(bucket, parts.length);
  const gone = Array.from({ length: Math.max(0, before - parts.length) }, (_, at) => parts.length + at);
  return [...written, ...gone.map((at) => ({ name: indexName(bucket, at), value: undefined }))];
};

/** Always one part, so that an empty bucket is told from a missing one. */
const partsOf = (rows: readonly CaseRow[]): readonly (readonly CaseRow[])[] => {
  const parts: CaseRow[][] = [[]];
  let bytes = 0;
  for (const whole of [...rows].sort((one, other) => (one.logId < other.logId ? -1 : 1))) {
    const { row, length } = fitting(whole);
    if (bytes > 0 && bytes + length > indexPartBytesMax) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(row);
    bytes += length;
  }
  return parts;
};

type Fitting = { readonly row: CaseRow; readonly length: number };

/**
 * The row, or what of it has room: names are as long as whoever seals them wants, and one row that fits no box would keep the
 * device from writing anything. What is left out is found when the case is opened.
 */
const fitting = (whole: CaseRow): Fitting => {
  let fit = measured(whole);
  for (let count = rowItemsMax; fit.length > indexPartBytesMax && count > 0; count = Math.floor(count / 2))
    fit = measured({
      ...whole,
      due: whole.due.slice(0, count).map((item) => ({ ...item, recipients: [] })),
      searchKeys: whole.searchKeys.split("\n").slice(0, count).join("\n"),
    });
  return fit;
};

const measured = (row: CaseRow): Fitting => ({ row, length: new TextEncoder().encode(rowsToText([row])).length });

/** The case logs this device knows of. */
export const caseLogIds = async (unlocked: Unlocked): Promise<readonly LogId[]> =>
  [...(await loadPositions(unlocked))].filter(([, { kind }]) => kind === "case").map(([logId]) => logId);
