/**
 * What DOMAIN sections 12 and 13 call *agreed*, *settled*, *possibly CSAM*, contradictory, a factor of the
 * level, and open: written once more, from the document, over the raw facts.
 */

import type { Literal } from "../circuit/circuit.ts";
import type { Purpose } from "./vocabulary.ts";
import type { CaseView } from "./view.ts";

/** An adult's consent; a child's assent with the guardian or the best-interests decision; both while age is unknown. */
export const agreed = (c: CaseView, purpose: Purpose): Literal => {
  const adult = c.is(`consent-${purpose}`, "yes");
  const decided = c.is(`best-interests-${purpose}`, "yes");
  const guardian = c.and(c.is("guardian-unsafe", "no"), c.is(`guardian-consent-${purpose}`, "yes"));
  const assents = c.is(`assent-${purpose}`, "yes");
  const cannotAssent = c.is(`assent-${purpose}`, "cannot");
  const child =
    purpose === "law"
      ? c.and(c.or(assents, cannotAssent), decided)
      : c.or(c.and(assents, c.or(decided, guardian)), c.and(cannotAssent, decided));
  return c.or(
    c.and(c.is("age", "adult"), adult),
    c.and(c.is("age", "child"), child),
    c.and(c.not(c.known("age")), adult, child),
  );
};

/** It could not escalate, or it could and the survivor is told, still wants it, and is protected. */
export const settled = (c: CaseView, which: "digital" | "law"): Literal => {
  const [could, planned] = {
    digital: ["digital-action-could-escalate", "digital-escalation-planned"] as const,
    law: ["law-report-could-escalate", "law-escalation-planned"] as const,
  }[which];
  return c.or(c.is(could, "no"), c.and(c.is(could, "yes"), c.is(planned, "yes")));
};

const abuseMaterialHarms = ["csam", "live-streaming", "self-generated-content", "child-sexual-extortion"] as const;

/** Both the person and the person in the image are known to be 18 or over. */
export const bothAdult = (c: CaseView): Literal => c.and(c.is("age", "adult"), c.is("age-in-image", "adult"));

export const possiblyCsam = (c: CaseView): Literal =>
  c.or(
    c.and(c.not(bothAdult(c)), c.not(c.is("sexual-content", "no"))),
    c.not(c.known("harm")),
    c.is("harm", ...abuseMaterialHarms),
  );

/** Answers that cannot both be so: the pack reads the more careful one and asks again (section 12). */
export const contradicts = (c: CaseView): Literal =>
  c.or(
    c.and(c.is("age", "child"), c.is("age-in-image", "adult")),
    c.and(c.is("harm", ...abuseMaterialHarms), c.is("sexual-content", "no")),
  );

/** Digital risk and physical safety have been assessed (S-4). */
export const assessed = (c: CaseView): Literal =>
  c.and(c.is("digital-risk-assessed", "yes"), c.is("physical-safety-assessed", "yes"));

export const dangerFromOthersFactors = [
  ...(["immediate-danger", "physical-violence-threat", "honour-violence-risk"] as const),
  ...(["severe-blackmail", "credible-threat"] as const),
];

const mediumFactors = [
  ...(["continued-harassment", "online-blackmail", "growing-family-pressure", "escalating"] as const),
  ...(["movement-restricted", "financial-coercion", "spreading"] as const),
];

export const dangerFromOthers = (c: CaseView): Literal =>
  c.or(...dangerFromOthersFactors.map((fact) => c.is(fact, "yes")));

/** Any of the high factors of section 13. */
export const highFactor = (c: CaseView): Literal =>
  c.or(dangerFromOthers(c), c.is("suicide-or-self-harm", "risk", "imminent"));

/** Any of the medium factors; where age is not known to be adult, an unsafe guardian too (S-14). */
export const mediumFactor = (c: CaseView): Literal =>
  c.or(
    ...mediumFactors.map((fact) => c.is(fact, "yes")),
    c.is("content-exposure", "threatened", "private", "public"),
    c.and(c.is("guardian-unsafe", "yes"), c.not(c.is("age", "adult"))),
  );

