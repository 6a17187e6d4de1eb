/**
 * How soon what is due. The hours of the risk clocks are the guide's (G-SAFE-5) and stand in `risk/`; these are an
 * organisation's own, and the defaults are practice, not the guide.
 */

import type { Level } from "../risk/risk.ts";

export type DuePolicy = {
  readonly approvalHours: number;
  readonly emergencyApprovalHours: number;
  readonly referralAnswerHours: Readonly<Record<"now" | "24h" | "48h" | "standard", number>>;
  /** After a provider accepted: whether the service was given (G-CM-3). */
  readonly referralFollowUpHours: number;
  readonly takedownCheckHours: number;
  /** Within which safety and digital risk are assessed for the first time. */
  readonly firstAssessmentHours: number;
  readonly reassessDays: Readonly<Record<Level, number>>;
  /** How far ahead one looks for consents that end by themselves. */
  readonly consentEndsWithinDays: number;
  /** How long before its moment something is due rather than coming. */
  readonly dueWithinHours: number;
  /** How far ahead one looks for everything else. */
  readonly comingWithinDays: number;
};

export const defaultDuePolicy: DuePolicy = {
  approvalHours: 24,
  emergencyApprovalHours: 4,
  referralAnswerHours: { now: 4, "24h": 24, "48h": 48, standard: 120 },
  referralFollowUpHours: 168,
  takedownCheckHours: 72,
  firstAssessmentHours: 48,
  reassessDays: { high: 7, medium: 14, normal: 30 },
  consentEndsWithinDays: 14,
  dueWithinHours: 24,
  comingWithinDays: 14,
};
