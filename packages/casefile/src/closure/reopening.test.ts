/** What keeps a case open and what opens it again. */

import { beforeEach, describe, expect, test } from "vitest";
import { closeCase, consent, openCase, recordFact, referralTo, withdraw } from "../testing/commands.ts";
import { itemOf, nasrin, omar, shilan } from "../testing/people.ts";
import { type World, dueKinds, meet, must, newWorld, part, refusal, tell, wholeCase, write } from "../testing/world.ts";
import { due } from "../views/due.ts";
import { isClosed } from "./closure.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

describe("closing and reopening", () => {
  beforeEach(() => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "AssessRisk" });
  });
  const blocked = (): unknown => {
    const decision = tell(world, shilan, closeCase());
    return decision.ok ? [] : decision.error;
  };

  test("a case closes when nothing dangerous or waiting stands against it", () => {
    must(world, shilan, closeCase());
    expect(isClosed(wholeCase(world))).toBe(true);
    expect(refusal(world, shilan, recordFact("age", "adult"))).toBe("CaseIsClosed");
    expect(refusal(world, shilan, withdraw("statistics", undefined))).toBe("accepted");
    expect(due(wholeCase(world), world.now)).toEqual([]);
    must(world, shilan, { type: "ReopenCase", because: "He is back." });
    expect(isClosed(wholeCase(world))).toBe(false);
    expect(refusal(world, shilan, { type: "ReopenCase", because: "?" })).toBe("CaseNotClosed");
  });

  test("a running clock, a high level, an open referral, a waiting approval and an unanswered point each keep it open", () => {
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "Threats." });
    expect(blocked()).toEqual({ type: "ClosureBlocked", by: ["risk-clock", "level-high"] });
    must(world, shilan, { type: "RecordRiskResponse", measures: "Shelter." });
    expect(blocked()).toEqual({ type: "ClosureBlocked", by: ["level-high"] });
    const proposal = must(world, shilan, { type: "ProposeLowerRisk", level: "normal", because: "He left." });
    expect(blocked()).toEqual({ type: "ClosureBlocked", by: ["level-high", "approval-waiting"] });
    must(world, nasrin, { type: "Approve", proposal, what: "risk-lowering" });
    must(world, shilan, referralTo("the-clinic"));
    expect(blocked()).toEqual({ type: "ClosureBlocked", by: ["referral-open"] });
    must(world, shilan, { type: "RecordSurvivorDeclined", referral: itemOf("referral-1") });
    const unanswered = closeCase({
      checklist: { ...closeCase().checklist, "survivor-agrees": { kind: "no", because: "?" } },
    });
    expect(refusal(world, shilan, unanswered)).toBe("ClosureBlocked");
    expect(refusal(world, shilan, closeCase({ toldCanComeBack: { kind: "no", because: "?" } }))).toBe("ClosureBlocked");
    expect(blocked()).toEqual([]);
  });

  test("where the person cannot be reached, a point may stay unanswered with its reason", () => {
    const gone = closeCase({ reason: "no-contact", toldCanComeBack: { kind: "no", because: "Number dead." } });
    expect(refusal(world, shilan, gone)).toBe("accepted");
  });

  test("a case whose consent was withdrawn is not closed while a provider goes on with it", () => {
    must(world, shilan, recordFact("age", "adult"));
    must(world, shilan, consent("referral", "the-clinic", { mayShare: ["fact:harm", "safe-contact"] }));
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, { type: "SendReferral", referral: itemOf("referral-1") });
    must(world, shilan, withdraw("referral", "the-clinic"));
    expect(blocked()).toEqual({ type: "ClosureBlocked", by: ["referral-open", "withdrawal-to-act-on"] });
  });

  test("closed by one while another reopened or raised the level, the case is open", () => {
    part(world, shilan, omar);
    must(world, shilan, closeCase());
    must(world, omar, { type: "RaiseRisk", level: "medium", because: "He writes again." });
    meet(world);
    expect(isClosed(wholeCase(world))).toBe(false);
    expect(dueKinds(world)).toContain("risk-clock");
  });

  test("closed twice, and reopened by one who had seen only the first, the case is open", () => {
    must(world, shilan, closeCase());
    part(world, shilan, omar);
    must(world, shilan, { type: "ReopenCase", because: "She called." });
    write(world, omar, { ...closeCase(), type: "CaseClosed" });
    meet(world);
    expect(isClosed(wholeCase(world))).toBe(false);
  });

  test("a closed case still owes that evidence held without ground is given back", () => {
    must(world, shilan, closeCase());
    expect(due(wholeCase(world), world.now)).toEqual([]);
  });
});
