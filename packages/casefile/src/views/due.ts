/**
 * What is due: risk clocks, approvals, what withdrawal stops, referrals, assessments, consents about to end, follow-ups,
 * disagreements; the most dangerous first. A closed case still owes what others hold or do because of it.
 *
 * Every time that runs starts at the earlier of the author's clock and first sight on this device (SECURITY §3).
 * The hours of the risk clocks are the guide's (G-SAFE-5). The other times are an organisation's own (`due-policy.ts`).
 */

import type { Instant } from "@amana/kernel";
import type { FactVocabulary } from "@amana/pathway";
import { type ProposalKind, waitingProposals } from "../approvals/approvals.ts";
import { type AssessmentKind, assessmentKinds, assessmentStanding } from "../assessments/assessments.ts";
import { type Mark, compareTexts } from "../by.ts";
import { hasClosingSeen, hasTakedownPlan, isClosed, reopenings } from "../closure/closure.ts";
import { consentEndings } from "../consent/endings.ts";
import { fileWithdrawals, isFileRefused } from "../consent/file.ts";
import { emergenciesOf } from "../emergency/emergency.ts";
import { evidenceItems } from "../evidence/evidence.ts";
import { factConflicts, factsNotUnderstood } from "../facts/facts.ts";
import { openFollowUps } from "../follow-ups/follow-ups.ts";
import type { EntryHash } from "../ids.ts";
import { agenciesToBeTold, legalRiskStanding } from "../law/law.ts";
import { areLimitsTold, codesOf, isBegun } from "../opening/opening.ts";
import { goalsOf } from "../plans/case-plan.ts";
import { digitalItems } from "../plans/digital-plan.ts";
import { reviewsOfNoFit } from "../plans/items.ts";
import { type Referral, referralsOf } from "../referrals/referrals.ts";
import { responsiblePersons, transfersToBeStopped, waitingOffers } from "../responsibility/responsibility.ts";
import {
  type Level,
  deadlineOf,
  hoursAfter as after,
  riskFloors,
  riskLevel,
  runningClocks,
  shortestHours,
} from "../risk/risk.ts";
import { areRulesAhead, dangersNotWeighed, worseNotWeighed } from "../risk/weighed.ts";
import { narrowingsToTell } from "../sharing/sharing.ts";
import type { CaseState } from "../state.ts";
import { safeContactOf } from "../survivor/safe-contact.ts";
import { takedownsOf } from "../takedowns/takedowns.ts";
import { type DuePolicy, defaultDuePolicy } from "./due-policy.ts";

export type DueKind =
  | "risk-clock"
  | "risk-not-assessed"
  | "second-person"
  | "emergency-follow-up"
  | "person-to-be-told"
  | "provider-to-be-stopped"
  | "transfer-to-be-stopped"
  | "provider-to-be-told"
  | "transfer-to-be-told"
  | "agency-to-be-told"
  | "request-to-take-back"
  | "withdrawal-to-act-on"
  | "evidence-without-ground"
  | "limits-to-tell"
  | "safe-contact"
  | "conflict"
  | "answer-not-understood"
  | "approval"
  | "referral-unanswered"
  | "referral-to-place"
  | "referral-follow-up"
  | "reassessment"
  | "got-worse"
  | "plan-to-change"
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
  /** Providers, organisations, agencies and tools it is to be taken up with. Several where people prepared or asked for it at once. */
  readonly recipients: readonly string[];
  readonly dueAt: Instant;
  readonly when: "overdue" | "due" | "coming";
};

export type DueSettings = {
  readonly policy?: DuePolicy;
  /** When this device first saw an entry: a clock starts at the earlier of that and what the author's clock says. */
  readonly firstSeenAt?: (entry: EntryHash) => Instant | undefined;
  /** What the guidance in use knows. Without it every answer is taken for one it understands. */
  readonly vocabulary?: FactVocabulary | undefined;
  /** The level that the guidance in use gives for the case as it is. */
  readonly advised?: Level | undefined;
};

/** An item with its danger: the smaller, the more dangerous. */
type Ranked = Omit<DueItem, "when"> & { readonly danger: number };

