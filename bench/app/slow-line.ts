/** A line in front of a server that brings so many bits a second to a device, as a phone in a weak place has them. */

import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

export const bitsPerSecond = 1_600_000;
const pieceMilliseconds = 10;
const pieceBytes = (bitsPerSecond / 8 / 1000) * pieceMilliseconds;

export type SlowLine = { readonly origin: string; readonly close: () => void };

export const openSlowLine = async (serverOrigin: string): Promise<SlowLine> => {
  const { port } = new URL(serverOrigin);
  const sockets = new Set<Socket>();
  // One after the other: all connections share the line.
  let line = Promise.resolve();
  let freeAt = 0;
  const bring = (bytes: Buffer, to: Socket): void => {
    line = line.then(async () => {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const piece = Math.min(pieceBytes, bytes.length - at);
        freeAt = Math.max(freeAt, performance.now()) + (pieceMilliseconds * piece) / pieceBytes;
        await wait(Math.max(0, freeAt - performance.now()));
        if (!to.destroyed) to.write(bytes.subarray(at, at + pieceBytes));
      }
    });
  };
  const server = createServer((device) => {
    const there = connect(Number(port), "127.0.0.1");
    device.pipe(there);
    there.on("data", (bytes: Buffer) => bring(bytes, device));
    there.on("end", () => void line.then(() => device.end()));
    for (const [one, other] of [
      [device, there],
      [there, device],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });
  // A server that listens on a TCP port has such an address.
  const { port: slowPort } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${slowPort}`,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};
