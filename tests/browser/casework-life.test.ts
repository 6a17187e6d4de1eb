/**
 * The whole life of a case by its screens, from first contact to closure: an adult's, and a child's whose guardian is not safe.
 * Two people, the caseworker without a line for most of it; what needs a second person is decided by the supervisor.
 */

import { expect, test } from "vitest";
import { fillNewCase, languages, makeTeam, openCase, useCaseworkBrowser, type Person } from "./casework-browser.ts";
import { act, agree, answer, leave, nameOfTool, pick, save } from "./casework-forms.ts";

const casework = useCaseworkBrowser();
const isLongRun = process.env["AMANA_LONG"] === "1";

const openTheCase = async (person: Person, code: string, section: string): Promise<void> => {
  await person.go("cases");
  await person.page.getByText(code).first().click();
  await person.page.getByRole("heading", { level: 1, name: code }).waitFor();
  await person.section(section);
};

/** The caseworker has a line for a moment: what was written goes out, and what the colleague wrote comes in. */
const meet = async (caseworker: Person, supervisor: Person): Promise<void> => {
  await caseworker.context.setOffline(false);
  await caseworker.sync();
  await supervisor.sync();
};

/** What has to be looked at before anything is done online (G-SAFE-1). */
const assess = async (person: Person): Promise<void> => {
  for (const kind of ["physical-safety", "digital-risk"]) {
    const title = person.page.locator("h4", { hasText: person.word(`option.assessment.${kind}`) });
    await act(person, "RecordAssessment", { within: person.page.locator(".card", { has: title }) });
  }
};

const unexpected = (...people: readonly Person[]): readonly string[] =>
  people.flatMap(({ complaints }) => complaints.filter((each) => !each.includes("ERR_INTERNET")));

