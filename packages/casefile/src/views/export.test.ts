/** The exported case is what docs/formats/case-events.md §6 says: each of its parts, and every moment a text. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { adultReadyToAct, consent, referralTo, step, takedown } from "../testing/commands.ts";
import { hours, itemOf, omar, shilan } from "../testing/people.ts";
import { must, newWorld, wholeCase } from "../testing/world.ts";
import { type AccessStep, type Json, type LeftOut, exportCase } from "./export.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/formats/case-events.md"), "utf8");
const shape = /## 6\. The exported case\s*```\s*([\s\S]*?)```/.exec(page)?.[1] ?? "";

/** The names at one depth of the page's own shape, in its order. */
const namesAtTop = (text: string): readonly string[] => {
  let depth = 0;
  return text.split(/("[A-Za-z]+"\s*:|[{}[\]])/).flatMap((part) => {
    if (part === "{" || part === "[") depth += 1;
    if (part === "}" || part === "]") depth -= 1;
    const name = /^"([A-Za-z]+)"\s*:$/.exec(part)?.[1];
    return name !== undefined && depth === 1 ? [name] : [];
  });
};

const access: readonly AccessStep[] = [
  {
    ...{ entry: "e1", by: shilan.person, recordedAt: hours(0), given: [shilan.person, omar.person], taken: [] },
    ...{ recoveryKey: "given", standing: "counts" },
  },
  {
    entry: "e2",
    by: undefined,
    recordedAt: undefined,
    given: [],
    taken: [],
    recoveryKey: undefined,
    standing: "unread",
  },
];

const leftOut: readonly LeftOut[] = [{ entry: "e7", kind: "erased" }];

const exported = (): Readonly<Record<string, Json>> => {
  const world = newWorld();
  adultReadyToAct(world);
  must(world, shilan, { type: "RaiseRisk", level: "high", because: "Threats." });
  must(world, shilan, consent("removal", "T-insm"));
  must(world, shilan, takedown("T-insm", hours(0)));
  must(world, shilan, consent("referral", "clinic", { mayShare: ["fact:harm", "safe-contact"] }));
  must(world, shilan, referralTo("clinic"));
  must(world, shilan, step("SendReferral"));
  must(world, shilan, { type: "PlanFollowUp", followUp: itemOf("f-1"), about: "call", dueAt: hours(90) });
  // An export is an object.
  return exportCase(wholeCase(world), hours(100), access, leftOut) as Readonly<Record<string, Json>>;
};

/** Every value with the way to it. */
const valuesIn = (value: Json, path: string): readonly (readonly [string, Json])[] => {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => valuesIn(inner, `${path}.${key}`));
};

describe("the exported case", () => {
  test("has exactly the parts that the page names", () => {
    expect(namesAtTop(shape).length).toBeGreaterThan(20);
    expect([...namesAtTop(shape)].sort()).toEqual(Object.keys(exported()).sort());
  });

  test("has every moment as a text in UTC, and no moment under another name", () => {
    const values = valuesIn(exported(), "");
    const moments = values.filter(([path, value]) => path.endsWith("At") && value !== null);
    expect(moments.length).toBeGreaterThan(30);
    for (const [path, value] of moments)
      expect([path, value]).toEqual([path, expect.stringMatching(/^2026-\d\d-\d\dT.*Z$/)]);
    const isMoment = (value: Json): boolean => typeof value === "number" && Math.abs(value) > 1e11;
    expect(values.filter(([, value]) => isMoment(value)).map(([path]) => path)).toEqual([]);
  });

  test("says who was given the case and who was taken out of it", () => {
    expect(exported()["access"]).toEqual([
      {
        ...{ entry: "e1", by: "shilan", given: ["shilan", "omar"], taken: [] },
        ...{ recordedAt: "2026-11-21T08:00:00.000Z", recoveryKey: "given", standing: "counts" },
      },
      { entry: "e2", given: [], taken: [], standing: "unread" },
    ]);
  });

  test("names every entry that says nothing in it, with the reason", () => {
    expect(exported()["leftOut"]).toEqual([{ entry: "e7", kind: "erased" }]);
  });
});
