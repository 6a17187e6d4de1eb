/** What keeps a case open, for whoever closes it and for a closing that arrives from a client of somebody's own making. */

import { beforeEach, describe, expect, test } from "vitest";
import type { CaseEvent } from "../event.ts";
import { foldCase } from "../evolve.ts";
import {
  adultReadyToAct,
  closeCase,
  consent,
  emergencyCall,
  openCase,
  recordFact,
  referralTo,
  takedown,
  withdraw,
} from "../testing/commands.ts";
import { hours, itemOf, nasrin, omar, recipientOf, shilan, startAt } from "../testing/people.ts";
import { type World, meet, must, newWorld, part, refusal, tell, wholeCase, write } from "../testing/world.ts";
import { due } from "../views/due.ts";
import { isClosed } from "./closure.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

const error = (command: Parameters<typeof tell>[2]): unknown => {
  const decision = tell(world, shilan, command);
  return decision.ok ? "accepted" : decision.error;
};
const forged = (more: Parameters<typeof closeCase>[0] = {}): CaseEvent => ({ ...closeCase(more), type: "CaseClosed" });
const dueKinds = (at = world.now): readonly string[] => due(wholeCase(world), at).map(({ kind }) => kind);
const lastStanding = (): unknown =>
  wholeCase(world).history.findLast(({ event }) => event.type === "CaseClosed")?.standing;
const blocked = (...by: readonly string[]) => ({ type: "ClosureBlocked", by });

describe("a forged closing", () => {
  test("whose author had seen a high level and a running clock closes nothing, and is marked (SECURITY §6.2)", () => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "Threats." });
    write(world, omar, forged());
    expect(isClosed(wholeCase(world))).toBe(false);
    expect(dueKinds()).toContain("risk-clock");
    expect(lastStanding()).toEqual({ kind: "without-authority", why: "ClosureBlocked" });
  });

  test.each(["died", "transferred"] as const)("that says %s lets go of no high level", (reason) => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "Threats." });
    must(world, shilan, { type: "RecordRiskResponse", measures: "Shelter." });
    write(world, omar, forged({ reason }));
    expect(isClosed(wholeCase(world))).toBe(false);
  });

  test("is judged by what its author had seen, in whatever order it arrives", () => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "AssessRisk" });
    part(world, shilan, omar);
    must(world, shilan, referralTo("the-clinic"));
    must(world, omar, closeCase());
    meet(world);
    const [referral, closing] = [world.entries.at(-2), world.entries.at(-1)];
    if (referral === undefined || closing === undefined) throw new Error("Two entries were written.");
    const swapped = foldCase([...world.entries.slice(0, -2), closing, referral]);
    expect(swapped).toEqual(wholeCase(world));
    expect(lastStanding()).toEqual({ kind: "counts" });
  });
});

