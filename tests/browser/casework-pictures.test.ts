/**
 * The pictures of the guides: taken from the built app, of people and cases that are invented.
 *
 * Each run walks to every place a picture is of and checks that the picture is there and small; `npm run pictures` writes them
 * anew. They are of a phone of 360 pixels, in English and Sorani.
 */

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { stories } from "../../apps/cli/src/demo/stories.ts";
import { phone, useCaseworkBrowser, type CaseworkBrowser, type Person } from "./casework-browser.ts";
import { makePapers, paperCode, told } from "./casework-papers.ts";

const folder = join(import.meta.dirname, "../../docs/guides/pictures");
const isWriting = process.env["AMANA_PICTURES"] === "1";
const bytesMax = 60_000;
const picturesMax = 12;
const othersInCaseload = 9;

const english = makePapers("en", stories.slice(0, othersInCaseload));
const sorani = makePapers("ckb");
const inEnglish = useCaseworkBrowser(english.seed);
const inSorani = useCaseworkBrowser(sorani.seed);
const sharp = { viewport: phone, deviceScaleFactor: 2, colorScheme: "light" } as const;

/** Chromium takes PNG pictures only, but it can make WebP of them, which weighs a quarter. */
const toWebp = async (page: Page, png: Buffer): Promise<Buffer> => {
  const blank = await page.context().newPage();
  const encoded = await blank.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext("2d")?.drawImage(image, 0, 0);
    const webp = await canvas.convertToBlob({ type: "image/webp", quality: 0.7 });
    return btoa(String.fromCharCode(...new Uint8Array(await webp.arrayBuffer())));
  }, png.toString("base64"));
  await blank.close();
  return Buffer.from(encoded, "base64");
};

const taken = new Set<string>();

/** What is in sight, from the top of the page or from the first element that matches. */
const picture = async ({ page, settled }: Person, name: string, from?: string): Promise<void> => {
  taken.add(`${name}.webp`);
  if (!isWriting) return;
  await settled();
  await page.evaluate(async (selector) => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    const frame = () =>
      new Promise((resolve) => {
        requestAnimationFrame(resolve);
      });
    const place = selector === undefined ? null : document.querySelector(selector);
    // Once the head of the case is out of sight two lines stand for it, and what is looked at comes below them.
    for (const _once of ["before they stand there", "since", "and in sight"]) {
      if (place === null) window.scrollTo(0, 0);
      else place.scrollIntoView({ block: "start" });
      await frame();
      await frame();
    }
  }, from);
  // Nothing is shown as if a hand rested on it.
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.fonts.ready);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.webp`), await toWebp(page, await page.screenshot()));
};

const begun = async (casework: CaseworkBrowser, papers: typeof english, language: "en" | "ckb"): Promise<Person> => {
  const person = await casework.person(language, sharp);
  await papers.signIn(casework, person, "caseworker", language);
  return person;
};

const openCase = async (person: Person): Promise<void> => {
  await person.go("cases");
  await person.page.getByText(paperCode).first().click();
  await person.page.getByRole("heading", { level: 1, name: paperCode }).waitFor();
};

const openPaper = async (person: Person, section: string, paper: string): Promise<void> => {
  await person.section(section);
  await person.press(`paper.way.${paper}`);
  await person.page.locator(".paper").waitFor();
};

test("the pictures in English: the first day, what is due, a case, a closed act, a paper", async () => {
  const person = await begun(inEnglish, english, "en");
  const { page, word } = person;
  await page.locator(".first-day").waitFor();
  await picture(person, "first-day-en", ".first-day");
  await person.press("today.firstDayEnd");
  await page.locator(".first-day").waitFor({ state: "detached" });
  await picture(person, "today-en");
  await person.go("new-case");
  await picture(person, "new-case-en");
  await openCase(person);
  await picture(person, "case-en");
  await person.section("safety");
  await page.getByText(word("missing.consent")).first().waitFor();
  await picture(person, "closed-act-en", ".section .block:nth-of-type(3)");
  await openPaper(person, "services", "referral-letter");
  await page.getByText(told.en.limit).waitFor();
  await picture(person, "letter-en", ".printing");
  expect(person.complaints).toEqual([]);
  await person.context.close();
});

test("the pictures in Sorani: a case, asking for consent, the plan on paper, the way in", async () => {
  const person = await begun(inSorani, sorani, "ckb");
  const { page } = person;
  await openCase(person);
  await picture(person, "case-ckb");
  await person.section("consent");
  await person.press("consent.ask");
  await page.getByLabel(person.word("field.purpose")).selectOption("removal");
  await page.locator(".read-aloud").waitFor();
  await picture(person, "consent-ckb", ".read-aloud");
  await openPaper(person, "safety", "safety-plan");
  await picture(person, "plan-on-paper-ckb", ".printing > .field:nth-of-type(2), .printing fieldset");
  await person.press("frame.lock");
  await page.locator("#password").waitFor();
  await picture(person, "unlock-ckb");
  expect(person.complaints).toEqual([]);
  await person.context.close();
});

test("each picture of the guides is there and small, and a guide shows it", () => {
  expect(readdirSync(folder).sort()).toEqual([...taken].sort());
  expect(taken.size).toBeLessThanOrEqual(picturesMax);
  const heavy = [...taken].filter((name) => statSync(join(folder, name)).size > bytesMax);
  expect(heavy).toEqual([]);
  const guide = readFileSync(join(folder, "../caseworker.md"), "utf8");
  expect([...taken].filter((name) => !guide.includes(`pictures/${name}`))).toEqual([]);
});
