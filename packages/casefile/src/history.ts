/**
 * The readable history: who did, decided, was told and consented to what, in order, without a word of text.
 *
 * What does not count stands in it too, with the reason; so does an act that rested on a consent its
 * author could not see standing.
 */

import type { Instant } from "@amana/kernel";
import type { AuthorityFlaw } from "./authority.ts";
import { type By, type Mark, compareMarks, hasSeen, markOf } from "./by.ts";
import { requireConsent } from "./consent/require.ts";
import type { CaseEvent } from "./event.ts";
import { stepsWithoutAgency } from "./law/law.ts";
import { insertSorted, seenParts } from "./register.ts";
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
type Place = { readonly at: Instant; readonly step: number };

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
  if (seen === undefined || seen.at < by.recordedAt) return { at: by.recordedAt, step: 0 };
  return { at: seen.at, step: seen.step + 1 };
};

const comparePlaces = (one: HistoryItem, other: HistoryItem): number =>
  one.place.at - other.place.at || one.place.step - other.place.step || compareMarks(one.mark, other.mark);

/** What an act rests on: the purpose and the recipient. */
const restsOn = (event: CaseEvent): { readonly purpose: Purpose; readonly recipient: string } | undefined => {
  switch (event.type) {
    case "ReferralSent":
    case "CaseTransferred":
      return { purpose: "referral", recipient: event.recipient };
    case "TakedownRequested":
      return { purpose: "removal", recipient: event.tool };
    case "DigitalItemSet":
      return { purpose: "digital", recipient: event.act };
    case "LawStepRecorded":
      if (stepsWithoutAgency.includes(event.step)) return undefined;
      return { purpose: "law", recipient: event.agency };
    case "EvidencePreserved":
      return { purpose: "evidence", recipient: ownSide };
    case "EvidenceReceived":
      return { purpose: "evidence", recipient: ownOrganisation };
    default:
      return undefined;
  }
};

const isWithoutConsent = (state: CaseState, event: CaseEvent, by: By): boolean => {
  const rests = restsOn(event);
  return rests !== undefined && !requireConsent(asSeen(state, by), by.recordedAt, rests.purpose, rests.recipient).ok;
};

/** What consent depends on, as the author could see it: what was folded already but unknown to them must not matter. */
const asSeen = (state: CaseState, by: By): CaseState => ({
  ...state,
  facts: { saidByFact: seenParts(state.facts.saidByFact, by) },
  consent: { saidByWhoseAndPurpose: seenParts(state.consent.saidByWhoseAndPurpose, by) },
  approvals: { ...state.approvals, answersByEntry: seenParts(state.approvals.answersByEntry, by) },
});
