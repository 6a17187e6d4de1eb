/**
 * Consent to keep the file, and what its withdrawal stops: the survivor's words at length, wherever they would be written.
 *
 * Facts, risk, the safety plan and how to reach the survivor go on: they keep somebody safe until the case is closed or
 * destroyed.
 */

import { err, ok, type Instant, type Result } from "@amana/kernel";
import type { CaseError } from "../error.ts";
import type { CaseEvent } from "../event.ts";
import type { Register } from "../register.ts";
import type { CaseState } from "../state.ts";
import { ownOrganisation } from "../vocabulary.ts";
import { type ConsentEvent, type ConsentState, consentKey, everyone } from "./record.ts";
import { type Agreement, requireConsent } from "./require.ts";
import { consentStanding } from "./standing.ts";

/** Whether the survivor agrees, now, that a file is kept. */
export const mayKeepFile = (state: CaseState, now: Instant): Result<Agreement, CaseError> =>
  requireConsent(state, now, "store-file", ownOrganisation);

/** What may be written at length goes on until somebody refuses that a file is kept. Nobody having been asked is none. */
export const requireFileNotRefused = (state: CaseState, now: Instant): Result<true, CaseError> => {
  const agreed = mayKeepFile(state, now);
  return agreed.ok || !hasRefusal(state, now) ? ok(true) : err(agreed.error);
};

/** Somebody who decides has said no or taken it back, and nothing else carries it. */
export const isFileRefused = (state: CaseState, now: Instant): boolean => !requireFileNotRefused(state, now).ok;

const hasRefusal = (state: CaseState, now: Instant): boolean =>
  everyone.some((whose) => {
    const { kind } = consentStanding(state, now, whose, "store-file", ownOrganisation);
    return kind === "withdrawn" || kind === "no";
  });

/** Words that may be left out of what happened. Where the file is refused it is recorded without them. */
const wordsThatMayBeLeftOut: Readonly<Partial<Record<CaseEvent["type"], string>>> = {
  FollowUpDone: "text",
  EmergencyFollowedUp: "text",
  LawDecisionRecorded: "words",
  LawStepRecorded: "text",
  GoalMarked: "text",
  DigitalItemMarked: "text",
  DigitalPlanReviewed: "text",
  ReferralAnswered: "text",
  ReferralDeclinedBySurvivor: "text",
  ReferralDone: "feedback",
};

export const hasWordsAtLength = (event: CaseEvent): boolean => {
  const field = wordsThatMayBeLeftOut[event.type];
  return field !== undefined && Object.hasOwn(event, field);
};

/** Every withdrawal of the consent to keep the file, whoever's it was. */
export const fileWithdrawals = ({ saidByWhoseAndPurpose }: ConsentState): Register<ConsentEvent> =>
  everyone.flatMap((whose) =>
    (saidByWhoseAndPurpose.get(consentKey(whose, "store-file")) ?? []).filter(
      ({ value }) => value.type === "ConsentWithdrawn",
    ),
  );
