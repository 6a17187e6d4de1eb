/**
 * What a supervisor sees first: from the rows of the caseload alone, so that ten thousand cases are looked over without opening
 * one. What is dangerous and what is overdue comes first; what nobody carries any more is never lost among the rest.
 */

import type { Level } from "@amana/casefile";
import type {
  CaseName,
  CoverState,
  CoverView,
  Load,
  PressingCase,
  Supervision,
} from "../../screens/supervise/views.ts";

/** The part of a row of the caseload that is looked at. */
export type TeamRow = {
  readonly log: string;
  readonly code: string;
  readonly level: Level | undefined;
  readonly isOpen: boolean;
  readonly responsible: readonly string[];
  readonly openers: readonly string[];
};

export type TeamDue = {
  readonly log: string;
  readonly kind: string;
  readonly when: "overdue" | "due" | "coming";
  readonly dueAt: number;
  readonly recipients: readonly string[];
};

export type Cover = Pick<CoverView, "absent" | "cover" | "from" | "until">;

export type TeamPerson = { readonly id: string; readonly hasLeft: boolean; readonly roles: readonly string[] };

export type TeamSeen = {
  readonly rows: readonly TeamRow[];
  /** The most pressing first. */
  readonly due: readonly TeamDue[];
  readonly people: readonly TeamPerson[];
  readonly covers: readonly Cover[];
  /** Access that waits for a connection, as `log person`. */
  readonly pending: ReadonlySet<string>;
  readonly isSupervisor: boolean;
  /** The date on the wall here, `2026-11-22`. */
  readonly today: string;
};

const pressingMax = 50;

export const supervisionOf = (seen: TeamSeen): Supervision => {
  const open = seen.rows.filter(({ isOpen }) => isOpen);
  const dueByLog = new Map<string, TeamDue[]>();
  for (const item of seen.due) dueByLog.set(item.log, [...(dueByLog.get(item.log) ?? []), item]);
  const waiting = new Set(seen.due.filter(({ kind }) => isApproval(kind)).map(({ log }) => log));
  return {
    isSupervisor: seen.isSupervisor,
    caseCount: open.length,
    pressing: pressingOf(seen, open, dueByLog),
    loads: loadsOf(seen, open, dueByLog),
    covers: seen.covers.map((cover) => coverView(seen, open, cover)),
    approvalCount: waiting.size,
  };
};

export const isApproval = (kind: string): boolean => kind === "approval" || kind === "second-person";

const mayBeHigh = (level: Level | undefined): boolean => level === undefined || level === "high";

type DueByLog = ReadonlyMap<string, readonly TeamDue[]>;

/** A level that nobody has assessed may be any. */
const dangers = ["high", undefined, "medium", "normal"] as const;

const pressingOf = (seen: TeamSeen, open: readonly TeamRow[], dueByLog: DueByLog): readonly PressingCase[] => {
  const present = new Set(seen.people.filter(({ hasLeft }) => !hasLeft).map(({ id }) => id));
  return open
    .map((row): PressingCase => {
      const items = dueByLog.get(row.log) ?? [];
      return {
        log: row.log,
        code: row.code,
        level: row.level,
        responsible: row.responsible,
        overdue: items.filter(({ when }) => when === "overdue").length,
        firstKind: items[0]?.kind,
        firstDueAt: items[0]?.dueAt,
        firstRecipients: items[0]?.recipients ?? [],
        isWithoutCaseworker: !row.responsible.some((person) => present.has(person)),
      };
    })
    .filter(({ overdue, level, isWithoutCaseworker }) => overdue > 0 || mayBeHigh(level) || isWithoutCaseworker)
    .sort(
      (one, other) =>
        Number(other.isWithoutCaseworker) - Number(one.isWithoutCaseworker) ||
        Number(other.overdue > 0) - Number(one.overdue > 0) ||
        dangers.indexOf(one.level) - dangers.indexOf(other.level) ||
        (one.firstDueAt ?? Infinity) - (other.firstDueAt ?? Infinity) ||
        0,
    )
    .slice(0, pressingMax);
};

const loadsOf = ({ people }: TeamSeen, open: readonly TeamRow[], dueByLog: DueByLog): readonly Load[] =>
  people
    .filter(({ roles }) => roles.includes("caseworker") || roles.includes("supervisor"))
    .map(({ id, hasLeft }) => {
      const own = open.filter(({ responsible }) => responsible.includes(id));
      const count = (level: Level | undefined): number => own.filter((row) => row.level === level).length;
      const overdue = own.filter(({ log }) => dueByLog.get(log)?.some(({ when }) => when === "overdue") === true);
      return {
        hasLeft,
        person: id,
        high: count("high"),
        medium: count("medium"),
        normal: count("normal"),
        unassessed: count(undefined),
        overdue: overdue.length,
      };
    })
    .filter(({ hasLeft, high, medium, normal, unassessed }) => !hasLeft || high + medium + normal + unassessed > 0)
    .map(({ hasLeft: _left, ...load }): Load => load)
    .sort((one, other) => other.high - one.high || totalOf(other) - totalOf(one));

const totalOf = ({ high, medium, normal, unassessed }: Load): number => high + medium + normal + unassessed;

const stateOf = ({ from, until }: Cover, today: string): CoverState =>
  today < from ? "coming" : today > until ? "over" : "running";

const coverView = (seen: TeamSeen, open: readonly TeamRow[], cover: Cover): CoverView => {
  const state = stateOf(cover, seen.today);
  const isPending = ({ log }: CaseName): boolean => seen.pending.has(`${log} ${cover.cover}`);
  const ofAbsent = open.filter(({ responsible }) => responsible.includes(cover.absent));
  const unread = ofAbsent.filter(({ openers }) => !openers.includes(cover.cover));
  // A supervisor reads the team's cases anyhow, and whoever has taken a case over keeps it.
  const isSupervisor = seen.people.find(({ id }) => id === cover.cover)?.roles.includes("supervisor") === true;
  const stillRead = ofAbsent.filter(
    ({ openers, responsible }) => openers.includes(cover.cover) && !responsible.includes(cover.cover) && !isSupervisor,
  );
  const names = (rows: readonly TeamRow[]): readonly CaseName[] => rows.map(({ log, code }) => ({ log, code }));
  const [give, take] = [state === "running" ? names(unread) : [], state === "over" ? names(stillRead) : []];
  return {
    ...cover,
    state,
    toGive: give.filter((each) => !isPending(each)),
    toTake: take.filter((each) => !isPending(each)),
    pending: [...give, ...take].filter(isPending).length,
  };
};
