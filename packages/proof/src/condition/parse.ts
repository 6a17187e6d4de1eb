/**
 * Reads a condition. One problem is reported at a time, with its place, what was expected there, and
 * the ids it was perhaps meant to be. `and` and `or` are never mixed without parentheses, so that no
 * reader has to know which binds tighter.
 */

import { type Result, err, ok } from "@amana/kernel";
import { nearestIds } from "../pack/nearest.ts";
import type { Condition, FactVocabulary, Vocabulary } from "./condition.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** Where and why a condition cannot be read. */
export type ConditionProblem = {
  /** From 1. */
  readonly position: number;
  readonly found: string;
  readonly expected: readonly string[];
};

const conditionLengthMax = 2000;
const depthMax = 40;

/** Words that no fact and no value may be called. */
export const reservedWords: ReadonlySet<string> = new Set([
  ...["is", "has", "only", "at", "least", "known", "maybe", "not"],
  ...["and", "or", "if", "then", "always", "never", "unknown"],
]);

type Reader = {
  readonly tokens: readonly Token[];
  readonly vocabulary: Vocabulary;
  readonly end: number;
  place: number;
  depth: number;
};

type Read = Result<Condition, ConditionProblem>;

/** Reads one condition whole; whatever is left over is a problem. */
export const parseCondition = (text: string, vocabulary: Vocabulary): Read => {
  if (text.length > conditionLengthMax) {
    return err({ position: conditionLengthMax, found: "…", expected: ["a shorter condition"] });
  }
  const tokens = tokensOf(text);
  if (!tokens.ok) return tokens;
  const reader: Reader = { tokens: tokens.value, vocabulary, end: text.length + 1, place: 0, depth: 0 };
  const condition = readWhole(reader);
  if (!condition.ok || peek(reader) === undefined) return condition;
  return refuse(reader, ["and", "or", "the end"]);
};

const peek = (reader: Reader): string | undefined => reader.tokens[reader.place]?.text;

const take = (reader: Reader, text: string): boolean => {
  if (peek(reader) !== text) return false;
  reader.place++;
  return true;
};

const refuse = (reader: Reader, expected: readonly string[], place = reader.place): Result<never, ConditionProblem> => {
  const token = reader.tokens[place];
  return err({ position: token?.position ?? reader.end, found: token?.text ?? "the end", expected });
};

/** `if … then …`, or a chain. */
const readWhole = (reader: Reader): Read => {
  if (reader.depth >= depthMax) return refuse(reader, ["fewer parentheses within each other"]);
  reader.depth++;
  const read = take(reader, "if") ? readIf(reader) : readChain(reader);
  reader.depth--;
  return read;
};

const readIf = (reader: Reader): Read => {
  const condition = readChain(reader);
  if (!condition.ok) return condition;
  if (!take(reader, "then")) return refuse(reader, ["then"]);
  const then = readChain(reader);
  return then.ok ? ok({ kind: "if", condition: condition.value, then: then.value }) : then;
};

/** Things joined by `and`, or things joined by `or`. */
const readChain = (reader: Reader): Read => {
  const first = readPrefixed(reader);
  if (!first.ok) return first;
  const joint = peek(reader);
  if (joint !== "and" && joint !== "or") return first;
  const parts = [first.value];
  while (take(reader, joint)) {
    const next = readPrefixed(reader);
    if (!next.ok) return next;
    parts.push(next.value);
  }
  const isMixed = peek(reader) === (joint === "and" ? "or" : "and");
  if (isMixed) return refuse(reader, [joint, "parentheses where and and or meet"]);
  return ok({ kind: joint, parts });
};

/** `not`, `maybe` and `known` speak of the one thing that follows. */
const readPrefixed = (reader: Reader): Read => {
  const word = peek(reader);
  if (word !== "not" && word !== "maybe" && word !== "known") return readOne(reader);
  if (reader.depth >= depthMax) return refuse(reader, ["fewer words within each other"]);
  reader.place++;
  reader.depth++;
  const part = readPrefixed(reader);
  reader.depth--;
  return part.ok ? ok({ kind: word, part: part.value }) : part;
};

