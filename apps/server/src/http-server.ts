/**
 * The HTTP server underneath Fastify, with its bounds, and the refusals that Node.js would otherwise
 * answer by itself, without our headers.
 */

import { createServer, STATUS_CODES, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Crowd } from "./bounds/crowd.ts";
import type { Limits } from "./limits.ts";
import { refusals, wordsOf, type RefusalCode } from "./refusals.ts";

type Headers = Readonly<Record<string, string>>;

/** `crowd`: of connections. One beyond it is closed without an answer, as one beyond all is. */
export const makeHttpServer = (listener: RequestListener, limits: Limits, headers: Headers, crowd: Crowd): Server => {
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytesMax,
      headersTimeout: limits.headersMillisecondsMax,
      requestTimeout: limits.requestMillisecondsMax,
      keepAliveTimeout: limits.keepAliveMillisecondsMax,
      connectionsCheckingInterval: limits.checkEveryMilliseconds,
      // Asked for by the app, which answers with the headers.
      requireHostHeader: false,
      insecureHTTPParser: false,
    },
    (request, response) => {
      // Who waits for an answer that is being worked out is not idle; how long that takes is bounded where the work is.
      response.on("timeout", () => {
        if (!request.complete || response.headersSent) request.socket.destroy();
      });
      listener(request, response);
    },
  );
  server.timeout = limits.idleMillisecondsMax;
  server.maxConnections = limits.connectionsMax;
  server.maxRequestsPerSocket = limits.requestsPerConnectionMax;
  // One more than allowed, so that the app sees that there were too many.
  server.maxHeadersCount = limits.headersMax + 1;
  server.on("checkExpectation", (_request, response) => {
    const text = wordsOf("ExpectationUnknown");
    response.writeHead(refusals.ExpectationUnknown.status, {
      ...headers,
      "content-type": "text/plain; charset=utf-8",
      "content-length": Buffer.byteLength(text),
      connection: "close",
    });
    response.end(text);
  });
  server.on("connection", (socket: Socket) => {
    const leave = crowd.enter(socket.remoteAddress ?? "");
    if (leave === undefined) socket.destroy();
    else socket.once("close", leave);
  });
  // The answer before told this visitor that the connection closes; what still comes is not read.
  server.on("dropRequest", (_request, socket) => socket.destroy());
  return server;
};

/** Answers what is not HTTP, too large or too slow, on the bare connection, and closes it. */
export const refuseConnection = (error: NodeJS.ErrnoException, socket: Duplex, headers: Headers): RefusalCode => {
  const code = codesByError.get(error.code ?? "") ?? "AddressNotUnderstood";
  if (error.code !== "ECONNRESET" && socket.writable) {
    const text = wordsOf(code);
    const lines = [
      `HTTP/1.1 ${refusals[code].status} ${STATUS_CODES[refusals[code].status] ?? ""}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      "content-type: text/plain; charset=utf-8",
      `content-length: ${Buffer.byteLength(text)}`,
      "connection: close",
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n${text}`);
  }
  socket.destroy();
  return code;
};

const codesByError: ReadonlyMap<string, RefusalCode> = new Map([
  ["ERR_HTTP_REQUEST_TIMEOUT", "TooSlow"],
  ["HPE_HEADER_OVERFLOW", "HeadersTooLarge"],
  ["HPE_CHUNK_EXTENSIONS_OVERFLOW", "BodyNotExpected"],
]);
