/**
 * What the whole caseload says without opening a case: its rows, and whom a search finds. Called in turn.
 */

import { keysOfQuery, matchKeys, type DueItem, type SearchMatch, type SearchQuery } from "@amana/casefile";
import type { Unlocked } from "../unlocked.ts";
import { dueMomentsAt, type CaseRow } from "./case-row.ts";
import { firstDueOf } from "./due-in-caseload.ts";
import { ownDuePolicy } from "./due-policy.ts";
import { organisationReading } from "../logs/read.ts";
import { areEntriesUnread } from "./open-case.ts";
import { keepDueTrue, loadRows } from "./refresh.ts";
import { searchTableOf, sharing, type SearchTable } from "./search-table.ts";

/** One case in a list. What it is found by stays in the index. */
export type CaseSummary = Omit<CaseRow, "searchKeys" | "due" | "dueUntil" | "waitsForOrganisation" | "madeUnder">;

export type FoundCase = {
  readonly match: Exclude<SearchMatch, "none">;
  readonly summary: CaseSummary;
  /** What of the case is due first; nothing when nothing is. */
  readonly firstDue: DueItem | undefined;
};

/** The nearest of them, and how many there are. */
export type FoundCases = { readonly nearest: readonly FoundCase[]; readonly count: number };

export const listCases = async (unlocked: Unlocked): Promise<readonly CaseSummary[]> => {
  const summaryOf = await summarising(unlocked);
  return [...(await loadRows(unlocked)).values()].map(summaryOf);
};

export const countCases = async (unlocked: Unlocked): Promise<number> => (await loadRows(unlocked)).size;

/** Behind is a case also where the organisation's own log cannot all be read. */
const summarising = async (unlocked: Unlocked): Promise<(row: CaseRow) => CaseSummary> => {
  const organisation = await organisationReading(unlocked);
  const isUnread = organisation !== undefined && areEntriesUnread(organisation);
  // Field by field: of ten thousand rows, leaving some out by name would take most of the time.
  return (row) => ({
    logId: row.logId,
    stage: row.stage,
    codes: row.codes,
    level: row.level,
    age: row.age,
    responsible: row.responsible,
    openers: row.openers,
    lastRecordedAt: row.lastRecordedAt,
    unsent: row.unsent,
    marks: row.marks,
    isBehind: row.stage !== "shredded" && (row.isBehind || isUnread),
    isContradicted: row.isContradicted,
  });
};

const nearness = ["same", "likely", "possible"] as const satisfies readonly SearchMatch[];

/** In whatever spelling; the nearest first, and no more of them than somebody looks through. */
export const findCases = async (unlocked: Unlocked, query: SearchQuery, nearestMax: number): Promise<FoundCases> => {
  const asked = keysOfQuery(query);
  await keepDueTrue(unlocked);
  const table = await searchTable(unlocked);
  const { count, found } = matching(table, asked, nearestMax);
  const summaryOf = await summarising(unlocked);
  const moments = dueMomentsAt(unlocked.now(), await ownDuePolicy(unlocked));
  const nearest = nearness.flatMap((match) => found[match].map((row) => ({ match, row }))).slice(0, nearestMax);
  return {
    count,
    nearest: nearest.map(({ match, row }) => ({
      match,
      summary: summaryOf(row),
      firstDue: firstDueOf(row, moments),
    })),
  };
};

type Matching = { readonly count: number; readonly found: Readonly<Record<FoundCase["match"], readonly CaseRow[]>> };

/** How many rows match, and of each nearness the first few in the order of the caseload. */
export const matching = (table: SearchTable, asked: readonly string[], eachMax: number): Matching => {
  const { shared, placeByRow } = sharing(table, asked);
  const matches = shared.map((keys) => matchKeys(asked, keys));
  const found: Readonly<Record<FoundCase["match"], CaseRow[]>> = { same: [], likely: [], possible: [] };
  let count = 0;
  for (let at = 0; at < placeByRow.length; at++) {
    const place = placeByRow[at] ?? 0;
    // Most of ten thousand rows hold nothing that was asked, and match nothing.
    if (place === 0) continue;
    const match = matches[place] ?? "none";
    const row = table.rows[at];
    if (match === "none" || row === undefined) continue;
    count += 1;
    if (found[match].length < eachMax) found[match].push(row);
  }
  return { count, found };
};

/** What the first letters would wait for, done while nobody waits: a search for whatever the first case is called. */
export const prepareSearch = async (unlocked: Unlocked): Promise<void> => {
  const [first] = (await loadRows(unlocked)).values();
  const keys = first?.searchKeys.split("\n") ?? [];
  const names = keys.flatMap((key) => (key.startsWith(namePrefix) ? [key.slice(namePrefix.length)] : []));
  await findCases(unlocked, { names, phones: [], ids: [] }, preparedMax);
};

const namePrefix = "name:";
/** As many as a screen shows: what the engine has done once it does sooner. */
const preparedMax = 20;

const searchTable = async (unlocked: Unlocked): Promise<SearchTable> => {
  const rows = await loadRows(unlocked);
  const { searchTable: known } = unlocked.desk;
  if (known?.of === rows) return known;
  const made = searchTableOf(rows, known);
  unlocked.desk.searchTable = made;
  return made;
};
