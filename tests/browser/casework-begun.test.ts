/** What was typed and not saved: it survives every way in which a screen goes away, and nobody reads it meanwhile. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { keepEveryMilliseconds } from "../../apps/casework/src/forms/keeper.ts";
import { lockAtLastKey } from "./casework-acts.ts";
import { makeTeam, openCase, useCaseworkBrowser, type Person } from "./casework-browser.ts";
import { act, answer, sayWhose } from "./casework-forms.ts";
import { heldBackCount, holdBack, letGo } from "./casework-calls.ts";

const casework = useCaseworkBrowser();
const sentence = "She called from her aunt's house, in a whisper.";

let team: Awaited<ReturnType<typeof makeTeam>>;
beforeAll(async () => {
  team = await makeTeam(casework, "en");
});
afterAll(async () => {
  await team.supervisor.context.close();
  await team.caseworker.context.close();
});

/** A note is begun in a new case, and not saved. */
const beginNote = async (): Promise<{ readonly caseworker: Person; readonly code: string }> => {
  const { caseworker } = team;
  await startAnew();
  const code = await openCase(caseworker, "Dilnaz");
  await caseworker.section("notes");
  await caseworker.press("act.WriteNote");
  const before = await recordIn(caseworker);
  await caseworker.page.getByLabel(caseworker.word("field.about")).selectOption("safety");
  await expect.poll(() => recordIn(caseworker)).not.toBe(before);
  return { caseworker, code };
};

/** As it is when the caseworker comes in the morning. */
const startAnew = async (): Promise<void> => {
  await team.caseworker.page.goto(`${casework.served().origin}/app/`);
  await unlock(team.caseworker);
};

/** Typed, and kept a moment later. */
const typeAndWait = async (person: Person): Promise<void> => {
  const before = await recordIn(person);
  await person.fill("field.text", sentence);
  await expect.poll(() => recordIn(person)).not.toBe(before);
};

const unlock = async ({ page, press }: Person, password = team.password): Promise<void> => {
  await page.locator("#password").fill(password);
  await press("unlock.unlock");
  await page.locator(".head").waitFor();
};

/** Everything the browser keeps for the app. */
const storedIn = (person: Person): Promise<readonly { readonly name: string; readonly value: string }[]> =>
  person.page.evaluate(async () => {
    const open = indexedDB.open("notes");
    const database = await new Promise<IDBDatabase>((resolve) => {
      open.onsuccess = () => resolve(open.result);
    });
    const store = database.transaction("pages").objectStore("pages");
    const answers = [store.getAllKeys(), store.getAll()].map(
      (request) =>
        new Promise<unknown[]>((resolve) => {
          request.onsuccess = () => resolve(request.result);
        }),
    );
    const [names = [], values = []] = await Promise.all(answers);
    database.close();
    const decoder = new TextDecoder("latin1");
    return names.map((name, place) => ({ name: String(name), value: decoder.decode(values[place] as Uint8Array) }));
  });

/** The sealed record of what was begun, which is another with each writing; empty where there is none. */
const recordIn = async (person: Person): Promise<string> => {
  const stored = await storedIn(person);
  return stored.find(({ name }) => name === "record/form-drafts")?.value ?? "";
};

const goOn = async (person: Person, code: string): Promise<void> => {
  const list = person.page.locator(".block", { hasText: person.word("begun.list") });
  const card = list.locator(".card", { hasText: code });
  await card.getByRole("button", { name: person.word("begun.goOn") }).click();
  await expect.poll(() => person.page.getByLabel(person.word("field.text")).inputValue()).toBe(sentence);
  expect(await person.page.getByLabel(person.word("field.about")).inputValue()).toBe("safety");
};

test("what was typed is there again after locking by hand, is saved once, and is then offered no more", async () => {
  const { caseworker, code } = await beginNote();
  await caseworker.fill("field.text", sentence);
  await lockAtLastKey(caseworker);
  await caseworker.page.locator("#password").waitFor();
  expect(JSON.stringify(await storedIn(caseworker))).not.toContain("whisper");
  await unlock(caseworker);
  await goOn(caseworker, code);
  await caseworker.press("form.save");
  await caseworker.page.locator(".card", { hasText: sentence }).waitFor();
  // With the form goes what was kept of it.
  await caseworker.page.locator("form.panel").waitFor({ state: "detached" });
  await caseworker.go("today");
  await caseworker.settled();
  expect(await caseworker.page.getByText(caseworker.word("begun.list")).count()).toBe(0);
  expect(await recordIn(caseworker)).toBe("");
});

