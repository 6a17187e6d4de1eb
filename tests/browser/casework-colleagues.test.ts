/** Colleagues over the real server: two who answer differently without knowing of each other, and one who leaves. */

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { begin, makeTeam, openCase, phone, useCaseworkBrowser, wordsShown, type Person } from "./casework-browser.ts";
import { lockAtLastKey } from "./casework-acts.ts";
import { act, sayWhose } from "./casework-forms.ts";

const casework = useCaseworkBrowser();
let team: Awaited<ReturnType<typeof makeTeam>>;
const people: Person[] = [];
beforeAll(async () => {
  team = await makeTeam(casework, "en");
  people.push(team.supervisor, team.caseworker);
});
afterAll(() => Promise.all(people.map(({ context }) => context.close())));

const open = async (person: Person, code: string, section: string): Promise<void> => {
  await person.go("cases");
  await person.page.getByText(code).click();
  await person.section(section);
};

const writeNote = async (person: Person, text: string): Promise<void> => {
  await person.section("notes");
  await person.press("act.WriteNote");
  await person.page.getByLabel(person.word("field.about")).selectOption("case");
  await person.fill("field.text", text);
  await person.press("form.save");
  await person.page.locator(".card", { hasText: text }).waitFor();
};

/** Of each telephone number in what somebody wrote, its digits as the eye meets them from left to right, line by line. */
const numbersSeen = (written: Locator): Promise<readonly string[]> =>
  written.evaluate((element) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const digits: { readonly digit: string; readonly left: number; readonly top: number }[] = [];
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode())
      for (const { 0: digit, index } of (text.textContent ?? "").matchAll(/\p{Nd}/gu)) {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + 1);
        const { left, top } = range.getBoundingClientRect();
        digits.push({ digit, left, top: Math.round(top) });
      }
    const tops = [...new Set(digits.map(({ top }) => top))].sort((one, other) => one - other);
    return tops.map((line) =>
      digits
        .filter(({ top }) => top === line)
        .sort((one, other) => one.left - other.left)
        .map(({ digit }) => digit)
        .join(""),
    );
  });

test("a telephone number in a line from right to left is read as it was written, in whatever digits, and is not broken over two lines", async () => {
  const { caseworker } = team;
  await openCase(caseworker, "Sakar");
  for (const [number, digits] of [
    ["0750 111 2233", "07501112233"],
    ["0750-111-2233", "07501112233"],
    ["٠٧٥٠ ١١١ ٢٢٣٣", "٠٧٥٠١١١٢٢٣٣"],
  ] as const) {
    const text = `تەنیا پەیوەندی بە خوشکی گەورەی بکە لەسەر ${number} دوای نیوەڕۆ`;
    await writeNote(caseworker, text);
    const written = caseworker.page.locator(".card .written", { hasText: number });
    expect(await numbersSeen(written)).toEqual([digits]);
  }
});

test("a telephone number that is being typed is read as it is typed: alone in its field, and named beneath where words from right to left stand around it", async () => {
  const { page, word, section, press } = team.caseworker;
  await openCase(team.caseworker, "Awaz");
  await section("person");
  await press("act.AgreeSafeContact");
  const reach = page.getByLabel(word("field.reach"));
  for (const number of ["0750 111 2233", "٠٧٥٠ ١١١ ٢٢٣٣"]) {
    await reach.fill(number);
    // Whoever presses between its first two digits is there, and nowhere else.
    const place = await reach.evaluate((field) => {
      const style = getComputedStyle(field);
      const pen = document.createElement("canvas").getContext("2d");
      if (pen === null || !(field instanceof HTMLInputElement)) throw new Error("There is nothing to measure with.");
      pen.font = style.font;
      const { left, top, height } = field.getBoundingClientRect();
      const start = left + parseFloat(style.borderLeftWidth) + parseFloat(style.paddingLeft);
      return { x: start + pen.measureText(field.value.slice(0, 1)).width, y: top + height / 2 };
    });
    await page.mouse.click(place.x, place.y);
    const caret = await reach.evaluate((field) => (field instanceof HTMLInputElement ? field.selectionStart : null));
    expect([number, caret]).toEqual([number, 1]);
  }
  await page.getByLabel(word("field.when")).fill("14:00");
  const text = "تەنیا بە خوشکی بڵێ، ٠٧٥٠ ١١١ ٢٢٣٣ دوای نیوەڕۆ";
  await page.getByLabel(word("field.mustNotKnow")).fill(text);
  const named = page.locator("form .hint.written");
  expect(await named.count()).toBe(1);
  expect(await numbersSeen(named)).toEqual(["٠٧٥٠١١١٢٢٣٣"]);
  expect(await page.getByLabel(word("field.mustNotKnow")).inputValue()).toBe(text);
  await press("form.cancel");
  await press("form.loseYes");
});

