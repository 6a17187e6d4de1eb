/** What is behind a gate, a consent or a second person, and what refuses when one of them is missing. */

import { beforeEach, describe, expect, test } from "vitest";
import {
  adultReadyToAct,
  assent,
  assessment,
  bestInterests,
  childReadyToAct,
  closeCase,
  consent,
  digitalItem,
  lawStep,
  legalRisk,
  openCase,
  recordFact,
  takedown,
  withdraw,
} from "./testing/commands.ts";
import { hashOf, hours, itemOf, nasrin, omar, recipientOf, rezan, shilan, startAt } from "./testing/people.ts";
import { type World, meet, must, newWorld, part, refusal, tell, wholeCase, write } from "./testing/world.ts";
import { evidenceItems, exceptionStanding } from "./evidence/evidence.ts";
import { lawDecision } from "./law/law.ts";
import { digitalItems } from "./plans/digital-plan.ts";
import { takedownsOf } from "./takedowns/takedowns.ts";
import { type DueKind, due } from "./views/due.ts";
import { factsOf } from "./views/facts-of.ts";
import { wrongField } from "./event.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

const error = (command: Parameters<typeof tell>[2]): unknown => {
  const decision = tell(world, shilan, command);
  return decision.ok ? "accepted" : decision.error;
};
const change = { correction: { kind: "changed", because: "It changed." } } as const;

