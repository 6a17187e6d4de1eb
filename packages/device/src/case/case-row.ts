/**
 * One case in the index of the caseload: enough to list it, to find it and to know what is due, without opening it.
 *
 * A row says nothing that folding the case would not say. It is written in the same write as whatever changes the case.
 */

import {
  codesOf,
  due,
  dueHorizon,
  factValue,
  hoursAfter,
  isBegun,
  isClosed,
  levelKnown,
  responsiblePersons,
  searchKeysOf,
  type CaseState,
  type DueItem,
  type DueKind,
  type DuePolicy,
  type Level,
} from "@amana/casefile";
import type { Instant } from "@amana/kernel";
import type { EntryHash, LogId } from "@amana/log";
import type { PersonId } from "@amana/vault";
import type { Guidance } from "../ports.ts";
import { advisedLevel } from "./advice.ts";
import { dueMark, type PassedOver } from "./due-policy.ts";
import type { FoldedCase, OpenedCase } from "./opened-case.ts";

export type CaseRow = {
  readonly logId: LogId;
  /** Shredded: two people have destroyed the case, and nothing of it is here any more. */
  readonly stage: "not-opened" | "open" | "closed" | "shredded";
  readonly codes: readonly string[];
  /** Nothing while nobody has assessed, or a danger was told since that nobody has weighed. */
  readonly level: Level | undefined;
  /** Nothing while the age is not known: then what holds for a child holds. */
  readonly age: "adult" | "child" | undefined;
  readonly responsible: readonly PersonId[];
  readonly openers: readonly PersonId[];
  readonly due: readonly RowDue[];
  /** When something of the case ends by itself: from then on `due` is to be made anew. */
  readonly dueUntil: Instant | undefined;
  /** One to a line: they are only ever looked through. */
  readonly searchKeys: string;
  /** The author's clock of what was written last. */
  readonly lastRecordedAt: Instant | undefined;
  /** What others cannot read yet: drafts, and what waits in the outbox. */
  readonly unsent: number;
  /** Entries that change nothing. */
  readonly marks: number;
  readonly isBehind: boolean;
  readonly isContradicted: boolean;
  readonly waitsForOrganisation: boolean;
  /** The mark of what it was made with beside the case (`dueMark`). */
  readonly madeUnder: string;
};

/** Without a moment it has been due since it was noticed, and is due whenever somebody looks. */
export type RowDue = Omit<DueItem, "dueAt" | "when"> & { readonly dueAt: Instant | undefined };

/** A row fits its box whatever somebody has sealed; what is beyond is found when the case is opened. */
export const rowItemsMax = 96;
const searchKeyLengthMax = 80;

/** What is always due now, however long it has been so. */
const dueAtOnce: ReadonlySet<DueKind> = new Set([
  "provider-to-be-stopped",
  "transfer-to-be-stopped",
  "provider-to-be-told",
  "transfer-to-be-told",
  "agency-to-be-told",
  "request-to-take-back",
  "withdrawal-to-act-on",
  "evidence-without-ground",
  "risk-not-assessed",
  "limits-to-tell",
  "safe-contact",
  "conflict",
  "answer-not-understood",
  "referral-to-place",
  "assessment-outdated",
]);

/** Far enough ahead that nothing in a row comes from beyond; who looks says how far. */
const daysAhead = 36_500;
const farAhead = (policy: DuePolicy): DuePolicy => ({
  ...policy,
  comingWithinDays: daysAhead,
  consentEndsWithinDays: daysAhead,
});

export type RowTerms = {
  readonly now: Instant;
  readonly policy: DuePolicy;
  /** Sealed entries of the case in the outbox. */
  readonly waiting: number;
  readonly firstSeenAt: (entry: EntryHash) => Instant | undefined;
  readonly guidance: Guidance;
  readonly passedOver: PassedOver;
};

