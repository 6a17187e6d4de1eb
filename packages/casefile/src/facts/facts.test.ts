/** What is told of a person: corrected with a reason, careful where two say otherwise at once, assessed anew once outdated. */

import { beforeEach, describe, expect, test } from "vitest";
import { assessment, openCase, recordFact } from "../testing/commands.ts";
import { hours, omar, shilan, startAt } from "../testing/people.ts";
import { type World, dueKinds, meet, must, newWorld, part, refusal, wholeCase, write } from "../testing/world.ts";
import { factsOf } from "../views/facts-of.ts";
import { factConflicts, factValue } from "./facts.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

const mistake = { correction: { kind: "mistake", because: "Misheard." } } as const;

describe("facts", () => {
  beforeEach(() => void must(world, shilan, openCase));

  test("a fact is corrected with a reason, and what was said before is kept", () => {
    must(world, shilan, recordFact("age", "adult", { saidBy: "caregiver", wasSoAt: hours(-48) }));
    expect(refusal(world, shilan, recordFact("age", "child"))).toBe("CorrectionReasonMissing");
    must(world, shilan, recordFact("age", "child", mistake));
    expect(factValue(wholeCase(world), "age")).toBe("child");
    expect(wholeCase(world).facts.saidByFact.get("age")).toMatchObject([
      { value: { saidBy: "caregiver", wasSoAt: hours(-48) }, mark: { author: "shilan", recordedAt: startAt } },
      { value: { correction: { kind: "mistake" } } },
    ]);
    // The same answer again corrects nothing.
    expect(refusal(world, shilan, recordFact("age", "child"))).toBe("accepted");
  });

  test.each([
    "consent-removal",
    "assent-law",
    "guardian-consent-digital",
    "best-interests-evidence",
    "digital-risk-assessed",
    "physical-safety-assessed",
    "legal-risk-assessed",
    "evidence-preserved",
    "exception-approved",
  ])("%s is never typed in: the records say it", (fact) => {
    expect(refusal(world, shilan, recordFact(fact, "yes"))).toBe("FactIsDerived");
    write(world, shilan, { ...recordFact(fact, "yes"), type: "FactRecorded" });
    expect(factsOf(wholeCase(world), world.now)).not.toHaveProperty(fact);
  });

  test("a fact that lies ahead is refused", () => {
    expect(refusal(world, shilan, recordFact("age", "adult", { wasSoAt: hours(1) }))).toBe("MomentWrong");
  });

  test.each([
    ["guardian-unsafe", "no", "yes", "yes"],
    ["age", "adult", "child", "child"],
    ["safe-device", "yes", "no", "no"],
    ["suicide-or-self-harm", "risk", "imminent", "imminent"],
    ["content-exposure", "none", "private", "private"],
    ["harm", ["blackmail"], ["csam"], ["blackmail", "csam"]],
    ["wants-removal", "yes", "no", undefined],
    ["gender", "woman-or-girl", "other", undefined],
    ["immediate-danger", "yes", undefined, "yes"],
    ["immediate-danger", "no", undefined, undefined],
    ["harm", ["csam"], undefined, undefined],
    ["harm", ["csam", "hacking"], ["hacking", "csam"], ["csam", "hacking"]],
  ] as const)("of two answers to %s recorded at once, the careful one stands", (fact, one, other, careful) => {
    part(world, shilan, omar);
    must(world, shilan, recordFact(fact, one));
    must(world, omar, recordFact(fact, other));
    meet(world);
    expect(factValue(wholeCase(world), fact)).toEqual(careful);
    expect(wholeCase(world).facts.saidByFact.get(fact)).toHaveLength(2);
    const isConflict = !(
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one[0] === other[1]
    );
    expect(factConflicts(wholeCase(world))).toEqual(isConflict ? [fact] : []);
    expect(dueKinds(world).includes("conflict")).toBe(isConflict);
    if (!isConflict) return;
    must(world, shilan, recordFact(fact, one, mistake));
    expect(factConflicts(wholeCase(world))).toEqual([]);
  });

  test("what the pathway takes leaves out what is not known", () => {
    must(world, shilan, recordFact("age", "adult"));
    must(world, shilan, recordFact("age", undefined, mistake));
    must(world, shilan, recordFact("wants-law-report", "yes"));
    expect(factsOf(wholeCase(world), world.now)).toEqual({ "wants-law-report": "yes" });
  });
});

describe("assessments", () => {
  test("one found outdated is due again, also against somebody who assessed at the same time (G-CM-4)", () => {
    must(world, shilan, openCase);
    expect(refusal(world, shilan, { type: "OutdateAssessment", assessment: "digital-risk", because: "?" })).toBe(
      "NotThere",
    );
    must(world, shilan, assessment("digital-risk"));
    part(world, shilan, omar);
    must(world, shilan, assessment("digital-risk"));
    must(world, omar, { type: "OutdateAssessment", assessment: "digital-risk", because: "He has her new password." });
    meet(world);
    expect(factsOf(wholeCase(world), world.now)["digital-risk-assessed"]).toBe("no");
    expect(dueKinds(world)).toContain("assessment-outdated");
  });
});
