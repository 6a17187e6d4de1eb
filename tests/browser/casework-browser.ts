/** What the browser tests of the app share: people with a browser of their own each, who find everything by its words. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { digitsOf, makeWords } from "../../apps/casework/src/frame/words.ts";
import { complaintsOf, launchBrowser } from "../browser.ts";
import { type ServedCasework, serveCasework } from "../served-casework.ts";
import { lastCallOf, untilExchangedAfter, untilSettled, waitBeforeLooks, watchCalls } from "./casework-calls.ts";
import { laptop, languages, neutralSite, phone, type Language } from "./guide-browser.ts";

export { laptop, languages, neutralSite, phone, type Language };

type Words = Readonly<Record<string, string>>;

const readWords = (language: Language): Words =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../apps/casework/texts", `${language}.json`), "utf8")) as Words;

export type Person = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: readonly string[];
  /** A word of the app in this person's language. */
  readonly word: (key: string) => string;
  readonly press: (key: string) => Promise<void>;
  /** The group of choices under a label. */
  readonly choose: (field: string, option: string) => Promise<void>;
  readonly fill: (field: string, text: string) => Promise<void>;
  readonly go: (screen: string) => Promise<void>;
  readonly section: (section: string) => Promise<void>;
  readonly sync: () => Promise<void>;
  /** The page shows all that it will show. Looks by a locator wait for it by themselves [Note: A look waits]. */
  readonly settled: () => Promise<void>;
  readonly button: (key: string) => Locator;
};

export type CaseworkBrowser = {
  readonly served: () => ServedCasework;
  readonly person: (language: Language, options?: BrowserContextOptions) => Promise<Person>;
};

/** One browser and one server for a file of tests. */
export const useCaseworkBrowser = (...given: Parameters<typeof serveCasework>): CaseworkBrowser => {
  let served: ServedCasework;
  let browser: Browser;
  beforeAll(async () => {
    served = await serveCasework(...given);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await served.close();
  });
  return {
    served: () => served,
    person: async (language, options = {}) => {
      const context = await browser.newContext({ viewport: laptop, reducedMotion: "reduce", ...options });
      await context.route(
        (address) => address.origin === new URL(neutralSite).origin,
        (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Neutral</title>" }),
      );
      await watchCalls(context);
      const page = await context.newPage();
      waitBeforeLooks(page);
      return personOn(page, context, language);
    },
  };
};

/** What comes or goes by scrolling is there in the second frame: else it may come between the going down of a press and its going up. */
const bringIntoSight = async (element: Locator): Promise<void> => {
  await element.scrollIntoViewIfNeeded();
  await element.page().evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      }),
  );
};

const personOn = (page: Page, context: BrowserContext, language: Language): Person => {
  const words = readWords(language);
  // In the digits of the language, as the app shows it.
  const shown = makeWords(language, words, {}, digitsOf[language]);
  const word = (key: string): string => {
    const found = words[key];
    if (found === undefined) throw new Error(`There is no word ${key}.`);
    return shown.text(key);
  };
  const button = (key: string): Locator => page.getByRole("button", { name: word(key), exact: true });
  const press = async (key: string): Promise<void> => {
    const pressed = button(key).last();
    await bringIntoSight(pressed);
    await pressed.click();
  };
  return {
    page,
    context,
    complaints: complaintsOf(page),
    word,
    button,
    press,
    choose: async (field, option) => {
      const group = page.getByRole("group", { name: word(field) });
      await group.getByLabel(word(option), { exact: true }).first().check();
    },
    fill: (field, text) => page.getByLabel(word(field)).first().fill(text),
    go: async (screen) => {
      await page
        .locator(".way:visible, .bar-way:visible")
        .filter({ hasText: word(`screen.${screen}`) })
        .first()
        .click();
      await page.getByRole("heading", { level: 1, name: word(`screen.${screen}`) }).waitFor();
    },
    section: async (section) => {
      // A row of ways that is laid out anew under a press is pressed nowhere.
      await untilSettled(page);
      const way = page
        .locator(".section-way")
        .filter({ hasText: word(`section.${section}`) })
        .first();
      await bringIntoSight(way);
      await way.click();
      await page
        .locator("#section-title")
        .filter({ hasText: word(`section.${section}`) })
        .waitFor();
    },
    sync: async () => {
      const mark = page.locator(".sync");
      await mark.waitFor();
      // "All sent" may stand there from before, or from an exchange that began before this press: only one that began with it counts.
      const before = await lastCallOf(page);
      await mark.click();
      await untilExchangedAfter(page, before);
      await mark.filter({ hasText: word("sync.sent") }).waitFor();
    },
    settled: () => untilSettled(page),
  };
};