/** The question that the pathway asks first; whoever is offline answers it too. */
const answerFirst = async (person: Person, answer: string): Promise<string> => {
  const { page, word } = person;
  await sayWhose(person);
  const question = page.locator(".question").first();
  const asked = (await question.locator("h4").textContent()) ?? "";
  await question.getByRole("button", { name: word(answer), exact: true }).click();
  await expect.poll(async () => page.locator(".question h4", { hasText: asked }).count()).toBe(0);
  return asked;
};

test("two answers that did not know of each other are both shown, and a person settles it", async () => {
  const { supervisor, caseworker } = team;
  const code = await openCase(caseworker, "Dilnaz");
  await caseworker.sync();
  await supervisor.sync();
  await open(supervisor, code, "now");
  await caseworker.context.setOffline(true);
  const asked = await answerFirst(caseworker, "common.yes");
  expect(await answerFirst(supervisor, "common.no")).toBe(asked);
  await supervisor.sync();
  await caseworker.context.setOffline(false);
  await caseworker.sync();
  await supervisor.sync();

  for (const person of [supervisor, caseworker]) {
    await person.section("questions");
    await person.page.locator("li.disagree .fact", { hasText: asked }).click();
    await person.page.getByText(person.word("question.disagree")).waitFor();
    const said = person.page.locator(".question .why li");
    expect(await said.count()).toBe(2);
    const both = (await said.allTextContents()).join(" ");
    expect(both).toContain(person.word("common.yes"));
    expect(both).toContain(person.word("common.no"));
  }
  const { page, press, word } = supervisor;
  await page
    .locator(".question")
    .getByRole("button", { name: word("common.no"), exact: true })
    .click();
  await page.locator(".question textarea").fill("She has said it again herself: she is with her aunt.");
  await press("form.save");
  await expect.poll(async () => page.locator("li.disagree").count()).toBe(0);
  await supervisor.sync();
  await caseworker.sync();
  await expect.poll(async () => caseworker.page.locator("li.disagree").count()).toBe(0);
  await caseworker.section("now");
});

test("what somebody writes stays open where a colleague says the same thing first, and she is told before she saves, also after a lock", async () => {
  const { supervisor, caseworker } = team;
  const { page, press, word } = supervisor;
  const code = await openCase(caseworker, "Nergiz");
  await caseworker.section("assessment");
  await act(caseworker, "RecordIncident", { choose: { incidentType: "emotional_abuse" } });
  await caseworker.section("follow-up");
  await act(caseworker, "PlanFollowUp", { write: { about: "Whether the page is gone." } });
  await caseworker.sync();
  await supervisor.sync();
  const age = page.getByLabel(word("field.ageAtIncident"));
  const told = page.getByText(word("form.changedSince"));

  await open(supervisor, code, "assessment");
  await press("act.RecordIncident.change");
  await age.fill("31");
  await caseworker.section("assessment");
  await act(caseworker, "RecordIncident.change", { write: { ageAtIncident: "30" } });
  await caseworker.sync();
  expect(await told.count()).toBe(0);
  await supervisor.sync();
  await page.locator(".card dd").getByText("30", { exact: true }).waitFor();
  expect(await age.inputValue()).toBe("31");
  await told.waitFor();
  await lockAtLastKey(supervisor);
  await page.locator("#password").fill(team.supervisorPassword);
  await press("unlock.unlock");
  await press("begun.goOn");
  await told.waitFor();
  expect(await age.inputValue()).toBe("31");
  await press("form.save");
  await page.locator(".card dd").getByText("31", { exact: true }).waitFor();
  await page.locator("form.panel").waitFor({ state: "detached" });

  await supervisor.section("follow-up");
  await press("act.RecordMissedFollowUp");
  await supervisor.fill("field.because", "Her telephone was off.");
  await caseworker.section("follow-up");
  await act(caseworker, "RecordFollowUp");
  await caseworker.sync();
  await supervisor.sync();
  await page.locator(".card", { hasText: word("mark.done") }).waitFor();
  expect(await page.getByLabel(word("field.because")).inputValue()).toBe("Her telephone was off.");
  await told.waitFor();
  await press("form.cancel");
  await press("form.loseYes");
  expect(supervisor.complaints).toEqual([]);
});

