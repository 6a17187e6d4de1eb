/**
 * The readable history: who did, decided, was told and consented to what, in order, without a word of text.
 *
 * What does not count stands in it too, with the reason; so does an act that rested on a consent its
 * author could not see standing.
 */

import type { Instant } from "@amana/kernel";
import type { AuthorityFlaw } from "./authority.ts";
import { type By, type Mark, compareMarks, hasSeen, markOf } from "./by.ts";
import { hasWordsAtLength, isFileRefused } from "./consent/file.ts";
import { consentKey, everyone } from "./consent/record.ts";
import { requireConsent } from "./consent/require.ts";
import type { CaseEvent } from "./event.ts";
import { stepsWithoutAgency } from "./law/law.ts";
import { insertSorted, seenPart, seenParts, standing } from "./register.ts";
import type { CaseState } from "./state.ts";
import { type Purpose, ownOrganisation, ownSide } from "./vocabulary.ts";

export type HistoryItem = {
  readonly mark: Mark;
  readonly event: CaseEvent;
  readonly standing: { readonly kind: "counts" } | { readonly kind: "without-authority"; readonly why: AuthorityFlaw };
  /** It happened, and its author had seen no consent that stood. Only a client of somebody's own making does this. */
  readonly isWithoutConsent: boolean;
  /** Its place in the reading order: after all its author had seen, whatever the clocks say. */
  readonly place: Place;
};

/** By the clock where it runs forward; what follows something of a later clock stands right after it. */
type Place = { readonly standsAt: Instant; readonly step: number };

export const addToHistory = (
  state: CaseState,
  event: CaseEvent,
  by: By,
  flaw: AuthorityFlaw | undefined,
): readonly HistoryItem[] => {
  const item: HistoryItem = {
    mark: markOf(by),
    event,
    standing: flaw === undefined ? { kind: "counts" } : { kind: "without-authority", why: flaw },
    isWithoutConsent: isWithoutConsent(state, event, by),
    place: placeAfter(state.history, by),
  };
  return insertSorted(state.history, item, comparePlaces);
};

/** History is sorted, so the last item its author had seen stands furthest. */
const placeAfter = (history: readonly HistoryItem[], by: By): Place => {
  const seen = history.findLast(({ mark }) => hasSeen(by, mark))?.place;
  if (seen === undefined || seen.standsAt < by.recordedAt) return { standsAt: by.recordedAt, step: 0 };
  return { standsAt: seen.standsAt, step: seen.step + 1 };
};

const comparePlaces = (one: HistoryItem, other: HistoryItem): number =>
  one.place.standsAt - other.place.standsAt || one.place.step - other.place.step || compareMarks(one.mark, other.mark);

type Rests = {
  readonly purpose: Purpose;
  readonly recipient: string;
  /** What of the survivor's it shares; the agreement must cover each. */
  readonly shares?: readonly string[];
};

/** What an act rests on: the purpose and the recipient. */
const restsOn = (state: CaseState, event: CaseEvent, by: By): readonly Rests[] => {
  switch (event.type) {
    case "ReferralSent":
    case "CaseTransferred":
      return [{ purpose: "referral", recipient: event.recipient, shares: event.fields }];
    case "CopyMade":
      return event.referral === undefined ? [] : letterRestsOn(state, event.referral, by);
    case "TakedownRequested":
      return [{ purpose: "removal", recipient: event.tool }];
    case "DigitalItemSet":
      return [{ purpose: "digital", recipient: event.act }];
    case "DigitalItemMarked":
      return event.outcome === "done" ? actsOf(state, event.item, by) : [];
    case "LawStepRecorded":
      if (stepsWithoutAgency.includes(event.step)) return [];
      return [{ purpose: "law", recipient: event.agency }];
    case "EvidencePreserved":
      return [{ purpose: "evidence", recipient: ownSide }];
    case "EvidenceReceived":
      return [{ purpose: "evidence", recipient: ownOrganisation }];
    case "NoteWritten":
      return [{ purpose: "store-file", recipient: ownOrganisation }];
    case "DetailRecorded":
      return event.value.kind === "given" ? [{ purpose: "store-file", recipient: ownOrganisation }] : [];
    default:
      return [];
  }
};

/** The act of each text that stood of an item when somebody marked it. */
const actsOf = ({ digitalPlan }: CaseState, item: string, by: By): readonly Rests[] =>
  standing(seenPart(digitalPlan.wordsByItem.get(item) ?? [], by)).map(({ value }) => ({
    purpose: "digital",
    recipient: value.act,
  }));

/** A letter says what was prepared: to each provider that was named, each field that was chosen by all. */
const letterRestsOn = ({ referrals }: CaseState, referral: string, by: By): readonly Rests[] => {
  const prepared = standing(seenPart(referrals.preparedById.get(referral) ?? [], by)).map(({ value }) => value);
  return prepared.map(({ recipient, fields }) => ({
    purpose: "referral",
    recipient,
    shares: fields.filter((field) => prepared.every((other) => other.fields.includes(field))),
  }));
};

const isWithoutConsent = (state: CaseState, event: CaseEvent, by: By): boolean => {
  const isAtLength = writtenAtLength.has(event.type) || hasWordsAtLength(event);
  if (isAtLength && isFileRefused(consentSeenBy(state, by, "store-file"), by.recordedAt)) return true;
  return restsOn(state, event, by).some(({ purpose, recipient, shares = [] }) => {
    const agreed = requireConsent(consentSeenBy(state, by, purpose), by.recordedAt, purpose, recipient);
    return !agreed.ok || shares.some((field) => !agreed.value.mayShare.includes(field));
  });
};

/** What is written about the survivor at length, and stops where the consent to keep the file is refused. */
const writtenAtLength: ReadonlySet<CaseEvent["type"]> = new Set([
  "IncidentRecorded",
  "AssessmentRecorded",
  "GoalSet",
  "ServiceNeedRecorded",
  "ReferralPrepared",
  "LegalRiskAssessed",
  "LawOutcomeRecorded",
  "NoteCorrected",
]);

/** What consent for a purpose depends on, as the author could see it: what was folded already but unknown to them must not matter. */
const consentSeenBy = (state: CaseState, by: By, purpose: Purpose): CaseState => {
  const keys = everyone.map((whose) => consentKey(whose, purpose));
  const saidByWhoseAndPurpose = seenParts(state.consent.saidByWhoseAndPurpose, by, keys);
  const decisions = saidByWhoseAndPurpose.get(consentKey("best-interests", purpose)) ?? [];
  const proposals = decisions.map(({ mark }) => mark.entry);
  return {
    ...state,
    facts: { saidByFact: seenParts(state.facts.saidByFact, by, ["age", "guardian-unsafe"]) },
    consent: { saidByWhoseAndPurpose },
    approvals: { ...state.approvals, answersByEntry: seenParts(state.approvals.answersByEntry, by, proposals) },
  };
};
