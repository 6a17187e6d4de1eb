/**
 * The national pack is proved safe; and of every property at least one pack that breaks it is caught, with
 * the facts that matter and no others. A property that has never been seen to fail proves nothing.
 */

import { describe, expect, it } from "vitest";
import { compilePack } from "../compile/pack.ts";
import { emptyCircuit, evaluateCircuit } from "../circuit/circuit.ts";
import { freeCase, inputsFor } from "../encoding/facts.ts";
import { properties } from "../properties/index.ts";
import { type World, caseOf } from "../properties/property.ts";
import { nationalSource, withCells, withRows, withoutRow } from "../testing/national.ts";
import { counterexampleTo, resultOf } from "../testing/proving.ts";
import { randomCase, randomFrom } from "../testing/random-case.ts";
import { describeResult } from "./describe.ts";
import { provePack } from "./prove.ts";

const national = nationalSource();

const allAssessed = { "digital-risk-assessed": "yes", "physical-safety-assessed": "yes" };

describe("the national pack", () => {
  const pack = compilePack(national);
  const results = provePack(pack);

  it.each(results.map((result) => [result.id, result] as const))("is proved for %s", (_id, result) => {
    expect(describeResult(pack, result).join("\n")).toMatch(/^proved/);
  });

  it("is proved for S-1 to S-14 and for what section 13 defines", () => {
    const ids = results.map((result) => result.id);
    expect(ids.slice(0, 14)).toEqual(Array.from({ length: 14 }, (_, place) => `S-${String(place + 1)}`));
    expect(ids.slice(14)).toEqual([
      "gates",
      "agreed",
      "settled",
      "possibly-csam",
      "tools",
      "level",
      "actions",
      "contradictions",
      "bindings",
      "vocabulary",
    ]);
  });

  it("property: breaks no sentence in random cases either, so that a mistake of the solver would show", () => {
    const circuit = emptyCircuit();
    const any = caseOf(circuit, pack, freeCase(circuit, pack));
    const world: World = { circuit, pack, any, isExact: true, cases: new Map(), below: null };
    const claims = properties.flatMap((property) => property.claims(world));
    const random = randomFrom(5);
    for (let round = 0; round < 300; round++) {
      const facts = randomCase(pack, random, [0.1, 0.4, 0.8, 1][round % 4] ?? 1);
      const worth = evaluateCircuit(circuit, inputsFor(circuit, pack, any.literals, facts));
      expect(claims.filter(({ when }) => worth(when)).map(({ broken }) => broken)).toEqual([]);
    }
  });
});

describe("S-1", () => {
  it("catches StopNCII offered without asking the age in the image", () => {
    const offered = "sexual-content is yes and age is adult and maybe survivor-holds-copy is yes";
    const found = counterexampleTo(withCells(national, "tools", "T-stopncii", { offered }), "S-1");
    expect(found.facts).toEqual({ "sexual-content": "yes", age: "adult" });
    expect(found.broken).toBe("T-stopncii is offered although someone is or may be under 18");
  });

  it("catches StopNCII offered where the image is of a child", () => {
    const offered =
      "sexual-content is yes and age is adult and age-in-image is known and maybe survivor-holds-copy is yes";
    const found = counterexampleTo(withCells(national, "tools", "T-stopncii", { offered }), "S-1");
    expect(found.facts).toEqual({ "sexual-content": "yes", age: "adult", "age-in-image": "child" });
  });

  it("catches Take It Down offered to adults, and for material that is not sexual", () => {
    const toAdults = "sexual-content is yes and maybe survivor-holds-copy is yes";
    expect(counterexampleTo(withCells(national, "tools", "T-takeitdown", { offered: toAdults }), "S-1").facts).toEqual({
      ...{ "sexual-content": "yes", age: "adult", "age-in-image": "adult" },
    });
    const notSexual = "age is child and maybe survivor-holds-copy is yes and sexual-content is known";
    expect(
      counterexampleTo(withCells(national, "tools", "T-takeitdown", { offered: notSexual }), "S-1").facts,
    ).toMatchObject({
      "sexual-content": "no",
    });
  });

  it("holds a fingerprint tool of another name to the rule for adults", () => {
    const twin = withRows(national, "tools", (row) => (row.id === "T-takeitdown" ? { ...row, id: "T-other" } : row));
    expect(counterexampleTo(twin, "S-1").about).toEqual({ part: "tool", id: "T-other" });
  });
});

