/** Where somebody new stumbles: half-filled forms, a link that was cut, one question after another, a browser of some years ago. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { lockAtLastKey } from "./casework-acts.ts";
import {
  type CaseworkBrowser,
  laptop,
  makeTeam,
  openCase,
  phone,
  useCaseworkBrowser,
  type Person,
} from "./casework-browser.ts";
import { askAndShowLater, heldBackCount, holdBack, letGo } from "./casework-calls.ts";
import { answer, fillForm, save, sayWhose } from "./casework-forms.ts";

const casework = useCaseworkBrowser();
let team: Awaited<ReturnType<typeof makeTeam>>;
beforeAll(async () => {
  team = await makeTeam(casework, "en");
});
afterAll(async () => {
  await team.supervisor.context.close();
  await team.caseworker.context.close();
});

const questionsMax = 40;

/** Answers what Now asks, one press each, until it asks for a list. */
const untilList = async (person: Person): Promise<string> => {
  const { page, word } = person;
  await sayWhose(person);
  const question = page.locator(".question");
  for (let asked = 0; asked < questionsMax; asked++) {
    const title = (await question.locator("h4").textContent()) ?? "";
    if ((await question.locator(".ticks").count()) > 0) return title;
    const no = question.getByRole("button", { name: word("common.no"), exact: true });
    const choices = question.locator(".choose");
    // Of two the first, of more the last: the Kurdistan Region and then a governorate of it, or where she is would be asked again.
    const other = (await choices.count()) === 2 ? choices.first() : choices.last();
    await ((await no.count()) > 0 ? no : other).click();
    await question.locator("h4").filter({ hasNotText: title }).waitFor();
  }
  throw new Error("No list was asked for.");
};

test("each question under Now begins with nothing of the one before, and what is begun of it is kept under its own name", async () => {
  const { caseworker, password } = team;
  const { page, word, press } = caseworker;
  await openCase(caseworker, "Dilnaz");
  const question = page.locator(".question");
  const save = question.getByRole("button", { name: word("form.save"), exact: true });
  const first = await untilList(caseworker);
  await question.getByRole("checkbox").first().check();
  await save.click();
  await question.locator("h4").filter({ hasNotText: first }).waitFor();
  const second = await untilList(caseworker);
  expect(await save.isDisabled()).toBe(true);
  expect(await question.locator(":checked[type=checkbox]").count()).toBe(0);
  await question.getByRole("checkbox").last().check();
  await lockAtLastKey(caseworker);
  await page.locator("#password").fill(password);
  await press("unlock.unlock");
  await page.locator(".card h3").filter({ hasText: second }).waitFor();
  await caseworker.settled();
  expect(await page.locator(".card h3").filter({ hasText: first }).count()).toBe(0);
});

test("a question that somebody is answering stays, whatever a colleague answers meanwhile", async () => {
  const { caseworker, supervisor } = team;
  const { page, word, section, sync, settled } = caseworker;
  const code = await openCase(caseworker, "Rojin");
  await sync();
  const title = await untilList(caseworker);
  await sync();
  const question = page.locator(".question");
  await question.getByRole("checkbox").first().check();
  await supervisor.sync();
  await supervisor.go("cases");
  await supervisor.page.getByText(code).click();
  await supervisor.page.locator(".question h4").filter({ hasText: title }).waitFor();
  await sayWhose(supervisor);
  await supervisor.page.locator(".question").getByRole("checkbox").nth(1).check();
  await supervisor.page
    .locator(".question")
    .getByRole("button", { name: word("form.save"), exact: true })
    .click();
  await supervisor.page.locator(".question h4").filter({ hasNotText: title }).waitFor();
  await supervisor.sync();
  await sync();
  await settled();
  expect(await question.locator("h4").textContent()).toBe(title);
  expect(await question.getByRole("checkbox").first().isChecked()).toBe(true);
  await section("history");
});

