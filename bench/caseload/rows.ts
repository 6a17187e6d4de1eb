/**
 * Ten thousand invented cases as rows of the caseload: codes, levels, who is responsible, what is due, what each is found by.
 * The same rows in every run but for the ids of the people, who are the organisation's own.
 */

import { keysOfQuery } from "@amana/casefile";
import { later, type Instant } from "@amana/kernel";
import { fromAscii, logIdOf, sha256, type LogId } from "@amana/log";
import type { PersonId } from "@amana/vault";
import type { CaseRow } from "../../packages/device/src/case/case-row.ts";

export const casesCount = 10_000;
/** What a caseworker types, letter by letter; some cases have this name. */
export const typedName = "Shilan Karim";

const given = [
  "Shilan",
  "هالة",
  "Rojîn",
  "نسرين",
  "Hêvî",
  "زەینەب",
  "Sara",
  "مريم",
  "Dilnoza",
  "Berîvan",
  "شەهلا",
  "Rania",
];
const family = ["Karim", "كريم", "Ehmed", "عبد الله", "Mihemed", "حەسەن", "Salih", "جاسم", "Yusif", "Osman", "ڕەسوڵ"];
const levels = [undefined, "normal", "medium", "high"] as const;
const ages = ["adult", "adult", "child", undefined] as const;
/** Its caseworker and the team's supervisors. */
const openersOfCase = 4;
const millisecondsPerHour = 3_600_000;

/** `madeUnder`: what the device that opens them has as policy and guidance, or it makes all of them anew. */
export const makeRows = (people: readonly PersonId[], now: Instant, madeUnder: string): readonly CaseRow[] =>
  Array.from({ length: casesCount }, (_, number) => ({ ...makeRow(number, people, now), madeUnder }));

const makeRow = (number: number, people: readonly PersonId[], now: Instant): Omit<CaseRow, "madeUnder"> => ({
  logId: logIdFor(number),
  stage: number % 5 === 0 ? "closed" : "open",
  codes: [codeFor(number)],
  level: levels[number % levels.length],
  age: ages[number % ages.length],
  responsible: people.slice(number % people.length, (number % people.length) + 1),
  openers: Array.from({ length: openersOfCase }, (_, at) => people[(number + at * 7) % people.length]).flatMap(
    (person) => person ?? [],
  ),
  due: [
    {
      kind: "follow-up",
      about: `follow-${number}`,
      recipients: [],
      dueAt: later(now, (number % 500) * millisecondsPerHour),
    },
    { kind: "safe-contact", about: "case", recipients: [], dueAt: undefined },
  ],
  dueUntil: later(now, (24 + number) * millisecondsPerHour),
  searchKeys: keysFor(number).join("\n"),
  lastRecordedAt: now,
  unsent: 0,
  marks: 0,
  isBehind: false,
  isContradicted: false,
  waitsForOrganisation: false,
});

const logIdFor = (number: number): LogId => {
  const logId = logIdOf(sha256(fromAscii(`case ${number} of the benchmark`)).slice(0, 16));
  if (logId === undefined) throw new Error("The benchmark's own id is not well formed.");
  return logId;
};

const codeFor = (number: number): string => `KRI-2026-${String(number).padStart(5, "0")}`;

const keysFor = (number: number): readonly string[] => {
  const name = `${given[number % given.length] ?? ""} ${family[(number * 7) % family.length] ?? ""}`;
  const other = given[(number * 5 + 3) % given.length] ?? "";
  const phone = `+964 750 ${String(1_000_000 + number * 613)}`;
  return keysOfQuery({ names: [name, other], phones: [phone], ids: [codeFor(number)] });
};
