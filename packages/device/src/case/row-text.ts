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

type DueText = readonly [kind: DueKind, about: string, dueAt: Instant | 0, ...recipients: string[]];

/** Where in a `DueText` its recipients begin. */
const recipientsFrom = 3;

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
  madeUnder: string,
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
  row.due.map(({ kind, about, recipients, dueAt }): DueText => [kind, about, dueAt ?? 0, ...recipients]),
  row.dueUntil ?? 0,
  row.searchKeys,
  row.lastRecordedAt ?? 0,
  row.unsent,
  row.marks,
  flags.reduce((sum, flag, bit) => sum + (row[flag] ? 1 << bit : 0), 0),
  row.madeUnder,
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

// By their places: taking an array apart by name goes through an iterator, and ten thousand rows are waited for.
const rowIn = (row: RowText, personAt: (place: number) => PersonId): CaseRow => ({
  logId: row[0],
  stage: stageAt(row[1]),
  codes: row[2],
  level: levels[row[3]],
  age: ages[row[4]],
  responsible: row[5].map(personAt),
  openers: row[6].map(personAt),
  due: row[7].map(dueIn),
  dueUntil: row[8] === 0 ? undefined : row[8],
  searchKeys: row[9],
  lastRecordedAt: row[10] === 0 ? undefined : row[10],
  unsent: row[11],
  marks: row[12],
  isBehind: isSet(row[13], 0),
  isContradicted: isSet(row[13], 1),
  waitsForOrganisation: isSet(row[13], 2),
  madeUnder: row[14],
});

/** Most of what is due is taken up with nobody outside. */
const nobody: readonly string[] = [];

const dueIn = (due: DueText): CaseRow["due"][number] => ({
  kind: due[0],
  about: due[1],
  recipients: due.length > recipientsFrom ? due.slice(recipientsFrom).map(String) : nobody,
  dueAt: due[2] === 0 ? undefined : due[2],
});

/** The bit is the flag's place in `flags`. */
const isSet = (set: number, bit: number): boolean => (set & (1 << bit)) !== 0;

const stageAt = (place: number): CaseRow["stage"] => {
  const stage = stages[place];
  assert(stage !== undefined, "A row of the caseload names a stage that this device never wrote.");
  return stage;
};
