/** The page around the worker: it starts one by name, as the app does, and hands a test's task to it and its answer back. */

import type { Done, Task, WorkerName } from "./tasks.ts";

type Policy = { readonly createScriptURL: (address: string) => string };
type Factory = {
  readonly createPolicy: (name: string, rules: { readonly createScriptURL: (address: string) => string }) => Policy;
};

// The browser of the tests has Trusted Types; nothing else may name a worker's script.
const { createPolicy } = (globalThis as unknown as { readonly trustedTypes: Factory }).trustedTypes;
const policy = createPolicy.call(Reflect.get(globalThis, "trustedTypes"), "amana-worker", {
  createScriptURL: (address) => address,
});

const workers = new Map<WorkerName, Worker>();

const workerNamed = (name: WorkerName): Worker => {
  const known = workers.get(name);
  if (known !== undefined) return known;
  const started = new Worker(policy.createScriptURL("/app/worker.js"), { name, type: "module" });
  workers.set(name, started);
  return started;
};

/** One task after the other. */
const ask = (name: WorkerName, task: Task): Promise<Done> =>
  new Promise((resolve, reject) => {
    const worker = workerNamed(name);
    worker.onmessage = ({ data }: MessageEvent<Done>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(`The worker did not run: ${message}`));
    worker.postMessage(task);
  });

Reflect.set(globalThis, "askWorker", ask);
