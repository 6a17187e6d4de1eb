/** What must have been asked, weighed or told first, and what cannot be so: refused, whatever a screen does. */

import { later } from "@amana/kernel";
import { beforeEach, describe, expect, test } from "vitest";
import { isApproved } from "./approvals/approvals.ts";
import { assessmentStanding } from "./assessments/assessments.ts";
import { type CaseCommand, isOpenWhileUnread, openWhileUnread } from "./command.ts";
import { legalRiskOf } from "./law/law.ts";
import { areLimitsTold } from "./opening/opening.ts";
import { responsiblePersons } from "./responsibility/responsibility.ts";
import {
  adultReadyToAct,
  assessment,
  bestInterests,
  closeCase,
  consent,
  emergencyCall,
  lawStep,
  legalRisk,
  openCase,
  recordFact,
  takedown,
} from "./testing/commands.ts";
import {
  codeOf,
  dateOf,
  hours,
  itemOf,
  momentOf,
  nasrin,
  omar,
  recipientOf,
  shilan,
  startAt,
} from "./testing/people.ts";
import { type World, meet, must, newWorld, part, refusal, tell, wholeCase, write } from "./testing/world.ts";
import { due } from "./views/due.ts";
import { incidentViews } from "./views/incident-view.ts";
import { takedownsOf } from "./takedowns/takedowns.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

const errorOf = (command: Parameters<typeof tell>[2], author = shilan): unknown => {
  const decision = tell(world, author, command);
  return decision.ok ? "accepted" : decision.error;
};

describe("G-LAW-2: the legal risks are weighed for the agency itself", () => {
  const agreeTo = (agency: string): void => void must(world, shilan, consent("law", agency));
  beforeEach(() => {
    adultReadyToAct(world);
    must(world, shilan, legalRisk);
    must(world, shilan, { type: "RecordLawDecision", decision: "report", isVoluntary: true });
    agreeTo("A-community-police");
    agreeTo("A-nss");
  });
  const toSecurity = lawStep({ agency: recipientOf("A-nss") });

  test("no step is taken to an agency for which nobody has weighed them", () => {
    expect(refusal(world, shilan, lawStep())).toBe("accepted");
    expect(refusal(world, shilan, toSecurity)).toBe("AgencyNotAssessed");
    expect(refusal(world, shilan, { ...toSecurity, step: "survivor-prepared" })).toBe("accepted");
    must(world, shilan, { ...legalRisk, agency: recipientOf("A-nss") });
    expect(refusal(world, shilan, toSecurity)).toBe("accepted");
    // The first is weighed still: the second took nothing from it.
    expect(refusal(world, shilan, lawStep())).toBe("accepted");
  });

  test("once found outdated they are weighed anew for each", () => {
    must(world, shilan, { type: "OutdateLegalRisk", because: "His uncle is the new chief." });
    must(world, shilan, { ...legalRisk, agency: recipientOf("A-nss") });
    expect(refusal(world, shilan, lawStep())).toBe("AgencyNotAssessed");
    expect(refusal(world, shilan, toSecurity)).toBe("accepted");
  });

  test("of an assessment and of its being outdated, said at once, the careful one stands for the agency", () => {
    part(world, shilan, omar);
    must(world, shilan, legalRisk);
    must(world, omar, { type: "OutdateLegalRisk", because: "He knows somebody there." });
    meet(world);
    expect(legalRiskOf(wholeCase(world), "A-community-police")).toBe("outdated");
    expect(legalRiskOf(wholeCase(world), "A-dcvaw")).toBe("none");
  });
});

describe("G-SAFE-2, G-MH-3: what was looked at is written down with kind, source and likelihood", () => {
  test("each risk names what it is, from whom, and how likely; a need for mental health is assessed beside", () => {
    must(world, shilan, openCase);
    const risk = { kind: "honour-based-violence", from: "family", likelihood: "likely", text: "Her uncle." } as const;
    must(world, shilan, { ...assessment("physical-safety"), risks: [risk] });
    expect(errorOf({ ...assessment("physical-safety"), risks: [{ ...risk, from: "nobody" as never }] })).toEqual({
      type: "FieldWrong",
      field: "risks.0.from",
    });
    expect(assessmentStanding(wholeCase(world), "mental-health-needs")).toBe("none");
    must(world, shilan, { ...assessment("mental-health-needs"), findings: "She sleeps two hours." });
    expect(assessmentStanding(wholeCase(world), "mental-health-needs")).toBe("stands");
  });
});

