/**
 * Hostile text in every field that a case has, on every screen and every paper that shows it (SECURITY §6.9): it runs nothing,
 * breaks no layout, turns no words of ours around, and offends no rule of the page. What a person wrote is shown as it was
 * written, and nothing else.
 */

import { later } from "@amana/kernel";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as order from "../../apps/cli/src/demo/orders.ts";
import { stories, type Story } from "../../apps/cli/src/demo/stories.ts";
import { laptop, openCase, phone, useCaseworkBrowser, type Person } from "./casework-browser.ts";
import { fillForm as fillFormWith, leave, sayWhose } from "./casework-forms.ts";
import { turnTo } from "./casework-looks.ts";
import { at, clippedOn, confirm, makePapersTelling, openPaper, paperCode, speak } from "./casework-papers.ts";

/** Never turned back: what stands after it would be read from the wrong end. */
const turned = "\u202emoc.elpmaxe";
const word = "W".repeat(160);
const inLine = `<img class=bad src=x onerror=ran=1>${turned} {name}🧕🏽`;
/** Signs that nobody sees, and pictures, are refused in names. */
const shownName = inLine.replace(/[^ -~]/gu, "");
const inProse = [
  `"><script class=bad>window.ran = 1</script><svg class=bad onload="window.ran=1">`,
  `<a class=bad href="javascript:window.ran=1">null undefined __proto__ constructor NaN</a>`,
  `<style class=bad>main{display:none}</style>{count} {{7*7}} \${7*7} %00 &lt;b class=bad&gt;`,
  `${turned} \u2067متن\u2069 \u200f\u200d 👩🏽‍👩🏽‍👧🏽‍👦🏽 z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍a̴̵̜̰͔ͫ͗͢l̠ͨͧͩ͘g̴ ${word}`,
].join("\n");

const day = 24;
/** What opens the acts that an ordinary first day leaves closed. */
const further = [
  at(5, ({ now }) => order.consent("law", "A-nss", now)),
  at(5, ({ now }) => order.consent("digital", "change-passwords", now)),
  at(6, () => order.legalRisk("A-nss")),
  at(7, () => order.notReport(inProse)),
  at(8, ({ now }) => order.goal(inProse, "mental-health", later(now, 90 * day * 3_600_000))),
  at(9, () => order.sendReferral()),
];
const isClosedAtLast = ({ steps }: Story): boolean => steps.at(-1)?.hours === 9 * day;
/** A case in which nothing is left to do but to close it. */
const closableCode = "KRI-2026-0199";
const closable = (story: Story): Story => ({
  ...story,
  code: closableCode,
  caseworker: 0,
  steps: story.steps.slice(0, -1),
});
const papers = makePapersTelling(
  {
    name: inLine,
    plan: [inProse, inLine, word],
    note: inProse,
    when: inLine,
    nameToUse: inLine,
    codeWord: inLine,
    mustNotKnow: inLine,
    limit: inProse,
    need: inProse,
    clinic: shownName,
  },
  further,
  stories.filter(isClosedAtLast).slice(0, 1).map(closable),
);
const casework = useCaseworkBrowser(papers.seed);
let caseworker: Person;
let supervisor: Person;
beforeAll(async () => {
  caseworker = await casework.person("en", { viewport: phone });
  await papers.signIn(casework, caseworker, "caseworker", "en");
  supervisor = await casework.person("en", { viewport: phone });
  await papers.signIn(casework, supervisor, "supervisor", "en");
});
afterAll(async () => {
  await supervisor.context.close();
  await caseworker.context.close();
});

/** Withdrawing the consent to a file and closing the case come last: they close what stands before. */
const sections = [
  ...["person", "assessment", "notes", "safety", "services", "content", "law"],
  ...["follow-up", "people", "consent", "closure"],
] as const;

const fillForm = (form: Locator, text = { line: inLine, prose: inProse }): Promise<number> => fillFormWith(form, text);

type Outcome = "saved" | "refused";

/** Opens a form, writes into all of it, and saves it if the case allows it. */
const writeIn = async (
  person: Person,
  opener: Locator,
): Promise<{ readonly texts: number; readonly outcome: Outcome }> => {
  const { page } = person;
  await opener.click();
  const form = page.locator("form.panel");
  await form.waitFor();
  // What is chosen first opens further fields.
  let texts = 0;
  for (let round = 0; round < 3; round++) texts += await fillForm(form);
  await form.locator("button[type=submit]").click();
  const settled = page.locator("form.panel .missing, form.panel .why, form.panel .again");
  await expect.poll(async () => (await form.count()) === 0 || (await settled.count()) > 0).toBe(true);
  if ((await form.locator(".again").count()) > 0 && (await form.locator(".why").count()) === 0)
    await form.locator("button[type=submit]").click();
  await expect
    .poll(async () => (await form.count()) === 0 || (await form.locator(".missing, .why").count()) > 0)
    .toBe(true);
  if ((await form.count()) === 0) return { texts, outcome: "saved" };
  await leave(person);
  return { texts, outcome: "refused" };
};

