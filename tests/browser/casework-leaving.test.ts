/** Quick exit and locking in a real browser: what is left on the screen, in Back, in titles and in storage. */

import { afterEach, expect, test } from "vitest";
import { begin, neutralSite, useCaseworkBrowser, type Person } from "./casework-browser.ts";

const casework = useCaseworkBrowser();
let person: Person;
afterEach(() => person.context.close());

const atDesk = async (): Promise<string> => {
  person = await casework.person("en");
  const password = await begin(person, await casework.served().setUpLink(), "en");
  await person.press("begin.open");
  await person.page.locator(".sync").waitFor();
  return password;
};

const hasLeft = async (): Promise<void> => {
  await person.page.waitForURL(neutralSite);
  expect(await person.page.title()).toBe("Neutral");
  await person.page.goBack();
  expect(person.page.url()).not.toContain(casework.served().origin);
};

test("leaving replaces the page, and Back does not return, wherever one has been", async () => {
  await atDesk();
  for (const screen of ["cases", "team", "guide", "settings"]) await person.go(screen);
  expect(await person.page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
  await person.page.click("#exit");
  await hasLeft();
});

test("Shift three times leaves too, also from within a form", async () => {
  await atDesk();
  await person.go("new-case");
  await person.page.locator("#before").focus();
  for (let press = 0; press < 3; press++) await person.page.keyboard.press("Shift");
  await hasLeft();
});

test("the page is blank in the same task as the press", async () => {
  await atDesk();
  const left = await person.page.evaluate(() => {
    document.querySelector<HTMLElement>("#exit")?.click();
    return { elements: document.documentElement.childElementCount, title: document.title };
  });
  expect(left).toEqual({ elements: 0, title: "" });
});

test("a code that a link brought does not stay in the address, and the title says nothing", async () => {
  person = await casework.person("en");
  await person.page.goto(await casework.served().setUpLink());
  await person.page.locator("#code").waitFor();
  expect(person.page.url()).toBe(`${casework.served().origin}/app/`);
  expect(await person.page.title()).toBe("Notes");
});

test("after locking, only the password opens it again, and the page before holds nothing", async () => {
  const password = await atDesk();
  await person.press("frame.lock");
  await person.page.locator("#password").waitFor();
  expect(await person.page.locator(".head").count()).toBe(0);
  await person.page.locator("#password").fill(password);
  await person.press("unlock.unlock");
  await person.page.locator(".head").waitFor();
});

test("a second window of the same browser does not write past the first", async () => {
  await atDesk();
  const second = await person.context.newPage();
  await second.goto(`${casework.served().origin}/app/`);
  await second.getByText(person.word("enter.elsewhere")).waitFor();
});
