/**
 * Requests to take content down: that the survivor made one, with which tool, when, and what came of it (G-DIG-3, -4).
 *
 * There is no free text here and no field for a file, its hash, a PIN or a case number: nothing of the kind can be written.
 */

import { exhausted, instantMin, type Instant } from "@amana/kernel";
import type { By } from "../by.ts";
import { isAgreed } from "../consent/require.ts";
import type { ItemId } from "../ids.ts";
import { itemId } from "../plans/items.ts";
import { type Register, type Registers, addTo, standing } from "../register.ts";
import { type Command, type EventOf, type GatedCommand, type Of, matching, moment, oneOf, record } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { gateAdvice } from "../vocabulary.ts";

/** A tool or platform of the pack. It is the recipient of the consent for `removal`. */
const tool = matching<string>(/^[TP]-[a-z0-9-]{1,40}$/);

/** Taken back by the survivor, with whatever the tool gave them; or left as it is, by their wish. */
const outcome = oneOf("waiting", "removed", "partly-removed", "refused", "reappeared", "taken-back");
export type TakedownOutcome = Of<typeof outcome>;

export const takedownEvents = {
  TakedownRequested: record({
    takedown: itemId,
    tool,
    /** Nobody else ever makes one (S-10, G-EVID-4). */
    madeBy: oneOf("survivor"),
    madeAt: moment,
    advice: gateAdvice,
  }),
  TakedownChecked: record({ takedown: itemId, outcome, checkedAt: moment }),
};

export type TakedownEvent = EventOf<typeof takedownEvents>;
type Requested = Extract<TakedownEvent, { type: "TakedownRequested" }>;
type Checked = Extract<TakedownEvent, { type: "TakedownChecked" }>;

export type TakedownCommand =
  | GatedCommand<"RecordTakedown", typeof takedownEvents.TakedownRequested>
  | Command<"RecordTakedownCheck", typeof takedownEvents.TakedownChecked>;

export type TakedownsState = {
  readonly requestedById: Registers<Requested>;
  readonly checksById: Registers<Checked>;
};

export const noTakedowns: TakedownsState = { requestedById: new Map(), checksById: new Map() };

export const evolveTakedowns = (state: TakedownsState, event: TakedownEvent, by: By): TakedownsState => {
  switch (event.type) {
    case "TakedownRequested":
      return { ...state, requestedById: addTo(state.requestedById, event.takedown, event, by) };
    case "TakedownChecked":
      return { ...state, checksById: addTo(state.checksById, event.takedown, event, by) };
    default:
      return exhausted(event);
  }
};

export type Takedown = {
  readonly takedown: ItemId;
  readonly requested: readonly Requested[];
  readonly outcome: TakedownOutcome;
  readonly lastCheckedAt: Instant | undefined;
  /** From the request to the first check that found it gone, since one last found it there. */
  readonly hoursTaken: number | undefined;
  /** Whether removal through this tool is still agreed. Where not, nobody goes on with it. */
  readonly mayGoOn: boolean;
  readonly isOver: boolean;
  /**
   * Not over, and no longer agreed: the tool goes on by itself, so the survivor is asked whether to take it back. A consent that
   * has only run out is asked for anew.
   */
  readonly isToBeTakenBack: boolean;
};

/** From the outcome that lets go to the one that keeps somebody looking. */
const outcomes: readonly TakedownOutcome[] = [
  ...(["removed", "refused", "taken-back", "partly-removed", "waiting", "reappeared"] as const),
];

/** Nobody looks again. */
const overAs: ReadonlySet<TakedownOutcome> = new Set(["removed", "refused", "taken-back"]);

const millisecondsPerHour = 3_600_000;

export const takedownsOf = (state: CaseState, now: Instant): readonly Takedown[] =>
  [...state.takedowns.requestedById.values()].flatMap((register) => {
    const [first] = register;
    return first === undefined ? [] : [takedownView(state, now, first.value)];
  });

const takedownView = (state: CaseState, now: Instant, { takedown }: Requested): Takedown => {
  const requests = standing(state.takedowns.requestedById.get(takedown)).map(({ value }) => value);
  const checks = state.takedowns.checksById.get(takedown) ?? [];
  const stands = standing(checks).map(({ value }) => value);
  const places = stands.map((check) => outcomes.indexOf(check.outcome));
  const result = outcomes[Math.max(...places)] ?? "waiting";
  const madeAt = Math.min(...requests.map((request) => request.madeAt));
  const isOver = overAs.has(result);
  const isAgreedAt = (moment: Instant): boolean =>
    requests.every((request) => isAgreed(state, moment, "removal", request.tool));
  return {
    takedown,
    requested: requests,
    outcome: result,
    lastCheckedAt: latest(checks.map(({ value }) => value.checkedAt)),
    hoursTaken: result === "removed" ? hoursBetween(madeAt, goneSince(checks, stands)) : undefined,
    mayGoOn: isAgreedAt(now),
    isOver,
    isToBeTakenBack: !isOver && !isAgreedAt(instantMin),
  };
};

/** Whoever looks again and finds it gone still has not made it take longer. */
const goneSince = (checks: Register<Checked>, stands: readonly Checked[]): Instant => {
  const all = checks.map(({ value }) => value);
  const lastThereAt = latest(all.filter(({ outcome }) => outcome !== "removed").map(({ checkedAt }) => checkedAt));
  const isSince = ({ checkedAt }: Checked): boolean => lastThereAt === undefined || checkedAt > lastThereAt;
  const gone = all.filter((check) => check.outcome === "removed");
  const since = gone.filter(isSince);
  // Two checks of one moment contradict each other: those that stand decide.
  const counted = since.length > 0 ? since : stands.filter((check) => check.outcome === "removed");
  const moments = counted.map(({ checkedAt }) => checkedAt);
  return moments.reduce((first, moment) => (moment < first ? moment : first));
};

/** A client of somebody's own may name a check before the request: it took no time. */
const hoursBetween = (madeAt: number, goneAt: number): number =>
  Math.max(0, Math.ceil((goneAt - madeAt) / millisecondsPerHour));

const latest = (moments: readonly Instant[]): Instant | undefined =>
  moments.reduce<Instant | undefined>(
    (last, moment) => (last === undefined || moment > last ? moment : last),
    undefined,
  );
