/**
 * A page looked at as everybody has to use it: what axe finds, what moves, what is wider than a small phone, with text twice as
 * large too; and pictures of it in the folder of `AMANA_LOOK`, for people to look at.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { movingOn } from "../browser.ts";
import { laptop, phone, type Person } from "./casework-browser.ts";
import { untilSettled } from "./casework-calls.ts";
import { isLongRun } from "./guide-browser.ts";

const lookFolder = process.env["AMANA_LOOK"];
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Found = {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
};

/** What axe finds on the page as it is: the rule and the first place. */
export const violationsOn = async (page: Page, rules?: readonly string[]): Promise<readonly string[]> => {
  // A screen that is still being read has nothing wrong with it.
  await untilSettled(page);
  // Once a page is enough: it is half a megabyte to be read.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
  return page.evaluate(async (only) => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<Found> } };
    // Of what is right it need not say where it stands, which takes it a third of its time.
    const options = { resultTypes: ["violations"] };
    const { violations } = await axe.run(only === undefined ? options : { ...options, runOnly: only });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
  }, rules);
};

/** In the dark only colours are others. */
export const violationsInTheDark = async (page: Page): Promise<readonly string[]> => {
  await page.emulateMedia({ colorScheme: "dark" });
  const found = await violationsOn(page, ["color-contrast"]);
  await page.emulateMedia({ colorScheme: null });
  return found.map((violation) => `in the dark: ${violation}`);
};

/** Colours that somebody has chosen for all pages leave no background of ours: what is pressed, and a level, are seen all the same. */
const unseenInChosenColours = async (page: Page): Promise<readonly string[]> => {
  await page.emulateMedia({ forcedColors: "active" });
  const unseen = await page.evaluate(() => {
    const buttons = [...document.querySelectorAll("button.choose:enabled")];
    const backgrounds = (pressed: string): readonly string[] =>
      buttons
        .filter((button) => button.getAttribute("aria-pressed") === pressed)
        .map((button) => getComputedStyle(button).backgroundColor);
    const others = new Set(backgrounds("false"));
    const levels = [...document.querySelectorAll(".bricks, .row-level")].filter(
      (level) =>
        getComputedStyle(level, level.className.includes("row-level") ? "::before" : null).backgroundImage === "none",
    );
    return [
      ...backgrounds("true")
        .filter((background) => others.has(background))
        .map(() => "what is pressed"),
      ...levels.map(({ className }) => className),
    ];
  });
  await page.emulateMedia({ forcedColors: null });
  return unseen.map((what) => `not seen in colours that somebody has chosen: ${what}`);
};

/** A picture checks nothing and is dear: of the four a usual run takes two, so that each width and each colour is there. */
const look = async ({ page }: Person, name: string, viewport: typeof phone): Promise<void> => {
  const language = await page.evaluate(() => document.documentElement.lang);
  const usualSchemes: readonly ("light" | "dark")[] = [viewport === phone ? "light" : "dark"];
  for (const colorScheme of isLongRun ? (["light", "dark"] as const) : usualSchemes) {
    await page.emulateMedia({ colorScheme });
    const file = `${language}-${name}-${viewport.width}-${colorScheme}.jpg`;
    await page.screenshot({ path: join(lookFolder ?? "", file), type: "jpeg", quality: 60, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: null });
};

/** The page has the width that it was given. */
export const turnTo = async (page: Page, viewport: typeof phone): Promise<void> => {
  await page.setViewportSize(viewport);
  await page.waitForFunction((width) => window.innerWidth === width, viewport.width);
};

/** A number is dialled in Latin digits, in whatever digits somebody reads. */
const undialledOn = async (page: Page): Promise<readonly string[]> => {
  const links = page.locator("a[href^='tel:']");
  const numbers = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  return numbers.filter((number) => !/^tel:\+?[0-9]+$/.test(number));
};

/** Text twice as large, on a small phone. */
const problemsOfLargeText = async (page: Page): Promise<readonly string[]> => {
  const overflow = await page.evaluate(() => {
    const { style } = document.documentElement;
    style.fontSize = "200%";
    const wider = document.documentElement.scrollWidth - window.innerWidth;
    style.fontSize = "";
    return wider;
  });
  return overflow > 0 ? [`${overflow} pixels too wide with text twice as large`] : [];
};

/** The rows of ways scroll: where one is stands in sight in each, at the latest in the second frame after turning the phone. */
const areWaysOutOfSight = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
    const ways = [...document.querySelectorAll(".ways > [aria-current=page], .section-way[aria-current=page]")];
    return ways
      .filter((way) => way.getClientRects().length > 0)
      .some((way) => {
        const [seen, around] = [way.getBoundingClientRect(), way.parentElement?.getBoundingClientRect()];
        return around !== undefined && (seen.left < around.left - 1 || seen.right > around.right + 1);
      });
  });

/** What is wrong with the page as it is; on a phone and on a laptop, where it is left. */
export const problemsOf = async (person: Person, name: string, isDarkToo = false): Promise<readonly string[]> => {
  const { page } = person;
  const problems = (await violationsOn(page)).map((violation) => `${name}: ${violation}`);
  if (isDarkToo)
    for (const each of [...(await violationsInTheDark(page)), ...(await unseenInChosenColours(page))])
      problems.push(`${name}: ${each}`);
  problems.push(...(await undialledOn(page)).map((number) => `${name}: no telephone dials: ${number}`));
  problems.push(...(await movingOn(page)).map((element) => `${name}: moves: ${element}`));
  for (const viewport of [phone, laptop]) {
    await turnTo(page, viewport);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) problems.push(`${name}: ${overflow} pixels too wide at ${viewport.width}`);
    if (await areWaysOutOfSight(page))
      problems.push(`${name}: the way to where one is stands out of sight at ${viewport.width}`);
    if (viewport === phone) problems.push(...(await problemsOfLargeText(page)).map((text) => `${name}: ${text}`));
    if (lookFolder !== undefined) await look(person, name, viewport);
  }
  return problems;
};
