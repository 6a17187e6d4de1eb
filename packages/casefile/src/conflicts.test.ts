/** Single conflicts between devices, each once by name; the properties range over many. */

import { beforeEach, describe, expect, test } from "vitest";
import { consentStanding } from "./consent/standing.ts";
import { foldCase } from "./evolve.ts";
import { factsOf } from "./views/facts-of.ts";
import {
  adultReadyToAct,
  assent,
  bestInterests,
  consent,
  digitalItem,
  freelyObtained,
  lawStep,
  legalRisk,
  openCase,
  recordFact,
  referralTo,
  takedown,
  withdraw,
} from "./testing/commands.ts";
import { hours, itemOf, nasrin, omar, recipientOf, rezan, shilan, startAt } from "./testing/people.ts";
import { type World, meet, must, newWorld, part, refusal, stateOf, wholeCase, write } from "./testing/world.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

/** The case, folded from the entries as written, and with the last two the other way round. */
const bothWays = () => {
  const last = world.entries.length - 1;
  const swapped = [...world.entries.slice(0, last - 1), ...world.entries.slice(last - 1).reverse()];
  return [wholeCase(world), foldCase(swapped)] as const;
};

test("an act by somebody who could not know of the withdrawal is not shown as done without consent, in either order", () => {
  adultReadyToAct(world);
  must(world, shilan, consent("removal", "T-insm"));
  part(world, shilan, omar);
  must(world, omar, withdraw("removal", "T-insm"));
  must(world, shilan, takedown("T-insm", startAt));
  meet(world);
  const [one, other] = bothWays();
  expect(one).toEqual(other);
  for (const state of [one, other]) {
    expect(state.history.find(({ event }) => event.type === "TakedownRequested")?.isWithoutConsent).toBe(false);
    expect(consentStanding(state, world.now, "survivor", "removal", "T-insm").kind).toBe("withdrawn");
  }
});

test("of two consents recorded at once, a field is shared only if both allow it", () => {
  adultReadyToAct(world);
  part(world, shilan, omar);
  must(world, shilan, consent("referral", "the-clinic", { mayShare: ["fact:harm", "detail:name"] }));
  must(world, omar, consent("referral", "the-clinic", { mayShare: ["fact:harm", "safe-contact"] }));
  meet(world);
  expect(consentStanding(wholeCase(world), world.now, "survivor", "referral", "the-clinic")).toMatchObject({
    kind: "yes",
    mayShare: ["fact:harm"],
  });
});

describe("two answers of one survivor recorded at once", () => {
  const atOnce = (...[shilans, omars]: readonly [Parameters<typeof consent>[2], Parameters<typeof consent>[2]]) => {
    adultReadyToAct(world);
    part(world, shilan, omar);
    must(world, shilan, consent("removal", "T-insm", shilans));
    must(world, omar, consent("removal", "T-insm", omars));
    meet(world);
    return consentStanding(wholeCase(world), world.now, "survivor", "removal", "T-insm");
  };

  test.each([
    ["first", "no", "yes"],
    ["last", "yes", "no"],
  ] as const)("are a no where one of them is, the %s of the two", (_which, shilans, omars) => {
    expect(atOnce({ answer: shilans }, { answer: omars })).toEqual({ kind: "no" });
  });

  test("run out with the first of them that does", () => {
    expect(atOnce({ expiresAt: hours(48) }, { expiresAt: hours(24) })).toMatchObject({ expiresAt: hours(24) });
    world = newWorld();
    expect(atOnce({ expiresAt: hours(24) }, { expiresAt: hours(48) })).toMatchObject({ expiresAt: hours(24) });
    world = newWorld();
    expect(atOnce({}, { expiresAt: hours(48) })).toMatchObject({ expiresAt: hours(48) });
  });

  test("name a flaw once that both have", () => {
    const obtained = { ...freelyObtained, pressureSeen: true };
    expect(atOnce({ obtained }, { obtained })).toEqual({ kind: "flawed", flaws: ["pressure"] });
  });
});

test("of a yes and a cannot recorded of one child at once, the cannot stands", () => {
  must(world, shilan, openCase);
  part(world, shilan, omar);
  must(world, shilan, assent("removal", "T-insm"));
  must(world, omar, assent("removal", "T-insm", { answer: "cannot" }));
  meet(world);
  expect(consentStanding(wholeCase(world), world.now, "child", "removal", "T-insm").kind).toBe("cannot");
});

