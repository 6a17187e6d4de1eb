/**
 * One role of one peer in a process of its own: the server, the device that uploads, or a fresh device that downloads. It is
 * told what to do by its parent and ends with it.
 *
 * Compiled code is kept by Node.js for the next process, for every side alike: a program that was started before has it.
 */

import { flushCompileCache } from "node:module";
import { pathToFileURL } from "node:url";
import { makeLogs, checkLogs } from "./entries.ts";
import { sides } from "./sides.ts";
import type { Answer, Order } from "./orders.ts";
import type { ExchangePeer } from "./peer.ts";

const answer = (said: Answer): void => {
  process.send?.(said);
};

const run = async (order: Order): Promise<void> => {
  const peer = order.bundle === undefined ? await sides[order.side]?.() : await bundledPeer(order.bundle);
  if (peer === undefined) throw new Error("No such peer.");
  if (order.role === "server") {
    answer({ kind: "listening", port: await peer.startServer(order.folder) });
  } else if (order.role === "upload") {
    const device = await peer.write(makeLogs(peer), order.port, order.folder);
    const startedAt = performance.now();
    await device.upload();
    const milliseconds = performance.now() - startedAt;
    // Before the answer, because whoever has it ends this process.
    flushCompileCache();
    answer({ kind: "uploaded", milliseconds, ticket: device.ticket });
  } else {
    await peer.load?.();
    const startedAt = performance.now();
    const logs = await peer.download(order.ticket, order.numbers, order.port, order.folder);
    answer({ kind: "downloaded", milliseconds: performance.now() - startedAt });
    flushCompileCache();
    checkLogs(peer, typeof logs === "function" ? await logs() : logs, order.numbers);
    answer({ kind: "checked" });
  }
};

const bundledPeer = async ({ path, name }: NonNullable<Order["bundle"]>): Promise<ExchangePeer> => {
  const bundle: unknown = await import(pathToFileURL(path).href);
  // Made of the sources of this side, which export it under this name.
  return (bundle as Readonly<Record<string, ExchangePeer>>)[name] as ExchangePeer;
};

process.once("message", (order) => {
  // The parent is ours and sends nothing else.
  run(order as Order).catch((mistake: unknown) => {
    console.error(mistake);
    process.exit(1);
  });
});
process.once("disconnect", () => process.exit(0));
