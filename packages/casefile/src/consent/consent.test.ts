/** What counts as consent, whose word is needed, and what no command does without it. */

import { beforeEach, describe, expect, test } from "vitest";
import {
  adultReadyToAct,
  assent,
  assessment,
  bestInterests,
  childReadyToAct,
  consent,
  digitalItem,
  freelyObtained,
  guardianConsent,
  allTold,
  openCase,
  recordFact,
  referralTo,
  step,
  takedown,
  withdraw,
} from "../testing/commands.ts";
import { hours, itemOf, nasrin, omar, rezan, shilan, startAt } from "../testing/people.ts";
import { type World, meet, must, newWorld, part, refusal, stateOf, tell, wholeCase, write } from "../testing/world.ts";
import { factsOf } from "../views/facts-of.ts";
import { consentEndings } from "./endings.ts";
import { isAgreed, requireConsent } from "./require.ts";
import { consentStanding, flawsOf } from "./standing.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

const agreedNow = (purpose: "removal" | "digital" | "law" | "referral", recipient: string): boolean =>
  isAgreed(wholeCase(world), world.now, purpose, recipient);

const error = (command: Parameters<typeof tell>[2]): unknown => {
  const decision = tell(world, shilan, command);
  return decision.ok ? "accepted" : decision.error;
};

const stopncii = "T-stopncii";

