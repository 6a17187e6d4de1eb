/** Scenarios: cases with the answer the guide gives to them. Read here; run in `check/scenarios.ts`. */

import * as v from "valibot";
import { type PackProblem, fileProblem } from "./problem.ts";

const ids = v.optional(v.array(v.string()));

const schema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/)),
  title: v.pipe(v.string(), v.nonEmpty()),
  source: v.pipe(v.string(), v.nonEmpty()),
  facts: v.record(v.string(), v.union([v.string(), v.array(v.string())])),
  expect: v.strictObject({
    track: v.optional(v.picklist(["adult", "child", "child-until-age-known"])),
    level: v.optional(v.picklist(["high", "medium", "normal"])),
    provisional: v.optional(v.boolean()),
    actWithinHours: v.optional(v.nullable(v.number())),
    open: ids,
    closed: ids,
    actions: ids,
    notActions: ids,
    first: v.optional(v.string()),
    offered: ids,
    notOffered: ids,
    firstContact: v.optional(v.string()),
    why: v.optional(v.string()),
  }),
});

/** A scenario with the file it came from. What it expects is partial: only what the guide says of the case. */
export type Scenario = v.InferOutput<typeof schema> & { readonly file: string };

export const scenariosMax = 2000;

/** Reads one file: one scenario, or a list of them. */
export const readScenarios = (
  file: string,
  text: string,
): { readonly scenarios: readonly Scenario[]; readonly problems: readonly PackProblem[] } => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return { scenarios: [], problems: [fileProblem("ScenarioWrong", file, null, ["well-formed JSON"])] };
  }
  const scenarios: Scenario[] = [];
  const problems: PackProblem[] = [];
  const items: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  items.forEach((item, place) => {
    const read = v.safeParse(schema, item);
    if (read.success) {
      scenarios.push({ ...read.output, file });
      return;
    }
    for (const issue of read.issues) {
      const path = v.getDotPath(issue) ?? "";
      const column = Array.isArray(parsed) ? `${String(place)}.${path}` : path;
      const allowed = typeof issue.expected === "string" ? [issue.expected] : [];
      problems.push({ ...fileProblem("ScenarioWrong", file, issue.received, allowed), column });
    }
  });
  return { scenarios, problems };
};