test("what was typed is there again after leaving in haste: leaving itself has nothing left to do", async () => {
  const { caseworker, code } = await beginNote();
  await typeAndWait(caseworker);
  await caseworker.page.click("#exit");
  await caseworker.page.waitForURL((address) => address.origin !== casework.served().origin);
  await caseworker.page.goto(`${casework.served().origin}/app/`);
  await unlock(caseworker);
  await goOn(caseworker, code);
});

test("the last words are kept as the page goes out of sight, before its clock is stopped", async () => {
  const { caseworker, code } = await beginNote();
  // Until nothing is kept any more; then, as in a page left behind for the telephone, no time passes.
  await caseworker.settled();
  await caseworker.page.waitForTimeout(2 * keepEveryMilliseconds);
  await caseworker.page.evaluate((keepEvery) => {
    const goOn = window.setTimeout.bind(window);
    const stopped = (run: () => void, milliseconds = 0): number =>
      milliseconds === keepEvery ? 0 : goOn(run, milliseconds);
    Object.assign(window, { setTimeout: stopped });
  }, keepEveryMilliseconds);
  const first = await recordIn(caseworker);
  await caseworker.fill("field.text", "She called");
  await expect.poll(() => recordIn(caseworker)).not.toBe(first);
  const before = await recordIn(caseworker);
  await caseworker.fill("field.text", sentence);
  await caseworker.page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect.poll(() => recordIn(caseworker)).not.toBe(before);
  await startAnew();
  await goOn(caseworker, code);
});

test("what was typed is there again after the screen has locked by itself", async () => {
  const { caseworker, code } = await beginNote();
  await typeAndWait(caseworker);
  // Five minutes pass on the clock that the page looks at; it looks whenever somebody comes back to it.
  await caseworker.page.evaluate(() => {
    const later = Date.now() + 5 * 60_000;
    Date.now = () => later;
    dispatchEvent(new Event("focus"));
  });
  await unlock(caseworker);
  await goOn(caseworker, code);
});

test("whoever opens the form again is asked first, and throwing away is asked twice", async () => {
  const { caseworker, code } = await beginNote();
  const { page, press, word } = caseworker;
  await press("frame.lock");
  await unlock(caseworker);
  await caseworker.go("cases");
  await page.getByText(code).click();
  await caseworker.section("notes");
  await press("act.WriteNote");
  await page.getByRole("heading", { name: word("begun.title") }).waitFor();
  expect(await page.getByLabel(word("field.text")).count()).toBe(0);
  const before = await recordIn(caseworker);
  await press("begun.throw");
  await press("begun.throwSure");
  expect(await page.getByLabel(word("field.text")).inputValue()).toBe("");
  expect(await recordIn(caseworker)).not.toBe(before);
});

/** A case that presses, and a decision that it asks a second person for. */
const openPressing = async (caseworker: Person): Promise<string> => {
  const { press, choose, fill, page } = caseworker;
  const code = await openCase(caseworker, "Rewan");
  await caseworker.section("assessment");
  await press("act.RaiseRisk");
  await choose("field.level", "option.level.high");
  await fill("field.because", "He knows the house.");
  await press("form.save");
  await page.locator(".case-head .bricks.high").waitFor();
  await press("act.ProposeLowerRisk");
  await choose("field.level", "option.level.medium");
  await fill("field.because", "She is with her aunt now.");
  await press("form.save");
  await press("form.yes");
  await page.locator(".card", { hasText: "with her aunt" }).waitFor();
  await caseworker.sync();
  return code;
};

/** Types something into each form that a supervisor has outside of the sections of a case. */
const beginOutside = async (supervisor: Person, code: string): Promise<void> => {
  const { page, press, word } = supervisor;
  await supervisor.go("directory");
  await press("directory.add");
  await page.locator("#name-en").fill("The Light Centre");
  await supervisor.go("team");
  await press("teams.form");
  await page.locator("#team-name").fill("The night shift");
  await supervisor.button("team.nameGive").first().click();
  await page.locator(".new-name").fill("Nasrin of Halabja");
  await supervisor.go("supervise");
  const handOver = page
    .locator(".card", { hasText: code })
    .getByRole("button", { name: word("act.OfferResponsibility") });
  await expect.poll(() => supervisor.sync().then(() => handOver.count())).toBe(1);
  await handOver.click();
  await page.locator("#reassign-because").fill(sentence);
  await press("act.RefuseApproval");
  await page.locator("form.panel textarea").fill(sentence);
  await press("cover.arrange");
  await page
    .getByRole("group", { name: word("field.absent") })
    .getByRole("radio")
    .first()
    .check();
};

