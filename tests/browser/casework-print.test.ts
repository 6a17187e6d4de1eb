/**
 * The papers of a case in a browser: each opens, says what it may and no more, fits its page, turns the right way, and is printed
 * only after somebody confirmed it. In the app's language and in the other.
 */

import { readFileSync } from "node:fs";
import { languageFacts } from "@amana/ui";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { laptop, phone, useCaseworkBrowser, type Language, type Person } from "./casework-browser.ts";
import { turnTo, violationsInTheDark, violationsOn } from "./casework-looks.ts";
import { clippedOn, confirm, makePapers, openPaper, paperCode, speak, told } from "./casework-papers.ts";

const papers = makePapers("ckb");
const casework = useCaseworkBrowser(papers.seed);
const words = told.ckb;

const pagesIn = (pdf: Buffer): number => pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;

const titleIn = (pdf: Buffer): string | undefined => /\/Title\s*\(([^)]*)\)/.exec(pdf.toString("latin1"))?.[1];

/** A browser prints its header, with the address of the page, only where a page has a margin. */
const pageMarginsOn = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.styleSheets]
      .flatMap((sheet) => [...sheet.cssRules])
      .filter((rule) => rule instanceof CSSPageRule)
      .map((rule) => rule.style.marginTop),
  );

const paperText = (page: Page): Promise<string> => page.locator(".paper").innerText();

/** Our own words on the paper: what the survivor wrote and what has a name of its own stands apart from them. */
const ownWordsOn = (page: Page): Promise<string> =>
  page.locator(".paper").evaluate((paper) => {
    const copy = paper.cloneNode(true) as HTMLElement;
    for (const apart of copy.querySelectorAll("bdi, [translate=no]")) apart.remove();
    return copy.textContent;
  });

/** Names that are Latin in every language. */
const latinNames = ["StopNCII", "NCII", "Take It Down", "INSM", "T4P", "PIN", "NCMEC", "WhatsApp", "Telegram"];

/** What of our own words is in letters or digits of another language than the paper's. */
const foreignOn = async (page: Page, language: Language, digits: "western" | "eastern"): Promise<readonly string[]> => {
  const own = latinNames.reduce((text, name) => text.replaceAll(name, ""), await ownWordsOn(page));
  const letters = language === "en" ? own.replace(/[٠-٩۰-۹]/g, "").match(/[\u0600-\u06ff]+/g) : own.match(/[A-Za-z]+/g);
  const others = own.match(digits === "western" ? /[٠-٩۰-۹]+/g : /[0-9]+/g);
  return [...(letters ?? []), ...(others ?? [])];
};

/** What is wrong with the paper that is open, on a screen and on A4. */
const problemsOf = async (person: Person, name: string, isDarkToo: boolean): Promise<readonly string[]> => {
  const { page } = person;
  const problems = (await violationsOn(page)).map((violation) => `${name}: ${violation}`);
  if (isDarkToo) problems.push(...(await violationsInTheDark(page)).map((violation) => `${name}: ${violation}`));
  for (const viewport of [phone, laptop]) {
    await turnTo(page, viewport);
    await page.waitForFunction(() => {
      const paper = document.querySelector(".paper");
      return paper !== null && paper.getBoundingClientRect().right <= window.innerWidth;
    });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) problems.push(`${name}: ${overflow} pixels too wide at ${viewport.width}`);
    problems.push(...(await clippedOn(page)).map((text) => `${name}: clipped at ${viewport.width}: ${text}`));
  }
  return problems;
};

/** On a plan stand a heading that could be anybody's and the survivor's own words, and nothing else, in any language. */
const saidBesides = async (page: Page): Promise<string> => {
  const heading = await page.getByRole("radio", { checked: true }).locator("..").innerText();
  return (await ownWordsOn(page)).replace(heading.trim(), "").replace(/[،,\s]/g, "");
};

/** In the digits that whoever reads it is used to, pages too; and back. */
const inOtherDigits = async (page: Page, name: string): Promise<readonly string[]> => {
  await page.getByRole("button", { name: "123", exact: true }).click();
  await page.locator(".paper.numbered:not(.eastern)").waitFor();
  const foreign = await foreignOn(page, "ckb", "western");
  await page.getByRole("button", { name: "١٢٣", exact: true }).click();
  await page.locator(".paper.eastern").waitFor();
  return foreign.map((text) => `${name}, in Latin digits: foreign: ${text}`);
};

/** Printed as it stands now. */
const printed = async (page: Page): Promise<Buffer> => page.pdf({ preferCSSPageSize: true, displayHeaderFooter: true });