describe("S-2", () => {
  it("catches an unknown age treated as adult", () => {
    const found = counterexampleTo(
      withCells(national, "definitions", "track-adult", { when: "maybe age is adult" }),
      "S-2",
    );
    expect(found.facts).toEqual({});
  });

  it("catches a gate that opens on an adult's consent while age is not known", () => {
    const when = "(maybe age is adult and consent-removal is yes) or (age is child and @child-agreed-removal)";
    const found = counterexampleTo(withCells(national, "definitions", "agreed-removal", { when }), "S-2");
    expect(found.facts).toMatchObject({ "consent-removal": "yes", ...allAssessed });
    expect(found.facts).not.toHaveProperty("age");
  });
});

describe("S-3", () => {
  it("catches evidence preserved where it may be CSAM", () => {
    const found = counterexampleTo(withCells(national, "action-rules", "R-preserve", { when: "always" }), "S-3");
    expect(found.broken).toBe("preserve-evidence lets the survivor capture what may be CSAM");
    expect(found.facts).not.toHaveProperty("harm");
  });

  it("catches a step that uploads pictures to a partner", () => {
    const bare = withRows(national, "tool-steps", (row) =>
      row.tool === "T-t4p" ? { ...row, gate: "", when: "" } : row,
    );
    const found = counterexampleTo(bare, "S-3");
    expect(found.facts).toEqual({});
    expect(found.broken).toContain("of T-t4p lets the survivor upload what may be CSAM");
  });

  it("catches a complaint to the police that would carry pictures", () => {
    const found = counterexampleTo(withoutRow(national, "limit-rules", "R-limit-complaint-images"), "S-3");
    expect(found.about).toEqual({ part: "action", id: "file-complaint" });
  });

  it("catches a partner told nothing about images", () => {
    const found = counterexampleTo(withoutRow(national, "limit-rules", "R-limit-insm-images"), "S-3");
    expect(found).toMatchObject({ facts: {}, about: { part: "tool", id: "T-insm" } });
  });
});

describe("S-4", () => {
  it("catches a gate that opens before the digital risk is assessed", () => {
    const found = counterexampleTo(withoutRow(national, "gate-rules", "R-removal-digital-risk"), "S-4");
    expect(found.facts).toMatchObject({ "physical-safety-assessed": "yes" });
    expect(found.facts).not.toHaveProperty("digital-risk-assessed");
  });

  it("catches a digital act that stands behind no gate", () => {
    const found = counterexampleTo(withCells(national, "actions", "secure-accounts", { gate: "" }), "S-4");
    expect(found).toMatchObject({ facts: {}, about: { part: "action", id: "secure-accounts" } });
  });

  it("catches a tool that is open behind the wrong gate", () => {
    const found = counterexampleTo(withCells(national, "tools", "T-insm", { gate: "law-report" }), "S-4");
    expect(found).toMatchObject({ about: { part: "tool", id: "T-insm" } });
  });
});

describe("S-5", () => {
  it("catches a complaint without the legal assessment", () => {
    const found = counterexampleTo(withoutRow(national, "gate-rules", "R-law-risk-assessed"), "S-5");
    expect(found.facts).toMatchObject({ "wants-law-report": "yes" });
    expect(found.facts).not.toHaveProperty("legal-risk-assessed");
  });

  it("catches a child who would go alone", () => {
    const adultsOnly = "wants-law-report is yes and age is adult";
    let source = withCells(national, "action-rules", "R-accompany-wanted", { when: adultsOnly });
    source = withCells(source, "action-rules", "R-accompany-open", { when: "@open:law-report and age is adult" });
    const found = counterexampleTo(source, "S-5");
    expect(found.broken).toContain("would go alone");
    expect(found.facts["age"]).not.toBe("adult");
  });

  it("catches an answer that does not say that doing nothing is a choice", () => {
    const found = counterexampleTo(
      withCells(national, "action-rules", "R-options-always", { when: "asking is known" }),
      "S-5",
    );
    expect(found).toMatchObject({ facts: {}, about: { id: "explain-options" } });
  });
});

