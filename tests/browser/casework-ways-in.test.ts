/**
 * The screens that somebody passes on the way: into the app, into a new case, to a consent and to recovery sheets. No violation that
 * axe finds, nothing wider than a small phone, no complaint; with `AMANA_LOOK`, pictures.
 */

import { expect, test } from "vitest";
import { filled } from "./casework-acts.ts";
import {
  agreeSafeContact,
  begin,
  languages,
  makeTeam,
  sayHowAsked,
  tellLimits,
  useCaseworkBrowser,
  type Language,
  type Person,
} from "./casework-browser.ts";
import { problemsOf } from "./casework-looks.ts";

const casework = useCaseworkBrowser();
const isLongRun = process.env["AMANA_LONG"] === "1";
const inLanguages = test.each(isLongRun ? languages : (["en", "ckb"] as const));

/** The colours are the same in every language. */
const looker = (language: Language) => {
  const problems: string[] = [];
  const look = async (person: Person, name: string): Promise<void> => {
    problems.push(...(await problemsOf(person, name, language === "en")));
  };
  return { problems, look };
};

inLanguages(
  "in %s: each way into the app can be used by everybody, and tells a wrong code beside it",
  async (language) => {
    const { problems, look } = looker(language);
    const person = await casework.person(language);
    const { page, word, press } = person;
    await page.goto(`${casework.served().origin}/app/`);
    await page.locator(".tongues button").nth(languages.indexOf(language)).click();
    await page.locator(".door").first().waitFor();
    await look(person, "beginning");
    for (const [way, refusal] of [
      ["invitation", "NotAnInvitation"],
      ["kit", "WrongLength"],
      ["found", "NotACode"],
    ] as const) {
      await page.locator(".door", { hasText: word(`enter.${way}`) }).click();
      await page.locator("#code").fill("123 456");
      await page.keyboard.press("Tab");
      await page
        .locator("#code-refusal")
        .filter({ hasText: word(`account.${refusal}`) })
        .waitFor();
      await look(person, `beginning with ${way}`);
      await press("common.back");
    }
    // A link in the window that is open already counts as well, and does not stay in the address.
    await page.goto(`${casework.served().origin}/app/#kit=123`);
    await page.locator("#own").waitFor();
    expect(page.url()).toBe(`${casework.served().origin}/app/`);
    const founder = await casework.person(language);
    await begin(founder, await casework.served().setUpLink(), language);
    await look(founder, "the kit to print");
    await founder.press("begin.open");
    await founder.page.locator(".first-day").waitFor();
    await look(founder, "the first day");
    expect([...problems, ...person.complaints, ...founder.complaints]).toEqual([]);
    await person.context.close();
    await founder.context.close();
  },
);

inLanguages(
  "in %s: each step of a new case, a consent, and new recovery sheets can be used by everybody",
  async (language) => {
    const { problems, look } = looker(language);
    const { supervisor, caseworker } = await makeTeam(casework, language);
    const { page, word, press, choose } = caseworker;
    await caseworker.go("new-case");
    await press("newCase.anonymous");
    await look(caseworker, "safe contact");
    await agreeSafeContact(caseworker);
    await press("common.next");
    await tellLimits(caseworker, "child");
    await look(caseworker, "the limits of confidentiality");
    const code = await page.locator("#code").inputValue();
    await press("common.next");
    // Somebody too young to answer has said neither yes nor no.
    await choose("field.answer", "option.answer.cannot");
    await press("newCase.open");
    await page.getByText(word("form.missingSome")).waitFor();
    await look(caseworker, "whether a file may be kept");
    for (const option of ["do-nothing", "not-report"]) await page.getByLabel(word(`option.options.${option}`)).check();
    await sayHowAsked(caseworker);
    await press("newCase.open");
    await page.getByRole("heading", { level: 1, name: code }).waitFor();
    await caseworker.section("consent");
    await page
      .locator(".card .mark")
      .filter({ hasText: word("option.standing.cannot") })
      .waitFor();
    await press("consent.ask");
    await page.getByLabel(word("field.purpose")).selectOption("removal");
    await page.locator(".read-aloud").waitFor();
    await look(caseworker, "asking for consent");

    await supervisor.go("settings");
    const offer = filled(supervisor, language, "recovery.make", { n: 3, k: 2 });
    await supervisor.page.getByRole("button", { name: offer }).click();
    await supervisor.page.locator(".kit .digits").nth(2).waitFor();
    await look(supervisor, "recovery sheets");
    expect([...problems, ...supervisor.complaints, ...caseworker.complaints]).toEqual([]);
    await supervisor.context.close();
    await caseworker.context.close();
  },
);
