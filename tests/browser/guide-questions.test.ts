/** The guided questions in a real browser, in four languages, with a keyboard, and on paper. */

import type { Page, Route } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { type Visit, languages, phone, questionText, useGuideBrowser, waitForQuestions } from "./guide-browser.ts";

const guide = useGuideBrowser();
let visit: Visit;

afterEach(() => visit.context.close());

const open = async (path: string, options = {}): Promise<Page> => {
  visit = await guide.visit(path, options);
  await waitForQuestions(visit.page);
  return visit.page;
};

const choose = async (page: Page, place: number): Promise<void> => {
  await page.locator(".question .choose").nth(place).click();
};

/** Answers by what is asked, so that a new order of questions does not break a test. */
const answerUntil = async (page: Page, isEnough: () => Promise<boolean>, place: number): Promise<void> => {
  for (let step = 0; step < 40 && !(await isEnough()); step++) {
    if ((await page.locator(".question .choose").count()) > 0) await choose(page, place);
    else await page.locator(".question .answers .quiet").click();
  }
};

describe.each(languages)("the questions in %s", (language) => {
  test("begin with privacy; danger makes the answer high, with whom to call and what to do now", async () => {
    const page = await open(`/${language}/now/`);
    const first = await questionText(page);
    await choose(page, 0);
    expect(await questionText(page)).not.toBe(first);
    expect(await page.locator(".urgency.high").count()).toBe(0);
    await choose(page, 0);
    expect(await page.locator(".urgency.high").count()).toBe(1);
    expect(await page.locator(".band.now .todo > li").count()).toBeGreaterThan(4);
    expect(await page.locator(".calls .tel").first().getAttribute("href")).toMatch(/^tel:/);
    expect(visit.complaints).toEqual([]);
  });

  test("every part of the answer can say why, with the facts and the guide's section", async () => {
    const page = await open(`/${language}/now/`);
    await choose(page, 0);
    await choose(page, 0);
    await page.locator(".urgency summary").click();
    await page.waitForSelector(".urgency .reasons li");
    expect(await page.locator(".urgency .ground").count()).toBeGreaterThan(0);
    expect(await page.locator(".urgency .source").first().textContent()).toMatch(/G-[A-Z]+-\d/);
    await page.locator(".band.now .todo summary").first().click();
    expect((await page.locator(".band.now details[open] p").allTextContents()).join("").length).toBeGreaterThan(60);
    await page.locator(".gates .closed summary").first().click();
    expect(await page.locator(".gates details[open] .needs button").count()).toBeGreaterThan(0);
  });

  test("show no key of a text in place of the text", async () => {
    const page = await open(`/${language}/my-next-steps/`);
    await answerUntil(page, () => Promise.resolve(false), 0);
    const shown = await page.locator(".guided").innerText();
    expect(shown).not.toMatch(/\b(fact|gate|action|limit|rule|now|level|tool|contact)\.[A-Za-z-]+/);
    expect(visit.complaints).toEqual([]);
  });
});

