/** A danger that is told and that nobody has weighed: it is due, no level hides it, and no case is closed over it. */

import { beforeEach, describe, expect, test } from "vitest";
import { isClosed } from "../closure/closure.ts";
import type { EntryHash } from "../ids.ts";
import { adviceFor } from "../testing/advice.ts";
import { closeCase, openCase, recordFact } from "../testing/commands.ts";
import { hours, nasrin, omar, shilan } from "../testing/people.ts";
import { type World, errorOf, meet, must, newWorld, part, refusal, wholeCase } from "../testing/world.ts";
import { due } from "../views/due.ts";
import { factsOf } from "../views/facts-of.ts";
import { riskLevel } from "./risk.ts";
import { dangersNotWeighed, levelKnown, tellsDanger } from "./weighed.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
  must(world, shilan, openCase);
  must(world, shilan, recordFact("honour-violence-risk", "no"));
});

const change = { correction: { kind: "changed", because: "Her uncle came." } } as const;
const told = (fact: string, value: string, by = shilan): EntryHash => must(world, by, recordFact(fact, value, change));
const assess = (by = shilan): void => void must(world, by, { type: "AssessRisk" });
const lowered = (): void => {
  const proposal = must(world, shilan, { type: "ProposeLowerRisk", level: "normal", because: "He left." });
  must(world, nasrin, { type: "Approve", proposal, what: "risk-lowering" });
};
const toAssess = (at = world.now) => due(wholeCase(world), at).filter(({ kind }) => kind === "risk-not-assessed");

describe("a danger told after the level was assessed (G-SAFE-5, G-CM-4)", () => {
  test("is to be assessed within a day of its being told, to the hour, and no level stands in its place", () => {
    assess();
    expect([toAssess(), levelKnown(wholeCase(world))]).toEqual([[], "normal"]);
    world.now = hours(5);
    told("honour-violence-risk", "yes");
    expect(toAssess(hours(29))).toMatchObject([{ dueAt: hours(29), when: "due" }]);
    expect(toAssess(hours(29 + 1 / 60))).toMatchObject([{ when: "overdue" }]);
    expect([riskLevel(wholeCase(world)), levelKnown(wholeCase(world))]).toEqual(["normal", undefined]);
    assess();
    expect([toAssess(), levelKnown(wholeCase(world))]).toEqual([[], "high"]);
  });

  test("told again, it has been known since the first time; told as over, it is none", () => {
    assess();
    told("honour-violence-risk", "yes");
    world.now = hours(20);
    told("honour-violence-risk", "yes");
    expect(toAssess(hours(24.1))).toMatchObject([{ dueAt: hours(24), when: "overdue" }]);
    told("honour-violence-risk", "no");
    expect(toAssess(hours(30))).toEqual([]);
  });

  test("starts at its first sight here where the author's clock runs ahead (SECURITY §3)", () => {
    assess();
    world.now = hours(90);
    told("honour-violence-risk", "yes");
    const items = due(wholeCase(world), hours(3), { firstSeenAt: () => hours(2) });
    expect(items).toContainEqual(expect.objectContaining({ kind: "risk-not-assessed", dueAt: hours(26) }));
  });

  test("is not weighed by whoever assessed, raised or let the level down without knowing of it", () => {
    assess();
    part(world, shilan, omar, nasrin);
    told("honour-violence-risk", "yes", omar);
    assess(shilan);
    meet(world);
    expect(toAssess()).toHaveLength(1);
    must(world, nasrin, { type: "RaiseRisk", level: "medium", because: "She is afraid." });
    expect(toAssess()).toHaveLength(1);
    must(world, nasrin, { type: "RaiseRisk", level: "high", because: "Her uncle came." });
    expect(toAssess()).toEqual([]);
  });

  test("is asked for at a high level too: what was done for another danger is no answer to this one", () => {
    told("immediate-danger", "yes");
    assess();
    must(world, shilan, { type: "RecordRiskResponse", measures: "She is at her aunt's." });
    told("honour-violence-risk", "yes");
    expect(toAssess()).toHaveLength(1);
    expect(levelKnown(wholeCase(world))).toBe("high");
  });
});

