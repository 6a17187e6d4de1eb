/**
 * A supervisor's day in the app, against the real server: the directory and a referral to somebody in it, an approval with its
 * reasons side by side, a case that goes to another colleague, and cases opened again with two sheets.
 */

import { withEasternDigits } from "@amana/ui";
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { openSection } from "./casework-acts.ts";
import { isLongRun } from "./guide-browser.ts";
import {
  laptop,
  languages,
  makeTeam,
  openCase,
  useCaseworkBrowser,
  type Language,
  type Person,
} from "./casework-browser.ts";

const casework = useCaseworkBrowser();
/** In one language of each direction by turns; the long run takes all four for each. */
const inLanguages = (usual: Language) => test.each(isLongRun ? languages : [usual]);

const cardWith = (person: Person, text: string): Locator => person.page.locator(".card").filter({ hasText: text });

const said = (person: Person, key: string): Promise<void> => person.page.getByText(person.word(key)).first().waitFor();

/** A word with its values, in the digits that this language is shown in. */
const filled = (person: Person, language: Language, key: string, values: Readonly<Record<string, number>>): string => {
  const text = Object.entries(values).reduce(
    (shown, [name, value]) => shown.replace(`{${name}}`, String(value)),
    person.word(key),
  );
  return language === "en" ? text : withEasternDigits(text);
};

/** Names as an organisation in Erbil would write them. */
const centre = { en: "Women's centre, second branch", ckb: "سەنتەری ژنانی ھەولێر" };

const listProvider = async (person: Person, provider: typeof centre): Promise<void> => {
  await person.go("directory");
  await person.press("directory.add");
  await person.page.locator("#name-en").fill(provider.en);
  await person.page.locator("#name-ckb").fill(provider.ckb);
  await person.page.getByLabel(person.word("option.shelter"), { exact: true }).check();
  await person.fill("field.reachProvider", "0750 000 1122");
};

inLanguages("en")(
  "in %s: a provider is listed by a supervisor, proposed by a caseworker, and named in a referral",
  async (language) => {
    const { supervisor, caseworker } = await makeTeam(casework, language);
    await caseworker.page.setViewportSize(laptop);
    const shown = language === "en" ? centre.en : centre.ckb;
    await supervisor.go("directory");
    await said(supervisor, "directory.empty");
    await listProvider(supervisor, centre);
    await supervisor.press("directory.keep");
    await said(supervisor, "directory.listed");

    await openCase(caseworker, "Dilnaz");
    await caseworker.sync();
    await listProvider(caseworker, { en: "A clinic", ckb: "کلینیکێک" });
    await caseworker.press("directory.propose");
    await said(caseworker, "directory.proposed");
    await caseworker.page.locator("#directory-search").fill("سةنتةري");
    await cardWith(caseworker, shown).waitFor();
    expect(await cardWith(caseworker, shown).locator("a[href='tel:07500001122']").count()).toBe(1);
    // One digit of the number is another: who confirms sees both.
    await cardWith(caseworker, shown).locator("summary").click();
    await caseworker.press("directory.edit");
    await caseworker.fill("field.reachProvider", "0750 000 1123");
    await caseworker.press("directory.propose");
    await caseworker.page.locator("#provider-title").waitFor({ state: "detached" });

    // The referral keeps who is meant by id; the name is looked up, also without a connection.
    await caseworker.context.setOffline(true);
    await caseworker.go("cases");
    await caseworker.page.locator(".case-row").first().click();
    await caseworker.settled();
    await caseworker.section("services");
    await caseworker.press("act.PrepareReferral");
    await caseworker.page.locator("form.panel select").first().selectOption("shelter");
    await caseworker.page.getByLabel(caseworker.word("field.recipient")).fill("سەنتەری");
    await caseworker.page.locator(".pick").filter({ hasText: shown }).click();
    await caseworker.page.locator(".picked").filter({ hasText: shown }).waitFor();
    await caseworker.choose("field.urgency", "option.urgency.24h");
    await caseworker.page.locator("form.panel textarea").first().fill("She cannot go home tonight.");
    await caseworker.press("form.save");
    await cardWith(caseworker, "She cannot go home tonight.").filter({ hasText: shown }).waitFor();
    await caseworker.context.setOffline(false);
    await caseworker.sync();

    await supervisor.sync();
    await supervisor.go("directory");
    const changed = cardWith(supervisor, "0750 000 1123");
    expect(await changed.textContent()).toContain(supervisor.word("directory.standsNow"));
    expect(await changed.locator("bdi.written").allTextContents()).toContain("0750 000 1122");
    await cardWith(supervisor, language === "en" ? "A clinic" : "کلینیکێک")
      .getByRole("button", { name: supervisor.word("directory.confirm") })
      .click();
    await supervisor.page.getByText(filled(supervisor, language, "directory.count", { count: 2 })).waitFor();
    expect(
      [...supervisor.complaints, ...caseworker.complaints].filter((each) => !each.includes("ERR_INTERNET")),
    ).toEqual([]);
    await supervisor.context.close();
    await caseworker.context.close();
  },
);