describe("the hours a take-down took", () => {
  const check = (outcome: "removed" | "reappeared" | "waiting", at: number) => {
    world.now = hours(at);
    must(world, shilan, { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), outcome, checkedAt: hours(at) });
  };
  const hoursTaken = () => takedownsOf(wholeCase(world), world.now)[0]?.hoursTaken;
  beforeEach(() => {
    adultReadyToAct(world);
    must(world, shilan, consent("removal", "T-insm"));
    world.now = hours(10);
    must(world, shilan, takedown("T-insm", hours(10)));
  });

  test("end with the first check that found it gone, however often somebody looks again", () => {
    check("removed", 40);
    check("removed", 310);
    expect(hoursTaken()).toBe(30);
  });

  test("are counted to the first check that found it gone again, once it had come back", () => {
    check("removed", 40);
    check("reappeared", 50);
    expect(hoursTaken()).toBeUndefined();
    check("removed", 110);
    check("removed", 200);
    expect(hoursTaken()).toBe(100);
  });

  test("are none below zero: no check is before the request", () => {
    const before = { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), outcome: "removed" } as const;
    expect(refusal(world, shilan, { ...before, checkedAt: hours(6) })).toBe("MomentWrong");
    write(world, shilan, { ...before, type: "TakedownChecked", checkedAt: hours(6) });
    expect(hoursTaken()).toBe(0);
  });

  test("of two checks of one moment that contradict each other, keep somebody looking", () => {
    part(world, shilan, omar);
    check("removed", 40);
    const there = { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), outcome: "waiting" } as const;
    must(world, omar, { ...there, checkedAt: hours(40) });
    meet(world);
    expect(hoursTaken()).toBeUndefined();
    check("removed", 40);
    expect(hoursTaken()).toBe(30);
  });
});

describe("an incident as the GBVIMS counts it", () => {
  const incident = {
    type: "RecordIncident",
    incident: itemOf("i-1"),
    incidentType: "rape",
    reportedOn: dateOf("2026-11-21"),
    perpetrators: ["neighbor"],
  } as const;

  test("is not reported on a day that has begun nowhere, nor before it happened", () => {
    must(world, shilan, openCase);
    const field = (more: object) => errorOf({ ...incident, ...more });
    expect(field({ reportedOn: dateOf("2099-01-01") })).toEqual({ type: "MomentWrong", field: "reportedOn" });
    expect(field({ reportedOn: dateOf("2026-11-23") })).toEqual({ type: "MomentWrong", field: "reportedOn" });
    expect(field({ happenedOn: dateOf("2026-11-22") })).toEqual({ type: "MomentWrong", field: "happenedOn" });
    expect(field({ reportedOn: dateOf("yesterday") })).toEqual({ type: "FieldWrong", field: "reportedOn" });
    expect(field({ happenedOn: dateOf("2026-11-21") })).toBe("accepted");
    // Where the night is already the next day.
    world.now = momentOf("2026-11-21T22:30:00Z");
    expect(field({ reportedOn: dateOf("2026-11-22") })).toBe("accepted");
  });

  test("is written down also by a clock that stands in the last hours there are", () => {
    must(world, shilan, openCase);
    world.now = momentOf("9999-12-31T23:00:00Z");
    expect(errorOf({ ...incident, reportedOn: dateOf("9999-12-31") })).toBe("accepted");
  });

  test("is child sexual abuse where the person is known to be a child, also without the age at the time", () => {
    must(world, shilan, { ...openCase, limits: { kind: "told", wording: "child", duties: [] } });
    must(world, shilan, incident);
    const contexts = () => incidentViews(wholeCase(world), world.now).map((view) => view.contexts);
    expect(contexts()).toEqual([[]]);
    must(world, shilan, recordFact("age", "child"));
    expect(contexts()).toEqual([["child_sexual_abuse"]]);
    must(world, shilan, { ...incident, ageAtIncident: 20 });
    expect(contexts()).toEqual([[]]);
  });
});

