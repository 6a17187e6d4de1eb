/**
 * Slows a browser down to a sixth. The thread of a page is slowed by the browser's own `Emulation.setCPUThrottlingRate`. For a
 * worker that command is refused ("only supported for pages, not workers"), so there the whole process is stopped for five
 * sixths of the time, which slows the threads of its cryptography too.
 */

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

const throttleProcesses = async (browser: Browser): Promise<() => Promise<void>> => {
  const tools = await browser.newBrowserCDPSession();
  const { processInfo } = await tools.send("SystemInfo.getProcessInfo");
  const processes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  await tools.detach();
  let isOver = false;
  const signal = (name: "SIGSTOP" | "SIGCONT"): void => {
    for (const id of processes) tryToSignal(id, name);
  };
  const stop = (): void => {
    if (isOver) return;
    signal("SIGSTOP");
    setTimeout(resume, runMilliseconds * (throttledTimes - 1));
  };
  const resume = (): void => {
    signal("SIGCONT");
    setTimeout(stop, runMilliseconds);
  };
  stop();
  return () => {
    isOver = true;
    signal("SIGCONT");
    return Promise.resolve();
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