inLanguages("ckb")(
  "in %s: a lower risk level is approved beside its reasons, and the case goes to another colleague",
  async (language) => {
    const { supervisor, caseworker } = await makeTeam(casework, language);
    await caseworker.page.setViewportSize(laptop);
    const code = await openCase(caseworker, "Runak");
    await caseworker.section("assessment");
    await caseworker.press("act.RaiseRisk");
    await caseworker.choose("field.level", "option.level.high");
    await caseworker.fill("field.because", "Her brother has found the pictures.");
    await caseworker.press("form.save");
    await caseworker.page.locator(".case-head .bricks.high").waitFor();
    await caseworker.press("act.ProposeLowerRisk");
    await caseworker.choose("field.level", "option.level.medium");
    await caseworker.fill("field.because", "She is with her aunt now.");
    await caseworker.press("form.save");
    await caseworker.press("form.yes");
    await cardWith(caseworker, "She is with her aunt now.").waitFor();
    await caseworker.sync();
    expect(
      await caseworker.page
        .locator(".way")
        .filter({ hasText: caseworker.word("screen.supervise") })
        .count(),
    ).toBe(0);

    await supervisor.sync();
    // What keeps the case open leads whoever decides it to where it is decided.
    await openSection(supervisor, code, "closure");
    const { page, word } = supervisor;
    await page
      .locator(".ways-on button")
      .filter({ hasText: word("screen.supervise") })
      .click();
    await page.getByRole("heading", { level: 1, name: word("screen.supervise") }).waitFor();
    await supervisor.go("today");
    const waits = filled(supervisor, language, "today.approvals", { count: 1 });
    await supervisor.page
      .locator(".note")
      .filter({ hasText: waits })
      .getByRole("button", { name: supervisor.word("screen.supervise") })
      .click();
    const pressing = supervisor.page.locator(".card").filter({ hasText: code });
    await pressing.first().waitFor();
    const approval = cardWith(supervisor, "She is with her aunt now.");
    await approval.waitFor();
    const sides = approval.locator(".side");
    expect(await sides.first().textContent()).toContain(supervisor.word("option.level.high"));
    expect(await sides.last().textContent()).toContain(supervisor.word("option.level.medium"));
    await approval.getByRole("button", { name: supervisor.word("act.Approve"), exact: true }).click();
    await supervisor.page.locator("form.panel button[type=submit]").click();
    await said(supervisor, "approvals.empty");
    // Whoever decided hears that it was done, and goes on where it stood.
    await supervisor.page
      .locator("[role=status]")
      .filter({ hasText: `${code}: ${supervisor.word("event.ApprovalGiven")}` })
      .waitFor();
    await supervisor.page
      .locator("h2:focus")
      .filter({ hasText: supervisor.word("approvals.title") })
      .waitFor();
    await supervisor.sync();
    await supervisor.go("today");
    await supervisor.settled();
    expect(await supervisor.page.getByText(supervisor.word("today.approvals").replace(/\{.*/, "")).count()).toBe(0);

    await supervisor.go("cases");
    await supervisor.page.getByText(code).click();
    await supervisor.page.locator(".case-head .bricks.medium").waitFor();
    await supervisor.section("assessment");
    await supervisor.press("act.RaiseRisk");
    await supervisor.choose("field.level", "option.level.high");
    await supervisor.fill("field.because", "He has called again.");
    await supervisor.press("form.save");
    await supervisor.page.locator(".case-head .bricks.high").waitFor();

    await supervisor.go("supervise");
    await pressing
      .first()
      .getByRole("button", { name: supervisor.word("act.OfferResponsibility") })
      .click();
    await supervisor.page.locator("#reassign-to").selectOption({ index: 1 });
    await supervisor.page.locator("#reassign-because").fill("I stay with her this week.");
    await supervisor.press("supervise.ask");
    await said(supervisor, "supervise.asked");
    await supervisor.go("cases");
    await supervisor.page.getByText(code).click();
    await supervisor.section("people");
    await supervisor.press("act.AcceptResponsibility");
    await supervisor.page.locator("form.panel button[type=submit]").click();
    await supervisor.page.locator("form.panel").waitFor({ state: "detached" });
    await supervisor.go("supervise");
    const carried = supervisor.page.locator(".loads li").first();
    await carried.locator(".mark").first().waitFor();
    expect(await carried.textContent()).toMatch(/[1١]/);
    expect([...supervisor.complaints, ...caseworker.complaints]).toEqual([]);
    await supervisor.context.close();
    await caseworker.context.close();
  },
);

const digitsOn = (person: Person): Promise<readonly string[]> => person.page.locator(".kit .digits").allTextContents();

const lockAndUnlock = async (person: Person, password: string): Promise<void> => {
  await person.press("frame.lock");
  await person.page.locator("#password").fill(password);
  await person.press("unlock.unlock");
  await person.page.locator(".head").waitFor();
};

/** The same sheet with its last digit misread. */
const misread = (sheet: string): string => {
  const digits = sheet.replace(/\D/g, "");
  return `${digits.slice(0, -1)}${(Number(digits.at(-1)) + 1) % 10}`;
};

inLanguages("ckb")(
  "in %s: cases are opened again with two sheets after a day that everyone was told of",
  async (language) => {
    const { supervisor, caseworker, password } = await makeTeam(casework, language);
    await caseworker.page.setViewportSize(laptop);
    await supervisor.go("team");
    await supervisor.page
      .locator(".card")
      .nth(1)
      .getByRole("button", { name: supervisor.word("team.makeSupervisor") })
      .click();
    await supervisor.press("form.yes");
    await supervisor.page
      .locator(".card")
      .nth(1)
      .getByText(supervisor.word("option.role.supervisor"), { exact: true })
      .waitFor();
    await supervisor.go("settings");
    const offer = filled(supervisor, language, "recovery.make", { n: 3, k: 2 });
    await supervisor.page.getByRole("button", { name: offer }).click();
    await supervisor.page.locator(".kit .digits").nth(2).waitFor();
    const [first = "", second = ""] = await digitsOn(supervisor);
    await supervisor.press("recovery.propose");
    await said(supervisor, "account.WaitsForSecond");
    await caseworker.sync();
    await caseworker.go("today");
    const waits = filled(caseworker, language, "today.waitsForMe", { count: 1 });
    await caseworker.page.getByText(waits).waitFor();
    await caseworker.go("team");
    await caseworker.press("team.confirm");
    await caseworker.page.getByText(caseworker.word("team.waitingWhy")).waitFor({ state: "detached" });
    await openCase(caseworker, "Hana");
    await caseworker.sync();
    await supervisor.sync();
    await caseworker.go("today");
    await caseworker.settled();
    expect(await caseworker.page.getByText(waits).count()).toBe(0);

    await caseworker.go("settings");
    await caseworker.press("sheets.look");
    await said(caseworker, "sheets.none");
    await caseworker.press("sheets.ask");
    await caseworker.press("form.yes");
    await caseworker.page.locator("#sheet").fill(misread(first));
    await caseworker.press("sheets.check");
    const wrongGroup = filled(caseworker, language, "account.WrongGroup", { group: 17 });
    await caseworker.page.getByText(wrongGroup).waitFor();
    for (const [held, sheet] of [first, second].entries()) {
      await caseworker.page.locator("#sheet").fill(sheet);
      await caseworker.press("sheets.check");
      const count = filled(caseworker, language, "sheets.held", { held: held + 1, needed: 2 });
      await caseworker.page.getByText(count).waitFor();
    }
    expect(await caseworker.button("sheets.open").isDisabled()).toBe(true);

    // A supervisor sees it, and could forbid it.
    await supervisor.go("settings");
    await supervisor.press("sheets.look");
    await said(supervisor, "sheets.state.waiting");
    expect(await supervisor.button("sheets.forbid").isDisabled()).toBe(false);
    await supervisor.press("sheets.forbid");
    await said(supervisor, "sheets.state.forbidden");

    // Whoever waits for their day is told as well, without looking for it, and may ask again.
    await lockAndUnlock(caseworker, password);
    await said(caseworker, "sheets.ownForbidden");
    await caseworker.go("settings");
    await caseworker.press("sheets.look");
    await caseworker.press("sheets.ask");
    await caseworker.press("form.yes");
    for (const sheet of [first, second]) {
      await caseworker.page.locator("#sheet").fill(sheet);
      await caseworker.press("sheets.check");
    }
    await caseworker.page.getByText(filled(caseworker, language, "sheets.held", { held: 2, needed: 2 })).waitFor();
    await caseworker.go("today");
    await caseworker.settled();
    expect(await caseworker.page.getByText(caseworker.word("sheets.ownForbidden")).count()).toBe(0);

    await casework.served().pass(25);
    await caseworker.go("today");
    await caseworker.go("settings");
    await caseworker.press("sheets.look");
    await said(caseworker, "sheets.state.open");
    await caseworker.press("sheets.open");
    await caseworker.page.getByText(filled(caseworker, language, "sheets.done", { count: 1 })).waitFor();
    await said(caseworker, "sheets.after");

    // That it was done is told as well, without looking for it.
    await supervisor.go("today");
    await supervisor.go("settings");
    await supervisor.press("sheets.look");
    await said(supervisor, "sheets.state.used");
    await supervisor.go("today");
    const [, afterMoment = ""] = supervisor.word("sheets.everyoneUsed").split("{moment}");
    await supervisor.page.getByText(afterMoment.trim()).waitFor();
    // The next team begins on the day of its own devices again.
    await casework.served().pass(-25);
    expect([...supervisor.complaints, ...caseworker.complaints]).toEqual([]);
    await supervisor.context.close();
    await caseworker.context.close();
  },
);
