/**
 * What a supervisor and a caseworker look for and find: whom a referral is with where it is due, the part of the questions and
 * of the history that they want, and whose access to a case waits for a connection.
 */

import { afterAll, beforeAll, expect, test } from "vitest";
import { filled, pressIn } from "./casework-acts.ts";
import { phone, useCaseworkBrowser, type Person } from "./casework-browser.ts";
import { problemsOf } from "./casework-looks.ts";
import { makePapers, paperCode, told } from "./casework-papers.ts";

const papers = makePapers("en");
const casework = useCaseworkBrowser(papers.seed);
let supervisor: Person, caseworker: Person;
beforeAll(async () => {
  const signIn = async (role: "supervisor" | "caseworker"): Promise<Person> => {
    const person = await casework.person("en", { viewport: phone });
    await papers.signIn(casework, person, role, "en");
    return person;
  };
  [supervisor, caseworker] = [await signIn("supervisor"), await signIn("caseworker")];
});
afterAll(() => Promise.all([supervisor, caseworker].map(({ context }) => context.close())));

const openCase = async (person: Person, section: string): Promise<void> => {
  await person.go("cases");
  await person.page.locator(".case-row").filter({ hasText: paperCode }).click();
  await person.settled();
  await person.section(section);
};

const isInSight = (person: Person, selector: string): Promise<boolean> =>
  person.page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });

/** Its words and nothing more. */
const focused = (person: Person): Promise<string> =>
  person.page.evaluate(() => document.activeElement?.textContent.trim() ?? "");

test("a referral that is due names its provider, under Today, in the case and for the supervisor", async () => {
  const { page, word } = caseworker;
  const unanswered = `${word("due.referral-unanswered")}: ${told.en.clinic}`;
  await page.locator(".due-what").filter({ hasText: unanswered }).first().waitFor();
  await openCase(caseworker, "now");
  await page.locator(".due-what").filter({ hasText: unanswered }).waitFor();
  expect(
    await page.locator(".due-what bdi").filter({ hasText: told.en.clinic }).first().getAttribute("translate"),
  ).toBe("no");
  await supervisor.page.locator(".due-what").filter({ hasText: unanswered }).first().waitFor();
});

test("the parts of the questions are a list that leads to each and back, by the keyboard as well", async () => {
  const { page, word } = caseworker;
  await openCase(caseworker, "questions");
  const parts = page.locator(".parts");
  const ways = parts.locator("[data-part]");
  const names = await ways.allTextContents();
  expect(names).toEqual(await page.locator(".section .block h3").allTextContents());
  const last = names.at(-1) ?? "";
  await ways.last().focus();
  await page.keyboard.press("Enter");
  expect(await focused(caseworker)).toBe(last);
  expect(await isInSight(caseworker, `.section .block:last-of-type h3`)).toBe(true);
  await caseworker.page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.classList.contains("fact"))).toBe(true);
  await page
    .getByRole("button", { name: word("questions.toParts") })
    .last()
    .click();
  expect(await page.evaluate(() => document.activeElement?.classList.contains("parts"))).toBe(true);
  expect(await isInSight(caseworker, ".parts")).toBe(true);
});

test("whoever wants only what is still to be asked sees that and no more, and what is being answered stays", async () => {
  const { page, word } = caseworker;
  const all = await page.locator("button.fact").count();
  const asked = await page.locator(".facts li.asked").count();
  expect([asked > 0, asked < all]).toEqual([true, true]);
  const chosen = page
    .locator(".parts")
    .getByRole("button", { name: filled(caseworker, "en", "questions.asked", { count: asked }) });
  await chosen.click();
  await expect.poll(() => page.locator("button.fact").count()).toBe(asked);
  expect(await chosen.getAttribute("aria-pressed")).toBe("true");
  await page.locator("button.fact").first().click();
  await page.locator(".question").waitFor();
  await page.getByRole("button", { name: word("form.cancel") }).click();
  expect(await page.evaluate(() => document.activeElement?.classList.contains("fact"))).toBe(true);
  expect(await problemsOf(caseworker, "questions still to ask", true)).toEqual([]);
  await page.setViewportSize(phone);
});

test("the history is narrowed to one person and one part of the case, says how much that is, and hides nothing for good", async () => {
  const { page, word } = caseworker;
  await openCase(caseworker, "history");
  const entries = page.locator("ol.history").first().locator("> li");
  const all = await entries.count();
  expect(all).toBeGreaterThan(30);
  const says = (count: number) =>
    page.getByRole("status").filter({ hasText: filled(caseworker, "en", "history.count", { count }) });
  await says(all).waitFor();
  await page.getByLabel(word("history.what")).selectOption("notes");
  await says(1).waitFor();
  expect(await entries.locator(".history-what").allTextContents()).toEqual([word("event.NoteWritten")]);
  await page.getByLabel(word("history.what")).selectOption("questions");
  await caseworker.settled();
  const questions = await entries.count();
  expect([questions > 1, questions < all]).toEqual([true, true]);
  expect(new Set(await entries.locator(".history-what").allTextContents())).toEqual(
    new Set([word("event.FactRecorded")]),
  );
  await page.getByLabel(word("history.who")).selectOption({ index: 1 });
  await says(questions).waitFor();
  expect(await problemsOf(caseworker, "history of one person", true)).toEqual([]);
  await page.setViewportSize(phone);
  await page.getByLabel(word("history.what")).selectOption("");
  await page.getByLabel(word("history.who")).selectOption("");
  await says(all).waitFor();
});

test("whose access to a case waits for a connection is counted with what is not sent, and shown with who still reads", async () => {
  const { page, word, context } = supervisor;
  await openCase(supervisor, "people");
  const sent = page.locator(".sync").filter({ hasText: word("sync.sent") });
  await sent.waitFor();
  await context.setOffline(true);
  const offline = (count: number) =>
    page.locator(".sync").filter({ hasText: filled(supervisor, "en", "sync.unsentOffline", { count }) });
  await page.locator(".options .button").filter({ hasText: "Omar" }).first().click();
  await supervisor.press("form.yes");
  await offline(1).waitFor();
  await supervisor.go("today");
  const waiting = page.locator(".card").filter({ hasText: word("access.what.give") });
  await waiting.filter({ hasText: "Omar" }).filter({ hasText: paperCode }).waitFor();
  expect(await problemsOf(supervisor, "access that waits", true)).toEqual([]);
  await page.setViewportSize(phone);
  await context.setOffline(false);
  await supervisor.sync();
  await waiting.waitFor({ state: "detached" });

  await openCase(supervisor, "people");
  await page
    .locator(".card")
    .filter({ hasText: "Omar" })
    .getByRole("button", { name: word("access.take") })
    .waitFor();
  await context.setOffline(true);
  await pressIn(supervisor, page.locator(".card").filter({ hasText: "Omar" }), "access.take");
  await supervisor.press("form.yes");
  await offline(1).waitFor();
  await supervisor.go("supervise");
  const removal = page.locator(".card.urgent").filter({ hasText: word("access.what.take") });
  await removal.getByText(/Omar.*still reads/).waitFor();
  await removal.getByRole("button", { name: paperCode }).click();
  await page
    .locator("#section-title")
    .filter({ hasText: word("section.people") })
    .waitFor();
  await context.setOffline(false);
  await supervisor.sync();
  await sent.waitFor();
});
