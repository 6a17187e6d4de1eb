/**
 * Closed by one while another wrote what would have kept the case open: whatever that was, the case is open, or says what it owes
 * (SECURITY §3, in favour of care).
 */

import { describe, expect, test } from "vitest";
import type { CaseCommand } from "../command.ts";
import { foldCase } from "../evolve.ts";
import {
  adultReadyToAct,
  bestInterests,
  closeCase,
  consent,
  emergencyCall,
  openCase,
  recordFact,
  referralTo,
  takedown,
} from "../testing/commands.ts";
import { hours, itemOf, nasrin, omar, recipientOf, rezan, shilan, startAt } from "../testing/people.ts";
import { type World, meet, must, newWorld, part, refusal, wholeCase } from "../testing/world.ts";
import { due } from "../views/due.ts";
import { isClosed } from "./closure.ts";

/** What another writes meanwhile; each may need what the one before gave. */
type Meanwhile = (world: World) => void;

const told =
  (...commands: readonly CaseCommand[]): Meanwhile =>
  (world) => {
    for (const command of commands) must(world, omar, command);
  };

const change = { correction: { kind: "changed", because: "She said so." } } as const;
const referral = itemOf("referral-1");
const answered = (answer: "accepted" | "declined-by-provider" | "unavailable"): Meanwhile =>
  told(
    referralTo("the-clinic"),
    { type: "SendReferral", referral },
    { type: "RecordReferralAnswer", referral, answer },
  );

const exception: CaseCommand = {
  type: "ProposeEvidenceException",
  because: "Her uncle.",
  criticalToSafety: "A threat.",
};

/** Nobody knows enough to be sure that it is no higher: the answer is normal, and to be acted on within a day. */
const assessedProvisionally: Meanwhile = (world) => {
  const { adviser } = world;
  world.adviser = (state, now) => {
    const advice = adviser(state, now);
    if (advice === undefined) return undefined;
    const risk = { ...advice.answer.risk, level: "normal", provisional: true, actWithinHours: 24 } as const;
    return { ...advice, answer: { ...advice.answer, risk } };
  };
  must(world, omar, { type: "AssessRisk" });
  world.adviser = adviser;
};

const followUp = itemOf("f-1");
const metWorse: readonly CaseCommand[] = [
  { type: "PlanFollowUp", followUp, about: "a call", dueAt: hours(24) },
  {
    type: "RecordFollowUp",
    followUp,
    doneAt: startAt,
    progress: { safety: "worse", health: "same", psychosocial: "same", justice: "same", other: "same" },
  },
];

const meanwhile: readonly (readonly [string, Meanwhile])[] = [
  ["a high level", told({ type: "RaiseRisk", level: "high", because: "Threats." })],
  ["a medium level", told({ type: "RaiseRisk", level: "medium", because: "He writes again." })],
  ["an answer that is provisional and has a clock", assessedProvisionally],
  ["immediate danger", told(recordFact("immediate-danger", "yes", change))],
  ["imminent self-harm", told(recordFact("suicide-or-self-harm", "imminent", change))],
  ["an emergency act", told(recordFact("immediate-danger", "yes", change), emergencyCall())],
  ["a referral that was prepared", told(referralTo("the-clinic"))],
  ["a referral that was sent", told(referralTo("the-clinic"), { type: "SendReferral", referral })],
  ["a referral that was accepted", answered("accepted")],
  ["a referral that was turned down", answered("declined-by-provider")],
  ["a referral that came to nothing", answered("unavailable")],
  ["an exception that waits for its second person", told(exception)],
  ["a request for removal", told(takedown("T-insm", startAt))],
  ["a contact at which it had got worse", told(...metWorse)],
];

/** A case that may be closed, with every consent that what follows rests on. */
const closable = (): World => {
  const world = newWorld();
  adultReadyToAct(world);
  for (const fact of ["immediate-danger", "suicide-or-self-harm"]) must(world, shilan, recordFact(fact, "no"));
  for (const fact of ["material-volunteered", "material-critical-to-safety"])
    must(world, shilan, recordFact(fact, "yes"));
  must(world, shilan, consent("removal", "T-insm"));
  must(world, shilan, consent("evidence", "own-organisation"));
  must(world, shilan, consent("referral", "the-clinic", { mayShare: ["fact:harm", "safe-contact"] }));
  must(world, shilan, { type: "AssessRisk" });
  return world;
};

/** A week later nothing of it is too far ahead to be listed. */
const owed = (world: World): readonly string[] => due(wholeCase(world), hours(24 * 7)).map(({ kind }) => kind);

describe("a closing that rested on a lowering which another supervisor refused meanwhile", () => {
  const raise: CaseCommand = { type: "RaiseRisk", level: "high", because: "Threats." };
  const danger = recordFact("honour-violence-risk", "yes");
  const respond: CaseCommand = { type: "RecordRiskResponse", measures: "She is at her aunt's." };
  const medium: CaseCommand = { ...raise, level: "medium" };

  test.each([
    ["a high level that was acted on", [raise, respond]],
    ["a medium level whose clock ran", [medium]],
    ["a danger that nobody else has weighed", [danger, medium, respond]],
  ] as const)("leaves the case open over %s (G-SAFE-5)", (_what, before) => {
    const world = closable();
    for (const command of before) must(world, omar, command);
    const proposal = must(world, omar, { type: "ProposeLowerRisk", level: "normal", because: "He left." });
    part(world, shilan, nasrin, rezan);
    must(world, rezan, { type: "RefuseApproval", proposal, what: "risk-lowering", because: "He calls every night." });
    must(world, nasrin, { type: "Approve", proposal, what: "risk-lowering" });
    must(world, nasrin, closeCase());
    meet(world);
    expect(isClosed(wholeCase(world))).toBe(false);
    expect(
      foldCase([...world.entries.slice(0, -3), ...world.entries.slice(-2), ...world.entries.slice(-3, -2)]),
    ).toEqual(wholeCase(world));
  });
});