test("of a provider's and the survivor's refusal recorded at once, the survivor's stands: nobody sends it again", () => {
  adultReadyToAct(world);
  must(world, shilan, consent("referral", "the-clinic", { mayShare: ["fact:harm", "safe-contact"] }));
  must(world, shilan, referralTo("the-clinic"));
  must(world, shilan, { type: "SendReferral", referral: itemOf("referral-1") });
  part(world, shilan, omar);
  must(world, shilan, { type: "RecordReferralAnswer", referral: itemOf("referral-1"), answer: "declined-by-provider" });
  must(world, omar, { type: "RecordSurvivorDeclined", referral: itemOf("referral-1") });
  meet(world);
  expect(refusal(world, shilan, { type: "SendReferral", referral: itemOf("referral-1") })).toBe("StepNotPossible");
});

test("who has seen a withdrawal may record consent anew; who had not, cannot bring it back", () => {
  adultReadyToAct(world);
  must(world, shilan, consent("removal", "T-insm"));
  part(world, shilan, omar);
  must(world, omar, withdraw("removal", undefined));
  must(world, shilan, consent("removal", "T-insm"));
  must(world, shilan, consent("removal", "T-insm"));
  meet(world);
  expect(consentStanding(wholeCase(world), world.now, "survivor", "removal", "T-insm").kind).toBe("withdrawn");
  must(world, shilan, consent("removal", "T-insm"));
  expect(consentStanding(wholeCase(world), world.now, "survivor", "removal", "T-insm").kind).toBe("yes");
});

test("a version is linked to what came next, not to everything that came later", () => {
  must(world, shilan, openCase);
  for (const age of ["adult", "child", "adult", "child"]) {
    must(world, shilan, recordFact("age", age, { correction: { kind: "mistake", because: "Again." } }));
  }
  expect(
    wholeCase(world)
      .facts.saidByFact.get("age")
      ?.map(({ followedBy }) => followedBy.length)
      .sort(),
  ).toEqual([0, 1, 1, 1]);
});

describe("approvals", () => {
  test("an approval of one kind is none of another", () => {
    must(world, shilan, openCase);
    const proposal = must(world, shilan, bestInterests("removal", "T-insm"));
    expect(refusal(world, nasrin, { type: "Approve", proposal, what: "risk-lowering" })).toBe("AnotherKind");
    expect(
      refusal(world, nasrin, {
        type: "Approve",
        proposal: world.entries[0]?.envelope.entry ?? proposal,
        what: "emergency",
      }),
    ).toBe("NotThere");
    write(world, nasrin, { type: "ApprovalGiven", proposal, what: "risk-lowering" });
    expect(wholeCase(world).history.find(({ event }) => event.type === "ApprovalGiven")?.standing).toMatchObject({
      why: "AnotherKind",
    });
  });

  test("what was not seen cannot have been approved, in either order", () => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "Threats." });
    part(world, shilan, nasrin);
    const proposal = must(world, shilan, { type: "ProposeLowerRisk", level: "normal", because: "He left." });
    write(world, nasrin, { type: "ApprovalGiven", proposal, what: "risk-lowering" });
    meet(world);
    const [one, other] = bothWays();
    expect(one).toEqual(other);
    expect(one.history.find(({ event }) => event.type === "ApprovalGiven")?.standing).toMatchObject({ why: "NotSeen" });
  });

  test("who refused may approve later, having seen more", () => {
    must(world, shilan, openCase);
    const proposal = must(world, shilan, bestInterests("removal", "T-insm"));
    must(world, nasrin, { type: "RefuseApproval", proposal, what: "best-interests", because: "Ask her again." });
    expect(stateOf(world, nasrin).approvals.answersByEntry.get(proposal)).toHaveLength(1);
    must(world, rezan, { type: "Approve", proposal, what: "best-interests" });
    expect(consentStanding(wholeCase(world), world.now, "best-interests", "removal", "T-insm").kind).toBe("yes");
  });
});