test("an answer that does not fit another is marked, and says so when it is opened", async () => {
  const { page, word, section } = team.caseworker;
  await openCase(team.caseworker, "Berivan");
  await section("questions");
  await answer(team.caseworker, "en", "content-exposure", "none");
  const exposure = page.locator(".facts li").filter({ hasText: "How far has private content" });
  await exposure.and(page.locator(":not(.asked)")).waitFor();
  await answer(team.caseworker, "en", "spreading", "yes");
  await exposure.and(page.locator(".asked")).locator("button.fact").click();
  await page.locator(".question").getByText(word("question.again")).waitFor();
});

test.each([
  ["for a reason of its own", "notes", "act.WriteNote"],
  ["for a reason that others share", "services", "act.RecordServiceNeed"],
] as const)(
  "what was begun and has to wait %s says so where it was begun, and stays on Today",
  async (_why, at, form) => {
    const { page, word, section, press, fill, go } = team.caseworker;
    const code = await openCase(team.caseworker, "Zhiyan");
    await section(at);
    await press(form);
    await fill("field.text", "She called from her aunt's house.");
    await section("consent");
    await page.locator(".card .act").first().click();
    await save(team.caseworker);
    await go("today");
    const begun = page.locator(".card", { hasText: code }).filter({ hasText: word(form) });
    await begun.getByRole("button", { name: word("begun.goOn") }).click();
    await page
      .locator("#section-title")
      .filter({ hasText: word(`section.${at}`) })
      .waitFor();
    await page.getByText(word("begun.waits")).waitFor();
    await go("today");
    await begun.waitFor();
  },
);

test("whoever saves a long form too early is taken to the first place that lacks something, on a phone too", async () => {
  const { page, word, press, section } = team.caseworker;
  await page.setViewportSize(phone);
  await openCase(team.caseworker, "Shirin");
  await section("consent");
  await press("consent.ask");
  const form = page.locator("form.panel");
  await form.getByLabel(word("field.purpose")).selectOption("digital");
  await form.locator("button[type=submit]").click();
  const missing = form.locator(".missing").first();
  await missing.waitFor();
  const { top, bottom } = await missing.evaluate((element) => element.getBoundingClientRect());
  expect([top > 0, bottom < phone.height]).toEqual([true, true]);
  const field = missing.locator("xpath=ancestor::*[contains(@class,'field')][1]");
  expect(await field.evaluate((element) => element.contains(document.activeElement))).toBe(true);
});

test("what is too long, and a moment on the wrong side of now, is said beside it while it is typed", async () => {
  const { page, word, press, section } = team.caseworker;
  await openCase(team.caseworker, "Avan");
  await section("follow-up");
  await press("act.PlanFollowUp");
  const form = page.locator("form.panel");
  await form.getByLabel(word("field.about")).fill("a".repeat(303));
  await form.getByText(word("form.tooLong").replace("{count}", "3")).waitFor();
  const date = form.getByRole("group", { name: word("field.dueAt") });
  await date.getByLabel(word("date.day")).fill("3");
  await date.getByLabel(word("date.month")).selectOption("2");
  await date.getByLabel(word("date.year")).fill("2020");
  await form.getByText(word("date.over")).waitFor();
});

test("after saving, what can be done is offered only once the case was read again, and nothing is saved twice", async () => {
  const { page, word, press, section } = team.caseworker;
  await openCase(team.caseworker, "Nergiz");
  await section("notes");
  await press("act.WriteNote");
  const form = page.locator("form.panel");
  await fillForm(form, { line: "2", prose: "As she said it." });
  await holdBack(page, "readCase");
  const saving = form.locator("button[type=submit]");
  await saving.click();
  await expect.poll(() => heldBackCount(page)).toBeGreaterThan(0);
  expect([await saving.isDisabled(), await page.locator("button.act").count()]).toEqual([true, 0]);
  await letGo(page);
  await form.waitFor({ state: "detached" });
  expect(await page.getByText("As she said it.").count()).toBe(1);
  expect(await page.getByRole("button", { name: word("act.WriteNote"), exact: true }).isEnabled()).toBe(true);
});

