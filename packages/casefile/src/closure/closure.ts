/**
 * Closure: why, with every point of the checklist answered, the person told that they can come back, their feedback
 * asked (G-CM-1). And reopening.
 *
 * Open stands over closed: a case closed by one while another reopened it, acted in an emergency or knew of no help in one, saw
 * life in danger, told of a danger that nobody has weighed or recorded a level above normal or one with a clock, which the first
 * had not seen, is open. What a closing had seen standing against it is in `obstacles.ts`.
 */

import { exhausted } from "@amana/kernel";
import type { By, Mark, Reference } from "../by.ts";
import { compareMarks, hasSeen, isSame } from "../by.ts";
import { fileWithdrawals } from "../consent/file.ts";
import { emergenciesOf, saidOfDanger } from "../emergency/emergency.ts";
import type { EntryHash } from "../ids.ts";
import { type Register, type Version, addVersion, putUnder, standing } from "../register.ts";
import { transfersOf } from "../responsibility/responsibility.ts";
import { riskFloors, riskLevel, runningClocks } from "../risk/risk.ts";
import { type Command, type EventOf, oneOf, prose, record, variants } from "../shape.ts";
import { dangersNotWeighed } from "../risk/weighed.ts";
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
  CaseClosed: record(
    {
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
    },
    /** Who goes on looking at requests for removal that wait. */
    { takedownPlan: prose },
  ),
  CaseReopened: record({ because: prose }),
};

export type ClosureEvent = EventOf<typeof closureEvents>;
export type CaseClosed = Extract<ClosureEvent, { type: "CaseClosed" }>;

export type ClosureCommand =
  Command<"CloseCase", typeof closureEvents.CaseClosed> | Command<"ReopenCase", typeof closureEvents.CaseReopened>;

export type ClosureState = {
  readonly said: Register<ClosureEvent>;
  /** What each closing and reopening had seen of `noticed`: what a closing had not seen keeps the case open. */
  readonly seenByEntry: ReadonlyMap<EntryHash, readonly Reference[]>;
};

export const noClosure: ClosureState = { said: [], seenByEntry: new Map() };

/**
 * What it matters for, whether a closing or a reopening had seen it. Never only what stands: what was folded already and unknown to
 * its author may have followed it, and the state must not tell in which order that came.
 */
const noticed = (state: CaseState): readonly Mark[] => {
  const { risk, emergency, consent } = state;
  const helps = [...emergency.followUpsByEntry.values()].flat();
  const worse = risk.weighed.filter(({ value }) => value.type === "FollowUpDone");
  const told = [risk.said, emergency.acted, helps, worse];
  const all = [...told, transfersOf(state), fileWithdrawals(consent), saidOfDanger(state)];
  // Neither must it tell how a fold has filled its maps, which come into order at its end ([Note: A fold fills its own maps]).
  return all.flatMap((register) => register.map(({ mark }) => mark)).sort(compareMarks);
};

export const evolveClosure = (state: CaseState, event: ClosureEvent, by: By): ClosureState => {
  const { said, seenByEntry } = state.closure;
  switch (event.type) {
    case "CaseReopened":
    case "CaseClosed": {
      const marks = noticed(state).filter((mark) => hasSeen(by, mark));
      const seen = marks.map(({ entry, index }) => ({ entry, index }));
      return { seenByEntry: putUnder(seenByEntry, by.entry, seen, by), said: addVersion(said, event, by) };
    }
    default:
      return exhausted(event);
  }
};

export const isClosed = (state: CaseState): boolean => {
  const stands = standing(state.closure.said);
  if (stands.length === 0 || stands.some(({ value }) => value.type === "CaseReopened")) return false;
  return !isDangerBack(state, stands) && keepingOpen(state).every((mark) => hasClosingSeen(state, mark));
};

/** What keeps a case open until somebody who has seen it closes it. */
const keepingOpen = (state: CaseState): readonly Mark[] => [
  ...riskFloors(state).flatMap((floor) => (floor.level === "normal" ? [] : [floor.mark])),
  ...state.emergency.acted.map(({ mark }) => mark),
  ...emergenciesOf(state).flatMap(({ helpAwaited }) => helpAwaited),
  ...standing(saidOfDanger(state)).map(({ mark }) => mark),
];

/**
 * What nobody closes over stands all the same: the closing had not seen it, saw it let down by an approval that somebody refused
 * meanwhile, or left a high level to an organisation that has the case no more.
 */
const isDangerBack = (state: CaseState, closings: Register<ClosureEvent>): boolean => {
  const isHandedOver = closings.some(isTransfer) && isTransferred(state);
  const isLevelBack = riskLevel(state) === "high" && !isHandedOver;
  return isLevelBack || runningClocks(state).length > 0 || dangersNotWeighed(state).length > 0;
};

const isTransfer = ({ value }: Version<ClosureEvent>): boolean =>
  value.type === "CaseClosed" && value.reason === "transferred";

/** Whether it had been seen by a closing that stands. */
export const hasClosingSeen = (state: CaseState, seen: Reference): boolean =>
  standing(state.closure.said).some(
    ({ value, mark }) => value.type === "CaseClosed" && hadSeen(state, mark.entry, seen),
  );

const hadSeen = ({ closure }: CaseState, entry: EntryHash, seen: Reference): boolean =>
  (closure.seenByEntry.get(entry) ?? []).some((reference) => isSame(reference, seen));

/** Whether whoever closed it said who goes on looking at requests that wait. */
export const hasTakedownPlan = ({ closure }: CaseState): boolean =>
  standing(closure.said).some(({ value }) => value.type === "CaseClosed" && value.takedownPlan !== undefined);

export const reopenings = ({ closure }: CaseState): readonly Mark[] =>
  closure.said.flatMap(({ value, mark }) => (value.type === "CaseReopened" ? [mark] : []));

/** Whether the case was handed to another organisation that was not told to stop, and not taken up again since. */
export const isTransferred = (state: CaseState): boolean => {
  const reopened = reopenings(state);
  return transfersOf(state).some(
    (transfer) => !transfer.isStopped && !reopened.some(({ entry }) => hadSeen(state, entry, transfer.mark)),
  );
};