/** What everything below is judged with. */
type Terms = {
  readonly state: CaseState;
  readonly now: Instant;
  readonly policy: DuePolicy;
  readonly vocabulary: FactVocabulary | undefined;
  readonly advised: Level | undefined;
  readonly startedAt: (mark: Mark) => Instant;
};

const hoursPerDay = 24;

export const due = (state: CaseState, now: Instant, settings: DueSettings = {}): readonly DueItem[] => {
  if (!isBegun(state)) return [];
  const { policy = defaultDuePolicy, vocabulary, advised, firstSeenAt } = settings;
  const startedAt = ({ entry, recordedAt }: Mark): Instant => earlier(firstSeenAt?.(entry) ?? recordedAt, recordedAt);
  const terms: Terms = { state, now, policy, vocabulary, advised, startedAt };
  const all = isClosed(state) ? owedWhenClosed(terms) : [...dangers(terms), ...waiting(terms)];
  return all
    .filter(({ kind, dueAt }) => dueAt <= dueHorizon(kind, now, policy))
    .sort(
      (one, other) =>
        one.danger - other.danger ||
        one.dueAt - other.dueAt ||
        compareTexts(one.kind, other.kind) ||
        compareTexts(one.about, other.about),
    )
    .map(({ kind, about, recipients, dueAt }) => ({
      kind,
      about,
      recipients,
      dueAt,
      when: whenOf(dueAt, now, policy),
    }));
};

/** Until when something of this kind is listed. */
export const dueHorizon = (kind: DueKind, now: Instant, policy: DuePolicy): Instant =>
  afterDays(now, kind === "consent-ends" ? policy.consentEndsWithinDays : policy.comingWithinDays);

/** At its very moment something is still due; a millisecond later it is overdue. */
const whenOf = (dueAt: Instant, now: Instant, { dueWithinHours }: DuePolicy): DueItem["when"] => {
  if (dueAt < now) return "overdue";
  return dueAt <= after(now, dueWithinHours) ? "due" : "coming";
};

const afterDays = (moment: Instant, days: number): Instant => after(moment, days * hoursPerDay);
const earlier = (one: Instant, other: Instant): Instant => (one < other ? one : other);

const item = (kind: DueKind, about: string, dueAt: Instant, danger: number): Ranked => ({
  kind,
  about,
  recipients: [],
  dueAt,
  danger,
});

const withRecipients = (recipients: readonly string[], ranked: Ranked): Ranked => ({ ...ranked, recipients });

const levelDanger = { high: 0, medium: 10, normal: 20 } as const satisfies Record<Level, number>;

/**
 * What goes on elsewhere or is held because of a case that nobody works on any more. A closing that had seen a referral open or
 * a proposal waiting closes nothing, so whatever is so here was unseen by it.
 */
const owedWhenClosed = (terms: Terms): readonly Ranked[] => {
  const { state, now } = terms;
  const isNewlyRefused =
    isFileRefused(state, now) && fileWithdrawals(state.consent).some(({ mark }) => !hasClosingSeen(state, mark));
  return [
    ...approvals(terms),
    ...referrals(terms),
    ...providersToBeStopped(terms),
    ...organisationsToBeStopped(terms),
    ...recipientsToBeTold(terms),
    ...agencies(terms),
    ...requestsToTakeBack(terms),
    ...(isNewlyRefused ? [item("withdrawal-to-act-on", "store-file", now, 3)] : []),
    ...worseUnseen(terms),
    ...evidence(terms, ["held", "held-without-ground"]),
    ...(hasTakedownPlan(state) ? [] : takedowns(terms)),
  ];
};

/** Whoever closed it did not know that something had got worse: it is taken up again to assess anew. */
const worseUnseen = ({ state, startedAt }: Terms): readonly Ranked[] => {
  const unseen = worseNotWeighed(state).filter((mark) => !hasClosingSeen(state, mark));
  return unseen.length === 0 ? [] : [gotWorse(after(unseen.map(startedAt).reduce(earlier), shortestHours))];
};

const gotWorse = (dueAt: Instant): Ranked => item("got-worse", "risk", dueAt, levelDanger.high + 3);

