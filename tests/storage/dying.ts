/** Ends this process in the middle of its work, whatever its own thread is doing: another thread counts the time. */

import { once } from "node:events";
import { Worker } from "node:worker_threads";

const killer = `
  const { workerData, parentPort } = require("node:worker_threads");
  parentPort.postMessage("ready");
  Atomics.wait(workerData.begun, 0, 0);
  const at = performance.now() + workerData.microseconds / 1000;
  while (performance.now() < at);
  process.kill(process.pid, "SIGKILL");
`;

/** Ready once it is given back; the time begins when that is called. */
export const prepareToDie = async (microseconds: number): Promise<() => void> => {
  const begun = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(killer, { eval: true, workerData: { begun, microseconds } });
  await once(worker, "message");
  return () => {
    Atomics.store(begun, 0, 1);
    Atomics.notify(begun, 0);
  };
};
