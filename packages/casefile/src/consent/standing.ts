/**
 * Which consent stands, and why one does not.
 *
 * Withdrawal stands over consent given without knowing of it (SECURITY §3), and a "no" over a "yes". Consent under
 * pressure, overheard, uninformed or run out is none, from that very moment; what never was any takes no "no" back.
 */

import { type Instant, instantMin } from "@amana/kernel";
import { answerTo, isApproved } from "../approvals/approvals.ts";
import { type Register, type Version, standingAmong } from "../register.ts";
import type { CaseState } from "../state.ts";
import {
  type AnswerRecorded,
  type BestInterestsProposed,
  type ConsentEvent,
  type Whose,
  consentKey,
  optionsToTell,
  risksToTell,
  whoseOf,
} from "./record.ts";

/** Why what was agreed is no consent. */
export type Flaw = "pressure" | "overheard" | "not-told" | "outcome-promised" | "expired";

export type Standing =
  | { readonly kind: "none" }
  /** `mayShare` and `limits` of all that stand; a field may be shared only if each of them allows it. */
  | {
      readonly kind: "yes";
      readonly mayShare: readonly string[];
      readonly limits: readonly string[];
      readonly expiresAt: Instant | undefined;
    }
  | { readonly kind: "no" | "cannot" | "withdrawn" }
  | { readonly kind: "flawed"; readonly flaws: readonly Flaw[] };

/** What counts as said at all: a best-interests decision only once it is approved. */
const counts =
  (state: CaseState) =>
  ({ value, mark }: Version<ConsentEvent>): boolean =>
    value.type !== "BestInterestsProposed" || isApproved(state, mark.entry);

const isFor =
  (recipient: string) =>
  ({ value }: Version<ConsentEvent>): boolean =>
    value.recipient === recipient || (value.type === "ConsentWithdrawn" && value.recipient === undefined);

const consentRegister = (state: CaseState, whose: Whose, purpose: string): Register<ConsentEvent> =>
  state.consent.saidByWhoseAndPurpose.get(consentKey(whose, purpose)) ?? [];

/** What one of the four who decide says of a purpose and recipient, now. */
export const consentStanding = (
  state: CaseState,
  now: Instant,
  whose: Whose,
  purpose: string,
  recipient: string,
): Standing => {
  const register = consentRegister(state, whose, purpose);
  const said = register.filter((version) => counts(state)(version) && isFor(recipient)(version));
  const stands = standingAmong(register, said).map(({ value }) => value);
  if (stands.length === 0) return { kind: "none" };
  const refused = refusedBy(stands);
  if (refused !== undefined) return refused;
  const answers = stands.filter((value) => value.type !== "ConsentWithdrawn");
  const flaws = [...new Set(answers.flatMap((value) => flawsOf(value, now)))];
  if (flaws.length > 0) {
    return refusedBy(refusalsAmong(register, said).map(({ value }) => value)) ?? { kind: "flawed", flaws };
  }
  if (answers.some((value) => "answer" in value && value.answer === "cannot")) return { kind: "cannot" };
  return {
    kind: "yes",
    mayShare: sharedByAll(answers.map(({ mayShare }) => mayShare)),
    limits: answers.flatMap((value) =>
      value.type !== "BestInterestsProposed" && value.limits !== undefined ? [value.limits] : [],
    ),
    expiresAt: earliest(answers.flatMap(({ expiresAt }) => (expiresAt === undefined ? [] : [expiresAt]))),
  };
};

/** A withdrawal over a "no". */
const refusedBy = (values: readonly ConsentEvent[]): Standing | undefined => {
  const refusals = values.filter(isRefusal);
  if (refusals.length === 0) return undefined;
  return { kind: refusals.some(({ type }) => type === "ConsentWithdrawn") ? "withdrawn" : "no" };
};

const isRefusal = (value: ConsentEvent): boolean =>
  value.type === "ConsentWithdrawn" || ("answer" in value ? value.answer === "no" : value.decision === "do-not");

/** Each refusal that nothing came after but answers that were none when they were given (G-CONS-4). */
const refusalsAmong = (register: Register<ConsentEvent>, said: Register<ConsentEvent>): Register<ConsentEvent> => {
  const takesBack = ({ value }: Version<ConsentEvent>): boolean =>
    value.type === "ConsentWithdrawn" || isRefusal(value) || flawsOf(value, instantMin).length === 0;
  return standingAmong(register, said.filter(takesBack)).filter(({ value }) => isRefusal(value));
};

