/** The main walk through the app, against the real server: two people, one of them offline for part of it. */

import { expect, test } from "vitest";
import { begin, fillNewCase, languages, makeTeam, openCase, useCaseworkBrowser } from "./casework-browser.ts";

const casework = useCaseworkBrowser();
const isLongRun = process.env["AMANA_LONG"] === "1";
const sentence = "She called from her aunt's house.";

test.each(isLongRun ? languages : (["en", "ckb"] as const))(
  "in %s: an organisation is set up, a colleague joins, a case is opened offline, and the supervisor reads it",
  async (language) => {
    const { supervisor, caseworker, password } = await makeTeam(casework, language);
    const { page, word } = caseworker;

    await caseworker.context.setOffline(true);
    const code = await openCase(caseworker, "Dilnaz");
    await caseworker.section("notes");
    await caseworker.press("act.WriteNote");
    await caseworker.page.getByLabel(word("field.about")).selectOption("case");
    await caseworker.fill("field.text", sentence);
    await caseworker.press("form.save");
    await page.getByText(sentence).waitFor();

    await caseworker.press("frame.lock");
    await page.locator("#password").fill("not the password");
    await caseworker.press("unlock.unlock");
    await page.getByText(word("account.WrongPassword")).waitFor();
    await page.locator("#password").fill(password);
    await caseworker.press("unlock.unlock");
    await caseworker.go("cases");
    await page.getByText(code).click();
    await caseworker.section("notes");
    await page.getByText(sentence).waitFor();
    await page
      .locator(".sync")
      .filter({ hasText: word("sync.unsentOffline").split("{")[0] ?? "" })
      .waitFor();

    await caseworker.context.setOffline(false);
    await caseworker.sync();
    await supervisor.sync();
    await supervisor.go("cases");
    await supervisor.page.getByText(code).click();
    await supervisor.section("notes");
    await supervisor.page.getByText(sentence).waitFor();
    expect(
      [...supervisor.complaints, ...caseworker.complaints].filter((each) => !each.includes("ERR_INTERNET")),
    ).toEqual([]);
    await supervisor.context.close();
    await caseworker.context.close();
  },
);

test("a closed act is there, cannot be pressed, and says why; it opens once the reason is gone", async () => {
  const { supervisor, caseworker } = await makeTeam(casework, "en");
  await openCase(caseworker, "Runak");
  await caseworker.section("assessment");
  const answer = caseworker.button("act.RecordRiskResponse");
  expect(await answer.isDisabled()).toBe(true);
  await caseworker.page.getByText(caseworker.word("refusal.NotThere.RecordRiskResponse")).waitFor();
  await caseworker.press("act.AssessRisk");
  await caseworker.press("do.AssessRisk");
  await caseworker.page
    .locator(".case-head .bricks.normal, .case-head .bricks.medium, .case-head .bricks.high")
    .waitFor();
  expect(await caseworker.button("act.RecordRiskResponse").isDisabled()).toBe(false);
  await supervisor.context.close();
  await caseworker.context.close();
});

test("no case has a single opener: alone in an organisation nobody opens one", async () => {
  const alone = await casework.person("en");
  await begin(alone, await casework.served().setUpLink(), "en");
  await alone.press("begin.open");
  await alone.page.getByText(alone.word("firstStep.second-person")).waitFor();
  await fillNewCase(alone, "Nobody");
  await alone.page.getByText(alone.word("refusal.SecondOpenerMissing")).waitFor();
  await alone.context.close();
});