describe("a closing that had not seen", () => {
  test.each(["did-not-come", "awaited"] as const)(
    "that help in an emergency %s leaves the case open (G-CM-3)",
    (help) => {
      const world = closable();
      must(world, omar, recordFact("immediate-danger", "yes", change));
      const acted = must(world, omar, emergencyCall());
      must(world, nasrin, { type: "Approve", proposal: acted, what: "emergency", because: "It could not wait." });
      const asked = { type: "RecordEmergencyFollowUp", emergency: acted } as const;
      must(world, omar, { ...asked, help: "came" });
      must(world, omar, recordFact("immediate-danger", "no", change));
      must(world, omar, { type: "AssessRisk" });
      part(world, shilan, omar);
      must(world, omar, { ...asked, help });
      must(world, shilan, closeCase());
      meet(world);
      expect([isClosed(wholeCase(world)), owed(world).includes("emergency-follow-up")]).toEqual([false, true]);
      expect(foldCase([...world.entries.slice(0, -2), ...world.entries.slice(-2).reverse()])).toEqual(wholeCase(world));
      must(world, shilan, { ...asked, help: "came" });
      expect(isClosed(wholeCase(world))).toBe(true);
    },
  );

  test.each(meanwhile)("%s leaves the case open, or lists what it owes", (_what, write) => {
    const alone = closable();
    must(alone, shilan, closeCase());
    expect([isClosed(wholeCase(alone)), owed(alone)]).toEqual([true, []]);

    const seen = closable();
    write(seen);
    expect(refusal(seen, omar, closeCase())).toBe("ClosureBlocked");

    const world = closable();
    part(world, shilan, omar);
    write(world);
    must(world, shilan, closeCase());
    meet(world);
    expect(isClosed(wholeCase(world)) && owed(world).length === 0).toBe(false);
    expect(foldCase([...world.entries.slice(0, -2), ...world.entries.slice(-2).reverse()])).toEqual(wholeCase(world));
  });

  test("a decision in a child's best interests that waits for its second person lists it", () => {
    const world = newWorld();
    must(world, shilan, { ...openCase, limits: { kind: "told", wording: "child", duties: [] } });
    must(world, shilan, recordFact("age", "child"));
    must(world, shilan, { type: "AssessRisk" });
    part(world, shilan, omar);
    must(world, omar, bestInterests("removal", "T-takeitdown"));
    must(world, shilan, closeCase());
    meet(world);
    expect([isClosed(wholeCase(world)), owed(world)]).toEqual([true, ["approval"]]);
  });

  test("that something had got worse says that it is owed within a day, until it is taken up again and assessed (G-CM-4)", () => {
    const world = closable();
    part(world, shilan, omar);
    told(...metWorse)(world);
    must(world, shilan, closeCase());
    meet(world);
    expect(due(wholeCase(world), hours(1))).toMatchObject([{ kind: "got-worse", about: "risk", dueAt: hours(24) }]);
    expect(refusal(world, omar, { type: "AssessRisk" })).toBe("CaseIsClosed");
    must(world, omar, { type: "ReopenCase", because: "He came back." });
    must(world, omar, { type: "AssessRisk" });
    must(world, omar, closeCase());
    expect([isClosed(wholeCase(world)), owed(world)]).toEqual([true, []]);
  });

  test("that danger is over is the same whether that was told before it or after", () => {
    const world = closable();
    const otherNgo = recipientOf("other-ngo");
    must(world, shilan, consent("referral", otherNgo));
    must(world, shilan, { type: "TransferCase", recipient: otherNgo, fields: [], because: "She moved." });
    must(world, shilan, recordFact("immediate-danger", "yes", change));
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "He is at the door." });
    must(world, shilan, { type: "RecordRiskResponse", measures: "She is at her aunt's." });
    part(world, shilan, omar);
    must(world, omar, recordFact("immediate-danger", "no", change));
    must(world, shilan, closeCase({ reason: "transferred" }));
    meet(world);
    expect(foldCase([...world.entries.slice(0, -2), ...world.entries.slice(-2).reverse()])).toEqual(wholeCase(world));
    expect(isClosed(wholeCase(world))).toBe(true);
  });

  test("danger that was told as over since is closed", () => {
    const world = closable();
    part(world, shilan, omar);
    must(world, omar, recordFact("immediate-danger", "yes", change));
    must(world, shilan, closeCase());
    meet(world);
    expect(isClosed(wholeCase(world))).toBe(false);
    must(world, omar, recordFact("immediate-danger", "no", change));
    expect(isClosed(wholeCase(world))).toBe(true);
  });
});
