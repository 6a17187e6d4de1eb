/**
 * The relay over HTTP: one address for each name of the wire, `POST /api/<name>`, bytes in and bytes out.
 *
 * What must stay true: the routes are the wire's table and nothing beside it; of whoever is not signed in no long body is read; a page of another origin reaches none of them; nothing of
 * an answer is kept by anyone on the way.
 */

import type { FastifyError, FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import type { Bytes } from "@amana/log";
import {
  encodeRefusal,
  refusalStatus,
  tokenIn,
  wire,
  type RequestName,
  type WireError,
  type WireRefusal,
} from "@amana/sync";
import type { Relay } from "../relay/relay.ts";

const wireType = "application/octet-stream";

export type ApiOptions = {
  readonly relay: Relay;
  /** The only origin whose pages may call: the one that sign-ins are bound to. */
  readonly origin: () => string;
};

// The keys of the table are the names of the wire: its type says so.
export const requestNames = Object.keys(wire) as readonly RequestName[];

export const apiRoutes =
  ({ relay, origin }: ApiOptions): FastifyPluginCallback =>
  (app, _options, done) => {
    takeOnlyBytes(app);
    app.setErrorHandler((error: FastifyError, _request, reply) => {
      if (error.statusCode === undefined || error.statusCode >= 500) throw error;
      return refuseCall(reply, error.statusCode === 413 ? "TooLarge" : "NotUnderstood");
    });
    app.addHook("onRequest", (request, reply, next) => {
      if (isOwnPage(request, origin()) && isBytes(request)) next();
      else refuseCall(reply, "NotUnderstood");
    });
    for (const name of requestNames) {
      const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
        const coming = bytesComing(request);
        const admitted = await relay.admit(name, tokenOf(request), request.ip, coming);
        if (admitted.ok) return undefined;
        // What is still to come goes by unread, so that whoever sends it is sure to read the answer, unless it may have no end.
        if (coming === undefined) reply.header("connection", "close");
        return refuseWith(reply, admitted.error);
      };
      app.post(`/api/${name}`, { bodyLimit: wire[name].requestBytesMax, onRequest }, async (request, reply) => {
        const answered = await relay.call(name, tokenOf(request), bodyOf(request), request.ip);
        return answered.ok ? reply.type(wireType).send(Buffer.from(answered.value)) : refuseWith(reply, answered.error);
      });
    }
    done();
  };

const tokenOf = ({ headers }: FastifyRequest): Bytes | undefined => tokenIn(headers.authorization ?? "");

/** As the request says; nothing where it does not. Node.js reads no more than that. */
const bytesComing = ({ headers }: FastifyRequest): number | undefined =>
  headers["transfer-encoding"] === undefined ? Number(headers["content-length"] ?? 0) : undefined;

const refuseWith = (reply: FastifyReply, error: WireError): FastifyReply =>
  error.type === "Refused" ? refuseCall(reply, error.code, error.afterSeconds) : refuseCall(reply, "OurMistake");

const takeOnlyBytes = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(wireType, { parseAs: "buffer" }, (_request, body, parsed) => parsed(null, body));
};

/** A refusal of the wire: its status, and the same in the body, in two small fields. */
export const refuseCall = (reply: FastifyReply, code: WireRefusal, afterSeconds?: number): FastifyReply => {
  // What was still to come of a request that is refused by its looks is not waited for.
  if (code === "TooLarge" || code === "NotUnderstood") reply.header("connection", "close");
  if (afterSeconds !== undefined) reply.header("retry-after", String(afterSeconds));
  return reply
    .code(refusalStatus[code])
    .type(wireType)
    .send(Buffer.from(encodeRefusal({ code, afterSeconds })));
};

/** A browser says where a call comes from; whoever says nothing is no browser, and holds no one's token by accident. */
export const isOwnPage = ({ headers }: FastifyRequest, origin: string): boolean => {
  const site = headers["sec-fetch-site"];
  const isOwnSite = site === undefined || site === "same-origin";
  return isOwnSite && (headers.origin === undefined || headers.origin === origin);
};

const isBytes = ({ headers }: FastifyRequest): boolean => headers["content-type"] === wireType;

const bodyOf = ({ body }: FastifyRequest): Bytes =>
  body instanceof Uint8Array ? new Uint8Array(body) : new Uint8Array();
