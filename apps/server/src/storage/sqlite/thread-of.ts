/** Starts a thread over the SQLite file and asks it one thing after another. */

import { Worker } from "node:worker_threads";
import { storageUnavailable } from "../unavailable.ts";
import type { Answer, Order, ThreadSettings } from "./messages.ts";

export type Thread = {
  /** Rejected with `StorageUnavailable` once the thread is gone. */
  ask(order: Order): Promise<Answer>;
  stop(): Promise<void>;
};

type Waiting = { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void };

export const startThread = async (settings: ThreadSettings): Promise<Thread> => {
  const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData: settings });
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
      if (!isGone) await ask({ kind: "stop" });
    },
  };
};
