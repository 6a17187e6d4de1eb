/** One person's account over the real server: a second device, one that is lost, another password, and signing out everywhere. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSection, writeNote } from "./casework-acts.ts";
import { laptop, languages, makeTeam, openCase, useCaseworkBrowser, type Person } from "./casework-browser.ts";
import { problemsOf } from "./casework-looks.ts";
import { isLongRun } from "./guide-browser.ts";

const unlock = async (person: Person, password: string): Promise<void> => {
  await person.page.locator("#password").fill(password);
  await person.press("unlock.unlock");
};

const lock = async (person: Person): Promise<void> => {
  await person.press("frame.lock");
  await person.page.locator("#password").waitFor();
};

const devicesOf = async (person: Person): Promise<readonly string[]> => {
  await person.go("today");
  await person.go("settings");
  await person.press("settings.devicesShow");
  const cards = person.page.locator("section.block", { hasText: person.word("settings.devicesText") }).locator("h3");
  await cards.first().waitFor();
  return cards.allTextContents();
};

const stopped = async (person: Person): Promise<void> => {
  await person.page.locator(".sync").click();
  await person.page.locator(".sync.stopped").waitFor();
  await person.page.getByText(person.word("sync.stoppedText")).waitFor();
};

describe.each(isLongRun ? languages : (["en"] as const))("in %s", (language) => {
  const casework = useCaseworkBrowser();
  let team: Awaited<ReturnType<typeof makeTeam>>;
  let lost: Person;
  let code: string;
  const people: Person[] = [];
  const problems: string[] = [];
  beforeAll(async () => {
    team = await makeTeam(casework, language);
    lost = await casework.person(language);
    people.push(team.supervisor, team.caseworker, lost);
    await team.caseworker.page.setViewportSize(laptop);
    code = await openCase(team.caseworker, "Dilnaz");
    await team.caseworker.sync();
  });
  afterAll(() => Promise.all(people.map(({ context }) => context.close())));

  const open = (person: Person, section: string): Promise<void> => openSection(person, code, section);
  let newPassword: string;

  test("a further device is opened with the kit from the settings and the password, and shows the same cases", async () => {
    const { caseworker, password } = team;
    await caseworker.go("settings");
    await caseworker.press("kit.show");
    const digits = (await caseworker.page.locator(".kit .digits").textContent()) ?? "";
    await caseworker.press("kit.hide");
    expect(await caseworker.page.locator(".kit").count()).toBe(0);
    const { page, word, press } = lost;
    await page.goto(`${casework.served().origin}/app/`);
    await page.locator(".tongues button").nth(languages.indexOf(language)).click();
    await page.locator(".door", { hasText: word("enter.kit") }).click();
    await page.locator("#code").fill(digits);
    await page.locator("#own").fill("0000 0000 0000 0000");
    await press("begin.begin");
    await page.getByText(word("account.WrongKitOrPassword")).waitFor();
    await page.locator("#own").fill(password);
    await press("begin.begin");
    await page.getByText(word("begin.done")).waitFor();
    await press("begin.open");
    await page.locator(".sync").waitFor();
    await lost.sync();
    await open(lost, "notes");
    expect(await devicesOf(caseworker)).toEqual([
      caseworker.word("settings.thisDevice"),
      caseworker.word("settings.otherDevice"),
    ]);
  });

  test("a device that was lost locks itself once it is signed out, and gets nothing more once the password is another one", async () => {
    const { caseworker, supervisor, password } = team;
    await caseworker.press("settings.signOut");
    await expect
      .poll(() => caseworker.page.getByRole("heading", { name: caseworker.word("settings.otherDevice") }).count())
      .toBe(0);
    // Whoever holds it open holds it open no longer, and nothing but the password signs it in again.
    await lost.page.locator("#password").waitFor();
    await lost.page.getByText(lost.word("unlock.signedOut")).waitFor();
    problems.push(...(await problemsOf(lost, "signed out")));
    const change = caseworker.page.locator("details", { hasText: caseworker.word("settings.passwordNow") });
    await change.locator("summary").click();
    newPassword = (await change.locator(".made").textContent())?.trim() ?? "";
    await change.locator("#again").fill(newPassword);
    await change.locator("#before").fill(newPassword);
    const button = change.getByRole("button", { name: caseworker.word("settings.passwordChange"), exact: true });
    await button.click();
    // Typed while the wrong one is still tried.
    await change.locator("#before").fill(password);
    await caseworker.page.getByText(caseworker.word("account.WrongPassword")).waitFor();
    await button.click();
    await caseworker.page.getByText(caseworker.word("settings.passwordDone")).waitFor();

    await supervisor.sync();
    await writeNote(supervisor, code, "Written after the phone was lost.");
    await supervisor.sync();
    await caseworker.sync();
    await open(caseworker, "notes");
    await caseworker.page.getByText("Written after the phone was lost.").waitFor();
    // Whoever has it, and even the password before, opens what was there and gets nothing new.
    await unlock(lost, newPassword);
    await lost.page.getByText(lost.word("account.WrongPassword")).waitFor();
    await unlock(lost, password);
    await lost.page.locator(".sync").waitFor();
    await stopped(lost);
    await open(lost, "notes");
    expect(await lost.page.getByText("Written after the phone was lost.").count()).toBe(0);
  });

  test("the same device, found again, goes on once the new password is typed, and forgets the one before", async () => {
    const { password } = team;
    await lost.page
      .getByRole("button", { name: lost.word("screen.settings") })
      .last()
      .click();
    const take = lost.page.locator("details", { hasText: lost.word("settings.passwordElsewhereText") });
    await take.locator("summary").click();
    const button = take.getByRole("button", { name: lost.word("settings.passwordTake") });
    await take.locator("#taken").fill("0000 0000 0000 0000");
    await button.click();
    await take.locator("#taken").fill(newPassword);
    await lost.page.getByText(lost.word("account.WrongPassword")).waitFor();
    await button.click();
    await lost.page.getByText(lost.word("settings.passwordTaken")).waitFor();
    await lost.sync();
    await open(lost, "notes");
    await lost.page.getByText("Written after the phone was lost.").waitFor();
    await lock(lost);
    await unlock(lost, password);
    await lost.page.getByText(lost.word("account.WrongPassword")).waitFor();
    await unlock(lost, newPassword);
    await lost.page.locator(".sync").waitFor();
    await lost.sync();
  });

  test("signing out everywhere ends what every device may fetch, locks this one, and each goes on with its password", async () => {
    const { caseworker } = team;
    await lock(lost);
    expect(await devicesOf(caseworker)).toHaveLength(2);
    await caseworker.press("settings.signOutAll");
    await caseworker.page.getByText(caseworker.word("settings.signOutAllAgain")).waitFor();
    for (const key of ["settings.passwordChange", "settings.passwordElsewhere"])
      await caseworker.page.locator("summary", { hasText: caseworker.word(key) }).click();
    problems.push(...(await problemsOf(caseworker, "devices and password")));
    await caseworker.press("form.yes");
    await caseworker.page.locator("#password").waitFor();
    await unlock(caseworker, newPassword);
    await caseworker.page.locator(".sync").waitFor();
    await caseworker.sync();
    expect(await devicesOf(caseworker)).toEqual([caseworker.word("settings.thisDevice")]);
    await unlock(lost, newPassword);
    await lost.page.locator(".sync").waitFor();
    await lost.sync();
    expect(await devicesOf(caseworker)).toHaveLength(2);
    const complaints = people.flatMap((person) => person.complaints);
    expect(problems).toEqual([]);
    // The browser itself names each request that the server refused.
    expect(complaints.filter((each) => !/status of 401/.test(each))).toEqual([]);
  });
});
