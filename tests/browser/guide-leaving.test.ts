/** Quick exit in a real browser: what is left on the screen, in Back and in Forward, with and without script. */

import { afterEach, describe, expect, test } from "vitest";
import { type Visit, languages, neutralSite, phone, useGuideBrowser } from "./guide-browser.ts";

const guide = useGuideBrowser();
let visit: Visit;

afterEach(() => visit.context.close());

const arrivesAtNeutralSite = async (): Promise<void> => {
  await visit.page.waitForURL(neutralSite);
  expect(await visit.page.title()).toBe("Neutral");
};

const guideIsNotInHistory = async (): Promise<void> => {
  await visit.page.goBack();
  expect(visit.page.url()).not.toContain(guide.origin());
  await visit.page.goForward();
  expect(visit.page.url()).not.toContain(guide.origin());
};

describe("leaving with script", () => {
  test.each(languages)(
    "the button in %s leads to the neutral page, and Back and Forward do not return",
    async (language) => {
      visit = await guide.visit(`/${language}/harms/`, { viewport: phone });
      await visit.page.click("#exit");
      await arrivesAtNeutralSite();
      await guideIsNotInHistory();
    },
  );

  test("after several pages and links within a page, Back still does not return", async () => {
    visit = await guide.visit("/en/");
    await visit.page.click(".door >> nth=0");
    await visit.page.waitForURL("**/en/need-help/");
    await visit.page.click('.foot a[href$="numbers/"]');
    await visit.page.waitForURL("**/en/numbers/");
    await visit.page.click('.tongues a[lang="ar-IQ"]');
    await visit.page.waitForURL("**/ar/numbers/");
    await visit.page.click('.ways a[href="#contents"]');
    await visit.page.waitForURL("**/ar/numbers/#contents");
    await visit.page.click("#exit");
    await arrivesAtNeutralSite();
    await guideIsNotInHistory();
  });

  test("pages of the guide replace each other: Back leads to what was open before", async () => {
    visit = await guide.visit("/en/");
    const before = await visit.page.evaluate(() => history.length);
    await visit.page.click('.foot a[href$="tools/"]');
    await visit.page.waitForURL("**/en/tools/");
    expect(await visit.page.evaluate(() => history.length)).toBe(before);
    await visit.page.goBack();
    expect(visit.page.url()).toBe("about:blank");
  });

  test("Shift three times does the same", async () => {
    visit = await guide.visit("/ckb/safety-plan/");
    for (const _ of [1, 2, 3]) await visit.page.keyboard.press("Shift");
    await arrivesAtNeutralSite();
    await guideIsNotInHistory();
  });

  test("writing capitals does not leave, nor does changing the language of the keyboard", async () => {
    visit = await guide.visit("/en/safety-plan/");
    await visit.page.locator("textarea").first().focus();
    for (const key of ["A", "B", "C", "D"]) await visit.page.keyboard.press(`Shift+${key}`);
    await visit.page.keyboard.down("Alt");
    for (const _ of [1, 2, 3]) await visit.page.keyboard.press("Shift");
    await visit.page.keyboard.up("Alt");
    expect(await visit.page.locator("textarea").first().inputValue()).toBe("ABCD");
    expect(visit.page.url()).toContain("/en/safety-plan/");
  });

  test("the button works in the oldest browsers that start the script", async () => {
    visit = await guide.visit("/en/");
    await visit.context.addInitScript(() => {
      for (const { prototype } of [Document, DocumentFragment, Element])
        Reflect.deleteProperty(prototype, "replaceChildren");
    });
    await visit.page.goto(`${guide.origin()}/en/harms/`);
    await visit.page.click("#exit");
    await arrivesAtNeutralSite();
  });

  test("the page is blank in the same task as the press, before anything is loaded", async () => {
    visit = await guide.visit("/en/harms/");
    // The neutral page never answers, as on a dead line.
    await visit.context.unroute(() => true);
    await visit.context.route(`${neutralSite}**`, () => undefined);
    const seen = await visit.page.evaluate(() => {
      document.querySelector<HTMLElement>("#exit")?.click();
      return { children: document.documentElement.children.length, title: document.title };
    });
    expect(seen).toEqual({ children: 0, title: "" });
  });

  test("a page that the browser brings back from its own memory blanks itself and leaves", async () => {
    visit = await guide.visit("/en/harms/");
    await visit.page.evaluate(() => {
      window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    });
    await arrivesAtNeutralSite();
  });

  test("the question in progress is forgotten with the page", async () => {
    visit = await guide.visit("/en/now/");
    await visit.page.click(".choose >> nth=0");
    await visit.page.reload();
    await visit.page.waitForSelector(".question h2");
    expect(await visit.page.locator(".given").count()).toBe(0);
  });
});

describe("leaving without script", () => {
  test.each(languages)(
    "the button in %s is a plain link that does not say where the reader comes from",
    async (language) => {
      visit = await guide.visit(`/${language}/tools/`, { javaScriptEnabled: false });
      const exit = visit.page.locator("#exit");
      expect(await exit.getAttribute("href")).toBe(neutralSite);
      expect(await exit.getAttribute("rel")).toContain("noreferrer");
      const [request] = await Promise.all([visit.page.waitForRequest(neutralSite), exit.click()]);
      expect(await request.headerValue("referer")).toBeNull();
      await visit.page.waitForURL(neutralSite);
    },
  );
});

test("every page has the same neutral title and the way out, first of all after the link to the text", async () => {
  visit = await guide.visit("/en/");
  await visit.page.keyboard.press("Tab");
  await visit.page.keyboard.press("Tab");
  expect(await visit.page.evaluate(() => document.activeElement?.id)).toBe("exit");
  const titles = { en: "Notes", ar: "ملاحظات", ckb: "تێبینییەکان", kmr: "تێبینی" };
  for (const language of languages) {
    await visit.page.goto(`${guide.origin()}/${language}/children/`);
    expect(await visit.page.title()).toBe(titles[language]);
  }
});
