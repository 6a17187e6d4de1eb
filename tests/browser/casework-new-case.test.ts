/** A new case: what is typed and taken back, a code of one's own, and nothing to search by. */

import { afterAll, beforeAll, expect, test } from "vitest";
import {
  agreeSafeContact,
  fillNewCase,
  makeTeam,
  sayHowAsked,
  tellLimits,
  useCaseworkBrowser,
  type Person,
} from "./casework-browser.ts";

const casework = useCaseworkBrowser();
let team: Awaited<ReturnType<typeof makeTeam>>;
beforeAll(async () => {
  team = await makeTeam(casework, "en");
});
afterAll(async () => {
  await team.supervisor.context.close();
  await team.caseworker.context.close();
});

test("what was typed and emptied again in a new case does not keep it from being opened", async () => {
  const { page, word, fill, press } = team.caseworker;
  const opened = fillNewCase(
    {
      ...team.caseworker,
      fill: async (field, text) => {
        await fill(field, text);
        if (field !== "field.mustNotKnow") return;
        await fill("field.codeWord", "apples");
        await fill("field.codeWord", "");
        await page
          .getByRole("group", { name: word("field.validUntilAt") })
          .getByRole("textbox")
          .first()
          .fill("3");
        await press("common.next");
        await page.getByText(word("date.none")).waitFor();
        await page
          .getByRole("group", { name: word("field.validUntilAt") })
          .getByRole("textbox")
          .first()
          .fill("");
      },
    },
    "Hana",
  );
  await page.getByRole("heading", { level: 1, name: await opened }).waitFor();
});

test("a case is opened for somebody who gives nothing to search by, and its history says so", async () => {
  const { page, word, press, fill, section } = team.caseworker;
  const instead: Readonly<Record<string, () => Promise<void>>> = {
    "newCase.searchDo": () => press("newCase.anonymous"),
    "newCase.go": () => Promise.resolve(),
  };
  const anonymous: Person = {
    ...team.caseworker,
    press: (key) => (instead[key] ?? (() => press(key)))(),
    fill: (field, text) => (field === "newCase.searchLabel" ? Promise.resolve() : fill(field, text)),
  };
  const code = await fillNewCase(anonymous, "");
  await page.getByRole("heading", { level: 1, name: code }).waitFor();
  await section("history");
  await page.getByText(word("option.searched.caller-anonymous")).first().waitFor({ state: "attached" });
});

/** As far as the limits of confidentiality, where the code is shown. */
const untilLimits = async ({ go, fill, press }: Person, name: string): Promise<void> => {
  await go("new-case");
  await fill("newCase.searchLabel", name);
  await press("newCase.searchDo");
  await press("newCase.go");
};

test("a code that is none is refused where it is typed, before consent is asked for, and one's own is taken as it is meant", async () => {
  const { caseworker } = team;
  const { page, word, press } = caseworker;
  await untilLimits(caseworker, "Avin");
  await agreeSafeContact(caseworker);
  await press("common.next");
  await tellLimits(caseworker, "adult");
  const code = page.locator("#code");
  const wrong = page.getByText(word("newCase.codeWrong"));
  const consent = page.getByRole("heading", { level: 2, name: word("newCase.consentTitle") });
  for (const typed of ["", "Avin", "2026-BCDF", "2026-7K3", "2026-7K3A"]) {
    await code.fill(typed);
    expect(await wrong.count()).toBe(0);
    await press("common.next");
    await wrong.waitFor();
    expect(await code.getAttribute("aria-invalid")).toBe("true");
    expect(await code.evaluate((each) => each === document.activeElement)).toBe(true);
    expect(await consent.count()).toBe(0);
  }
  await code.fill("ab-2026-7k3b9");
  await press("common.next");
  await consent.waitFor();
  for (const option of ["do-nothing", "not-report"]) await page.getByLabel(word(`option.options.${option}`)).check();
  await caseworker.choose("field.answer", "common.yes");
  await sayHowAsked(caseworker);
  await press("newCase.open");
  await page.getByRole("heading", { level: 1, name: "AB-2026-7K3B9" }).waitFor();
});

test("a code that is none is refused where it is typed also while somebody is in danger and nothing else is asked", async () => {
  const { caseworker } = team;
  const { page, word, press, choose } = caseworker;
  await untilLimits(caseworker, "Shno");
  await press("newCase.contactLater");
  await choose("field.ageNow", "option.age-not-known");
  await choose("field.toldNow", "option.toldNow.imminent-danger");
  await page.locator("#code").fill("Shno");
  await press("newCase.openNow");
  await page.getByText(word("newCase.codeWrong")).waitFor();
  await page.locator("#code").fill("2026-9x4w");
  // Whoever is in haste presses twice.
  await caseworker.button("newCase.openNow").dblclick();
  await page.getByRole("heading", { level: 1, name: "2026-9X4W" }).waitFor();
  await caseworker.settled();
  await caseworker.go("cases");
  await page.getByText("2026-9X4W").first().waitFor();
  expect(await page.getByText("2026-9X4W").count()).toBe(1);
});
