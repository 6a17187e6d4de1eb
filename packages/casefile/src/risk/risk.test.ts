/** The level: raised by anyone, lowered by two, its clock counted from the recording. */

import { beforeEach, describe, expect, test } from "vitest";
import { adultReadyToAct, openCase, recordFact } from "../testing/commands.ts";
import { hours, nasrin, omar, rezan, shilan, shilanTablet, stranger } from "../testing/people.ts";
import { type World, meet, must, newWorld, part, refusal, stateOf, wholeCase, write } from "../testing/world.ts";
import { due } from "../views/due.ts";
import { factsOf } from "../views/facts-of.ts";
import { riskFloors, riskLevel } from "./risk.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
  must(world, shilan, openCase);
});

const levelNow = (): string | undefined => riskLevel(wholeCase(world));
const change = { correction: { kind: "changed", because: "He was arrested." } } as const;
const raise = { type: "RaiseRisk", level: "high", because: "Her brother has found out." } as const;
const lower = { type: "ProposeLowerRisk", level: "medium", because: "The brother left the country." } as const;

test("the pathway's answer is recorded with its pack, its version, its reasons and the facts", () => {
  must(world, shilan, recordFact("online-blackmail", "yes"));
  must(world, shilan, { type: "AssessRisk" });
  expect(world.entries.at(-1)?.events[0]).toMatchObject({
    type: "RiskAssessed",
    pack: { id: "stand-in", version: "1.0.0" },
    level: "medium",
    actWithinHours: 48,
    because: [{ rule: "rule-of-medium" }],
    facts: { "online-blackmail": "yes" },
  });
});

test("advice given for other facts than the case holds now is refused", () => {
  const before = world.adviser(stateOf(world, shilan), world.now);
  must(world, shilan, recordFact("online-blackmail", "yes"));
  expect(refusal(world, shilan, { type: "AssessRisk" })).toBe("accepted");
  must(world, shilan, recordFact("online-blackmail", "no", change));
  const stale = world.adviser(stateOf(world, shilan), world.now);
  must(world, shilan, recordFact("online-blackmail", "yes", change));
  world.adviser = () => stale;
  expect(refusal(world, shilan, { type: "AssessRisk" })).toBe("AdviceStale");
  world.adviser = () => undefined;
  expect(refusal(world, shilan, { type: "AssessRisk" })).toBe("AdviceMissing");
  expect(before?.answer.risk.level).toBe("normal");
});

describe("raising and lowering", () => {
  test("a person may raise the level, and not raise it to where it is", () => {
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, { ...raise, level: "medium" });
    expect(levelNow()).toBe("medium");
    expect(refusal(world, shilan, { ...raise, level: "medium" })).toBe("LevelNotHigher");
  });

  test("the level goes down only when another person, a supervisor, approves the lowering", () => {
    must(world, shilan, raise);
    const proposal = must(world, shilan, lower);
    expect(levelNow()).toBe("high");
    expect(refusal(world, shilan, { type: "Approve", proposal, what: "risk-lowering" })).toBe("OwnProposal");
    expect(refusal(world, omar, { type: "Approve", proposal, what: "risk-lowering" })).toBe("NotAuthorised");
    must(world, nasrin, { type: "Approve", proposal, what: "risk-lowering" });
    expect(levelNow()).toBe("medium");
  });

  test("a supervisor does not lower alone", () => {
    must(world, rezan, raise);
    const proposal = must(world, rezan, lower);
    expect(refusal(world, rezan, { type: "Approve", proposal, what: "risk-lowering" })).toBe("OwnProposal");
    // And a client of her own making changes nothing either.
    write(world, rezan, { type: "ApprovalGiven", proposal, what: "risk-lowering" });
    expect(levelNow()).toBe("high");
    expect(wholeCase(world).history.at(-1)?.standing).toEqual({ kind: "without-authority", why: "OwnProposal" });
  });

  test("the same person on another device is still the same person", () => {
    must(world, shilan, raise);
    const proposal = must(world, shilan, lower);
    write(
      world,
      { ...shilanTablet, roles: ["supervisor"] },
      { type: "ApprovalGiven", proposal, what: "risk-lowering" },
    );
    expect(levelNow()).toBe("high");
  });

  test("a refused lowering leaves the level, and a refusal stands over an approval given at the same time", () => {
    must(world, shilan, raise);
    const proposal = must(world, shilan, lower);
    part(world, nasrin, rezan);
    must(world, nasrin, { type: "Approve", proposal, what: "risk-lowering" });
    must(world, rezan, { type: "RefuseApproval", proposal, what: "risk-lowering", because: "He calls every night." });
    meet(world);
    expect(levelNow()).toBe("high");
  });

  test("a lowering does not lower what its author had not seen", () => {
    must(world, shilan, { ...raise, level: "medium" });
    part(world, shilan, omar);
    const proposal = must(world, shilan, { ...lower, level: "normal" });
    must(world, omar, raise);
    meet(world);
    must(world, nasrin, { type: "Approve", proposal, what: "risk-lowering" });
    expect(levelNow()).toBe("high");
  });

  test("a lower answer of the pathway does not lower the level by itself", () => {
    must(world, shilan, recordFact("immediate-danger", "yes"));
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, recordFact("immediate-danger", "no", change));
    must(world, shilan, { type: "AssessRisk" });
    expect(levelNow()).toBe("high");
    const proposal = must(world, shilan, { ...lower, level: "normal" });
    must(world, nasrin, { type: "Approve", proposal, what: "risk-lowering" });
    expect(levelNow()).toBe("normal");
  });

  test("there is nothing to lower before there is a level, nor up to it", () => {
    expect(refusal(world, shilan, lower)).toBe("LevelNotLower");
    must(world, shilan, { ...raise, level: "medium" });
    expect(refusal(world, shilan, lower)).toBe("LevelNotLower");
    expect(refusal(newWorldOpened(), shilan, { type: "RecordRiskResponse", measures: "Called." })).toBe("NotThere");
  });

  test("of two levels given without knowing of each other, the higher stands and both are kept", () => {
    part(world, shilan, omar);
    must(world, shilan, { ...raise, level: "medium" });
    must(world, omar, raise);
    meet(world);
    expect(levelNow()).toBe("high");
    expect(
      riskFloors(wholeCase(world))
        .map(({ level }) => level)
        .sort(),
    ).toEqual(["high", "medium"]);
  });

  test("somebody without a part in the case changes no level", () => {
    write(world, stranger, { type: "RiskRaised", level: "high", because: "Mischief." });
    expect(levelNow()).toBeUndefined();
    expect(wholeCase(world).history.at(-1)?.standing).toEqual({ kind: "without-authority", why: "RoleMissing" });
  });
});