describe("an adult's consent", () => {
  beforeEach(() => adultReadyToAct(world));

  test("consent for one recipient is none for another", () => {
    must(world, shilan, consent("removal", stopncii));
    expect(agreedNow("removal", stopncii)).toBe(true);
    expect(agreedNow("removal", "T-insm")).toBe(false);
  });

  test("consent for one purpose is none for another", () => {
    must(world, shilan, consent("removal", "the-clinic"));
    expect(agreedNow("referral", "the-clinic")).toBe(false);
  });

  test.each([
    ["under visible pressure", { ...freelyObtained, pressureSeen: true }, "pressure"],
    ["where others could hear", { ...freelyObtained, othersCouldHear: true }, "overheard"],
    ["on a device that is watched", { ...freelyObtained, deviceWatched: true }, "overheard"],
    ["with a relative as interpreter", { ...freelyObtained, interpreter: "relative" as const }, "overheard"],
  ])("consent given %s is recorded as it was, and is no consent (G-CONS-4)", (_how, obtained, flaw) => {
    must(world, shilan, consent("removal", stopncii, { obtained }));
    expect(consentStanding(wholeCase(world), world.now, "survivor", "removal", stopncii)).toEqual({
      kind: "flawed",
      flaws: [flaw],
    });
    expect(factsOf(wholeCase(world), world.now)["consent-removal"]).toBe("no");
    expect(refusal(world, shilan, takedown(stopncii, startAt))).toBe("ConsentMissing");
  });

  test("consent that was bought with a promised outcome is no consent", () => {
    must(world, shilan, consent("removal", stopncii, { told: { ...allTold, outcomePromised: true } }));
    expect(agreedNow("removal", stopncii)).toBe(false);
  });

  test("a yes is refused until options, risks, outcomes and limits were told", () => {
    const told = {
      options: ["do-nothing"],
      outcomes: false,
      risks: ["delay"],
      limits: false,
      outcomePromised: false,
    } as const;
    expect(error(consent("removal", stopncii, { told }))).toEqual({
      type: "ToldIncomplete",
      missing: [
        ...["not-report", "retaliation", "confidentiality-loss", "family-notification", "community-awareness"],
        ...["outcomes", "limits"],
      ],
    });
  });

  test("a yes of somebody who was not told everything is no consent, whatever the client of the caseworker let through (G-CONS-1)", () => {
    for (const told of [
      { ...allTold, limits: false },
      { ...allTold, options: [] },
      { ...allTold, risks: [] },
    ]) {
      const { type: _asked, ...said } = consent("removal", stopncii, { told });
      write(world, shilan, { ...said, type: "ConsentRecorded" });
      expect(consentStanding(wholeCase(world), world.now, "survivor", "removal", stopncii)).toEqual({
        kind: "flawed",
        flaws: ["not-told"],
      });
    }
  });

  test("for statistics, the risks and outcomes of an act need not be told either", () => {
    expect(error(consent("statistics", "own-organisation", { told: { ...allTold, risks: [], outcomes: false } }))).toBe(
      "accepted",
    );
  });

  test("consents that end are told once each, in one order, however they were asked", () => {
    const ends = { expiresAt: hours(48) };
    must(world, shilan, consent("removal", stopncii, ends));
    must(world, shilan, consent("removal", "P-instagram", ends));
    must(world, shilan, consent("removal", stopncii, ends));
    must(world, shilan, consent("digital", "two-factor", ends));
    expect(consentEndings(wholeCase(world)).map(({ about }) => about)).toEqual([
      "survivor/digital/two-factor",
      "survivor/removal/P-instagram",
      "survivor/removal/T-stopncii",
    ]);
  });

  test("to keep a file, the risks of an act need not be told, the options and limits do", () => {
    const told = { ...allTold, risks: [], outcomes: false };
    expect(error(consent("store-file", "own-organisation", { told }))).toBe("accepted");
    expect(error(consent("store-file", "own-organisation", { told: { ...told, options: [] } }))).toMatchObject({
      missing: ["do-nothing", "not-report"],
    });
  });

  test("a no needs no explanation, and stands", () => {
    const told = { options: [], outcomes: false, risks: [], limits: false, outcomePromised: false };
    must(world, shilan, consent("removal", stopncii));
    must(world, shilan, consent("removal", stopncii, { answer: "no", told }));
    expect(consentStanding(wholeCase(world), world.now, "survivor", "removal", stopncii).kind).toBe("no");
  });

  test("consent counts as absent from the very moment it expires", () => {
    must(world, shilan, consent("removal", stopncii, { expiresAt: hours(48) }));
    expect(isAgreed(wholeCase(world), hours(47.999), "removal", stopncii)).toBe(true);
    expect(isAgreed(wholeCase(world), hours(48), "removal", stopncii)).toBe(false);
    expect(consentEndings(wholeCase(world))).toEqual([{ about: "survivor/removal/T-stopncii", endsAt: hours(48) }]);
  });

  test("consent that lies ahead, or has already run out, is refused", () => {
    expect(error(consent("removal", stopncii, { givenAt: hours(1) }))).toEqual({
      type: "MomentWrong",
      field: "givenAt",
    });
    expect(error(consent("removal", stopncii, { expiresAt: startAt }))).toEqual({
      type: "MomentWrong",
      field: "expiresAt",
    });
  });

  test("withdrawal stops what rests on the consent at once", () => {
    must(world, shilan, consent("removal", stopncii));
    expect(refusal(world, shilan, takedown(stopncii, startAt))).toBe("accepted");
    must(world, omar, withdraw("removal", stopncii));
    expect(agreedNow("removal", stopncii)).toBe(false);
    expect(refusal(world, shilan, takedown(stopncii, startAt))).toBe("ConsentMissing");
  });

  test("withdrawal for a whole purpose stops every recipient of it, and no other purpose", () => {
    must(world, shilan, consent("removal", stopncii));
    must(world, shilan, consent("removal", "P-instagram"));
    must(world, shilan, consent("digital", "two-factor"));
    must(world, shilan, withdraw("removal", undefined));
    expect(agreedNow("removal", stopncii)).toBe(false);
    expect(agreedNow("removal", "P-instagram")).toBe(false);
    expect(agreedNow("digital", "two-factor")).toBe(true);
  });

  test("withdrawal for one recipient stops no other recipient of the purpose (G-CONS-2)", () => {
    must(world, shilan, consent("removal", stopncii));
    must(world, shilan, consent("removal", "P-instagram"));
    must(world, shilan, withdraw("removal", "P-instagram"));
    expect(agreedNow("removal", "P-instagram")).toBe(false);
    expect(agreedNow("removal", stopncii)).toBe(true);
  });

  test.each([
    ["it was taken back", withdraw("removal", stopncii)],
    ["the whole purpose was taken back", withdraw("removal", undefined)],
    ["a no", consent("removal", stopncii, { answer: "no", givenAt: hours(10) })],
  ] as const)("a yes from before %s, written down late, does not undo it (G-CONS-2)", (_what, refused) => {
    const yes = (at: number) => consent("removal", stopncii, { givenAt: hours(at) });
    must(world, shilan, yes(0));
    world.now = hours(10);
    must(world, omar, refused);
    world.now = hours(11);
    expect(refusal(world, shilan, yes(9.5))).toBe("GivenBeforeRefusal");
    expect(refusal(world, shilan, { ...yes(9.5), answer: "no" })).toBe("accepted");
    // Of something else it says nothing.
    expect(refusal(world, shilan, consent("digital", "two-factor"))).toBe("accepted");
    must(world, shilan, yes(10));
    expect(agreedNow("removal", stopncii)).toBe(true);
  });

  test.each([
    ["a withdrawal", withdraw("removal", stopncii)],
    ["a no", consent("removal", stopncii, { answer: "no", givenAt: hours(24 * 999) })],
  ] as const)("%s by a clock that is years ahead keeps nobody from agreeing anew", (_what, refused) => {
    must(world, shilan, consent("removal", stopncii));
    world.now = hours(24 * 999);
    must(world, omar, refused);
    world.now = hours(3);
    expect(agreedNow("removal", stopncii)).toBe(false);
    must(world, shilan, consent("removal", stopncii, { givenAt: hours(3) }));
    expect(agreedNow("removal", stopncii)).toBe(true);
  });

  test("after a withdrawal the survivor may agree again", () => {
    must(world, shilan, consent("removal", stopncii));
    must(world, shilan, withdraw("removal", stopncii));
    must(world, shilan, consent("removal", stopncii, { limits: "Only the two pictures of August." }));
    expect(consentStanding(wholeCase(world), world.now, "survivor", "removal", stopncii)).toMatchObject({
      kind: "yes",
      limits: ["Only the two pictures of August."],
    });
  });

  test.each([
    ["a withdrawal", withdraw("removal", stopncii), "withdrawn"],
    ["a no", consent("removal", stopncii, { answer: "no", givenAt: hours(5) }), "no"],
    [
      "a no that she said under pressure",
      consent("removal", stopncii, {
        answer: "no",
        givenAt: hours(5),
        obtained: { ...freelyObtained, pressureSeen: true },
      }),
      "no",
    ],
  ] as const)(
    "%s stands though a yes under pressure came after it, and no yes of before takes it back",
    (_what, refused, kind) => {
      world.now = hours(5);
      must(world, shilan, refused);
      const forced = { ...freelyObtained, pressureSeen: true };
      must(world, shilan, consent("removal", stopncii, { givenAt: hours(5), obtained: forced }));
      const stands = (): string => consentStanding(wholeCase(world), world.now, "survivor", "removal", stopncii).kind;
      expect(stands()).toBe(kind);
      expect(refusal(world, shilan, consent("removal", stopncii, { givenAt: hours(1) }))).toBe("GivenBeforeRefusal");
      must(world, shilan, consent("removal", stopncii, { givenAt: hours(5), expiresAt: hours(6) }));
      expect(stands()).toBe("yes");
      world.now = hours(6);
      expect(stands()).toBe("flawed");
    },
  );

  test("nobody decides in the place of an adult: assent and the best-interests decision are for a child alone", () => {
    expect(refusal(world, shilan, assent("removal", stopncii))).toBe("OnlyForAChild");
    expect(refusal(world, shilan, bestInterests("removal", stopncii))).toBe("OnlyForAChild");
    expect(refusal(world, shilan, guardianConsent("removal", stopncii))).toBe("GuardianNotToBeAsked");
  });

  test("what was decided as for a child while the age was not known does not replace an adult's consent", () => {
    world = newWorld();
    must(world, shilan, openCase);
    must(world, shilan, assent("removal", stopncii));
    const proposal = must(world, shilan, bestInterests("removal", stopncii));
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    must(world, shilan, recordFact("age", "adult"));
    expect(agreedNow("removal", stopncii)).toBe(false);
    must(world, shilan, consent("removal", stopncii));
    expect(agreedNow("removal", stopncii)).toBe(true);
  });
});

