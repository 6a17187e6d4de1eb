/**
 * Entries in PostgreSQL, many in one statement: ids and bytes travel joined in one binary parameter, and are cut apart
 * there. Each lookup is a walk down one index, whatever the planner believes of the size of a table.
 */

import { concat, type Bytes } from "@amana/log";
import { bytesOfId, listOf, readerKeys, type Asked, type EntryTables, type LogPlace } from "../connection.ts";
import { accountIdIn, bytesIn, isNull, keyIdIn, logIdIn, logPlaceIn, numberIn } from "../rows.ts";
import type { Ask } from "./connection.ts";
import { isOneOf } from "./lists.ts";

export const entryTables = (ask: Ask): EntryTables => ({
  lockServed: (organisation, asked) => lockServed(ask, organisation, asked),
  kindsOf: (organisation, entries) => kindsOf(ask, organisation, entries),
  insert: async (organisation, rows) => {
    const bytes = rows.map((row) => row.bytes);
    await ask(insertStatement, [
      organisation,
      rows.map(({ log }) => log),
      rows.map(({ place }) => place),
      rows.map(({ isControl }) => (isControl ? 1 : 0)),
      concat(...rows.map(({ hash }) => hash)),
      concat(...rows.map(({ digest }) => digest)),
      bytes.map((each) => each.length),
      startsOf(bytes),
      concat(...bytes),
    ]);
  },
  advance: async (organisation, logs) => {
    await ask(advanceStatement, [
      organisation,
      logs.map(({ log }) => log),
      logs.map(({ end }) => end),
      concat(...logs.map(({ digest }) => digest)),
    ]);
  },
  standings: (organisation, account, wants) => standings(ask, organisation, account, wants),
  bytesAfter: async (organisation, wants, bytesMax) => {
    const asked = enoughOf(wants, bytesMax);
    if (asked.length === 0) return [];
    const rows = await ask(bytesStatement, [
      organisation,
      asked.map(({ log }) => log),
      asked.map(({ after }) => after),
      asked.map(({ end }) => end),
      Math.ceil(bytesMax / entryBytesMin) + 1,
      bytesMax,
    ]);
    return rows.map((row) => ({
      want: numberIn(row, "i") - 1,
      bytes: bytesIn(row, "bytes"),
      isControl: numberIn(row, "is_control") === 1,
    }));
  },
});

const kindsOf = async (
  ask: Ask,
  organisation: number,
  entries: Parameters<EntryTables["kindsOf"]>[1],
): ReturnType<EntryTables["kindsOf"]> => {
  if (entries.length === 0) return [];
  const rows = await ask(kindsStatement, [
    organisation,
    entries.map(({ log }) => log),
    concat(...entries.map(({ hash }) => bytesOfId(hash))),
  ]);
  const kinds = Array.from<"content" | "control" | undefined>({ length: entries.length });
  for (const row of rows) kinds[numberIn(row, "i") - 1] = numberIn(row, "is_control") === 1 ? "control" : "content";
  return kinds;
};

const standings = async (
  ask: Ask,
  organisation: number,
  account: string,
  wants: Parameters<EntryTables["standings"]>[2],
): ReturnType<EntryTables["standings"]> => {
  const rows = await ask(standingsStatement, [
    organisation,
    bytesOfId(account),
    wants.map(({ after }) => after),
    concat(...wants.map(({ logId }) => bytesOfId(logId))),
  ]);
  const found = Array.from<Awaited<ReturnType<EntryTables["standings"]>>[number]>({ length: wants.length });
  for (const row of rows) {
    const here = isNull(row, "digest") ? undefined : bytesIn(row, "digest");
    found[numberIn(row, "i") - 1] = { log: numberIn(row, "log"), end: numberIn(row, "entry_count"), here };
  }
  return found;
};

/** Ids and digests are cut out of a joined parameter by their place `i`, from 1. */
const piece = (parameter: string, length: number): string =>
  `substr(${parameter}::bytea, ((r.i - 1) * ${length} + 1)::integer, ${length})`;

const kindsStatement = `SELECT r.i, e.is_control
  FROM unnest($2::bigint[]) WITH ORDINALITY AS r (log, i)
  CROSS JOIN LATERAL (SELECT is_control FROM entries
    WHERE organisation = $1 AND log = r.log AND hash = ${piece("$3", 32)} LIMIT 1) e`;

const insertStatement = `INSERT INTO entries (organisation, log, place, is_control, hash, digest, bytes)
  SELECT $1, r.log, r.place, r.is_control, ${piece("$5", 32)}, ${piece("$6", 32)},
    substr($9::bytea, r.start, r.length)
  FROM unnest($2::bigint[], $3::integer[], $4::smallint[], $7::integer[], $8::integer[])
    WITH ORDINALITY AS r (log, place, is_control, length, start, i)`;

const advanceStatement = `UPDATE logs SET entry_count = r.entry_count, digest = ${piece("$4", 32)}
  FROM unnest($2::bigint[], $3::integer[]) WITH ORDINALITY AS r (log, entry_count, i)
  WHERE logs.organisation = $1 AND logs.log = r.log`;