/** Of what is due, by code and words: what the middle of each place on the screen presses, the moment something there has changed. */
const pressesOnceMoved = (page: Page): Promise<readonly { readonly isOwn: boolean; readonly wasAnothers: boolean }[]> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const all = (): readonly Element[] => [...document.querySelectorAll("main .due-way")];
        const before = all().map((element) => ({ element, place: element.getBoundingClientRect() }));
        const observer = new MutationObserver(() => {
          const presses = all().map((element) => {
            const { left, top, width, height } = element.getBoundingClientRect();
            const [x, y] = [left + width / 2, top + height / 2];
            const isIn = ({ place }: (typeof before)[number]): boolean =>
              x > place.left && x < place.right && y > place.top + 10 && y < place.bottom - 10;
            return {
              isOwn: document.elementFromPoint(x, y)?.closest("button") === element,
              wasAnothers: before.some((each) => each.element !== element && isIn(each)),
              isOnScreen: y > 0 && y < window.innerHeight,
            };
          });
          if (!presses.some(({ wasAnothers }) => wasAnothers)) return;
          observer.disconnect();
          resolve(presses.filter(({ isOnScreen }) => isOnScreen));
        });
        const main = document.querySelector("main");
        if (main !== null) observer.observe(main, { childList: true, subtree: true, characterData: true });
      }),
  );

test("a colleague's news that moves what is due lets nobody press another case than they meant, and leaves the keyboard where it was", async () => {
  const { supervisor, caseworker } = team;
  const { page } = supervisor;
  const other = await openCase(caseworker, "Tara");
  const code = await openCase(caseworker, "Shno");
  await caseworker.section("assessment");
  await act(caseworker, "RaiseRisk", { choose: { level: "medium" }, write: { because: "He writes every day." } });
  await caseworker.sync();
  await supervisor.sync();
  await supervisor.go("today");
  const items = page.locator(".due-cases > li", { hasText: code }).locator(".due-way");
  const before = await items.allInnerTexts();
  await items.last().evaluate((element) => {
    element.id = "meant";
    element.focus();
  });
  await caseworker.section("follow-up");
  await act(caseworker, "PlanFollowUp", { write: { about: "Whether he has stopped." } });
  await open(caseworker, other, "assessment");
  await act(caseworker, "RaiseRisk", { choose: { level: "high" }, write: { because: "He is on his way." } });
  await caseworker.sync();
  const moved = pressesOnceMoved(page);
  // Not by a press, which would take the focus there.
  await page.evaluate(() => document.querySelector<HTMLElement>(".sync")?.click());
  const presses = await moved;
  expect(presses.filter(({ isOwn, wasAnothers }) => isOwn && wasAnothers)).toEqual([]);
  await page.locator(".due-cases > li", { hasText: other }).locator(".high").first().waitFor();
  expect(await items.count()).toBeGreaterThan(before.length);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("meant");
  // Once there was time to see it, it is pressed as ever.
  await items.first().click();
  await page.getByRole("heading", { level: 1, name: code }).waitFor();
});

test("nobody's word is written down by not looking: answers wait until it is said who tells them, and each shows whose it is", async () => {
  const { caseworker } = team;
  const { page, word } = caseworker;
  const code = await openCase(caseworker, "Hana");
  const answers = page.locator(".question .choose");
  await answers.first().waitFor();
  expect(await answers.evaluateAll((all) => all.filter((one) => !one.matches(":disabled")).length)).toBe(0);
  await page.getByText(word("question.who")).first().waitFor();
  await sayWhose(caseworker, "guardian");
  const asked = await answerFirst(caseworker, "common.yes");
  await caseworker.section("questions");
  const saved = page.locator(".fact", { hasText: asked });
  expect(await saved.locator(".whose").textContent()).toBe(word("option.saidBy.guardian"));
  // The same talk, with somebody else in it.
  await page.locator(".said-by select").first().selectOption("survivor");
  await saved.click();
  expect(await page.locator(".question .said-by select").inputValue()).toBe("survivor");
  await page
    .locator(".question")
    .getByRole("button", { name: word("common.yes"), exact: true })
    .click();
  await expect.poll(() => saved.locator(".whose").textContent()).toBe(word("option.saidBy.survivor"));
  // Another time is another talk.
  await open(caseworker, code, "questions");
  await page.locator(".speaker").waitFor();
  expect(await page.locator(".said-by").count()).toBe(0);
});

