/**
 * What is due: risk clocks, approvals, what withdrawal stops, referrals, assessments, consents about to end, follow-ups,
 * disagreements; the most dangerous first.
 *
 * The hours of the risk clocks are the guide's (G-SAFE-5). The other times are an organisation's own; the
 * defaults are practice, not the guide.
 */

import { later, type Instant } from "@amana/kernel";
import { type ProposalKind, waitingProposals } from "../approvals/approvals.ts";
import { assessmentStanding } from "../assessments/assessments.ts";
import { compareTexts } from "../by.ts";
import { isClosed } from "../closure/closure.ts";
import { consentEndings } from "../consent/endings.ts";
import { evidenceItems } from "../evidence/evidence.ts";
import { factConflicts } from "../facts/facts.ts";
import { openFollowUps } from "../follow-ups/follow-ups.ts";
import type { EntryHash } from "../ids.ts";
import { areLimitsTold, codesOf, isOpened } from "../opening/opening.ts";
import { goalsOf } from "../plans/case-plan.ts";
import { referralsOf } from "../referrals/referrals.ts";
import { responsiblePersons, waitingOffers } from "../responsibility/responsibility.ts";
import { type Level, deadlineOf, riskFloors, riskLevel, runningClocks } from "../risk/risk.ts";
import type { CaseState } from "../state.ts";
import { safeContactOf } from "../survivor/safe-contact.ts";
import { takedownsOf } from "../takedowns/takedowns.ts";

export type DuePolicy = {
  readonly approvalHours: number;
  readonly emergencyApprovalHours: number;
  readonly referralAnswerHours: Readonly<Record<"now" | "24h" | "48h" | "standard", number>>;
  readonly takedownCheckHours: number;
  /** Within which safety and digital risk are assessed for the first time. */
  readonly firstAssessmentHours: number;
  readonly reassessDays: Readonly<Record<Level, number>>;
  readonly consentEndsWithinDays: number;
  /** How long before its moment something is due rather than coming. */
  readonly dueWithinHours: number;
  /** How far ahead one looks. */
  readonly comingWithinDays: number;
};

export const defaultDuePolicy: DuePolicy = {
  approvalHours: 24,
  emergencyApprovalHours: 4,
  referralAnswerHours: { now: 4, "24h": 24, "48h": 48, standard: 120 },
  takedownCheckHours: 72,
  firstAssessmentHours: 48,
  reassessDays: { high: 7, medium: 14, normal: 30 },
  consentEndsWithinDays: 14,
  dueWithinHours: 24,
  comingWithinDays: 14,
};

export type DueKind =
  | "risk-clock"
  | "risk-not-assessed"
  | "second-person"
  | "provider-to-be-stopped"
  | "evidence-without-ground"
  | "limits-to-tell"
  | "safe-contact"
  | "conflict"
  | "approval"
  | "referral-unanswered"
  | "reassessment"
  | "assessment-to-make"
  | "assessment-outdated"
  | "takedown-check"
  | "follow-up"
  | "goal"
  | "consent-ends"
  | "responsibility";

export type DueItem = {
  readonly kind: DueKind;
  /** What it is about: an item, a fact, a purpose with its recipient, the hash of a proposal. */
  readonly about: string;
  readonly dueAt: Instant;
  readonly when: "overdue" | "due" | "coming";
};

export type DueSettings = {
  readonly policy?: DuePolicy;
  /** When this device first saw an entry: a clock starts at the earlier of that and what the author's clock says. */
  readonly firstSeenAt?: (entry: EntryHash) => Instant | undefined;
};

/** An item with its danger: the smaller, the more dangerous. */
type Ranked = { readonly kind: DueKind; readonly about: string; readonly dueAt: Instant; readonly danger: number };

const millisecondsPerHour = 3_600_000;
const hoursPerDay = 24;

export const due = (state: CaseState, now: Instant, settings: DueSettings = {}): readonly DueItem[] => {
  if (!isOpened(state)) return [];
  const policy = settings.policy ?? defaultDuePolicy;
  const all = isClosed(state)
    ? withoutGround(state, now)
    : [...dangers(state, now, settings), ...waiting(state, now, policy)];
  const horizon = later(now, policy.comingWithinDays * hoursPerDay * millisecondsPerHour);
  return all
    .filter(({ dueAt }) => dueAt <= horizon)
    .sort(
      (one, other) =>
        one.danger - other.danger ||
        one.dueAt - other.dueAt ||
        compareTexts(one.kind, other.kind) ||
        compareTexts(one.about, other.about),
    )
    .map(({ kind, about, dueAt }) => ({ kind, about, dueAt, when: whenOf(dueAt, now, policy) }));
};

/** At its very moment something is still due; a millisecond later it is overdue. */
const whenOf = (dueAt: Instant, now: Instant, { dueWithinHours }: DuePolicy): DueItem["when"] => {
  if (dueAt < now) return "overdue";
  return dueAt <= later(now, dueWithinHours * millisecondsPerHour) ? "due" : "coming";
};

const levelDanger = { high: 0, medium: 10, normal: 20 } as const satisfies Record<Level, number>;

/** What is held by a provider or by us without ground any more. A closed case owes this still. */
const withoutGround = (state: CaseState, now: Instant): readonly Ranked[] => [
  ...referralsOf(state, now)
    .filter(({ isToBeStopped }) => isToBeStopped)
    .map(({ referral }): Ranked => ({ kind: "provider-to-be-stopped", about: referral, dueAt: now, danger: 2 })),
  ...evidenceItems(state, now)
    .filter(({ stage }) => stage === "held-without-ground")
    .map(({ item }): Ranked => ({ kind: "evidence-without-ground", about: item, dueAt: now, danger: 3 })),
];

