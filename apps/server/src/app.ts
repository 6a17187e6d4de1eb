/**
 * Builds the server from its parts. It opens no socket and reads no clock or environment: `main.ts` does.
 *
 * What must stay true: every answer carries the security headers, and no line it reports holds anything
 * that a visitor sent, not even the address.
 */

import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyPluginCallback,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { isLoopback, makeCrowd, plainAddress, type Crowd } from "./bounds/crowd.ts";
import { securityHeaders, type HeaderOptions } from "./headers.ts";
import { makeHttpServer, refuseConnection } from "./http-server.ts";
import type { Limits } from "./limits.ts";
import { placeOfMistake } from "./mistake.ts";
import { refuse } from "./refuse.ts";
import { refusals, type RefusalCode } from "./refusals.ts";
import { siteRoutes } from "./site-routes.ts";
import type { Site } from "./site.ts";

export type AppOptions = {
  readonly site: Site;
  readonly headers: HeaderOptions;
  /** For everything under /app/; the same as elsewhere when nothing is said. */
  readonly caseHeaders?: HeaderOptions;
  /** Whose word is taken on where a request came from: addresses, or `loopback`. Nobody's when nothing is said. */
  readonly proxies?: readonly string[];
  /** What is served besides pages: the relay, its streams, what the operator looks at. */
  readonly routes?: readonly FastifyPluginCallback[];
  readonly limits: Limits;
  /** Refuses an address that asks for pages too often; none is refused when nothing is said. */
  readonly takePage?: (from: string) => { readonly afterSeconds: number } | undefined;
  /** A random text that joins what a visitor sees of our mistake with what we report of it. */
  readonly makeReference: () => string;
  /** Where a line about our own mistakes goes. */
  readonly report: (line: string) => void;
  /** Told the status of every answer, and nothing else, so that answers can be counted. */
  readonly onAnswered: (status: number) => void;
};

export const buildApp = (options: AppOptions): FastifyInstance => {
  const { limits, onAnswered } = options;
  const headers = securityHeaders(options.headers);
  const caseHeaders = securityHeaders(options.caseHeaders ?? options.headers);
  const connections = makeCrowd(limits.connectionsPerAddressMax, proxiesOf(options));
  const underWay = makeCrowd(limits.connectionsPerAddressMax, isLoopback);
  const app = Fastify({
    logger: false,
    bodyLimit: limits.bodyBytesMax,
    return503OnClosing: false,
    ...(options.proxies === undefined ? {} : { trustProxy: [...options.proxies] }),
    serverFactory: (listener) => makeHttpServer(listener, limits, headers, connections),
    clientErrorHandler: (error, socket) => onAnswered(refusals[refuseConnection(error, socket, headers)].status),
    // An address that the router cannot read has no route, and so no hooks: the headers are set here.
    frameworkErrors: (_error, _request, reply) => {
      onAnswered(refusals.AddressNotUnderstood.status);
      refuse(reply.headers(headers), "AddressNotUnderstood");
    },
  });

  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(request.originalUrl.startsWith("/app/") ? caseHeaders : headers);
    const code = refusalOf(request, limits) ?? tooMany(request, reply, underWay, options);
    if (code === undefined) done();
    else refuse(reply, code);
  });
  app.addHook("onResponse", (_request, reply, done) => {
    onAnswered(reply.statusCode);
    done();
  });
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const isTheirs = error.statusCode !== undefined && error.statusCode < 500;
    if (isTheirs) return refuse(reply, "AddressNotUnderstood");
    const reference = options.makeReference();
    options.report(`Mistake ${reference}: ${placeOfMistake(error)}`);
    return refuse(reply, "OurMistake", reference);
  });
  app.setNotFoundHandler((_request, reply) => refuse(reply, "PageNotFound"));

  for (const routes of options.routes ?? []) app.register(routes);
  app.register(siteRoutes(options.site));
  return app;
};

/** Proxies speak for others, whose requests are counted instead. Who connects from this machine is its proxy, or its operator. */
const proxiesOf = ({ proxies = [] }: AppOptions): ((address: string) => boolean) => {
  const known = new Set(proxies.map(plainAddress));
  return (address) => isLoopback(address) || known.has(plainAddress(address));
};

/** Counts the request until it is answered, or refuses it. */
const tooMany = (
  request: FastifyRequest,
  reply: FastifyReply,
  underWay: Crowd,
  { takePage }: AppOptions,
): RefusalCode | undefined => {
  const leave = underWay.enter(request.ip);
  if (leave === undefined) return "TooManyRequests";
  reply.raw.once("close", leave).once("finish", leave);
  const limited = request.originalUrl.startsWith("/api/") ? undefined : takePage?.(request.ip);
  if (limited === undefined) return undefined;
  reply.header("retry-after", String(limited.afterSeconds));
  return "TooManyRequests";
};

/** Why a request is refused before anything of it is looked at, if it is. */
const refusalOf = (request: FastifyRequest, limits: Limits): RefusalCode | undefined => {
  const { raw, headers, originalUrl } = request;
  if (raw.rawHeaders.length / 2 > limits.headersMax) return "HeadersTooLarge";
  if (Buffer.byteLength(originalUrl) > limits.addressBytesMax) return "AddressTooLong";
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!isRead && request.is404) return "MethodNotAllowed";
  if (!originalUrl.startsWith("/") || (raw.httpVersion === "1.1" && headers.host === undefined)) {
    return "AddressNotUnderstood";
  }
  const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;
  return isRead && hasBody ? "BodyNotExpected" : undefined;
};