const readOne = (reader: Reader): Read => {
  if (take(reader, "always")) return ok({ kind: "constant", value: true });
  if (take(reader, "never")) return ok({ kind: "constant", value: false });
  if (take(reader, "(")) {
    const inner = readWhole(reader);
    if (!inner.ok) return inner;
    return take(reader, ")") ? inner : refuse(reader, ["and", "or", ")"]);
  }
  const word = peek(reader);
  if (word === undefined || word === ")" || word === "/" || reservedWords.has(word)) {
    return refuse(reader, [
      "a fact",
      "@definition",
      "@level:…",
      "@open:…",
      "(",
      "not",
      "maybe",
      "known",
      "always",
      "never",
    ]);
  }
  return word.startsWith("@") ? readReference(reader, word.slice(1)) : readTest(reader, word);
};

const readReference = (reader: Reader, name: string): Read => {
  const { definitions, gates, levels } = reader.vocabulary;
  const [kind, id] = name.startsWith("level:")
    ? (["level", name.slice(6)] as const)
    : name.startsWith("open:")
      ? (["open", name.slice(5)] as const)
      : (["definition", name] as const);
  const known = { level: levels, open: gates, definition: definitions }[kind];
  if (!known.has(id)) {
    const prefix = { level: "@level:", open: "@open:", definition: "@" }[kind];
    const near = kind === "level" ? [...levels] : nearestIds(id, known);
    return refuse(reader, near.length > 0 ? near.map((one) => prefix + one) : [`a known ${prefix}…`]);
  }
  reader.place++;
  if (kind === "open") return ok({ kind, gate: id });
  return ok({ kind, id });
};

/** `fact is …` or `fact has …`. */
const readTest = (reader: Reader, name: string): Read => {
  const fact = reader.vocabulary.facts.get(name);
  if (fact === undefined) {
    const near = nearestIds(name, reader.vocabulary.facts.keys());
    return refuse(reader, near.length > 0 ? near : ["a fact of facts.csv"]);
  }
  reader.place++;
  if (take(reader, "is")) return readIs(reader, name, fact);
  if (take(reader, "has")) return readHas(reader, name, fact);
  return refuse(reader, fact.isList ? ["has", "is known"] : ["is"]);
};

const readIs = (reader: Reader, name: string, fact: FactVocabulary): Read => {
  if (take(reader, "known")) return ok({ kind: "fact-known", fact: name });
  // The fact is a list: what it names is asked with `has`.
  if (fact.isList) return refuse(reader, ["known", `${name} has …`]);
  const values = readValues(reader, fact);
  return values.ok ? ok({ kind: "has", fact: name, atLeast: 1, values: values.value }) : values;
};

const readHas = (reader: Reader, name: string, fact: FactVocabulary): Read => {
  if (!fact.isList) return refuse(reader, [`${name} is …`], reader.place - 1);
  if (take(reader, "only")) {
    const values = readValues(reader, fact);
    return values.ok ? ok({ kind: "only", fact: name, values: values.value }) : values;
  }
  if (peek(reader) === "at") return readAtLeast(reader, name, fact);
  const values = readValues(reader, fact);
  return values.ok ? ok({ kind: "has", fact: name, atLeast: 1, values: values.value }) : values;
};

const readAtLeast = (reader: Reader, name: string, fact: FactVocabulary): Read => {
  reader.place++;
  if (!take(reader, "least")) return refuse(reader, ["least"]);
  const count = Number(peek(reader));
  if (!Number.isInteger(count) || count < 1 || count > fact.values.length) {
    return refuse(reader, [`a number from 1 to ${String(fact.values.length)}`]);
  }
  reader.place++;
  return ok({ kind: "has", fact: name, atLeast: count, values: fact.values });
};

/** One value, or several with `/` between them. */
const readValues = (reader: Reader, fact: FactVocabulary): Result<readonly string[], ConditionProblem> => {
  const values: string[] = [];
  do {
    const value = peek(reader);
    if (value === undefined || !fact.values.includes(value)) {
      const near = value === undefined ? [] : nearestIds(value, fact.values);
      return refuse(reader, near.length > 0 ? near : fact.values);
    }
    if (values.includes(value)) return refuse(reader, ["each value once"]);
    values.push(value);
    reader.place++;
  } while (take(reader, "/"));
  return ok(values);
};