/** The first act that is open here and was not tried yet. */
const actIn = async (page: Page, tried: ReadonlySet<string>): Promise<string | undefined> =>
  (await page.locator("button.act:enabled").allTextContents()).find((act) => !tried.has(act));

/** "Yes" where it was "no", and why: now somebody is in danger, which opens further acts. */
const answerOtherwise = async (person: Person): Promise<void> => {
  const { page, section, press, word } = person;
  await section("questions");
  await sayWhose(person);
  const answer = page.locator("strong", { hasText: new RegExp(`^${word("common.no")}$`) });
  await page.locator(".fact").filter({ has: answer }).first().click();
  const open = page.locator(".question");
  await open.locator(".choose").first().click();
  await open.locator("textarea").fill(inProse);
  await press("form.save");
  await open.waitFor({ state: "detached" });
};

/** Every field that a screen shows at once: searches, names. */
const writeInScreen = async ({ page, settled }: Person): Promise<void> => {
  await settled();
  const fields = page.locator("main input[type=text]:visible, main input[type=search]:visible");
  for (let place = 0; place < (await fields.count()); place++) {
    await fields.nth(place).fill(inLine);
    await fields.nth(place).press("Enter");
  }
};

/** What the text has done to the page: nothing. */
const harmOn = async ({ page, settled }: Person, where: string): Promise<readonly string[]> => {
  await settled();
  const harm = await page.evaluate(() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const turning: string[] = [];
    // Whoever stands around such a text alone must hold its direction in: a line of its own, or an element that isolates it.
    for (let text = walk.nextNode(); text !== null; text = walk.nextNode()) {
      if (text.textContent?.includes("\u202e") !== true) continue;
      let around = text.parentElement;
      const holds = (element: Element): boolean => {
        const { display, unicodeBidi } = getComputedStyle(element);
        return !display.startsWith("inline") || unicodeBidi.includes("isolate") || unicodeBidi === "plaintext";
      };
      while (around !== null && !holds(around)) around = around.parentElement;
      const held = around?.textContent ?? "";
      if (held.trim() !== text.textContent.trim()) turning.push(held.slice(0, 60));
    }
    return {
      ran: "ran" in window,
      elements: document.querySelectorAll(".bad, img, iframe, object, main style").length,
      tooWide: document.documentElement.scrollWidth - innerWidth,
      turning,
    };
  });
  return [
    ...(harm.ran ? [`${where}: it ran`] : []),
    ...(harm.elements > 0 ? [`${where}: ${harm.elements} elements`] : []),
    ...(harm.tooWide > 0 ? [`${where}: ${harm.tooWide} pixels too wide`] : []),
    ...harm.turning.map((text) => `${where}: turned around with it: ${text}`),
  ];
};

/** A name for a person, a team and a provider, in text as hostile. */
const nameInHostileWords = async (person: Person): Promise<void> => {
  const { page, press } = person;
  await person.sync();
  await person.go("team");
  await person.button("team.nameChange").first().click();
  await page.locator(".new-name").fill(shownName);
  await press("team.nameKeep");
  await page.locator(".new-name").waitFor({ state: "detached" });
  // No two have the same name.
  await press("teams.form");
  await fillForm(page.locator("form.panel"), { line: `2 ${shownName}`, prose: shownName });
  await page.locator("form.panel button[type=submit]").click();
  await page.locator("form.panel").waitFor({ state: "detached" });
  await person.go("directory");
  await press("directory.add");
  await fillForm(page.locator("form.panel"), { line: shownName, prose: shownName });
  await press("directory.keep");
  await page.getByText(person.word("directory.listed")).waitFor();
};

const openTheCase = async (person: Person, code: string): Promise<void> => {
  await person.go("cases");
  await person.page.getByText(code).first().click();
  await person.page.getByRole("heading", { level: 1, name: code }).waitFor();
};

/** Each paper, from where in the case it comes, and a piece that the survivor said and that is on it. */
const printed = [
  ["safety", "safety-plan", turned],
  ["services", "referral-letter", turned],
  ["consent", "consent-form", turned],
  ["closure", "case-summary", turned],
  ["content", "evidence-log", ""],
] as const;

test("hostile text on each paper is printed as it was written: inert, within the page, and turning nothing around", async () => {
  const { page, word: said } = caseworker;
  await page.evaluate(() => {
    window.print = () => undefined;
  });
  await openTheCase(caseworker, paperCode);
  const harm: string[] = [];
  for (const [section, paper, piece] of printed) {
    await openPaper(caseworker, section, paper);
    if (paper === "case-summary") await page.getByLabel(said("paper.for.supervisor")).check();
    if (paper === "consent-form") await page.locator("#paper-about").selectOption(`filled referral ${shownName}`);
    for (const [language, direction] of [
      ["ckb", "rtl"],
      ["en", "ltr"],
    ] as const) {
      await speak(caseworker, language, direction);
      harm.push(...(await harmOn(caseworker, `${paper} in ${language}`)));
      harm.push(...(await clippedOn(page)).map((text) => `${paper} in ${language}: clipped: ${text}`));
    }
    expect(await page.locator(".paper").innerText(), paper).toContain(piece);
    await confirm(caseworker);
    await page.emulateMedia({ media: "print" });
    await turnTo(page, laptop);
    harm.push(...(await harmOn(caseworker, `${paper} printed`)));
    harm.push(...(await clippedOn(page)).map((text) => `${paper} printed: clipped: ${text}`));
    await page.emulateMedia({ media: null });
    await turnTo(page, phone);
    await caseworker.press("paper.back");
  }
  expect(harm).toEqual([]);
  expect(caseworker.complaints).toEqual([]);
});

