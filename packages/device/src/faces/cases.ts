/** The cases on this device: list, find, see, tell. None of it waits for the network. */

import type { CaseCommand, CaseState, DueItem, Json, SearchQuery } from "@amana/casefile";
import { err, ok, type Instant, type Result } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { exportOfCase, viewCase, viewCaseAsOf, type CaseView } from "../case/case-view.ts";
import { dueByCase, dueInCaseload, firstDues, type CaseDue, type DueByCase } from "../case/due-in-caseload.ts";
import {
  countCases,
  findCases,
  listCases,
  prepareSearch,
  type CaseSummary,
  type FoundCase,
  type FoundCases,
} from "../case/find.ts";
import { tell, type TellError, type Told } from "../case/tell.ts";
import type { Answer, Core } from "./core.ts";

export type CaseNotHeld = { readonly type: "CaseNotHeld" };

export type CasesFace = {
  readonly listCases: () => Answer<readonly CaseSummary[]>;
  readonly countCases: () => Answer<number>;
  /** Search before opening: in whatever spelling, the nearest first. */
  readonly findCases: (query: SearchQuery) => Answer<readonly FoundCase[]>;
  /** The same for whoever looks through the first of them only, and asks again with each letter. */
  readonly findNearest: (query: SearchQuery, nearestMax: number) => Answer<FoundCases>;
  /** For whoever is about to search: the first letter is then found as quickly as the next. */
  readonly prepareSearch: () => Answer<void>;
  /** Over the whole caseload, the most pressing first. */
  readonly due: () => Answer<readonly CaseDue[]>;
  /** A case once, under its most urgent heading: how many, and the first of them. */
  readonly dueByCase: (shownMax: Readonly<Record<DueItem["when"], number>>) => Answer<DueByCase>;
  /** Of each case that has something due, what `due` gives first. */
  readonly firstDues: () => Answer<ReadonlyMap<LogId, DueItem>>;
  readonly viewCase: (logId: LogId) => Answer<CaseView, CaseNotHeld>;
  readonly viewCaseAsOf: (logId: LogId, moment: Instant) => Answer<CaseState, CaseNotHeld>;
  readonly exportCase: (logId: LogId) => Answer<Json, CaseNotHeld>;
  /** Durable on this device before it answers. */
  readonly tell: (logId: LogId, command: CaseCommand) => Answer<Told, TellError>;
};

export const casesFace = ({ inTurn, read }: Core): CasesFace => ({
  listCases: () => read(listCases),
  countCases: () => read(countCases),
  findCases: (query) => read(async (unlocked) => (await findCases(unlocked, query, Infinity)).nearest),
  findNearest: (query, nearestMax) => read((unlocked) => findCases(unlocked, query, nearestMax)),
  prepareSearch: () => read(prepareSearch),
  due: () => read(dueInCaseload),
  dueByCase: (shownMax) => read((unlocked) => dueByCase(unlocked, shownMax)),
  firstDues: () => read(firstDues),
  viewCase: (logId) => inTurn(async (unlocked) => orNotHeld(await viewCase(unlocked, logId))),
  viewCaseAsOf: (logId, moment) => inTurn(async (unlocked) => orNotHeld(await viewCaseAsOf(unlocked, logId, moment))),
  exportCase: (logId) => inTurn(async (unlocked) => orNotHeld(await exportOfCase(unlocked, logId))),
  tell: (logId, command) => inTurn((unlocked) => tell(unlocked, logId, command)),
});

const orNotHeld = <T>(found: T | undefined): Result<T, CaseNotHeld> =>
  found === undefined ? err({ type: "CaseNotHeld" }) : ok(found);
