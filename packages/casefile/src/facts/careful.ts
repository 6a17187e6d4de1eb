/**
 * Which of two answers is the more careful, when two people recorded different ones without knowing of
 * each other (DOMAIN §12, S-7).
 *
 * A risk takes its worse value, and a list everything that anybody named. A wish, or anything this table does not
 * know, becomes unknown: no gate opens on it, and it is asked again.
 */

export type FactValue = string | readonly string[];

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

/** The careful one of several answers that all stand; nothing when there is none to take. */
export const carefulValue = (fact: string, values: readonly FactValue[]): FactValue | undefined => {
  const [first] = values;
  if (first === undefined) return undefined;
  if (values.every((value) => isEqual(value, first))) return first;
  const lists = values.filter((value) => typeof value !== "string");
  if (lists.length === values.length) return [...new Set(lists.flat())].sort();
  const order = orders.get(fact) ?? [];
  const places = values.map((value) => (typeof value === "string" ? order.indexOf(value) : -1));
  return places.includes(-1) ? undefined : order[Math.max(...places)];
};

/** Whether no other answer could be more careful. */
export const isWorst = (fact: string, value: FactValue | undefined): boolean =>
  value !== undefined && orders.get(fact)?.at(-1) === value;

export const isEqual = (one: FactValue, other: FactValue): boolean => {
  if (typeof one === "string" || typeof other === "string") return one === other;
  return one.length === other.length && one.every((value) => other.includes(value));
};
