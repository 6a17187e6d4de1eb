/** What one table says of another: every id that is named exists, and what belongs together is together. */

import { reservedWords } from "../condition/parse.ts";
import { allDomainIds } from "../domain-ids.ts";
import { nearestIds } from "./nearest.ts";
import { type Place, cellProblem, fileProblem } from "./problem.ts";
import { type Report, propertyOf } from "./source.ts";
import type { Row, TableName, Tables } from "./tables.ts";
import { valuesOf } from "./vocabulary.ts";

/** So that a fact's value fits one machine word on the phone. */
const valuesPerFactMax = 30;
const formatVersion = "1";
const levelOrder = ["high", "medium", "normal"];
const languageIds = ["en", "ar", "ckb", "kmr"];

/** Reports every reference to nothing and every row that does not fit the others. */
export const checkReferences = (tables: Tables, folder: string, report: Report): void => {
  checkPackProperties(tables, folder, report);
  for (const fact of tables.facts) checkFact(fact, report);
  checkNames(tables, report);
  checkSources(tables, report);
  checkContradictions(tables, report);
  checkTargets(tables, report);
  checkHarms(tables, folder, report);
  checkRegions(tables, report);
  checkRuleIds(tables, report);
};

type Known = { readonly column: string; readonly ids: ReadonlySet<string> };

const refer = (place: Place, value: string, { column, ids }: Known, report: Report): void => {
  if (ids.has(value)) return;
  const near = nearestIds(value, ids);
  report(cellProblem("ReferenceUnknown", place, column, value, near.length > 0 ? near : [...ids].slice(0, 20)));
};

const idsOf = (rows: readonly { readonly id: string }[]): ReadonlySet<string> => new Set(rows.map((row) => row.id));

