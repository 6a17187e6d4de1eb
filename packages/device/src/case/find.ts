/**
 * What the whole caseload says without opening a case: its rows, whom a search finds, and what is due. Called in turn.
 */

import { keysOfQuery, matchKeys, type DueItem, type SearchMatch, type SearchQuery } from "@amana/casefile";
import type { LogId } from "@amana/log";
import type { Unlocked } from "../unlocked.ts";
import { dueOfRow, type CaseRow } from "./case-row.ts";
import { ownDuePolicy } from "./due-policy.ts";
import { organisationReading } from "../logs/read.ts";
import { areEntriesUnread } from "./open-case.ts";
import { dueRows, loadRows } from "./refresh.ts";

/** One case in a list. What it is found by stays in the index. */
export type CaseSummary = Omit<CaseRow, "searchKeys" | "due" | "dueUntil" | "waitsForOrganisation" | "policy">;

export type FoundCase = { readonly match: Exclude<SearchMatch, "none">; readonly summary: CaseSummary };

export type CaseDue = DueItem & { readonly logId: LogId };

export const listCases = async (unlocked: Unlocked): Promise<readonly CaseSummary[]> => {
  const summaryOf = await summarising(unlocked);
  return [...(await loadRows(unlocked)).values()].map(summaryOf);
};

/** Behind is a case also where the organisation's own log cannot all be read. */
const summarising = async (unlocked: Unlocked): Promise<(row: CaseRow) => CaseSummary> => {
  const organisation = await organisationReading(unlocked);
  const isUnread = organisation !== undefined && areEntriesUnread(organisation);
  return (row) => ({ ...withoutKeys(row), isBehind: row.stage !== "shredded" && (row.isBehind || isUnread) });
};

const withoutKeys = (row: CaseRow): CaseSummary => {
  const {
    searchKeys: _keys,
    due: _due,
    dueUntil: _until,
    waitsForOrganisation: _waits,
    policy: _policy,
    ...summary
  } = row;
  return summary;
};

const nearness = ["same", "likely", "possible"] as const satisfies readonly SearchMatch[];

/** In whatever spelling; the nearest first. */
export const findCases = async (unlocked: Unlocked, query: SearchQuery): Promise<readonly FoundCase[]> => {
  const asked = keysOfQuery(query);
  const summaryOf = await summarising(unlocked);
  const found = [...(await loadRows(unlocked)).values()].flatMap((row): readonly FoundCase[] => {
    // Most cases share no key with anybody.
    if (!asked.some((key) => row.searchKeys.includes(key))) return [];
    const match = matchKeys(asked, row.searchKeys.split("\n"));
    return match === "none" ? [] : [{ match, summary: summaryOf(row) }];
  });
  return found.sort((one, other) => nearness.indexOf(one.match) - nearness.indexOf(other.match));
};

const whens = ["overdue", "due", "coming"] as const satisfies readonly DueItem["when"][];
const levels = ["high", undefined, "medium", "normal"] as const satisfies readonly CaseRow["level"][];

const rankOf = ({ level }: CaseRow, { when, dueAt }: DueItem, place: number): Rank => [
  whens.indexOf(when),
  levels.indexOf(level),
  when === "coming" ? 0 : place,
  dueAt,
];

/** Overdue first, then by the risk level of the case; a case nobody has assessed is taken for a dangerous one. */
export const dueInCaseload = async (unlocked: Unlocked): Promise<readonly CaseDue[]> => {
  const rows = await dueRows(unlocked);
  const policy = await ownDuePolicy(unlocked);
  const now = unlocked.now();
  const ranked = rows.flatMap((row) =>
    dueOfRow(row, now, policy).map((item, place) => ({
      item: { ...item, logId: row.logId },
      rank: rankOf(row, item, place),
    })),
  );
  return ranked.sort((one, other) => compareRanks(one.rank, other.rank)).map(({ item }) => item);
};

type Rank = readonly [when: number, level: number, place: number, dueAt: number];

const compareRanks = (one: Rank, other: Rank): number =>
  one[0] - other[0] || one[1] - other[1] || one[2] - other[2] || one[3] - other[3];
