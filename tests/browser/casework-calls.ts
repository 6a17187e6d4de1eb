/**
 * What a page of the app has asked its worker, and whether it was answered: only a page that waits for no answer shows all that it
 * will show, and only then does it say something that a thing is not there. Whoever looks at one therefore waits until it is so.
 */

import type { BrowserContext, Locator, Page } from "playwright-core";

/** By the numbers that the page gives its calls; of what is asked and answered nothing is held. */
type Calls = {
  /** Of the newest. */
  last: number;
  /** The newest when all of them were answered and shown. */
  lastShown: number;
  /** Under what names. */
  readonly unanswered: Map<number, string>;
  /** Those that asked for an exchange with the server. */
  readonly exchanges: number[];
};

type Said = { readonly kind: string; readonly call: number; readonly name: string };

/**
 * `AMANA_SLOW=300` lets whatever a worker says come so many milliseconds later, as on a busy machine: a test that looks too early
 * misses then each time, and not once in a hundred.
 */
const slowMilliseconds = Number(process.env["AMANA_SLOW"] ?? 0);

const slowDown = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript((milliseconds) => {
    type Listen = (this: Worker, type: string, hear: (event: Event) => void) => void;
    const wait = window.setTimeout.bind(window);
    const listen = Reflect.get(Worker.prototype, "addEventListener") as Listen; // The browser's own.
    const listenLater: Listen = function (type, hear) {
      listen.call(this, type, (event) => void wait(() => hear(event), milliseconds));
    };
    Reflect.set(Worker.prototype, "addEventListener", listenLater);
  }, slowMilliseconds);

/** In every page of this context, from before the app begins. */
export const watchCalls = async (context: BrowserContext): Promise<void> => {
  if (slowMilliseconds > 0) await slowDown(context);
  await context.addInitScript(() => {
    const calls: Calls = { last: 0, lastShown: 0, unanswered: new Map(), exchanges: [] };
    Reflect.set(globalThis, "calls", calls);
    const heard = new WeakSet<Worker>();
    const inTheNextFrame = window.requestAnimationFrame.bind(window);
    /** What is measured once it is laid out is right in the second frame. */
    const show = (last: number): void =>
      void inTheNextFrame(() => inTheNextFrame(() => (calls.lastShown = Math.max(calls.lastShown, last))));
    const hear = ({ data }: MessageEvent<Said>): void => {
      if (data.kind !== "answered") return;
      calls.unanswered.delete(data.call);
      if (calls.unanswered.size === 0) show(calls.last);
    };
    const postMessage = Reflect.get(Worker.prototype, "postMessage") as (this: Worker, said: Said) => void; // The browser's own.
    Worker.prototype.postMessage = function (this: Worker, said: Said): void {
      calls.last = said.call;
      calls.unanswered.set(said.call, said.name);
      if (said.name === "sync") calls.exchanges.push(said.call);
      // The app listens already: what it asks next because of an answer is asked before that answer is taken off here.
      if (!heard.has(this)) this.addEventListener("message", hear);
      heard.add(this);
      postMessage.call(this, said);
    };
  });
};

/** The page waits for no answer, and what the answers have changed is on the screen; where it begins anew meanwhile, that page. */
export const untilSettled = async (page: Page): Promise<void> => {
  try {
    await page.waitForFunction(() => {
      const calls = Reflect.get(globalThis, "calls") as Calls | undefined; // Put there above, on pages of the app.
      // Whoever asks nothing changes the page in the task of the press.
      return calls === undefined || (calls.unanswered.size === 0 && calls.lastShown === calls.last);
    });
  } catch (cause) {
    throw new Error(`The page does not settle: it waits for ${await unansweredOn(page)}.`, { cause });
  }
};

const unansweredOn = async (page: Page): Promise<string> => {
  if (page.isClosed()) return "nothing, it is closed";
  const names = await page.evaluate(() => {
    const calls = Reflect.get(globalThis, "calls") as Calls | undefined; // Put there above, on pages of the app.
    return [...(calls?.unanswered.values() ?? [])];
  });
  return names.join(", ");
};

