/**
 * Rows of the caseload as the text of a bucket: short, because ten thousand of them are read before a person sees the
 * first. Positions instead of names, people by their place in the bucket's own list.
 *
 * It is read only where it was sealed under the same fold version, so it needs no version of its own.
 */

import type { DueKind, Level } from "@amana/casefile";
import { assert, type Instant } from "@amana/kernel";
import type { LogId } from "@amana/log";
import type { PersonId } from "@amana/vault";
import type { CaseRow } from "./case-row.ts";

type DueText = readonly [kind: DueKind, about: string, dueAt: Instant | 0];

type RowText = readonly [
  logId: LogId,
  stage: number,
  codes: readonly string[],
  level: number,
  age: number,
  responsible: readonly number[],
  openers: readonly number[],
  due: readonly DueText[],
  dueUntil: Instant | 0,
  searchKeys: string,
  lastRecordedAt: Instant | 0,
  unsent: number,
  marks: number,
  flags: number,
  policy: string,
];

type BucketText = readonly [people: readonly PersonId[], rows: readonly RowText[]];

const stages = ["not-opened", "open", "closed", "shredded"] as const satisfies readonly CaseRow["stage"][];
const levels = [undefined, "normal", "medium", "high"] as const satisfies readonly (Level | undefined)[];
const ages = [undefined, "adult", "child"] as const satisfies readonly CaseRow["age"][];
const flags = ["isBehind", "isContradicted", "waitsForOrganisation"] as const satisfies readonly (keyof CaseRow)[];

export const rowsToText = (rows: readonly CaseRow[]): string => {
  const people = [...new Set(rows.flatMap(({ responsible, openers }) => [...responsible, ...openers]))];
  const places = new Map(people.map((person, place) => [person, place]));
  const placesOf = (listed: readonly PersonId[]): readonly number[] =>
    listed.map((person) => {
      const place = places.get(person);
      assert(place !== undefined, "A bucket's list of people lacks somebody whom its rows name.");
      return place;
    });
  const bucket: BucketText = [people, rows.map((row) => rowToText(row, placesOf))];
  return JSON.stringify(bucket);
};

const rowToText = (row: CaseRow, placesOf: (listed: readonly PersonId[]) => readonly number[]): RowText => [
  row.logId,
  stages.indexOf(row.stage),
  row.codes,
  levels.indexOf(row.level),
  ages.indexOf(row.age),
  placesOf(row.responsible),
  placesOf(row.openers),
  row.due.map(({ kind, about, dueAt }): DueText => [kind, about, dueAt ?? 0]),
  row.dueUntil ?? 0,
  row.searchKeys,
  row.lastRecordedAt ?? 0,
  row.unsent,
  row.marks,
  flags.reduce((sum, flag, bit) => sum + (row[flag] ? 1 << bit : 0), 0),
  row.policy,
];

export const textToRows = (text: string): readonly CaseRow[] => {
  // Written by `rowsToText` of this very fold version: nothing else opens under this key and context.
  const [people, rows] = JSON.parse(text) as BucketText;
  const personAt = (place: number): PersonId => {
    const person = people[place];
    assert(person !== undefined, "A row of the caseload names a person that its bucket does not list.");
    return person;
  };
  return rows.map((row) => rowIn(row, personAt));
};

const rowIn = (row: RowText, personAt: (place: number) => PersonId): CaseRow => {
  const [logId, stage, codes, level, age, responsible, openers, due, dueUntil, ...rest] = row;
  const [searchKeys, last, unsent, marks, set, policy] = rest;
  const isSet = (flag: (typeof flags)[number]): boolean => (set & (1 << flags.indexOf(flag))) !== 0;
  return {
    logId,
    stage: stageAt(stage),
    codes,
    level: levels[level],
    age: ages[age],
    responsible: responsible.map(personAt),
    openers: openers.map(personAt),
    due: due.map(([kind, about, dueAt]) => ({ kind, about, dueAt: dueAt === 0 ? undefined : dueAt })),
    dueUntil: dueUntil === 0 ? undefined : dueUntil,
    searchKeys,
    lastRecordedAt: last === 0 ? undefined : last,
    unsent,
    marks,
    isBehind: isSet("isBehind"),
    isContradicted: isSet("isContradicted"),
    waitsForOrganisation: isSet("waitsForOrganisation"),
    policy,
  };
};

const stageAt = (place: number): CaseRow["stage"] => {
  const stage = stages[place];
  assert(stage !== undefined, "A row of the caseload names a stage that this device never wrote.");
  return stage;
};
