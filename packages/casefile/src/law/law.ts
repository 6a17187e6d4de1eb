/**
 * Law: the risk–benefit assessment, the survivor's decision, the steps and what came of them (G-LAW-2 to -8).
 *
 * Deciding not to report is a decision like any other, and stands over a wish to report recorded elsewhere.
 */

import { exhausted, instantMin } from "@amana/kernel";
import { type AssessmentStanding, standingOf } from "../assessments/assessments.ts";
import { type By, compareMarks } from "../by.ts";
import { isAgreed } from "../consent/require.ts";
import {
  type Register,
  type Registers,
  addTo,
  addVersion,
  standing,
  standingAmong,
  versionsBefore,
} from "../register.ts";
import {
  type Command,
  type EventOf,
  type GatedCommand,
  type Of,
  flag,
  line,
  moment,
  oneOf,
  prose,
  record,
  variants,
} from "../shape.ts";
import type { CaseState } from "../state.ts";
import { gateAdvice, recipientId } from "../vocabulary.ts";

const step = oneOf(
  ...(["survivor-prepared", "accompanied", "complaint-by-survivor", "statement", "hearing"] as const),
  ...(["protective-order", "withdrawn-by-survivor", "other"] as const),
);
export type LawStep = Of<typeof step>;

/** Preparing the survivor and stepping back bring nothing to an agency. */
export const stepsWithoutAgency: readonly LawStep[] = ["survivor-prepared", "withdrawn-by-survivor"];

export const lawEvents = {
  LegalRiskAssessed: record({
    agency: recipientId,
    immediateRisks: prose,
    secondaryRisks: prose,
    benefits: prose,
    protectionBefore: prose,
    protectionDuring: prose,
    protectionAfter: prose,
  }),
  LegalRiskOutdated: record({ because: prose }),
  LawDecisionRecorded: record(
    { decision: oneOf("report", "not-report", "undecided"), isVoluntary: flag },
    { words: prose },
  ),
  /** Carries the advice for every step that brings the matter to an agency. */
  LawStepRecorded: record(
    {
      step,
      /** The recipient of the consent for `law`. */
      agency: recipientId,
      accompaniedBy: variants({ nobody: record({}), person: record({ who: line }) }),
      happenedAt: moment,
    },
    { text: prose, advice: gateAdvice },
  ),
  LawOutcomeRecorded: record({ agency: recipientId, outcome: prose }),
};

export type LawEvent = EventOf<typeof lawEvents>;
type LegalRiskEvent = Extract<LawEvent, { type: "LegalRiskAssessed" | "LegalRiskOutdated" }>;
type Decided = Extract<LawEvent, { type: "LawDecisionRecorded" }>;
type Happened = Extract<LawEvent, { type: "LawStepRecorded" | "LawOutcomeRecorded" }>;

export type LawCommand =
  | Command<"AssessLegalRisk", typeof lawEvents.LegalRiskAssessed>
  | Command<"OutdateLegalRisk", typeof lawEvents.LegalRiskOutdated>
  | Command<"RecordLawDecision", typeof lawEvents.LawDecisionRecorded>
  | GatedCommand<"RecordLawStep", typeof lawEvents.LawStepRecorded>
  | Command<"RecordLawOutcome", typeof lawEvents.LawOutcomeRecorded>;

export type LawState = {
  readonly assessed: Register<LegalRiskEvent>;
  readonly decided: Register<Decided>;
  readonly happenedByAgency: Registers<Happened>;
};

export const noLaw: LawState = { assessed: [], decided: [], happenedByAgency: new Map() };

export const evolveLaw = (state: LawState, event: LawEvent, by: By): LawState => {
  switch (event.type) {
    case "LegalRiskAssessed":
    case "LegalRiskOutdated":
      return { ...state, assessed: addVersion(state.assessed, event, by) };
    case "LawDecisionRecorded":
      return { ...state, decided: addVersion(state.decided, event, by) };
    case "LawStepRecorded":
    case "LawOutcomeRecorded":
      return { ...state, happenedByAgency: addTo(state.happenedByAgency, event.agency, event, by) };
    default:
      return exhausted(event);
  }
};

