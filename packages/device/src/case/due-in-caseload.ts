/**
 * What is due over the whole caseload, the most pressing first: overdue before what comes, the more dangerous case before
 * the calmer one. Called in turn.
 *
 * The first screen of ten thousand cases is made from this, so whoever wants the first few is given these and a count.
 */

import type { DueItem } from "@amana/casefile";
import type { Instant } from "@amana/kernel";
import type { LogId } from "@amana/log";
import type { Unlocked } from "../unlocked.ts";
import {
  dueMomentsAt,
  dueOfRow,
  dueWhen,
  rowItemsMax,
  type CaseRow,
  type DueMoments,
  type RowDue,
} from "./case-row.ts";
import { ownDuePolicy } from "./due-policy.ts";
import { dueRows } from "./refresh.ts";

export type CaseDue = DueItem & { readonly logId: LogId };

const whens = ["overdue", "due", "coming"] as const satisfies readonly DueItem["when"][];
/** A case nobody has assessed is taken for a dangerous one. */
const levels = ["high", undefined, "medium", "normal"] as const satisfies readonly CaseRow["level"][];

/** The less it weighs, the earlier it comes; of the same weight what is due earlier. */
type Rank = { readonly weight: number; readonly dueAt: Instant };

const compare = (one: Rank, other: Rank): number => one.weight - other.weight || one.dueAt - other.dueAt;

const weightOf = (level: CaseRow["level"], when: DueItem["when"], place: number): number =>
  (whens.indexOf(when) * levels.length + levels.indexOf(level)) * rowItemsMax + (when === "coming" ? 0 : place);

type Ranked = Rank & { readonly item: DueItem };

const rankedOf = (row: CaseRow, moments: DueMoments): readonly Ranked[] =>
  dueOfRow(row, moments).map((item, place) => ({
    ...{ item, weight: weightOf(row.level, item.when, place), dueAt: item.dueAt },
  }));

type First = Rank & { readonly row: CaseRow; readonly when: DueItem["when"]; readonly due: RowDue };

/** The first of `rankedOf`, found without making the others: it is asked of every case at once. */
const firstOf = (row: CaseRow, moments: DueMoments): First | undefined => {
  let first: First | undefined;
  let place = 0;
  for (const due of row.due) {
    const { dueAt = moments.now } = due;
    const when = dueWhen(due.kind, dueAt, moments);
    if (when === undefined) continue;
    const weight = weightOf(row.level, when, place);
    place += 1;
    if (first === undefined || weight < first.weight || (weight === first.weight && dueAt < first.dueAt))
      first = { row, when, weight, dueAt, due };
  }
  return first;
};

/** Of one case, the first that `dueInCaseload` gives. */
export const firstDueOf = (row: CaseRow, moments: DueMoments): DueItem | undefined => {
  const first = firstOf(row, moments);
  if (first === undefined) return undefined;
  const { due, dueAt, when } = first;
  return { kind: due.kind, about: due.about, recipients: due.recipients, dueAt, when };
};

const momentsNow = async (unlocked: Unlocked): Promise<DueMoments> =>
  dueMomentsAt(unlocked.now(), await ownDuePolicy(unlocked));

/** Of each case that has something due, what is due first. */
export const firstDues = async (unlocked: Unlocked): Promise<ReadonlyMap<LogId, DueItem>> => {
  const rows = await dueRows(unlocked);
  const moments = await momentsNow(unlocked);
  const firstByLog = new Map<LogId, DueItem>();
  for (const row of rows) {
    const first = firstDueOf(row, moments);
    if (first !== undefined) firstByLog.set(row.logId, first);
  }
  return firstByLog;
};

export const dueInCaseload = async (unlocked: Unlocked): Promise<readonly CaseDue[]> => {
  const rows = await dueRows(unlocked);
  const moments = await momentsNow(unlocked);
  const ranked = rows.flatMap((row) => rankedOf(row, moments).map((each) => ({ ...each, logId: row.logId })));
  return ranked.sort(compare).map(({ item, logId }) => ({ ...item, logId }));
};

export type PressingCase = Pick<CaseRow, "logId" | "codes" | "level"> & { readonly items: readonly DueItem[] };

/** How many cases there are, and the most pressing of them. */
export type PressingCases = { readonly count: number; readonly cases: readonly PressingCase[] };

export type DueByCase = Readonly<Record<DueItem["when"], PressingCases>>;

/**
 * What is due, a case once: under its most urgent heading, in the order of `dueInCaseload`. Of a case that has something
 * overdue or due within a day, what comes later is left to the case itself.
 */
export const dueByCase = async (
  unlocked: Unlocked,
  shownMax: Readonly<Record<DueItem["when"], number>>,
): Promise<DueByCase> => {
  const rows = await dueRows(unlocked);
  const moments = await momentsNow(unlocked);
  const groups: Record<DueItem["when"], First[]> = { overdue: [], due: [], coming: [] };
  for (const row of rows) {
    const first = firstOf(row, moments);
    if (first !== undefined) groups[first.when].push(first);
  }
  const pressing = (when: DueItem["when"]): PressingCases => ({
    count: groups[when].length,
    cases: leastOf(groups[when], shownMax[when]).map(({ row }) => ({
      logId: row.logId,
      codes: row.codes,
      level: row.level,
      items: itemsUnder(when, [...rankedOf(row, moments)].sort(compare)),
    })),
  });
  return { overdue: pressing("overdue"), due: pressing("due"), coming: pressing("coming") };
};

const itemsUnder = (heading: DueItem["when"], ranked: readonly Ranked[]): readonly DueItem[] =>
  ranked.flatMap(({ item }) => (heading === "coming" || item.when !== "coming" ? [item] : []));

/** The first few in their order. Most of ten thousand are put aside after one look at the last of these. */
const leastOf = (ranked: readonly First[], max: number): readonly First[] => {
  if (ranked.length <= max) return [...ranked].sort(compare);
  const least: First[] = [];
  for (const each of ranked) {
    const last = least.at(-1);
    if (last !== undefined && least.length >= max && compare(each, last) >= 0) continue;
    const place = least.findIndex((other) => compare(each, other) < 0);
    least.splice(place === -1 ? least.length : place, 0, each);
    if (least.length > max) least.pop();
  }
  return least;
};
