/** Runs a pack's scenarios through the real engine, and asks that every rule fires in at least one. */

import { type Answer, type CompiledPack, type Facts, assess, parseFacts, preparePack } from "@amana/pathway";
import { and, emptyCircuit, evaluateCircuit } from "../circuit/circuit.ts";
import { compilePack } from "../compile/pack.ts";
import { encodeAnswer } from "../encoding/answer.ts";
import { freeCase, inputsFor } from "../encoding/facts.ts";
import { type PackProblem, cellProblem, fileProblem } from "../pack/problem.ts";
import type { Scenario } from "../pack/scenarios.ts";
import type { PackSource } from "../pack/source.ts";
import type { Tables } from "../pack/tables.ts";
import { ruleFirings } from "../properties/rule-firings.ts";

/** Every expectation that is not met, and every rule that no scenario lets fire. */
export const checkScenarios = (source: PackSource): readonly PackProblem[] => {
  const pack = compilePack(source);
  const prepared = preparePack(pack);
  const cases: Facts[] = [];
  const problems: PackProblem[] = [];
  for (const scenario of source.scenarios) {
    const parsed = parseFacts(pack, scenario.facts);
    if (parsed.ok) {
      cases.push(parsed.value);
      // What the pack below expects of a case an overlay may answer with more care.
      const isOwn = source.below === null || scenario.file.startsWith(`${source.folder}/`);
      if (isOwn) problems.push(...unmet(scenario, assess(prepared, parsed.value)));
      continue;
    }
    for (const problem of parsed.error) {
      const fact = "fact" in problem ? problem.fact : null;
      const allowed = "allowed" in problem ? problem.allowed : [];
      problems.push({
        ...fileProblem("ScenarioWrong", scenario.file, problem.type, allowed),
        column: `${scenario.id} facts.${fact ?? ""}`,
      });
    }
  }
  return [...problems, ...rulesNotShown(source, pack, cases)];
};

type Expectation = { readonly path: string; readonly found: string; readonly expected: string };

const unmet = (scenario: Scenario, answer: Answer): readonly PackProblem[] =>
  [...valueExpectations(scenario, answer), ...memberExpectations(scenario, answer)].map(
    ({ path, found, expected }) => ({
      ...fileProblem("ScenarioFails", scenario.file, found, [expected]),
      column: `${scenario.id} ${path}`,
    }),
  );

/** One value each. */
const valueExpectations = ({ expect }: Scenario, answer: Answer): readonly Expectation[] => {
  const { level, provisional, actWithinHours } = answer.risk;
  const found = {
    ...{ track: answer.track, level, provisional, actWithinHours },
    first: answer.actions[0]?.id ?? "nothing",
    firstContact: answer.contacts[0]?.id ?? "nothing",
  };
  const paths = ["track", "level", "provisional", "actWithinHours", "first", "firstContact"] as const;
  return paths.flatMap((path) => {
    const expected = expect[path];
    return expected === undefined || expected === found[path]
      ? []
      : [{ path, found: String(found[path]), expected: String(expected) }];
  });
};

/** What must be among the answer, or must not. An id the answer does not know meets neither. */
const memberExpectations = ({ expect }: Scenario, answer: Answer): readonly Expectation[] => {
  const gates = new Map(Object.entries(answer.gates).map(([id, gate]) => [id, gate.state]));
  const tools = new Map(answer.tools.map((tool) => [tool.id, tool.offered]));
  const listed = new Set(answer.actions.map((action) => action.id));
  const check = (
    path: keyof Scenario["expect"],
    ids: readonly string[] | undefined,
    isMet: (id: string) => boolean,
    found: (id: string) => string,
  ): readonly Expectation[] =>
    (ids ?? [])
      .filter((id) => !isMet(id))
      .map((id) => ({ path, found: `${id}: ${found(id)}`, expected: `${path} ${id}` }));
  const gateState = (id: string): string => gates.get(id) ?? "no such gate";
  const offer = (id: string): string =>
    tools.has(id) ? (tools.get(id) === true ? "offered" : "not offered") : "no such tool";
  return [
    ...check("open", expect.open, (id) => gates.get(id) === "open", gateState),
    ...check("closed", expect.closed, (id) => gates.has(id) && gates.get(id) !== "open", gateState),
    ...check(
      "actions",
      expect.actions,
      (id) => listed.has(id),
      () => "not listed",
    ),
    ...check(
      "notActions",
      expect.notActions,
      (id) => !listed.has(id),
      () => "listed",
    ),
    ...check("offered", expect.offered, (id) => tools.get(id) === true, offer),
    ...check("notOffered", expect.notOffered, (id) => tools.get(id) === false, offer),
  ];
};

const rulesNotShown = (
  { tables, below }: PackSource,
  pack: CompiledPack,
  cases: readonly Facts[],
): readonly PackProblem[] => {
  const circuit = emptyCircuit();
  const literals = freeCase(circuit, pack);
  const firings = ruleFirings(pack, encodeAnswer(circuit, pack, literals), (...parts) => and(circuit, ...parts));
  const fired = new Set<string>();
  for (const facts of cases) {
    const worth = evaluateCircuit(circuit, inputsFor(circuit, pack, literals, facts));
    for (const { id, when } of firings) if (worth(when)) fired.add(id);
  }
  // An overlay answers for the rules it adds; those of the pack below, made stricter or not, have been shown there.
  const shownBelow = new Set(below === null ? [] : ruleRows(below.tables).map((row) => row.id));
  return ruleRows(tables)
    .filter((row) => !fired.has(row.id) && !shownBelow.has(row.id))
    .map((row) => cellProblem("RuleNeverInScenario", row, "id", row.id, ["a scenario in which it fires"]));
};

const ruleRows = (tables: Tables) =>
  [
    ...[tables.contradictions, tables["risk-rules"], tables["gate-rules"], tables["action-rules"]],
    ...[tables["limit-rules"], tables["contact-rules"]],
  ].flat();