export const legalRiskStanding = ({ law }: CaseState): AssessmentStanding =>
  standingOf(law.assessed, ({ type }) => type === "LegalRiskOutdated");

/** Of this agency alone: what was weighed for one says nothing of another (G-LAW-2, -8). Outdated is outdated for each. */
export const legalRisksSaid = ({ law }: CaseState, agency: string): Register<LegalRiskEvent> => {
  const said = law.assessed.filter(({ value }) => value.type === "LegalRiskOutdated" || value.agency === agency);
  return said.some(({ value }) => value.type === "LegalRiskAssessed") ? standingAmong(law.assessed, said) : [];
};

export const legalRiskOf = (state: CaseState, agency: string): AssessmentStanding => {
  const stands = legalRisksSaid(state, agency);
  if (stands.length === 0) return "none";
  return stands.some(({ value }) => value.type === "LegalRiskOutdated") ? "outdated" : "stands";
};

/** All of it: what was weighed for one agency stands beside what was weighed for another since. */
export const legalRisksOfAll = (state: CaseState): Register<LegalRiskEvent> => {
  const { assessed } = state.law;
  const agencies = new Set(assessed.flatMap(({ value }) => ("agency" in value ? [value.agency] : [])));
  const stands = new Set([...agencies].flatMap((agency) => legalRisksSaid(state, agency)));
  return agencies.size === 0 ? standing(assessed) : assessed.filter((version) => stands.has(version));
};

export type LawDecision = "none" | "report" | "not-report" | "undecided";

/**
 * A decision that was not voluntary is none to report, and takes back none not to; of several at once, the one that does not
 * report stands.
 */
export const lawDecision = ({ law }: CaseState): LawDecision => {
  const stands = standing(law.decided).map(({ value }) => (isForced(value) ? "undecided" : value.decision));
  if (!stands.includes("undecided")) return careful.find((decision) => stands.includes(decision)) ?? "none";
  const free = standingAmong(
    law.decided,
    law.decided.filter(({ value }) => !isForced(value)),
  );
  return free.some(({ value }) => value.decision === "not-report") ? "not-report" : "undecided";
};

const isForced = ({ decision, isVoluntary }: Decided): boolean => decision === "report" && !isVoluntary;

const careful = ["not-report", "undecided", "report"] as const;

/**
 * Agencies that hold a matter of the survivor's, though she does not agree any more or has decided not to report, and nobody who
 * had seen it has recorded that she stepped back: they must be told (G-CONS-2). A consent that has only run out is asked for anew.
 */
export const agenciesToBeTold = (state: CaseState): readonly string[] => {
  const isDecidedAgainst = lawDecision(state) === "not-report";
  return [...state.law.happenedByAgency].flatMap(([agency, happened]) => {
    // As if no consent had ended yet: running out is the only flaw that comes with time.
    if (!isDecidedAgainst && isAgreed(state, instantMin, "law", agency)) return [];
    const before = versionsBefore(happened, ({ value }) => isStepBack(value));
    return happened.some((version) => isBrought(version.value) && !before.has(version)) ? [agency] : [];
  });
};

/** Every step and every outcome, with whichever agency. */
export const lawHappened = ({ law }: CaseState): Register<Happened> =>
  [...law.happenedByAgency.values()].flat().sort((one, other) => compareMarks(one.mark, other.mark));

const isBrought = (event: Happened): boolean =>
  event.type === "LawStepRecorded" && !stepsWithoutAgency.includes(event.step);

const isStepBack = (event: Happened): boolean =>
  event.type === "LawStepRecorded" && event.step === "withdrawn-by-survivor";