test("whoever saves and goes to another section at once is left alone there, and nothing breaks off", async () => {
  const { page, press, section } = team.caseworker;
  await openCase(team.caseworker, "Rojgar");
  await section("now");
  await press("act.WriteNote");
  const form = page.locator("form.panel");
  await fillForm(form, { line: "2", prose: "As she said it." });
  await holdBack(page, "tell");
  await form.locator("button[type=submit]").click();
  await expect.poll(() => heldBackCount(page)).toBeGreaterThan(0);
  await section("questions");
  await letGo(page);
  await section("notes");
  await page.getByText("As she said it.").waitFor();
  expect(team.caseworker.complaints).toEqual([]);
});

test("a link that was cut on its way is refused with words, and never leaves an empty page", async () => {
  const somebody = await casework.person("en");
  await somebody.page.goto(`${casework.served().origin}/app/#invitation=abc%2`);
  await somebody.page.locator("#code").waitFor();
  expect(await somebody.page.locator("#code").inputValue()).toBe("abc%2");
  // Each look of these tests waits for what the page has asked [Note: A look waits].
  await askAndShowLater(somebody.page);
  expect(await somebody.page.locator(".shown-later").count()).toBe(1);
  expect(somebody.complaints).toEqual([]);
  await somebody.context.close();
});

/** Of the worked example in docs/formats/keys.md: nobody's. */
const kit = "001861 102202 112783 280012 112751 015239 815710 702320 761209";

test("an invitation that was cut and a mistyped kit are told where they stand, before a password is chosen", async () => {
  const somebody = await casework.person("en");
  const { page, word, press } = somebody;
  await page.goto(`${casework.served().origin}/app/#invitation=abc%2`);
  const told = page.locator("#code-refusal");
  await told.filter({ hasText: word("account.NotAnInvitation") }).waitFor();
  await press("common.back");
  await page.locator(".door", { hasText: word("enter.kit") }).click();
  await page.locator("#code").fill(kit.replace("112783", "112733"));
  await page.keyboard.press("Tab");
  await told.filter({ hasText: word("account.WrongGroup").replace("{group}", "3") }).waitFor();
  await page.locator("#code").fill(kit);
  await page.keyboard.press("Tab");
  await told.filter({ hasNotText: /\S/ }).waitFor({ state: "attached" });
  expect(await page.locator("#code").getAttribute("aria-invalid")).toBe(null);
  await somebody.context.close();
});

test("code, danger, track, safe contact and who can see the case stay in sight however far one goes down", async () => {
  const { page, word, section } = team.caseworker;
  const code = await openCase(team.caseworker, "Viyan");
  await section("assessment");
  const strip = page.locator(".case-strip");
  const readers = word("case.readers").split("{")[0]?.trim() ?? "";
  // Whoever had begun to press what it comes to cover has pressed that: the finger that goes up goes through it.
  await page.evaluate(() => {
    new MutationObserver((_, observer) => {
      const found = document.querySelector(".case-strip");
      if (found === null) return;
      observer.disconnect();
      const { left, right, top, bottom } = found.getBoundingClientRect();
      const under = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      Reflect.set(globalThis, "goesThrough", !found.contains(under));
    }).observe(document.body, { childList: true, subtree: true });
  });
  for (const viewport of [phone, laptop]) {
    // Also for whoever turns the device over, or makes the window wider, half-way down.
    await page.setViewportSize(viewport);
    await page.mouse.wheel(0, 2_000);
    await strip.waitFor();
    const ways = page.locator(".head");
    const stays = await ways.evaluate((element) =>
      getComputedStyle(element).position === "sticky" ? element.getBoundingClientRect().height : 0,
    );
    // To the pixel: the bar of ways may end between two.
    await expect.poll(async () => Math.round((await strip.boundingBox())?.y ?? -1)).toBe(Math.round(stays));
    const shown = (await strip.textContent()) ?? "";
    for (const text of [code, word("level.none"), word("track.adult"), word("contact.noMessage"), readers])
      expect(shown).toContain(text);
    // Nothing stands over it, and it leaves most of the page to what is read.
    await page.locator(".case-strip:not([data-just-came])").waitFor();
    const { isOnTop, height } = await strip.evaluate((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const places = [top + 2, bottom - 2].map((place) => document.elementFromPoint((left + right) / 2, place));
      return { isOnTop: places.every((place) => element.contains(place)), height: bottom - top };
    });
    expect(isOnTop).toBe(true);
    expect(height).toBeLessThan(viewport.height / 6);
  }
  expect(await page.evaluate(() => Reflect.get(globalThis, "goesThrough") as unknown)).toBe(true);
  await page.evaluate(() => {
    scrollTo(0, 0);
  });
  await strip.waitFor({ state: "detached" });
  // It is gone without taking the page with it.
  await section("notes");
  expect(team.caseworker.complaints).toEqual([]);
});

