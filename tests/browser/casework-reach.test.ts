/** Reached without a mouse, read at twice the size, and without movement: the main walk and every screen. */

import { languageFacts } from "@amana/ui";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  agreeSafeContact,
  makeTeam,
  openCase,
  phone,
  sayHowAsked,
  tellLimits,
  useCaseworkBrowser,
  type Person,
} from "./casework-browser.ts";

const casework = useCaseworkBrowser();
const isLongRun = process.env["AMANA_LONG"] === "1";
let team: Awaited<ReturnType<typeof makeTeam>>;
beforeAll(async () => {
  team = await makeTeam(casework, "en");
});
afterAll(async () => {
  await team.supervisor.context.close();
  await team.caseworker.context.close();
});

const tabsMax = 200;

/** Presses Tab until the focus stands there, and can be seen. */
const tabTo = async (page: Page, target: Locator): Promise<void> => {
  await target.waitFor();
  for (let tabs = 0; tabs < tabsMax; tabs++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      const outline = await target.evaluate((element) => getComputedStyle(element).outlineStyle);
      expect(outline, "the focus can be seen").not.toBe("none");
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`Nothing leads there: ${String(target)}`);
};

/** A person who has only a keyboard. */
const byKeyboard = (person: Person) => {
  const { page, word } = person;
  const press = async (target: Locator, key = "Enter"): Promise<void> => {
    await tabTo(page, target);
    await page.keyboard.press(key);
  };
  return {
    press,
    button: (key: string) => press(person.button(key).last()),
    fill: async (field: string, text: string) => {
      await tabTo(page, page.getByLabel(word(field)).first());
      await page.keyboard.type(text);
    },
    /** The first of a group is reached by Tab, the others by the arrow keys. */
    choose: async (field: string, option: string) => {
      const group = page.getByRole("group", { name: word(field) });
      await tabTo(page, group.locator("input").first());
      const wanted = group.getByLabel(word(option), { exact: true }).first();
      await page.keyboard.press("Space");
      for (let arrows = 0; arrows < tabsMax && !(await wanted.isChecked()); arrows++)
        await page.keyboard.press("ArrowDown");
      expect(await wanted.isChecked()).toBe(true);
    },
  };
};

test("a case is opened and a note written with the keyboard alone, from the password to the lock", async () => {
  const { caseworker, password } = team;
  const { page, word } = caseworker;
  const byKeys = byKeyboard(caseworker);
  const { press, button, fill, choose } = byKeys;
  await button("frame.lock");
  await page.locator("#password").waitFor();
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await press(page.locator(".bar-way").filter({ hasText: word("screen.new-case") }));
  await fill("newCase.searchLabel", "Dilnaz");
  await page.keyboard.press("Enter");
  await button("newCase.go");
  await agreeSafeContact(byKeys);
  await button("common.next");
  await tellLimits(byKeys, "adult");
  await button("common.next");
  for (const option of ["do-nothing", "not-report"])
    await press(page.getByLabel(word(`option.options.${option}`)), "Space");
  await choose("field.answer", "common.yes");
  await sayHowAsked(byKeys);
  await button("newCase.open");
  // There is no title before the case is read; the focus comes to it then.
  await page.waitForFunction(() => document.activeElement?.matches(".case-name h1"));
  const notes = page.locator(".section-way").filter({ hasText: word("section.notes") });
  await press(notes);
  // The way to where one is leads nowhere else.
  await press(notes);
  await button("act.WriteNote");
  await tabTo(page, page.getByLabel(word("field.about")));
  await page.keyboard.press("ArrowDown");
  await fill("field.text", "She called at noon.");
  await button("form.save");
  await page.locator(".card", { hasText: "She called at noon." }).waitFor();
  // The focus is not lost with the form that is gone: it comes to the title of what has changed.
  await page.waitForFunction(() => document.activeElement?.id === "section-title");
  await button("frame.lock");
  await page.locator("#password").waitFor();
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.locator(".head").waitFor();
});

const smallPhone = { width: 320, height: 568 };

/** What cannot be read whole: wider than the window, or cut off by what stands around it. */
const clippedOn = (page: Page, where: string): Promise<readonly string[]> =>
  page.evaluate((name) => {
    const found: string[] = [];
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 0) found.push(`${name}: ${wide} pixels too wide`);
    for (const element of document.querySelectorAll<HTMLElement>("body *")) {
      const style = getComputedStyle(element);
      const isCut = (overflow: string): boolean => overflow === "hidden" || overflow === "clip";
      const isHidden = element.closest(".skip, [hidden]") !== null || element.clientWidth <= 1;
      const own = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim() !== "",
      );
      if (isHidden || !own) continue;
      const cut =
        (isCut(style.overflowX) && element.scrollWidth > element.clientWidth + 1) ||
        (isCut(style.overflowY) && element.scrollHeight > element.clientHeight + 1);
      const { left, right, width } = element.getBoundingClientRect();
      const scrolls = element.closest(".sections, nav, table, .scrolls") !== null;
      const isOutside = width > 0 && !scrolls && (left < -1 || right > innerWidth + 1);
      if (cut || isOutside)
        found.push(`${name}: <${element.localName} class="${element.className}"> ${element.innerText.slice(0, 40)}`);
    }
    return found;
  }, where);