describe("S-6", () => {
  it("catches a high factor that makes the level only medium", () => {
    const found = counterexampleTo(
      withCells(national, "risk-rules", "R-high-credible-threat", { level: "medium" }),
      "S-6",
    );
    expect(found).toMatchObject({
      facts: { "credible-threat": "yes" },
      broken: "a high factor does not make the level high",
    });
  });

  it("catches a danger without its referral", () => {
    const found = counterexampleTo(withoutRow(national, "action-rules", "R-protection-honour"), "S-6");
    expect(found.facts).toEqual({ "honour-violence-risk": "yes" });
  });

  it("catches a medium factor that leaves the level normal", () => {
    expect(counterexampleTo(withoutRow(national, "risk-rules", "R-medium-exposure"), "S-6").facts).toHaveProperty(
      "content-exposure",
    );
  });

  it("catches a level of high without 24 hours", () => {
    expect(counterexampleTo(withCells(national, "levels", "high", { hours: 36 }), "S-6").broken).toContain(
      "longer than",
    );
  });

  it("catches an action more urgent than the deadline", () => {
    // Behind a gate an action's own urgency does not shorten the case's deadline.
    const found = counterexampleTo(withCells(national, "action-rules", "R-accounts", { urgency: "48h" }), "S-6");
    expect(found.broken).toBe("the deadline is longer than that of secure-accounts (48h)");
  });
});

describe("S-7", () => {
  it("catches a gate that opens when a risk turns worse, with both cases", () => {
    const requires = "wants-law-report is yes or credible-threat is yes";
    const found = counterexampleTo(withCells(national, "gate-rules", "R-law-wanted", { requires }), "S-7");
    expect(found.broken).toMatch(/^law-report is opened when credible-threat (turns from no to yes|is forgotten)$/);
    expect(found.factsAfter).toBeDefined();
  });

  it("catches a level that falls when a risk turns worse", () => {
    const when = "content-exposure is threatened/private";
    const found = counterexampleTo(withCells(national, "risk-rules", "R-medium-exposure", { when }), "S-7");
    expect(found.broken).toMatch(
      /^the level is lowered when content-exposure turns from (threatened|private) to public$/,
    );
    expect(found.facts).toHaveProperty("content-exposure");
    expect(found.factsAfter).toEqual({ ...found.facts, "content-exposure": "public" });
  });

  it("catches a gate that opens when a fact is forgotten", () => {
    const requires = "maybe safe-device is yes";
    const found = counterexampleTo(withCells(national, "gate-rules", "R-evidence-safe-device", { requires }), "S-7");
    expect(found.broken).toBe("evidence-by-survivor is opened when safe-device is forgotten");
    expect(found.facts["safe-device"]).toBe("no");
    expect(found.factsAfter).not.toHaveProperty("safe-device");
  });

  it("catches a deadline that grows when a fact is forgotten", () => {
    const when = "immediate-danger is yes and trusted-ally is known";
    let source = withRows(national, "risk-rules", (row) => (row.level === "high" ? { ...row, when } : row));
    source = withRows(source, "action-rules", (row) => ({ ...row, urgency: "follows" }));
    const compiled = compilePack(source);
    // A possible condition that forgets that the unknown may come to be known, as a mistaken compiler would make it.
    const riskRules = compiled.riskRules.map((rule) => ({ ...rule, possible: rule.node }));
    const [result] = provePack({ ...compiled, riskRules }, { ids: ["S-7"] });
    expect(result?.counterexample?.broken).toMatch(/^the deadline is lengthened when .* is forgotten$/);
  });
});

describe("S-8", () => {
  it("catches a referral that is not for now", () => {
    const found = counterexampleTo(
      withCells(national, "action-rules", "R-mental-health-imminent", { urgency: "24h" }),
      "S-8",
    );
    expect(found.facts).toEqual({ "suicide-or-self-harm": "imminent" });
  });
});

describe("S-9", () => {
  it("catches a guardian who is asked without being known to be safe", () => {
    const found = counterexampleTo(
      withCells(national, "gate-rules", "R-guardian-safe", { requires: "maybe guardian-unsafe is no" }),
      "S-9",
    );
    expect(found.facts).toEqual({ age: "child" });
  });
});

