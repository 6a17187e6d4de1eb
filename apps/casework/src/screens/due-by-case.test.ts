/** Due items stand together by case, the most pressing case first. */

import { describe, expect, it } from "vitest";
import type { DueView } from "../wire/face.ts";
import { dueByCase } from "./due-by-case.ts";

// Only what the grouping reads; a due item of the device has more.
const item = (log: string, kind: string, when: DueView["when"]): DueView =>
  ({ log, code: `KRI-${log}`, level: "high", kind, about: "", dueAt: 0, when }) as DueView;

describe("what is due, by case", () => {
  it("shows a case once, under its most urgent heading", () => {
    const grouped = dueByCase([
      item("a", "risk-action", "overdue"),
      item("b", "follow-up", "due"),
      item("a", "follow-up", "due"),
      item("c", "follow-up", "coming"),
      item("a", "reassessment", "coming"),
    ]);
    expect(grouped.overdue.map(({ log, items }) => [log, items.map(({ kind }) => kind)])).toEqual([
      ["a", ["risk-action", "follow-up"]],
    ]);
    expect(grouped.due.map(({ log }) => log)).toEqual(["b"]);
    expect(grouped.coming.map(({ log }) => log)).toEqual(["c"]);
  });

  it("keeps the order of danger that the device gave", () => {
    const grouped = dueByCase([item("z", "risk-action", "overdue"), item("a", "risk-action", "overdue")]);
    expect(grouped.overdue.map(({ code }) => code)).toEqual(["KRI-z", "KRI-a"]);
  });
});