test("each paper opens from its section, fits its page, turns with its language, and can be printed", async () => {
  const person = await casework.person("en");
  const { page, word } = person;
  await page.addInitScript(() => {
    window.print = () => undefined;
  });
  await papers.signIn(casework, person, "caseworker", "en");
  await person.go("cases");
  await page.getByText(paperCode).first().click();
  const problems: string[] = [];

  const look = async (section: string, paper: string): Promise<void> => {
    await openPaper(person, section, paper);
    if (paper === "case-summary") await page.getByLabel(word("paper.for.supervisor")).check();
    for (const language of ["ar", "kmr", "ckb", "en"] as const) {
      const { tag, direction } = languageFacts[language];
      const name = `${paper} in ${language}`;
      await speak(person, language, direction);
      expect(await page.locator(".paper").getAttribute("lang"), name).toBe(tag);
      const usual = language === "en" ? "western" : "eastern";
      problems.push(...(await foreignOn(page, language, usual)).map((text) => `${name}: foreign: ${text}`));
      if (paper === "safety-plan") expect(await saidBesides(page), name).toBe("");
      if (paper === "case-summary" && language === "ckb") problems.push(...(await inOtherDigits(page, name)));
      if (language === "ckb" || language === "en")
        problems.push(...(await problemsOf(person, name, language === "en")));
      else problems.push(...(await clippedOn(page)).map((text) => `${name}: clipped: ${text}`));
    }
    expect(pagesIn(await printed(page)), `${paper} before anybody confirmed`).toBeLessThanOrEqual(1);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".paper").isVisible(), `${paper} before anybody confirmed`).toBe(false);
    await page.emulateMedia({ media: null });
    await confirm(person);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".paper").isVisible(), paper).toBe(true);
    expect(
      await page
        .locator(".head, .bar, h1, .moves")
        .evaluateAll((all) => all.filter((one) => one.checkVisibility()).length),
    ).toBe(0);
    problems.push(...(await clippedOn(page)).map((text) => `${paper}: clipped on paper: ${text}`));
    await page.emulateMedia({ media: null });
    const pdf = await printed(page);
    expect(pagesIn(pdf), paper).toBeGreaterThan(0);
    // What a printed file calls itself, and what it would link to.
    expect(titleIn(pdf), paper).toBe(word("frame.tabTitle"));
    expect(pdf.toString("latin1"), paper).not.toMatch(/\/URI|https?:|127\.0\.0\.1|localhost/);
  };

  await look("safety", "safety-plan");
  const plan = await paperText(page);
  for (const line of words.plan) expect(plan).toContain(line);
  for (const never of [paperCode, words.name, words.note, word("block.safetyPlan"), word("section.safety"), "Amana"]) {
    expect(plan).not.toContain(never);
  }
  expect(await page.title()).toBe(word("frame.tabTitle"));
  await person.press("paper.back");

  await look("services", "referral-letter");
  const letter = await paperText(page);
  for (const told of [words.name, words.nameToUse, words.mustNotKnow]) expect(letter).toContain(told);
  for (const never of [paperCode, words.note, words.need, words.limit, ...words.plan])
    expect(letter).not.toContain(never);
  await page.getByText(words.limit).waitFor();
  await person.press("paper.back");

  await look("consent", "consent-form");
  expect(await paperText(page)).toContain(word("paper.consent.sign.survivor"));
  await page.locator("#paper-about").selectOption(`filled referral ${words.clinic}`);
  await page.locator(".paper .ticked").waitFor();
  expect(await paperText(page)).toContain(words.limit);
  expect(await paperText(page)).not.toContain(words.name);
  await person.press("paper.back");

  await look("closure", "case-summary");
  const summary = await paperText(page);
  expect(summary).toContain(paperCode);
  for (const never of [words.name, "0750 111 2233", "Shilan", "Nasrin"]) expect(summary).not.toContain(never);
  await person.press("paper.back");

  await look("content", "evidence-log");
  const list = await paperText(page);
  expect(list).toContain(word("option.screenshots"));
  for (const never of [paperCode, words.name, "StopNCII"]) expect(list).not.toContain(never);
  await person.press("paper.back");

  await person.section("history");
  for (const paper of ["safety-plan", "referral-letter", "case-summary", "evidence-log"])
    await page
      .getByText(word(`option.copy.${paper}`))
      .first()
      .waitFor();
  expect(await pageMarginsOn(page)).toEqual(["0px", "0px", "0px"]);
  expect(problems).toEqual([]);
  expect(person.complaints).toEqual([]);
  await person.context.close();
});

test("the whole case goes out as a file only after a second question, under a name that says nothing", async () => {
  const person = await casework.person("ckb");
  const { page } = person;
  await papers.signIn(casework, person, "supervisor", "ckb");
  await person.go("cases");
  await page.getByText(paperCode).first().click();
  await openPaper(person, "history", "files");
  expect(await violationsOn(page)).toEqual([]);
  await person.button("paper.fileDo").first().click();
  await page.getByText(person.word("paper.fileSure")).waitFor();
  const coming = page.waitForEvent("download");
  await person.press("form.yes");
  const file = await coming;
  expect(file.suggestedFilename()).toBe("notes.json");
  const content: unknown = JSON.parse(readFileSync(await file.path(), "utf8"));
  expect(content).toMatchObject({ format: "amana-case", codes: [paperCode] });
  await person.button("paper.fileDo").last().click();
  await person.press("form.yes");
  await page.getByText(person.word("refusal.NotThere.incident-table")).waitFor();
  await person.press("paper.back");
  await page.getByText(person.word("option.copy.case-file")).first().waitFor();
  expect(person.complaints).toEqual([]);
  await person.context.close();
});
