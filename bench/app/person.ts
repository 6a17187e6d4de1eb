/** The built app in Chromium, as somebody meets it: a page that waits for the password of a device with ten thousand cases. */

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, Page, Request } from "playwright-core";
import { typedName } from "../caseload/rows.ts";
import type { Fixture } from "../caseload/fixture.ts";
import { password } from "../caseload/opening.ts";
import { median } from "../benchmark.ts";
import { forgetPeakOf, megabytesOf, peakMegabytesOf } from "../exchange/usage.ts";
import { renderersOf, throttle } from "../caseload/throttle.ts";
import { processorTimeOf, spentBetween, type ProcessorTime } from "./processor-time.ts";

/** Everything of one visit. Times in milliseconds, from what somebody does until it is on the screen. */
export type Visit = {
  /** The same way, to a page of the same server that has nothing in it. */
  readonly emptyPage: number;
  /** From the address until the password can be typed. */
  readonly ready: number;
  /** Of all scripts that were there once the app could unlock, gzipped. */
  readonly scriptBytes: number;
  /** A wrong password takes what stretching takes, and little more. */
  readonly wrongPassword: number;
  readonly unlock: number;
  readonly letters: readonly Letter[];
  /** What a letter would take if nothing were searched and nothing drawn. */
  readonly emptyFrames: readonly Letter[];
  readonly memory: Memory;
};

/** How long one waits for it, and how long the two threads that answer it work. */
export type Letter = { readonly milliseconds: number; readonly processor: ProcessorTime };

/** Of the process that holds page and worker, in megabytes. */
export type Memory = {
  /** Where the password can be typed, before anything was stretched or opened. */
  readonly beforePassword: number;
  /** The most that it held from there until after the search. */
  readonly peak: number;
};

export type Visiting = { readonly browser: Browser; readonly origin: string; readonly fixture: Fixture };

const root = join(import.meta.dirname, "../..");
const restMilliseconds = 1_000;
const stepMilliseconds = 240_000;
const betweenLettersMilliseconds = 500;
/** What is slow is small. */
const phone = { width: 360, height: 640 };

/** On a fresh profile whose storage was filled beforehand, without the line to the server, and slowed down where asked. */
export const visit = async ({ browser, origin, fixture }: Visiting, isSlow: boolean): Promise<Visit> => {
  // The service worker would answer from what it kept; a first load is what is measured.
  const context = await browser.newContext({ serviceWorkers: "block", viewport: phone });
  try {
    await context.route("**/api/**", (route) => route.abort());
    await context.addInitScript(countAnswers);
    await context.addInitScript(prepareTyping);
    const page = await context.newPage();
    page.setDefaultTimeout(stepMilliseconds);
    await fill(page, origin, fixture);
    const release = isSlow ? await throttle("worker", browser, page) : () => Promise.resolve();
    try {
      return await walk(context, page, origin, browser);
    } finally {
      await release();
    }
  } finally {
    await context.close();
  }
};

const walk = async (context: BrowserContext, page: Page, origin: string, browser: Browser): Promise<Visit> => {
  const scripts: Request[] = [];
  context.on("requestfinished", (request) => {
    if (/\.js(\?|$)/.test(request.url())) scripts.push(request);
  });
  const empty = await context.newPage();
  const emptyPage = await timed(async () => {
    await empty.goto(`${origin}/app/app.webmanifest`, { waitUntil: "commit" });
    await empty.locator("body").waitFor();
  });
  await empty.close();
  const ready = await timed(async () => {
    await page.goto(`${origin}/app/`, { waitUntil: "commit" });
    await page.locator("#password:enabled").waitFor();
  });
  // What comes after it is loaded while somebody types; here it is waited for, so that it is nobody's time.
  await page.waitForLoadState("networkidle");
  const preparedAt = await page.evaluate(momentPrepared);
  const first = scripts.filter((script) => cameAt(script) <= preparedAt);
  const renderers = await renderersOf(browser);
  const beforePassword = Math.max(...renderers.map(megabytesOf));
  // What the storage was filled with came through this process.
  renderers.forEach(forgetPeakOf);
  const scriptBytes = (await Promise.all(first.map(gzippedBytes))).reduce((sum, each) => sum + each, stretchingBytes());
  const wrongPassword = await timed(async () => {
    await enter(page, `${password}, not`);
    await page.locator("#unlock-refusal.why").waitFor();
  });
  const unlock = await timed(async () => {
    await enter(page, password);
    await page.locator(".due-cases li").first().waitFor();
  });
  const letters = await typeName(page, renderers);
  // The rows of the last letter that were not in sight are drawn a moment later.
  await wait(restMilliseconds);
  const emptyFrames: Letter[] = [];
  for (const _ of letters) emptyFrames.push(await letterOf(renderers, () => page.evaluate(askPrepared, undefined)));
  const memory = { beforePassword, peak: Math.max(...renderers.map(peakMegabytesOf)) };
  return { emptyPage, ready, scriptBytes, wrongPassword, unlock, letters, emptyFrames, memory };
};

const letterOf = async (renderers: readonly number[], typed: () => Promise<number>): Promise<Letter> => {
  const before = processorTimeOf(renderers);
  const milliseconds = await typed();
  return { milliseconds, processor: spentBetween(before, processorTimeOf(renderers)) };
};

const timed = async (step: () => Promise<void>): Promise<number> => {
  const startedAt = performance.now();
  await step();
  return performance.now() - startedAt;
};