test.each(isLongRun ? languages : (["en"] as const))(
  "in %s: an adult's case goes from first contact to closure, most of it offline, and the supervisor lowers the level (G-CM-1)",
  async (language) => {
    const { supervisor, caseworker } = await makeTeam(casework, language);
    const { page, word, section } = caseworker;
    const code = await openCase(caseworker, "Dilnaz");
    await caseworker.sync();
    await caseworker.context.setOffline(true);

    await section("questions");
    for (const [fact, value] of [
      ["private-now", "yes"],
      ["immediate-danger", "no"],
      ["suicide-or-self-harm", "no"],
      ["age-in-image", "adult"],
      ["honour-violence-risk", "yes"],
      ["harm", ["image-based-abuse", "sexual-extortion"]],
      ["sexual-content", "yes"],
      ["synthetic", "no"],
      ["content-exposure", "threatened"],
      ["platforms", ["facebook"]],
      ["survivor-holds-copy", "yes"],
      ["digital-action-could-escalate", "yes"],
      ["digital-escalation-planned", "yes"],
      ["safe-device", "yes"],
      ["wants-removal", "yes"],
    ] as const)
      await answer(caseworker, language, fact, value);

    await section("assessment");
    await act(caseworker, "AssessRisk");
    await page.locator(".case-head .bricks.high").waitFor();
    await page.locator(".case-head .danger strong").waitFor();
    await act(caseworker, "RecordRiskResponse");
    await page.locator(".case-head .danger strong").waitFor({ state: "detached" });
    await assess(caseworker);

    await section("safety");
    await act(caseworker, "SetSafetyItem", { write: { words: "I go to my aunt's by the back way." } });
    await page.getByText("I go to my aunt's by the back way.").first().waitFor();
    await section("consent");
    // The way to where one is leads nowhere else: what is saved from here on is saved, and its form is gone.
    await section("consent");
    await agree(caseworker, "digital", { chosen: "change-passwords" });
    await agree(caseworker, "removal", { chosen: "T-stopncii" });
    await agree(caseworker, "referral", { named: "The Light Centre" });
    await section("safety");
    await act(caseworker, "SetDigitalItem", {
      choose: { act: "change-passwords" },
      write: { words: "I change it from my cousin's phone." },
    });
    await page.getByText("I change it from my cousin's phone.").first().waitFor();

    await section("services");
    await act(caseworker, "SetGoal", { write: { words: "I want to sleep again." } });
    await act(caseworker, "PrepareReferral", { write: { recipient: "The Light Centre" } });
    await act(caseworker, "SendReferral");
    await act(caseworker, "RecordReferralAnswer", { choose: { answer: "accepted" } });
    await act(caseworker, "RecordReferralDone");
    await act(caseworker, "CloseReferral");
    await act(caseworker, "MarkGoal", { choose: { outcome: "met" } });
    await section("content");
    await act(caseworker, "RecordTakedown", {
      within: page.locator(".card", { hasText: nameOfTool(language, "T-stopncii") }),
    });
    await act(caseworker, "RecordTakedownCheck", { choose: { outcome: "removed" } });
    await section("law");
    await act(caseworker, "AssessLegalRisk", { write: { agency: "The police" } });
    await act(caseworker, "RecordLawDecision", { choose: { decision: "not-report" } });
    await section("follow-up");
    await act(caseworker, "PlanFollowUp", { write: { about: "How she sleeps" } });
    await act(caseworker, "RecordFollowUp");
    await section("questions");
    for (const [fact, value] of [
      ["honour-violence-risk", "no"],
      ["content-exposure", "none"],
    ] as const)
      await answer(caseworker, language, fact, value);
    await section("assessment");
    await act(caseworker, "AssessRisk");
    await act(caseworker, "RecordRiskResponse");
    await act(caseworker, "ProposeLowerRisk", { choose: { level: "normal" } });
    await page
      .locator(".sync.unsent")
      .filter({ hasText: word("sync.unsentOffline").split("{")[0] ?? "" })
      .waitFor();

    await meet(caseworker, supervisor);
    await supervisor.go("supervise");
    await act(supervisor, "Approve");
    await supervisor.sync();
    await caseworker.sync();
    await page.locator(".case-head .bricks.normal").waitFor();
    await caseworker.context.setOffline(true);
    await section("safety");
    await act(caseworker, "ReviewSafetyPlan", { choose: { madeWithSurvivor: "yes", stillFits: "yes" } });
    await section("closure");
    // A form that is refused leads to what is missing, as a closed act does.
    await caseworker.press("act.TransferCase");
    await page.locator("form.panel").getByLabel(word("field.recipient")).first().fill("Another clinic");
    await expect(save(caseworker)).rejects.toThrow(word("missing.consent"));
    await page
      .locator("form.panel .ways-on button")
      .filter({ hasText: word("section.consent") })
      .waitFor();
    await leave(caseworker);
    await caseworker.press("act.CloseCase");
    await pick(caseworker, "reason", "goals-met");
    await caseworker.go("today");
    await page.getByRole("heading", { name: `${code} · ${word("act.CloseCase")}`, exact: true }).waitFor();
    await caseworker.press("begun.goOn");
    await save(caseworker);
    await page.locator(".case-head").getByText(word("case.closed")).waitFor();
    await caseworker.settled();
    // What was gone on with is saved now: nothing of it waits.
    await page.getByText(word("refusal.CaseIsClosed")).first().waitFor();
    expect(await page.getByText(word("begun.waits")).count()).toBe(0);
    // Elsewhere in a closed case it is said first, with the way to where it is opened again.
    await section("now");
    const first = page.locator(".section > .block").first();
    await first.getByText(word("refusal.CaseIsClosed")).waitFor();
    await first.locator(".ways-on button").click();
    await page
      .locator("#section-title:focus")
      .filter({ hasText: word("section.closure") })
      .waitFor();

    await meet(caseworker, supervisor);
    await supervisor.go("cases");
    await supervisor.press("cases.closed");
    await supervisor.page.getByText(code).first().click();
    await supervisor.section("history");
    for (const event of [
      "CaseOpened",
      "RiskAssessed",
      "TakedownRequested",
      "ReferralSent",
      "ApprovalGiven",
      "CaseClosed",
    ])
      await supervisor.page
        .locator(".section")
        .getByText(supervisor.word(`event.${event}`))
        .first()
        .waitFor();
    expect(unexpected(supervisor, caseworker)).toEqual([]);
    await supervisor.context.close();
    await caseworker.context.close();
  },
);

/** As in `openCase`, for somebody under 18. */
const openChildCase = async (person: Person): Promise<string> => {
  const code = await fillNewCase(person, "Lia", "child");
  await person.page.getByRole("heading", { level: 1, name: code }).waitFor();
  return code;
};

