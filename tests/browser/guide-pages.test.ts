/** Every page of the guide: readable by everyone, on every width, in every script. */

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { movingOn } from "../browser.ts";
import {
  type Visit,
  isLongRun,
  languages,
  laptop,
  neutralSite,
  overflowOf,
  pagePaths,
  phone,
  useGuideBrowser,
} from "./guide-browser.ts";
import { waitForQuestions } from "./guide-browser.ts";

const guide = useGuideBrowser();
let visit: Visit;

afterEach(() => visit.context.close());

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Not kept in git: coverage is where what tests leave behind goes. */
const pictures = join(import.meta.dirname, "../../coverage/guide-pictures");
const isGuided = (path: string): boolean => path === "now/" || path === "my-next-steps/";

const violationsOn = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    type Found = { violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[] };
    // The script above put it there.
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<Found> } };
    // Of what is right it need not say where it stands, which takes it a third of its time.
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id} ${node.target.join(" ")} ${node.failureSummary ?? ""}`),
    );
  });
};

const languagesLooked = isLongRun ? languages : (["en", "ckb"] as const);
const schemesLooked = isLongRun ? (["light", "dark"] as const) : (["light"] as const);

describe.each(languagesLooked)("every page in %s", (language) => {
  test.each(schemesLooked)(
    "has no barrier that axe finds, and nothing moves where less motion is asked for, %s",
    async (colorScheme) => {
      visit = await guide.visit(`/${language}/`, { colorScheme });
      for (const path of pagePaths) {
        await visit.page.goto(`${guide.origin()}/${language}/${path}`, { waitUntil: "load" });
        if (isGuided(path)) await waitForQuestions(visit.page);
        expect(await violationsOn(visit.page), path).toEqual([]);
        expect(await movingOn(visit.page), path).toEqual([]);
      }
    },
  );

  test("is no wider than a window of 320 pixels, nor with text twice as large", async () => {
    visit = await guide.visit(`/${language}/`, { viewport: { width: 320, height: 640 } });
    for (const path of pagePaths) {
      await visit.page.setViewportSize({ width: 320, height: 640 });
      await visit.page.goto(`${guide.origin()}/${language}/${path}`);
      if (isGuided(path)) await waitForQuestions(visit.page);
      expect(await overflowOf(visit.page), path).toBeLessThanOrEqual(0);
      await visit.page.setViewportSize(phone);
      await visit.page.evaluate(() => (document.documentElement.style.fontSize = "212.5%"));
      expect(await overflowOf(visit.page), `${path} at 200 %`).toBeLessThanOrEqual(0);
      expect(await visit.page.locator("#exit").isVisible()).toBe(true);
      if (isGuided(path)) await visit.page.click(".summary", { trial: true });
    }
  });
});

test.each(["dark", "light"] as const)(
  "the questions and the answer have no barrier that axe finds, %s",
  async (colorScheme) => {
    visit = await guide.visit("/en/now/", { colorScheme });
    await waitForQuestions(visit.page);
    for (const _ of [1, 2]) await visit.page.click(".choose >> nth=0");
    for (const summary of await visit.page.locator(".answer summary:visible").all()) await summary.click();
    await visit.page.waitForSelector(".reasons li");
    expect(await violationsOn(visit.page)).toEqual([]);
  },
);

test("every link within the guide leads to a page, every anchor to a place, and no list is empty", async () => {
  visit = await guide.visit("/en/");
  const anchorsByPage = new Map<string, ReadonlySet<string>>();
  const links = new Set<string>();
  for (const path of pagePaths) {
    await visit.page.goto(`${guide.origin()}/en/${path}`);
    const found = await visit.page.evaluate(() => ({
      ids: [...document.querySelectorAll("[id]")].map(({ id }) => id),
      links: [...document.querySelectorAll<HTMLAnchorElement>("a[href]")].map(({ href }) => href),
      empty: [...document.querySelectorAll("main :is(ul, ol, p):empty:not([role], .results)")].map(
        ({ outerHTML }) => outerHTML,
      ),
    }));
    expect(found.empty, path).toEqual([]);
    anchorsByPage.set(`${guide.origin()}/en/${path}`, new Set(found.ids));
    for (const link of found.links) links.add(link);
  }
  const outside = [...links].filter((link) => !link.startsWith(guide.origin()) && !link.startsWith("tel:"));
  expect(outside).toEqual(["https://www.wikipedia.org/"]);
  for (const link of links) {
    if (!link.startsWith(`${guide.origin()}/en/`)) continue;
    const [page = "", anchor] = link.split("#");
    const anchors = anchorsByPage.get(page);
    expect(anchors, link).toBeDefined();
    if (anchor !== undefined) expect(anchors?.has(anchor), link).toBe(true);
  }
});

test("a reader with a keyboard only reaches the text, the contents and another page", async () => {
  visit = await guide.visit("/en/harms/");
  const { page } = visit;
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement?.closest(".stops") !== null);
  expect(first).toBe(true);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/en/harms/#cyberstalking");
});

test("a search finds a place, an everyday word and a word in another spelling, and leads there", async () => {
  visit = await guide.visit("/ckb/search/");
  const { page } = visit;
  await page.fill("#search-field", "دهوك");
  await page.waitForSelector('.results a[href$="/numbers/#kri"]');
  await page.fill("#search-field", "هاککراوە");
  await page.waitForSelector('.results a[href$="/harms/#hacking"]');
  expect(await page.locator(".results").innerText()).not.toContain("ھاککراوە");
  await page.fill("#search-field", "پلان سلامتی".replace("سلامتی", "سه‌لامه‌تی"));
  // Not what stood there for the word before.
  await page.waitForSelector('.results a[href*="/safety-plan/"]');
  await page.locator(".results a").first().click();
  await page.waitForURL((address) => !address.pathname.includes("/search/"));
  expect(visit.complaints).toEqual([]);
});

const wordsToLeave = languages.map((language) => {
  const texts = readFileSync(join(import.meta.dirname, `../../apps/guide/texts/${language}.json`), "utf8");
  // The unit test of the texts checks that each of them has it.
  return [language, (JSON.parse(texts) as { readonly "frame.leave": string })["frame.leave"]];
});
const wordsOfExit = (page: Page) =>
  page
    .locator("#exit span")
    .evaluateAll((all) => all.map((each) => [each.getAttribute("lang")?.split("-")[0], each.textContent]));

test("whoever reads one language only can leave before choosing it, with one thumb and large letters", async () => {
  visit = await guide.visit("/", { viewport: phone });
  const { page } = visit;
  expect(await wordsOfExit(page)).toEqual(wordsToLeave);
  expect(await violationsOn(page)).toEqual([]);
  for (const size of ["100%", "200%"]) {
    await page.evaluate((each) => document.documentElement.style.setProperty("font-size", each), size);
    expect(await overflowOf(page), size).toBeLessThanOrEqual(0);
    await page.evaluate(() => {
      scrollTo(0, document.documentElement.scrollHeight);
    });
    const last = await page.locator(".chooser a").last().boundingBox();
    const bar = await page.locator(".bar").boundingBox();
    expect((last?.y ?? 0) + (last?.height ?? 0), size).toBeLessThanOrEqual(bar?.y ?? 0);
  }
  await page.locator("#exit span").last().click();
  await page.waitForURL(neutralSite);
});

test("what does not exist is answered in four languages, with a way out", async () => {
  visit = await guide.visit("/en/nothing/here/");
  expect(await visit.page.locator(".chooser li").count()).toBe(4);
  expect(await wordsOfExit(visit.page)).toEqual(wordsToLeave);
  await visit.page.click('.chooser a[href="/ar/"]');
  await visit.page.waitForURL("**/ar/");
});

test.each(languages)(
  "the page in %s says its language and direction, and links to itself in the others",
  async (language) => {
    visit = await guide.visit(`/${language}/consent/`);
    const facts = await visit.page.evaluate(() => ({
      lang: document.documentElement.lang,
      dir: getComputedStyle(document.documentElement).direction,
      others: [...document.querySelectorAll<HTMLAnchorElement>(".tongues a")].map(({ pathname }) => pathname),
    }));
    expect(facts.lang).toBe({ en: "en-GB", ar: "ar-IQ", ckb: "ckb-IQ", kmr: "kmr-Arab-IQ" }[language]);
    expect(facts.dir).toBe(language === "en" ? "ltr" : "rtl");
    expect(facts.others).toEqual(languages.map((other) => `/${other}/consent/`));
  },
);

test.each(languages)("whoever needs help in %s is led to the questions about oneself", async (language) => {
  visit = await guide.visit(`/${language}/need-help/`);
  const ways = await visit.page.locator("#next a").evaluateAll((all) => all.map((each) => each.getAttribute("href")));
  expect(ways).toContain("../my-next-steps/");
  expect(ways).toContain("../digital-safety-plan/");
  expect(ways).not.toContain("../now/");
});

test("telephone numbers read from left to right in every script", async () => {
  visit = await guide.visit("/ar/numbers/");
  const directions = await visit.page.evaluate(() =>
    [...document.querySelectorAll(".tel, .address")].map((number) => getComputedStyle(number).direction),
  );
  expect(new Set(directions)).toEqual(new Set(["ltr"]));
});

test("pictures of the layout are taken for people to look at", async () => {
  mkdirSync(pictures, { recursive: true });
  const looked = isLongRun ? pagePaths : (["", "now/", "numbers/", "tools/"] as const);
  for (const language of languagesLooked) {
    for (const [size, viewport] of Object.entries({ phone, laptop })) {
      visit = await guide.visit(`/${language}/`, { viewport });
      for (const path of looked) {
        await visit.page.goto(`${guide.origin()}/${language}/${path}`, { waitUntil: "load" });
        const name = `${path === "" ? "home" : path.slice(0, -1)}-${language}-${size}.png`;
        await visit.page.screenshot({ path: join(pictures, name) });
      }
      await visit.context.close();
    }
  }
});