const providersToBeStopped = ({ state, now }: Terms): readonly Ranked[] =>
  referralsOf(state, now)
    .filter(({ isToBeStopped }) => isToBeStopped)
    .map(({ referral, toBeStopped }) => withRecipients(toBeStopped, item("provider-to-be-stopped", referral, now, 2)));

/** Who was handed the case carries it on, whether or not it is closed here. */
const organisationsToBeStopped = ({ state, now }: Terms): readonly Ranked[] =>
  transfersToBeStopped(state, now).map((recipient) =>
    withRecipients([recipient], item("transfer-to-be-stopped", recipient, now, 2)),
  );

/** Less of what they have may be used than was sent, and nobody has told them. */
const recipientsToBeTold = ({ state, now }: Terms): readonly Ranked[] =>
  narrowingsToTell(state, now).map(({ recipient, isTransferred }) => {
    const kind = isTransferred ? "transfer-to-be-told" : "provider-to-be-told";
    return withRecipients([recipient], item(kind, recipient, now, 3));
  });

/** What was brought to an agency goes on there by itself. */
const agencies = ({ state, now }: Terms): readonly Ranked[] =>
  agenciesToBeTold(state).map((agency) => withRecipients([agency], item("agency-to-be-told", agency, now, 2)));

const requestsToTakeBack = ({ state, now }: Terms): readonly Ranked[] =>
  takedownsOf(state, now)
    .filter(({ isToBeTakenBack }) => isToBeTakenBack)
    .map(({ takedown, requested }) => {
      const tools = [...new Set(requested.map(({ tool }) => tool))];
      return withRecipients(tools, item("request-to-take-back", takedown, now, 3));
    });

const evidence = ({ state, now }: Terms, stages: readonly string[]): readonly Ranked[] =>
  evidenceItems(state, now)
    .filter(({ stage }) => stages.includes(stage))
    .map((held) => item("evidence-without-ground", held.item, now, 3));

const dangers = (terms: Terms): readonly Ranked[] => {
  const { state, now } = terms;
  return [
    ...riskClocks(terms),
    ...providersToBeStopped(terms),
    ...organisationsToBeStopped(terms),
    ...recipientsToBeTold(terms),
    ...agencies(terms),
    ...requestsToTakeBack(terms),
    ...withdrawals(terms),
    ...evidence(terms, ["held-without-ground"]),
    ...notAssessed(terms),
    ...(areLimitsTold(state) ? [] : [item("limits-to-tell", "case", now, 4)]),
    ...(safeContactOf(state, now).kind !== "safe" ? [item("safe-contact", "case", now, 5)] : []),
    ...disagreements(terms),
  ];
};

/**
 * Nobody has assessed; or nobody who knew of a danger that was told since: it may ask for the shortest time there is (G-SAFE-5);
 * or the rules say more of the case as it is.
 */
const notAssessed = ({ state, now, advised, startedAt }: Terms): readonly Ranked[] => {
  const told = dangersNotWeighed(state).map(startedAt);
  if (told.length > 0) return [item("risk-not-assessed", "case", after(told.reduce(earlier), shortestHours), 1)];
  const isNever = riskLevel(state) === undefined;
  return isNever || areRulesAhead(state, advised) ? [item("risk-not-assessed", "case", now, 1)] : [];
};

/** What a withdrawal stops and nobody has stopped yet: the file itself, and acts of the digital plan. */
const withdrawals = ({ state, now }: Terms): readonly Ranked[] => [
  ...(isFileRefused(state, now) ? [item("withdrawal-to-act-on", "store-file", now, 3)] : []),
  ...digitalItems(state, now)
    .filter(({ outcome, mayGoOn }) => outcome === "open" && !mayGoOn)
    .map((digital) => item("withdrawal-to-act-on", digital.item, now, 3)),
];

const disagreements = ({ state, now, vocabulary }: Terms): readonly Ranked[] => [
  ...factConflicts(state).map((fact) => item("conflict", fact, now, 6)),
  ...factsNotUnderstood(state, vocabulary).map((fact) => item("answer-not-understood", fact, now, 6)),
  ...(responsiblePersons(state).length > 1 ? [item("conflict", "responsibility", now, 7)] : []),
  ...(codesOf(state).length > 1 ? [item("conflict", "code", now, 8)] : []),
];