describe("take-down requests", () => {
  beforeEach(() => adultReadyToAct(world));

  test("a request is recorded with the advice it was made under", () => {
    must(world, shilan, consent("removal", "T-stopncii"));
    must(world, shilan, takedown("T-stopncii", startAt));
    expect(world.entries.at(-1)?.events[0]).toMatchObject({
      type: "TakedownRequested",
      madeBy: "survivor",
      advice: { pack: { id: "stand-in", version: "1.0.0" }, gate: "content-removal" },
    });
  });

  test("no request is recorded while the gate is closed, whatever the consent (G-DIG-1)", () => {
    must(world, shilan, consent("removal", "T-stopncii"));
    must(world, shilan, recordFact("safe-device", "no", change));
    expect(error(takedown("T-stopncii", startAt))).toMatchObject({ type: "GateClosed", gate: "content-removal" });
    world.adviser = () => undefined;
    expect(refusal(world, shilan, takedown("T-stopncii", startAt))).toBe("AdviceMissing");
  });

  test("no request is recorded with a tool that is not for this person", () => {
    must(world, shilan, consent("removal", "T-takeitdown"));
    expect(refusal(world, shilan, takedown("T-takeitdown", startAt))).toBe("ToolNotOpen");
    must(world, shilan, consent("removal", "T-unheard-of"));
    expect(refusal(world, shilan, takedown("T-unheard-of", startAt))).toBe("ToolNotOpen");
  });

  test("a report on a platform has its own gate and its own consent", () => {
    must(world, shilan, consent("removal", "P-instagram"));
    must(world, shilan, takedown("P-instagram", startAt));
    expect(world.entries.at(-1)?.events[0]).toMatchObject({ advice: { gate: "platform-report" } });
  });

  test("a request is the survivor's own, and has no field and no text for a file, its hash, a PIN or a case number (G-EVID-4)", () => {
    const event = {
      type: "TakedownRequested",
      takedown: "t-1",
      tool: "T-stopncii",
      madeBy: "survivor",
      madeAt: 1,
      advice: { pack: { id: "p", version: "1" }, gate: "content-removal", limits: [], because: [] },
    };
    expect(wrongField(event)).toBeUndefined();
    for (const field of ["file", "hash", "pin", "caseNumber", "text", "note"]) {
      expect(wrongField({ ...event, [field]: "482913" })).toBe(field);
      expect(
        wrongField({ type: "TakedownChecked", takedown: "t-1", outcome: "waiting", checkedAt: 1, [field]: "x" }),
      ).toBe(field);
    }
    expect(wrongField({ ...event, madeBy: "caseworker" })).toBe("madeBy");
  });

  test("the hours a removal took are counted from the request to the check that found it gone", () => {
    must(world, shilan, consent("removal", "T-insm"));
    must(world, shilan, takedown("T-insm", startAt));
    world.now = hours(30);
    const check = { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), checkedAt: hours(30) } as const;
    must(world, shilan, { ...check, outcome: "removed" });
    expect(takedownsOf(wholeCase(world), world.now)[0]).toMatchObject({ outcome: "removed", hoursTaken: 30 });
    must(world, shilan, { ...check, outcome: "reappeared" });
    expect(takedownsOf(wholeCase(world), world.now)[0]).toMatchObject({ outcome: "reappeared", hoursTaken: undefined });
    expect(refusal(world, shilan, { ...check, checkedAt: hours(31), outcome: "waiting" })).toBe("MomentWrong");
    expect(refusal(world, shilan, { ...check, takedown: itemOf("other"), outcome: "waiting" })).toBe("NotThere");
  });

  test("after withdrawal nobody goes on with a request, and it is not asked for any more", () => {
    must(world, shilan, consent("removal", "T-insm"));
    must(world, shilan, takedown("T-insm", startAt));
    expect(due(wholeCase(world), hours(80)).map(({ kind }) => kind)).toContain("takedown-check");
    must(world, shilan, withdraw("removal", "T-insm"));
    expect(takedownsOf(wholeCase(world), world.now)[0]?.mayGoOn).toBe(false);
    expect(due(wholeCase(world), hours(80)).map(({ kind }) => kind)).not.toContain("takedown-check");
  });

  test("a request that waits when the consent is withdrawn is taken back or left, as she wishes (G-CONS-2)", () => {
    const toTakeBack = (at = world.now): readonly string[] =>
      due(wholeCase(world), at).flatMap(({ kind, about, recipients }) =>
        kind === "request-to-take-back" && about === "takedown-1" ? recipients : [],
      );
    must(world, shilan, consent("removal", "T-insm", { expiresAt: hours(2) }));
    must(world, shilan, takedown("T-insm", startAt));
    expect([toTakeBack(), toTakeBack(hours(3))]).toEqual([[], []]);
    must(world, shilan, withdraw("removal", undefined));
    expect(toTakeBack()).toEqual(["T-insm"]);
    const check = { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), checkedAt: startAt } as const;
    must(world, shilan, { ...check, outcome: "waiting" });
    expect(toTakeBack()).toEqual(["T-insm"]);
    must(world, shilan, { ...check, outcome: "taken-back" });
    expect(toTakeBack()).toEqual([]);
  });

  test("a request is recorded once, and not ahead of time", () => {
    must(world, shilan, consent("removal", "T-insm"));
    expect(refusal(world, shilan, takedown("T-insm", hours(1)))).toBe("MomentWrong");
    must(world, shilan, takedown("T-insm", startAt));
    expect(refusal(world, shilan, takedown("T-insm", startAt))).toBe("AlreadyThere");
  });

  test("of two checks recorded at once, the one that keeps somebody looking stands", () => {
    must(world, shilan, consent("removal", "T-insm"));
    must(world, shilan, takedown("T-insm", startAt));
    part(world, shilan, omar);
    const check = { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), checkedAt: startAt } as const;
    must(world, shilan, { ...check, outcome: "removed" });
    must(world, omar, { ...check, outcome: "waiting" });
    meet(world);
    expect(takedownsOf(wholeCase(world), world.now)[0]?.outcome).toBe("waiting");
  });
});