/** The form's name on the list, the field that was filled in, and what it holds. */
const outside = [
  ["directory.add", "#name-en", "The Light Centre"],
  ["act.OfferResponsibility", "#reassign-because", sentence],
  ["act.RefuseApproval", "form.panel textarea", sentence],
  ["cover.arrange", "form.panel input:checked", /./],
  ["team.nameGive", ".new-name", "Nasrin of Halabja"],
  ["teams.form", "#team-name", "The night shift"],
] as const;

test("what a supervisor had begun outside of a case is there again: provider, team, name, handing over, decision, cover", async () => {
  const { supervisor, caseworker } = team;
  const { page, press, word } = supervisor;
  await startAnew();
  const code = await openPressing(caseworker);
  await beginOutside(supervisor, code);
  await lockAtLastKey(supervisor);
  await unlock(supervisor, team.supervisorPassword);
  const cards = page.locator(".block", { hasText: word("begun.list") }).locator(".card");
  for (const [name, field, content] of outside) {
    await supervisor.go("today");
    await cards
      .filter({ has: page.getByRole("heading", { name: word(name) }) })
      .getByRole("button", { name: word("begun.goOn") })
      .click();
    await expect.poll(() => page.locator(field).first().inputValue(), { message: name }).toMatch(content);
  }
  // Whoever types on after being asked has decided to stay.
  await press("form.cancel");
  await page.getByText(word("form.lose")).waitFor();
  await page.locator("#team-name").fill("The night shift of Halabja");
  await page.getByText(word("form.lose")).waitFor({ state: "detached" });
  // Saved or left by choice, a form is offered no more; the others are.
  await press("form.cancel");
  await press("form.loseYes");
  await supervisor.go("supervise");
  await press("act.RefuseApproval");
  await press("begun.goOn");
  await page.locator("form.panel button[type=submit]").click();
  await page.getByText(word("approvals.empty")).waitFor();
  await supervisor.go("today");
  await expect.poll(() => cards.count()).toBe(outside.length - 2);
  expect(supervisor.complaints).toEqual([]);
});

test("what a supervisor writes about one case stays open while another is handed over, or decided and goes from the list", async () => {
  const { supervisor, caseworker } = team;
  const { page, button, word } = supervisor;
  await startAnew();
  const codes = [await openPressing(caseworker), await openPressing(caseworker)];
  await supervisor.sync();
  await supervisor.go("supervise");
  const [handOver, handOverOther] = codes.map((code) =>
    page.locator(".card", { hasText: code }).getByRole("button", { name: word("act.OfferResponsibility") }),
  );
  await handOver?.click();
  await page.locator("#reassign-to").selectOption({ index: 1 });
  await page.locator("#reassign-because").fill("She lives in her part of the town.");
  await holdBack(page, "reassign");
  await supervisor.press("supervise.ask");
  await expect.poll(() => heldBackCount(page)).toBe(1);
  await handOverOther?.click();
  await page.locator("#reassign-because").fill(sentence);
  await letGo(page);
  await page.getByText(word("supervise.asked")).waitFor();
  expect(await page.locator("#reassign-because").inputValue()).toBe(sentence);
  await supervisor.press("form.cancel");
  await supervisor.press("form.loseYes");

  const refuse = button("act.RefuseApproval");
  await expect.poll(() => refuse.count()).toBe(2);
  await refuse.last().click();
  const reason = page.locator("form.panel textarea");
  await reason.fill(sentence);
  await button("act.Approve").first().click();
  await expect.poll(() => page.locator("form.panel").count()).toBe(2);
  await page.locator("form.panel").first().locator("button[type=submit]").click();
  await page.getByText(word("event.ApprovalGiven")).waitFor();
  await expect.poll(() => page.locator("form.panel").count()).toBe(1);
  expect(await reason.inputValue()).toBe(sentence);
  await page.locator("form.panel button[type=submit]").click();
  await page.getByText(word("approvals.empty")).waitFor();
});

