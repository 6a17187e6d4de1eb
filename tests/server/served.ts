/**
 * The shipped server, listening on a free port of this machine, and the line that devices reach it by: real HTTP, which
 * counts its bytes, keeps what it carried, and loses what a test tells it to lose.
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { randomBytes } from "node:crypto";
import { later } from "@amana/kernel";
import { sha256, type Bytes } from "@amana/log";
import { runServer, type Running } from "../../apps/server/src/testing/running-server.ts";

export type Served = Running & {
  readonly address: string;
  /** As the operator prints it: it founds one organisation. */
  readonly makeSetUpCode: () => Promise<Bytes>;
};

export const serve = async (environment: Readonly<Record<string, string>> = {}): Promise<Served> => {
  const running = await runServer(environment);
  const port = await running.listen();
  return {
    ...running,
    address: `http://127.0.0.1:${String(port)}`,
    makeSetUpCode: async () => {
      const code: Bytes = new Uint8Array(randomBytes(32));
      await running.storage.addSetUpCode({ codeHash: sha256(code), expiresAt: later(running.now(), 3_600_000) });
      return code;
    },
  };
};

export type Line = {
  /** What a device's transport is given instead of the server's own address. */
  readonly address: string;
  /** All that passed between devices and the line, with everything that HTTP adds. */
  readonly bytes: () => { readonly up: number; readonly down: number };
  readonly requests: () => number;
  /** Bodies of requests and answers, and the headers of requests. */
  readonly carried: readonly Bytes[];
  /** Every so many requests one is lost: before it arrives, after it was carried out, or half of its answer, in turn. */
  loseEvery: number | undefined;
  readonly close: () => Promise<void>;
};

type Loss = "none" | "request" | "answer" | "half of the answer";
const losses = ["request", "answer", "half of the answer"] as const satisfies readonly Loss[];

export const openLine = async (address: string): Promise<Line> => {
  const carried: Bytes[] = [];
  const sockets = new Set<Socket>();
  const closed = { up: 0, down: 0 };
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const isLost = line.loseEvery !== undefined && requests % line.loseEvery === 0;
    const loss = isLost ? (losses[Math.floor(requests / (line.loseEvery ?? 1)) % losses.length] ?? "none") : "none";
    void carry(address, request, response, { loss, carried });
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      closed.up += socket.bytesRead;
      closed.down += socket.bytesWritten;
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", () => listening());
  });
  const line: Line = {
    // A server that listens on a port has an address with a port.
    address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    bytes: () => ({
      up: closed.up + [...sockets].reduce((sum, socket) => sum + socket.bytesRead, 0),
      down: closed.down + [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0),
    }),
    requests: () => requests,
    carried,
    loseEvery: undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((ended) => {
        server.close(() => ended());
      });
    },
  };
  return line;
};

type Carrying = { readonly loss: Loss; readonly carried: Bytes[] };

const carry = async (
  address: string,
  request: IncomingMessage,
  response: ServerResponse,
  { loss, carried }: Carrying,
): Promise<void> => {
  const body = await bodyOf(request);
  carried.push(new TextEncoder().encode(request.rawHeaders.join("\n")), body);
  if (loss === "request") return void request.socket.destroy();
  const { authorization, "content-type": type = "" } = request.headers;
  const headers = { "content-type": type, ...(authorization === undefined ? {} : { authorization }) };
  const answer = await fetch(`${address}${request.url ?? ""}`, { method: request.method ?? "", headers, body });
  const bytes: Bytes = new Uint8Array(await answer.arrayBuffer());
  carried.push(bytes);
  if (loss === "answer") return void request.socket.destroy();
  response.writeHead(answer.status, { "content-type": type, "content-length": bytes.length });
  if (loss === "none") return void response.end(bytes);
  response.write(bytes.subarray(0, bytes.length / 2), () => request.socket.destroy());
};

const bodyOf = async (request: IncomingMessage): Promise<Bytes> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer); // A request without an encoding gives buffers.
  return new Uint8Array(Buffer.concat(parts));
};