describe("the digital safety plan", () => {
  beforeEach(() => adultReadyToAct(world));

  test("shutting the perpetrator out stands behind the gate for blocking", () => {
    must(world, shilan, consent("digital", "block-perpetrator"));
    must(world, shilan, digitalItem("block-perpetrator"));
    must(world, shilan, recordFact("blocking-safe", "no", change));
    expect(error(digitalItem("block-perpetrator", { item: itemOf("digital-2") }))).toMatchObject({
      type: "GateClosed",
      gate: "block-perpetrator",
    });
    const mark = { type: "MarkDigitalItem", item: itemOf("digital-1") } as const;
    expect(refusal(world, shilan, { ...mark, outcome: "done" })).toBe("GateClosed");
    expect(refusal(world, shilan, { ...mark, outcome: "dropped" })).toBe("accepted");
  });

  test("an item is done only while its consent stands, and the mark keeps the advice", () => {
    must(world, shilan, consent("digital", "two-factor"));
    must(world, shilan, digitalItem("two-factor"));
    const done = { type: "MarkDigitalItem", item: itemOf("digital-1"), outcome: "done" } as const;
    must(world, shilan, done);
    expect(world.entries.at(-1)?.events[0]).toMatchObject({ advice: { gate: "digital-safety" } });
    must(world, shilan, withdraw("digital", "two-factor"));
    expect(refusal(world, shilan, done)).toBe("ConsentMissing");
    expect(refusal(world, shilan, { ...done, item: itemOf("none") })).toBe("NotThere");
  });

  test("where two wrote an item at once both texts stand, and it is done only if both agree", () => {
    must(world, shilan, consent("digital", "two-factor"));
    must(world, shilan, digitalItem("two-factor"));
    part(world, shilan, omar);
    must(world, shilan, digitalItem("two-factor", { words: "With my own phone." }));
    must(world, shilan, { type: "MarkDigitalItem", item: itemOf("digital-1"), outcome: "done" });
    must(world, omar, digitalItem("two-factor", { words: "With a borrowed phone." }));
    must(world, omar, { type: "MarkDigitalItem", item: itemOf("digital-1"), outcome: "not-possible" });
    meet(world);
    const [item] = digitalItems(wholeCase(world), world.now);
    expect(item?.words.map(({ words }) => words).sort()).toEqual(["With a borrowed phone.", "With my own phone."]);
    expect(item?.outcome).toBe("not-possible");
    must(world, shilan, { type: "ReviewDigitalPlan", madeWithSurvivor: true, stillFits: true });
    expect(wholeCase(world).digitalPlan.reviews).toHaveLength(1);
  });
});