describe("gates", () => {
  test("advice for other facts than the case holds now opens nothing, for gate or tool", () => {
    adultReadyToAct(world);
    must(world, shilan, consent("removal", "T-insm"));
    must(world, shilan, consent("digital", "two-factor"));
    const fresh = world.adviser(wholeCase(world), world.now);
    must(world, shilan, recordFact("safe-device", "no", { correction: { kind: "changed", because: "He has it." } }));
    world.adviser = () => fresh;
    expect(refusal(world, shilan, digitalItem("two-factor"))).toBe("AdviceStale");
    expect(refusal(world, shilan, takedown("T-insm", startAt))).toBe("AdviceStale");
  });

  test("advice is for all facts of the case, also those its reasons do not name", () => {
    adultReadyToAct(world);
    must(world, shilan, consent("digital", "two-factor"));
    const fresh = world.adviser(wholeCase(world), world.now);
    world.adviser = () => fresh;
    expect(refusal(world, shilan, digitalItem("two-factor"))).toBe("accepted");
    must(world, shilan, recordFact("spreading", "yes"));
    expect(refusal(world, shilan, digitalItem("two-factor"))).toBe("AdviceStale");
  });

  test("a gate the pathway does not know is closed", () => {
    adultReadyToAct(world);
    must(world, shilan, consent("digital", "two-factor"));
    const fresh = world.adviser(wholeCase(world), world.now);
    if (fresh === undefined) throw new Error("The world has no adviser.");
    world.adviser = () => ({ ...fresh, answer: { ...fresh.answer, gates: {} } });
    expect(refusal(world, shilan, digitalItem("two-factor"))).toBe("GateClosed");
  });

  test("a tool that is offered and not open lets no request through, though its gate is open", () => {
    adultReadyToAct(world);
    must(world, shilan, consent("removal", "T-stopncii"));
    const { adviser } = world;
    world.adviser = (state, now) => {
      const advice = adviser(state, now);
      if (advice === undefined) return undefined;
      // As while it is not known whether she holds a copy herself (DOMAIN §13).
      const tools = advice.answer.tools.map((tool) => ({ ...tool, open: false }));
      return { ...advice, answer: { ...advice.answer, tools } };
    };
    expect(refusal(world, shilan, takedown("T-stopncii", startAt))).toBe("ToolNotOpen");
  });

  test("limiting contact can warn like blocking does, and stands behind the same gate", () => {
    adultReadyToAct(world);
    must(world, shilan, consent("digital", "limit-contact"));
    must(world, shilan, recordFact("blocking-safe", "no", { correction: { kind: "changed", because: "He checks." } }));
    expect(refusal(world, shilan, digitalItem("limit-contact"))).toBe("GateClosed");
  });
});

test("somebody whose age is not known does not go to an agency alone", () => {
  must(world, shilan, openCase);
  must(world, shilan, recordFact("wants-law-report", "yes"));
  must(world, shilan, recordFact("law-report-could-escalate", "no"));
  must(world, shilan, legalRisk);
  must(world, shilan, { type: "RecordLawDecision", decision: "report", isVoluntary: true });
  must(world, shilan, consent("law", "A-community-police"));
  must(world, shilan, assent("law", "A-community-police"));
  const proposal = must(world, shilan, bestInterests("law", "A-community-police"));
  must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
  expect(refusal(world, shilan, lawStep({ accompaniedBy: { kind: "nobody" } }))).toBe("NotAccompanied");
  expect(refusal(world, shilan, lawStep())).toBe("accepted");
});

test("of an adult pictured as a child nothing is passed on without her consent, whatever the pathway lists", () => {
  must(world, shilan, openCase);
  const asChild = world.adviser(wholeCase(world), world.now);
  if (asChild === undefined) throw new Error("The world has no adviser.");
  expect(asChild.answer.actions.map(({ id }) => id)).toEqual(["child-protection-response"]);
  must(world, shilan, recordFact("age", "adult"));
  world.adviser = () => ({ answer: asChild.answer, facts: factsOf(wholeCase(world), world.now) });
  const act = {
    type: "ActInEmergency",
    act: "child-protection-response",
    recipient: recipientOf("unit"),
    shared: [],
  } as const;
  expect(refusal(world, shilan, { ...act, personTold: { kind: "told" }, because: "x" })).toBe("NoImminentDanger");
});

test("three texts of one item written at once are all shown", () => {
  must(world, shilan, openCase);
  part(world, shilan, omar, nasrin);
  const item = { type: "SetSafetyItem", item: itemOf("s"), who: "me", when: "now", area: "people" } as const;
  must(world, shilan, { ...item, words: "one" });
  must(world, omar, { ...item, words: "two" });
  must(world, nasrin, { ...item, words: "three" });
  meet(world);
  expect(wholeCase(world).safetyPlan.wordsByItem.get("s")).toHaveLength(3);
});