const standingsStatement = `SELECT r.i, l.log, l.entry_count, e.digest
  FROM unnest($3::integer[]) WITH ORDINALITY AS r (after, i)
  CROSS JOIN LATERAL (SELECT log, entry_count FROM logs
    WHERE organisation = $1 AND log_id = ${piece("$4", 16)} AND EXISTS (
      SELECT 1 FROM served s WHERE s.organisation = $1 AND s.log = logs.log
        AND s.reader_key IN (${readerKeys("$1", "$2")})) LIMIT 1) l
  LEFT JOIN LATERAL (SELECT digest FROM entries
    WHERE organisation = $1 AND log = l.log AND place = r.after LIMIT 1) e ON true`;

/** `through` counts what the entries before and this one have together; the first is sent whatever its size. */
const bytesStatement = `SELECT i, bytes, is_control FROM (
    SELECT r.i, e.place, e.bytes, e.is_control, sum(octet_length(e.bytes)) OVER (ORDER BY r.i, e.place) AS through
    FROM unnest($2::bigint[], $3::integer[], $4::integer[]) WITH ORDINALITY AS r (log, after, until, i)
    CROSS JOIN LATERAL (SELECT place, bytes, is_control FROM entries
      WHERE organisation = $1 AND log = r.log AND place > r.after AND place <= r.until
      ORDER BY place LIMIT $5) e) AS found
  WHERE through <= $6 OR through = octet_length(bytes) ORDER BY i, place`;

/** No entry is smaller: its header names a log, an author and a device, and its body is padded. */
const entryBytesMin = 256;

/** The first wants that are sure to fill the answer: the others need not be looked at. */
const enoughOf = <Want extends { readonly after: number; readonly end: number }>(
  wants: readonly Want[],
  bytesMax: number,
): readonly Want[] => {
  let least = 0;
  const beyond = wants.findIndex(({ after, end }) => {
    const isBeyond = least > bytesMax;
    least += (end - after) * entryBytesMin;
    return isBeyond;
  });
  return beyond === -1 ? wants : wants.slice(0, beyond);
};

/** Where each part begins in all of them joined, from 1. */
const startsOf = (parts: readonly Bytes[]): readonly number[] => {
  let next = 1;
  return parts.map(({ length }) => {
    const start = next;
    next += length;
    return start;
  });
};

/**
 * The rows are locked in the order of their numbers, so that two transactions never wait for each other; who is
 * served is read under the locks, because whoever changes it holds them.
 */
const lockServed = async (
  ask: Ask,
  organisation: number,
  asked: readonly Asked[],
): Promise<readonly (LogPlace | undefined)[]> => {
  const accounts = listOf([...new Set(asked.map(({ account }) => account))].map(bytesOfId));
  const logIds = listOf([...new Set(asked.map(({ logId }) => logId))].map(bytesOfId));
  const accountsByKey = new Map<string, Set<string>>();
  for (const row of await ask(keysStatement, [organisation, accounts])) {
    const key = keyIdIn(row, "reader_key");
    accountsByKey.set(key, (accountsByKey.get(key) ?? new Set()).add(accountIdIn(row)));
  }
  const locked = await ask(lockStatement, [organisation, logIds]);
  const placesByLog = new Map(locked.map((row) => [numberIn(row, "log"), row]));
  const places = new Map<string, LogPlace>();
  const keys = listOf([...accountsByKey.keys()].map((key) => new Uint8Array(Buffer.from(key, "hex"))));
  for (const row of await ask(servedStatement, [organisation, [...placesByLog.keys()], keys])) {
    const log = placesByLog.get(numberIn(row, "log"));
    if (log === undefined) continue;
    for (const account of accountsByKey.get(keyIdIn(row, "reader_key")) ?? []) {
      places.set(`${account}/${logIdIn(log)}`, logPlaceIn(log));
    }
  }
  return asked.map(({ account, logId }) => places.get(`${account}/${logId}`));
};

const isAsked = isOneOf("a.account_id", "$2");

const keysStatement = `SELECT a.account_id, a.receiving_key AS reader_key FROM accounts a
    WHERE a.organisation = $1 AND ${isAsked} AND a.left_at IS NULL
  UNION ALL
  SELECT a.account_id, t.team_key FROM accounts a
    JOIN team_people t ON t.organisation = a.organisation AND t.person_key = a.receiving_key
    WHERE a.organisation = $1 AND ${isAsked} AND a.left_at IS NULL`;

const lockStatement = `SELECT log, log_id, kind, entry_count, digest, tip, shredded_at FROM logs
  WHERE organisation = $1 AND ${isOneOf("log_id", "$2")}
  ORDER BY log FOR UPDATE`;

const servedStatement = `SELECT log, reader_key FROM served
  WHERE organisation = $1 AND log = ANY ($2::bigint[]) AND ${isOneOf("reader_key", "$3")}`;