describe("S-10", () => {
  it("catches a removal that the responder requests", () => {
    const found = counterexampleTo(withCells(national, "actions", "request-removal", { actor: "responder" }), "S-10");
    expect(found.broken).toBe("request-removal is done by the responder");
    expect(found.facts).toMatchObject({ "wants-removal": "yes" });
  });

  it("catches a report step that the responder does", () => {
    const source = withRows(national, "tool-steps", (row) =>
      row.tool === "P-x" && row.step === 4 ? { ...row, actor: "responder" } : row,
    );
    expect(counterexampleTo(source, "S-10").broken).toBe("step 4 of P-x is done by the responder");
  });
});

describe("S-11", () => {
  it("catches removal that stands before evidence", () => {
    const rows = national.tables.actions;
    const removal = rows.filter((row) => row.id === "request-removal");
    const others = rows.filter((row) => row.id !== "request-removal");
    const found = counterexampleTo(
      { ...national, tables: { ...national.tables, actions: [...removal, ...others] } },
      "S-11",
    );
    expect(found.broken).toMatch(/^request-removal stands before (preserve-evidence|note-addresses)$/);
    expect(found.facts).toMatchObject({
      ...allAssessed,
      "wants-removal": "yes",
      "evidence-safe-to-keep": "yes",
      "safe-device": "yes",
    });
  });
});

describe("S-12", () => {
  it("names a rule that can never fire and a gate that can never open", () => {
    const silent = withCells(national, "risk-rules", "R-medium-escalating", {
      when: "escalating is yes and escalating is no",
    });
    expect(resultOf(silent, "S-12")).toMatchObject({
      state: "refuted",
      missing: ["the rule R-medium-escalating can never fire"],
    });
    const shut = withCells(national, "gate-rules", "R-held-volunteered", { requires: "never" });
    expect(resultOf(shut, "S-12").missing).toContain("the gate evidence-held can never open");
  });

  it("catches a reason that names no section of the guide", () => {
    const found = counterexampleTo(
      withCells(national, "risk-rules", "R-high-offline-abuse", { source: ["practice"] }),
      "S-12",
    );
    expect(found).toMatchObject({
      facts: { "offline-abuse": "yes" },
      broken: "the reason R-high-offline-abuse names no section of the guide",
    });
  });

  it("notes a fact that nobody uses", () => {
    const unused = withRows(national, "contact-rules", (row) => ({
      ...row,
      when: row.when.includes("gender") ? "always" : row.when,
    }));
    const source = withoutRow(unused, "limit-rules", "R-limit-adapt-men");
    expect(resultOf(source, "S-12").notes).toContain("nothing rests on the fact gender");
  });
});

describe("S-13", () => {
  it("catches contacts left out while the region is not known", () => {
    const found = counterexampleTo(withCells(national, "definitions", "shows-kri", { when: "region is kri" }), "S-13");
    expect(found.facts).toEqual({});
    expect(found.broken).toContain("is left out");
  });

  it("catches contacts of the other region", () => {
    const found = counterexampleTo(withCells(national, "definitions", "shows-federal", { when: "always" }), "S-13");
    expect(Object.keys(found.facts)).toHaveLength(1);
    expect(found.broken).toContain("known to be elsewhere");
  });

  it("catches 911 put first where the guide does not give it", () => {
    const found = counterexampleTo(
      withCells(national, "contact-rules", "R-call-911-danger", { when: "always" }),
      "S-13",
    );
    expect(found).toMatchObject({ about: { part: "contact", id: "A-911" } });
  });
});

describe("S-14", () => {
  it("catches abuse of a child offline that does not call child protection", () => {
    const found = counterexampleTo(withoutRow(national, "action-rules", "R-child-offline-abuse"), "S-14");
    expect(found).toMatchObject({
      facts: { "offline-abuse": "yes" },
      broken: "the abuse of a child does not call child protection now",
    });
  });

  it("catches sexual material of a child that does not make the level high", () => {
    const found = counterexampleTo(
      withCells(national, "risk-rules", "R-high-child-sexual-material", {
        when: "sexual-content is yes and age is child",
      }),
      "S-14",
    );
    expect(found.facts).toEqual({ "sexual-content": "yes", "age-in-image": "child" });
  });

  it("catches an unsafe guardian of a child who is left at normal", () => {
    const found = counterexampleTo(withoutRow(national, "risk-rules", "R-medium-guardian-unsafe"), "S-14");
    expect(found.facts).toEqual({ "guardian-unsafe": "yes" });
  });
});
