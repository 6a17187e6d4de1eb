/**
 * Turns conditions into nodes: definitions, levels and gates are put in place of their names, and a fact
 * whose answer contradicts another is read as the contradiction says.
 *
 * [Note: Three readings] A condition is compiled in one of three ways.
 * - `given` tests the answers as they were given. A contradiction's own `when` is read so.
 * - `read` tests a contradicted fact as the contradiction treats it. All that is advised is read so.
 * - `possible` is false only when no missing fact could make the condition true: `maybe` and `known` are
 *   left out, and a contradiction that has not been decided counts both ways.
 */

import { assert, exhausted } from "@amana/kernel";
import { type NodeIndex, operation } from "@amana/pathway";
import type { Condition, Vocabulary } from "../condition/condition.ts";
import { parseCondition } from "../condition/parse.ts";
import type { Row, Tables } from "../pack/tables.ts";
import { valuesOf, vocabularyOf } from "../pack/vocabulary.ts";
import {
  type Constant,
  type Graph,
  andOf,
  constantOf,
  emptyGraph,
  nodeOf,
  notOf,
  orOf,
  pickOf,
  settledOf,
  whenOf,
} from "./graph.ts";

export type Reading = "given" | "read" | "possible";

export type Compiler = {
  readonly graph: Graph;
  readonly tables: Tables;
  readonly vocabulary: Vocabulary;
  readonly factIndexById: ReadonlyMap<string, number>;
  readonly compiled: Map<string, NodeIndex>;
};

export const makeCompiler = (tables: Tables): Compiler => ({
  graph: emptyGraph(),
  tables,
  vocabulary: vocabularyOf(tables),
  factIndexById: new Map(tables.facts.map((fact, index) => [fact.id, index])),
  compiled: new Map(),
});

/** The node of a condition as written. The pack must have been checked. */
export const compileText = (compiler: Compiler, text: string, reading: Reading = "read"): NodeIndex => {
  const key = `${reading} ${text}`;
  const known = compiler.compiled.get(key);
  if (known !== undefined) return known;
  const condition = parseCondition(text, compiler.vocabulary);
  assert(condition.ok, "a condition of a checked pack cannot be read");
  const index = compileCondition(compiler, condition.value, reading);
  compiler.compiled.set(key, index);
  return index;
};

const compileCondition = (compiler: Compiler, condition: Condition, reading: Reading): NodeIndex => {
  const { graph } = compiler;
  const compile = (part: Condition): NodeIndex => compileCondition(compiler, part, reading);
  switch (condition.kind) {
    case "constant":
      return constantOf(graph, condition.value ? "true" : "false");
    case "has":
    case "only":
    case "fact-known":
      return compileTest(compiler, condition, reading);
    case "definition":
      return compileDefinition(compiler, condition.id, reading);
    case "level":
      return settle(compiler, "known", atLeastLevel(compiler, condition.id, reading), reading);
    case "open":
      return settle(compiler, "known", gateNeeds(compiler, condition.gate, reading), reading);
    case "and":
      return andOf(graph, condition.parts.map(compile));
    case "or":
      return orOf(graph, condition.parts.map(compile));
    case "not":
      return notOf(graph, compile(condition.part));
    case "maybe":
    case "known":
      return settle(compiler, condition.kind, compile(condition.part), reading);
    case "if":
      return whenOf(graph, compile(condition.condition), compile(condition.then));
    default:
      return exhausted(condition);
  }
};

const settle = (compiler: Compiler, kind: "maybe" | "known", part: NodeIndex, reading: Reading): NodeIndex =>
  reading === "possible" ? part : settledOf(compiler.graph, kind, part);

const compileDefinition = (compiler: Compiler, id: string, reading: Reading): NodeIndex => {
  const row = compiler.tables.definitions.find((definition) => definition.id === id);
  assert(row !== undefined, "a definition of a checked pack is missing");
  return compileText(compiler, row.when, reading);
};

