/**
 * The codes that the app draws, each kind read back from the picture of the screen by a library that is not ours, at the size that
 * is shown and printed, and what was read used for what it is for: an invitation, the kit, the recovery sheets.
 */

import type { Page, Route } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { begin, laptop, phone, useCaseworkBrowser, type Person } from "./casework-browser.ts";
import { readCode, squareMillimetres } from "./code-reader.ts";

const casework = useCaseworkBrowser();
let founder: Person;
let password: string;
let blank: Page;
beforeAll(async () => {
  founder = await casework.person("en", { viewport: phone });
  blank = (await casework.person("en")).page;
  password = await begin(founder, await casework.served().setUpLink(), "en");
});

/** A4, as wide as browsers take it, in the pixels that they print 96 of to the inch. */
const paper = { width: 794, height: 1123 };
/** Smaller than this, the camera of an old phone does not tell the squares apart at a hand's distance. */
const squareMillimetresMin = 0.4;

const shown = [
  { how: "on a phone", viewport: phone, media: { colorScheme: "light" } },
  { how: "on a phone in the dark", viewport: phone, media: { colorScheme: "dark" } },
  { how: "on a laptop", viewport: laptop, media: { colorScheme: "light" } },
] as const;

/** What the one code on the page says, the same however it is shown. */
const readShown = async (page: Page, selector: string): Promise<string> => {
  const read: (string | undefined)[] = [];
  for (const { viewport, media } of shown) {
    await page.setViewportSize(viewport);
    await page.emulateMedia(media);
    read.push(await readCode(blank, page.locator(selector)));
  }
  await page.emulateMedia({ colorScheme: null });
  expect(new Set(read).size).toBe(1);
  return read[0] ?? "";
};

const readPrinted = async (page: Page, selector: string): Promise<string | undefined> => {
  await page.setViewportSize(paper);
  await page.emulateMedia({ media: "print" });
  const read = await readCode(blank, page.locator(selector));
  expect(await squareMillimetres(page.locator(selector))).toBeGreaterThan(squareMillimetresMin);
  await page.emulateMedia({ media: null });
  await page.setViewportSize(laptop);
  return read;
};

const digitsIn = async (page: Page, place: number): Promise<string> =>
  ((await page.locator(".kit .digits").nth(place).textContent()) ?? "").replace(/\D/g, "");

test("the code of the kit holds its digits, on the screen and on paper, and opens the account on another device", async () => {
  const { page } = founder;
  const digits = await digitsIn(page, 0);
  expect(digits).toMatch(/^\d{40,}$/);
  expect(await readShown(page, "svg.code")).toBe(digits);
  const printed = await readPrinted(page, "svg.code");
  expect(printed).toBe(digits);

  const tablet = await casework.person("en");
  // Whatever comes after the organisation's own log, hundreds of cases say, nobody waits for it.
  const held: Route[] = [];
  await tablet.context.route("**/api/compare", (route) => void held.push(route));
  await tablet.page.goto(`${casework.served().origin}/app/#kit=${printed ?? ""}`);
  await tablet.page.locator("#own").fill(password);
  await tablet.press("begin.begin");
  await tablet.page.getByText(tablet.word("begin.done")).waitFor();
  // What a first fetch cannot prove by itself, six groups read aloud do: the same on both.
  await tablet.page.locator(".six-words").waitFor();
  // While it still fetches.
  await tablet.page.getByText(tablet.word("begin.fetching")).waitFor();
  const fetched = await tablet.page.evaluate(() =>
    [...document.querySelectorAll(".six-words li")].map(({ textContent }) => textContent),
  );
  // The words are shown before the device asks what there is besides.
  await expect.poll(() => held.length).toBe(1);
  await tablet.context.unroute("**/api/compare");
  await held[0]?.continue();
  await tablet.page.getByText(tablet.word("begin.fetching")).waitFor({ state: "detached" });
  expect(await tablet.page.locator(".six-words li").allTextContents()).toEqual(fetched);
  await founder.press("begin.open");
  await founder.go("settings");
  await founder.press("compare.show");
  await page.locator(".six-words").waitFor();
  expect(await page.locator(".six-words li").allTextContents()).toEqual(fetched);
  expect(fetched).toHaveLength(6);
  expect([...founder.complaints, ...tablet.complaints]).toEqual([]);
  await tablet.context.close();
});

test("the code of an invitation is the link that stands beside it, and a new colleague begins with it", async () => {
  const { page } = founder;
  await founder.go("team");
  await founder.press("team.inviteMake");
  const link = (await page.locator(".made.long").textContent())?.trim();
  const read = await readShown(page, "svg.code");
  expect(read).toBe(link);
  const colleague = await casework.person("en", { viewport: phone });
  await begin(colleague, read, "en");
  const told = await colleague.page.locator(".six-words li").allTextContents();
  await founder.press("team.look");
  await page.locator(".six-words").waitFor();
  expect(await page.locator(".six-words li").allTextContents()).toEqual(told);
  await founder.press("team.same");
  await page.locator(".card h3", { hasText: "2" }).waitFor();
  await colleague.context.close();
});

test("each recovery sheet is printed alone, and its code holds its own digits", async () => {
  const { page, word } = founder;
  await founder.go("settings");
  const offer = word("recovery.make").replace("{n}", "3").replace("{k}", "2");
  await page.getByRole("button", { name: offer }).click();
  await page.locator(".kit").nth(2).waitFor();
  // What would go on paper is looked at when the browser is asked to print.
  await page.evaluate(() => {
    window.print = () => {
      const places = [...document.querySelectorAll(".kit")].flatMap((kit, place) =>
        kit.classList.contains("not-printed") ? [] : [place],
      );
      document.documentElement.dataset["printed"] = places.join();
    };
  });
  const codes: string[] = [];
  for (const place of [0, 1, 2]) {
    const kit = page.locator(".kit").nth(place);
    await kit.getByRole("button", { name: word("kit.print") }).click();
    expect(await page.locator("html").getAttribute("data-printed")).toBe(`${place}`);
    const digits = await digitsIn(page, place);
    const selector = `:nth-match(.kit, ${place + 1}) svg.code`;
    expect(await readShown(page, selector)).toBe(digits);
    expect(await readPrinted(page, selector)).toBe(digits);
    codes.push(digits);
  }
  expect(new Set(codes).size).toBe(3);
  expect(founder.complaints).toEqual([]);
});