export const caseRowOf = (
  logId: LogId,
  { opened, drafts, state, entries }: FoldedCase,
  { now, policy, waiting, firstSeenAt, guidance, passedOver }: RowTerms,
): CaseRow => {
  const age = factValue(state, "age");
  const { vocabulary } = guidance;
  const advised = advisedLevel(guidance, state, now);
  return {
    logId,
    stage: stageOf(opened, state),
    codes: codesOf(state).slice(0, rowItemsMax),
    level: levelKnown(state, advised),
    age: age === "adult" || age === "child" ? age : undefined,
    responsible: responsiblePersons(state).slice(0, rowItemsMax),
    openers: opened.openers.slice(0, rowItemsMax),
    due: due(state, now, { policy: farAhead(policy), firstSeenAt, vocabulary, advised })
      .slice(0, rowItemsMax)
      .map(({ kind, about, recipients, dueAt }) => ({
        ...{ kind, about, recipients: recipients.slice(0, rowItemsMax) },
        // A danger that nobody has weighed has its moment, unlike a case that nobody has assessed.
        dueAt: dueAtOnce.has(kind) && dueAt === now ? undefined : dueAt,
      })),
    dueUntil: nextEnding(state, now),
    searchKeys: searchKeysOf(state)
      .filter(({ length }) => length <= searchKeyLengthMax)
      .slice(0, rowItemsMax)
      .join("\n"),
    lastRecordedAt: entries.reduce<Instant | undefined>(
      (last, { envelope: { recordedAt } }) => (last === undefined || recordedAt > last ? recordedAt : last),
      undefined,
    ),
    unsent: drafts.length + waiting,
    marks: opened.marks.length,
    isBehind: opened.isBehind,
    isContradicted: opened.isContradicted,
    waitsForOrganisation: opened.waitsForOrganisation,
    madeUnder: dueMark(policy, guidance, passedOver),
  };
};

const stageOf = ({ isShredded }: OpenedCase, state: CaseState): CaseRow["stage"] => {
  if (isShredded) return "shredded";
  if (!isBegun(state)) return "not-opened";
  return isClosed(state) ? "closed" : "open";
};

/** Whatever was agreed until some moment; more moments than needed cost one more look, fewer would hide something. */
const nextEnding = ({ consent, safeContact }: CaseState, now: Instant): Instant | undefined => {
  const consents = [...consent.saidByWhoseAndPurpose.values()]
    .flat()
    .flatMap(({ value }) => ("expiresAt" in value ? [value.expiresAt] : []));
  const contacts = safeContact.said.flatMap(({ value }) =>
    value.type === "SafeContactAgreed" && value.validUntilAt !== undefined ? [value.validUntilAt] : [],
  );
  return [...consents, ...contacts].filter((moment) => moment > now).sort((one, other) => one - other)[0];
};

/** The moments by which what is due is judged: made out once for ten thousand rows. */
export type DueMoments = {
  readonly now: Instant;
  readonly soon: Instant;
  readonly horizon: Instant;
  /** Of consents that end, an organisation says for itself how far ahead it looks. */
  readonly consentHorizon: Instant;
};

export const dueMomentsAt = (now: Instant, policy: DuePolicy): DueMoments => ({
  now,
  soon: hoursAfter(now, policy.dueWithinHours),
  horizon: dueHorizon("follow-up", now, policy),
  consentHorizon: dueHorizon("consent-ends", now, policy),
});

/** Nothing for what nobody needs to know of yet. */
export const dueWhen = (
  kind: DueKind,
  dueAt: Instant,
  { now, soon, horizon, consentHorizon }: DueMoments,
): DueItem["when"] | undefined => {
  if (dueAt > (kind === "consent-ends" ? consentHorizon : horizon)) return undefined;
  return dueAt < now ? "overdue" : dueAt <= soon ? "due" : "coming";
};

/** What of a row is due now or coming, the most dangerous first. Only while it is known (`dueKnownAt`). */
export const dueOfRow = ({ due: listed }: CaseRow, moments: DueMoments): readonly DueItem[] =>
  listed.flatMap(({ kind, about, recipients, dueAt = moments.now }) => {
    const when = dueWhen(kind, dueAt, moments);
    return when === undefined ? [] : [{ kind, about, recipients, dueAt, when }];
  });

/** Whether a row holds under this mark (`dueMark`), and nothing of it has ended by itself. */
export const dueKnownAt =
  (now: Instant, mark: string): ((row: CaseRow) => boolean) =>
  (row) =>
    (row.dueUntil === undefined || now < row.dueUntil) && row.madeUnder === mark;
