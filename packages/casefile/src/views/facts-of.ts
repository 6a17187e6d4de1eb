/**
 * The facts of a case as the pathway takes them (DOMAIN §13): what was recorded, and what the records say.
 *
 * Consents, assessments and evidence kept are never typed in. What disagrees takes its careful value, and what has none is
 * absent, which is unknown.
 */

import type { Instant } from "@amana/kernel";
import type { FactVocabulary, Facts } from "@amana/pathway";
import { type AssessmentKind, type AssessmentStanding, assessmentStanding } from "../assessments/assessments.ts";
import { compareTexts } from "../by.ts";
import { isAgreed } from "../consent/require.ts";
import type { Whose } from "../consent/record.ts";
import { type Standing, consentStanding, isDecidedAgainst, recipientsNamed } from "../consent/standing.ts";
import { exceptionStanding } from "../evidence/evidence.ts";
import { derivedFacts, factValue } from "../facts/facts.ts";
import { understoodFacts } from "../facts/known.ts";
import { lawDecision, legalRiskStanding } from "../law/law.ts";
import type { CaseState } from "../state.ts";
import { actPurposes, ownOrganisation } from "../vocabulary.ts";

type FactEntry = readonly [fact: string, value: string | readonly string[]];

/** With a vocabulary, what the guidance in use understands of them: what it is asked with. */
export const factsOf = (state: CaseState, now: Instant, vocabulary?: FactVocabulary): Facts => {
  const facts = Object.fromEntries(
    [...recordedFacts(state), ...assessedFacts(state), ...evidenceFacts(state, now), ...consentFacts(state, now)].sort(
      ([one], [other]) => compareTexts(one, other),
    ),
  );
  return vocabulary === undefined ? facts : understoodFacts(facts, vocabulary);
};

const recordedFacts = (state: CaseState): readonly FactEntry[] =>
  [...state.facts.saidByFact.keys()].flatMap((fact): readonly FactEntry[] => {
    const value = derivedFacts.has(fact) ? undefined : factValue(state, fact);
    if (value === undefined) return [];
    // Who decided not to report does not wish to, whatever was recorded before (G-LAW-3).
    if (fact === "wants-law-report" && lawDecision(state) === "not-report") return [[fact, "no"]];
    return [[fact, value]];
  });

const assessedFacts = (state: CaseState): readonly FactEntry[] => [
  ...assessed("digital-risk-assessed", of(state, "digital-risk")),
  ...assessed("physical-safety-assessed", of(state, "physical-safety")),
  ...assessed("legal-risk-assessed", legalRiskStanding(state)),
];

const of = (state: CaseState, kind: AssessmentKind): AssessmentStanding => assessmentStanding(state, kind);

const assessed = (fact: string, standing: AssessmentStanding): readonly FactEntry[] => {
  if (standing === "none") return [];
  return [[fact, standing === "stands" ? "yes" : "no"]];
};

/** An exception rests on the consent that we hold it: once that is taken back, nothing is held by it (G-CONS-2). */
const evidenceFacts = (state: CaseState, now: Instant): readonly FactEntry[] => {
  const exception = exceptionStanding(state);
  const mayHold = exception === "approved" && isAgreed(state, now, "evidence", ownOrganisation);
  return [
    ...(state.evidence.preserved.length > 0 ? [["evidence-preserved", "yes"] as const] : []),
    ...(exception === "none" ? [] : [["exception-approved", mayHold ? "yes" : "no"] as const]),
  ];
};

/** Of several recipients, all four facts speak of the same one: the one that is agreed, or that comes nearest to it. */
const consentFacts = (state: CaseState, now: Instant): readonly FactEntry[] =>
  actPurposes.flatMap((purpose) => {
    const recipients = recipientsNamed(state, purpose);
    const recipient =
      recipients.find((one) => isAgreed(state, now, purpose, one)) ?? nearest(state, now, purpose, recipients);
    if (recipient === undefined) return [];
    const says = (whose: Whose): Standing => consentStanding(state, now, whose, purpose, recipient);
    return [
      ...spoken(`consent-${purpose}`, says("survivor")),
      ...spoken(`assent-${purpose}`, says("child")),
      ...spoken(`guardian-consent-${purpose}`, guardianSays(state, says("guardian"), purpose, recipient)),
      ...spoken(`best-interests-${purpose}`, says("best-interests")),
    ];
  });

const nearest = (
  state: CaseState,
  now: Instant,
  purpose: string,
  recipients: readonly string[],
): string | undefined => {
  const everyone: readonly Whose[] = ["survivor", "child", "guardian", "best-interests"];
  const agreeing = (recipient: string): number =>
    everyone.filter((whose) => consentStanding(state, now, whose, purpose, recipient).kind === "yes").length;
  return [...recipients].sort((one, other) => agreeing(other) - agreeing(one) || compareTexts(one, other))[0];
};

/** The word of a guardian who is not known to be safe is none, and none where it was decided against (G-CONS-3). */
const guardianSays = (state: CaseState, standing: Standing, purpose: string, recipient: string): Standing => {
  const counts = factValue(state, "guardian-unsafe") === "no" && !isDecidedAgainst(state, purpose, recipient);
  return standing.kind === "yes" && !counts ? { kind: "withdrawn" } : standing;
};

const spoken = (fact: string, { kind }: Standing): readonly FactEntry[] => {
  if (kind === "none") return [];
  return [[fact, kind === "yes" || kind === "cannot" ? kind : "no"]];
};
