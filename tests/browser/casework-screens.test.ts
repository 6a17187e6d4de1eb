/**
 * Every screen and every section of a case: no violation that axe finds, nothing wider than a small phone, no complaint.
 *
 * `AMANA_LOOK=folder npx vitest run --project browser tests/browser/casework-screens.test.ts` also leaves a picture of each in that
 * folder, on a phone and a laptop, light and dark, for people to look at.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { laptop, languages, makeTeam, openCase, phone, useCaseworkBrowser, type Person } from "./casework-browser.ts";

const casework = useCaseworkBrowser();
const lookFolder = process.env["AMANA_LOOK"];
const isLongRun = process.env["AMANA_LONG"] === "1";
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Found = {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
};

/** What axe finds on the page as it is: the rule and the first place. */
const violationsOn = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<Found> } };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
  });
};

const look = async ({ page }: Person, name: string, width: string): Promise<void> => {
  const language = await page.evaluate(() => document.documentElement.lang);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const file = `${language}-${name}-${width}-${colorScheme}.jpg`;
    await page.screenshot({ path: join(lookFolder ?? "", file), type: "jpeg", quality: 60, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: null });
};

const problemsOf = async (person: Person, name: string): Promise<readonly string[]> => {
  const { page } = person;
  const problems = (await violationsOn(page)).map((violation) => `${name}: ${violation}`);
  for (const viewport of [phone, laptop]) {
    await page.setViewportSize(viewport);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) problems.push(`${name}: ${overflow} pixels too wide at ${viewport.width}`);
    if (lookFolder !== undefined) await look(person, name, `${viewport.width}`);
  }
  return problems;
};

test.each(isLongRun ? languages : (["en", "ckb"] as const))(
  "the screens in %s can be used by everybody, on a phone of 360 pixels too",
  async (language) => {
    const { supervisor, caseworker } = await makeTeam(casework, language);
    await openCase(caseworker, "Dilnaz");
    await caseworker.page.setViewportSize(laptop);
    const problems: string[] = [];
    const sections = [
      ...["now", "questions", "person", "assessment", "consent", "safety", "services", "content"],
      ...["law", "follow-up", "notes", "closure", "history", "people"],
    ];
    for (const section of sections) {
      await caseworker.section(section);
      problems.push(...(await problemsOf(caseworker, section)));
    }
    for (const screen of ["today", "cases", "new-case", "team", "directory", "guide", "settings"]) {
      await caseworker.go(screen);
      problems.push(...(await problemsOf(caseworker, screen)));
    }
    await supervisor.sync();
    await supervisor.go("supervise");
    await supervisor.press("cover.arrange");
    problems.push(...(await problemsOf(supervisor, "supervise")));
    await supervisor.go("team");
    await supervisor.press("teams.form");
    problems.push(...(await problemsOf(supervisor, "team of a supervisor")));
    await supervisor.go("directory");
    await supervisor.press("directory.add");
    await supervisor.page.locator("#name-en").waitFor();
    problems.push(...(await problemsOf(supervisor, "a provider")));
    await supervisor.go("settings");
    await supervisor.press("sheets.look");
    await supervisor.page.getByText(supervisor.word("sheets.none")).waitFor();
    problems.push(...(await problemsOf(supervisor, "settings of a supervisor")));
    await caseworker.press("frame.lock");
    await caseworker.page.locator("#password").waitFor();
    problems.push(...(await problemsOf(caseworker, "unlock")));
    expect(problems).toEqual([]);
    expect(caseworker.complaints).toEqual([]);
    await supervisor.context.close();
    await caseworker.context.close();
  },
);
