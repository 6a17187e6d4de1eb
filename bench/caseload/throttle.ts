/**
 * Slows a browser down to a sixth. The thread of a page is slowed by the browser's own `Emulation.setCPUThrottlingRate`. For a
 * worker that command is refused ("only supported for pages, not workers"), so there the whole process is stopped for five
 * sixths of the time, which slows the threads of its cryptography too.
 */

import { setTimeout as wait } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import type { Place } from "./browser-tasks.ts";

export const throttledTimes = 6;
const runMilliseconds = 5;

/** Slows it until what comes back is called. */
export const throttle = (place: Place, browser: Browser, page: Page): Promise<() => Promise<void>> =>
  place === "page" ? throttlePage(page) : throttleProcesses(browser);

const throttlePage = async (page: Page): Promise<() => Promise<void>> => {
  const tools = await page.context().newCDPSession(page);
  await tools.send("Emulation.setCPUThrottlingRate", { rate: throttledTimes });
  return () => tools.detach();
};

/** A page that goes to another address may go on in another process. */
const lookAgainMilliseconds = 50;

/** The processes that hold pages and their workers. */
export const renderersOf = async (browser: Browser): Promise<readonly number[]> => {
  const tools = await browser.newBrowserCDPSession();
  const { processInfo } = await tools.send("SystemInfo.getProcessInfo");
  await tools.detach();
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
};

const throttleProcesses = async (browser: Browser): Promise<() => Promise<void>> => {
  let processes = await renderersOf(browser);
  const over = new AbortController();
  const lookAgain = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await wait(lookAgainMilliseconds);
      processes = await renderersOf(browser);
    }
  };
  const looking = lookAgain();
  const signal = (name: "SIGSTOP" | "SIGCONT"): void => {
    for (const id of processes) tryToSignal(id, name);
  };
  const stop = (): void => {
    if (over.signal.aborted) return;
    signal("SIGSTOP");
    setTimeout(resume, runMilliseconds * (throttledTimes - 1));
  };
  const resume = (): void => {
    signal("SIGCONT");
    setTimeout(stop, runMilliseconds);
  };
  stop();
  return async () => {
    over.abort();
    await looking;
    signal("SIGCONT");
  };
};

/** A process of a page that was closed is gone. */
const tryToSignal = (id: number, name: "SIGSTOP" | "SIGCONT"): void => {
  try {
    process.kill(id, name);
  } catch (mistake) {
    if (!(mistake instanceof Error && "code" in mistake && mistake.code === "ESRCH")) throw mistake;
  }
};
