/**
 * Assessments: what was looked at before anything is done (G-DIG-1, G-SAFE-1, -2, G-MH-3, G-CM-2).
 *
 * Who finds one outdated closes what rests on it, also against somebody who assessed without knowing.
 * The legal risk–benefit assessment has a file of its own (`law/`).
 */

import { err, ok } from "@amana/kernel";
import type { By } from "../by.ts";
import type { Decision } from "../context.ts";
import { type Register, type Registers, addTo, standing } from "../register.ts";
import { type Command, type EventOf, type Of, line, listOf, oneOf, prose, record } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { itemsMax } from "../vocabulary.ts";

export const assessmentKinds = ["physical-safety", "digital-risk", "mental-health-needs", "service-needs"] as const;
const assessmentKind = oneOf(...assessmentKinds);
export type AssessmentKind = Of<typeof assessmentKind>;

const protectionRisk = record({
  kind: oneOf(
    ...(["retaliation", "perpetrator-contact", "public-exposure", "financial-coercion"] as const),
    ...(["restriction", "honour-based-violence", "emotional-harm", "physical-harm", "other"] as const),
  ),
  from: oneOf("perpetrator", "intimate-partner", "family", "community", "online-network", "unknown"),
  likelihood: oneOf("unlikely", "possible", "likely"),
  text: line,
});

export const assessmentEvents = {
  AssessmentRecorded: record({
    assessment: assessmentKind,
    findings: prose,
    /** Kind, source and likelihood of each risk (G-SAFE-2). */
    risks: listOf(protectionRisk, itemsMax),
  }),
  AssessmentOutdated: record({ assessment: assessmentKind, because: prose }),
};

export type AssessmentEvent = EventOf<typeof assessmentEvents>;

export type AssessmentCommand =
  | Command<"RecordAssessment", typeof assessmentEvents.AssessmentRecorded>
  | Command<"OutdateAssessment", typeof assessmentEvents.AssessmentOutdated>;

export type AssessmentsState = { readonly saidByAssessment: Registers<AssessmentEvent> };

export const noAssessments: AssessmentsState = { saidByAssessment: new Map() };

export const evolveAssessments = (state: AssessmentsState, event: AssessmentEvent, by: By): AssessmentsState => ({
  saidByAssessment: addTo(state.saidByAssessment, event.assessment, event, by),
});

export type AssessmentStanding = "none" | "stands" | "outdated";

export const assessmentStanding = ({ assessments }: CaseState, kind: AssessmentKind): AssessmentStanding =>
  standingOf(assessments.saidByAssessment.get(kind), (event) => event.type === "AssessmentOutdated");

/** One outdated word is enough: the careful one stands. */
export const standingOf = <T>(
  register: Register<T> | undefined,
  isOutdated: (value: T) => boolean,
): AssessmentStanding => {
  const stands = standing(register);
  if (stands.length === 0) return "none";
  return stands.some(({ value }) => isOutdated(value)) ? "outdated" : "stands";
};

export const decideAssessments = (command: AssessmentCommand, state: CaseState): Decision => {
  if (command.type === "RecordAssessment") return ok([{ ...command, type: "AssessmentRecorded" }]);
  if (!state.assessments.saidByAssessment.has(command.assessment)) return err({ type: "NotThere" });
  return ok([{ ...command, type: "AssessmentOutdated" }]);
};