const riskClocks = ({ state, startedAt }: Terms): readonly Ranked[] =>
  runningClocks(state).flatMap((floor) => {
    const dueAt = deadlineOf(floor, startedAt(floor.mark));
    return dueAt === undefined ? [] : [item("risk-clock", floor.mark.entry, dueAt, levelDanger[floor.level])];
  });

const waiting = (terms: Terms): readonly Ranked[] => {
  const { state, policy, startedAt } = terms;
  return [
    ...approvals(terms),
    ...emergencies(terms),
    ...referrals(terms),
    ...reassessments(terms),
    ...plansToChange(terms),
    ...assessments(terms),
    ...takedowns(terms),
    ...openFollowUps(state).map(({ followUp, dueAt }) => item("follow-up", followUp, dueAt, 14)),
    ...goals(terms),
    ...consentEndings(state).map(({ about, endsAt }) => item("consent-ends", about, endsAt, 16)),
    ...waitingOffers(state).map(({ mark }) =>
      item("responsibility", mark.entry, after(startedAt(mark), policy.approvalHours), 17),
    ),
  ];
};

const approvals = ({ state, policy, startedAt }: Terms): readonly Ranked[] =>
  waitingProposals(state).map(({ kind, mark }) => {
    const { hours, danger, due: dueKind } = approvalTable(policy)[kind];
    return item(dueKind, mark.entry, after(startedAt(mark), hours), danger);
  });

const approvalTable = ({ approvalHours, emergencyApprovalHours }: DuePolicy) =>
  ({
    emergency: { hours: emergencyApprovalHours, danger: 1, due: "second-person" },
    "best-interests": { hours: approvalHours, danger: 9, due: "approval" },
    "evidence-exception": { hours: approvalHours, danger: 11, due: "approval" },
    "risk-lowering": { hours: approvalHours, danger: 15, due: "approval" },
  }) as const satisfies Record<ProposalKind, { hours: number; danger: number; due: DueKind }>;

/** An urgent referral like any other until help came (G-CM-3), and the person knows what was done without her (G-CONS-5). */
const emergencies = ({ state, policy, startedAt }: Terms): readonly Ranked[] =>
  emergenciesOf(state).flatMap(({ value, mark, helpAwaited, isPersonTold }) => {
    const since = helpAwaited.map(startedAt);
    const askAt = (from: readonly Instant[]): Instant => after(from.reduce(earlier), policy.referralAnswerHours.now);
    const asked = since.length === 0 ? [] : [item("emergency-follow-up", mark.entry, askAt(since), 1)];
    const told = isPersonTold ? [] : [item("person-to-be-told", mark.entry, after(startedAt(mark), shortestHours), 9)];
    return [...asked.map((ranked) => withRecipients([value.recipient], ranked)), ...told];
  });

const referrals = ({ state, now, policy, startedAt }: Terms): readonly Ranked[] =>
  referralsOf(state, now, startedAt).flatMap((referral) => referralDue(referral, now, policy));

/** Until the service was given or refused by the survivor (G-CM-3): who turns it down leaves somebody without a service. */
const referralDue = (
  { referral, recipients, stage, mostUrgent, sinceAt, isWanted }: Referral,
  now: Instant,
  { referralAnswerHours, referralFollowUpHours }: DuePolicy,
): readonly Ranked[] => {
  const isNow = mostUrgent === "now";
  const owed = (kind: DueKind, dueAt: Instant, danger: number): readonly Ranked[] => [
    withRecipients(recipients, item(kind, referral, dueAt, danger)),
  ];
  switch (stage) {
    case "prepared":
    case "sent":
      return owed("referral-unanswered", after(sinceAt, referralAnswerHours[mostUrgent]), isNow ? 5 : 12);
    case "declined-by-provider":
    case "unavailable":
      return owed("referral-to-place", now, isNow ? 5 : 9);
    // Told to stop, and she agrees to it still, or again: nobody has it in hand.
    case "stopped":
      return isWanted ? owed("referral-to-place", now, isNow ? 5 : 9) : [];
    case "accepted":
      return owed("referral-follow-up", after(sinceAt, referralFollowUpHours), isNow ? 9 : 13);
    default:
      return [];
  }
};

