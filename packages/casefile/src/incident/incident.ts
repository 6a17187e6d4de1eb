/**
 * The incident, as the GBV information management system counts it: six core types and what its case
 * context is derived from. Recorded again it is corrected; both records are kept.
 */

import { err, ok, parseInstant, type Instant } from "@amana/kernel";
import type { By } from "../by.ts";
import type { Context, Decision } from "../context.ts";
import type { DateOn } from "../ids.ts";
import { itemId } from "../plans/items.ts";
import { hoursAfter } from "../risk/risk.ts";
import { type Registers, addTo } from "../register.ts";
import { type Command, type EventOf, type Of, dateOn, flag, listOf, oneOf, record, whole } from "../shape.ts";

const incidentType = oneOf(
  ...(["rape", "sexual_assault", "physical_assault", "forced_marriage"] as const),
  ...(["denial_of_resources", "emotional_abuse", "non-gbv"] as const),
);
export type IncidentType = Of<typeof incidentType>;

const ageMax = 130;
const perpetratorsMax = 20;

export const incidentEvents = {
  /** The ids are those of the system, so that its counts can be made from them. */
  IncidentRecorded: record(
    {
      incident: itemId,
      incidentType,
      reportedOn: dateOn,
      perpetrators: listOf(
        oneOf(
          ...(["intimate_partner_former_partner", "primary_caregiver", "family_other", "spouse"] as const),
          ...(["supervisor_employer", "schoolmate", "teacher_official", "service_provider", "neighbor"] as const),
          ...(["other_resident", "friend", "unknown", "other"] as const),
        ),
        perpetratorsMax,
      ),
    },
    {
      happenedOn: dateOn,
      ageAtIncident: whole(0, ageMax),
      abduction: oneOf("none", "forced_conscription", "trafficked", "other_abduction"),
      harmfulPractice: oneOf("no", "type_1", "type_2", "type_3", "type_4", "type_5"),
      moneyExchanged: flag,
    },
  ),
};

export type IncidentRecorded = EventOf<typeof incidentEvents>;

export type IncidentCommand = Command<"RecordIncident", typeof incidentEvents.IncidentRecorded>;

export type IncidentsState = { readonly recordedById: Registers<IncidentRecorded> };

export const noIncidents: IncidentsState = { recordedById: new Map() };

export const evolveIncidents = (state: IncidentsState, event: IncidentRecorded, by: By): IncidentsState => ({
  recordedById: addTo(state.recordedById, event.incident, event, by),
});

/** It is reported on a day that has begun somewhere, and not before it happened: the delay is counted from both. */
export const decideIncidents = (command: IncidentCommand, { now }: Context): Decision => {
  const { happenedOn, reportedOn } = command;
  if (!hasBegun(reportedOn, now)) return err({ type: "MomentWrong", field: "reportedOn" });
  // Dates of this form stand in the order of their days.
  if (happenedOn !== undefined && happenedOn > reportedOn) return err({ type: "MomentWrong", field: "happenedOn" });
  return ok([{ ...command, type: "IncidentRecorded" }]);
};

/** The easternmost clocks are so far ahead of the one that moments are counted by. */
const aheadHoursMax = 14;

const hasBegun = (day: DateOn, now: Instant): boolean => {
  const began = parseInstant(`${day}T00:00:00Z`);
  // What is no day at all is told by its field.
  return !began.ok || began.value <= hoursAfter(now, aheadHoursMax);
};