const newWorldOpened = (): World => {
  const opened = newWorld();
  must(opened, shilan, openCase);
  return opened;
};

describe("the clock", () => {
  const clock = (at: number) => due(wholeCase(world), hours(at)).find(({ kind }) => kind === "risk-clock");

  test("high asks for action within 24 hours of the recording, to the minute", () => {
    world.now = hours(1);
    must(world, shilan, raise);
    expect(clock(25)).toMatchObject({ dueAt: hours(25), when: "due" });
    expect(clock(25 + 1 / 60)).toMatchObject({ when: "overdue" });
    expect(clock(24)).toMatchObject({ when: "due" });
  });

  test("medium asks for action within 48 hours", () => {
    must(world, shilan, { ...raise, level: "medium" });
    expect(clock(48)).toMatchObject({ dueAt: hours(48), when: "due" });
    expect(clock(1)).toMatchObject({ when: "coming" });
  });

  test("normal has no clock of its own", () => {
    must(world, shilan, { type: "AssessRisk" });
    expect(clock(1)).toBeUndefined();
  });

  test.each([
    ["high", null, 24],
    ["high", 8784, 24],
    ["high", 4, 4],
    ["medium", null, 48],
    ["normal", 24, 24],
    ["normal", null, null],
  ] as const)("%s with %s hours, whoever wrote it, is to be acted on within %s (S-6)", (level, said, hoursLeft) => {
    const pack = { id: "p", version: "1" };
    write(world, omar, {
      type: "RiskAssessed",
      pack,
      level,
      provisional: false,
      actWithinHours: said,
      because: [],
      facts: {},
    });
    expect(riskFloors(wholeCase(world)).map(({ actWithinHours }) => actWithinHours)).toEqual([hoursLeft]);
  });

  test("assessing again does not start the first clock anew; recording what was done stops it", () => {
    must(world, shilan, raise);
    world.now = hours(20);
    must(world, shilan, recordFact("immediate-danger", "yes"));
    must(world, shilan, { type: "AssessRisk" });
    expect(clock(21)).toMatchObject({ dueAt: hours(24) });
    must(world, shilan, { type: "RecordRiskResponse", measures: "She is with her aunt; the neighbour watches." });
    expect(clock(21)).toBeUndefined();
  });

  test("what was done elsewhere without knowing of a danger does not stop its clock", () => {
    must(world, shilan, { ...raise, level: "medium" });
    part(world, shilan, omar);
    must(world, shilan, { type: "RecordRiskResponse", measures: "A call." });
    must(world, omar, raise);
    meet(world);
    expect(clock(1)).toMatchObject({ dueAt: hours(24) });
  });

  test("a clock starts at the first sight on this device where the author's clock runs ahead", () => {
    must(world, shilan, raise);
    const items = due(wholeCase(world), hours(0), { firstSeenAt: () => hours(-3) });
    expect(items.find(({ kind }) => kind === "risk-clock")).toMatchObject({ dueAt: hours(21) });
    const later = due(wholeCase(world), hours(0), { firstSeenAt: () => hours(3) });
    expect(later.find(({ kind }) => kind === "risk-clock")).toMatchObject({ dueAt: hours(24) });
  });
});

test("what the pathway takes holds no level: the level is its answer", () => {
  adultReadyToAct(newWorld());
  must(world, shilan, raise);
  expect(factsOf(wholeCase(world), world.now)).toEqual({});
});
