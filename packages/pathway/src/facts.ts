/**
 * Facts as they come from outside: checked against the pack's vocabulary, so that a mistyped
 * fact is refused and never silently read as unknown.
 */

import { type Result, err, ok } from "@amana/kernel";
import type { Facts } from "./answer.ts";
import type { CompiledPack, PackFact } from "./pack.ts";

/** What is wrong with the input, and what would be right. Screens and the terminal turn it into words. */
export type FactProblem =
  | { readonly type: "NotAnObject" }
  | { readonly type: "FactUnknown"; readonly fact: string; readonly nearest: readonly string[] }
  | { readonly type: "ValueWrong"; readonly fact: string; readonly allowed: readonly string[] }
  | { readonly type: "ListExpected"; readonly fact: string; readonly allowed: readonly string[] }
  | { readonly type: "OneValueExpected"; readonly fact: string; readonly allowed: readonly string[] }
  | { readonly type: "ListTooLong"; readonly fact: string; readonly allowed: readonly string[] };

/** A list may name a value more than once, but not endlessly. */
const namingsPerValueMax = 4;
const nearestMax = 3;
const idLengthCompared = 80;

/** Reads facts from parsed JSON. Every problem is reported, in the order of the input; a value given twice in a list counts once. */
export const parseFacts = (pack: CompiledPack, input: unknown): Result<Facts, readonly FactProblem[]> => {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return err([{ type: "NotAnObject" }]);
  }
  const byId = new Map(pack.facts.map((fact) => [fact.id, fact]));
  const facts: Record<string, string | readonly string[]> = {};
  const problems: FactProblem[] = [];
  for (const [id, value] of Object.entries(input)) {
    const fact = byId.get(id);
    if (fact === undefined) {
      problems.push({ type: "FactUnknown", fact: id, nearest: nearestIds(id, [...byId.keys()]) });
      continue;
    }
    const parsed = parseValue(fact, value);
    if (parsed.ok) facts[id] = parsed.value;
    else problems.push(parsed.error);
  }
  return problems.length === 0 ? ok(facts) : err(problems);
};

/** What a pack understands: its facts by id. Whoever holds facts from elsewhere leaves out of them what is not in it. */
export type FactVocabulary = ReadonlyMap<string, Pick<PackFact, "kind" | "values">>;

export const vocabularyOf = ({ facts }: Pick<CompiledPack, "facts">): FactVocabulary =>
  new Map(facts.map(({ id, kind, values }) => [id, { kind, values }]));

const parseValue = (fact: PackFact, value: unknown): Result<string | readonly string[], FactProblem> => {
  const problem = { fact: fact.id, allowed: fact.values };
  if (fact.kind !== "list") {
    if (Array.isArray(value)) return err({ type: "OneValueExpected", ...problem });
    return isAllowed(fact, value) ? ok(value) : err({ type: "ValueWrong", ...problem });
  }
  if (!Array.isArray(value)) return err({ type: "ListExpected", ...problem });
  // Duplicates are harmless; a list far beyond the vocabulary is not a case.
  if (value.length > fact.values.length * namingsPerValueMax) return err({ type: "ListTooLong", ...problem });
  const named: string[] = [];
  // `Array.isArray` gives `any[]`; what the items are is checked here, one by one.
  for (const item of value as readonly unknown[]) {
    if (!isAllowed(fact, item)) return err({ type: "ValueWrong", ...problem });
    if (!named.includes(item)) named.push(item);
  }
  return ok(named);
};

const isAllowed = (fact: PackFact, value: unknown): value is string =>
  typeof value === "string" && fact.values.includes(value);

/** Up to three ids that a mistyped one may have meant: those sharing most of its words. */
const nearestIds = (id: string, ids: readonly string[]): readonly string[] => {
  const words = id
    .slice(0, idLengthCompared)
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length > 2);
  const shared = (candidate: string): number => words.filter((word) => candidate.includes(word)).length;
  return ids
    .filter((candidate) => shared(candidate) > 0)
    .sort((one, other) => shared(other) - shared(one))
    .slice(0, nearestMax);
};