describe("a child", () => {
  test("a guardian's consent does not replace the child's assent, nor the assent the guardian's consent", () => {
    childReadyToAct(world, "no");
    must(world, shilan, guardianConsent("removal", "T-takeitdown"));
    expect(error(takedown("T-takeitdown", startAt))).toEqual({
      type: "ConsentMissing",
      purpose: "removal",
      from: "assent",
    });
    must(world, shilan, withdraw("removal", "T-takeitdown", "guardian"));
    must(world, shilan, assent("removal", "T-takeitdown"));
    expect(error(takedown("T-takeitdown", startAt))).toMatchObject({ from: "guardian-or-best-interests" });
    must(world, shilan, guardianConsent("removal", "T-takeitdown"));
    expect(agreedNow("removal", "T-takeitdown")).toBe(true);
  });

  test("an adult's consent given for a child counts for nothing", () => {
    childReadyToAct(world, "no");
    must(world, shilan, consent("removal", "T-takeitdown"));
    expect(agreedNow("removal", "T-takeitdown")).toBe(false);
  });

  test("a guardian who is or may be unsafe is not asked", () => {
    childReadyToAct(world, "yes");
    expect(refusal(world, shilan, guardianConsent("removal", "T-takeitdown"))).toBe("GuardianNotToBeAsked");
    must(
      world,
      shilan,
      recordFact("guardian-unsafe", undefined, { correction: { kind: "mistake", because: "Not asked." } }),
    );
    expect(refusal(world, shilan, guardianConsent("removal", "T-takeitdown"))).toBe("GuardianNotToBeAsked");
  });

  test("a guardian is not asked while the age is not known", () => {
    must(world, shilan, openCase);
    must(world, shilan, recordFact("guardian-unsafe", "no"));
    expect(refusal(world, shilan, guardianConsent("removal", "T-takeitdown"))).toBe("GuardianNotToBeAsked");
  });

  test("a guardian is not asked against the pathway", () => {
    childReadyToAct(world, "no");
    world.adviser = () => undefined;
    expect(refusal(world, shilan, guardianConsent("removal", "T-takeitdown"))).toBe("AdviceMissing");
  });

  test("once the guardian turns out to be unsafe, what they had agreed to counts no longer", () => {
    childReadyToAct(world, "no");
    must(world, shilan, assent("removal", "T-takeitdown"));
    must(world, shilan, guardianConsent("removal", "T-takeitdown"));
    must(
      world,
      shilan,
      recordFact("guardian-unsafe", "yes", { correction: { kind: "changed", because: "She told me." } }),
    );
    expect(agreedNow("removal", "T-takeitdown")).toBe(false);
    expect(factsOf(wholeCase(world), world.now)["guardian-consent-removal"]).toBe("no");
  });

  test("with an unsafe guardian the best-interests decision opens the way, once another person approved it", () => {
    childReadyToAct(world, "yes");
    must(world, shilan, assent("removal", "T-takeitdown"));
    const proposal = must(world, shilan, bestInterests("removal", "T-takeitdown"));
    expect(agreedNow("removal", "T-takeitdown")).toBe(false);
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    expect(agreedNow("removal", "T-takeitdown")).toBe(true);
    expect(refusal(world, shilan, takedown("T-takeitdown", startAt))).toBe("accepted");
  });

  test("whoever proposes a best-interests decision does not approve it, supervisor or not", () => {
    childReadyToAct(world, "yes");
    const proposal = must(world, rezan, bestInterests("removal", "T-takeitdown"));
    expect(refusal(world, rezan, { type: "Approve", proposal, what: "best-interests" })).toBe("OwnProposal");
    expect(refusal(world, omar, { type: "Approve", proposal, what: "best-interests" })).toBe("NotAuthorised");
  });

  test("a best-interests decision not to go ahead stands over the guardian's way for a child who cannot assent", () => {
    childReadyToAct(world, "no");
    must(world, shilan, assent("digital", "two-factor", { answer: "cannot" }));
    must(world, shilan, guardianConsent("digital", "two-factor"));
    expect(error(digitalItem("two-factor"))).toMatchObject({ type: "ConsentMissing", from: "best-interests" });
    const proposal = must(world, shilan, bestInterests("digital", "two-factor", { decision: "do-not" }));
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    expect(agreedNow("digital", "two-factor")).toBe(false);
  });

  test("a best-interests decision not to go ahead stands over the child's yes and a safe guardian's, until a newer decision (G-CONS-3)", () => {
    childReadyToAct(world, "no");
    must(world, shilan, assent("removal", "T-takeitdown"));
    must(world, shilan, guardianConsent("removal", "T-takeitdown"));
    const decide = (decision: "go-ahead" | "do-not", more: object = {}): void => {
      const proposal = must(world, shilan, bestInterests("removal", "T-takeitdown", { decision, ...more }));
      must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    };
    must(world, shilan, bestInterests("removal", "T-takeitdown", { decision: "do-not" }));
    // Not approved yet, it stops nothing.
    expect(agreedNow("removal", "T-takeitdown")).toBe(true);
    decide("do-not", { expiresAt: hours(24) });
    expect(error(takedown("T-takeitdown", startAt))).toEqual({
      type: "ConsentMissing",
      purpose: "removal",
      from: "best-interests",
    });
    expect(factsOf(wholeCase(world), world.now)["guardian-consent-removal"]).toBe("no");
    // It neither runs out, nor falls because one person writes down that it was taken back.
    expect(isAgreed(wholeCase(world), hours(25), "removal", "T-takeitdown")).toBe(false);
    must(world, shilan, withdraw("removal", "T-takeitdown", "best-interests"));
    expect(agreedNow("removal", "T-takeitdown")).toBe(false);
    decide("go-ahead");
    expect(agreedNow("removal", "T-takeitdown")).toBe(true);
    decide("do-not");
    const { kind } = consentStanding(wholeCase(world), world.now, "best-interests", "removal", "T-takeitdown");
    expect(kind).toBe("no");
  });

  test("a best-interests decision not to go ahead with one recipient stands against no other", () => {
    childReadyToAct(world, "no");
    must(world, shilan, assent("removal", "P-instagram"));
    must(world, shilan, guardianConsent("removal", "P-instagram"));
    const proposal = must(world, shilan, bestInterests("removal", "T-takeitdown", { decision: "do-not" }));
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    expect(agreedNow("removal", "P-instagram")).toBe(true);
  });

  test("to law enforcement, only the best-interests decision opens the way, beside the child's own agreement", () => {
    childReadyToAct(world, "no");
    must(world, shilan, assent("law", "A-community-police"));
    must(world, shilan, guardianConsent("law", "A-community-police"));
    expect(agreedNow("law", "A-community-police")).toBe(false);
    const proposal = must(world, shilan, bestInterests("law", "A-community-police"));
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    expect(agreedNow("law", "A-community-police")).toBe(true);
    must(world, shilan, withdraw("law", "A-community-police", "child"));
    expect(agreedNow("law", "A-community-police")).toBe(false);
  });

  test("a best-interests decision can run out, and cannot begin run out", () => {
    childReadyToAct(world, "yes");
    must(world, shilan, assent("removal", "T-takeitdown"));
    expect(refusal(world, shilan, bestInterests("removal", "T-takeitdown", { expiresAt: startAt }))).toBe(
      "MomentWrong",
    );
    const proposal = must(world, shilan, bestInterests("removal", "T-takeitdown", { expiresAt: hours(24) }));
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    expect(isAgreed(wholeCase(world), hours(23), "removal", "T-takeitdown")).toBe(true);
    expect(isAgreed(wholeCase(world), hours(24), "removal", "T-takeitdown")).toBe(false);
  });
});

