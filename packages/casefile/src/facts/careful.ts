/**
 * Which of two answers is the more careful, when two people recorded different ones without knowing of
 * each other (DOMAIN §12, S-7).
 *
 * A risk takes its worst value that is known, and a list everything that anybody named. A wish, or anything this table
 * does not know, becomes unknown: no gate opens on it, and it is asked again. What nobody understands hides no danger that
 * somebody else named.
 */

export type FactValue = string | readonly string[];

/** An answer as it is told: one value, a list that is complete, or that it is not known. */
type Told =
  | { readonly kind: "one"; readonly value: string }
  | { readonly kind: "list"; readonly values: readonly string[] }
  | { readonly kind: "unknown" };

export const valueTold = (told: Told): FactValue | undefined => {
  if (told.kind === "unknown") return undefined;
  return told.kind === "one" ? told.value : told.values;
};

/** Values from safe to worse. */
const noThenYes = ["no", "yes"];
const yesThenNo = ["yes", "no"];

const risks = [
  ...["immediate-danger", "physical-violence-threat", "honour-violence-risk", "severe-blackmail", "credible-threat"],
  ...["continued-harassment", "online-blackmail", "growing-family-pressure", "escalating", "movement-restricted"],
  ...["financial-coercion", "spreading", "guardian-unsafe", "perpetrator-in-contact", "perpetrator-has-accounts"],
  ...["perpetrator-has-device", "perpetrator-knows-location", "perpetrator-abroad", "severe-distress"],
  ...["offline-abuse", "other-children-at-risk", "recent-sexual-assault", "digital-action-could-escalate"],
  ...["law-report-could-escalate", "sexual-content", "disability"],
];

const protections = [
  ...["private-now", "safe-device", "blocking-safe", "evidence-safe-to-keep", "safe-place-to-stay", "trusted-ally"],
  ...["digital-escalation-planned", "law-escalation-planned", "material-volunteered", "material-critical-to-safety"],
];

const orders: ReadonlyMap<string, readonly string[]> = new Map([
  ...risks.map((fact): [string, readonly string[]] => [fact, noThenYes]),
  ...protections.map((fact): [string, readonly string[]] => [fact, yesThenNo]),
  ["suicide-or-self-harm", ["no", "risk", "imminent"]],
  ["content-exposure", ["none", "threatened", "private", "public"]],
  ["age", ["adult", "child"]],
  ["age-in-image", ["adult", "child"]],
]);

/** The careful one of several answers that all stand, `undefined` among them for "not known"; nothing when there is none to take. */
export const carefulValue = (fact: string, values: readonly (FactValue | undefined)[]): FactValue | undefined => {
  const [first] = values;
  if (first !== undefined && values.every((value) => value !== undefined && isEqual(value, first))) return first;
  const order = orders.get(fact);
  if (order !== undefined) return worstOf(order, values);
  const lists = values.filter((value) => value !== undefined && typeof value !== "string");
  return lists.length === 0 || values.includes(undefined) ? undefined : [...new Set(lists.flat())].sort();
};

/** Of a fact whose values have an order; the others tell nothing of danger by themselves. */
export const isWorseThanSafe = (fact: string, value: string): boolean => (orders.get(fact)?.indexOf(value) ?? 0) > 0;

/** Beside an answer that is not known, the safest one is none: what is not known may be worse. */
const worstOf = (order: readonly string[], values: readonly (FactValue | undefined)[]): string | undefined => {
  const places = values.map((value) => (typeof value === "string" ? order.indexOf(value) : -1));
  const worst = Math.max(...places);
  return worst > 0 || !places.includes(-1) ? order[worst] : undefined;
};

export const isEqual = (one: FactValue, other: FactValue): boolean => {
  if (typeof one === "string" || typeof other === "string") return one === other;
  return one.length === other.length && one.every((value) => other.includes(value));
};
