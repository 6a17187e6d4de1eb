/** Filling in the forms of a case as somebody would: what matters is chosen, the rest is whatever may stand there. */

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { digitsOf, makeWords, type Words } from "../../apps/casework/src/frame/words.ts";
import type { Language, Person } from "./casework-browser.ts";

/** Fills in whatever the open form asks for, and gives how many texts it took. */
export const fillForm = (form: Locator, text: { readonly line: string; readonly prose: string }): Promise<number> =>
  form.evaluate((element, { line, prose }) => {
    const say = (field: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, value: string): void => {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };
    let texts = 0;
    const names = new Set<string>();
    const today = new Date();
    for (const list of element.querySelectorAll("fieldset"))
      if (list.querySelector(":checked") === null) list.querySelector<HTMLInputElement>("[type=checkbox]")?.click();
    // A day ahead is offered: today would be over already at some hour of the day.
    const isAhead = (field: Element): boolean =>
      field.closest("fieldset")?.querySelector(":scope > .options > .button") instanceof HTMLElement;
    for (const day of element.querySelectorAll<HTMLInputElement>("input[id$='-day']"))
      if (day.value === "" && isAhead(day))
        day.closest("fieldset")?.querySelector<HTMLElement>(":scope > .options > .button:last-child")?.click();
    for (const field of element.querySelectorAll("input, textarea, select")) {
      if (isAhead(field)) continue;
      if (field instanceof HTMLTextAreaElement && field.value === "") {
        say(field, prose);
        texts += 1;
      } else if (field instanceof HTMLSelectElement && field.value === "") {
        say(field, field.closest(".date") === null ? (field.options[1]?.value ?? "") : String(today.getMonth() + 1));
      } else if (field instanceof HTMLInputElement && field.type === "radio" && !names.has(field.name)) {
        names.add(field.name);
        if (element.querySelector(`input[name="${field.name}"]:checked`) === null) field.click();
      } else if (field instanceof HTMLInputElement && field.type === "text" && field.value === "") {
        if (field.id.endsWith("-day")) say(field, String(today.getDate()));
        else if (field.id.endsWith("-year")) say(field, String(today.getFullYear()));
        else if (!field.id.endsWith("-time")) {
          say(field, field.inputMode === "numeric" ? "20" : line);
          texts += 1;
        }
      }
    }
    return texts;
  }, text);

const assets = join(import.meta.dirname, "../../apps/casework/dist/assets");

/** The texts of the guidance, as the app shows them in the digits of that language. */
const guidanceIn = (language: Language): Words => {
  const [file = ""] = globSync(`pack-${language}-*.json`, { cwd: assets });
  const texts = JSON.parse(readFileSync(join(assets, file), "utf8")) as Readonly<Record<string, string>>;
  return makeWords(language, {}, texts, digitsOf[language]);
};

export const nameOfTool = (language: Language, tool: string): string => guidanceIn(language).text(`tool.${tool}.name`);

/** Chooses in the open form, among buttons or in a list. */
export const pick = async ({ page, word }: Person, field: string, value: string): Promise<void> => {
  const form = page.locator("form.panel");
  const button = form
    .getByRole("group", { name: word(`field.${field}`) })
    .locator(`input[type=radio][value="${value}"]`)
    .first();
  const list = form
    .locator("select")
    .and(form.getByLabel(word(`field.${field}`)))
    .first();
  await button.or(list).first().waitFor();
  if ((await button.count()) > 0) await button.check();
  else await list.selectOption(value);
};

/** Leaves the open form, also where it asks first whether what was typed may be lost. */
export const leave = async ({ page, word }: Person): Promise<void> => {
  const form = page.locator("form.panel");
  await form.locator(".moves .quiet").last().click();
  const sure = form.getByRole("button", { name: word("form.loseYes"), exact: true });
  await expect.poll(async () => (await form.count()) === 0 || (await sure.count()) > 0).toBe(true);
  // Where it asks, it stands until it is answered.
  if ((await sure.count()) > 0) await sure.click();
  await form.waitFor({ state: "detached" });
};

