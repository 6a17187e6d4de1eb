/** Whole cases from first contact to closure, adult and child, with what must be refused on the way. */

import { describe, expect, test } from "vitest";
import { isClosed } from "./closure/closure.ts";
import { riskLevel } from "./risk/risk.ts";
import { guardianConsent, lawStep, takedown } from "./testing/commands.ts";
import { hours, recipientOf, rezan, shilan } from "./testing/people.ts";
import { closeAdult, closeChild, endAdult, walkAdult, walkAdultOn, walkChild, walkChildOn } from "./testing/walks.ts";
import { newWorld, must, refusal, wholeCase } from "./testing/world.ts";
import { caseAsOf } from "./views/as-of.ts";
import { due } from "./views/due.ts";
import { foldCase } from "./evolve.ts";

describe("Hala, 25, threatened with stolen pictures", () => {
  test("her case goes from first contact to closure, and nothing she did not agree to was done", () => {
    const world = newWorld();
    walkAdult(world);
    expect(due(wholeCase(world), world.now)[0]?.kind).toBe("risk-not-assessed");
    walkAdultOn(world);
    expect(riskLevel(wholeCase(world))).toBe("high");
    // Blocking could warn him, Take It Down is for children, and she decided not to report.
    expect(refusal(world, shilan, takedown("T-takeitdown", world.now, "takedown-2"))).toBe("ConsentMissing");
    expect(refusal(world, shilan, lawStep({ happenedAt: world.now }))).toBe("StepNotPossible");
    const proposal = endAdult(world);
    expect(riskLevel(wholeCase(world))).toBe("high");
    expect(refusal(world, shilan, { type: "Approve", proposal, what: "risk-lowering" })).toBe("OwnProposal");
    closeAdult(world, proposal);
    expect(isClosed(wholeCase(world))).toBe(true);
    expect(riskLevel(wholeCase(world))).toBe("normal");
    expect(
      wholeCase(world).history.every(
        ({ standing, isWithoutConsent }) => standing.kind === "counts" && !isWithoutConsent,
      ),
    ).toBe(true);
    expect(riskLevel(caseAsOf(world.entries, hours(3)))).toBe("high");
    must(world, shilan, { type: "ReopenCase", because: "He has come back under another name." });
    expect(isClosed(wholeCase(world))).toBe(false);
  });

  test("the limit of a day runs from the moment of recording", () => {
    const world = newWorld();
    walkAdult(world);
    walkAdultOn(world);
    const before = caseAsOf(world.entries, hours(1));
    expect(due(before, hours(1))[0]).toMatchObject({ kind: "risk-clock", dueAt: hours(24) });
  });
});

describe("a girl of 15 whose father is a source of the harm", () => {
  test("her case goes by her own agreement and the best-interests decision, never by her father", () => {
    const world = newWorld();
    walkChild(world);
    const emergency = world.entries.at(-1)?.envelope.entry;
    expect(due(wholeCase(world), world.now).map(({ kind }) => kind)).toContain("second-person");
    expect(refusal(world, shilan, guardianConsent("removal", "T-takeitdown"))).toBe("GuardianNotToBeAsked");
    expect(refusal(world, shilan, takedown("T-takeitdown", world.now))).toBe("ConsentMissing");
    if (emergency === undefined) throw new Error("The walk wrote nothing.");
    walkChildOn(world, emergency);
    expect(refusal(world, shilan, { type: "RecordEvidencePreserved", kept: ["screenshots"] })).toBe("OnlyAddresses");
    expect(refusal(world, shilan, { type: "ProposeEvidenceException", because: "x", criticalToSafety: "y" })).toBe(
      "PossiblyCsam",
    );
    const alone = lawStep({ agency: recipientOf("A-dcvaw"), accompaniedBy: { kind: "nobody" }, happenedAt: world.now });
    expect(refusal(world, shilan, alone)).toBe("NotAccompanied");
    closeChild(world);
    expect(isClosed(wholeCase(world))).toBe(true);
    expect(
      wholeCase(world).history.every(
        ({ standing, isWithoutConsent }) => standing.kind === "counts" && !isWithoutConsent,
      ),
    ).toBe(true);
  });
});

test("one entry proposes one thing: a second proposal in it counts for nothing", () => {
  const world = newWorld();
  walkAdult(world);
  const state = wholeCase(world);
  const propose = { type: "RiskLoweringProposed", level: "normal", because: "x" } as const;
  const envelope = { ...(world.entries[0] ?? { envelope: undefined }).envelope };
  const { entry, author, device, recordedAt } = envelope;
  if (entry === undefined || author === undefined || device === undefined || recordedAt === undefined)
    throw new Error("No entry.");
  const past = new Set(world.entries.map((one) => one.envelope.entry));
  const hash = "f".repeat(64) as typeof entry;
  const entries = [
    { envelope: { entry: hash, author, device, recordedAt, roles: rezan.roles, past }, events: [propose, propose] },
  ];
  const { history } = foldCase(entries, state);
  expect(history.slice(-2).map(({ standing }) => standing)).toEqual([
    { kind: "counts" },
    { kind: "without-authority", why: "SecondProposalInEntry" },
  ]);
});
