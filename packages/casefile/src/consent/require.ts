/**
 * Whether a purpose is agreed for a recipient, as DOMAIN §13 says *agreed*, and whose word is missing.
 *
 * Every command that rests on consent asks here. While the age is not known, it must be agreed as for an
 * adult and as for a child. A guardian who is not known to be safe has no way in.
 */

import { err, ok, type Instant, type Result } from "@amana/kernel";
import type { CaseError, Missing } from "../error.ts";
import { factValue } from "../facts/facts.ts";
import type { CaseState } from "../state.ts";
import type { Purpose } from "../vocabulary.ts";
import type { Whose } from "./record.ts";
import { type Standing, consentStanding, isDecidedAgainst, isDecisionWaiting } from "./standing.ts";

/** What may be shared, and under which limits, where a purpose is agreed. */
export type Agreement = { readonly mayShare: readonly string[]; readonly limits: readonly string[] };

export type Age = "child" | "adult" | "unknown";

export const ageOf = (state: CaseState): Age => {
  const age = factValue(state, "age");
  return age === "child" || age === "adult" ? age : "unknown";
};

/** Guardian consent is sought only where the person is known to be a child and the guardian known to be safe (S-9). */
export const isGuardianToBeAsked = (state: CaseState): boolean => ageOf(state) === "child" && isGuardianSafe(state);

const isGuardianSafe = (state: CaseState): boolean => factValue(state, "guardian-unsafe") === "no";

type Asked = {
  readonly state: CaseState;
  readonly now: Instant;
  readonly purpose: Purpose;
  readonly recipient: string;
};

/** Refused with whose word is missing. */
export const requireConsent = (
  state: CaseState,
  now: Instant,
  purpose: Purpose,
  recipient: string,
): Result<Agreement, CaseError> => {
  const asked: Asked = { state, now, purpose, recipient };
  const age = ageOf(state);
  const missing = [
    ...(age === "child" ? [] : missingOfAdult(asked)),
    ...(age === "adult" ? [] : missingOfChild(asked)),
  ];
  const [first] = missing;
  if (first !== undefined) return err({ type: "ConsentMissing", purpose, from: first });
  const resting = restingOn(asked, age);
  return ok({
    mayShare: (resting[0]?.mayShare ?? []).filter((field) => resting.every(({ mayShare }) => mayShare.includes(field))),
    limits: resting.flatMap(({ limits }) => limits),
  });
};

export const isAgreed = (state: CaseState, now: Instant, purpose: Purpose, recipient: string): boolean =>
  requireConsent(state, now, purpose, recipient).ok;

const says = ({ state, now, purpose, recipient }: Asked, whose: Whose): Standing =>
  consentStanding(state, now, whose, purpose, recipient);

const missingOfAdult = (asked: Asked): readonly Missing[] =>
  says(asked, "survivor").kind === "yes" ? [] : ["consent"];

const missingOfChild = (asked: Asked): readonly Missing[] => {
  const assent = says(asked, "child").kind;
  if (assent !== "yes" && assent !== "cannot") return ["assent"];
  // Decided against in the child's best interests: no guardian's word goes around it (G-CONS-3).
  if (isDecidedAgainst(asked.state, asked.purpose, asked.recipient)) return ["best-interests"];
  if (says(asked, "best-interests").kind === "yes" || isFileProposed(asked)) return [];
  // A child who cannot assent, and every step to law enforcement, has the best-interests decision alone (DOMAIN §13).
  if (assent === "cannot" || asked.purpose === "law") return ["best-interests"];
  return guardianAgrees(asked) ? [] : ["guardian-or-best-interests"];
};

/**
 * A child's file is kept while a supervisor has not yet answered the proposal to keep it: nothing leaves the organisation, and
 * a caseworker who may write nothing down writes on paper. A refusal ends it, and so does the end that the proposal names.
 */
const isFileProposed = ({ state, now, purpose, recipient }: Asked): boolean =>
  purpose === "store-file" && isDecisionWaiting(state, now, purpose, recipient);

const guardianAgrees = (asked: Asked): boolean => isGuardianSafe(asked.state) && says(asked, "guardian").kind === "yes";

/** The words an agreement rests on: what one of them withholds is withheld. */
const restingOn = (asked: Asked, age: Age): readonly Extract<Standing, { kind: "yes" }>[] => {
  const whose: Whose[] = age === "child" ? [] : ["survivor"];
  if (age !== "adult") {
    whose.push("child");
    whose.push(says(asked, "best-interests").kind === "yes" ? "best-interests" : "guardian");
  }
  return whose.map((one) => says(asked, one)).filter((standing) => standing.kind === "yes");
};
