/** Starts a thread over the SQLite file and asks it one thing after another. */

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { storageUnavailable } from "../unavailable.ts";
import type { Answer, Order, ThreadSettings } from "./messages.ts";
import { modulesOf } from "./modules-of.ts";

export type Thread = {
  /** Rejected with `StorageUnavailable` once the thread is gone. */
  ask(order: Order): Promise<Answer>;
  /** Answers once the thread is gone. */
  stop(): Promise<void>;
};

type Waiting = { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void };

const entry = new URL("./thread.ts", import.meta.url).href;

/** What the thread runs first: its modules come from `workerData`, and only JavaScript of others from the disk. */
const beginning = `
  const { workerData } = require("node:worker_threads");
  require("node:module").registerHooks({
    load: (address, context, next) => {
      const source = workerData.modules.get(address);
      return source === undefined ? next(address, context) : { format: "module", source, shortCircuit: true };
    },
  });
  import(workerData.entry);
`;

export const startThread = async (settings: ThreadSettings): Promise<Thread> => {
  const worker = new Worker(beginning, { eval: true, workerData: { ...settings, entry, modules: modulesOf(entry) } });
  // Answers come in the order of the questions.
  const waiting: Waiting[] = [];
  let isGone = false;
  const giveUp = (): void => {
    isGone = true;
    for (const { reject } of waiting.splice(0)) reject(storageUnavailable({ code: "THREAD_GONE" }));
  };
  worker.on("message", (answer: Answer) => waiting.shift()?.resolve(answer));
  worker.on("error", giveUp);
  worker.on("exit", giveUp);

  const next = (): Promise<Answer> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
  const ask = (order: Order): Promise<Answer> => {
    if (isGone) return Promise.reject(storageUnavailable({ code: "THREAD_GONE" }));
    const answer = next();
    worker.postMessage(order);
    return answer;
  };
  // It says so by itself once it is open.
  await next();
  return {
    ask,
    stop: async () => {
      if (isGone) return;
      const exit = once(worker, "exit");
      await ask({ kind: "stop" });
      await exit;
    },
  };
};