/**
 * What S-14 calls the abuse of a child. Grooming is by its name done to a child, so only a person known
 * to be an adult leaves it open; solicitation and extortion count where the person is known to be a child.
 */
export const childAbuse = (c: CaseView): Literal =>
  c.or(
    c.is("harm", ...abuseMaterialHarms),
    c.and(c.is("harm", "online-grooming"), c.not(c.is("age", "adult"))),
    c.and(c.is("age", "child"), c.is("harm", "online-sexual-harassment", "sexual-extortion")),
    c.and(c.is("sexual-content", "yes"), c.or(c.is("age", "child"), c.is("age-in-image", "child"))),
    c.is("offline-abuse", "yes"),
  );

/**
 * The widest reading of S-14: what lies beyond it is no reason for the highest level. A recent sexual
 * assault of a child is abuse offline, whether or not that was asked; grooming may be named of an adult too.
 */
export const childAbuseAtWidest = (c: CaseView): Literal =>
  c.or(
    childAbuse(c),
    c.is("harm", "online-grooming"),
    c.and(c.is("age", "child"), c.is("recent-sexual-assault", "yes")),
  );

/** Something not yet known could make the level high. */
export const highIsPossible = (c: CaseView): Literal =>
  c.or(
    ...dangerFromOthersFactors.map((fact) => c.not(c.is(fact, "no"))),
    c.not(c.is("suicide-or-self-harm", "no")),
    c.not(c.is("offline-abuse", "no")),
    c.not(c.known("harm")),
    childAbuse(c),
    c.and(c.not(c.is("sexual-content", "no")), c.not(bothAdult(c))),
    c.and(c.not(c.known("age")), c.is("harm", "online-sexual-harassment", "sexual-extortion")),
  );

/** Something not yet known could make the level at least medium. */
export const mediumIsPossible = (c: CaseView): Literal =>
  c.or(
    ...mediumFactors.map((fact) => c.not(c.is(fact, "no"))),
    c.not(c.is("content-exposure", "none")),
    c.and(c.not(c.is("guardian-unsafe", "no")), c.not(c.is("age", "adult"))),
  );

/** What each gate of section 13 is open for, exactly. */
export const gateConditions: Readonly<Record<string, (c: CaseView) => Literal>> = {
  "digital-safety": (c) => c.and(assessed(c), agreed(c, "digital"), c.is("safe-device", "yes"), settled(c, "digital")),
  "block-perpetrator": (c) =>
    c.and(
      assessed(c),
      agreed(c, "digital"),
      c.is("safe-device", "yes"),
      settled(c, "digital"),
      c.is("blocking-safe", "yes"),
    ),
  "content-removal": (c) => removalCondition(c),
  "platform-report": (c) => removalCondition(c),
  "evidence-by-survivor": (c) =>
    c.and(
      ...[assessed(c), agreed(c, "evidence")],
      c.or(c.is("wants-law-report", "yes"), c.is("wants-removal", "yes")),
      ...[c.is("safe-device", "yes"), c.is("evidence-safe-to-keep", "yes")],
    ),
  "evidence-held": (c) =>
    c.and(
      ...[c.is("material-volunteered", "yes"), c.is("material-critical-to-safety", "yes")],
      ...[c.is("exception-approved", "yes"), agreed(c, "evidence"), c.not(possiblyCsam(c))],
    ),
  "law-report": (c) =>
    c.and(c.is("legal-risk-assessed", "yes"), c.is("wants-law-report", "yes"), agreed(c, "law"), settled(c, "law")),
  "guardian-consent": (c) => c.and(c.is("age", "child"), c.is("guardian-unsafe", "no")),
};

const removalCondition = (c: CaseView): Literal =>
  c.and(
    ...[assessed(c), agreed(c, "removal"), c.is("wants-removal", "yes")],
    ...[c.is("safe-device", "yes"), settled(c, "digital")],
  );