/** What browsers learned after version 103 of Chrome, taken away before anything else of a script runs. */
const forgetYoung = `
for (const kind of [Array, Object.getPrototypeOf(Uint8Array)])
  for (const name of ["toReversed", "toSorted", "toSpliced", "with"]) delete kind.prototype[name];
for (const name of ["union", "intersection", "difference", "symmetricDifference", "isSubsetOf", "isSupersetOf", "isDisjointFrom"])
  delete Set.prototype[name];
for (const name of Object.getOwnPropertyNames(globalThis.Iterator?.prototype ?? {}))
  if (name !== "constructor") delete Iterator.prototype[name];
for (const name of ["isWellFormed", "toWellFormed"]) delete String.prototype[name];
for (const name of ["toBase64", "toHex", "setFromBase64", "setFromHex"]) delete Uint8Array.prototype[name];
for (const [of, name] of [[Uint8Array, "fromBase64"], [Uint8Array, "fromHex"], [Object, "groupBy"], [Map, "groupBy"], [Array, "fromAsync"],
  [Promise, "withResolvers"], [Promise, "try"], [URL, "canParse"], [URL, "parse"], [AbortSignal, "any"], [RegExp, "escape"], [Math, "sumPrecise"],
  [Error, "isError"], [globalThis, "Iterator"]]) delete of[name];
`;

/** Scripts come as they are served, and find a browser of 2022. */
const inOlderBrowser: CaseworkBrowser = {
  served: casework.served,
  person: async (language, options) => {
    const person = await casework.person(language, { ...options, serviceWorkers: "block" });
    await person.context.route(/\.js$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: forgetYoung + (await response.text()) });
    });
    return person;
  },
};

test("a browser of some years ago sets up an organisation, opens a case and keeps an assessment", async () => {
  const { supervisor, caseworker } = await makeTeam(inOlderBrowser, "en");
  const { page, word, section, press } = caseworker;
  expect(await page.evaluate(() => "toSpliced" in Array.prototype)).toBe(false);
  const code = await openCase(caseworker, "Dilnaz");
  await section("assessment");
  await press("act.RecordAssessment");
  await page.getByLabel(word("field.findings")).fill("He waits at the school.");
  await press("form.addRisk");
  await press("form.remove");
  await press("form.save");
  await page.locator("form.panel").waitFor({ state: "detached" });
  await caseworker.sync();
  await supervisor.sync();
  await supervisor.go("cases");
  await supervisor.page.getByText(code).waitFor();
  const complaints = [...supervisor.complaints, ...caseworker.complaints];
  expect(complaints.filter((each) => !each.startsWith("Service Worker registration blocked"))).toEqual([]);
  await supervisor.context.close();
  await caseworker.context.close();
});
