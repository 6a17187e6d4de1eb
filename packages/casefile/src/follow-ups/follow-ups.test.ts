/** Follow-ups, due until they are done, and notes, corrected beside what they correct. */

import { beforeEach, describe, expect, test } from "vitest";
import { detailTexts } from "../survivor/details.ts";
import { consent, openCase, recordFact } from "../testing/commands.ts";
import { hours, itemOf, nasrin, omar, shilan, startAt } from "../testing/people.ts";
import { type World, dueKinds, meet, must, newWorld, part, refusal, wholeCase } from "../testing/world.ts";
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