/** Opens a link that brings a code or an invitation, and begins with the password that the app makes. */
export const begin = async (person: Person, link: string, language: Language): Promise<string> => {
  const { page, press } = person;
  await page.goto(link);
  await page.locator(".tongues button").nth(languages.indexOf(language)).click();
  // The worker makes it; on a slow machine the place for it is there before it is.
  const made = page.locator(".made").filter({ hasText: /\S/ });
  await page.getByText(person.word("password.write")).waitFor();
  const password = (await made.textContent())?.trim() ?? "";
  await page.locator("#again").fill(password);
  await press("begin.begin");
  await page.getByText(person.word("begin.done")).waitFor();
  return password;
};

/** The six groups on the screen. */
export const wordsShown = (person: Person): Promise<readonly string[]> =>
  person.page.locator(".six-words li").allTextContents();

/** Two people of one organisation, the second confirmed by the first. */
export const makeTeam = async (
  { served, person }: CaseworkBrowser,
  language: Language,
): Promise<{
  readonly supervisor: Person;
  readonly caseworker: Person;
  readonly password: string;
  readonly supervisorPassword: string;
}> => {
  const supervisor = await person(language);
  const supervisorPassword = await begin(supervisor, await served().setUpLink(), language);
  await supervisor.press("begin.open");
  await supervisor.go("team");
  await supervisor.press("team.inviteMake");
  const invitation = (await supervisor.page.locator(".made.long").textContent())?.trim() ?? "";
  const caseworker = await person(language, { viewport: phone });
  const password = await begin(caseworker, invitation, language);
  const told = await wordsShown(caseworker);
  await supervisor.press("team.look");
  await supervisor.page.locator(".six-words").waitFor();
  const shown = await wordsShown(supervisor);
  if (told.join() !== shown.join()) throw new Error("The six groups differ.");
  await supervisor.press("team.same");
  await supervisor.page.locator(".card h3").filter({ hasText: /2|٢/ }).waitFor();
  await caseworker.press("begin.open");
  await caseworker.page.locator(".sync").waitFor();
  await caseworker.sync();
  return { supervisor, caseworker, password, supervisorPassword };
};

export const openCase = async (person: Person, name: string): Promise<string> => {
  const code = await fillNewCase(person, name);
  await person.page.getByRole("heading", { level: 1, name: code }).waitFor();
  return code;
};

/** With a mouse, or with the keyboard alone. */
type Filling = Pick<Person, "choose" | "fill">;

export const agreeSafeContact = async ({ choose, fill }: Filling): Promise<void> => {
  await choose("field.how", "option.messaging-app");
  await fill("field.reach", "0750 111 2233");
  await fill("field.when", "14:00");
  await fill("field.nameToUse", "the tailor");
  await choose("field.mayLeaveMessage", "common.no");
  await fill("field.mustNotKnow", "her brother");
};

export const tellLimits = async ({ choose }: Filling, age: "adult" | "child"): Promise<void> => {
  await choose("field.ageNow", `option.ageNow.${age}`);
  await choose("field.saidBy", "option.saidBy.survivor");
  await choose("field.toldNow", "option.toldNow.told");
};

/** In what room and by what way consent was asked for. */
export const sayHowAsked = async ({ choose }: Filling): Promise<void> => {
  await choose("field.obtainedHow", "option.in-person");
  for (const field of ["field.pressureSeen", "field.othersCouldHear", "field.deviceWatched"])
    await choose(field, "common.no");
  await choose("field.interpreter", "option.interpreter.none");
};

/** Search, safe contact, limits, consent: in the order of the screen. Gives the code. */
export const fillNewCase = async (person: Person, name: string, age: "adult" | "child" = "adult"): Promise<string> => {
  const { page, word, press, choose, fill } = person;
  await person.go("new-case");
  await fill("newCase.searchLabel", name);
  await press("newCase.searchDo");
  await press("newCase.go");
  await agreeSafeContact(person);
  await press("common.next");
  await tellLimits(person, age);
  const code = await page.locator("#code").inputValue();
  await press("common.next");
  for (const option of ["do-nothing", "not-report"]) await page.getByLabel(word(`option.options.${option}`)).check();
  await choose("field.answer", "common.yes");
  await sayHowAsked(person);
  await press("newCase.open");
  return code;
};
