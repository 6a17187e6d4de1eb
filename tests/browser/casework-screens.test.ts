/** Every screen and every section of a case: no violation that axe finds, nothing wider than a small phone, no complaint. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { laptop, languages, makeTeam, openCase, phone, useCaseworkBrowser, type Person } from "./casework-browser.ts";

const casework = useCaseworkBrowser();
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

const problemsOf = async (person: Person, name: string): Promise<readonly string[]> => {
  const { page } = person;
  const problems = (await violationsOn(page)).map((violation) => `${name}: ${violation}`);
  for (const viewport of [phone, laptop]) {
    await page.setViewportSize(viewport);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) problems.push(`${name}: ${overflow} pixels too wide at ${viewport.width}`);
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
    for (const screen of ["today", "cases", "new-case", "team", "guide", "settings"]) {
      await caseworker.go(screen);
      problems.push(...(await problemsOf(caseworker, screen)));
    }
    await caseworker.press("frame.lock");
    await caseworker.page.locator("#password").waitFor();
    problems.push(...(await problemsOf(caseworker, "unlock")));
    expect(problems).toEqual([]);
    expect(caseworker.complaints).toEqual([]);
    await supervisor.context.close();
    await caseworker.context.close();
  },
);