describe("law", () => {
  beforeEach(() => adultReadyToAct(world));
  const ready = (): void => {
    must(world, shilan, legalRisk);
    must(world, shilan, { type: "RecordLawDecision", decision: "report", isVoluntary: true });
    must(world, shilan, consent("law", "A-community-police"));
  };

  test("a step to an agency needs assessment, decision, consent and gate", () => {
    expect(refusal(world, shilan, lawStep())).toBe("StepNotPossible");
    must(world, shilan, { type: "RecordLawDecision", decision: "report", isVoluntary: true });
    expect(refusal(world, shilan, lawStep())).toBe("ConsentMissing");
    must(world, shilan, consent("law", "A-community-police"));
    expect(error(lawStep())).toMatchObject({ type: "GateClosed", gate: "law-report" });
    must(world, shilan, legalRisk);
    must(world, shilan, lawStep());
    expect(world.entries.at(-1)?.events[0]).toMatchObject({ advice: { gate: "law-report" } });
    expect(refusal(world, shilan, lawStep({ agency: recipientOf("A-nss") }))).toBe("ConsentMissing");
    expect(refusal(world, shilan, lawStep({ happenedAt: hours(1) }))).toBe("MomentWrong");
  });

  test("preparing the survivor needs nothing of that (G-LAW-5)", () => {
    expect(refusal(world, shilan, lawStep({ step: "survivor-prepared" }))).toBe("accepted");
  });

  test("not to report is a decision, and closes the way to report", () => {
    ready();
    must(world, shilan, { type: "RecordLawDecision", decision: "not-report", isVoluntary: true, words: "Not now." });
    expect(lawDecision(wholeCase(world))).toBe("not-report");
    expect(factsOf(wholeCase(world), world.now)["wants-law-report"]).toBe("no");
    expect(refusal(world, shilan, lawStep())).toBe("StepNotPossible");
  });

  test("a decision to report that was not voluntary is none", () => {
    must(world, shilan, { type: "RecordLawDecision", decision: "report", isVoluntary: false });
    expect(lawDecision(wholeCase(world))).toBe("undecided");
  });

  test("a decision to report that was not voluntary takes back none not to report (G-LAW-3)", () => {
    ready();
    must(world, shilan, { type: "RecordLawDecision", decision: "not-report", isVoluntary: true });
    must(world, shilan, { type: "RecordLawDecision", decision: "report", isVoluntary: false });
    expect(lawDecision(wholeCase(world))).toBe("not-report");
    expect(factsOf(wholeCase(world), world.now)["wants-law-report"]).toBe("no");
    must(world, shilan, { type: "RecordLawDecision", decision: "undecided", isVoluntary: true });
    expect(lawDecision(wholeCase(world))).toBe("undecided");
    must(world, shilan, { type: "RecordLawDecision", decision: "report", isVoluntary: true });
    expect(lawDecision(wholeCase(world))).toBe("report");
  });

  test("of two decisions recorded at once, the one that does not report stands", () => {
    part(world, shilan, omar);
    must(world, shilan, { type: "RecordLawDecision", decision: "report", isVoluntary: true });
    must(world, omar, { type: "RecordLawDecision", decision: "not-report", isVoluntary: true });
    meet(world);
    expect(lawDecision(wholeCase(world))).toBe("not-report");
  });

  const stepBack = lawStep({ step: "withdrawn-by-survivor", accompaniedBy: { kind: "nobody" } });
  const toBeTold = (): readonly string[] =>
    due(wholeCase(world), world.now).flatMap(({ kind, recipients }) =>
      kind === "agency-to-be-told" ? recipients : [],
    );

  test("an agency that has the matter is told when the consent is withdrawn, until she stepped back (G-CONS-2)", () => {
    ready();
    must(world, shilan, lawStep({ step: "survivor-prepared" }));
    must(world, shilan, withdraw("law", undefined));
    expect(toBeTold()).toEqual([]);
    must(world, shilan, consent("law", "A-community-police"));
    must(world, shilan, lawStep());
    must(world, shilan, { type: "RecordLawOutcome", agency: recipientOf("A-community-police"), outcome: "Summoned." });
    expect(toBeTold()).toEqual([]);
    must(world, shilan, withdraw("law", "A-community-police"));
    expect(toBeTold()).toEqual(["A-community-police"]);
    // Stepping back from another agency tells this one nothing.
    must(world, shilan, { ...stepBack, agency: recipientOf("A-nss") });
    expect(toBeTold()).toEqual(["A-community-police"]);
    must(world, shilan, stepBack);
    expect(toBeTold()).toEqual([]);
  });

  test("an agency is told too when she decides not to report, and not when her consent only ran out", () => {
    ready();
    must(world, shilan, consent("law", "A-community-police", { expiresAt: hours(2) }));
    must(world, shilan, lawStep());
    world.now = hours(3);
    expect(toBeTold()).toEqual([]);
    must(world, shilan, { type: "RecordLawDecision", decision: "not-report", isVoluntary: true });
    expect(toBeTold()).toEqual(["A-community-police"]);
  });

  test("in a closed case too she may step back, and it is due to tell the agency", () => {
    ready();
    must(world, shilan, lawStep());
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, { type: "RaiseRisk", level: "medium", because: "He knows." });
    must(world, shilan, { type: "RecordRiskResponse", measures: "She is at her aunt's." });
    must(world, shilan, closeCase());
    expect(refusal(world, shilan, lawStep())).toBe("CaseIsClosed");
    must(world, shilan, withdraw("law", undefined));
    expect(toBeTold()).toEqual(["A-community-police"]);
    must(world, shilan, stepBack);
    expect(toBeTold()).toEqual([]);
  });

  test("an assessment found outdated closes the gate again", () => {
    expect(refusal(world, shilan, { type: "OutdateLegalRisk", because: "?" })).toBe("NotThere");
    ready();
    must(world, shilan, { type: "OutdateLegalRisk", because: "His uncle is the new chief." });
    expect(factsOf(wholeCase(world), world.now)["legal-risk-assessed"]).toBe("no");
    expect(refusal(world, shilan, lawStep())).toBe("GateClosed");
    must(world, shilan, { type: "RecordLawOutcome", agency: recipientOf("A-community-police"), outcome: "Summoned." });
  });

  test("a child is never alone with an agency, and neither is somebody whose age is not known", () => {
    world = newWorld();
    childReadyToAct(world, "yes");
    must(world, shilan, legalRisk);
    must(world, shilan, { type: "RecordLawDecision", decision: "report", isVoluntary: true });
    must(world, shilan, assent("law", "A-community-police"));
    const proposal = must(world, shilan, bestInterests("law", "A-community-police"));
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    expect(refusal(world, shilan, lawStep({ accompaniedBy: { kind: "nobody" } }))).toBe("NotAccompanied");
    expect(refusal(world, shilan, lawStep())).toBe("accepted");
  });

  test("an adult may go alone", () => {
    ready();
    expect(refusal(world, shilan, lawStep({ accompaniedBy: { kind: "nobody" } }))).toBe("accepted");
  });
});