describe("the questions", () => {
  test("can be skipped, gone back to, changed and forgotten", async () => {
    const page = await open("/en/now/");
    const first = await questionText(page);
    await choose(page, 0);
    const second = await questionText(page);
    await page.getByRole("button", { name: "I do not know, or not now" }).click();
    expect(await questionText(page)).not.toBe(second);
    await page.getByRole("button", { name: "Back one question" }).click();
    expect(await questionText(page)).toBe(second);
    await choose(page, 0);
    expect(await page.locator(".urgency.high").count()).toBe(1);
    await page.locator(".given summary").click();
    await page.getByRole("button", { name: /^Change: immediate danger/ }).click();
    expect(await questionText(page)).toBe(second);
    await choose(page, 1);
    expect(await page.locator(".urgency.high").count()).toBe(0);
    await page.getByRole("button", { name: /^Forget all answers/ }).click();
    expect(await questionText(page)).toBe(first);
    expect(await page.locator(".given").count()).toBe(0);
  });

  test("show which answer stands, also in colours that somebody has chosen for all pages", async () => {
    const page = await open("/en/now/", { forcedColors: "active" });
    await choose(page, 0);
    await choose(page, 0);
    await page.locator(".given summary").click();
    await page.getByRole("button", { name: /^Change: immediate danger/ }).click();
    const backgrounds = await page
      .locator(".question .choose")
      .evaluateAll((all) =>
        all.map((each) => `${each.getAttribute("aria-pressed")} ${getComputedStyle(each).backgroundColor}`),
      );
    const [stands, other] = ["true", "false"].map((pressed) => backgrounds.find((each) => each.startsWith(pressed)));
    expect(stands).toBeDefined();
    expect(stands?.replace("true", "")).not.toBe(other?.replace("false", ""));
  });

  test("asked for oneself forbid nothing: the same gates are checks to make first", async () => {
    const page = await open("/en/my-next-steps/");
    await choose(page, 0);
    expect(await page.locator(".gates .closed, .gates .open").count()).toBe(0);
    expect(await page.locator(".gates .check").count()).toBeGreaterThan(5);
    // The steps stand below the check, as they do on the same page without script.
    const steps = page.locator(".gates .check", { hasText: "Making accounts and devices safer" }).locator("details");
    await steps.locator("summary").click();
    expect(await steps.innerText()).toContain("you can change your passwords, beginning with email");
    expect(await page.locator(".answer").innerText()).not.toMatch(/has to wait/i);
    // Levels, checks and what is said of them speak to her, with script and without.
    const said = (await page.locator("main").textContent()) ?? "";
    expect(said).toContain("get support when it suits you");
    expect(said).not.toMatch(/survivor|supervisor|case[- ]management|case file/i);
    expect(await page.locator(".calls .tel").count()).toBeGreaterThan(0);
  });

  test("are answered with the keyboard alone, and focus stays on the question", async () => {
    const page = await open("/en/now/");
    await page.locator(".question .choose").first().focus();
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H2");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    expect(await page.locator(".urgency.high").count()).toBe(1);
    expect(await page.locator("[role=status]").first().textContent()).toContain("High risk");
  });

  test("on a phone stand beside a line that opens the answer and leads back", async () => {
    const page = await open("/ar/now/", { viewport: phone });
    expect(await page.locator(".answer").isVisible()).toBe(false);
    const summary = page.locator(".summary");
    await summary.click();
    expect(await page.locator(".answer").isVisible()).toBe(true);
    expect(await page.locator(".question").isVisible()).toBe(false);
    expect(await summary.getAttribute("aria-expanded")).toBe("true");
    await summary.click();
    expect(await page.locator(".question").isVisible()).toBe(true);
  });

  test("on a phone show the numbers of an emergency at once, and say where each holds while the place is not known", async () => {
    const page = await open("/kmr/my-next-steps/", { viewport: phone });
    await choose(page, 0);
    await choose(page, 0);
    const inSight = page.locator(".in-sight");
    expect(await inSight.locator(".tel").first().isVisible()).toBe(true);
    expect(await inSight.locator("p").first().textContent()).toBe(await page.textContent("main > .warning.call"));
  });

  test("have targets that a thumb can hit", async () => {
    const page = await open("/ckb/now/", { viewport: phone });
    await choose(page, 0);
    await page.locator(".summary").click();
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("button, summary, .tel, .exit, .head a, .contents a")]
        .filter((target) => target.getClientRects().length > 0 && target.closest("p, aside, li > span") === null)
        .filter((target) => Math.max(target.getBoundingClientRect().height, target.clientHeight) < 38)
        .map((target) => `${target.tagName} ${target.className} ${target.textContent}`),
    );
    expect(small).toEqual([]);
  });

  test("answer within the time of a keystroke, also on a slow phone", async () => {
    const page = await open("/en/now/");
    const session = await visit.context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    const counted = await page.evaluate(() => {
      let changes = 0;
      const observer = new MutationObserver(() => changes++);
      observer.observe(document.querySelector(".guided") ?? document.body, { subtree: true, childList: true });
      document.querySelector<HTMLElement>(".question .choose")?.click();
      return new Promise<number>((resolve) => {
        setTimeout(() => {
          resolve(changes);
        }, 0);
      });
    });
    // The answer is there in the task of the press, not after a request or a timer.
    expect(counted).toBeGreaterThan(0);
  });

  test("when their files do not arrive, the page stays as it was written", async () => {
    visit = await guide.visit("/en/");
    await visit.context.route("**/assets/en-other-*.json", (route) => route.abort());
    await visit.page.goto(`${guide.origin()}/en/now/`);
    await visit.page.waitForSelector("#guided", { state: "detached" });
    expect(await visit.page.locator("#levels").isVisible()).toBe(true);
  });

  describe("that come late", () => {
    /** A page whose questions are held back, as on a slow line, and what lets them come. */
    const openBeforeQuestions = async (): Promise<() => Promise<unknown>> => {
      visit = await guide.visit("/en/");
      const held: Route[] = [];
      await visit.context.route("**/assets/en-self-*.json", (route) => void held.push(route));
      await visit.page.goto(`${guide.origin()}/en/my-next-steps/`);
      await expect.poll(() => held.length).toBe(1);
      return async () => {
        await held[0]?.continue();
        await waitForQuestions(visit.page);
      };
    };

    test("take nothing away from whoever has begun to read", async () => {
      const letThemCome = await openBeforeQuestions();
      await visit.page.locator("#gates").scrollIntoViewIfNeeded();
      await letThemCome();
      expect(await visit.page.locator("#gates").isVisible()).toBe(true);
    });

    test("stand in the place of what nobody has begun to read", async () => {
      const letThemCome = await openBeforeQuestions();
      expect(await visit.page.locator("#gates").isVisible()).toBe(true);
      await letThemCome();
      expect(await visit.page.locator("#gates").isVisible()).toBe(false);
    });
  });

  test("are printed as an answer: the questions, the head and the way out are not", async () => {
    const page = await open("/en/now/");
    await choose(page, 0);
    await choose(page, 0);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".answer").isVisible()).toBe(true);
    for (const hidden of [".question", ".head", "#exit", ".foot", ".print-row"]) {
      expect(await page.locator(hidden).first().isVisible(), hidden).toBe(false);
    }
  });
});

