/**
 * Hostile text in every field that a case has: it runs nothing, breaks no layout, and offends no rule of the page. What a person
 * wrote is shown as it was written, and nothing else.
 */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTeam, openCase, phone, useCaseworkBrowser } from "./casework-browser.ts";

const casework = useCaseworkBrowser();
let team: Awaited<ReturnType<typeof makeTeam>>;
beforeAll(async () => {
  team = await makeTeam(casework, "en");
});
afterAll(async () => {
  await team.supervisor.context.close();
  await team.caseworker.context.close();
});

const turned = "\u202emoc.elpmaxe\u202c";
const word = "W".repeat(160);
const inLine = `<img class=bad src=x onerror=ran=1>${turned}{name}🧕🏽`;
const inProse = [
  `"><script class=bad>window.ran = 1</script><svg class=bad onload="window.ran=1">`,
  `<a class=bad href="javascript:window.ran=1">null undefined __proto__ constructor NaN</a>`,
  `<style class=bad>main{display:none}</style>{count} {{7*7}} \${7*7} %00 &lt;b class=bad&gt;`,
  `${turned} \u2067متن\u2069 \u200f\u200d 👩🏽‍👩🏽‍👧🏽‍👦🏽 z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍a̴̵̜̰͔ͫ͗͢l̠ͨͧͩ͘g̴ ${word}`,
].join("\n");

/** Withdrawing the consent to a file and closing the case come last: they close what stands before. */
const sections = [
  ...["person", "assessment", "notes", "safety", "services", "content", "law"],
  ...["follow-up", "people", "consent", "closure"],
] as const;

/** Fills in whatever the open form asks for, and gives how many texts it took. */
const fillForm = (page: Page): Promise<number> =>
  page.evaluate(
    ({ line, prose }) => {
      const form = document.querySelector("form.panel");
      if (form === null) return 0;
      const say = (field: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, value: string): void => {
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
      };
      let texts = 0;
      const names = new Set<string>();
      const today = new Date();
      for (const field of form.querySelectorAll("input, textarea, select")) {
        if (field instanceof HTMLTextAreaElement && field.value === "") {
          say(field, prose);
          texts += 1;
        } else if (field instanceof HTMLSelectElement && field.value === "") {
          say(field, field.closest(".date") === null ? (field.options[1]?.value ?? "") : String(today.getMonth() + 1));
        } else if (field instanceof HTMLInputElement && field.type === "radio" && !names.has(field.name)) {
          names.add(field.name);
          if (form.querySelector(`input[name="${field.name}"]:checked`) === null) field.click();
        } else if (field instanceof HTMLInputElement && field.type === "text" && field.value === "") {
          if (field.id.endsWith("-day")) say(field, String(today.getDate()));
          else if (field.id.endsWith("-year"))
            say(field, String(today.getFullYear() + (form.querySelector(".date .button") === null ? 0 : 1)));
          else if (!field.id.endsWith("-time")) {
            say(field, field.inputMode === "numeric" ? "20" : line);
            texts += 1;
          }
        }
      }
      return texts;
    },
    { line: inLine, prose: inProse },
  );

type Outcome = "saved" | "refused";

/** Opens the form of one act, writes into all of it, and saves it if the case allows it. */
const writeIn = async (page: Page, place: number): Promise<{ readonly texts: number; readonly outcome: Outcome }> => {
  await page.locator("button.act:enabled").nth(place).click();
  const form = page.locator("form.panel");
  await form.waitFor();
  // What is chosen first opens further fields.
  let texts = 0;
  for (let round = 0; round < 3; round++) texts += await fillForm(page);
  await form.locator("button[type=submit]").click();
  const settled = page.locator("form.panel .missing, form.panel .why, form.panel .again");
  await expect.poll(async () => (await form.count()) === 0 || (await settled.count()) > 0).toBe(true);
  if ((await form.locator(".again").count()) > 0 && (await form.locator(".why").count()) === 0)
    await form.locator("button[type=submit]").click();
  await expect
    .poll(async () => (await form.count()) === 0 || (await form.locator(".missing, .why").count()) > 0)
    .toBe(true);
  if ((await form.count()) === 0) return { texts, outcome: "saved" };
  for (const _ of [1, 2]) if ((await form.count()) > 0) await form.locator(".moves .quiet").last().click();
  await form.waitFor({ state: "detached" });
  return { texts, outcome: "refused" };
};

/** Every field that a screen shows at once: searches, names. */
const writeInScreen = async (page: Page): Promise<void> => {
  const fields = page.locator("main input[type=text]:visible, main input[type=search]:visible");
  for (let place = 0; place < (await fields.count()); place++) {
    await fields.nth(place).fill(inLine);
    await fields.nth(place).press("Enter");
  }
};

/** What the text has done to the page: nothing. */
const harmOn = async (page: Page, where: string): Promise<readonly string[]> => {
  const harm = await page.evaluate(() => ({
    ran: "ran" in window,
    elements: document.querySelectorAll(".bad, img, iframe, object, main style").length,
    tooWide: document.documentElement.scrollWidth - innerWidth,
  }));
  return [
    ...(harm.ran ? [`${where}: it ran`] : []),
    ...(harm.elements > 0 ? [`${where}: ${harm.elements} elements`] : []),
    ...(harm.tooWide > 0 ? [`${where}: ${harm.tooWide} pixels too wide`] : []),
  ];
};

test("hostile text in every form of a case runs nothing, and nothing is wider than a small phone", async () => {
  const { caseworker, supervisor } = team;
  const { page } = caseworker;
  await page.setViewportSize(phone);
  await openCase(caseworker, inLine);
  const harm: string[] = [];
  const count = { texts: 0, saved: 0 };
  for (const section of sections) {
    await caseworker.section(section);
    const acts = await page.locator("button.act:enabled").count();
    for (let place = 0; place < acts; place++) {
      // Some acts close others: what is open is counted anew.
      if (place >= (await page.locator("button.act:enabled").count())) break;
      const { texts, outcome } = await writeIn(page, place);
      count.texts += texts;
      count.saved += outcome === "saved" ? 1 : 0;
    }
    harm.push(...(await harmOn(page, section)));
  }
  expect(count.texts).toBeGreaterThan(30);
  expect(count.saved).toBeGreaterThan(10);
  for (const section of ["now", "questions", ...sections, "history"]) {
    await caseworker.section(section);
    harm.push(...(await harmOn(page, section)));
  }
  for (const screen of ["today", "cases", "new-case", "team", "directory", "settings"]) {
    await caseworker.go(screen);
    await writeInScreen(page);
    harm.push(...(await harmOn(page, screen)));
  }
  await caseworker.sync();
  await supervisor.page.setViewportSize(phone);
  await supervisor.sync();
  for (const screen of ["today", "cases", "team"]) {
    await supervisor.go(screen);
    await writeInScreen(supervisor.page);
    harm.push(...(await harmOn(supervisor.page, `${screen} of the supervisor`)));
  }
  expect(harm).toEqual([]);
  expect([...caseworker.complaints, ...supervisor.complaints]).toEqual([]);
});
