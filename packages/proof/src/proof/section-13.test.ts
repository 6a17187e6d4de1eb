/** What section 13 defines, what an overlay may change, and how a result reads. */

import { operation } from "@amana/pathway";
import { describe, expect, it } from "vitest";
import { compilePack } from "../compile/pack.ts";
import { nationalSource, withCells, withoutRow } from "../testing/national.ts";
import { resultOf } from "../testing/proving.ts";
import { describeResult } from "./describe.ts";
import { countCases, provePack } from "./prove.ts";

const national = nationalSource();

describe("what section 13 defines", () => {
  it.each([
    [
      "gates",
      withoutRow(national, "gate-rules", "R-block-safe"),
      "block-perpetrator is open although what it needs is not all so",
    ],
    [
      "gates",
      withCells(national, "gate-rules", "R-law-wanted", { requires: "wants-law-report is yes and private-now is yes" }),
      "law-report is closed although all it needs is so",
    ],
    [
      "gates",
      withCells(national, "gates", "law-report", { "not-applicable": "age is adult" }),
      "law-report is not-applicable where it is closed",
    ],
    [
      "agreed",
      withoutRow(national, "gate-rules", "R-evidence-agreed"),
      "evidence-by-survivor is open although the purpose evidence is not agreed",
    ],
    [
      "settled",
      withCells(national, "definitions", "law-settled", { when: "law-report-could-escalate is known" }),
      "law-report is open although the risk of escalation is not settled",
    ],
    [
      "possibly-csam",
      withoutRow(national, "gate-rules", "R-held-not-csam"),
      "evidence-held is open for what may be CSAM",
    ],
    [
      "tools",
      withCells(national, "tools", "T-takeitdown", { "open-if": "" }),
      "T-takeitdown is open where it must not be",
    ],
    [
      "tools",
      withCells(national, "tools", "T-t4p", { offered: "platforms is known" }),
      "T-t4p is not offered where it fits",
    ],
    [
      "tools",
      withoutRow(national, "limit-rules", "R-limit-stopncii-private"),
      "T-stopncii is offered without the limit not-private-or-encrypted",
    ],
    [
      "level",
      withCells(national, "risk-rules", "R-medium-spreading", { level: "high" }),
      "the level is high although nothing known makes it so",
    ],
    ["actions", withoutRow(national, "actions", "health-referral"), "the action health-referral is missing"],
    [
      "actions",
      withCells(national, "actions", "request-removal", { gate: "" }),
      "request-removal is listed although content-removal is closed",
    ],
    [
      "contradictions",
      withoutRow(national, "contradictions", "X-family-threat-guardian-safe"),
      "what is said of guardian-unsafe contradicts and is not asked again",
    ],
    [
      "bindings",
      withCells(national, "actions", "request-removal", { act: "none" }),
      "request-removal calls itself none and is removal",
    ],
    [
      "bindings",
      withCells(national, "actions", "file-complaint", { gate: "" }),
      "file-complaint is an act of law-report and stands behind no gate",
    ],
    [
      "bindings",
      withCells(national, "tools", "P-x", { gate: "content-removal" }),
      "P-x stands behind content-removal instead of platform-report",
    ],
    ["vocabulary", withCells(national, "tools", "T-t4p", { id: "T-t4p-app" }), "the tool T-t4p is missing"],
  ] as const)("%s is refuted by a broken pack, and says why", (id, source, broken) => {
    const result = resultOf(source, id);
    expect(result.counterexample).toMatchObject({ broken, isReplayed: true });
  });

  it("catches a level that is not provisional and yet rises", () => {
    const pack = compilePack(national);
    // As a compiler would make it that forgot what may still come to be known: nothing is possible.
    const impossible = pack.nodes.length;
    const riskRules = pack.riskRules.map((rule) => ({ ...rule, possible: impossible }));
    const broken = { ...pack, nodes: [...pack.nodes, [operation.constant, 0]], riskRules };
    expect(provePack(broken, { ids: ["level"] })[0]?.counterexample).toMatchObject({ isReplayed: true });
  });
});

describe("an overlay", () => {
  it("may be more careful than section 13: it is held to what must never open, not to what must", () => {
    const careful = withCells(national, "gate-rules", "R-law-wanted", {
      requires: "wants-law-report is yes and private-now is yes",
    });
    expect(resultOf(careful, "gates", false).state).toBe("proved");
    expect(provePack(compilePack(careful), { isExact: false }).filter((result) => result.state === "refuted")).toEqual(
      [],
    );
  });

  it("may shorten a deadline", () => {
    const sooner = withCells(withCells(national, "levels", "high", { hours: 12 }), "levels", "normal", { hours: 72 });
    expect(provePack(compilePack(sooner), { isExact: false }).filter((result) => result.state === "refuted")).toEqual(
      [],
    );
  });

  it("may not lengthen one", () => {
    expect(resultOf(withCells(national, "levels", "medium", { hours: 72 }), "S-6", false).state).toBe("refuted");
  });
});

describe("the space of all cases", () => {
  it("has every answer to every question, and the missing ones", () => {
    const pack = compilePack(national);
    const some = (ids: readonly string[]) => ({ ...pack, facts: pack.facts.filter(({ id }) => ids.includes(id)) });
    expect(countCases(some(["age"]))).toBe(3n);
    expect(countCases(some(["age", "threat-source"]))).toBe(3n * 33n);
    expect(countCases(pack)).toBeGreaterThan(10n ** 40n);
  });
});

describe("a result in words", () => {
  it("says what is wrong, in which case, and by which rule of the pack", () => {
    const source = withCells(national, "tools", "T-stopncii", { offered: "sexual-content is yes and age is adult" });
    const text = describeResult(compilePack(source), resultOf(source, "S-1")).join("\n");
    expect(text).toContain("REFUTED S-1");
    expect(text).toContain("age is adult");
    expect(text).toContain("nothing else is known");
    expect(text).toContain("The pack's reason: T-stopncii (G-DIG-4)");
  });

  it("says what changed, for a property that compares two cases", () => {
    const source = withCells(national, "gate-rules", "R-evidence-safe-device", {
      requires: "maybe safe-device is yes",
    });
    const text = describeResult(compilePack(source), resultOf(source, "S-7")).join("\n");
    expect(text).toContain("After the change: safe-device is not known any more.");
  });
});