describe("evidence", () => {
  const exception = {
    type: "ProposeEvidenceException",
    because: "Her brother sends it and controls her phone.",
    criticalToSafety: "It shows when he comes.",
  } as const;
  const received = (hash: string) =>
    ({
      type: "RecordEvidenceReceived",
      item: itemOf("evidence-1"),
      what: "messages",
      receivedAt: startAt,
      exception: hash as ReturnType<typeof must>,
    }) as const;
  const ready = (): void => {
    adultReadyToAct(world);
    must(world, shilan, recordFact("material-volunteered", "yes"));
    must(world, shilan, recordFact("material-critical-to-safety", "yes"));
    must(world, shilan, consent("evidence", "own-organisation"));
  };

  test.each(["material-volunteered", "material-critical-to-safety"])(
    "material is held without ground once it is not so any more that it is %s (G-EVID-3)",
    (fact) => {
      ready();
      const proposal = must(world, shilan, exception);
      must(world, nasrin, { type: "Approve", proposal, what: "evidence-exception" });
      must(world, shilan, received(proposal));
      const dueNow = () => due(wholeCase(world), world.now).map(({ kind }) => kind);
      expect(dueNow()).not.toContain("evidence-without-ground");
      must(world, shilan, recordFact(fact, "no", { correction: { kind: "changed", because: "He is in prison." } }));
      expect(evidenceItems(wholeCase(world), world.now)).toEqual([
        { item: "evidence-1", stage: "held-without-ground" },
      ]);
      expect(dueNow()).toContain("evidence-without-ground");
    },
  );

  test("what was given back is not received a second time under its name, where it would stand as given back (G-EVID-3)", () => {
    ready();
    const proposal = must(world, shilan, exception);
    must(world, nasrin, { type: "Approve", proposal, what: "evidence-exception" });
    must(world, shilan, received(proposal));
    must(world, shilan, { type: "RecordEvidenceReturned", item: itemOf("evidence-1"), because: "She took it back." });
    expect(refusal(world, shilan, received(proposal))).toBe("AlreadyThere");
    expect(refusal(world, shilan, { ...received(proposal), item: itemOf("evidence-2") })).toBe("accepted");
  });

  test("material is held only by an exception that another person, a supervisor, approved (G-EVID-3)", () => {
    ready();
    const proposal = must(world, rezan, exception);
    expect(refusal(world, shilan, received(proposal))).toBe("NotThere");
    expect(refusal(world, rezan, { type: "Approve", proposal, what: "evidence-exception" })).toBe("OwnProposal");
    must(world, nasrin, { type: "Approve", proposal, what: "evidence-exception" });
    expect(factsOf(wholeCase(world), world.now)["exception-approved"]).toBe("yes");
    must(world, shilan, received(proposal));
    expect(evidenceItems(wholeCase(world), world.now)).toEqual([{ item: "evidence-1", stage: "held" }]);
    must(world, shilan, withdraw("evidence", "own-organisation"));
    expect(evidenceItems(wholeCase(world), world.now)).toEqual([{ item: "evidence-1", stage: "held-without-ground" }]);
    expect(due(wholeCase(world), world.now).map(({ kind }) => kind)).toContain("evidence-without-ground");
    must(world, shilan, { type: "RecordEvidenceReturned", item: itemOf("evidence-1"), because: "She took it back." });
    expect(evidenceItems(wholeCase(world), world.now)).toEqual([{ item: "evidence-1", stage: "returned" }]);
    expect(refusal(world, shilan, { type: "RecordEvidenceReturned", item: itemOf("x"), because: "?" })).toBe(
      "NotThere",
    );
  });

  test("a refused exception opens nothing", () => {
    ready();
    const proposal = must(world, shilan, exception);
    expect(exceptionStanding(wholeCase(world))).toBe("waiting");
    must(world, nasrin, { type: "RefuseApproval", proposal, what: "evidence-exception", because: "Not needed." });
    expect(exceptionStanding(wholeCase(world))).toBe("refused");
    expect(factsOf(wholeCase(world), world.now)["exception-approved"]).toBe("no");
    expect(refusal(world, shilan, received(proposal))).toBe("NotThere");
  });

  test.each([
    ["the harm names CSAM", "harm", ["csam"]],
    ["the harm names a child's own content", "harm", ["self-generated-content"]],
    ["the harm is not known", "harm", undefined],
    ["the age in the image is not known", "age-in-image", undefined],
    ["the person in the image was a child", "age-in-image", "child"],
    ["the person is a child", "age", "child"],
  ] as const)("where %s, the exception is refused outright and an approved one ends", (_what, fact, value) => {
    ready();
    const proposal = must(world, shilan, exception);
    must(world, nasrin, { type: "Approve", proposal, what: "evidence-exception" });
    must(world, shilan, recordFact(fact, value, change));
    expect(refusal(world, shilan, exception)).toBe("PossiblyCsam");
    expect(refusal(world, rezan, { type: "Approve", proposal, what: "evidence-exception" })).toBe("PossiblyCsam");
    expect(refusal(world, shilan, received(proposal))).toBe("PossiblyCsam");
    expect(exceptionStanding(wholeCase(world))).toBe("closed-by-csam");
    expect(factsOf(wholeCase(world), world.now)["exception-approved"]).toBe("no");
  });

  test("an exception needs material given of their own will and critical to safety, and consent (G-EVID-3)", () => {
    adultReadyToAct(world);
    expect(refusal(world, shilan, exception)).toBe("ConsentMissing");
    must(world, shilan, consent("evidence", "own-organisation"));
    expect(error(exception)).toEqual({
      type: "GateClosed",
      gate: "evidence-held",
      needs: ["material-volunteered", "material-critical-to-safety"],
    });
  });

  test("material is received behind the gate and the consent, and not ahead of time", () => {
    ready();
    const proposal = must(world, shilan, exception);
    must(world, nasrin, { type: "Approve", proposal, what: "evidence-exception" });
    expect(refusal(world, shilan, { ...received(proposal), receivedAt: hours(1) })).toBe("MomentWrong");
    must(world, shilan, recordFact("material-volunteered", "no", change));
    expect(refusal(world, shilan, received(proposal))).toBe("GateClosed");
    must(world, shilan, withdraw("evidence", "own-organisation"));
    expect(refusal(world, shilan, received(proposal))).toBe("ConsentMissing");
  });

  test("the survivor keeps evidence on their side, behind the gate and consent of its own (G-EVID-2)", () => {
    adultReadyToAct(world);
    const kept = { type: "RecordEvidencePreserved", kept: ["screenshots"] } as const;
    expect(refusal(world, shilan, kept)).toBe("ConsentMissing");
    must(world, shilan, consent("evidence", "survivor-side"));
    must(world, shilan, kept);
    expect(factsOf(wholeCase(world), world.now)["evidence-preserved"]).toBe("yes");
    must(world, shilan, recordFact("evidence-safe-to-keep", "no", change));
    expect(refusal(world, shilan, kept)).toBe("GateClosed");
  });

  test("where it may be CSAM, addresses, names and times may be noted and nothing captured", () => {
    childReadyToAct(world, "yes");
    must(world, shilan, assent("evidence", "survivor-side"));
    const proposal = must(world, shilan, bestInterests("evidence", "survivor-side"));
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    expect(refusal(world, shilan, { type: "RecordEvidencePreserved", kept: ["screenshots"] })).toBe("OnlyAddresses");
    expect(refusal(world, shilan, { type: "RecordEvidencePreserved", kept: ["addresses", "times"] })).toBe("accepted");
  });
});

