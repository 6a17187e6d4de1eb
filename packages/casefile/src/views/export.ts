/**
 * The whole case as plain JSON, for the survivor or another system. Its shape is documented in docs/formats/case-events.md §6.
 *
 * Moments are texts in UTC. Both of two texts that stand are there, and so is what does not count. What could not be read or
 * was set aside is named with the reason, so that nobody takes an export with gaps for the whole case.
 */

import { formatInstant, isInstant, type Instant } from "@amana/kernel";
import { answerTo, approversOf } from "../approvals/approvals.ts";
import { compareTexts, type Mark } from "../by.ts";
import { isClosed } from "../closure/closure.ts";
import { evidenceItems, exceptionStanding } from "../evidence/evidence.ts";
import { lawHappened } from "../law/law.ts";
import { digitalItems } from "../plans/digital-plan.ts";
import { goalsOf } from "../plans/case-plan.ts";
import { safetyItems } from "../plans/safety-plan.ts";
import { codesOf, isBegun } from "../opening/opening.ts";
import { referralsOf } from "../referrals/referrals.ts";
import { type Registers, standing } from "../register.ts";
import { responsiblePersons } from "../responsibility/responsibility.ts";
import { riskFloors, riskLevel } from "../risk/risk.ts";
import type { CaseState } from "../state.ts";
import { safeContactOf } from "../survivor/safe-contact.ts";
import { takedownsOf } from "../takedowns/takedowns.ts";
import { isPlainObject } from "../shape.ts";
import { factsOf } from "./facts-of.ts";
import { incidentViews } from "./incident-view.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Of the exported shape, not of the events in it. It only grows within a version. */
const exportFormat = "amana-case";
const exportVersion = 1;

/**
 * One change of who can open the case, as a control entry says it: these are no events of the case file, so whoever holds the
 * log hands them in. Without authority: it changed nothing.
 */
export type AccessStep = {
  readonly entry: string;
  readonly by: string | undefined;
  /** By the clock of whoever changed it; nothing where that cannot be read here. */
  readonly recordedAt: Instant | undefined;
  readonly given: readonly string[];
  readonly taken: readonly string[];
  readonly recoveryKey: "given" | "taken" | undefined;
  readonly standing: "counts" | "without-authority" | "unread";
};

/** An entry of the case's log that says nothing in the export, and why: whoever holds the log knows. */
export type LeftOut = { readonly entry: string; readonly kind: string };

export const exportCase = (
  state: CaseState,
  now: Instant,
  access: readonly AccessStep[],
  leftOut: readonly LeftOut[],
): Json =>
  toJson({
    format: exportFormat,
    version: exportVersion,
    exportedAt: now,
    codes: codesOf(state),
    status: !isBegun(state) ? "not-opened" : isClosed(state) ? "closed" : "open",
    responsible: responsiblePersons(state),
    access,
    safeContact: safeContactOf(state, now),
    survivor: standingValues(state.survivor.detailsByField),
    facts: factsOf(state, now),
    risk: { level: riskLevel(state) ?? null, standing: riskFloors(state) },
    assessments: standingValues(state.assessments.saidByAssessment),
    consents: standingValues(state.consent.saidByWhoseAndPurpose),
    safetyPlan: safetyItems(state),
    digitalSafetyPlan: digitalItems(state, now),
    goals: goalsOf(state),
    serviceNeeds: standingValues(state.casePlan.needsByService),
    referrals: referralsOf(state, now),
    takedowns: takedownsOf(state, now),
    law: [...state.law.assessed, ...state.law.decided, ...lawHappened(state)],
    evidence: {
      preserved: state.evidence.preserved,
      exception: exceptionStanding(state),
      exceptions: state.evidence.exceptions,
      held: evidenceItems(state, now),
    },
    emergencies: state.emergency.acted,
    emergencyFollowUps: [...state.emergency.followUpsByEntry.values()].flat(),
    proposals: [...state.approvals.proposalsByEntry.values()].map(({ kind, mark }) => ({
      kind,
      mark,
      answer: answerTo(state, mark.entry),
      answeredBy: approversOf(state, mark.entry),
    })),
    transfers: [...state.responsibility.handedByRecipient.values()].flat(),
    closings: state.closure.said,
    notes: standingValues(state.notes.saidById),
    followUps: standingValues(state.followUps.saidById),
    incidents: incidentViews(state, now),
    history: state.history,
    leftOut,
  });

/** What stands of each register, with who said it when. */
const standingValues = <T>(registers: Registers<T>): readonly { readonly value: T; readonly mark: Mark }[] =>
  [...registers.values()].flatMap((register) => standing(register).map(({ value, mark }) => ({ value, mark })));

/** Fields that hold a moment end in `At` (the house's own rule), so they can be told from numbers. */
const toJson = (value: unknown, key = ""): Json => {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map((item: unknown) => toJson(item));
  if (typeof value === "number") return key.endsWith("At") && isInstant(value) ? formatInstant(value) : value;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (!isPlainObject(value)) return null;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.sort(([one], [other]) => compareTexts(one, other)).map(([name, item]) => [name, toJson(item, name)]),
  );
};
