/** What of a long history is shown to whoever looks for something. */

import { eventShapes } from "@amana/casefile";
import { expect, test } from "vitest";
import { partsIn, peopleIn, wantedOf } from "./history-parts.ts";
import type { HistoryView } from "./screen.ts";

const item = (person: string, event: string): HistoryView => ({
  ...{
    id: `${person} ${event}/0`,
    entry: `${person} ${event}`,
    at: 0,
    person,
    event,
    rows: [],
    because: [],
    without: undefined,
  },
  ...{ isWithoutConsent: false, isNotUnderstood: false, isDraft: false },
});

const items = [
  item("shilan", "NoteWritten"),
  item("omar", "ApprovalGiven"),
  item("shilan", "RiskLoweringProposed"),
  item("shilan", "NoteWritten"),
  item("omar", "NoteCorrected"),
];

test("whoever looks for somebody, or for a part, is shown that and nothing else, in its order", () => {
  expect(wantedOf(items, { person: undefined, part: undefined })).toEqual(items);
  expect(wantedOf(items, { person: "omar", part: undefined })).toEqual([items[1], items[4]]);
  expect(wantedOf(items, { person: undefined, part: "notes" })).toEqual([items[0], items[3], items[4]]);
  expect(wantedOf(items, { person: "shilan", part: "notes" })).toEqual([items[0], items[3]]);
});

test("what two people decide is found together, and where it belongs", () => {
  expect(wantedOf(items, { person: undefined, part: "two-people" })).toEqual([items[1], items[2]]);
  expect(wantedOf(items, { person: undefined, part: "assessment" })).toEqual([items[2]]);
  expect(partsIn(items)).toEqual([
    { part: "assessment", count: 1 },
    { part: "notes", count: 3 },
    { part: "two-people", count: 2 },
  ]);
  expect(peopleIn(items)).toEqual(["shilan", "omar"]);
});

test("somebody or something that stands there no more hides nothing", () => {
  expect(wantedOf(items, { person: "nour", part: "law" })).toEqual(items);
});

test("everything that can happen in a case is about some part of it", () => {
  const lost = Object.keys(eventShapes).filter((event) => partsIn([item("shilan", event)]).length === 0);
  expect(lost).toEqual([]);
});