describe("while the age is not known", () => {
  test("a purpose is agreed only if it would be for an adult and for a child", () => {
    must(world, shilan, openCase);
    must(world, shilan, consent("removal", "T-insm"));
    expect(agreedNow("removal", "T-insm")).toBe(false);
    must(world, shilan, assent("removal", "T-insm"));
    expect(agreedNow("removal", "T-insm")).toBe(false);
    const proposal = must(world, shilan, bestInterests("removal", "T-insm"));
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    expect(agreedNow("removal", "T-insm")).toBe(true);
    must(world, shilan, withdraw("removal", "T-insm"));
    expect(agreedNow("removal", "T-insm")).toBe(false);
  });
});

describe("what is shared", () => {
  test("of several words that an agreement rests on, what one withholds is withheld", () => {
    childReadyToAct(world, "no");
    const fields = ["fact:harm", "safe-contact", "detail:name"];
    must(world, shilan, assent("referral", "the-clinic", { mayShare: ["fact:harm", "safe-contact"] }));
    must(world, shilan, guardianConsent("referral", "the-clinic", { mayShare: fields }));
    must(world, shilan, referralTo("the-clinic", { fields }));
    expect(error(step("SendReferral"))).toEqual({ type: "FieldsNotConsented", fields: ["detail:name"] });
  });

  test("what a guardian withholds is withheld, though the child would share it", () => {
    childReadyToAct(world, "no");
    must(world, shilan, assent("referral", "the-clinic", { mayShare: ["fact:harm", "detail:name"] }));
    must(world, shilan, guardianConsent("referral", "the-clinic", { mayShare: ["fact:harm"], limits: "No calls." }));
    expect(requireConsent(wholeCase(world), world.now, "referral", "the-clinic")).toEqual({
      ok: true,
      value: { mayShare: ["fact:harm"], limits: ["No calls."] },
    });
  });

  test("of three words that an agreement rests on while the age is not known, what any of them withholds is withheld", () => {
    const fields = ["detail:name", "fact:harm", "safe-contact"];
    const without = (withheld: string): string[] => fields.filter((field) => field !== withheld);
    for (const [survivors, childs, decisions] of [
      [fields, fields, without("detail:name")],
      [fields, without("detail:name"), fields],
      [without("detail:name"), fields, fields],
      [without("safe-contact"), without("detail:name"), without("fact:harm")],
    ] as const) {
      world = newWorld();
      must(world, shilan, openCase);
      must(world, shilan, consent("referral", "the-clinic", { mayShare: survivors, limits: "Not by telephone." }));
      must(world, shilan, assent("referral", "the-clinic", { mayShare: childs, limits: "Not to my school." }));
      const proposal = must(world, shilan, bestInterests("referral", "the-clinic", { mayShare: decisions }));
      must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
      const agreed = requireConsent(wholeCase(world), world.now, "referral", "the-clinic");
      expect(agreed).toEqual({
        ok: true,
        value: {
          mayShare: fields.filter((field) => [survivors, childs, decisions].every((each) => each.includes(field))),
          limits: ["Not by telephone.", "Not to my school."],
        },
      });
    }
  });

  test("the words of the other way are not asked what they withhold, once the age is known", () => {
    const fields = ["fact:harm", "safe-contact"];
    for (const [age, resting] of [
      ["adult", ["survivor"]],
      ["child", ["child", "best-interests"]],
    ] as const) {
      world = newWorld();
      must(world, shilan, openCase);
      const shared = (whose: string): { readonly mayShare: string[]; readonly limits?: string } =>
        resting.some((each) => each === whose) ? { mayShare: fields, limits: whose } : { mayShare: [], limits: whose };
      const { mayShare } = shared("best-interests");
      must(world, shilan, consent("referral", "the-clinic", shared("survivor")));
      must(world, shilan, assent("referral", "the-clinic", shared("child")));
      const proposal = must(world, shilan, bestInterests("referral", "the-clinic", { mayShare }));
      must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
      must(world, shilan, recordFact("age", age));
      expect(requireConsent(wholeCase(world), world.now, "referral", "the-clinic")).toEqual({
        ok: true,
        value: { mayShare: fields, limits: [resting[0]] },
      });
    }
  });

  test("nothing identifying is written before the survivor agreed to a file", () => {
    must(world, shilan, openCase);
    must(world, shilan, recordFact("age", "adult"));
    const name = { type: "RecordDetail", field: "name", saidBy: "survivor" } as const;
    expect(refusal(world, shilan, { ...name, value: { kind: "given", text: "Hala" } })).toBe("ConsentMissing");
    expect(refusal(world, shilan, { ...name, value: { kind: "skipped", because: "declined" } })).toBe("accepted");
    const note = { type: "WriteNote", note: itemOf("note-1"), about: "case", text: "She is calm." } as const;
    expect(refusal(world, shilan, note)).toBe("ConsentMissing");
    must(world, shilan, consent("store-file", "own-organisation"));
    expect(refusal(world, shilan, { ...name, value: { kind: "given", text: "Hala" } })).toBe("accepted");
    must(world, shilan, withdraw("store-file", undefined));
    expect(refusal(world, shilan, note)).toBe("ConsentMissing");
  });
});

