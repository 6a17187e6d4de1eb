/** The cases on this device: list, find, see, tell. None of it waits for the network. */

import type { CaseCommand, CaseState, Json, SearchQuery } from "@amana/casefile";
import { err, ok, type Instant, type Result } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { exportOfCase, viewCase, viewCaseAsOf, type CaseView } from "../case/case-view.ts";
import { dueInCaseload, findCases, listCases, type CaseDue, type CaseSummary, type FoundCase } from "../case/find.ts";
import { tell, type TellError, type Told } from "../case/tell.ts";
import type { Answer, Core } from "./core.ts";

export type CaseNotHeld = { readonly type: "CaseNotHeld" };

export type CasesFace = {
  readonly listCases: () => Answer<readonly CaseSummary[]>;
  /** Search before opening: in whatever spelling, the nearest first. */
  readonly findCases: (query: SearchQuery) => Answer<readonly FoundCase[]>;
  /** Over the whole caseload, the most pressing first. */
  readonly due: () => Answer<readonly CaseDue[]>;
  readonly viewCase: (logId: LogId) => Answer<CaseView, CaseNotHeld>;
  readonly viewCaseAsOf: (logId: LogId, moment: Instant) => Answer<CaseState, CaseNotHeld>;
  readonly exportCase: (logId: LogId) => Answer<Json, CaseNotHeld>;
  /** Durable on this device before it answers. */
  readonly tell: (logId: LogId, command: CaseCommand) => Answer<Told, TellError>;
};

export const casesFace = ({ inTurn, read }: Core): CasesFace => ({
  listCases: () => read(listCases),
  findCases: (query) => read((unlocked) => findCases(unlocked, query)),
  due: () => read(dueInCaseload),
  viewCase: (logId) => inTurn(async (unlocked) => orNotHeld(await viewCase(unlocked, logId))),
  viewCaseAsOf: (logId, moment) => inTurn(async (unlocked) => orNotHeld(await viewCaseAsOf(unlocked, logId, moment))),
  exportCase: (logId) => inTurn(async (unlocked) => orNotHeld(await exportOfCase(unlocked, logId))),
  tell: (logId, command) => inTurn((unlocked) => tell(unlocked, logId, command)),
});

const orNotHeld = <T>(found: T | undefined): Result<T, CaseNotHeld> =>
  found === undefined ? err({ type: "CaseNotHeld" }) : ok(found);