const checkPackProperties = (tables: Tables, folder: string, report: Report): void => {
  const file = `${folder}/pack.csv`;
  for (const property of ["id", "version", "format", "name", "neutral-site"]) {
    if (propertyOf(tables, property) === "") report(fileProblem("ValueWrong", file, null, [`a row for ${property}`]));
  }
  for (const row of tables.pack) {
    const wrong = (allowed: string): void => report(cellProblem("ValueWrong", row, "value", row.value, [allowed]));
    if (row.property === "format" && row.value !== formatVersion) wrong(formatVersion);
    if (row.property === "version" && !/^\d+\.\d+\.\d+$/.test(row.value)) wrong("three numbers such as 1.0.0");
    if (row.property === "neutral-site" && !/^https:\/\/[^\s"'<>]+$/.test(row.value))
      wrong("an address beginning with https://");
  }
  for (const row of tables.levels.slice(0, -1)) {
    if (row.hours === null) report(cellProblem("ValueWrong", row, "hours", null, ["a whole number of hours"]));
  }
  const levels = tables.levels.map((row) => row.id).join(" ");
  if (levels !== levelOrder.join(" ")) report(fileProblem("ValueWrong", `${folder}/levels.csv`, levels, levelOrder));
  const languages = idsOf(tables.languages);
  for (const language of languageIds) {
    if (!languages.has(language))
      report(fileProblem("ValueWrong", `${folder}/languages.csv`, null, [`a row for ${language}`]));
  }
};

const checkFact = (fact: Row<"facts">, report: Report): void => {
  const wrong = (column: string, value: string, allowed: string): void =>
    report(cellProblem("ValueWrong", fact, column, value, [allowed]));
  const given = fact.values.join(" ");
  if (fact.kind === "yes-no" && fact.values.length > 0)
    wrong("values", given, "nothing, as a yes-no fact has its own values");
  if (fact.kind !== "yes-no" && (fact.values.length < 2 || fact.values.length > valuesPerFactMax)) {
    wrong("values", given, `from 2 to ${String(valuesPerFactMax)} values`);
  }
  if (reservedWords.has(fact.id)) wrong("id", fact.id, "an id that is not a word of conditions");
  for (const value of valuesOf(fact))
    if (reservedWords.has(value)) wrong("values", value, "values that are no words of conditions");
  const order = fact["risk-order"];
  const isComplete = order.length === valuesOf(fact).length && order.every((value) => valuesOf(fact).includes(value));
  if (order.length > 0 && !isComplete)
    wrong("risk-order", order.join(" "), `each of ${valuesOf(fact).join(", ")}, from safe to worse`);
};

const checkNames = (tables: Tables, report: Report): void => {
  const gates = { column: "gate", ids: idsOf(tables.gates) };
  const gate = (row: Place & { readonly gate: string }): void => {
    if (row.gate !== "") refer(row, row.gate, gates, report);
  };
  tables["gate-rules"].forEach(gate);
  tables.actions.forEach(gate);
  tables.tools.forEach(gate);
  tables["tool-steps"].forEach(gate);
  const levels = { column: "level", ids: idsOf(tables.levels) };
  for (const row of tables["risk-rules"]) refer(row, row.level, levels, report);
  const actions = { column: "action", ids: idsOf(tables.actions) };
  for (const row of tables["action-rules"]) refer(row, row.action, actions, report);
  const tools = { column: "tool", ids: idsOf(tables.tools) };
  for (const row of tables["tool-steps"]) refer(row, row.tool, tools, report);
  const contacts = { column: "contact", ids: idsOf(tables.contacts) };
  for (const row of tables["contact-rules"]) refer(row, row.contact, contacts, report);
  const governorates = idsOf(tables.governorates);
  for (const row of tables.contacts) {
    for (const id of row.governorates) refer(row, id, { column: "governorates", ids: governorates }, report);
    for (const id of row["emergency-in"]) refer(row, id, { column: "emergency-in", ids: governorates }, report);
  }
  for (const fact of tables.facts.filter((row) => row.id === "governorate")) {
    for (const value of fact.values) refer(fact, value, { column: "values", ids: governorates }, report);
  }
};

/** A gate that needs nothing would always be open; one that is missing rules is refused. */
const tablesWithSource = [
  ...(["facts", "contradictions", "definitions", "levels", "risk-rules", "gates", "gate-rules", "actions"] as const),
  ...(["action-rules", "tools", "tool-steps", "limit-rules", "contacts", "contact-rules", "harms", "pages"] as const),
] satisfies readonly TableName[];

const checkSources = (tables: Tables, report: Report): void => {
  const ids = new Set([...allDomainIds, ...tables.sources.map((row) => row.id)]);
  for (const name of tablesWithSource) {
    for (const row of tables[name]) {
      for (const source of row.source) refer(row, source, { column: "source", ids }, report);
    }
  }
};

const checkContradictions = (tables: Tables, report: Report): void => {
  const facts = new Map(tables.facts.map((fact) => [fact.id, fact]));
  for (const row of tables.contradictions) {
    refer(row, row.fact, { column: "fact", ids: new Set(facts.keys()) }, report);
    const fact = facts.get(row.fact);
    const treatAs = row["treat-as"];
    if (fact === undefined || treatAs === "" || treatAs === "unknown") continue;
    refer(row, treatAs, { column: "treat-as", ids: new Set(["unknown", ...valuesOf(fact)]) }, report);
  }
};

const checkTargets = (tables: Tables, report: Report): void => {
  const targets = new Set([
    ...tables.gates.map((row) => `gate:${row.id}`),
    ...tables.actions.map((row) => `action:${row.id}`),
    ...tables.tools.map((row) => `tool:${row.id}`),
  ]);
  for (const row of tables["limit-rules"]) refer(row, row.target, { column: "target", ids: targets }, report);
  const gatesWithRules = new Set(tables["gate-rules"].map((row) => row.gate));
  for (const row of tables.gates) {
    if (!gatesWithRules.has(row.id))
      report(cellProblem("ReferenceUnknown", row, "id", row.id, ["a row of gate-rules.csv for this gate"]));
  }
};

const checkHarms = (tables: Tables, folder: string, report: Report): void => {
  const fact = tables.facts.find((row) => row.id === "harm");
  const values = new Set(fact?.values ?? []);
  for (const row of tables.harms) refer(row, row.id, { column: "id", ids: values }, report);
  const described = idsOf(tables.harms);
  for (const value of values) {
    if (!described.has(value)) report(fileProblem("ValueWrong", `${folder}/harms.csv`, null, [`a row for ${value}`]));
  }
};

/** Each region of a contact has a definition `shows-<region>`, and the track has its two. */
const checkRegions = (tables: Tables, report: Report): void => {
  const definitions = idsOf(tables.definitions);
  for (const row of tables.contacts) {
    if (!definitions.has(`shows-${row.region}`)) {
      report(cellProblem("ReferenceUnknown", row, "region", row.region, [`a definition shows-${row.region}`]));
    }
  }
  const [first] = tables.definitions;
  for (const id of ["track-child", "track-adult"]) {
    if (!definitions.has(id) && first !== undefined) {
      report(fileProblem("ReferenceUnknown", first.file, id, ["a definition of this id"]));
    }
  }
};

const ruleTables = [
  ...(["contradictions", "risk-rules", "gate-rules", "action-rules", "limit-rules", "contact-rules"] as const),
] satisfies readonly TableName[];

/** A reason names its rule by id alone, so no two rules of any tables share one. */
const checkRuleIds = (tables: Tables, report: Report): void => {
  const seen = new Map<string, Place>();
  for (const name of ruleTables) {
    for (const row of tables[name]) {
      const earlier = seen.get(row.id);
      if (earlier === undefined) seen.set(row.id, row);
      else {
        const allowed = [`an id no other rule has (see ${earlier.file}:${String(earlier.line)})`];
        report(cellProblem("IdTwice", row, "id", row.id, allowed));
      }
    }
  }
};