describe("closing alone", () => {
  test("a case whose risk nobody has assessed stays open, whatever its facts say", () => {
    must(world, shilan, openCase);
    must(world, shilan, recordFact("immediate-danger", "yes"));
    expect(error(closeCase())).toEqual(blocked("risk-not-assessed"));
    expect(error(closeCase({ reason: "died" }))).toEqual(blocked("risk-not-assessed"));
  });

  test("a high level stays until another organisation has the case, or a second person approved a lowering", () => {
    adultReadyToAct(world);
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "Threats." });
    must(world, shilan, { type: "RecordRiskResponse", measures: "Shelter." });
    expect(error(closeCase({ reason: "died" }))).toEqual(blocked("level-high"));
    expect(error(closeCase({ reason: "transferred" }))).toEqual(blocked("level-high", "transfer-missing"));
    must(world, shilan, consent("referral", "other-ngo"));
    must(world, shilan, {
      type: "TransferCase",
      recipient: recipientOf("other-ngo"),
      fields: [],
      because: "She moved.",
    });
    expect(error(closeCase({ reason: "died" }))).toEqual(blocked("level-high"));
    must(world, shilan, closeCase({ reason: "transferred" }));
    expect(isClosed(wholeCase(world))).toBe(true);
    // Taken up again, the case is ours: the transfer of before does not close it a second time.
    must(world, omar, { type: "ReopenCase", because: "She came back." });
    expect(refusal(world, omar, closeCase({ reason: "transferred" }))).toBe("ClosureBlocked");
    const proposal = must(world, omar, { type: "ProposeLowerRisk", level: "normal", because: "She has died." });
    must(world, nasrin, { type: "Approve", proposal, what: "risk-lowering" });
    expect(refusal(world, omar, closeCase({ reason: "died" }))).toBe("accepted");
  });

  test("a high level is left to nobody: once the organisation that had the case was told to stop, it is open here again", () => {
    adultReadyToAct(world);
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "Threats." });
    must(world, shilan, { type: "RecordRiskResponse", measures: "Shelter." });
    const recipient = recipientOf("other-ngo");
    must(world, shilan, consent("referral", "other-ngo"));
    must(world, shilan, { type: "TransferCase", recipient, fields: [], because: "She moved." });
    must(world, shilan, closeCase({ reason: "transferred" }));
    must(world, shilan, withdraw("referral", "other-ngo"));
    expect([isClosed(wholeCase(world)), dueKinds()]).toEqual([true, ["transfer-to-be-stopped"]]);
    must(world, shilan, { type: "RecordTransferStopped", recipient });
    expect(isClosed(wholeCase(world))).toBe(false);
    expect(error(closeCase())).toEqual(blocked("level-high"));
  });

  test("a reason that says transferred needs the transfer, at any level", () => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "AssessRisk" });
    expect(error(closeCase({ reason: "transferred" }))).toEqual(blocked("transfer-missing"));
  });
});

describe("the checklist", () => {
  test("keeps a case open by name, until whoever it is about has died or cannot be reached", () => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "AssessRisk" });
    const no = { kind: "no", because: "There was no time." } as const;
    const open = { checklist: { ...closeCase().checklist, "knows-whom-to-call": no }, toldCanComeBack: no };
    const points = ["knows-whom-to-call", "toldCanComeBack"];
    expect(error(closeCase(open))).toEqual({ ...blocked("checklist"), points });
    expect(error(closeCase({ ...open, reason: "no-contact" }))).toBe("accepted");
  });
});

