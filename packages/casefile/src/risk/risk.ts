/**
 * The risk level: what the pathway said, what a person raised, and what a supervisor let go down (G-SAFE-5).
 *
 * Every word on the level stands until a lowering that had seen it is approved by another person. The level is the
 * highest that stands, so of two levels given at once the higher one counts. The clock of each runs
 * from its recording until somebody who had seen it records what was done.
 */

import { exhausted, instantMax, later, type Instant } from "@amana/kernel";
import { isApproved } from "../approvals/approvals.ts";
import type { By, Mark } from "../by.ts";
import { type Register, type Version, addVersion, versionsBefore } from "../register.ts";
import { type Command, type EventOf, type Of, flag, oneOf, orNull, prose, record, whole } from "../shape.ts";
import type { FactRecorded } from "../facts/facts.ts";
import type { FollowUpEvent } from "../follow-ups/follow-ups.ts";
import type { CaseState } from "../state.ts";
import { facts, pack, reasons } from "../vocabulary.ts";

const hoursMax = 24 * 366;

const level = oneOf("normal", "medium", "high");
export type Level = Of<typeof level>;

export const riskEvents = {
  RiskAssessed: record({
    pack,
    level,
    provisional: flag,
    actWithinHours: orNull(whole(0, hoursMax)),
    because: reasons,
    /** The facts as they were, the derived ones included. */
    facts,
  }),
  RiskRaised: record({ level: oneOf("medium", "high"), because: prose }),
  RiskLoweringProposed: record({ level: oneOf("normal", "medium"), because: prose }),
  /** What was done within the time: immediate safety measures, safety planning. */
  RiskResponseRecorded: record({ measures: prose }),
};

export type RiskEvent = EventOf<typeof riskEvents>;

export type RiskCommand =
  | { readonly type: "AssessRisk" }
  | Command<"RaiseRisk", typeof riskEvents.RiskRaised>
  | Command<"ProposeLowerRisk", typeof riskEvents.RiskLoweringProposed>
  | Command<"RecordRiskResponse", typeof riskEvents.RiskResponseRecorded>;

/** A word on the level; or what is to be weighed: an answer that tells of danger, a contact since which it is worse (`weighed.ts`). */
export type Weighed = RiskEvent | FactRecorded | FollowUpEvent;

export type RiskState = {
  readonly said: Register<RiskEvent>;
  /** The same, and beside it whatever is to be weighed. */
  readonly weighed: Register<Weighed>;
};

export const noRisk: RiskState = { said: [], weighed: [] };

export const evolveRisk = (state: RiskState, event: RiskEvent, by: By): RiskState => ({
  said: addVersion(state.said, event, by),
  weighed: addVersion(state.weighed, event, by),
});

/** A word on the level that stands. */
export type Floor = {
  readonly level: Level;
  readonly mark: Mark;
  readonly actWithinHours: number | null;
  /** Whether somebody who had seen it recorded what was done. */
  readonly isAnswered: boolean;
  readonly from: "pathway" | "person" | "lowering";
};

const rank = { normal: 0, medium: 1, high: 2 } as const satisfies Record<Level, number>;

/** The guide's hours for a level (G-SAFE-5); the pathway may ask for fewer. */
const hoursOfLevel = { high: 24, medium: 48, normal: null } as const satisfies Record<Level, number | null>;
/** Within which a danger is acted on that may be of any level. */
export const shortestHours: number = hoursOfLevel.high;

export const isHigher = (one: Level, other: Level): boolean => rank[one] > rank[other];

/** All that stands on the level, each with its clock. */
export const riskFloors = (state: CaseState): readonly Floor[] => {
  const { said } = state.risk;
  const lowered = versionsBefore(said, (version) => isCountedLowering(state, version));
  const answered = versionsBefore(said, ({ value }) => value.type === "RiskResponseRecorded");
  return said.flatMap((version) => {
    const floor = lowered.has(version) ? undefined : floorOf(state, version, answered.has(version));
    return floor ?? [];
  });
};

const isCountedLowering = (state: CaseState, { value, mark }: Version<RiskEvent>): boolean =>
  value.type === "RiskLoweringProposed" && isApproved(state, mark.entry);

const floorOf = (state: CaseState, { value, mark }: Version<RiskEvent>, isAnswered: boolean): Floor | undefined => {
  switch (value.type) {
    case "RiskAssessed":
      return { level: value.level, mark, actWithinHours: hoursAsked(value), isAnswered, from: "pathway" };
    case "RiskRaised":
      return { level: value.level, mark, actWithinHours: hoursOfLevel[value.level], isAnswered, from: "person" };
    case "RiskLoweringProposed":
      return isApproved(state, mark.entry)
        ? { level: value.level, mark, actWithinHours: hoursOfLevel[value.level], isAnswered, from: "lowering" }
        : undefined;
    case "RiskResponseRecorded":
      return undefined;
    default:
      return exhausted(value);
  }
};

/** What an entry says of its hours shortens those of the level, and never lengthens them, whoever's client wrote it (S-6). */
const hoursAsked = ({ level, actWithinHours }: Extract<RiskEvent, { type: "RiskAssessed" }>): number | null => {
  const ofLevel = hoursOfLevel[level];
  return actWithinHours === null || (ofLevel !== null && ofLevel < actWithinHours) ? ofLevel : actWithinHours;
};

/** The highest level that stands; nothing while nobody has assessed. */
export const riskLevel = (state: CaseState): Level | undefined =>
  riskFloors(state).reduce<Level | undefined>(
    (highest, floor) => (highest === undefined || isHigher(floor.level, highest) ? floor.level : highest),
    undefined,
  );

const millisecondsPerHour = 3_600_000;

/**
 * At the end of time it is over: whoever writes by a clock that stands there keeps nobody from seeing what is due (SECURITY §6.2).
 */
export const hoursAfter = (moment: Instant, hours: number): Instant => {
  const milliseconds = hours * millisecondsPerHour;
  return moment > later(instantMax, -milliseconds) ? instantMax : later(moment, milliseconds);
};

/** When something must have been done for a floor, to the minute and beyond. */
export const deadlineOf = (
  { actWithinHours, mark }: Floor,
  startedAt: Instant = mark.recordedAt,
): Instant | undefined => (actWithinHours === null ? undefined : hoursAfter(startedAt, actWithinHours));

/** Nobody has answered it yet, and it has a clock. */
const isRunning = ({ isAnswered, actWithinHours }: Floor): boolean => !isAnswered && actWithinHours !== null;

export const runningClocks = (state: CaseState): readonly Floor[] => riskFloors(state).filter(isRunning);