describe("in imminent danger to life", () => {
  const call = {
    type: "ActInEmergency",
    act: "emergency-call",
    recipient: recipientOf("A-police-kri"),
    shared: [],
    personTold: { kind: "told" },
    because: "Her uncle is at the door.",
  } as const;

  test("the call waits for no consent; a second person records why, by an entry of their own (G-CONS-5)", () => {
    must(world, shilan, openCase);
    expect(refusal(world, shilan, call)).toBe("NoImminentDanger");
    must(world, shilan, recordFact("immediate-danger", "yes"));
    const proposal = must(world, shilan, call);
    expect(due(wholeCase(world), world.now)).toContainEqual(
      expect.objectContaining({ kind: "second-person", about: proposal, dueAt: hours(4) }),
    );
    expect(refusal(world, shilan, { type: "Approve", proposal, what: "emergency" })).toBe("OwnProposal");
    must(world, omar, { type: "Approve", proposal, what: "emergency", because: "I was told at once and agree." });
    expect(due(wholeCase(world), world.now).map(({ kind }) => kind)).not.toContain("second-person");
  });

  test("somebody asks whether help came, until it did, and tells the person what was done (G-CM-3, G-CONS-5)", () => {
    const owed = (kind: DueKind) => due(wholeCase(world), world.now).filter((each) => each.kind === kind);
    must(world, shilan, openCase);
    must(world, shilan, recordFact("immediate-danger", "yes"));
    const untold = { kind: "could-not-be-reached", because: "He holds her phone." } as const;
    const emergency = must(world, shilan, { ...call, personTold: untold });
    const help = { kind: "emergency-follow-up", about: emergency, recipients: [call.recipient] };
    expect(owed("emergency-follow-up")).toMatchObject([{ ...help, dueAt: hours(4) }]);
    expect(owed("person-to-be-told")).toMatchObject([{ about: emergency, recipients: [], dueAt: hours(24) }]);
    world.now = hours(3);
    must(world, omar, { type: "RecordEmergencyFollowUp", emergency, help: "did-not-come", personTold: "told" });
    expect(owed("emergency-follow-up")).toMatchObject([{ ...help, dueAt: hours(7) }]);
    expect(owed("person-to-be-told")).toEqual([]);
    must(world, shilan, { type: "RecordEmergencyFollowUp", emergency, help: "came" });
    expect([...owed("emergency-follow-up"), ...owed("person-to-be-told")]).toEqual([]);
    const elsewhere = { type: "RecordEmergencyFollowUp", emergency: hashOf(7), help: "came" } as const;
    expect(refusal(world, shilan, elsewhere)).toBe("NotThere");
  });

  test("of two who ask at once, whoever found no help is heard (G-CM-3)", () => {
    must(world, shilan, openCase);
    must(world, shilan, recordFact("immediate-danger", "yes"));
    const emergency = must(world, shilan, call);
    part(world, shilan, omar);
    must(world, shilan, { type: "RecordEmergencyFollowUp", emergency, help: "came" });
    must(world, omar, { type: "RecordEmergencyFollowUp", emergency, help: "awaited" });
    meet(world);
    const asked = due(wholeCase(world), world.now).map(({ kind }) => kind);
    expect(asked).toContain("emergency-follow-up");
  });

  test("imminent self-harm is such a danger, and so is a child's by the pathway's word for child protection", () => {
    must(world, shilan, openCase);
    expect(refusal(world, shilan, { ...call, act: "child-protection-response" })).toBe("accepted");
    must(world, shilan, recordFact("age", "adult"));
    expect(refusal(world, shilan, { ...call, act: "child-protection-response" })).toBe("NoImminentDanger");
    must(world, shilan, recordFact("suicide-or-self-harm", "imminent"));
    expect(refusal(world, shilan, { ...call, act: "urgent-referral" })).toBe("accepted");
  });

  test("danger may be written down before the limits of confidentiality were told, and nothing else (G-CONS-5)", () => {
    must(world, shilan, { ...openCase, limits: { kind: "not-yet", because: "imminent-danger" } });
    expect(refusal(world, shilan, recordFact("harm", ["blackmail"]))).toBe("LimitsNotTold");
    expect(refusal(world, shilan, recordFact("immediate-danger", "yes"))).toBe("accepted");
    expect(refusal(world, shilan, consent("removal", "T-insm"))).toBe("LimitsNotTold");
    expect(refusal(world, shilan, assessment("digital-risk"))).toBe("LimitsNotTold");
    expect(due(wholeCase(world), world.now).map(({ kind }) => kind)).toContain("limits-to-tell");
    must(world, shilan, { type: "TellLimits", wording: "adult", duties: [] });
    expect(refusal(world, shilan, recordFact("harm", ["blackmail"]))).toBe("accepted");
  });
});

test("what is known to a client of somebody's own making as done without consent is shown as such", () => {
  adultReadyToAct(world);
  const advice = { pack: { id: "p", version: "1" }, gate: "content-removal", limits: [], because: [] };
  write(world, shilan, {
    type: "TakedownRequested",
    takedown: itemOf("t-9"),
    tool: "T-insm",
    madeBy: "survivor",
    madeAt: startAt,
    advice,
  });
  expect(wholeCase(world).history.at(-1)).toMatchObject({ isWithoutConsent: true, standing: { kind: "counts" } });
  must(world, shilan, consent("removal", "T-insm"));
  must(world, shilan, takedown("T-insm", startAt));
  expect(wholeCase(world).history.at(-1)?.isWithoutConsent).toBe(false);
});
