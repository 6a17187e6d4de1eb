/** Starts a thread over the SQLite file and asks it one thing after another. */

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { storageUnavailable } from "../unavailable.ts";
import type { Answer, Order, ThreadSettings } from "./messages.ts";
import { modulesOf } from "./modules-of.ts";

export type Thread = {
  /** Rejected with `StorageUnavailable` where the thread dies over it; the next order has another one. */
  ask(order: Order): Promise<Answer>;
  /** Answers once the thread is gone. */
  stop(): Promise<void>;
};

/** One thread, until it dies. */
type Running = Thread & { readonly isGone: () => boolean };

type Waiting = { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void };

const entry = new URL("./thread.ts", import.meta.url).href;

/** What the thread runs first: its modules come from `workerData`, and only JavaScript of others from the disk. */
const firstLines = `
  const { workerData } = require("node:worker_threads");
  require("node:module").registerHooks({
    load: (address, context, next) => {
      const source = workerData.modules.get(address);
      return source === undefined ? next(address, context) : { format: "module", source, shortCircuit: true };
    },
  });
  import(workerData.entry);
`;

/**
 * A thread that dies, for want of memory or by our own mistake, is started again with the next order, so that the server does not
 * go on without its store. What it was asked is not asked again: nobody knows how far it came. A snapshot is of its moment, and
 * ends with its thread.
 */
export const startThread = async (settings: ThreadSettings): Promise<Thread> => {
  let running = await begin(settings);
  let beginning: Promise<Running> | undefined;
  let isStopped = false;
  const beginAgain = (): Promise<Running> => {
    // Whoever comes second waits for the one that the first has begun.
    beginning ??= begin(settings)
      .then((begun) => (running = begun))
      .finally(() => (beginning = undefined));
    return beginning;
  };
  return {
    ask: (order) => {
      const isItsLast = isStopped || settings.mode === "snapshot";
      return isItsLast || !running.isGone() ? running.ask(order) : beginAgain().then((begun) => begun.ask(order));
    },
    stop: async () => {
      isStopped = true;
      await beginning?.catch(() => undefined);
      await running.stop();
    },
  };
};

const begin = async (settings: ThreadSettings): Promise<Running> => {
  const worker = new Worker(firstLines, { eval: true, workerData: { ...settings, entry, modules: modulesOf(entry) } });
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
    isGone: () => isGone,
    stop: async () => {
      if (isGone) return;
      const exit = once(worker, "exit");
      await ask({ kind: "stop" });
      await exit;
    },
  };
};
