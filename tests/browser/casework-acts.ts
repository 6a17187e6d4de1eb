/** What people do again and again in the browser tests of the app, in whichever language it is shown to them. */

import { withEasternDigits } from "@amana/ui";
import type { Locator } from "playwright-core";
import type { Language, Person } from "./casework-browser.ts";

/** What stands in a frame of its own under this title. */
export const card = ({ page }: Person, title: string): Locator =>
  page.locator(".card", { has: page.locator("h3, h4").filter({ hasText: title }) });

export const pressIn = (person: Person, place: Locator, key: string): Promise<void> =>
  place.getByRole("button", { name: person.word(key), exact: true }).click();

/** A word with its values, numbers in the digits that this language is shown in. */
export const filled = (
  person: Person,
  language: Language,
  key: string,
  values: Readonly<Record<string, string | number>>,
): string =>
  Object.entries(values).reduce(
    (text, [name, value]) =>
      text.replace(
        `{${name}}`,
        typeof value === "number" && language !== "en" ? withEasternDigits(`${value}`) : `${value}`,
      ),
    person.word(key),
  );

/**
 * Locks right after the last key. For what was typed last the app waits half a second and no longer; here it waits as long as a
 * machine takes that is busy with other tests.
 */
export const lockAtLastKey = async ({ page, press }: Person): Promise<void> => {
  await page.evaluate(() => {
    const wait = window.setTimeout.bind(window);
    const slower = (run: () => void, milliseconds = 0): number => wait(run, 20 * milliseconds);
    Reflect.set(window, "setTimeout", slower);
  });
  await press("frame.lock");
};

export const openSection = async (person: Person, code: string, section: string): Promise<void> => {
  await person.go("cases");
  await person.page.getByText(code).click();
  await person.section(section);
};

/** It stays on the device until somebody presses for an exchange, or a moment has passed. */
export const writeNote = async (person: Person, code: string, text: string): Promise<void> => {
  await openSection(person, code, "notes");
  await person.press("act.WriteNote");
  await person.page.getByLabel(person.word("field.about")).selectOption("case");
  await person.fill("field.text", text);
  await person.press("form.save");
  await person.page.locator(".card", { hasText: text }).waitFor();
  // The form goes once the case was read again, which may be after the card came.
  await person.page.locator("form.panel").waitFor({ state: "detached" });
};

/** Whether this device shows it, once it has asked the server. */
export const readsNote = async (person: Person, code: string, text: string): Promise<boolean> => {
  await person.sync();
  await openSection(person, code, "notes");
  await person.settled();
  return (await person.page.locator(".card", { hasText: text }).count()) > 0;
};
