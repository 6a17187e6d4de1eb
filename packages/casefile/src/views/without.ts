/**
 * Whether a case would be less careful if some of its entries had never been written: what erasing them would bring about.
 *
 * Erasing a withdrawal would let the consent before it stand again, erasing a "yes" to a danger the "no" before it. Whoever wants the
 * words gone records anew what must go on standing, without them, and erases the entry then.
 */

import { type AssessmentKind, assessmentKinds, assessmentStanding } from "../assessments/assessments.ts";
import type { Instant } from "@amana/kernel";
import { isSame } from "../by.ts";
import { isClosed } from "../closure/closure.ts";
import { isFileRefused } from "../consent/file.ts";
import { everyone, noConsent } from "../consent/record.ts";
import { requireConsent } from "../consent/require.ts";
import { consentStanding, isDecidedAgainst, recipientsNamed } from "../consent/standing.ts";
import { exceptionStands } from "../evidence/evidence.ts";
import { type CaseEntry, foldCase } from "../evolve.ts";
import { carefulValue, isEqual } from "../facts/careful.ts";
import { derivedFacts, factValue } from "../facts/facts.ts";
import { lawDecision, legalRiskOf, legalRiskStanding } from "../law/law.ts";
import { type Register, type Version, versionsBefore } from "../register.ts";
import { type Floor, isHigher, riskLevel, runningClocks } from "../risk/risk.ts";
import { openDangers } from "../risk/weighed.ts";
import type { CaseState } from "../state.ts";
import { type AgreedContact, safeContactOf } from "../survivor/safe-contact.ts";
import { purposes } from "../vocabulary.ts";
import { type DueItem, type DueKind, due } from "./due.ts";
import { areOlderWordsBack, isAlike } from "./older-words.ts";

export const isLessCarefulWithout = (
  entries: readonly CaseEntry[],
  erased: ReadonlySet<string>,
  now: Instant,
): boolean => {
  const [before, after] = [foldCase(entries), foldCase(entries.filter(({ envelope }) => !erased.has(envelope.entry)))];
  return lost.some((isLost) => isLost(before, after, now));
};

type Lost = (before: CaseState, after: CaseState, now: Instant) => boolean;

/** Something agreed that was not, more of it shared, a limit of it gone, or its end. */
const isMoreAgreed: Lost = (before, after, now) =>
  purposes.some((purpose) =>
    recipientsNamed(before, purpose).some((recipient) => {
      const then = requireConsent(after, now, purpose, recipient);
      const asItIs = requireConsent(before, now, purpose, recipient);
      if (!then.ok) return false;
      if (!asItIs.ok || then.value.mayShare.some((field) => !asItIs.value.mayShare.includes(field))) return true;
      if (asItIs.value.limits.some((limit) => !then.value.limits.includes(limit))) return true;
      const isOnlyThen = (at: Instant): boolean =>
        requireConsent(after, at, purpose, recipient).ok && !requireConsent(before, at, purpose, recipient).ok;
      return endsOf(before, now, purpose, recipient).some(isOnlyThen);
    }),
  );

/** When what each of those who decide says now runs out. */
const endsOf = (state: CaseState, now: Instant, purpose: string, recipient: string): readonly Instant[] =>
  everyone.flatMap((whose) => {
    const says = consentStanding(state, now, whose, purpose, recipient);
    return says.kind === "yes" && says.expiresAt !== undefined ? [says.expiresAt] : [];
  });

/** That nothing more is written at length; and that two persons decided against something for a child, whatever a guardian says. */
const isRefusalForgotten: Lost = (before, after, now) =>
  (isFileRefused(before, now) && !isFileRefused(after, now)) ||
  purposes.some((purpose) =>
    recipientsNamed(before, purpose).some(
      (recipient) => isDecidedAgainst(before, purpose, recipient) && !isDecidedAgainst(after, purpose, recipient),
    ),
  );

/** A lower level, or a clock that stops. */
const isLessDangerous: Lost = (before, after) => {
  const [level, then] = [riskLevel(before), riskLevel(after)];
  if (level !== undefined && isHigher(level, then ?? "normal")) return true;
  const running = new Set(runningClocks(after).map(nameOfClock));
  return runningClocks(before).some((clock) => !running.has(nameOfClock(clock)));
};

const nameOfClock = ({ mark: { entry, index } }: Floor): string => `${entry}/${index}`;

/**
 * A danger that nobody has weighed and nobody knows of any more, or only since later (S-7). Told again, it has been known since
 * the first time, so the second telling may go.
 */
const isDangerForgotten: Lost = (before, after) => {
  const told = new Map(openDangers(after).map((danger) => [danger.fact, danger.told]));
  return openDangers(before).some((danger) => {
    const kept = told.get(danger.fact) ?? [];
    const register = before.facts.saidByFact.get(danger.fact) ?? [];
    const gone = danger.told.filter(({ mark }) => !kept.some((other) => isSame(other.mark, mark)));
    return kept.length === 0 || gone.some((version) => !isKnownBefore(register, kept, version));
  });
};

/** By whatever clock is asked: whoever told it had seen the one that is kept, and it was not recorded earlier. */
const isKnownBefore = <T>(register: Register<T>, kept: Register<T>, version: Version<T>): boolean =>
  [...versionsBefore(register, (each) => each === version)].some(
    ({ mark }) => mark.recordedAt <= version.mark.recordedAt && kept.some((other) => isSame(other.mark, mark)),
  );

