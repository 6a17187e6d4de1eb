/** Follow-ups, due until they are done, and notes, corrected beside what they correct. */

import { beforeEach, describe, expect, test } from "vitest";
import { detailTexts } from "../survivor/details.ts";
import { isClosed } from "../closure/closure.ts";
import { closeCase, consent, openCase, recordFact } from "../testing/commands.ts";
import { hours, itemOf, nasrin, omar, shilan, startAt } from "../testing/people.ts";
import { type World, dueKinds, errorOf, meet, must, newWorld, part, refusal, wholeCase } from "../testing/world.ts";
import { due } from "../views/due.ts";
import { openFollowUps } from "./follow-ups.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

describe("follow-ups and notes", () => {
  beforeEach(() => void must(world, shilan, openCase));
  const followUp = itemOf("f-1");
  const progress = {
    safety: "better",
    health: "same",
    psychosocial: "worse",
    justice: "not-discussed",
    other: "same",
  } as const;

  test("a follow-up is due until it is done, and one that was missed gets a new date (G-LAW-7)", () => {
    expect(refusal(world, shilan, { type: "PlanFollowUp", followUp, about: "call", dueAt: startAt })).toBe(
      "MomentWrong",
    );
    expect(refusal(world, shilan, { type: "RecordFollowUp", followUp, doneAt: startAt, progress })).toBe("NotThere");
    expect(refusal(world, shilan, { type: "RecordMissedFollowUp", followUp, because: "?", nextDueAt: hours(2) })).toBe(
      "NotThere",
    );
    must(world, shilan, { type: "PlanFollowUp", followUp, about: "call", dueAt: hours(20) });
    expect(dueKinds(world, hours(21))).toContain("follow-up");
    expect(refusal(world, shilan, { type: "RecordMissedFollowUp", followUp, because: "?", nextDueAt: startAt })).toBe(
      "MomentWrong",
    );
    must(world, shilan, { type: "RecordMissedFollowUp", followUp, because: "No answer.", nextDueAt: hours(40) });
    expect(openFollowUps(wholeCase(world))).toEqual([{ followUp, dueAt: hours(40) }]);
    expect(refusal(world, shilan, { type: "RecordFollowUp", followUp, doneAt: hours(1), progress })).toBe(
      "MomentWrong",
    );
    must(world, shilan, { type: "RecordFollowUp", followUp, doneAt: startAt, progress });
    expect(openFollowUps(wholeCase(world))).toEqual([]);
  });

  test("one marked it done while another set a new date: it stays open, at the earliest date", () => {
    must(world, shilan, { type: "PlanFollowUp", followUp, about: "call", dueAt: hours(20) });
    part(world, shilan, omar, nasrin);
    must(world, shilan, { type: "RecordFollowUp", followUp, doneAt: startAt, progress });
    must(world, omar, { type: "RecordMissedFollowUp", followUp, because: "No answer.", nextDueAt: hours(40) });
    must(world, nasrin, { type: "RecordMissedFollowUp", followUp, because: "No answer.", nextDueAt: hours(30) });
    meet(world);
    expect(openFollowUps(wholeCase(world))).toEqual([{ followUp, dueAt: hours(30) }]);
  });

  test("a note is corrected beside what it corrects", () => {
    must(world, shilan, recordFact("age", "adult"));
    must(world, shilan, consent("store-file", "own-organisation"));
    const note = itemOf("n-1");
    expect(refusal(world, shilan, { type: "CorrectNote", note, text: "x", because: "y" })).toBe("NotThere");
    must(world, shilan, { type: "WriteNote", note, about: "safety", text: "She came alone." });
    expect(refusal(world, shilan, { type: "WriteNote", note, about: "safety", text: "Again." })).toBe("AlreadyThere");
    must(world, shilan, { type: "CorrectNote", note, text: "She came with her sister.", because: "Misremembered." });
    expect(wholeCase(world).notes.saidById.get(note)).toHaveLength(2);
    must(world, shilan, {
      type: "RecordDetail",
      field: "name",
      saidBy: "survivor",
      value: { kind: "given", text: "Hala" },
    });
    must(world, shilan, {
      type: "RecordDetail",
      field: "religion",
      saidBy: "survivor",
      value: { kind: "skipped", because: "not-needed" },
    });
    expect(detailTexts(wholeCase(world), "name")).toEqual(["Hala"]);
    expect(detailTexts(wholeCase(world), "religion")).toEqual([]);
  });
});

describe("a contact at which it had got worse (G-CM-4, G-LAW-7)", () => {
  const followUp = itemOf("f-1");
  const same = {
    safety: "same",
    health: "same",
    psychosocial: "same",
    justice: "not-discussed",
    other: "same",
  } as const;
  const plan = (id = followUp): void =>
    void must(world, shilan, { type: "PlanFollowUp", followUp: id, about: "call", dueAt: hours(200) });
  const met = (progress: Partial<Record<keyof typeof same, "better" | "worse">>, by = shilan, id = followUp): void =>
    void must(world, by, { type: "RecordFollowUp", followUp: id, doneAt: startAt, progress: { ...same, ...progress } });
  const worse = (at = world.now) => due(wholeCase(world), at).filter(({ kind }) => kind === "got-worse");

  beforeEach(() => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "AssessRisk" });
    plan();
  });

  test.each(["safety", "health", "psychosocial", "justice", "other"] as const)(
    "in %s, asks for the level to be assessed again within a day of its being told",
    (area) => {
      met({});
      expect(dueKinds(world, hours(24 * 31))).toContain("reassessment");
      world.now = hours(5);
      met({ [area]: "worse" });
      expect(worse(hours(29))).toMatchObject([{ about: "risk", dueAt: hours(29), when: "due" }]);
      expect(dueKinds(world, hours(24 * 31))).not.toContain("reassessment");
      must(world, shilan, { type: "AssessRisk" });
      expect(worse()).toEqual([]);
    },
  );

  test("is answered by whoever speaks on the level and had seen it, and by nobody else", () => {
    part(world, shilan, omar, nasrin);
    met({ safety: "worse" }, omar);
    must(world, shilan, { type: "AssessRisk" });
    meet(world);
    expect(worse()).toHaveLength(1);
    must(world, nasrin, { type: "RaiseRisk", level: "medium", because: "She is afraid." });
    expect(worse()).toEqual([]);
  });

  test("told twice, is due since the first time; corrected, it is none", () => {
    met({ safety: "worse" });
    world.now = hours(9);
    met({ safety: "worse", health: "worse" });
    expect(worse()).toMatchObject([{ dueAt: hours(24) }]);
    met({});
    expect(worse()).toEqual([]);
  });

  test("is never put off by it where it was due before", () => {
    world.now = hours(24 * 40);
    met({ safety: "worse" });
    expect(worse()).toMatchObject([{ dueAt: hours(24 * 30), when: "overdue" }]);
  });

  test("keeps whoever knows of it from closing, and undoes no closing", () => {
    met({ safety: "worse" });
    expect(errorOf(world, shilan, closeCase())).toEqual({ type: "ClosureBlocked", by: ["risk-not-assessed"] });
    must(world, shilan, { type: "AssessRisk" });
    part(world, shilan, omar);
    met({ safety: "worse" }, omar);
    must(world, shilan, closeCase());
    meet(world);
    expect(isClosed(wholeCase(world))).toBe(true);
  });
});
