/**
 * What a pack must have beyond being well formed: the whole guide covered, every text in every language,
 * every id that was ever released, and scenarios that hold and let every rule fire.
 */

import { domainIds } from "../domain-ids.ts";
import { type PackProblem, cellProblem, fileProblem } from "../pack/problem.ts";
import type { PackSource } from "../pack/source.ts";
import { checkTexts } from "../pack/texts.ts";
import { riskOrders } from "../properties/s-07-monotone.ts";
import { vanishedIds } from "./released.ts";
import { checkScenarios } from "./scenarios.ts";

/** The parts of the check, in the order in which they are done. */
const checkParts = ["coverage", "risk-order", "released", "texts", "scenarios"] as const;
export type CheckPart = (typeof checkParts)[number];

/** Every problem of the parts asked for; all of them when none is named. */
export const checkPack = (source: PackSource, parts: readonly CheckPart[] = checkParts): readonly PackProblem[] =>
  checkParts.filter((part) => parts.includes(part)).flatMap((part) => checks[part](source));

/** The ids of the guide that no row of any table names, as its id or as its source. */
export const idsNotCovered = ({ tables }: PackSource): readonly string[] => {
  const covered = new Set<string>();
  // An id that only the list of an earlier release still names is covered by nothing.
  for (const [table, rows] of Object.entries(tables)) {
    if (table === "released") continue;
    for (const row of rows) {
      if ("source" in row) for (const id of row.source) covered.add(id);
      if ("id" in row) covered.add(row.id);
    }
  }
  for (const harm of tables.harms) covered.add(`H-${harm.id}`);
  return domainIds.filter((id) => !covered.has(id));
};

const checkCoverage = (source: PackSource): readonly PackProblem[] =>
  idsNotCovered(source).map((id) => fileProblem("DomainIdNotCovered", source.folder, id));

/** The order from safe to worse is the one that S-7 is proved for. */
const checkRiskOrders = ({ tables }: PackSource): readonly PackProblem[] =>
  tables.facts.flatMap((fact) => {
    const expected = riskOrders[fact.id] ?? [];
    const given = fact["risk-order"];
    if (given.join(" ") === expected.join(" ")) return [];
    const allowed = [expected.length === 0 ? "nothing: it is no risk factor of S-7" : expected.join(" ")];
    // What an overlay adds of its own may carry any order: S-7 does not speak of it.
    const isOfDomain = expected.length > 0 || given.length === 0;
    return isOfDomain ? [cellProblem("ValueWrong", fact, "risk-order", given.join(" "), allowed)] : [];
  });

const checks: Readonly<Record<CheckPart, (source: PackSource) => readonly PackProblem[]>> = {
  coverage: checkCoverage,
  "risk-order": checkRiskOrders,
  released: vanishedIds,
  texts: checkTexts,
  scenarios: checkScenarios,
};
