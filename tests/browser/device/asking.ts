/** Asks a worker in a page, and takes its word apart. */

import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Lived, Step } from "./life.ts";
import type { Done, Task, WorkerName } from "./tasks.ts";

export const ask = (tab: Page, name: WorkerName, task: Task): Promise<Done> =>
  tab.evaluate(
    ([workerName, asked]) =>
      (Reflect.get(globalThis, "askWorker") as (name: string, task: unknown) => Promise<Done>)(workerName, asked),
    [name, task] as const,
  );

/** What was done, by a worker whose policy has forbidden nothing so far. */
export const done = async (tab: Page, name: WorkerName, task: Task): Promise<unknown> => {
  const { outcome, violations } = await ask(tab, name, task);
  expect(violations).toEqual([]);
  if (outcome.type === "failed") throw new Error(outcome.because);
  return outcome.value;
};

/** What `live` answers with. */
export const lived = async (tab: Page, name: WorkerName, step: Step): Promise<Lived> =>
  (await done(tab, name, { type: "live", step })) as Lived;