describe("no case is closed over it (S-6)", () => {
  test("by whoever knows of it", () => {
    assess();
    told("honour-violence-risk", "yes");
    expect(refusal(world, shilan, closeCase())).toBe("ClosureBlocked");
    told("honour-violence-risk", "no");
    expect(refusal(world, shilan, closeCase())).toBe("accepted");
  });

  test.each(["immediate-danger", "honour-violence-risk", "credible-threat"])(
    "where a second person let the level down before %s was told",
    (fact) => {
      must(world, shilan, { type: "RaiseRisk", level: "high", because: "He stood at her door." });
      lowered();
      expect(refusal(world, shilan, closeCase())).toBe("accepted");
      told(fact, "yes");
      expect(refusal(world, shilan, closeCase())).toBe("ClosureBlocked");
      assess();
      must(world, shilan, { type: "RecordRiskResponse", measures: "She is at her aunt's." });
      lowered();
      expect(refusal(world, shilan, closeCase())).toBe("accepted");
    },
  );

  test("by whoever did not know of it: the case is open, whichever arrives first", () => {
    assess();
    part(world, shilan, omar);
    told("honour-violence-risk", "yes", omar);
    must(world, shilan, closeCase());
    meet(world);
    expect(isClosed(wholeCase(world))).toBe(false);
    expect(toAssess()).toHaveLength(1);
    told("honour-violence-risk", "no");
    expect(isClosed(wholeCase(world))).toBe(true);
  });
});

describe("a pack that raises the level by an answer of its own (G-FRAME-1, S-6)", () => {
  const own: World["adviser"] = (state, now) => {
    const facts = factsOf(state, now);
    const { risk, ...answer } = adviceFor(facts);
    const level = facts["perpetrator-abroad"] === "yes" ? "high" : risk.level;
    return { facts, answer: { ...answer, risk: { ...risk, level } } };
  };
  const advised = () => own(wholeCase(world), world.now)?.answer.risk.level;
  const dueByRules = () =>
    due(wholeCase(world), world.now, { advised: advised() }).filter(({ kind }) => kind === "risk-not-assessed");

  test("has the level assessed again once the answer is told, and keeps whoever knows of it from closing", () => {
    world.adviser = own;
    assess();
    told("wants-removal", "yes");
    expect([dueByRules(), levelKnown(wholeCase(world), advised())]).toEqual([[], "normal"]);
    told("perpetrator-abroad", "yes");
    expect(dueByRules()).toMatchObject([{ about: "case", when: "due" }]);
    expect([toAssess(), levelKnown(wholeCase(world), advised())]).toEqual([[], undefined]);
    expect(errorOf(world, shilan, closeCase())).toEqual({ type: "ClosureBlocked", by: ["risk-not-assessed"] });
    assess();
    expect([dueByRules(), levelKnown(wholeCase(world), advised())]).toEqual([[], "high"]);
  });

  test("is answered by two persons who let the level down, and by nobody who raised it less", () => {
    world.adviser = own;
    told("perpetrator-abroad", "yes");
    must(world, shilan, { type: "RaiseRisk", level: "medium", because: "He calls." });
    expect(dueByRules()).toHaveLength(1);
    lowered();
    expect(dueByRules()).toEqual([]);
    assess();
    lowered();
    expect([dueByRules(), levelKnown(wholeCase(world), advised())]).toEqual([[], "normal"]);
  });
});

test("what is unknown, safe, or no danger by itself tells of none", () => {
  const tells = (fact: string, value: string | readonly string[] | undefined) => tellsDanger(recordFact(fact, value));
  expect([tells("immediate-danger", undefined), tells("immediate-danger", "no")]).toEqual([false, false]);
  expect([tells("immediate-danger", "perhaps"), tells("wants-removal", "yes")]).toEqual([false, false]);
  expect([tells("harm", ["hacking"]), tells("harm", ["hacking", "csam"])]).toEqual([false, true]);
  expect([tells("content-exposure", "none"), tells("content-exposure", "threatened")]).toEqual([false, true]);
  expect(dangersNotWeighed(wholeCase(world))).toEqual([]);
});
