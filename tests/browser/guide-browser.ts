/** What the browser tests of the guide share: opening a page behind the real headers, and watching what it does. */

import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { complaintsOf, launchBrowser } from "../browser.ts";
import { type ServedSite, serveGuide } from "../served-guide.ts";

export const languages = ["en", "ar", "ckb", "kmr"] as const;
export type Language = (typeof languages)[number];

export const isLongRun = process.env["AMANA_LONG"] === "1";

/** All folders of a language, as addresses below it. */
export const pagePaths = [
  ...["", "need-help/", "helping/", "now/", "my-next-steps/", "numbers/", "first-response/", "harms/", "children/"],
  ...["parents/", "law/", "consent/", "safety-plan/", "physical-safety/", "digital-safety/", "digital-safety-plan/"],
  ...["mental-health/", "tools/", "platforms/", "evidence/", "evidence-log/", "case-management/", "task-force/"],
  ...["about/", "leave/", "keep/", "search/"],
] as const;

export const phone = { width: 360, height: 740 };
export const laptop = { width: 1280, height: 800 };

/** Where quick exit leads: answered here, so that no test asks the outside for anything. */
export const neutralSite = "https://www.wikipedia.org/";

export type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Addresses asked for that are not of the guide. */
  readonly strangers: readonly string[];
  readonly complaints: readonly string[];
};

export type GuideBrowser = {
  readonly origin: () => string;
  readonly visit: (path: string, options?: BrowserContextOptions) => Promise<Visit>;
};

/** One browser and one server for a file of tests; each visit has a context of its own, closed at the end. */
export const useGuideBrowser = (): GuideBrowser => {
  let site: ServedSite;
  let browser: Browser;
  beforeAll(async () => {
    site = await serveGuide();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });
  return {
    origin: () => site.origin,
    visit: async (path, options = {}) => {
      const context = await browser.newContext({ viewport: laptop, reducedMotion: "reduce", ...options });
      await context.route(
        (address) => address.origin === new URL(neutralSite).origin,
        (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Neutral</title>" }),
      );
      const page = await context.newPage();
      const strangers: string[] = [];
      page.on("request", (request) => {
        if (!request.url().startsWith(`${site.origin}/`)) strangers.push(request.url());
      });
      const complaints = complaintsOf(page);
      await page.goto(site.origin + path);
      return { page, context, strangers, complaints };
    },
  };
};

/** Waits until the guided questions have taken their place. */
export const waitForQuestions = (page: Page): Promise<unknown> => page.waitForSelector(".question h2");

/** The question that is asked now. */
export const questionText = (page: Page): Promise<string | null> => page.textContent(".question h2");

/** How many pixels a page is wider than the window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
