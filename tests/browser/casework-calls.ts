/**
 * What a page of the app has asked its worker, and whether it was answered: only a page that waits for no answer shows all that it
 * will show, and only then does it say something that a thing is not there.
 */

import type { BrowserContext, Page } from "playwright-core";

/** By the numbers that the page gives its calls; of what is asked and answered nothing is held. */
type Calls = {
  /** Of the newest. */
  last: number;
  readonly unanswered: Set<number>;
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
    const calls: Calls = { last: 0, unanswered: new Set(), exchanges: [] };
    Reflect.set(globalThis, "calls", calls);
    const heard = new WeakSet<Worker>();
    const hear = ({ data }: MessageEvent<Said>): void => {
      if (data.kind === "answered") calls.unanswered.delete(data.call);
    };
    const postMessage = Reflect.get(Worker.prototype, "postMessage") as (this: Worker, said: Said) => void; // The browser's own.
    Worker.prototype.postMessage = function (this: Worker, said: Said): void {
      calls.last = said.call;
      calls.unanswered.add(said.call);
      if (said.name === "sync") calls.exchanges.push(said.call);
      // The app listens already: what it asks next because of an answer is asked before that answer is taken off here.
      if (!heard.has(this)) this.addEventListener("message", hear);
      heard.add(this);
      postMessage.call(this, said);
    };
  });
};

/** The page waits for no answer, and what the answers have changed is on the screen. */
export const untilSettled = async (page: Page): Promise<void> => {
  await page.waitForFunction(() => {
    const { unanswered } = Reflect.get(globalThis, "calls") as Calls; // Put there above.
    return unanswered.size === 0;
  });
  // What is measured once it is laid out is right in the second frame.
  await page.evaluate(async () => {
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
  });
};

/** The number of the newest call of this page. */
export const lastCallOf = (page: Page): Promise<number> =>
  page.evaluate(() => (Reflect.get(globalThis, "calls") as Calls).last); // Put there above.

/** An exchange that was asked for after this call is over. */
export const untilExchangedAfter = (page: Page, call: number): Promise<unknown> =>
  page.waitForFunction((before) => {
    const { exchanges, unanswered } = Reflect.get(globalThis, "calls") as Calls; // Put there above.
    return exchanges.some((exchange) => exchange > before && !unanswered.has(exchange));
  }, call);
