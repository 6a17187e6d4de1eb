/** In Chromium, slowed down six times: each opening in a fresh page with a fresh worker, by turns with the peer. */

import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "../../tests/browser.ts";
import { median } from "../benchmark.ts";
import { serveBrowserSite, type BrowserSite } from "./browser-site.ts";
import type { BrowserAnswer, BrowserTask, Place } from "./browser-tasks.ts";
import type { Fixture } from "./fixture.ts";
import type { Openings } from "./node-side.ts";
import type { Opened } from "./opening.ts";
import { throttle } from "./throttle.ts";

const turns = 5;

/** How many times slower the loop ran, beside the openings. */
export type SlowOpenings = Openings & { readonly timesSlower: number };

export const openInBrowser = async (fixture: Fixture): Promise<Readonly<Record<Place, SlowOpenings>>> => {
  const site = await serveBrowserSite(fixture);
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext();
    await onFreshPage(context, site, (page) => ask(page, "page", "prepare"));
    const openAll = (place: Place): Promise<SlowOpenings> => openByTurns(place, { browser, context, site });
    return { worker: await openAll("worker"), page: await openAll("page") };
  } finally {
    await browser.close();
    site.close();
  }
};

type Around = { readonly browser: Browser; readonly context: BrowserContext; readonly site: BrowserSite };

const openByTurns = async (place: Place, { browser, context, site }: Around): Promise<SlowOpenings> => {
  const [ours, pouchdb, slower]: [Opened[], number[], number[]] = [[], [], []];
  for (let turn = 0; turn < turns; turn++) {
    for (const task of ["open-ours", "open-pouchdb"] as const) {
      await onFreshPage(context, site, async (page) => {
        const before = await counted(page, place);
        const release = await throttle(place, browser, page);
        try {
          slower.push((await counted(page, place)) / before);
          // What a side gives stands in `browser-side.ts`.
          const opened = (await ask(page, place, task)) as Opened;
          if (task === "open-ours") ours.push(opened);
          else pouchdb.push(opened.openMilliseconds);
        } finally {
          await release();
        }
      });
    }
  }
  return { ours, pouchdb, timesSlower: median(slower) };
};

/** The second time, when the engine knows the loop. */
const counted = async (page: Page, place: Place): Promise<number> => {
  await ask(page, place, "count");
  return Number(await ask(page, place, "count"));
};

const onFreshPage = async (
  context: BrowserContext,
  { origin }: BrowserSite,
  use: (page: Page) => Promise<unknown>,
): Promise<void> => {
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  await page.waitForFunction(() => Reflect.has(globalThis, "askBenchmark"));
  await use(page);
  await page.close();
};

const ask = async (page: Page, place: Place, task: BrowserTask): Promise<unknown> => {
  const answer = await page.evaluate(
    ([where, what]) =>
      // Put there by `browser-page.ts`.
      (Reflect.get(globalThis, "askBenchmark") as (place: string, task: string) => Promise<BrowserAnswer>)(where, what),
    [place, task] as const,
  );
  if (answer.type === "failed") throw new Error(`The benchmark's page failed: ${answer.because}`);
  return answer.value;
};
