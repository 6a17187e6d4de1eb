/**
 * The incident as the GBV information management system sees it: core type, case context, delay of reporting.
 *
 * Source: the rules and expected results of `gbvims-case-context.json`, after the system's user guide, which counts an
 * answer only when it is not "no".
 */

import { parseInstant, type Instant } from "@amana/kernel";
import { ageOf, isAgreed } from "../consent/require.ts";
import type { IncidentRecorded, IncidentType } from "../incident/incident.ts";
import { standing } from "../register.ts";
import type { CaseState } from "../state.ts";
import { ownOrganisation } from "../vocabulary.ts";

export type CaseContext =
  | "intimate_partner_violence"
  | "child_sexual_abuse"
  | "early_marriage"
  | "possible_sexual_exploitation"
  | "possible_sexual_slavery"
  | "harmful_traditional_practice";

/** What a context is derived from, whatever case management system recorded it. */
export type IncidentFacts = {
  readonly type: string;
  readonly age: number | undefined;
  readonly perpetrators: readonly string[];
  readonly abduction: string | undefined;
  readonly practice: string | undefined;
  readonly exchanged: boolean | undefined;
};

const adultFrom = 18;

/** In the order of the published rules. */
export const caseContext = (incident: IncidentFacts): readonly CaseContext[] => {
  const { type, age, perpetrators, abduction, practice, exchanged } = incident;
  const isGenderBased = type !== "non-gbv";
  const isSexual = type === "rape" || type === "sexual_assault";
  const isChild = age !== undefined && age < adultFrom;
  const rules: readonly (readonly [CaseContext, boolean])[] = [
    ["intimate_partner_violence", isGenderBased && perpetrators.includes("intimate_partner_former_partner")],
    ["child_sexual_abuse", isSexual && isChild],
    ["early_marriage", type === "forced_marriage" && isChild],
    ["possible_sexual_exploitation", isSexual && exchanged === true],
    ["possible_sexual_slavery", isSexual && isAnsweredOther(abduction, "none")],
    ["harmful_traditional_practice", isGenderBased && isAnsweredOther(practice, "no")],
  ];
  return rules.flatMap(([context, holds]) => (holds ? [context] : []));
};

const isAnsweredOther = (answer: string | undefined, negative: string): boolean =>
  answer !== undefined && answer.toLowerCase() !== negative;

export type ReportingDelay = "0-3-days" | "4-5-days" | "6-14-days" | "15-30-days" | "over-1-month" | "over-3-months";

/** By whole days between what happened and its being reported. Day 4 belongs to 4–5: the ranges do not overlap. */
export const reportingDelay = (days: number): ReportingDelay => {
  const [, delay] = delays.find(([daysMax]) => days <= daysMax) ?? [0, "over-3-months" as const];
  return delay;
};

const delays: readonly (readonly [daysMax: number, ReportingDelay])[] = [
  [3, "0-3-days"],
  [5, "4-5-days"],
  [14, "6-14-days"],
  [30, "15-30-days"],
  [90, "over-1-month"],
];

export type IncidentView = {
  readonly incident: string;
  readonly type: IncidentType;
  readonly contexts: readonly CaseContext[];
  readonly delay: ReportingDelay | undefined;
  /** Whether the survivor agrees that this is counted, without a name. */
  readonly mayCount: boolean;
};

/** One view for each record that stands; where two stand, both are shown. */
export const incidentViews = (state: CaseState, now: Instant): readonly IncidentView[] =>
  [...state.incidents.recordedById.values()].flatMap((register) =>
    standing(register).map(({ value }) =>
      viewOf(value, ageAt(value, state), isAgreed(state, now, "statistics", ownOrganisation)),
    ),
  );

/** Whoever is a child now was one then; any age of a child gives the same context. */
const ageAt = ({ ageAtIncident }: IncidentRecorded, state: CaseState): number | undefined =>
  ageAtIncident ?? (ageOf(state) === "child" ? adultFrom - 1 : undefined);

const viewOf = (incident: IncidentRecorded, age: number | undefined, mayCount: boolean): IncidentView => ({
  incident: incident.incident,
  type: incident.incidentType,
  contexts: caseContext({
    type: incident.incidentType,
    age,
    perpetrators: incident.perpetrators,
    abduction: incident.abduction,
    practice: incident.harmfulPractice,
    exchanged: incident.moneyExchanged,
  }),
  delay: delayOf(incident),
  mayCount,
});

const millisecondsPerDay = 86_400_000;

const delayOf = ({ happenedOn, reportedOn }: IncidentRecorded): ReportingDelay | undefined => {
  const happened = parseInstant(`${happenedOn ?? ""}T00:00:00Z`);
  const reported = parseInstant(`${reportedOn}T00:00:00Z`);
  if (!happened.ok || !reported.ok) return undefined;
  return reportingDelay((reported.value - happened.value) / millisecondsPerDay);
};
