/**
 * Every screen and every section of a case: no violation that axe finds, nothing wider than a small phone, no complaint.
 *
 * `AMANA_LOOK=folder npx vitest run --project browser tests/browser/casework-screens.test.ts` also leaves a picture of each in that
 * folder for people to look at, light on a phone and dark on a laptop; with `AMANA_LONG=1` both of either.
 */

import { expect, test } from "vitest";
import { laptop, languages, makeTeam, openCase, useCaseworkBrowser, type Person } from "./casework-browser.ts";
import { problemsOf } from "./casework-looks.ts";

const casework = useCaseworkBrowser();
const isLongRun = process.env["AMANA_LONG"] === "1";

test.each(isLongRun ? languages : (["en", "ckb"] as const))(
  "the screens in %s can be used by everybody, on a phone of 360 pixels too",
  async (language) => {
    const { supervisor, caseworker } = await makeTeam(casework, language);
    await openCase(caseworker, "Dilnaz");
    await caseworker.page.setViewportSize(laptop);
    const problems: string[] = [];
    // The colours are the same in every language.
    const look = (person: Person, name: string): Promise<readonly string[]> =>
      problemsOf(person, name, language === "en");
    const sections = [
      ...["now", "questions", "person", "assessment", "consent", "safety", "services", "content"],
      ...["law", "follow-up", "notes", "closure", "history", "people"],
    ];
    for (const section of sections) {
      await caseworker.section(section);
      problems.push(...(await look(caseworker, section)));
    }
    for (const screen of ["today", "cases", "new-case", "team", "directory", "guide", "settings"]) {
      await caseworker.go(screen);
      problems.push(...(await look(caseworker, screen)));
    }
    await supervisor.sync();
    await supervisor.go("supervise");
    await supervisor.press("cover.arrange");
    problems.push(...(await look(supervisor, "supervise")));
    await supervisor.go("team");
    await supervisor.press("teams.form");
    problems.push(...(await look(supervisor, "team of a supervisor")));
    await supervisor.go("directory");
    await supervisor.press("directory.add");
    await supervisor.page.locator("#name-en").waitFor();
    problems.push(...(await look(supervisor, "a provider")));
    await supervisor.go("settings");
    await supervisor.press("sheets.look");
    await supervisor.page.getByText(supervisor.word("sheets.none")).waitFor();
    problems.push(...(await look(supervisor, "settings of a supervisor")));
    await caseworker.press("frame.lock");
    await caseworker.page.locator("#password").waitFor();
    problems.push(...(await look(caseworker, "unlock")));
    expect(problems).toEqual([]);
    expect(caseworker.complaints).toEqual([]);
    await supervisor.context.close();
    await caseworker.context.close();
  },
);