/** Saves the open form, twice where it asks again, and fails with what it says if it is refused. */
export const save = async ({ page }: Person): Promise<void> => {
  const form = page.locator("form.panel");
  // What is chosen first opens further fields.
  for (let round = 0; round < 3; round++) await fillForm(form, { line: "2", prose: "As she said it." });
  await form.locator("button[type=submit]").click();
  const said = form.locator(".missing, .why, .again");
  await expect.poll(async () => (await form.count()) === 0 || (await said.count()) > 0).toBe(true);
  if ((await form.count()) > 0 && (await form.locator(".again").count()) > 0)
    await form.locator("button[type=submit]").click();
  await expect
    .poll(async () => (await form.count()) === 0 || (await form.locator(".missing, .why").count()) > 0)
    .toBe(true);
  if ((await form.count()) > 0) throw new Error((await form.locator(".missing, .why").allInnerTexts()).join(" | "));
};

type Filling = {
  /** Choices by field. */
  readonly choose?: Readonly<Record<string, string>>;
  /** Texts by field. */
  readonly write?: Readonly<Record<string, string>>;
  /** The card that the act is of. */
  readonly within?: Locator;
};

/** One act of a case, from its button to what was saved. */
export const act = async (person: Person, form: string, { choose = {}, write = {}, within }: Filling = {}) => {
  const { page, word } = person;
  await (within ?? page.locator("main"))
    .getByRole("button", { name: word(`act.${form}`), exact: true, disabled: false })
    .first()
    .click();
  await page.locator("form.panel").waitFor();
  for (const [field, value] of Object.entries(choose)) await pick(person, field, value);
  for (const [field, text] of Object.entries(write))
    await page
      .locator("form.panel")
      .getByLabel(word(`field.${field}`))
      .first()
      .fill(text);
  await save(person);
};

/** Whose word it is, once for a talk; whoever has said so already is not asked again. */
export const sayWhose = async ({ page }: Person, speaker = "survivor"): Promise<void> => {
  const asked = page.locator(`.speaker [data-speaker="${speaker}"]`).first();
  await asked.or(page.locator(".said-by")).first().waitFor();
  if ((await asked.count()) > 0) await asked.click();
};

/** Answers a question of the pathway under Questions; a changed answer gives its reason. */
export const answer = async (
  person: Person,
  language: Language,
  fact: string,
  value: string | readonly string[],
): Promise<void> => {
  const { page, word, press } = person;
  const guidance = guidanceIn(language);
  const nameOf = (each: string): string =>
    guidance.hasText(`fact.${fact}.${each}`) || fact === "harm" ? guidance.answer(fact, each) : word(`common.${each}`);
  const ask = guidance.text(`fact.${fact}.ask`);
  await sayWhose(person);
  await page.locator("button.fact").filter({ hasText: ask }).first().click();
  const question = page.locator(".question");
  await question.waitFor();
  if (typeof value === "string") {
    await question.getByRole("button", { name: nameOf(value), exact: true }).click();
    const reason = question.locator("textarea");
    await expect.poll(async () => (await question.count()) === 0 || (await reason.count()) > 0).toBe(true);
    if ((await reason.count()) > 0) {
      await reason.fill("It is so now.");
      await press("form.save");
    }
  } else {
    for (const each of value) await question.getByLabel(nameOf(each), { exact: true }).check();
    await question.getByRole("button", { name: word("form.save"), exact: true }).click();
  }
  await question.waitFor({ state: "detached" });
};

/** Asks for consent: told everything, nobody listening, no pressure, and the answer is yes. */
export const agree = async (
  person: Person,
  purpose: string,
  recipient: { readonly chosen: string } | { readonly named: string } | undefined,
): Promise<void> => {
  const { page, word, press } = person;
  const form = page.locator("form.panel");
  await press("consent.ask");
  await form.waitFor();
  await pick(person, "purpose", purpose);
  if (recipient !== undefined && "chosen" in recipient) await pick(person, "recipient", recipient.chosen);
  if (recipient !== undefined && "named" in recipient)
    await form.getByLabel(word("field.recipient")).first().fill(recipient.named);
  for (const field of ["options", "risks", "mayShare"]) {
    const ticks = form.getByRole("group", { name: word(`field.${field}`) }).getByRole("checkbox");
    if (field === "mayShare" && (await ticks.count()) > 0) await ticks.first().check();
    else for (const tick of await ticks.all()) await tick.check();
  }
  if ((await form.getByRole("group", { name: word("field.outcomes") }).count()) > 0)
    await pick(person, "outcomes", "yes");
  await pick(person, "limitsTold", "yes");
  await pick(person, "answer", "yes");
  await pick(person, "obtainedHow", "in-person");
  for (const field of ["outcomePromised", "pressureSeen", "othersCouldHear", "deviceWatched"])
    await pick(person, field, "no");
  await pick(person, "interpreter", "none");
  await save(person);
};