/** An answer that is safer than the one that stands. One that is forgotten is none (S-7). */
const isSafer: Lost = (before, after) =>
  [...before.facts.saidByFact.keys()].some((fact) => {
    const [value, then] = [factValue(before, fact), factValue(after, fact)];
    if (derivedFacts.has(fact) || then === undefined || (value !== undefined && isEqual(value, then))) return false;
    const careful = carefulValue(fact, [value, then]);
    return careful === undefined || !isEqual(careful, then);
  });

/** A way that was agreed before, or one that ended: whoever answers there by now, nobody asked. */
const isContactSafer: Lost = (before, after, now) => {
  const [contact, then] = [safeContactOf(before, now), safeContactOf(after, now)];
  if (then.kind !== "safe") return false;
  if (contact.kind !== "safe") return contact.kind !== "none";
  const isMessageLeft = then.mayLeaveMessage && !contact.mayLeaveMessage;
  const isBack = (way: AgreedContact): boolean => !contact.agreed.some((other) => isAlike(way, other, wayOf));
  return (
    isMessageLeft || contact.mustNotKnow.some((name) => !then.mustNotKnow.includes(name)) || then.agreed.some(isBack)
  );
};

const wayOf = ["how", "reach", "when", "nameToUse", "codeWord", "validUntilAt"] as const;

const isAssessedAgain: Lost = (before, after) => {
  const isBack = (kind: AssessmentKind): boolean =>
    assessmentStanding(before, kind) === "outdated" && assessmentStanding(after, kind) === "stands";
  // What was weighed for one agency says nothing of another, which may have been weighed again since (G-LAW-2, -8).
  const isWeighedAgain = (agency: string): boolean =>
    legalRiskOf(before, agency) === "outdated" && legalRiskOf(after, agency) === "stands";
  return (
    assessmentKinds.some(isBack) ||
    (legalRiskStanding(before) === "outdated" && legalRiskStanding(after) === "stands") ||
    before.law.assessed.some(({ value }) => value.type === "LegalRiskAssessed" && isWeighedAgain(value.agency)) ||
    (lawDecision(before) !== "report" && lawDecision(after) === "report")
  );
};

/** Material may be held again: an exception that a supervisor refused, or that something else had ended (G-EVID-3). */
const isExceptionBack: Lost = (before, after) =>
  after.evidence.exceptions.some(
    ({ mark }) => exceptionStands(after, mark.entry) && !exceptionStands(before, mark.entry),
  );

/**
 * Nobody would ask or tell any more: that help came stands again over that it did not, a plan fits that was found not to, it is
 * not worse than at the last contact, a provider goes on whom the survivor refused. Seen to, the words may go.
 */
const isOwedForgotten: Lost = (before, after, now) => {
  const kept = new Set(dueByNow(after, now).map(nameOfItem));
  return dueByNow(before, now).some((item) => mustBeSeenTo.has(item.kind) && !kept.has(nameOfItem(item)));
};

/** A clock that ran ahead moves nothing beyond what one looks ahead to: all of it has been seen here by now. */
const dueByNow = (state: CaseState, now: Instant): readonly DueItem[] => due(state, now, { firstSeenAt: () => now });

const nameOfItem = ({ kind, about }: DueItem): string => `${kind} ${about}`;

/** What somebody else has in hand, and what is held here. */
const toldOfWithdrawal: ReadonlySet<DueKind> = new Set<DueKind>([
  ...(["provider-to-be-stopped", "transfer-to-be-stopped", "agency-to-be-told", "request-to-take-back"] as const),
  "evidence-without-ground",
]);

/** That, and what a person in danger waits for. */
const mustBeSeenTo: ReadonlySet<DueKind> = new Set<DueKind>([
  ...toldOfWithdrawal,
  ...(["second-person", "emergency-follow-up", "person-to-be-told"] as const),
  ...(["provider-to-be-told", "transfer-to-be-told"] as const),
  ...(["got-worse", "plan-to-change"] as const),
]);

/** Nobody would know whom to tell of a withdrawal that is still to come (G-CONS-2), or what to give back (G-EVID-3). */
const isHolderForgotten: Lost = (before, after, now) => {
  const kept = new Set(holdersIn(after, now));
  return holdersIn(before, now).some((holder) => !kept.has(holder));
};

/** Whoever would have to be told if all consent were taken back now, each with what they have, and whatever is held here. */
const holdersIn = (state: CaseState, now: Instant): readonly string[] =>
  dueByNow({ ...state, consent: noConsent }, now)
    .filter(({ kind }) => toldOfWithdrawal.has(kind))
    .flatMap((item) => [nameOfItem(item), ...item.recipients.map((recipient) => `${nameOfItem(item)} ${recipient}`)]);

const isClosedAgain: Lost = (before, after) => !isClosed(before) && isClosed(after);

const lost: readonly Lost[] = [
  ...[isMoreAgreed, isRefusalForgotten, isLessDangerous, isDangerForgotten, isSafer, isContactSafer],
  ...[areOlderWordsBack, isAssessedAgain, isClosedAgain, isExceptionBack, isOwedForgotten, isHolderForgotten],
];
