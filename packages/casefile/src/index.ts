/**
 * The case file: commands become events, events become state, and state says what may be done and what is due.
 *
 * Pure: the same entries give the same state on every device, in any year and any order that respects causality.
 * Format of the events: docs/formats/case-events.md.
 */

export { decide } from "./decide.ts";
export { type CaseEntry, foldCase } from "./evolve.ts";
export type { CaseState } from "./state.ts";
export { type CaseCommand, isOpenWhileUnread, subjectOf } from "./command.ts";
export {
  type CaseEvent,
  type EventError,
  type EventType,
  type StoredEvent,
  encodeEvent,
  eventShapes,
  countsThoughSaidTwice,
  eventsPerCommandMax,
  parseEvent,
} from "./event.ts";
export type { CaseError, ClosureObstacle, Missing } from "./error.ts";
export type { Actor, Advice, Context, Decision } from "./context.ts";
export type { AuthorityFlaw } from "./authority.ts";
export type { By, CaseRole, Envelope, Mark, Past, Reference } from "./by.ts";
export type { CaseCode, DateOn, DeviceId, EntryHash, FactId, ItemId, PersonId, RecipientId } from "./ids.ts";
export type { HistoryItem } from "./history.ts";
export { isUnderstood } from "./facts/known.ts";
export { type Register, type Registers, type Version, standing } from "./register.ts";
export type { GateAdvice, Purpose } from "./vocabulary.ts";

export { areLimitsTold, codesOf, isBegun, isCaseCode, isOpened } from "./opening/opening.ts";
export { type SafeContact, safeContactOf } from "./survivor/safe-contact.ts";
export { detailTexts } from "./survivor/details.ts";
export { derivedFacts, factConflicts, factValue } from "./facts/facts.ts";
export { type Agreement, ageOf, isAgreed, isGuardianToBeAsked, requireConsent } from "./consent/require.ts";
export { type Flaw, type Standing, consentStanding } from "./consent/standing.ts";
export { type Floor, type Level, hoursAfter, riskFloors, riskLevel } from "./risk/risk.ts";
export { levelKnown } from "./risk/weighed.ts";
export { type Proposal, type ProposalKind, answerTo, isApproved, waitingProposals } from "./approvals/approvals.ts";
export { type SafetyItem, safetyItems } from "./plans/safety-plan.ts";
export { type DigitalItem, digitalItems } from "./plans/digital-plan.ts";
export { type Goal, goalsOf } from "./plans/case-plan.ts";
export { type Sharing, requireReferralLetter } from "./referrals/decide.ts";
export { type Referral, type ReferralStage, referralsOf } from "./referrals/referrals.ts";
export { type Takedown, takedownsOf } from "./takedowns/takedowns.ts";
export { type LawDecision, lawDecision, lawHappened, legalRisksOfAll } from "./law/law.ts";
export { type Emergency, emergenciesOf } from "./emergency/emergency.ts";
export { type EvidenceItem, evidenceItems, isPossiblyCsam } from "./evidence/evidence.ts";
export { copyKinds } from "./copies/copies.ts";
export { isClosed } from "./closure/closure.ts";
export { type Narrowing, narrowingsToTell } from "./sharing/sharing.ts";
export { responsiblePersons, transfersOf } from "./responsibility/responsibility.ts";

export { factsOf } from "./views/facts-of.ts";
export { type DuePolicy, defaultDuePolicy } from "./views/due-policy.ts";
export { type DueItem, type DueKind, type DueSettings, due, dueHorizon } from "./views/due.ts";
export { caseAsOf } from "./views/as-of.ts";
export { isLessCarefulWithout } from "./views/without.ts";
export { type SearchMatch, type SearchQuery, keysOfQuery, matchKeys, searchKeysOf } from "./views/search.ts";
export { type AccessStep, type Json, type LeftOut, exportCase } from "./views/export.ts";
export { type CaseContext, type IncidentView, incidentViews } from "./views/incident-view.ts";