test("signs that nobody sees are no text alone, and those that no text can hold do not come in with a paste", async () => {
  const { page, word: said } = caseworker;
  await openTheCase(caseworker, paperCode);
  await caseworker.section("safety");
  const form = page.locator("form.panel");
  const write = (text: string): Promise<void> =>
    form
      .locator("textarea")
      .first()
      .evaluate((field, typed) => {
        (field as HTMLTextAreaElement).value = typed;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }, text);
  // What may stay empty may be as good as empty.
  await caseworker.button("act.MarkSafetyItem").first().click();
  await caseworker.choose("field.outcome", "option.outcome.open");
  await write(" \u200c");
  await caseworker.press("form.save");
  await form.waitFor({ state: "detached" });

  await caseworker.section("notes");
  await caseworker.press("act.WriteNote");
  await form.locator("select").selectOption("case");
  await write("\u200d\u200f");
  await caseworker.press("form.save");
  await form.getByText(said("form.missing")).waitFor();
  await write("Out of a document:\u000bits second line\u0007.");
  expect(await form.locator("textarea").inputValue()).toBe("Out of a document:\nits second line.");
  await caseworker.press("form.save");
  await form.waitFor({ state: "detached" });
  await page.getByText("its second line.").waitFor();
  expect(caseworker.complaints).toEqual([]);
});

test("a line that is typed between two others stays between them, whatever empty lines are made on the way", async () => {
  const { page } = caseworker;
  await openTheCase(caseworker, paperCode);
  await caseworker.section("person");
  await caseworker.button("act.AgreeSafeContact").first().click();
  const lines = page.getByLabel(caseworker.word("field.mustNotKnow"));
  await lines.fill("her father\nher brother");
  await lines.press("Control+Home");
  await lines.press("End");
  await lines.press("Enter");
  await lines.press("Enter");
  await lines.pressSequentially("her uncle");
  expect(await lines.inputValue()).toBe("her father\n\nher uncle\nher brother");
  await leave(caseworker);
});

test("hostile text in every form of a case runs nothing, and nothing is wider than a small phone", async () => {
  const { page } = caseworker;
  const harm: string[] = [];
  const count = { texts: 0, saved: 0 };
  const tried = new Set<string>();
  const write = async (opener: Locator): Promise<void> => {
    const { texts, outcome } = await writeIn(caseworker, opener);
    count.texts += texts;
    count.saved += outcome === "saved" ? 1 : 0;
  };
  await openTheCase(caseworker, paperCode);
  await answerOtherwise(caseworker);
  for (const section of sections) {
    await caseworker.section(section);
    if (section === "consent") await write(caseworker.button("consent.ask"));
    // Each act once: some close others, and some open more.
    for (let act = await actIn(page, tried); act !== undefined; act = await actIn(page, tried)) {
      tried.add(act);
      await write(page.getByRole("button", { name: act, exact: true, disabled: false }).first());
    }
    harm.push(...(await harmOn(caseworker, section)));
  }
  for (const section of ["now", "questions", ...sections, "history"]) {
    await caseworker.section(section);
    harm.push(...(await harmOn(caseworker, section)));
  }
  await openTheCase(caseworker, closableCode);
  await caseworker.section("closure");
  expect((await writeIn(caseworker, caseworker.button("act.CloseCase"))).outcome).toBe("saved");
  for (const section of ["closure", "history"]) {
    await caseworker.section(section);
    await page.getByText(word).first().waitFor();
    harm.push(...(await harmOn(caseworker, `${section} of a closed case`)));
  }
  await openCase(caseworker, inLine);
  for (const screen of ["today", "cases", "new-case", "team", "directory", "settings"]) {
    await caseworker.go(screen);
    await writeInScreen(caseworker);
    harm.push(...(await harmOn(caseworker, screen)));
  }
  await caseworker.sync();
  await nameInHostileWords(supervisor);
  for (const screen of ["today", "cases", "supervise", "team", "directory", "settings"]) {
    await supervisor.go(screen);
    await writeInScreen(supervisor);
    harm.push(...(await harmOn(supervisor, `${screen} of the supervisor`)));
  }
  expect(count.texts).toBeGreaterThan(30);
  expect(count.saved).toBeGreaterThan(10);
  expect(harm).toEqual([]);
  expect([...caseworker.complaints, ...supervisor.complaints]).toEqual([]);
});
