/** With the keyboard, or read aloud: whoever presses what then goes away stays where they are, and is not sent to the top of the page. */

import { expect, test } from "vitest";
import { makeBegunOrganisation } from "./casework-begun-organisation.ts";
import { useCaseworkBrowser } from "./casework-browser.ts";
import { heldBackCount, holdBack, letGo } from "./casework-calls.ts";

const organisation = makeBegunOrganisation();
const casework = useCaseworkBrowser(organisation.seed);

test("the focus goes to what has come in the place of what was pressed, and back", async () => {
  const nasrin = await organisation.signIn(casework, "Nasrin", "en");
  const { page, word } = nasrin;
  const press = async (key: string): Promise<void> => {
    await nasrin.button(key).first().focus();
    await page.keyboard.press("Enter");
  };
  const isOn = (key: string): Promise<void> =>
    page
      .locator("button:focus")
      .filter({ hasText: word(key) })
      .first()
      .waitFor();

  await nasrin.go("team");
  await nasrin.settled();
  // Read aloud: what is the same word for each colleague says about whom it is.
  for (const key of ["team.makeSupervisor", "team.left", "teams.takeOut"]) {
    const about = await nasrin
      .button(key)
      .evaluateAll((all) =>
        all.map((each) => document.getElementById(each.getAttribute("aria-describedby") ?? "")?.textContent),
      );
    expect(about, key).toEqual(["Shilan", "Omar", "Hevî"]);
  }
  // Also where a slow device has to read first whether it was begun before: longer than the focus waits for anything else.
  await holdBack(page, "formDrafts");
  await press("teams.form");
  await expect.poll(() => heldBackCount(page)).toBe(1);
  await page.waitForTimeout(300);
  await letGo(page);
  await page.locator("#team-name:focus").waitFor();
  await page.locator("form.panel .moves .quiet").focus();
  await page.keyboard.press("Enter");
  await isOn("teams.form");

  // Where it is asked again, on what changes nothing.
  await press("team.makeSupervisor");
  await isOn("form.cancel");
  await page.keyboard.press("Enter");
  await isOn("team.makeSupervisor");

  // What cannot be pressed while it works has the focus again afterwards.
  await press("team.inviteMake");
  await page.locator(".made.long").waitFor();
  await isOn("team.inviteMake");
  await press("team.close");
  await page.locator(".made.long").waitFor({ state: "detached" });
  await page.locator("main button:focus").waitFor();

  await nasrin.go("supervise");
  await press("cover.arrange");
  await page.locator("form.panel input:focus").waitFor();
  expect(nasrin.complaints).toEqual([]);
  await nasrin.context.close();
});
