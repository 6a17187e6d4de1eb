/** Whose word a second person's is, for each thing that needs one; and that a refusal stands beside an approval. */

import { beforeEach, describe, expect, test } from "vitest";
import type { CaseCommand } from "../command.ts";
import { foldCase } from "../evolve.ts";
import { adultReadyToAct, bestInterests, consent, openCase, recordFact } from "../testing/commands.ts";
import { type Author, deviceOf, nasrin, omar, recipientOf, rezan, shilan } from "../testing/people.ts";
import { type World, meet, must, newWorld, part, refusal, wholeCase, write } from "../testing/world.ts";
import { type ProposalKind, answerTo, approversOf, isApproved, waitingProposals } from "./approvals.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

/** What stands ready to be proposed, and the proposal itself. */
const propose: Readonly<Record<ProposalKind, () => ReturnType<typeof must>>> = {
  "risk-lowering": () => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "He stood at her door." });
    return must(world, shilan, { type: "ProposeLowerRisk", level: "normal", because: "He left." });
  },
  "best-interests": () => {
    must(world, shilan, openCase);
    return must(world, shilan, bestInterests("removal", "T-insm"));
  },
  "evidence-exception": () => {
    adultReadyToAct(world);
    must(world, shilan, recordFact("material-volunteered", "yes"));
    must(world, shilan, recordFact("material-critical-to-safety", "yes"));
    must(world, shilan, consent("evidence", "own-organisation"));
    return must(world, shilan, {
      type: "ProposeEvidenceException",
      because: "Her guardian is the perpetrator.",
      criticalToSafety: "It shows the threat.",
    });
  },
  emergency: () => {
    must(world, shilan, openCase);
    must(world, shilan, recordFact("immediate-danger", "yes"));
    return must(world, shilan, {
      type: "ActInEmergency",
      act: "emergency-call",
      recipient: recipientOf("the-police"),
      shared: [],
      personTold: { kind: "told" },
      because: "He has a knife.",
    });
  },
};

const answers = (what: ProposalKind, proposal: ReturnType<typeof must>): readonly CaseCommand[] => [
  { type: "Approve", proposal, what, because: "I have seen it." },
  { type: "RefuseApproval", proposal, what, because: "I have seen it." },
];

describe("the second person", () => {
  test.each(["risk-lowering", "best-interests", "evidence-exception"] as const)(
    "of %s is a supervisor: another caseworker neither approves nor refuses it, whatever their client lets them write",
    (what) => {
      const proposal = propose[what]();
      for (const command of answers(what, proposal)) expect(refusal(world, omar, command)).toBe("NotAuthorised");
      write(world, omar, { type: "ApprovalGiven", proposal, what });
      write(world, omar, { type: "ApprovalRefused", proposal, what, because: "No." });
      expect(answerTo(wholeCase(world), proposal)).toBe("waiting");
      for (const command of answers(what, proposal)) expect(refusal(world, nasrin, command)).toBe("accepted");
    },
  );

  test.each<readonly [string, Author]>([
    ["a supervisor", nasrin],
    ["another caseworker", omar],
  ])("of an emergency is %s, and never whoever acted (G-CONS-5)", (_who, second) => {
    const proposal = propose.emergency();
    for (const command of answers("emergency", proposal)) {
      expect(refusal(world, shilan, command)).toBe("OwnProposal");
      expect(refusal(world, second, command)).toBe("accepted");
    }
  });
});

describe("what was proposed", () => {
  test("is refused where one supervisor approved and another refused without knowing of each other", () => {
    const proposal = propose["best-interests"]();
    part(world, nasrin, rezan);
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    must(world, rezan, { type: "RefuseApproval", proposal, what: "best-interests", because: "Ask her again." });
    meet(world);
    expect(isApproved(wholeCase(world), proposal)).toBe(false);
    expect(answerTo(wholeCase(world), proposal)).toBe("refused");
  });

  test("names each who approved it once, however often they said so", () => {
    const proposal = propose["best-interests"]();
    // At her telephone, which has not been told of what she did at her desk.
    const nasrinsPhone = { ...nasrin, device: deviceOf("nasrin-phone") };
    const supervisors = [nasrin, nasrinsPhone, rezan];
    part(world, ...supervisors);
    for (const each of supervisors) must(world, each, { type: "Approve", proposal, what: "best-interests" });
    meet(world);
    const approvers = approversOf(wholeCase(world), proposal);
    expect(approvers.toSorted()).toEqual([nasrin.person, rezan.person].toSorted());
  });

  test("waits in one order on every device, in whichever order it came there", () => {
    must(world, shilan, openCase);
    const people = [shilan, omar, rezan, nasrin];
    part(world, ...people);
    const proposals = people.map((each) => must(world, each, bestInterests("removal", "T-insm")));
    meet(world);
    const [opened, ...proposed] = world.entries;
    if (opened === undefined) throw new Error("The case was opened.");
    for (const order of [proposed, proposed.toReversed()]) {
      const waiting = waitingProposals(foldCase([opened, ...order]));
      expect(waiting.map(({ mark }) => mark.entry)).toEqual(proposals.toSorted());
    }
  });
});
