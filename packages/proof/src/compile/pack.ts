/**
 * Compiles a checked pack into what a phone carries and what the proof proves, one and the same.
 * The same tables give the same bytes.
 */

import { assert } from "@amana/kernel";
import type {
  CompiledPack,
  LimitRule,
  PackAction,
  PackContact,
  PackContradiction,
  PackFact,
  PackGate,
  PackRule,
  PackTool,
  RiskRule,
} from "@amana/pathway";
import { type PackSource, propertyOf } from "../pack/source.ts";
import type { Row } from "../pack/tables.ts";
import { valuesOf } from "../pack/vocabulary.ts";
import { type Compiler, compileText, gateNeeds, makeCompiler } from "./conditions.ts";

/** The source must come from `readPack`; what it refuses cannot be compiled. */
export const compilePack = ({ tables }: PackSource): CompiledPack => {
  const compiler = makeCompiler(tables);
  const parts = {
    facts: tables.facts.map((row) => fact(compiler, row)),
    track: { child: definitionRule(compiler, "track-child"), adult: definitionRule(compiler, "track-adult") },
    riskRules: tables["risk-rules"].map((row) => riskRule(compiler, row)),
    gates: tables.gates.map((row) => gate(compiler, row)),
    actions: tables.actions.map((row) => action(compiler, row)),
    tools: tables.tools.map((row) => tool(compiler, row)),
    contacts: tables.contacts.map((row) => contact(compiler, row)),
    contradictions: tables.contradictions.map((row) => contradiction(compiler, row)),
  };
  return {
    format: 1,
    id: propertyOf(tables, "id"),
    version: propertyOf(tables, "version"),
    nodes: compiler.graph.nodes,
    levels: tables.levels.map((row) => ({ id: row.id, hours: row.hours, source: sourceOf(row) })),
    ...parts,
  };
};

/** A reason cites its sources as one text, in the order of the table. */
const sourceOf = (row: { readonly source: readonly string[] }): string => row.source.join(" ");

const rule = (
  compiler: Compiler,
  row: { readonly id: string; readonly source: readonly string[] },
  when: string,
): PackRule => ({
  id: row.id,
  node: compileText(compiler, when),
  source: sourceOf(row),
});

const definitionRule = (compiler: Compiler, id: string): PackRule => {
  const row = compiler.tables.definitions.find((definition) => definition.id === id);
  assert(row !== undefined, "a definition of a checked pack is missing");
  return rule(compiler, row, row.when);
};

const riskRule = (compiler: Compiler, row: Row<"risk-rules">): RiskRule => {
  const level = compiler.tables.levels.find((candidate) => candidate.id === row.level);
  assert(level !== undefined, "a level of a checked pack is missing");
  return { ...rule(compiler, row, row.when), level: level.id, possible: compileText(compiler, row.when, "possible") };
};

const fact = (compiler: Compiler, row: Row<"facts">): PackFact => ({
  id: row.id,
  kind: row.kind,
  values: valuesOf(row),
  askWhen: optionalNode(compiler, row["ask-when"]),
});

const optionalNode = (compiler: Compiler, text: string): number => (text === "" ? -1 : compileText(compiler, text));

const gateIndex = (compiler: Compiler, id: string): number => compiler.tables.gates.findIndex((row) => row.id === id);

const limitsOf = (compiler: Compiler, target: string): readonly LimitRule[] =>
  compiler.tables["limit-rules"]
    .filter((row) => row.target === target)
    .map((row) => ({ ...rule(compiler, row, row.when), limit: row.limit }));

const gate = (compiler: Compiler, row: Row<"gates">): PackGate => ({
  id: row.id,
  notApplicable: optionalNode(compiler, row["not-applicable"]),
  node: gateNeeds(compiler, row.id),
  rules: compiler.tables["gate-rules"]
    .filter((needed) => needed.gate === row.id)
    .map((needed) => rule(compiler, needed, needed.requires)),
  limits: limitsOf(compiler, `gate:${row.id}`),
  source: sourceOf(row),
});

const action = (compiler: Compiler, row: Row<"actions">): PackAction => ({
  id: row.id,
  area: row.area,
  actor: row.actor,
  handles: row.handles,
  act: row.act,
  gate: gateIndex(compiler, row.gate),
  rules: compiler.tables["action-rules"]
    .filter((reason) => reason.action === row.id)
    .map((reason) => ({
      ...rule(compiler, reason, reason.when),
      urgency: reason.urgency,
      possible: compileText(compiler, reason.when, "possible"),
    })),
  limits: limitsOf(compiler, `action:${row.id}`),
});

const tool = (compiler: Compiler, row: Row<"tools">): PackTool => ({
  id: row.id,
  kind: row.kind,
  offered: rule(compiler, row, row.offered),
  gate: gateIndex(compiler, row.gate),
  openIf: optionalNode(compiler, row["open-if"]),
  steps: compiler.tables["tool-steps"]
    .filter((step) => step.tool === row.id)
    .sort((one, other) => one.step - other.step)
    .map((step) => ({
      step: step.step,
      actor: step.actor,
      handles: step.handles,
      gate: gateIndex(compiler, step.gate),
      when: optionalNode(compiler, step.when),
      source: sourceOf(step),
    })),
  limits: limitsOf(compiler, `tool:${row.id}`),
});

const contact = (compiler: Compiler, row: Row<"contacts">): PackContact => ({
  id: row.id,
  region: row.region,
  governorates: row.governorates,
  numbers: row.numbers,
  purposeFromGuide: row["purpose-from"] === "guide",
  verifiedOn: row["verified-on"],
  shown: definitionRule(compiler, `shows-${row.region}`),
  rules: compiler.tables["contact-rules"]
    .filter((reason) => reason.contact === row.id)
    .map((reason) => ({ ...rule(compiler, reason, reason.when), weight: reason.weight })),
});

const contradiction = (compiler: Compiler, row: Row<"contradictions">): PackContradiction => {
  const fact = compiler.factIndexById.get(row.fact);
  assert(fact !== undefined, "a fact of a checked pack is missing");
  return { id: row.id, node: compileText(compiler, row.when, "given"), source: sourceOf(row), fact };
};
