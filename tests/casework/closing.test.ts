/** The last weeks of a case on its screens: what is held, what came of a referral, and what closing asks for. */

import { assert } from "@amana/kernel";
import { describe, expect, test } from "vitest";
import { fieldsOf } from "../../apps/casework/src/forms/commands.ts";
import { missingIn } from "../../apps/casework/src/forms/fields.ts";
import type { Act, Card, Section } from "../../apps/casework/src/case/screen.ts";
import { summaryOf } from "../../apps/casework/src/worker/views/print-summary.ts";
import { caseViewOf } from "../../apps/casework/src/worker/views/section.ts";
import {
  adultReadyToAct,
  closeCase,
  consent,
  recordFact,
  referralTo,
  takedown,
  withdraw,
} from "../../packages/casefile/src/testing/commands.ts";
import { itemOf, nasrin, shilan, startAt } from "../../packages/casefile/src/testing/people.ts";
import { must, type World } from "../../packages/casefile/src/testing/world.ts";
import { actsIn, seenBy, worldWith } from "./seen.ts";

const sectionOf = (world: World, section: Section) => caseViewOf(seenBy(world, shilan), section).section;

const cardsOf = (world: World, section: Section, title: string): readonly Card[] => {
  const view = sectionOf(world, section);
  assert("blocks" in view, "The section must be made of blocks.");
  return view.blocks.filter((block) => block.title === title).flatMap(({ cards }) => cards);
};

const closing = (world: World): Act => {
  const found = actsIn(sectionOf(world, "closure")).find(({ form }) => form === "CloseCase");
  assert(found !== undefined, "Closing must be on the screen.");
  return found;
};

const assessed = (world: World): void => {
  adultReadyToAct(world);
  must(world, shilan, { type: "AssessRisk" });
  must(world, shilan, { type: "RecordRiskResponse", measures: "A plan." });
};

describe("closing", () => {
  test("is open while a request for removal waits, and asks there who goes on looking", () => {
    const world = worldWith((each) => {
      assessed(each);
      must(each, shilan, consent("removal", "T-insm"));
    });
    expect(closing(world)).toMatchObject({ closed: undefined });
    const asks = (): boolean => {
      const { form, given, needs } = closing(world);
      return missingIn(fieldsOf(form, given, needs), closeCase()).includes("takedownPlan");
    };
    expect(asks()).toBe(false);
    must(world, shilan, takedown("T-insm", startAt));
    expect(closing(world).closed).toBeUndefined();
    expect(asks()).toBe(true);
    // What is dangerous still keeps it closed.
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "He came." });
    expect(closing(world).closed).toEqual({ type: "ClosureBlocked", by: ["risk-clock", "level-high"] });
  });
});

describe("what is held as an exception", () => {
  const holding = (): World =>
    worldWith((world) => {
      adultReadyToAct(world);
      for (const fact of ["material-volunteered", "material-critical-to-safety"])
        must(world, shilan, recordFact(fact, "yes"));
      must(world, shilan, consent("evidence", "survivor-side"));
      must(world, shilan, consent("evidence", "own-organisation"));
      const because = "It shows the threat.";
      const exception = must(world, shilan, { type: "ProposeEvidenceException", because, criticalToSafety: because });
      must(world, nasrin, { type: "Approve", proposal: exception, what: "evidence-exception" });
      const received = { type: "RecordEvidenceReceived", exception, receivedAt: startAt } as const;
      must(world, shilan, { ...received, item: itemOf("e-1"), what: "messages" });
      must(world, shilan, { ...received, item: itemOf("e-2"), what: "document" });
    });
  const held = (world: World) => cardsOf(world, "content", "block.exception").slice(1);

  test("says of each item what it is, since when and by whom, and once it was given back, why (G-EVID-3)", () => {
    const world = holding();
    expect(held(world).map(({ title }) => title)).toEqual([
      { kind: "option", field: "what", value: "messages" },
      { kind: "option", field: "what", value: "document" },
    ]);
    for (const { rows } of held(world)) {
      expect(rows).toContainEqual({
        label: { kind: "word", key: "field.receivedAt" },
        value: { kind: "moment", at: startAt },
      });
      expect(JSON.stringify(rows)).toContain(shilan.person);
    }
    must(world, shilan, { type: "RecordEvidenceReturned", item: itemOf("e-2"), because: "She asked for it." });
    expect(JSON.stringify(held(world)[0]?.rows)).not.toContain("She asked for it.");
    expect(JSON.stringify(held(world)[1]?.rows)).toContain("She asked for it.");
  });

  test("is not what the pathway tells to hold once the person takes back that we do, whatever they keep themselves (G-CONS-2)", () => {
    const world = holding();
    const gate = (): string | undefined => {
      const view = sectionOf(world, "now");
      assert(view.kind === "now", "The section must be the first.");
      return view.answer.gates["evidence-held"]?.state;
    };
    expect(gate()).toBe("open");
    must(world, shilan, withdraw("evidence", "own-organisation"));
    expect(gate()).toBe("closed");
  });
});

describe("a referral", () => {
  test("tells what was given and how the survivor found it, and in a closed case offers no step that is none (G-CM-3)", () => {
    const world = worldWith((each) => {
      assessed(each);
      must(each, shilan, consent("referral", "the-clinic", { mayShare: ["fact:harm", "safe-contact"] }));
      must(each, shilan, referralTo("the-clinic"));
    });
    const referral = itemOf("referral-1");
    must(world, shilan, { type: "SendReferral", referral });
    must(world, shilan, { type: "RecordReferralAnswer", referral, answer: "accepted", answeredBy: "Dr Runak" });
    must(world, shilan, { type: "RecordReferralDone", referral, given: "Three talks.", feedback: "They listened." });
    must(world, shilan, { type: "CloseReferral", referral, because: "She needs no more." });
    const card = (): Card | undefined => cardsOf(world, "services", "block.referrals")[0];
    for (const said of ["Dr Runak", "Three talks.", "They listened.", "She needs no more."])
      expect(JSON.stringify(card()?.rows)).toContain(said);
    // Whoever finds a paper finds nobody by it.
    const paper = JSON.stringify(summaryOf(seenBy(world, shilan)));
    expect(paper).toContain("Three talks.");
    expect(paper).not.toContain("Dr Runak");
    must(world, shilan, closeCase());
    expect(card()?.acts).toEqual([]);
  });
});