const dangers = (state: CaseState, now: Instant, settings: DueSettings): readonly Ranked[] => [
  ...riskClocks(state, settings),
  ...withoutGround(state, now),
  ...(riskLevel(state) === undefined ? [item("risk-not-assessed", "case", now, 1)] : []),
  ...(areLimitsTold(state) ? [] : [item("limits-to-tell", "case", now, 4)]),
  ...(["unsafe", "expired"].includes(safeContactOf(state, now).kind) ? [item("safe-contact", "case", now, 5)] : []),
  ...factConflicts(state).map((fact) => item("conflict", fact, now, 6)),
  ...(responsiblePersons(state).length > 1 ? [item("conflict", "responsibility", now, 7)] : []),
  ...(codesOf(state).length > 1 ? [item("conflict", "code", now, 8)] : []),
];

const item = (kind: DueKind, about: string, dueAt: Instant, danger: number): Ranked => ({ kind, about, dueAt, danger });

const riskClocks = (state: CaseState, { firstSeenAt }: DueSettings): readonly Ranked[] =>
  runningClocks(state).flatMap((floor) => {
    const seenAt = firstSeenAt?.(floor.mark.entry) ?? floor.mark.recordedAt;
    const startedAt = seenAt < floor.mark.recordedAt ? seenAt : floor.mark.recordedAt;
    const dueAt = deadlineOf(floor, startedAt);
    return dueAt === undefined ? [] : [item("risk-clock", floor.mark.entry, dueAt, levelDanger[floor.level])];
  });

const waiting = (state: CaseState, now: Instant, policy: DuePolicy): readonly Ranked[] => [
  ...approvals(state, policy),
  ...referrals(state, now, policy),
  ...reassessments(state, policy),
  ...assessments(state, now, policy),
  ...takedowns(state, now, policy),
  ...openFollowUps(state).map(({ followUp, dueAt }) => item("follow-up", followUp, dueAt, 14)),
  ...goals(state),
  ...consentEndings(state, now).map(({ about, endsAt }) => item("consent-ends", about, endsAt, 16)),
  ...waitingOffers(state).map(({ mark }) =>
    item("responsibility", mark.entry, after(mark.recordedAt, policy.approvalHours), 17),
  ),
];

const after = (moment: Instant, hours: number): Instant => later(moment, hours * millisecondsPerHour);

const approvals = (state: CaseState, policy: DuePolicy): readonly Ranked[] =>
  waitingProposals(state).map(({ kind, mark }) => {
    const { hours, danger, due: dueKind } = approvalTable(policy)[kind];
    return item(dueKind, mark.entry, after(mark.recordedAt, hours), danger);
  });

const approvalTable = ({ approvalHours, emergencyApprovalHours }: DuePolicy) =>
  ({
    emergency: { hours: emergencyApprovalHours, danger: 1, due: "second-person" },
    "best-interests": { hours: approvalHours, danger: 9, due: "approval" },
    "evidence-exception": { hours: approvalHours, danger: 11, due: "approval" },
    "risk-lowering": { hours: approvalHours, danger: 15, due: "approval" },
  }) as const satisfies Record<ProposalKind, { hours: number; danger: number; due: DueKind }>;

const referrals = (state: CaseState, now: Instant, { referralAnswerHours }: DuePolicy): readonly Ranked[] =>
  referralsOf(state, now)
    .filter(({ stage }) => stage === "sent" || stage === "prepared")
    .map(({ referral, mostUrgent, since }) =>
      item(
        "referral-unanswered",
        referral,
        after(since, referralAnswerHours[mostUrgent]),
        mostUrgent === "now" ? 5 : 12,
      ),
    );

const reassessments = (state: CaseState, { reassessDays }: DuePolicy): readonly Ranked[] => {
  const level = riskLevel(state);
  if (level === undefined) return [];
  const moments = riskFloors(state).map(({ mark }) => mark.recordedAt);
  const last = moments.reduce((latest, moment) => (moment > latest ? moment : latest));
  return [item("reassessment", "risk", after(last, reassessDays[level] * hoursPerDay), levelDanger[level] + 3)];
};

const assessments = (state: CaseState, now: Instant, { firstAssessmentHours }: DuePolicy): readonly Ranked[] =>
  (["physical-safety", "digital-risk"] as const).flatMap((kind): readonly Ranked[] => {
    const standing = assessmentStanding(state, kind);
    if (standing === "outdated") return [item("assessment-outdated", kind, now, 9)];
    return standing === "none"
      ? [item("assessment-to-make", kind, after(openedAt(state), firstAssessmentHours), 11)]
      : [];
  });

/** Of a case opened twice, the first time. The due list is only made for a case that was opened. */
const openedAt = ({ opening }: CaseState): Instant =>
  opening.opened.map(({ mark }) => mark.recordedAt).reduce((first, moment) => (moment < first ? moment : first));

const takedowns = (state: CaseState, now: Instant, { takedownCheckHours }: DuePolicy): readonly Ranked[] =>
  takedownsOf(state, now)
    .filter(({ mayGoOn, outcome }) => mayGoOn && outcome !== "removed" && outcome !== "refused")
    .map(({ takedown, lastCheckedAt, requested }) => {
      const from = lastCheckedAt ?? requested[0]?.madeAt ?? now;
      return item("takedown-check", takedown, after(from, takedownCheckHours), 13);
    });

const goals = (state: CaseState): readonly Ranked[] =>
  goalsOf(state).flatMap(({ goal, words, outcome }) => {
    const moments = words.flatMap(({ dueAt }) => dueAt ?? []).sort((one, other) => one - other);
    const [first] = moments;
    return first === undefined || outcome === "met" || outcome === "dropped" ? [] : [item("goal", goal, first, 18)];
  });
