/** What of one case is due first: by danger while it presses, by its moment while it only comes. */

import { defaultDuePolicy } from "@amana/casefile";
import type { LogId } from "@amana/log";
import { instantMax, later, type Instant } from "@amana/kernel";
import { describe, expect, it } from "vitest";
import { dueMomentsAt, type CaseRow, type RowDue } from "./case-row.ts";
import { firstDueOf } from "./due-in-caseload.ts";

const now = 1_795_255_200_000 as Instant; // A constant in milliseconds since 1970, as an Instant is.
const hoursFromNow = (hours: number): Instant => later(now, hours * 3_600_000);
const moments = dueMomentsAt(now, defaultDuePolicy);

const rowWith = (...due: readonly RowDue[]): CaseRow => ({
  logId: "00".repeat(16) as LogId, // A name for it is enough here.
  stage: "open",
  codes: [],
  level: "normal",
  age: undefined,
  responsible: [],
  openers: [],
  due,
  dueUntil: undefined,
  searchKeys: "",
  lastRecordedAt: undefined,
  unsent: 0,
  marks: 0,
  isBehind: false,
  isContradicted: false,
  waitsForOrganisation: false,
  madeUnder: "",
});

const goal = (about: string, hours: number): RowDue => ({
  kind: "goal",
  about,
  recipients: [],
  dueAt: hoursFromNow(hours),
});

describe("what of a case is due first", () => {
  it("is nothing where nothing is, and nothing that lies beyond what one looks ahead", () => {
    expect(firstDueOf(rowWith(), moments)).toBeUndefined();
    expect(firstDueOf(rowWith(goal("far", 24 * 366)), moments)).toBeUndefined();
  });

  it("is told also by a clock that stands in the last days there are", () => {
    const last = dueMomentsAt(later(instantMax, -3_600_000), defaultDuePolicy);
    const deadline: RowDue = { ...goal("last", 0), dueAt: instantMax };
    expect(firstDueOf(rowWith(deadline), last)).toMatchObject({ about: "last", when: "due" });
    expect(dueMomentsAt(instantMax, defaultDuePolicy).soon).toBe(instantMax);
  });

  it("is the earlier of two that only come, and the more dangerous of two that press", () => {
    expect(firstDueOf(rowWith(goal("later", 60), goal("sooner", 50)), moments)).toMatchObject({ about: "sooner" });
    expect(firstDueOf(rowWith(goal("listed first", -1), goal("older", -9)), moments)).toMatchObject({
      about: "listed first",
      when: "overdue",
    });
    expect(
      firstDueOf(
        rowWith(goal("comes", 60), { kind: "safe-contact", about: "case", recipients: [], dueAt: undefined }),
        moments,
      ),
    ).toEqual({ kind: "safe-contact", about: "case", recipients: [], dueAt: now, when: "due" });
  });
});
