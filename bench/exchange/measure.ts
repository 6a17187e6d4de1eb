/** Measures one peer: its server in a process of its own, a device that uploads, a fresh one that downloads, fresh ones that open one log. */

import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { median } from "../benchmark.ts";
import { bundleDevice } from "./bundle.ts";
import type { Answer, Order } from "./orders.ts";
import { entriesPerLog, logsCount, type ExchangePeer } from "./peer.ts";
import { startProxy, type Proxy } from "./proxy.ts";
import { cpuSecondsOf, peakMegabytesOf } from "./usage.ts";

export type Measured = {
  readonly peer: ExchangePeer;
  readonly uploadPerSecond: number;
  readonly downloadPerSecond: number;
  /** Both directions, of the upload and of the download. */
  readonly uploadMegabytes: number;
  readonly downloadMegabytes: number;
  readonly cpuMicrosPerEntry: number;
  readonly peakMegabytes: number;
  readonly coldOpenMilliseconds: number;
};

const entriesCount = logsCount * entriesPerLog;
const childMillisecondsMax = 600_000;
const coldOpensUsual = 5;
/** A server that has used no more than this in a second has finished what it does afterwards. */
const quietCpuSeconds = 0.03;
const quietSecondsMax = 20;

/** `side` is its name in the table of sides. */
export const measurePeer = async (side: string, peer: ExchangePeer): Promise<Measured> => {
  const folder = mkdtempSync(join(tmpdir(), "amana-bench-"));
  const compiledFolder = join(folder, "compiled");
  const server = startChild({
    side,
    role: "server",
    compiledFolder,
    bundle: undefined,
    folder: join(folder, "server"),
  });
  try {
    const bundle = await bundleOf(peer, join(folder, "bundle"));
    const { port } = await server.answer("listening");
    const proxy = await startProxy(port);
    const pid = server.process.pid ?? 0;
    const cpuBefore = cpuSecondsOf(pid);
    const uploaded = await withChild(
      { side, role: "upload", compiledFolder, bundle, port: proxy.port, folder: join(folder, "device") },
      (child) => child.answer("uploaded"),
    );
    await untilQuiet(pid);
    const uploadMegabytes = megabytesOf(proxy);
    const { ticket } = uploaded;
    const all = Array.from({ length: logsCount }, (_, number) => number);
    const order = { side, role: "download", compiledFolder, bundle, ticket, port: proxy.port } as const;
    const downloaded = await withChild({ ...order, numbers: all, folder: join(folder, "fresh") }, async (child) => {
      const said = await child.answer("downloaded");
      await child.answer("checked");
      return said;
    });
    await untilQuiet(pid);
    const measured = {
      peer,
      uploadPerSecond: (entriesCount * 1000) / uploaded.milliseconds,
      downloadPerSecond: (entriesCount * 1000) / downloaded.milliseconds,
      uploadMegabytes,
      downloadMegabytes: megabytesOf(proxy) - uploadMegabytes,
      cpuMicrosPerEntry: ((cpuSecondsOf(pid) - cpuBefore) * 1_000_000) / (2 * entriesCount),
      peakMegabytes: peakMegabytesOf(pid),
    };
    const opens: number[] = [];
    for (let count = 0; count < (peer.coldOpens ?? coldOpensUsual); count++) {
      const startedAt = performance.now();
      const one = { ...order, numbers: [count * 7], folder: join(folder, `cold-${count}`) };
      opens.push(
        await withChild(one, async (child) => {
          await child.answer("downloaded");
          const milliseconds = performance.now() - startedAt;
          await child.answer("checked");
          return milliseconds;
        }),
      );
    }
    proxy.close();
    return { ...measured, coldOpenMilliseconds: median(opens) };
  } finally {
    server.process.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
};

const bundleOf = async ({ bundled }: ExchangePeer, folder: string): Promise<Order["bundle"]> =>
  bundled === undefined ? undefined : { path: await bundleDevice(bundled, folder), name: bundled.name };

const megabytesOf = (proxy: Proxy): number => {
  const { toServer, fromServer } = proxy.bytes();
  return (toServer + fromServer) / 1_000_000;
};

const untilQuiet = async (pid: number): Promise<void> => {
  for (let seconds = 0; seconds < quietSecondsMax; seconds++) {
    const before = cpuSecondsOf(pid);
    await wait(1000);
    // Two quiet seconds one after the other: some servers store what they acknowledged after a pause of two.
    if (seconds >= 3 && cpuSecondsOf(pid) - before <= quietCpuSeconds) return;
  }
};

type Child = {
  readonly process: ChildProcess;
  readonly answer: <Kind extends Answer["kind"]>(kind: Kind) => Promise<Extract<Answer, { readonly kind: Kind }>>;
};

const startChild = (order: Order): Child => {
  const child = fork(join(import.meta.dirname, "child.ts"), {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // From its first line on, so that no process reads anew what one of its side has compiled.
    env: { ...process.env, NODE_COMPILE_CACHE: order.compiledFolder },
  });
  const heard = new Map<string, (said: Answer) => void>();
  const said = new Map<string, Answer>();
  const failed = new Promise<never>((_, reject) => {
    let complaint = "";
    child.stderr?.on("data", (text: Buffer) => (complaint = `${complaint}${text.toString()}`.slice(-2000)));
    child.once("exit", () => reject(new Error(`A ${order.role} process of ${order.side} ended. ${complaint}`)));
  });
  failed.catch(() => undefined);
  child.on("message", (message) => {
    // Our own child sends nothing else.
    const answer = message as Answer;
    said.set(answer.kind, answer);
    heard.get(answer.kind)?.(answer);
  });
  child.send(order);
  return {
    process: child,
    answer: (kind) => {
      const awaited = new Promise<Answer>((resolve) => {
        const known = said.get(kind);
        if (known === undefined) heard.set(kind, resolve);
        else resolve(known);
      });
      // An answer is kept under its own kind.
      return Promise.race([awaited, failed, tooLong(order)]) as Promise<never>;
    },
  };
};

const tooLong = async (order: Order): Promise<never> => {
  await wait(childMillisecondsMax, undefined, { ref: false });
  throw new Error(`A ${order.role} process of ${order.side} took longer than ${childMillisecondsMax / 1000} s.`);
};

const withChild = async <T>(order: Order, use: (child: Child) => Promise<T>): Promise<T> => {
  const child = startChild(order);
  try {
    return await use(child);
  } finally {
    child.process.kill("SIGKILL");
  }
};