/** By the level; and where it had got worse at a contact since, within the shortest time there is (G-CM-4). */
const reassessments = ({ state, policy, startedAt }: Terms): readonly Ranked[] => {
  const level = riskLevel(state);
  if (level === undefined) return [];
  const moments = riskFloors(state).map(({ mark }) => startedAt(mark));
  const last = moments.reduce((latest, moment) => (moment > latest ? moment : latest));
  const again = reopenings(state)
    .map(startedAt)
    .filter((moment) => moment > last)
    .map((moment) => after(moment, shortestHours));
  const dueAt = again.reduce(earlier, afterDays(last, policy.reassessDays[level]));
  const worse = worseNotWeighed(state).map(startedAt);
  if (worse.length === 0) return [item("reassessment", "risk", dueAt, levelDanger[level] + 3)];
  return [gotWorse(earlier(dueAt, after(worse.reduce(earlier), shortestHours)))];
};

/** A plan that was found to fit no longer keeps nobody safe: it stays due until somebody who has seen that finds that it fits. */
const plansToChange = ({ state, startedAt }: Terms): readonly Ranked[] =>
  (["safety-plan", "digital-plan"] as const).flatMap((plan) => {
    const { reviews } = plan === "safety-plan" ? state.safetyPlan : state.digitalPlan;
    const told = reviewsOfNoFit<{ readonly stillFits: boolean }>(reviews).map(startedAt);
    return told.length === 0 ? [] : [item("plan-to-change", plan, after(told.reduce(earlier), shortestHours), 4)];
  });

const assessments = (terms: Terms): readonly Ranked[] => {
  const { state, now, policy } = terms;
  // Written at length, it is refused: what is due then is to act on that, and not to ask for it in vain (G-CONS-2).
  if (isFileRefused(state, now)) return [];
  const looked = assessmentKinds.flatMap((kind): readonly Ranked[] => {
    const standing = assessmentStanding(state, kind);
    if (standing === "outdated") return [item("assessment-outdated", kind, now, 9)];
    return standing === "none" && madeFirst.has(kind)
      ? [item("assessment-to-make", kind, after(openedAt(terms), policy.firstAssessmentHours), 11)]
      : [];
  });
  return legalRiskStanding(state) === "outdated"
    ? [...looked, item("assessment-outdated", "legal-risk", now, 9)]
    : looked;
};

/** What is looked at in every case; the others where somebody sees a need. Whatever was found outdated is to be made again. */
const madeFirst: ReadonlySet<AssessmentKind> = new Set(["physical-safety", "digital-risk"]);

/** Of a case opened twice, the first time; of one whose opening counts no more, when the first of what counts was written. */
const openedAt = ({ state: { opening, history }, startedAt }: Terms): Instant => {
  const begun =
    opening.opened.length > 0 ? opening.opened : history.filter(({ standing }) => standing.kind === "counts");
  return begun.map(({ mark }) => startedAt(mark)).reduce(earlier);
};

/** What was told to have happened counts from no later than it was told. */
const takedowns = ({ state, now, policy, startedAt }: Terms): readonly Ranked[] =>
  takedownsOf(state, now)
    .filter(({ mayGoOn, isOver }) => mayGoOn && !isOver)
    .map(({ takedown }) => {
      const { requestedById, checksById } = state.takedowns;
      const checks = (checksById.get(takedown) ?? []).map(({ value, mark }) =>
        earlier(value.checkedAt, startedAt(mark)),
      );
      const requests = (requestedById.get(takedown) ?? []).map(({ value, mark }) =>
        earlier(value.madeAt, startedAt(mark)),
      );
      const last = (checks.length > 0 ? checks : requests).reduce((one, other) => (one > other ? one : other));
      return item("takedown-check", takedown, after(last, policy.takedownCheckHours), 13);
    });

const goals = ({ state }: Terms): readonly Ranked[] =>
  goalsOf(state).flatMap(({ goal, words, outcome }) => {
    const moments = words.flatMap(({ dueAt }) => dueAt ?? []).sort((one, other) => one - other);
    const [first] = moments;
    return first === undefined || outcome === "met" || outcome === "dropped" ? [] : [item("goal", goal, first, 18)];
  });
