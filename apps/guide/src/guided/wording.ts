/** Turns parts of the answer into words: values of facts, deadlines, what an item is for. */

import type { Reason, Risk } from "@amana/pathway";
import type { Value } from "./flow.ts";
import type { Texts } from "./guided-data.ts";

/** The words for one value of a fact. */
export const valueInWords = (texts: Texts, fact: string, value: string): string => {
  const own =
    fact === "harm" ? `harm.${value}.name` : fact === "governorate" ? `governorate.${value}` : `fact.${fact}.${value}`;
  return texts[own] ?? texts[`now.${value}`] ?? value;
};

/** An answer as given: a list in one line, an empty list as "none of these". */
export const answerInWords = (texts: Texts, fact: string, value: Value): string => {
  if (typeof value === "string") return valueInWords(texts, fact, value);
  if (value.length === 0) return texts["now.none"] ?? "";
  return value.map((each) => valueInWords(texts, fact, each)).join(texts["list.separator"] ?? ", ");
};

type DeadlineKey = "now.atOnce" | "now.within24" | "now.within48" | "now.standardTime";

/** The deadline as a sentence of its own. High risk starts now: 24 hours are its latest moment, not its plan. */
export const deadlineKey = ({ level, actWithinHours }: Risk): DeadlineKey => {
  if (level === "high") return "now.atOnce";
  if (actWithinHours === 24) return "now.within24";
  return actWithinHours === 48 ? "now.within48" : "now.standardTime";
};

/** The same where there is little room. */
export const shortDeadlineKey = ({
  level,
  actWithinHours,
}: Risk): "now.now" | "now.24h" | "now.48h" | "now.standard" => {
  if (level === "high") return "now.now";
  if (actWithinHours === 24) return "now.24h";
  return actWithinHours === 48 ? "now.48h" : "now.standard";
};

/** What a reason rests on: `risk of suicide or self-harm: no sign of it`, and what is not known. */
export const groundsInWords = (texts: Texts, { facts, unknown = [] }: Reason): readonly string[] => [
  ...Object.entries(facts).map(([fact, value]) => `${nameOf(texts, fact)}: ${answerInWords(texts, fact, value)}`),
  ...unknown.map((fact) => `${nameOf(texts, fact)}: ${texts["now.notKnown"] ?? ""}`),
];

export const nameOf = (texts: Texts, fact: string): string => texts[`fact.${fact}.name`] ?? fact;

/** The section of the guide by its name, for an id such as `G-SAFE-5`; empty where the id has no such name. */
export const sourceInWords = (texts: Texts, source: string): string => {
  const prefix = /^([A-Z](?:-[A-Z]+)?)-/.exec(source)?.[1];
  return prefix === undefined ? "" : (texts[`source.${prefix}`] ?? texts[`source.${prefix.charAt(0)}`] ?? "");
};
