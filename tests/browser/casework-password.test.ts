/** A password that is changed where the line is gone: which of the two opens the device is said where it is asked for. */

import { expect, test } from "vitest";
import { begin, useCaseworkBrowser, type Person } from "./casework-browser.ts";
import { problemsOf } from "./casework-looks.ts";
import { isLongRun, languages, type Language } from "./guide-browser.ts";

const casework = useCaseworkBrowser();

const lock = async ({ page, press }: Person): Promise<void> => {
  await press("frame.lock");
  await page.locator("#password").waitFor();
};

const unlock = async ({ page, press }: Person, password: string): Promise<void> => {
  await page.locator("#password").fill(password);
  await press("unlock.unlock");
};

const changeWithoutLine = async (person: Person, before: string, problems: string[]): Promise<string> => {
  const { page, word, context } = person;
  await person.go("settings");
  await context.setOffline(true);
  const change = page.locator("details", { hasText: word("settings.passwordNow") });
  await change.locator("summary").click();
  const made = change.locator(".made").filter({ hasText: /\S/ });
  const after = (await made.textContent())?.trim() ?? "";
  await change.locator("#again").fill(after);
  await change.locator("#before").fill(before);
  // A device that goes dark in the middle of it tells nothing, so the form does.
  await change.getByText(word("settings.passwordKeep")).waitFor();
  problems.push(...(await problemsOf(person, "a new password")));
  await change.getByRole("button", { name: word("settings.passwordChange"), exact: true }).click();
  await page.getByText(word("account.NoAnswerYet")).waitFor();
  return after;
};

const inLanguages: readonly Language[] = isLongRun ? languages : ["en", "ckb"];

test.each(inLanguages)(
  "in %s: while nobody knows whether the server has the new password, the locked device says that both open it",
  async (language) => {
    const person = await casework.person(language);
    const { page, word, context, press } = person;
    const before = await begin(person, await casework.served().setUpLink(), language);
    await press("begin.open");
    await person.sync();
    const problems: string[] = [];
    const after = await changeWithoutLine(person, before, problems);
    for (const either of [before, after, before]) {
      await lock(person);
      await page.getByText(word("unlock.changing")).waitFor();
      problems.push(...(await problemsOf(person, "locked while the password is changed")));
      await unlock(person, either);
      await page.locator(".sync").waitFor();
    }
    await context.setOffline(false);
    await person.sync();
    await lock(person);
    await person.settled();
    expect(await page.getByText(word("unlock.changing")).count()).toBe(0);
    await unlock(person, before);
    await page.getByText(word("account.WrongPassword")).waitFor();
    await unlock(person, after);
    await page.locator(".sync").waitFor();
    expect(problems).toEqual([]);
    await context.close();
  },
);