/** Whether a best-interests decision to go ahead is the last word of its kind, has not run out, and nobody has answered it. */
export const isDecisionWaiting = (state: CaseState, now: Instant, purpose: string, recipient: string): boolean => {
  const register = consentRegister(state, "best-interests", purpose);
  const stands = standingAmong(register, register.filter(isFor(recipient)));
  return (
    stands.length > 0 &&
    stands.every(
      ({ value, mark }) =>
        value.type === "BestInterestsProposed" &&
        value.decision === "go-ahead" &&
        flawsOf(value, now).length === 0 &&
        answerTo(state, mark.entry) === "waiting",
    )
  );
};

/**
 * Whether an approved best-interests decision not to go ahead stands. Only a newer approved decision lifts it: it neither
 * runs out nor falls with a withdrawal, which one person writes down alone.
 */
export const isDecidedAgainst = (state: CaseState, purpose: string, recipient: string): boolean => {
  const register = consentRegister(state, "best-interests", purpose);
  const decisions = register.filter(
    (version) => version.value.type === "BestInterestsProposed" && isFor(recipient)(version) && counts(state)(version),
  );
  return standingAmong(register, decisions).some(
    ({ value }) => value.type === "BestInterestsProposed" && value.decision === "do-not",
  );
};

/**
 * Whether a "yes" was given before the "no" or the withdrawal that stands: written down late, it takes back neither (G-CONS-2). What
 * was said by a clock that runs ahead of this one keeps nobody from agreeing anew.
 */
export const isBeforeRefusal = (state: CaseState, now: Instant, event: AnswerRecorded): boolean => {
  const register = consentRegister(state, whoseOf(event), event.purpose);
  const refusals = refusalsAmong(register, register.filter(isFor(event.recipient)));
  const isLater = ({ value, mark }: Version<ConsentEvent>): boolean => {
    const saidAt = "givenAt" in value ? value.givenAt : mark.recordedAt;
    return event.givenAt < saidAt && saidAt <= now;
  };
  return event.answer === "yes" && refusals.some(isLater);
};

export const flawsOf = (answer: AnswerRecorded | BestInterestsProposed, now: Instant): readonly Flaw[] => {
  const flaws: Flaw[] = [];
  if (answer.type !== "BestInterestsProposed") {
    const { obtained, told } = answer;
    if (obtained.pressureSeen) flaws.push("pressure");
    if (obtained.othersCouldHear || obtained.deviceWatched || obtained.interpreter === "relative") {
      flaws.push("overheard");
    }
    if (told.outcomePromised) flaws.push("outcome-promised");
    if (notTold(answer).length > 0) flaws.push("not-told");
  }
  if (answer.expiresAt !== undefined && answer.expiresAt <= now) flaws.push("expired");
  return flaws;
};

/** What informed consent still lacks. Keeping a file and statistics carry fewer risks than an act (G-CONS-1). */
export const notTold = ({ told, purpose, answer }: AnswerRecorded): readonly string[] => {
  if (answer !== "yes") return [];
  const isAct = purpose !== "store-file" && purpose !== "statistics";
  return [
    ...optionsToTell.filter((option) => !told.options.includes(option)),
    ...(isAct ? risksToTell.filter((risk) => !told.risks.includes(risk)) : []),
    ...(told.outcomes || !isAct ? [] : ["outcomes"]),
    ...(told.limits ? [] : ["limits"]),
  ];
};

/** Every recipient that was ever named for a purpose. */
export const recipientsNamed = (state: CaseState, purpose: string): readonly string[] => {
  const everyone: readonly Whose[] = ["survivor", "child", "guardian", "best-interests"];
  const named = everyone.flatMap((whose) =>
    consentRegister(state, whose, purpose).flatMap(({ value }) => value.recipient ?? []),
  );
  return [...new Set(named)].sort();
};

const sharedByAll = ([first, ...others]: readonly (readonly string[])[]): readonly string[] =>
  (first ?? []).filter((field) => others.every((fields) => fields.includes(field)));

const earliest = (moments: readonly Instant[]): Instant | undefined =>
  moments.reduce<Instant | undefined>(
    (first, moment) => (first === undefined || moment < first ? moment : first),
    undefined,
  );
