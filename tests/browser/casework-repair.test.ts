/**
 * What is held back, and what is to be gone, over the real server: an entry of somebody who was taken out and that a colleague takes
 * over, one entry erased by two people, and a whole case destroyed by two people, as every device shows it afterwards.
 */

import type { Locator } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { card, filled, openSection, pressIn, readsNote, writeNote } from "./casework-acts.ts";
import { makeBegunOrganisation } from "./casework-begun-organisation.ts";
import { languages, openCase, useCaseworkBrowser, type Person } from "./casework-browser.ts";
import { problemsOf } from "./casework-looks.ts";
import { isLongRun } from "./guide-browser.ts";

/** Waits for what was asked to come back whole. */
const confirmTyped = async (person: Person, place: Locator, key: string): Promise<void> => {
  const button = place.getByRole("button", { name: person.word(key), exact: true });
  expect(await button.isDisabled()).toBe(true);
  await place.locator("input").fill(person.word("settings.eraseWord"));
  await button.click();
};

describe.each(isLongRun ? languages : (["en"] as const))("in %s", (language) => {
  const organisation = makeBegunOrganisation();
  const casework = useCaseworkBrowser(organisation.seed);
  let nasrin: Person, shilan: Person, omar: Person;
  let code: string;
  const problems: string[] = [];
  beforeAll(async () => {
    nasrin = await organisation.signIn(casework, "Nasrin", language);
    shilan = await organisation.signIn(casework, "Shilan", language);
    omar = await organisation.signIn(casework, "Omar", language);
    code = await openCase(shilan, "Dilnaz");
    await shilan.sync();
  });

  const open = (person: Person, section: string): Promise<void> => openSection(person, code, section);
  const reads = (person: Person, text: string): Promise<boolean> => readsNote(person, code, text);
  const look = async (person: Person, name: string): Promise<void> => {
    problems.push(...(await problemsOf(person, name)));
  };

  test("what somebody wrote who had just been taken out is held back, and counts once a colleague takes it over", async () => {
    await open(shilan, "people");
    await shilan.page
      .getByRole("button", { name: filled(shilan, language, "access.giveTo", { name: "Omar" }), exact: true })
      .click();
    await shilan.press("form.yes");
    await card(shilan, "Omar").waitFor();
    await omar.sync();
    await open(omar, "notes");
    await omar.context.setOffline(true);
    await writeNote(omar, code, "She called me while I was away.");

    await nasrin.sync();
    await open(nasrin, "people");
    // It reaches the server after Nasrin's device has looked, and before its change of who reads does.
    let isHeld = false;
    await nasrin.context.route("**/api/append-control", async (route) => {
      if (!isHeld) {
        isHeld = true;
        await omar.context.setOffline(false);
        await omar.sync();
      }
      await route.continue();
    });
    await pressIn(nasrin, card(nasrin, "Omar"), "access.take");
    await pressIn(nasrin, card(nasrin, "Omar"), "form.yes");
    await card(nasrin, "Omar").waitFor({ state: "detached" });
    await nasrin.context.unroute("**/api/append-control");
    expect(isHeld).toBe(true);
    expect(await reads(nasrin, "She called me while I was away.")).toBe(false);
    expect(await reads(shilan, "She called me while I was away.")).toBe(false);

    await shilan.section("history");
    const held = card(shilan, shilan.word("event.NoteWritten"));
    await held.getByText("Omar").waitFor();
    await held.getByText("She called me while I was away.").waitFor();
    await pressIn(shilan, held, "repair.adopt");
    await held.getByText(shilan.word("repair.adoptAgain")).waitFor();
    await look(shilan, "held back");
    await pressIn(shilan, held, "repair.adopt");
    await held.waitFor({ state: "detached" });
    expect(await reads(shilan, "She called me while I was away.")).toBe(true);
    expect(await reads(nasrin, "She called me while I was away.")).toBe(true);
  });

  test("one entry is erased by two people, and its words are gone on both their devices", async () => {
    await writeNote(shilan, code, "A name that should not stand here.");
    await shilan.sync();
    expect(await reads(nasrin, "A name that should not stand here.")).toBe(true);
    await shilan.section("history");
    await shilan.press("erasure.begin");
    const entry = shilan.page.locator(".history > li", { hasText: "A name that should not stand here." });
    await pressIn(shilan, entry, "erasure.entry");
    await entry.getByText(shilan.word("erasure.entryAgain")).waitFor();
    await look(shilan, "an entry to erase");
    await confirmTyped(shilan, entry, "erasure.propose");
    await entry.getByText(shilan.word("erasure.proposed")).waitFor();
    await shilan.sync();
    await shilan.section("closure");
    const single = filled(shilan, language, "erasure.entries", { count: 1 });
    await card(shilan, single).getByText(shilan.word("refusal.OwnProposal")).waitFor();
    // It stands until a second person has said so.
    expect(await reads(nasrin, "A name that should not stand here.")).toBe(true);

    await nasrin.section("closure");
    await pressIn(nasrin, card(nasrin, single), "erasure.confirm");
    await confirmTyped(nasrin, card(nasrin, single), "erasure.confirm");
    await card(nasrin, single).getByText(nasrin.word("erasure.state.confirmed")).waitFor();
    const [, gone = ""] = nasrin.word("erasure.goneAt").split("{moment}");
    await card(nasrin, single).getByText(gone).waitFor();
    for (const person of [nasrin, shilan]) {
      expect(await reads(person, "A name that should not stand here.")).toBe(false);
      expect(await reads(person, "She called me while I was away.")).toBe(true);
      await person.section("history");
      await person.settled();
      expect(await person.page.getByText("A name that should not stand here.").count()).toBe(0);
    }
  });

  test("a whole case is destroyed by two people, and every device shows only that it was", async () => {
    await shilan.section("closure");
    await shilan.press("erasure.shred");
    await shilan.page.getByText(shilan.word("erasure.shredAgain")).waitFor();
    await confirmTyped(shilan, shilan.page.locator(".panel"), "erasure.propose");
    const whole = shilan.word("erasure.whole");
    await card(shilan, whole).getByText(shilan.word("refusal.OwnProposal")).waitFor();

    await nasrin.sync();
    await nasrin.section("closure");
    await pressIn(nasrin, card(nasrin, whole), "erasure.confirm");
    await nasrin.page.getByText(nasrin.word("erasure.wholeAgain")).waitFor();
    await look(nasrin, "a case to destroy");
    await confirmTyped(nasrin, card(nasrin, whole), "erasure.confirm");
    await nasrin.page.getByRole("heading", { level: 1, name: nasrin.word("case.shredded") }).waitFor();
    const [, gone = ""] = nasrin.word("erasure.goneAt").split("{moment}");
    await nasrin.page.getByText(gone).waitFor();
    await look(nasrin, "a case destroyed");

    await shilan.sync();
    await shilan.page.getByRole("heading", { level: 1, name: shilan.word("case.shredded") }).waitFor();
    for (const person of [nasrin, shilan]) {
      await person.sync();
      await person.go("cases");
      await person.page.getByText(person.word("cases.empty")).waitFor();
      await person.page.locator("#search").fill(code);
      await person.page.getByText(person.word("cases.notFound")).waitFor();
      await person.page.locator("#search").fill("");
      await person.press("cases.closed");
      await person.page.locator(".case-row", { hasText: person.word("cases.shreddedRow") }).click();
      await person.page.getByRole("heading", { level: 1, name: person.word("case.shredded") }).waitFor();
      expect(await person.page.locator(".section-way").count()).toBe(0);
      await person.go("today");
      await person.settled();
      expect(await person.page.getByText(code).count()).toBe(0);
    }
    expect(problems).toEqual([]);
    expect(
      [nasrin, shilan, omar].flatMap(({ complaints }) => complaints).filter((each) => !each.includes("ERR_INTERNET")),
    ).toEqual([]);
  });
});