/** What looks at the page as it is in that moment, or waits for no more than that there is something to look at. */
const looks = [
  ...(["all", "allInnerTexts", "allTextContents", "boundingBox", "count", "evaluate", "evaluateAll"] as const),
  ...(["getAttribute", "innerHTML", "innerText", "inputValue", "isChecked", "isDisabled", "isEditable"] as const),
  ...(["isEnabled", "isHidden", "isVisible", "screenshot", "textContent"] as const),
] satisfies readonly (keyof Locator)[];

const isLookWaiting = Symbol.for("a look waits until the page has settled");

/**
 * [Note: A look waits] On a busy machine whoever looked at once found what had stood there before, or nothing yet; and where
 * nothing was expected, that could not fail. So each look of Playwright's locators waits first until the page has settled, and
 * nobody has to think of it. A page on which an answer is held back on purpose is waited for with `waitFor`, which waits for no
 * other; what `page.evaluate` looks at says `settled` before it.
 */
export const waitBeforeLooks = (page: Page): void => {
  const locators = Object.getPrototypeOf(page.locator("html")) as object;
  if (Reflect.has(locators, isLookWaiting)) return;
  Reflect.set(locators, isLookWaiting, true);
  for (const name of looks) {
    const look = Reflect.get(locators, name) as (this: Locator, ...given: unknown[]) => Promise<unknown>; // Playwright's own.
    Reflect.set(locators, name, async function (this: Locator, ...given: unknown[]) {
      await untilSettled(this.page());
      return look.apply(this, given);
    });
  }
};

/** As though the page had asked something, and showed the answer a moment later: an empty `.shown-later`. */
export const askAndShowLater = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const calls = Reflect.get(globalThis, "calls") as Calls; // Put there above.
    const call = -1;
    calls.unanswered.set(call, "askAndShowLater");
    setTimeout(() => {
      const shown = document.createElement("p");
      shown.className = "shown-later";
      document.body.append(shown);
      calls.unanswered.delete(call);
    }, 300);
  });

/** The number of the newest call of this page. */
export const lastCallOf = (page: Page): Promise<number> =>
  page.evaluate(() => (Reflect.get(globalThis, "calls") as Calls).last); // Put there above.

/** An exchange that was asked for after this call is over. */
export const untilExchangedAfter = (page: Page, call: number): Promise<unknown> =>
  page.waitForFunction((before) => {
    const { exchanges, unanswered } = Reflect.get(globalThis, "calls") as Calls; // Put there above.
    return exchanges.some((exchange) => exchange > before && !unanswered.has(exchange));
  }, call);

/** What the page asks its worker is held back under this name until it is let go; meanwhile no look waits for it. */
export const holdBack = (page: Page, name: string): Promise<void> =>
  page.evaluate((held) => {
    const postMessage = Reflect.get(Worker.prototype, "postMessage") as (this: Worker, message: unknown) => void; // The browser's own.
    const waiting: (() => void)[] = [];
    const ask = function (this: Worker, message: { readonly name: string }): void {
      const send = (): void => postMessage.call(this, message);
      if (message.name === held) waiting.push(send);
      else send();
    };
    Worker.prototype.postMessage = ask;
    const letGo = (): void => {
      Worker.prototype.postMessage = postMessage;
      for (const send of waiting) send();
    };
    Reflect.set(globalThis, "heldBack", { waiting, letGo });
  }, name);

export const heldBackCount = (page: Page): Promise<number> =>
  page.evaluate(() => (Reflect.get(globalThis, "heldBack") as { readonly waiting: readonly unknown[] }).waiting.length); // Put there above.

export const letGo = (page: Page): Promise<void> =>
  page.evaluate(() => {
    (Reflect.get(globalThis, "heldBack") as { readonly letGo: () => void }).letGo(); // Put there above.
  });
