/** What the guide leaves on a device: nothing on its own; what is kept on request can be taken back. */

import type { Page, Route } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { type Visit, languages, pagePaths, useGuideBrowser } from "./guide-browser.ts";

const guide = useGuideBrowser();
let visit: Visit;

afterEach(() => visit.context.close());

const tracesOn = (page: Page): Promise<unknown> =>
  page.evaluate(async () => ({
    cookie: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));

const noTraces = { cookie: "", local: 0, session: 0, databases: 0, caches: 0, workers: 0 };

describe("on its own", () => {
  test.each(languages)(
    "every page in %s leaves nothing behind, asks nobody else and breaks no rule",
    async (language) => {
      visit = await guide.visit(`/${language}/`);
      for (const path of pagePaths) {
        await visit.page.goto(`${guide.origin()}/${language}/${path}`, { waitUntil: "load" });
        expect(await tracesOn(visit.page), path).toEqual(noTraces);
      }
      expect(await visit.context.cookies()).toEqual([]);
      expect(visit.strangers).toEqual([]);
      expect(visit.complaints).toEqual([]);
    },
  );

  test("answering questions and searching send nothing and write nothing into the address", async () => {
    visit = await guide.visit("/en/now/");
    await visit.page.waitForSelector(".choose");
    await visit.page.click(".asking summary");
    await visit.page.waitForFunction(() => document.querySelectorAll(".asking p").length > 1);
    const asked: string[] = [];
    visit.page.on("request", (request) => asked.push(request.url()));
    for (const _ of [1, 2, 3, 4]) await visit.page.click(".choose >> nth=1");
    expect(asked).toEqual([]);
    expect(visit.page.url()).toBe(`${guide.origin()}/en/now/`);
    expect(await tracesOn(visit.page)).toEqual(noTraces);

    await visit.page.goto(`${guide.origin()}/en/search/`);
    await visit.page.fill("#search-field", "police");
    await visit.page.waitForSelector(".results li");
    expect(asked.filter((address) => address.includes("police"))).toEqual([]);
    expect(await tracesOn(visit.page)).toEqual(noTraces);
  });
});

describe("kept on the device", () => {
  test("a language opens without a network, and removing it takes everything back", async () => {
    visit = await guide.visit("/ckb/keep/");
    const { page, context } = visit;
    await page.click("#keep-place button");
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.waitForFunction(() => document.querySelector("#keep-place button:enabled") !== null);

    await context.setOffline(true);
    for (const path of pagePaths) {
      const answer = await page.goto(`${guide.origin()}/ckb/${path}`);
      expect(answer?.ok(), path).toBe(true);
    }
    await page.goto(`${guide.origin()}/ckb/now/`);
    await page.waitForSelector(".question .choose");
    await page.click(".asking summary");
    await page.waitForFunction(() => document.querySelectorAll(".asking p").length > 1);

    const other = await context.newPage();
    await other.goto(`${guide.origin()}/ckb/now/`);
    await other.waitForSelector(".question .choose");
    await page.goto(`${guide.origin()}/ckb/keep/`);
    await page.click("#keep-place button");
    await page.waitForFunction(() => document.querySelector("#keep-place button:enabled") !== null);
    expect(await tracesOn(page)).toEqual(noTraces);
    // A page that is still open in another tab asks its worker for more, and brings nothing back.
    await context.setOffline(false);
    await other.click(".asking summary");
    await other.waitForFunction(() => document.querySelectorAll(".asking p").length > 1);
    expect(await tracesOn(page)).toEqual(noTraces);
    expect(visit.complaints).toEqual([]);
  });

  test("only the language that was asked for is kept", async () => {
    visit = await guide.visit("/en/keep/");
    await visit.page.click("#keep-place button");
    await visit.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const kept = await visit.page.evaluate(async () => {
      const names = await caches.keys();
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return requests.flat().map(({ url }) => new URL(url).pathname);
    });
    expect(kept).toContain("/en/numbers/");
    expect(kept.filter((path) => /^\/(ar|ckb|kmr)\/|\/(ar|ckb|kmr)-/.test(path))).toEqual([]);
  });

  test("what is still loading is not called kept, and nothing stays of a keeping that was broken off", async () => {
    visit = await guide.visit("/en/keep/");
    const { page, context } = visit;
    const held: Route[] = [];
    await context.route("**/assets/en-other-more-*", (route) => void held.push(route));
    await page.click("#keep-place button");
    await expect.poll(() => held.length).toBe(1);
    expect(await page.textContent("#keep-status")).toBe("Loading …");
    await page.reload();
    await page.waitForSelector("#keep-place button:enabled");
    expect(await page.textContent("#keep-status")).toBe("The guide is not kept on this device.");
    await held[0]?.abort();
    await expect.poll(() => tracesOn(page)).toEqual(noTraces);
    // As a phone leaves it that went out meanwhile.
    await page.evaluate(() => caches.open("guide /en/ 00000000"));
    await page.reload();
    await page.waitForSelector("#keep-place button:enabled");
    expect(await tracesOn(page)).toEqual(noTraces);
  });

  test("where the browser refuses, nothing can be kept, and the page says so", async () => {
    visit = await guide.visit("/en/");
    await visit.context.addInitScript(() => {
      CacheStorage.prototype.keys = () => Promise.reject(new DOMException("Not here.", "SecurityError"));
    });
    await visit.page.goto(`${guide.origin()}/en/keep/`, { waitUntil: "networkidle" });
    expect(await visit.page.locator("#keep-unable").isVisible()).toBe(true);
    expect(await visit.page.locator("#keep-place button").count()).toBe(0);
    expect(visit.complaints).toEqual([]);
  });

  test("without script nothing can be kept, and the page says so", async () => {
    visit = await guide.visit("/en/keep/", { javaScriptEnabled: false });
    expect(await visit.page.locator("#keep-unable").isVisible()).toBe(true);
    expect(await visit.page.locator("#keep-place button").count()).toBe(0);
  });
});