test("what is written about something that is sent meanwhile stays open, and is there again after a lock", async () => {
  const { caseworker } = team;
  const { context, page, press, choose, fill, word } = caseworker;
  await startAnew();
  const code = await openCase(caseworker, "Hawar");
  await caseworker.sync();
  await caseworker.section("questions");
  await answer(caseworker, "en", "immediate-danger", "yes");
  await caseworker.section("safety");
  await context.setOffline(true);
  await act(caseworker, "ActInEmergency", {
    choose: { act: "emergency-call", personTold: "told" },
    write: { because: "He is at the door." },
  });
  await press("act.RecordEmergencyFollowUp");
  await choose("field.help", "option.help.awaited");
  await fill("field.text", sentence);
  await context.setOffline(false);
  await caseworker.sync();
  expect(await page.getByLabel(word("field.text")).inputValue()).toBe(sentence);
  await lockAtLastKey(caseworker);
  await unlock(caseworker);
  const begun = page.locator(".block", { hasText: word("begun.list") }).locator(".card", { hasText: code });
  await begun.getByRole("button", { name: word("begun.goOn") }).click();
  await expect.poll(() => page.getByLabel(word("field.text")).inputValue()).toBe(sentence);
  await press("form.save");
  await page.locator(".card", { hasText: sentence }).waitFor();
  expect(caseworker.complaints).toEqual([]);
});

test("what is opened while the last word is still being read stays open, and whoever types in it is not sent away", async () => {
  const { caseworker } = team;
  const { page, press, word } = caseworker;
  await startAnew();
  await openCase(caseworker, "Shnyar");
  await caseworker.section("questions");
  await sayWhose(caseworker);
  const questions = page.locator("button.fact");
  await questions.first().click();
  await holdBack(page, "readCase");
  await page.locator(".question .choose").first().click();
  await expect.poll(() => heldBackCount(page)).toBeGreaterThan(0);
  await questions.last().click();
  const asked = await page.locator(".question h4").last().innerText();
  await letGo(page);
  await caseworker.settled();
  expect(await page.locator(".question h4").allInnerTexts()).toEqual([asked]);

  await caseworker.section("services");
  const lines = page.locator(".row");
  const begin = (line: number): Promise<void> =>
    lines
      .nth(line)
      .getByRole("button", { name: word("act.RecordServiceNeed"), exact: true })
      .click();
  await begin(0);
  await caseworker.choose("field.need", "option.needed");
  await holdBack(page, "readCase");
  await press("form.save");
  await expect.poll(() => heldBackCount(page)).toBeGreaterThan(0);
  await begin(1);
  const second = lines.nth(1).getByLabel(word("field.text"));
  await second.pressSequentially("A room");
  await letGo(page);
  await lines.first().locator("form.panel").waitFor({ state: "detached" });
  await caseworker.settled();
  await page.keyboard.type(" for two nights.");
  expect(await second.inputValue()).toBe("A room for two nights.");
  await press("form.cancel");
  await press("form.loseYes");
});

test("what comes while a finger is down moves nothing away from under it: the press opens what was pressed", async () => {
  const { caseworker } = await beginNote();
  const { page } = caseworker;
  await typeAndWait(caseworker);
  await caseworker.go("cases");
  // What was begun stands above what is due, and is read after it.
  await holdBack(page, "formDrafts");
  await caseworker.go("today");
  // Of many cases the first stand there.
  const first = page.locator(".due-cases > li").first();
  const due = first.locator(".due-way").first();
  await due.waitFor();
  const code = await first.locator(".code").innerText();
  const { left, top } = await due.evaluate((found) => {
    found.scrollIntoView({ block: "center" });
    return found.getBoundingClientRect();
  });
  await page.mouse.move(left + 20, top + 10);
  await page.mouse.down();
  await letGo(page);
  await page.waitForTimeout(300);
  await page.mouse.up();
  await page.getByRole("heading", { level: 1, name: code }).waitFor();
});

test("a new case that was begun goes on where it was", async () => {
  const { caseworker } = team;
  await startAnew();
  const { page, press, word } = caseworker;
  await caseworker.go("new-case");
  await caseworker.fill("newCase.searchLabel", "Dilnaz");
  await press("newCase.searchDo");
  await press("newCase.go");
  await caseworker.fill("field.nameToUse", "the tailor");
  await lockAtLastKey(caseworker);
  await unlock(caseworker);
  await page
    .locator(".card", { hasText: word("screen.new-case") })
    .getByRole("button", { name: word("begun.goOn") })
    .click();
  await page.getByRole("heading", { name: word("newCase.contactTitle") }).waitFor();
  expect(await page.getByLabel(word("field.nameToUse")).inputValue()).toBe("the tailor");
});