test("a reason that tools share is said once above them, and each kind of service has a line, with everything that was said", async () => {
  const { caseworker } = team;
  const { page, word } = caseworker;
  await openCase(caseworker, "Hataw");
  await caseworker.section("content");
  const tools = page.locator(".section > .block").first();
  const closed = tools.locator("button.act:disabled");
  const count = await closed.count();
  expect(count).toBeGreaterThan(1);
  expect(await tools.locator(".why").count()).toBe(1);
  const id = await tools.locator(".why").getAttribute("id");
  const described = await closed.evaluateAll((all) => all.map((one) => one.getAttribute("aria-describedby") ?? ""));
  expect(described.filter((ids) => ids.split(" ").includes(id ?? "none"))).toHaveLength(count);
  await tools
    .getByRole("button", { name: word("case.reasonAbove") })
    .last()
    .click();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe(id);

  await caseworker.section("services");
  const lines = page.locator(".row");
  expect(await lines.count()).toBe(8);
  const shelter = lines.filter({ hasText: word("option.shelter") });
  await act(caseworker, "RecordServiceNeed", {
    within: shelter,
    choose: { need: "urgent" },
    write: { text: "A room for two nights." },
  });
  await shelter.getByText(word("option.urgent")).waitFor();
  await shelter.getByText("A room for two nights.").waitFor();
  await shelter.getByRole("button", { name: word("act.PrepareReferral"), exact: true }).waitFor();
});

test("somebody who has left keeps what they saw and reads nothing that is written afterwards", async () => {
  const { supervisor, caseworker } = team;
  await supervisor.go("today");
  await supervisor.go("team");
  await supervisor.press("team.inviteMake");
  const invitation = (await supervisor.page.locator(".made.long").textContent())?.trim() ?? "";
  const third = await casework.person("en", { viewport: phone });
  people.push(third);
  await begin(third, invitation, "en");
  const told = await wordsShown(third);
  await supervisor.press("team.look");
  await supervisor.page.locator(".six-words").waitFor();
  expect(await wordsShown(supervisor)).toEqual(told);
  await supervisor.press("team.same");
  await supervisor.page.locator(".card h3", { hasText: "3" }).last().waitFor();
  await third.press("begin.open");
  await third.page.locator(".sync").waitFor();
  await third.sync();

  const code = await openCase(caseworker, "Runak");
  await writeNote(caseworker, "What everybody has seen.");
  await caseworker.sync();
  await caseworker.section("people");
  await caseworker.page
    .getByRole("button", { name: caseworker.word("access.giveTo").replace("{name}", "Colleague 3") })
    .click();
  // What was read cannot be made unread: it is asked once more, and whom it is about.
  await caseworker.page.getByText(caseworker.word("access.giveAgain").replace("{name}", "Colleague 3")).waitFor();
  await caseworker.press("form.yes");
  await caseworker.settled();
  await caseworker.sync();
  await third.sync();
  await open(third, code, "notes");
  await third.page.getByText("What everybody has seen.").waitFor();

  await supervisor.sync();
  await supervisor.go("team");
  const card = supervisor.page
    .locator(".card", { has: supervisor.page.locator("h3", { hasText: "Colleague 2" }) })
    .last();
  await card.getByRole("button", { name: supervisor.word("team.left"), exact: true }).click();
  await card.getByRole("button", { name: supervisor.word("form.yes"), exact: true }).click();
  await card.waitFor({ state: "detached" });
  await supervisor.sync();
  await open(supervisor, code, "notes");
  await writeNote(supervisor, "Written after they had left.");
  await supervisor.sync();
  await third.sync();
  await third.page.getByText("Written after they had left.").waitFor();

  // Whoever is served nothing more is signed out: the device locks, and opens what it holds with the password.
  await caseworker.page.evaluate(() => document.querySelector<HTMLElement>(".sync")?.click());
  await caseworker.page.getByText(caseworker.word("unlock.signedOut")).waitFor();
  await caseworker.page.locator("#password").fill(team.password);
  await caseworker.press("unlock.unlock");
  await caseworker.page.locator(".sync.stopped").waitFor();
  await open(caseworker, code, "notes");
  await caseworker.page.getByText("What everybody has seen.").waitFor();
  expect(await caseworker.page.getByText("Written after they had left.").count()).toBe(0);
});
