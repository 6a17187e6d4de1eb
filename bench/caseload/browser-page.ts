/** The page: it does what it is asked by itself, or hands it to its worker. */

import { carryOut } from "./browser-side.ts";
import type { BrowserAnswer, BrowserTask, Place } from "./browser-tasks.ts";

let worker: Worker | undefined;

const askWorker = (task: BrowserTask): Promise<BrowserAnswer> =>
  new Promise((resolve) => {
    worker ??= new Worker("/worker.js", { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<BrowserAnswer>) => resolve(data);
    worker.onerror = ({ message }) => resolve({ type: "failed", because: message });
    worker.postMessage(task);
  });

Reflect.set(globalThis, "askBenchmark", (place: Place, task: BrowserTask) =>
  place === "page" ? carryOut(task) : askWorker(task),
);
