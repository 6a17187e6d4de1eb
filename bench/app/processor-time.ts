/**
 * Processor time of the two threads that answer a letter, the page's own and its worker's: Linux counts it in nanoseconds, and
 * counts nothing while a thread waits for its turn. Elsewhere nothing is told.
 */

import { readdirSync, readFileSync } from "node:fs";

/** In milliseconds. */
export type ProcessorTime = { readonly page: number; readonly worker: number };

const nanosecondsPerMillisecond = 1_000_000;
/** As Chromium calls the thread; Linux keeps fifteen letters of a name. */
const workerThread = "DedicatedWorker";

/** Of all renderers, the one that has a worker: the page of the app. */
export const processorTimeOf = (renderers: readonly number[]): ProcessorTime => {
  for (const renderer of renderers) {
    const workers = threadsOf(renderer).filter((thread) => read(renderer, thread, "comm").trim() === workerThread);
    if (workers.length > 0) {
      const worker = workers.reduce((sum, thread) => sum + millisecondsOf(renderer, thread), 0);
      return { page: millisecondsOf(renderer, String(renderer)), worker };
    }
  }
  return { page: Number.NaN, worker: Number.NaN };
};

export const spentBetween = (before: ProcessorTime, after: ProcessorTime): ProcessorTime => ({
  page: after.page - before.page,
  worker: after.worker - before.worker,
});

const threadsOf = (pid: number): readonly string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
};

const read = (pid: number, thread: string, name: string): string => {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/${name}`, "utf8");
  } catch {
    return "";
  }
};

const millisecondsOf = (pid: number, thread: string): number => {
  const [nanoseconds = ""] = read(pid, thread, "schedstat").split(" ");
  return nanoseconds === "" ? Number.NaN : Number(nanoseconds) / nanosecondsPerMillisecond;
};
