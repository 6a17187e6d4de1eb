/**
 * Every event of a case, by subject, and the way to and from what the log stores: `[type, schema version, data]`.
 * Format: docs/formats/case-events.md.
 *
 * The domain sees only the newest shape of each. What this device does not understand is said to be newer,
 * and stays sealed; what is of a known version and has a wrong field is damaged, and changes nothing.
 */

import { err, ok, type Result } from "@amana/kernel";
import { approvalEvents, isProposal } from "./approvals/approvals.ts";
import { assessmentEvents } from "./assessments/assessments.ts";
import { closureEvents } from "./closure/closure.ts";
import { consentEvents } from "./consent/record.ts";
import { copyEvents } from "./copies/copies.ts";
import { emergencyEvents } from "./emergency/emergency.ts";
import { evidenceEvents } from "./evidence/evidence.ts";
import { factEvents } from "./facts/facts.ts";
import { followUpEvents } from "./follow-ups/follow-ups.ts";
import { incidentEvents } from "./incident/incident.ts";
import { lawEvents } from "./law/law.ts";
import { noteEvents } from "./notes/notes.ts";
import { openingEvents } from "./opening/opening.ts";
import { casePlanEvents } from "./plans/case-plan.ts";
import { digitalPlanEvents } from "./plans/digital-plan.ts";
import { safetyPlanEvents } from "./plans/safety-plan.ts";
import { referralEvents } from "./referrals/referrals.ts";
import { responsibilityEvents } from "./responsibility/responsibility.ts";
import { riskEvents } from "./risk/risk.ts";
import { isPlainObject, type Of, type RecordShape } from "./shape.ts";
import { sharingEvents } from "./sharing/sharing.ts";
import { safeContactEvents } from "./survivor/safe-contact.ts";
import { survivorEvents } from "./survivor/details.ts";
import { takedownEvents } from "./takedowns/takedowns.ts";

/** All events, each with the shape of its data. */
export const eventShapes = {
  ...openingEvents,
  ...safeContactEvents,
  ...survivorEvents,
  ...factEvents,
  ...incidentEvents,
  ...assessmentEvents,
  ...consentEvents,
  ...riskEvents,
  ...safetyPlanEvents,
  ...digitalPlanEvents,
  ...casePlanEvents,
  ...referralEvents,
  ...takedownEvents,
  ...lawEvents,
  ...evidenceEvents,
  ...emergencyEvents,
  ...noteEvents,
  ...followUpEvents,
  ...approvalEvents,
  ...closureEvents,
  ...responsibilityEvents,
  ...sharingEvents,
  ...copyEvents,
} as const;

export type EventType = keyof typeof eventShapes;

export type CaseEvent = {
  [Type in EventType]: { readonly type: Type } & Of<(typeof eventShapes)[Type]>;
}[EventType];

/**
 * What counts even of a device that signed two things under one counter, of all that an entry says: each of these only ever makes
 * a case more careful, so nobody takes one back by signing something else beside it (SECURITY §3).
 */
export const countsThoughSaidTwice = (event: CaseEvent, said: readonly CaseEvent[]): boolean => {
  switch (event.type) {
    case "RiskRaised":
    case "ConsentWithdrawn":
    case "SafeContactUnsafe":
      return true;
    case "RiskAssessed":
      // That it is normal would say that somebody had looked.
      return event.level !== "normal";
    case "ConsentRecorded":
    case "AssentRecorded":
    case "GuardianConsentRecorded":
      return event.answer === "no";
    case "BestInterestsProposed":
      // Two persons decided against it. An approval names the entry: beside another proposal it may mean that one.
      return event.decision === "do-not" && said.filter(isProposal).length === 1;
    default:
      return false;
  }
};

/** The newest schema version of each event. All are in their first. */
const schemaVersion = 1;

/**
 * An entry holds the events of one command, and no command has more than this. One that holds more is damage: nobody makes every
 * device fold as much as an entry could hold (SECURITY §6.2).
 */
export const eventsPerCommandMax = 8;

/** What stands in the body of an entry for one event. */
export type StoredEvent = readonly [type: string, schemaVersion: number, data: Readonly<Record<string, unknown>>];

export type EventError =
  /** Of a type or version of the future: keep it sealed, say "update first". */
  | { readonly type: "EventNewer" }
  /** Of a known version, and wrong: keep it, show the mark, fold nothing. The field is named, never its value. */
  | { readonly type: "EventDamaged"; readonly field: string };

export const encodeEvent = ({ type, ...data }: CaseEvent): StoredEvent => [type, schemaVersion, data];

export const parseEvent = (stored: unknown): Result<CaseEvent, EventError> => {
  if (!Array.isArray(stored) || stored.length !== 3) return err({ type: "EventDamaged", field: "" });
  // An array from outside holds anything; each of the three is checked below.
  const [type, version, data] = stored as readonly unknown[];
  if (typeof type !== "string" || typeof version !== "number") return err({ type: "EventDamaged", field: "" });
  if (!isEventType(type) || version !== schemaVersion) return err({ type: "EventNewer" });
  if (!isPlainObject(data) || Object.hasOwn(data, "type")) return err({ type: "EventDamaged", field: "" });
  const event: unknown = { ...data, type };
  const field = wrongField(event);
  return field === undefined && isChecked(event) ? ok(event) : err({ type: "EventDamaged", field: field ?? "" });
};

/** The first field of an event that is not as its shape says. */
export const wrongField = (event: unknown): string | undefined => {
  if (!isPlainObject(event)) return "";
  const { type, ...data } = event;
  return typeof type === "string" && isEventType(type) ? shapeOf(type).wrong(data) : "type";
};

const isEventType = (type: string): type is EventType => Object.hasOwn(eventShapes, type);

const isChecked = (event: unknown): event is CaseEvent => wrongField(event) === undefined;

const shapeOf = (type: EventType): RecordShape<unknown> => eventShapes[type];