const sections = [
  ...["now", "questions", "person", "assessment", "consent", "safety", "services", "content"],
  ...["law", "follow-up", "notes", "closure", "history", "people"],
];

test.each(isLongRun ? (["en", "ar", "ckb", "kmr"] as const) : (["en", "ckb"] as const))(
  "in %s: text of twice the size is read whole on a phone of 360 pixels, forms on one of 320, and nothing moves",
  async (language) => {
    const { supervisor, caseworker } = language === "en" ? team : await makeTeam(casework, language);
    const { page } = caseworker;
    await page.setViewportSize(phone);
    await openCase(caseworker, "Dilnaz");
    await page.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
    });
    const found: string[] = [];
    for (const section of sections) {
      await caseworker.section(section);
      await caseworker.settled();
      found.push(...(await clippedOn(page, section)));
    }
    for (const screen of ["today", "cases", "new-case", "team", "directory", "guide", "settings"]) {
      await caseworker.go(screen);
      await caseworker.settled();
      found.push(...(await clippedOn(page, screen)));
    }
    await caseworker.go("cases");
    await page.locator(".case-row").first().click();
    await caseworker.settled();
    await page.setViewportSize(smallPhone);
    for (const [section, act] of [
      ["notes", "WriteNote"],
      ["person", "AgreeSafeContact"],
      ["safety", "SetSafetyItem"],
    ] as const) {
      await caseworker.section(section);
      await caseworker.press(`act.${act}`);
      await page.locator("form.panel").waitFor();
      await caseworker.settled();
      found.push(...(await clippedOn(page, `the form ${act}`)));
    }
    expect(found).toEqual([]);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    // What stays in sight above leaves most of a smaller phone to what is read and written.
    const setText = (size: string) =>
      page.evaluate((given) => {
        document.documentElement.style.fontSize = given;
        document.querySelector("form.panel .moves")?.scrollIntoView({ block: "center" });
      }, size);
    await setText("");
    await page.locator(".case-strip .strip-more").waitFor();
    await setText("200%");
    await expect
      .poll(() => page.evaluate(() => document.querySelector<HTMLElement>(".case-strip")?.offsetHeight))
      .toBeLessThanOrEqual(smallPhone.height / 4);
    if (language === "en") return;
    await supervisor.context.close();
    await caseworker.context.close();
  },
);

/** Words that lead somewhere, or say where one is, of which a line takes only a part. */
const brokenWordsOn = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const places = document.querySelectorAll(".way, .bar-way, .section-way, .exit, .sync, h1, h2, [data-part]");
    for (const place of places) {
      const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node !== null; node = texts.nextNode())
        for (const { index, 0: word } of (node.nodeValue ?? "").matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
          const range = document.createRange();
          range.setStart(node, index);
          range.setEnd(node, index + word.length);
          const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
          if (lines.size > 1) found.push(`${place.className || place.localName}: ${word}`);
        }
    }
    return found;
  });

test("in each language the words that lead through the app stand whole, with text of twice the size on a phone of 360 pixels", async () => {
  const { supervisor, caseworker } = team;
  const { page } = supervisor;
  await caseworker.page.evaluate(() => {
    document.documentElement.style.fontSize = "";
  });
  await openCase(caseworker, "Sozan");
  await caseworker.sync();
  await supervisor.sync();
  await page.setViewportSize(phone);
  await page.evaluate(() => {
    document.documentElement.style.fontSize = "200%";
  });
  const found: string[] = [];
  const look = async (): Promise<void> => {
    await supervisor.settled();
    await page.evaluate(() => document.fonts.ready);
    found.push(...(await brokenWordsOn(page)));
  };
  for (const language of ["ar", "ckb", "kmr", "en"] as const) {
    const { tag } = languageFacts[language];
    await page.locator('.way[data-place="settings"]').click();
    await page.locator(`.options button[lang="${tag}"]`).click();
    await page.locator(`html[lang="${tag}"]`).waitFor();
    for (const screen of ["today", "new-case", "supervise", "team", "directory", "guide", "settings", "cases"]) {
      await page.locator(`.way[data-place="${screen}"]`).click();
      await page.locator(`.way[data-place="${screen}"][aria-current]`).waitFor();
      await look();
    }
    await page.locator(".case-row").first().click();
    for (const section of sections) {
      await page.locator(`[data-section="${section}"]`).click();
      await page.locator(`[data-section="${section}"][aria-current]`).waitFor();
      await look();
    }
  }
  expect([...new Set(found)]).toEqual([]);
});