describe("a child's file", () => {
  const note = { type: "WriteNote", note: itemOf("note-1"), about: "child-protection", text: "She drew." } as const;

  test("is kept while a supervisor has not answered the proposal to keep it, and no longer once it is refused", () => {
    childReadyToAct(world, "yes");
    must(world, shilan, assent("store-file", "own-organisation"));
    expect(refusal(world, shilan, note)).toBe("ConsentMissing");
    const proposal = must(world, shilan, bestInterests("store-file", "own-organisation"));
    expect(refusal(world, shilan, note)).toBe("accepted");
    must(world, nasrin, {
      type: "RefuseApproval",
      proposal,
      what: "best-interests",
      because: "Her aunt is safe: ask her.",
    });
    expect(refusal(world, shilan, note)).toBe("ConsentMissing");
  });

  test("is not kept on a proposal not to keep it, nor after the proposal was taken back", () => {
    childReadyToAct(world, "yes");
    must(world, shilan, assent("store-file", "own-organisation"));
    must(world, shilan, bestInterests("store-file", "own-organisation", { decision: "do-not" }));
    expect(refusal(world, shilan, note)).toBe("ConsentMissing");
    must(world, shilan, bestInterests("store-file", "own-organisation"));
    must(world, shilan, withdraw("store-file", "own-organisation", "best-interests"));
    expect(refusal(world, shilan, note)).toBe("ConsentMissing");
  });

  test("is not kept while one proposes to keep it and another, who did not know, proposes not to", () => {
    childReadyToAct(world, "yes");
    must(world, shilan, assent("store-file", "own-organisation"));
    part(world, shilan, omar);
    must(world, shilan, bestInterests("store-file", "own-organisation"));
    must(world, omar, bestInterests("store-file", "own-organisation", { decision: "do-not" }));
    meet(world);
    expect(refusal(world, shilan, note)).toBe("ConsentMissing");
  });

  test("is not kept on a proposal that another keeps it", () => {
    childReadyToAct(world, "yes");
    must(world, shilan, assent("store-file", "own-organisation"));
    must(world, shilan, bestInterests("store-file", "another-organisation"));
    expect(refusal(world, shilan, note)).toBe("ConsentMissing");
  });

  test("a waiting proposal opens nothing else", () => {
    childReadyToAct(world, "yes");
    must(world, shilan, assent("removal", "T-takeitdown"));
    must(world, shilan, bestInterests("removal", "T-takeitdown"));
    expect(refusal(world, shilan, takedown("T-takeitdown", startAt))).toBe("ConsentMissing");
  });
});