describe("G-CONS-5: the limits of confidentiality come first", () => {
  const notYet = { ...openCase, limits: { kind: "not-yet", because: "not-present" } } as const;
  const goal = {
    type: "SetGoal",
    goal: itemOf("goal-1"),
    words: "I sleep again.",
    services: ["mental-health"],
    who: "me",
  } as const;
  const asked = [
    goal,
    { type: "RecordServiceNeed", service: "legal", need: "needed" },
    bestInterests("removal", "T-insm"),
  ] as const;

  test("before them nobody sets goals or needs, or proposes what is best for a child", () => {
    must(world, shilan, notYet);
    for (const command of asked) expect(refusal(world, shilan, command)).toBe("LimitsNotTold");
    must(world, shilan, { type: "TellLimits", wording: "adult", duties: [] });
    for (const command of asked) expect(refusal(world, shilan, command)).toBe("accepted");
  });

  test("how she can be reached without being found out is asked before them, since a line may break", () => {
    must(world, shilan, notYet);
    const contact = { how: "telephone-call", reach: "0770 999 88 77", when: "mornings" } as const;
    const rest = { nameToUse: "the dentist", mayLeaveMessage: false, mustNotKnow: [] } as const;
    expect(refusal(world, shilan, { type: "AgreeSafeContact", ...contact, ...rest })).toBe("accepted");
  });

  test("a child has heard them only in the words for a child", () => {
    must(world, shilan, openCase);
    expect(areLimitsTold(wholeCase(world))).toBe(true);
    must(world, shilan, recordFact("age", "child"));
    expect(areLimitsTold(wholeCase(world))).toBe(false);
    expect(refusal(world, shilan, goal)).toBe("LimitsNotTold");
    expect(due(wholeCase(world), world.now).map(({ kind }) => kind)).toContain("limits-to-tell");
    must(world, shilan, { type: "TellLimits", wording: "child", duties: [] });
    expect(refusal(world, shilan, goal)).toBe("accepted");
  });

  test("the second person of an emergency records why", () => {
    must(world, shilan, openCase);
    must(world, shilan, recordFact("immediate-danger", "yes"));
    const proposal = must(world, shilan, emergencyCall());
    const approval = { type: "Approve", proposal, what: "emergency" } as const;
    expect(errorOf(approval, nasrin)).toEqual({ type: "FieldWrong", field: "because" });
    must(world, nasrin, { ...approval, because: "I heard it myself." });
    expect(isApproved(wholeCase(world), proposal)).toBe(true);
  });
});

describe("opening a case", () => {
  test("its search is not older than a week", () => {
    const searched = (at: number) => refusal(world, shilan, { ...openCase, searchedAt: later(startAt, at) });
    expect(searched(-8 * 24 * 3_600_000)).toBe("MomentWrong");
    expect(searched(0 - startAt)).toBe("MomentWrong");
    expect(searched(-6 * 24 * 3_600_000)).toBe("accepted");
  });

  test.each(["HALA-12", "HALA-2026-1234", "2026-HALA", "2026-H4LA", "HALA 12", "1999-2222", "2026-222", "Y-2026-2222"])(
    "its code is of the form that the app makes, and holds no name: not %s",
    (code) => {
      expect(refusal(world, shilan, { ...openCase, code: codeOf(code) })).toBe("FieldWrong");
    },
  );

  test.each(["2026-7K3B", "KRI-2026-0043"])("its code is of the form that the app makes: %s", (code) => {
    expect(refusal(world, shilan, { ...openCase, code: codeOf(code) })).toBe("accepted");
  });
});

describe("responsibility that was declined", () => {
  test("is offered anew before it is accepted", () => {
    must(world, shilan, openCase);
    const offered = (): ReturnType<typeof must> =>
      must(world, shilan, { type: "OfferResponsibility", to: omar.person, because: "I am away." });
    const offer = offered();
    must(world, omar, { type: "DeclineResponsibility", offer, because: "I am full." });
    expect(errorOf({ type: "AcceptResponsibility", offer }, omar)).toEqual({
      type: "StepNotPossible",
      from: "declined",
    });
    must(world, omar, { type: "AcceptResponsibility", offer: offered() });
    expect(responsiblePersons(wholeCase(world))).toEqual([omar.person]);
  });
});

describe("SECURITY §3: while something cannot be read", () => {
  test("no letter is made, since a consent may have been withdrawn; other copies are", () => {
    expect(openWhileUnread.has("RecordCopy")).toBe(true);
    expect(isOpenWhileUnread({ type: "RecordCopy", copy: "safety-plan" })).toBe(true);
    expect(isOpenWhileUnread({ type: "RecordCopy", copy: "referral-letter", referral: itemOf("r-1") })).toBe(false);
    expect(isOpenWhileUnread({ type: "AssessRisk" })).toBe(false);
  });

  test("no step to law enforcement is recorded, but that she stepped back from one", () => {
    expect(isOpenWhileUnread(lawStep())).toBe(false);
    expect(isOpenWhileUnread(lawStep({ step: "withdrawn-by-survivor" }))).toBe(true);
  });

  test("a closed case can be opened again, for there the safety plan is closed until it is", () => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, closeCase());
    const item = { type: "SetSafetyItem", item: itemOf("s-1"), words: "I go to my aunt.", who: "me" } as const;
    const plan = { ...item, when: "at once", area: "shelter" } as const;
    const reopen = { type: "ReopenCase", because: "He is back." } as const;
    const possible = (command: CaseCommand): boolean =>
      isOpenWhileUnread(command) && refusal(world, shilan, command) === "accepted";
    expect([plan, reopen].map(possible)).toEqual([false, true]);
    must(world, shilan, reopen);
    expect(possible(plan)).toBe(true);
  });
});