describe("what goes on", () => {
  test("an emergency act that a closing had not seen keeps the case open, and its second person due (G-CONS-5)", () => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "AssessRisk" });
    part(world, shilan, omar);
    must(world, omar, recordFact("immediate-danger", "yes"));
    const act = must(world, omar, emergencyCall());
    must(world, shilan, closeCase());
    meet(world);
    expect(isClosed(wholeCase(world))).toBe(false);
    expect(dueKinds()).toContain("second-person");
    must(world, nasrin, { type: "Approve", proposal: act, what: "emergency", because: "Told at once." });
    // The danger is on file and nobody has assessed it, and nobody has asked whether help came.
    expect(error(closeCase())).toEqual(blocked("risk-not-assessed", "emergency-open"));
    must(world, omar, { type: "RecordEmergencyFollowUp", emergency: act, help: "came" });
    const over = { correction: { kind: "changed", because: "He is in prison." } } as const;
    must(world, shilan, recordFact("immediate-danger", "no", over));
    must(world, shilan, closeCase());
    expect(isClosed(wholeCase(world))).toBe(true);
  });

  test("nobody closes before help came and the person was told what was done, unless nobody can reach her (G-CM-3, G-CONS-5)", () => {
    must(world, shilan, openCase);
    must(world, shilan, recordFact("suicide-or-self-harm", "imminent"));
    const untold = { kind: "could-not-be-reached", because: "She is with the doctors." } as const;
    const emergency = must(world, shilan, emergencyCall({ personTold: untold }));
    must(world, nasrin, { type: "Approve", proposal: emergency, what: "emergency", because: "Told at once." });
    const over = { correction: { kind: "changed", because: "She sleeps, and her sister is with her." } } as const;
    must(world, shilan, recordFact("suicide-or-self-harm", "no", over));
    must(world, shilan, { type: "AssessRisk" });
    const followUp = { type: "RecordEmergencyFollowUp", emergency } as const;
    must(world, shilan, { ...followUp, help: "awaited", personTold: "could-not-be-reached" });
    expect(error(closeCase({ reason: "no-contact" }))).toEqual(blocked("emergency-open"));
    must(world, shilan, { ...followUp, help: "came" });
    expect(error(closeCase())).toEqual(blocked("emergency-open"));
    expect(error(closeCase({ reason: "no-contact" }))).toBe("accepted");
    // A closing that was written all the same, by a client of before, counts: she is as safe as it found her.
    write(world, omar, forged());
    expect(lastStanding()).toEqual({ kind: "counts" });
  });

  test("a request for removal that waits needs somebody who goes on looking, and then it is closed", () => {
    adultReadyToAct(world);
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, consent("removal", "T-insm"));
    must(world, shilan, takedown("T-insm", startAt));
    expect(error(closeCase())).toEqual(blocked("takedown-waiting"));
    const reappeared = { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), checkedAt: startAt } as const;
    must(world, shilan, { ...reappeared, outcome: "reappeared" });
    expect(error(closeCase())).toEqual(blocked("takedown-waiting"));
    expect(refusal(world, shilan, closeCase({ takedownPlan: "She looks herself and calls us." }))).toBe("accepted");
    must(world, shilan, withdraw("removal", "T-insm"));
    must(world, shilan, closeCase());
    // The tool goes on by itself, in a closed case too.
    expect(dueKinds(hours(80))).toEqual(["request-to-take-back"]);
    must(world, shilan, { ...reappeared, outcome: "taken-back" });
    expect(dueKinds(hours(80))).toEqual([]);
  });

  test("a request that the closing had not seen is still looked after", () => {
    adultReadyToAct(world);
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, consent("removal", "T-insm"));
    part(world, shilan, omar);
    must(world, omar, takedown("T-insm", startAt));
    must(world, shilan, closeCase());
    meet(world);
    expect(isClosed(wholeCase(world))).toBe(true);
    expect(dueKinds(hours(80))).toEqual(["takedown-check"]);
  });

  test("material that is held keeps the case open until it is given back, and is due where the closing had not seen it", () => {
    adultReadyToAct(world);
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, recordFact("material-volunteered", "yes"));
    must(world, shilan, recordFact("material-critical-to-safety", "yes"));
    must(world, shilan, consent("evidence", "own-organisation"));
    const proposal = must(world, shilan, {
      type: "ProposeEvidenceException",
      because: "Her guardian is the perpetrator.",
      criticalToSafety: "It shows the threat.",
    });
    must(world, nasrin, { type: "Approve", proposal, what: "evidence-exception" });
    const receive = {
      type: "RecordEvidenceReceived",
      item: itemOf("e-1"),
      exception: proposal,
      what: "messages",
      receivedAt: startAt,
    } as const;
    part(world, shilan, omar);
    must(world, omar, receive);
    must(world, shilan, closeCase());
    meet(world);
    expect(dueKinds()).toEqual(["evidence-without-ground"]);
    must(world, shilan, { type: "ReopenCase", because: "Something is held." });
    expect(error(closeCase())).toEqual(blocked("evidence-held"));
    must(world, shilan, { type: "RecordEvidenceReturned", item: itemOf("e-1"), because: "Given back to her." });
    expect(error(closeCase())).toBe("accepted");
  });

  test("a provider may answer after the case was closed", () => {
    adultReadyToAct(world);
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, consent("referral", "the-clinic", { mayShare: ["fact:harm", "safe-contact"] }));
    must(world, shilan, referralTo("the-clinic"));
    const referral = itemOf("referral-1");
    part(world, shilan, omar);
    must(world, omar, { type: "SendReferral", referral });
    must(world, shilan, { type: "CloseReferral", referral, because: "Not needed." });
    must(world, shilan, closeCase());
    meet(world);
    expect(isClosed(wholeCase(world))).toBe(true);
    expect(refusal(world, shilan, { type: "RecordReferralAnswer", referral, answer: "accepted" })).toBe("accepted");
    must(world, shilan, { type: "RecordReferralAnswer", referral, answer: "accepted" });
    expect(refusal(world, shilan, { type: "RecordReferralDone", referral, given: "One meeting." })).toBe("accepted");
  });
});
