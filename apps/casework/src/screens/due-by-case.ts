/** What is due, a case once: under its most urgent heading, the most dangerous case first. */

import type { DueView } from "../wire/face.ts";

export type DueGroup = DueView["when"];

export type CaseDue = {
  readonly log: string;
  readonly code: string;
  readonly level: DueView["level"];
  readonly items: readonly DueView[];
};

export const dueGroups = ["overdue", "due", "coming"] as const satisfies readonly DueGroup[];

/**
 * Of a case that has something overdue or due within a day, what comes later is left to the case itself. The items come
 * in the order of the device: most dangerous first.
 */
export const dueByCase = (items: readonly DueView[]): Readonly<Record<DueGroup, readonly CaseDue[]>> => {
  const byLog = new Map<string, DueView[]>();
  for (const item of items) byLog.set(item.log, [...(byLog.get(item.log) ?? []), item]);
  const grouped: Record<DueGroup, CaseDue[]> = { overdue: [], due: [], coming: [] };
  for (const [log, all] of byLog) {
    const group = dueGroups.find((each) => all.some(({ when }) => when === each)) ?? "coming";
    const shown = group === "coming" ? all : all.filter(({ when }) => when !== "coming");
    const [first] = shown;
    if (first === undefined) continue;
    grouped[group].push({ log, code: first.code, level: first.level, items: shown });
  }
  return grouped;
};
