/**
 * What the guidance in use understands of the facts: its ids, and the values of each.
 *
 * An entry may hold any id and any value, of a newer pack or of a client of somebody's own making. What is not understood is
 * unknown to the pathway and shown with a mark; it never keeps a case from being read or worked on (SECURITY §6.2).
 */

import type { FactVocabulary, Facts } from "@amana/pathway";
import { type FactValue, valueTold } from "./careful.ts";
import type { FactRecorded } from "./facts.ts";

/** What is left of the facts when only what is understood is taken. */
export const understoodFacts = (facts: Facts, vocabulary: FactVocabulary): Facts =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([fact, value]) => {
      const understood = understoodValue(value, vocabulary.get(fact));
      return understood === undefined ? [] : [[fact, understood]];
    }),
  );

/** Of a list, what is understood; nothing when that is nothing, for an empty list would say that none of it holds. */
const understoodValue = (value: FactValue, about: ReturnType<FactVocabulary["get"]>): FactValue | undefined => {
  if (about === undefined || (about.kind === "list") !== (typeof value !== "string")) return undefined;
  if (typeof value === "string") return about.values.includes(value) ? value : undefined;
  const understood = [...new Set(value)].filter((one) => about.values.includes(one));
  return understood.length > 0 || value.length === 0 ? understood : undefined;
};

/** Whether all of an answer is understood. Without a vocabulary everything is. */
export const isUnderstood = (event: FactRecorded, vocabulary: FactVocabulary | undefined): boolean => {
  if (vocabulary === undefined) return true;
  const about = vocabulary.get(event.fact);
  const value = valueTold(event.value);
  if (about === undefined || value === undefined) return about !== undefined;
  const isList = typeof value !== "string";
  return isList === (about.kind === "list") && [value].flat().every((one) => about.values.includes(one));
};