describe("without script", () => {
  test.each(languages)("the same guidance stands on the page in %s", async (language) => {
    visit = await guide.visit(`/${language}/now/`, { javaScriptEnabled: false });
    for (const part of ["#levels", "#actions", "#gates", "#tool"]) {
      expect(await visit.page.locator(part).isVisible(), part).toBe(true);
    }
    expect(await visit.page.locator("#gates .gate").count()).toBe(8);
    expect(await visit.page.locator("#actions li").count()).toBeGreaterThan(50);
  });

  test("the tool is chosen by the age in the image, and on paper all three stand", async () => {
    visit = await guide.visit("/en/tools/", { javaScriptEnabled: false });
    const choice = visit.page.locator(".choice details");
    await choice.nth(0).locator("summary").click();
    expect(await choice.nth(0).innerText()).toContain("Take It Down");
    expect(await choice.nth(0).locator("a").last().isVisible()).toBe(true);
    await choice.nth(1).locator("summary").click();
    expect(await choice.nth(1).innerText()).toContain("StopNCII");
    await visit.page.emulateMedia({ media: "print" });
    for (const each of await choice.locator("p").all()) expect(await each.isVisible()).toBe(true);
  });
});

test("sheets to carry say nothing of what they are when printed", async () => {
  visit = await guide.visit("/en/");
  for (const sheet of ["evidence-log", "safety-plan", "digital-safety-plan"]) {
    await visit.page.goto(`${guide.origin()}/en/${sheet}/`);
    await visit.page.emulateMedia({ media: "print" });
    const shown = await visit.page.locator("body").innerText();
    expect(shown, sheet).not.toMatch(/amana|violence|evidence|safety|police|threat|abuse|perpetrator|survivor/i);
    expect(shown.trim().length, sheet).toBeGreaterThan(20);
    await visit.page.emulateMedia({ media: "screen" });
  }
});
