/**
 * Closure: why, with every point of the checklist answered, the person told that they can come back, their feedback
 * asked (G-CM-1). And reopening.
 *
 * Open stands over closed: a case closed by one while another reopened it, or recorded a level above normal the
 * first had not seen, is open.
 */

import { exhausted } from "@amana/kernel";
import type { By, Reference } from "../by.ts";
import { hasSeen, isSame } from "../by.ts";
import { type Register, addVersion, standing } from "../register.ts";
import { riskFloors } from "../risk/risk.ts";
import { type Command, type EventOf, oneOf, prose, record, variants } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { checked } from "../vocabulary.ts";

export const closureChecks = [
  "safety-plan-reviewed",
  "goals-reviewed",
  "referrals-followed-up",
  "survivor-agrees",
  "knows-whom-to-call",
  "file-retention-explained",
] as const;

export const closureEvents = {
  CaseClosed: record({
    reason: oneOf(
      ...(["goals-met", "survivor-wishes", "moved-away", "no-contact", "transferred", "died", "other"] as const),
    ),
    because: prose,
    checklist: record({
      "safety-plan-reviewed": checked,
      "goals-reviewed": checked,
      "referrals-followed-up": checked,
      "survivor-agrees": checked,
      "knows-whom-to-call": checked,
      "file-retention-explained": checked,
    }),
    toldCanComeBack: checked,
    feedback: variants({
      given: record({ text: prose }),
      declined: record({}),
      "not-asked": record({ because: prose }),
    }),
  }),
  CaseReopened: record({ because: prose }),
};

export type ClosureEvent = EventOf<typeof closureEvents>;

export type ClosureCommand =
  Command<"CloseCase", typeof closureEvents.CaseClosed> | Command<"ReopenCase", typeof closureEvents.CaseReopened>;

export type ClosureState = {
  readonly said: Register<ClosureEvent>;
  /** What each closing had seen of the risk: what it had not seen keeps the case open. */
  readonly riskSeenByEntry: ReadonlyMap<string, readonly Reference[]>;
};

export const noClosure: ClosureState = { said: [], riskSeenByEntry: new Map() };

export const evolveClosure = (state: CaseState, event: ClosureEvent, by: By): ClosureState => {
  const { said, riskSeenByEntry } = state.closure;
  switch (event.type) {
    case "CaseReopened":
      return { riskSeenByEntry, said: addVersion(said, event, by) };
    case "CaseClosed": {
      const seen = state.risk.said.filter(({ mark }) => hasSeen(by, mark)).map(({ mark }) => mark);
      const added = [...riskSeenByEntry, [by.entry, seen] as const];
      return {
        riskSeenByEntry: new Map(added.sort(([one], [other]) => (one < other ? -1 : 1))),
        said: addVersion(said, event, by),
      };
    }
    default:
      return exhausted(event);
  }
};

export const isClosed = (state: CaseState): boolean => {
  const { said, riskSeenByEntry } = state.closure;
  const stands = standing(said);
  if (stands.length === 0 || stands.some(({ value }) => value.type === "CaseReopened")) return false;
  const seen = stands.flatMap(({ mark }) => riskSeenByEntry.get(mark.entry) ?? []);
  return riskFloors(state).every(
    ({ level, mark }) => level === "normal" || seen.some((reference) => isSame(reference, mark)),
  );
};