test.each(isLongRun ? languages : (["ckb"] as const))(
  "in %s: a child whose guardian is not safe is helped by assent and a second person, and never asked for what is not theirs (G-CONS-3, S-1)",
  async (language) => {
    const { supervisor, caseworker } = await makeTeam(casework, language);
    const { page, word, section } = caseworker;
    const code = await openChildCase(caseworker);
    await caseworker.sync();
    await caseworker.context.setOffline(true);

    await section("questions");
    for (const [fact, value] of [
      ["private-now", "yes"],
      ["age-in-image", "child"],
      ["immediate-danger", "no"],
      ["suicide-or-self-harm", "no"],
      ["guardian-unsafe", "yes"],
      ["harm", ["child-sexual-extortion"]],
      ["sexual-content", "yes"],
      ["content-exposure", "threatened"],
      ["platforms", ["instagram"]],
      ["survivor-holds-copy", "yes"],
      ["digital-action-could-escalate", "no"],
      ["safe-device", "yes"],
      ["wants-removal", "yes"],
    ] as const)
      await answer(caseworker, language, fact, value);
    await section("assessment");
    await act(caseworker, "AssessRisk");
    await page.locator(".case-head .bricks.high").waitFor();
    await assess(caseworker);
    await section("now");
    await act(caseworker, "ActInEmergency", {
      choose: { act: "child-protection-response", personTold: "could-not-be-reached" },
      write: { recipient: "The child's house" },
    });
    // What is due leads to where it is answered, and once both are known nobody is asked again (G-CM-3, G-CONS-5).
    await page.locator(".due").getByText(word("due.person-to-be-told")).click();
    await act(caseworker, "RecordEmergencyFollowUp", { choose: { help: "came", personTold: "told" } });
    await caseworker.settled();
    expect(await caseworker.button("act.RecordEmergencyFollowUp").count()).toBe(0);

    // The guardian is not asked, and no tool for adults is there to be asked for.
    await section("consent");
    await caseworker.press("consent.ask");
    await page.getByText(word("consent.guardianNot")).waitFor();
    expect(await page.getByRole("group", { name: word("field.whose") }).count()).toBe(0);
    await pick(caseworker, "purpose", "removal");
    await page.getByText(word("readChild.removal")).waitFor();
    expect(await page.locator('form.panel [value="T-takeitdown"]').count()).toBe(1);
    expect(await page.locator('form.panel [value="T-stopncii"]').count()).toBe(0);
    await leave(caseworker);
    await act(caseworker, "ProposeBestInterests", {
      choose: { purpose: "removal", recipient: "T-takeitdown", decision: "go-ahead", guardianView: "not-sought" },
    });
    await meet(caseworker, supervisor);

    // While the supervisor refuses, the child's own yes comes in: the refusal stays a refusal.
    await openTheCase(supervisor, code, "consent");
    await supervisor.button("act.RefuseApproval").first().click();
    await supervisor.page.locator("form.panel textarea").first().fill("Not yet.");
    await agree(caseworker, "removal", { chosen: "T-takeitdown" });
    await caseworker.sync();
    await supervisor.sync();
    await supervisor.page
      .locator("dt")
      .filter({ hasText: supervisor.word("option.whose.child") })
      .first()
      .waitFor();
    await supervisor.settled();
    expect(await supervisor.page.locator("#form-title").textContent()).toBe(supervisor.word("act.RefuseApproval"));
    await leave(supervisor);

    await supervisor.go("supervise");
    for (const _ of ["emergency", "best-interests"]) {
      await act(supervisor, "Approve");
      await supervisor.sync();
    }
    await caseworker.sync();
    await section("content");
    await act(caseworker, "RecordTakedown", {
      within: page.locator(".card", { hasText: nameOfTool(language, "T-takeitdown") }),
    });
    await page.getByText(word("refusal.ConsentMissing")).first().waitFor({ state: "detached" });
    await section("assessment");
    await act(caseworker, "RecordRiskResponse");
    expect(unexpected(supervisor, caseworker)).toEqual([]);
    await supervisor.context.close();
    await caseworker.context.close();
  },
);