const gzippedBytes = async (request: Request): Promise<number> => {
  const response = await request.response();
  return response === null ? 0 : gzipSync(await response.body(), { level: 9 }).length;
};

/** The worker's own worker: the browser tells nobody outside that its script has come, and it always does by then. */
const stretchingBytes = (): number => {
  const scripts = globSync(join(root, "apps/casework/dist/assets/stretching-*.js"));
  if (scripts.length !== 1) throw new Error("The script that stretches a password is not where it was built.");
  return scripts.reduce((sum, script) => sum + gzipSync(readFileSync(script), { level: 9 }).length, 0);
};

const cameAt = (request: Request): number => {
  const { startTime, responseEnd } = request.timing();
  return startTime + responseEnd;
};

/** From the press of the key on: what is typed letter by letter is not timed. */
const enter = async (page: Page, text: string): Promise<void> => {
  await page.locator("#password").fill(text);
  await page.locator("#password").press("Enter");
};

const words = JSON.parse(readFileSync(join(root, "apps/casework/texts/en.json"), "utf8")) as Readonly<
  Record<string, string>
>; // The app's own texts: each key has a text.

const typeName = async (page: Page, renderers: readonly number[]): Promise<readonly Letter[]> => {
  await page
    .locator(".way:visible, .bar-way:visible")
    .filter({ hasText: words["screen.cases"] ?? "" })
    .first()
    .click();
  await page.locator(".case-row").first().waitFor();
  const letters: Letter[] = [];
  for (let length = 1; length <= typedName.length; length++) {
    const typed = typedName.slice(0, length);
    // A finger takes a while to the next letter, and what was not in sight comes meanwhile.
    await wait(betweenLettersMilliseconds);
    letters.push(await letterOf(renderers, () => page.evaluate(askPrepared, typed)));
  }
  if ((await page.locator(".case-row").count()) === 0) throw new Error("The search of the benchmark found nobody.");
  return letters;
};

/** The first answer says how the device stands, the second that it can unlock: what is loaded after that is for later. */
const momentPrepared = (): number => {
  const counted = Reflect.get(globalThis, "benchmarkCounted") as { readonly preparedAt: number }; // Put there below.
  return counted.preparedAt;
};

/** In the page, before its scripts: counts what comes from the app's workers. */
const countAnswers = (): void => {
  const counted = { answers: 0, preparedAt: Infinity, onAnswer: (): void => undefined };
  Reflect.set(globalThis, "benchmarkCounted", counted);
  const Original = globalThis.Worker;
  // eslint-disable-next-line house/no-class-for-data -- a worker is made with `new`, and so is one that is listened to
  globalThis.Worker = class extends Original {
    constructor(...settings: ConstructorParameters<typeof Original>) {
      super(...settings);
      this.addEventListener("message", () => {
        counted.answers += 1;
        counted.onAnswer();
        if (counted.answers === 2) counted.preparedAt = performance.timeOrigin + performance.now();
      });
    }
  };
};

/**
 * In the page, before its scripts, so that a letter does not wait for this to be read: how long it takes from the letter until
 * the frame that shows what was found, and without a text, how long as many frames take in which nothing is to be done.
 */
const prepareTyping = (): void => {
  const frame = (): Promise<unknown> =>
    new Promise((resolve) => {
      requestAnimationFrame(resolve);
    });
  const typeInto = async (text: string): Promise<void> => {
    const counted = Reflect.get(globalThis, "benchmarkCounted") as { onAnswer: () => void }; // Put there above.
    const field = document.querySelector<HTMLInputElement>("#search");
    if (field === null) throw new Error("The search is not there.");
    const answered = new Promise<void>((resolve) => {
      counted.onAnswer = resolve;
    });
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await answered;
  };
  Reflect.set(globalThis, "benchmarkTyping", async (text: string | undefined): Promise<number> => {
    await frame();
    const startedAt = performance.now();
    if (text !== undefined) await typeInto(text);
    // The frame in which it is drawn, and the one after it, which comes when that is done.
    await frame();
    await frame();
    return performance.now() - startedAt;
  });
};

const askPrepared = (text: string | undefined): Promise<number> => {
  const typing = Reflect.get(globalThis, "benchmarkTyping") as (typed: string | undefined) => Promise<number>; // Put there above.
  return typing(text);
};

const databaseVersion = 1;

/** Into the storage of the app, from a page of the same origin that is not the app. */
const fill = async (page: Page, origin: string, { contents }: Fixture): Promise<void> => {
  await page.goto(`${origin}/app/no-such-page`);
  const stored = [...contents].map(([name, value]) => [name, Buffer.from(value).toString("base64")] as const);
  await page.evaluate(putAll, { stored, databaseVersion });
};

/** In the page. Names are those of `apps/casework/src/worker/store.ts`. */
const putAll = async (given: {
  readonly stored: readonly (readonly [string, string])[];
  readonly databaseVersion: number;
}): Promise<void> => {
  const opening = indexedDB.open("notes", given.databaseVersion);
  opening.onupgradeneeded = () => void opening.result.createObjectStore("pages");
  await new Promise((resolve, reject) => {
    opening.onsuccess = resolve;
    opening.onerror = reject;
  });
  const transaction = opening.result.transaction("pages", "readwrite");
  for (const [name, text] of given.stored) {
    const value = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    transaction.objectStore("pages").put(value, name);
  }
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = reject;
  });
  opening.result.close();
};

export const medianOf = (visits: readonly Visit[], of: (visit: Visit) => number): number => median(visits.map(of));