/** Any rule of the level or of one above it. */
const atLeastLevel = (compiler: Compiler, id: string, reading: Reading): NodeIndex => {
  const { levels } = compiler.tables;
  const place = levels.findIndex((level) => level.id === id);
  const high = new Set<string>(levels.slice(0, place + 1).map((level) => level.id));
  const rules = compiler.tables["risk-rules"].filter((rule) => high.has(rule.level));
  return orOf(
    compiler.graph,
    rules.map((rule) => compileText(compiler, rule.when, reading)),
  );
};

/** All that a gate needs, as one node. */
export const gateNeeds = (compiler: Compiler, gate: string, reading: Reading = "read"): NodeIndex => {
  const rules = compiler.tables["gate-rules"].filter((rule) => rule.gate === gate);
  return andOf(
    compiler.graph,
    rules.map((rule) => compileText(compiler, rule.requires, reading)),
  );
};

type Test = Extract<Condition, { readonly kind: "has" | "only" | "fact-known" }>;

const compileTest = (compiler: Compiler, test: Test, reading: Reading): NodeIndex => {
  const given = testAsGiven(compiler, test, reading);
  if (reading === "given") return given;
  const contradictions = compiler.tables.contradictions.filter(
    (row) => row.fact === test.fact && row["treat-as"] !== "",
  );
  // The first contradiction that holds decides, so the last is put in place first.
  return contradictions.reduceRight((otherwise, row) => contradicted(compiler, row, test, otherwise, reading), given);
};

const testAsGiven = ({ graph, ...compiler }: Compiler, test: Test, reading: Reading): NodeIndex => {
  const index = compiler.factIndexById.get(test.fact);
  const fact = compiler.tables.facts[index ?? -1];
  assert(index !== undefined && fact !== undefined, "a fact of a checked pack is missing");
  if (test.kind === "fact-known") {
    const isKnown = nodeOf(graph, [operation.isKnown, index]);
    // What is not known yet may come to be known.
    return reading === "possible" ? orOf(graph, [isKnown, constantOf(graph, "unknown")]) : isKnown;
  }
  const places = test.values.map((value) => valuesOf(fact).indexOf(value)).sort((one, other) => one - other);
  return test.kind === "only"
    ? nodeOf(graph, [operation.only, index, ...places])
    : nodeOf(graph, [operation.has, index, test.atLeast, ...places]);
};

const contradicted = (
  compiler: Compiler,
  row: Row<"contradictions">,
  test: Test,
  otherwise: NodeIndex,
  reading: Reading,
): NodeIndex => {
  const { graph } = compiler;
  const verdict = verdictOn(test, row["treat-as"]);
  const then = constantOf(graph, verdict);
  const holds = compileText(compiler, row.when, "given");
  if (reading !== "possible") return pickOf(graph, holds, then, otherwise);
  const mayHold = settledOf(graph, "maybe", compileText(compiler, row.when, "given"));
  return pickOf(graph, holds, then, pickOf(graph, mayHold, either(graph, verdict, otherwise), otherwise));
};

/** What a test says of a fact that is read as this value; `unknown` as if it had not been answered. */
const verdictOn = (test: Test, treatAs: string): Constant => {
  if (treatAs === "unknown") return test.kind === "fact-known" ? "false" : "unknown";
  if (test.kind === "fact-known") return "true";
  const isNamed = test.values.includes(treatAs);
  return isNamed && (test.kind === "only" || test.atLeast <= 1) ? "true" : "false";
};

/** Definite only where both are, and the same. */
const either = (graph: Graph, verdict: Constant, node: NodeIndex): NodeIndex => {
  const unknown = constantOf(graph, "unknown");
  if (verdict === "unknown") return unknown;
  return verdict === "true" ? orOf(graph, [node, unknown]) : andOf(graph, [node, unknown]);
};