describe("the facts that consents give", () => {
  test("all four facts of a purpose speak of the same recipient", () => {
    childReadyToAct(world, "no");
    must(world, shilan, assent("removal", "P-instagram"));
    must(world, shilan, guardianConsent("removal", "T-takeitdown"));
    const facts = factsOf(wholeCase(world), world.now);
    expect(facts["assent-removal"] === "yes" && facts["guardian-consent-removal"] === "yes").toBe(false);
  });

  test("where nobody was asked, nothing is said", () => {
    adultReadyToAct(world);
    expect(factsOf(wholeCase(world), world.now)).not.toHaveProperty("consent-removal");
  });

  test("of several recipients, the one that comes nearest to agreement is told", () => {
    childReadyToAct(world, "yes");
    must(world, shilan, assent("removal", "P-instagram", { answer: "no" }));
    must(world, shilan, assent("removal", "T-takeitdown"));
    expect(factsOf(wholeCase(world), world.now)["assent-removal"]).toBe("yes");
  });

  test("what is flawed says why, also for a decision that has run out", () => {
    must(world, shilan, openCase);
    const decision = { ...bestInterests("law", "x", { expiresAt: hours(1) }), type: "BestInterestsProposed" } as const;
    expect(flawsOf(decision, hours(2))).toEqual(["expired"]);
  });
});

test("consent is asked before the gate, so that an open gate does not carry a missing consent", () => {
  adultReadyToAct(world);
  must(world, shilan, consent("digital", "two-factor"));
  expect(refusal(world, shilan, digitalItem("two-factor"))).toBe("accepted");
  // The gate `digital-safety` is open now; the consent was for another act.
  expect(refusal(world, shilan, digitalItem("change-passwords"))).toBe("ConsentMissing");
});

test("an assessment does not stand in for consent, nor consent for an assessment", () => {
  adultReadyToAct(world);
  must(world, shilan, consent("digital", "two-factor"));
  must(world, shilan, { type: "OutdateAssessment", assessment: "digital-risk", because: "He has her new phone." });
  expect(refusal(world, shilan, digitalItem("two-factor"))).toBe("GateClosed");
  must(world, shilan, assessment("digital-risk"));
  expect(refusal(world, shilan, digitalItem("two-factor"))).toBe("accepted");
  expect(stateOf(world, shilan).consent.saidByWhoseAndPurpose.has("survivor/digital")).toBe(true);
});
