/** A colleague leaves who carried a case: what waits for somebody else then says so, and what to do, until it is done. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { card, filled, openSection, pressIn, writeNote } from "./casework-acts.ts";
import { makeBegunOrganisation } from "./casework-begun-organisation.ts";
import { openCase, phone, useCaseworkBrowser, type Person } from "./casework-browser.ts";
import { problemsOf } from "./casework-looks.ts";

const organisation = makeBegunOrganisation();
const casework = useCaseworkBrowser(organisation.seed);
let nasrin: Person, omar: Person;
beforeAll(async () => {
  nasrin = await organisation.signIn(casework, "Nasrin", "en");
  omar = await organisation.signIn(casework, "Omar", "en", { viewport: phone });
});
afterAll(() => Promise.all([nasrin, omar].map(({ context }) => context.close())));

test("a case with one reader left says that a colleague must be let in, and gets its new key with that", async () => {
  const { page } = nasrin;
  const code = await openCase(omar, "Dilnaz");
  await omar.sync();
  await nasrin.sync();
  await nasrin.go("team");
  await pressIn(nasrin, card(nasrin, "Omar").first(), "team.left");
  await nasrin.press("form.yes");
  await card(nasrin, "Omar").first().waitFor({ state: "detached" });

  // Where a name still stands, it is said that nobody is behind it any more.
  const gone = nasrin.word("team.left");
  await page.locator(".plain-list li", { hasText: "Omar" }).getByText(gone, { exact: true }).waitFor();
  await nasrin.go("supervise");
  await page.locator(".loads li", { hasText: "Omar" }).getByText(gone, { exact: true }).waitFor();
  await nasrin.press("newKeys.look");
  await page.getByText(nasrin.word("newKeys.alone")).waitFor();
  // It cannot be given one now.
  expect(await nasrin.button("newKeys.renew").count()).toBe(0);
  expect(await problemsOf(nasrin, "cases that wait for a colleague")).toEqual([]);

  await writeNote(nasrin, code, "Written after he had left.");
  await page.locator(".sync").click();
  await nasrin.go("today");
  const waiting = card(nasrin, nasrin.word("access.what.renew"));
  await waiting.getByText(nasrin.word("access.alone")).waitFor();
  await openSection(nasrin, code, "people");
  await card(nasrin, "Omar")
    .filter({ has: page.getByRole("button") })
    .getByText(gone, { exact: true })
    .waitFor();
  // So does the head, which is always in sight: Omar carries the case, and can see it.
  await page.locator(".case-head .fine", { hasText: "Omar" }).getByText(gone, { exact: true }).waitFor();
  const carries = card(nasrin, "Omar").filter({ hasNot: page.getByRole("button") });
  await carries.first().getByText(gone, { exact: true }).waitFor();
  await page
    .locator("p.why")
    .filter({ hasText: nasrin.word("access.alone") })
    .first()
    .waitFor();
  await page
    .getByRole("button", { name: filled(nasrin, "en", "access.giveTo", { name: "Hevî" }), exact: true })
    .click();
  await nasrin.press("form.yes");
  await card(nasrin, "Hevî").waitFor();
  await nasrin.sync();
  await nasrin.settled();
  expect(await page.getByText(nasrin.word("access.alone")).count()).toBe(0);
  await nasrin.go("supervise");
  await nasrin.press("newKeys.look");
  await page.getByText(nasrin.word("newKeys.none")).waitFor();

  // Nobody is left who could confirm new sheets beside her: she is not told to wait for it.
  await nasrin.go("settings");
  await page.getByRole("button", { name: filled(nasrin, "en", "recovery.make", { n: 3, k: 2 }) }).click();
  await nasrin.press("recovery.propose");
  await page.getByText(nasrin.word("recovery.countsNow")).waitFor();
  expect(nasrin.complaints).toEqual([]);
});
