/**
 * What the whole caseload says without opening a case: its rows, whom a search finds, and what is due. Called in turn.
 */

import {
  keysOfQuery,
  matchKeys,
  type DueItem,
  type DuePolicy,
  type SearchMatch,
  type SearchQuery,
} from "@amana/casefile";
import type { Instant } from "@amana/kernel";
import type { LogId } from "@amana/log";
import type { Unlocked } from "../unlocked.ts";
import { dueOfRow, type CaseRow } from "./case-row.ts";
import { ownDuePolicy } from "./due-policy.ts";
import { organisationReading } from "../logs/read.ts";
import { areEntriesUnread } from "./open-case.ts";
import { dueRows, loadRows } from "./refresh.ts";

/** One case in a list. What it is found by stays in the index. */
export type CaseSummary = Omit<CaseRow, "searchKeys" | "due" | "dueUntil" | "waitsForOrganisation" | "policy">;

export type FoundCase = {
  readonly match: Exclude<SearchMatch, "none">;
  readonly summary: CaseSummary;
  /** What of the case is due first; nothing when nothing is. */
  readonly firstDue: DueItem | undefined;
};

export type CaseDue = DueItem & { readonly logId: LogId };

export const listCases = async (unlocked: Unlocked): Promise<readonly CaseSummary[]> => {
  const summaryOf = await summarising(unlocked);
  return [...(await loadRows(unlocked)).values()].map(summaryOf);
};

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

/** In whatever spelling; the nearest first. */
export const findCases = async (unlocked: Unlocked, query: SearchQuery): Promise<readonly FoundCase[]> => {
  const asked = keysOfQuery(query);
  const summaryOf = await summarising(unlocked);
  const policy = await ownDuePolicy(unlocked);
  const now = unlocked.now();
  const found: Readonly<Record<FoundCase["match"], FoundCase[]>> = { same: [], likely: [], possible: [] };
  for (const row of await dueRows(unlocked)) {
    // Most cases share no key with anybody.
    if (!asked.some((key) => row.searchKeys.includes(key))) continue;
    const match = matchKeys(asked, row.searchKeys.split("\n"));
    if (match !== "none") found[match].push({ match, summary: summaryOf(row), firstDue: firstDueOf(row, now, policy) });
  }
  return nearness.flatMap((match) => found[match]);
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
    rankedOf(row, now, policy).map(({ item, rank }) => ({ item: { ...item, logId: row.logId }, rank })),
  );
  return ranked.sort((one, other) => compareRanks(one.rank, other.rank)).map(({ item }) => item);
};

type Ranked = { readonly item: DueItem; readonly rank: Rank };

const rankedOf = (row: CaseRow, now: Instant, policy: DuePolicy): readonly Ranked[] =>
  dueOfRow(row, now, policy).map((item, place) => ({ item, rank: rankOf(row, item, place) }));

/** Of one case, the first that `dueInCaseload` gives. */
const firstDueOf = (row: CaseRow, now: Instant, policy: DuePolicy): DueItem | undefined =>
  rankedOf(row, now, policy).reduce<Ranked | undefined>(
    (first, each) => (first === undefined || compareRanks(each.rank, first.rank) < 0 ? each : first),
    undefined,
  )?.item;

type Rank = readonly [when: number, level: number, place: number, dueAt: number];

const compareRanks = (one: Rank, other: Rank): number =>
  one[0] - other[0] || one[1] - other[1] || one[2] - other[2] || one[3] - other[3];
