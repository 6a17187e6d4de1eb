/** Stands between device and server on loopback and counts every byte of either direction. */

import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export type Proxy = {
  readonly port: number;
  readonly bytes: () => { readonly toServer: number; readonly fromServer: number };
  readonly close: () => void;
};

export const startProxy = (toPort: number): Promise<Proxy> =>
  new Promise((resolve) => {
    const bytes = { toServer: 0, fromServer: 0 };
    const sockets = new Set<Socket>();
    const pass = (from: Socket, to: Socket, direction: keyof typeof bytes): void => {
      sockets.add(from);
      from.setNoDelay(true);
      from.on("data", (chunk) => {
        bytes[direction] += chunk.length;
        if (!to.write(chunk)) from.pause();
      });
      to.on("drain", () => from.resume());
      from.on("end", () => to.end());
      from.on("error", () => to.destroy());
      from.on("close", () => sockets.delete(from));
    };
    const server = createServer((device) => {
      const upstream = connect(toPort, "127.0.0.1");
      pass(device, upstream, "toServer");
      pass(upstream, device, "fromServer");
    });
    const close = (): void => {
      server.close();
      for (const socket of sockets) socket.destroy();
    };
    server.listen(0, "127.0.0.1", () => {
      // A server that listens on a TCP port has such an address.
      resolve({ port: (server.address() as AddressInfo).port, bytes: () => ({ ...bytes }), close });
    });
  });
