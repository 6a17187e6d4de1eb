/**
 * Opening: a case begins with a code, a search for an earlier one, and the limits of confidentiality (G-CONS-5).
 *
 * No question is asked before the limits were told; only imminent danger comes first.
 */

import { err, ok } from "@amana/kernel";
import type { By } from "../by.ts";
import type { Context, Decision } from "../context.ts";
import type { CaseEvent } from "../event.ts";
import { factValue } from "../facts/facts.ts";
import type { CaseCode } from "../ids.ts";
import { type Register, addVersion } from "../register.ts";
import { type Command, type EventOf, line, listOf, matching, moment, oneOf, record, variants } from "../shape.ts";
import type { CaseState } from "../state.ts";

const dutiesMax = 20;

/**
 * As the app makes them: a year and signs without vowels, one of them a digit at least, so that no name passes for a code. An
 * organisation may put two or three letters of its own before it.
 */
const caseCode = matching<CaseCode>(/^(?:[A-Z]{2,3}-)?20[0-9]{2}-(?=[A-Z]*[0-9])[0-9BCDFGHJKLMNPQRSTVWXZ]{4,8}$/);

/** For whoever types one, before anything is said of the case. Opening refuses whatever is none. */
export const isCaseCode = (typed: string): typed is CaseCode => caseCode.wrong(typed) === undefined;

/** What was searched longer ago than this may have been opened by a colleague since. */
const searchDaysMax = 7;
const millisecondsPerDay = 86_400_000;

/** How the limits were put: a child hears that child protection may have to act, and that they will be told. */
const limitsTold = record({
  wording: oneOf("adult", "child"),
  /** The duties named, by the ids of the organisation's own pack. */
  duties: listOf(line, dutiesMax),
});

export const openingEvents = {
  CaseOpened: record(
    {
      code: caseCode,
      /** When it was searched whether this person has a case already; or when it was clear that nothing could be searched by. */
      searchedAt: moment,
      limits: variants({ told: limitsTold, "not-yet": record({ because: oneOf("imminent-danger", "not-present") }) }),
    },
    /** Whoever calls without a name and a number is helped, and the history says that nobody could search. */
    { nothingToSearchBy: oneOf("caller-anonymous") },
  ),
  LimitsTold: limitsTold,
};

export type OpeningEvent = EventOf<typeof openingEvents>;

export type OpeningCommand =
  Command<"OpenCase", typeof openingEvents.CaseOpened> | Command<"TellLimits", typeof openingEvents.LimitsTold>;

export type OpeningState = { readonly opened: Register<OpeningEvent> };

export const noOpening: OpeningState = { opened: [] };

export const evolveOpening = (state: OpeningState, event: OpeningEvent, by: By): OpeningState => ({
  opened: addVersion(state.opened, event, by),
});

export const isOpened = ({ opening }: CaseState): boolean =>
  opening.opened.some(({ value }) => value.type === "CaseOpened");

/**
 * Opened; or its opening counts no more, because who opened it said two things at once, while what others wrote stands: nobody makes
 * a case vanish with their own words (SECURITY §6.2). It is opened a second time to have a code again.
 */
export const isBegun = (state: CaseState): boolean =>
  isOpened(state) || state.history.some(({ standing }) => standing.kind === "counts");

/** A child hears them in the words for a child: that child protection may have to act. Nobody else's words tell a child that. */
export const areLimitsTold = (state: CaseState): boolean => {
  const wordings = state.opening.opened.flatMap(({ value }) => wordingsIn(value));
  return factValue(state, "age") === "child" ? wordings.includes("child") : wordings.length > 0;
};

const wordingsIn = (event: OpeningEvent): readonly ("adult" | "child")[] => {
  if (event.type === "LimitsTold") return [event.wording];
  return event.limits.kind === "told" ? [event.limits.wording] : [];
};

/** The codes the case goes by: one, unless somebody opened it a second time. */
export const codesOf = ({ opening }: CaseState): readonly CaseCode[] => [
  ...new Set(opening.opened.flatMap(({ value }) => (value.type === "CaseOpened" ? [value.code] : []))),
];

export const decideOpening = (command: OpeningCommand, state: CaseState, { now }: Context): Decision => {
  if (command.type === "TellLimits") return accept({ ...command, type: "LimitsTold" });
  if (isOpened(state)) return err({ type: "AlreadyThere" });
  const isNow = command.searchedAt <= now && command.searchedAt > now - searchDaysMax * millisecondsPerDay;
  if (!isNow) return err({ type: "MomentWrong", field: "searchedAt" });
  return accept({ ...command, type: "CaseOpened" });
};

const accept = (event: CaseEvent): Decision => ok([event]);
