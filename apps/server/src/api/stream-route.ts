/**
 * `GET /api/stream`: server-sent events that say only "come". What there is to fetch, the device asks for itself.
 *
 * The stream ends when its sign-in does, and when the other side does not take what it is sent.
 */

import { tokenIn } from "@amana/sync";
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import type { Relay } from "../relay/relay.ts";
import type { Streams } from "../waking/streams.ts";
import { isOwnPage, refuseCall } from "./api-routes.ts";

export type StreamOptions = {
  readonly relay: Relay;
  readonly streams: Streams;
  readonly origin: () => string;
};

const come = "data\n\n";
const heartbeat = ":\n\n";

export const streamRoute =
  ({ relay, streams, origin }: StreamOptions): FastifyPluginCallback =>
  (app, _options, done) => {
    app.get("/api/stream", { exposeHeadRoute: false }, async (request, reply) => {
      if (!isOwnPage(request, origin())) return refuseCall(reply, "NotUnderstood");
      const token = tokenIn(request.headers.authorization ?? "");
      const signedIn = await relay.signedIn(token, request.ip);
      if (!signedIn.ok) return refuseCall(reply, signedIn.error.code, signedIn.error.afterSeconds);
      const { by } = signedIn.value;
      const isSignedIn = async (): Promise<boolean> => (await relay.signedIn(token)).ok;
      const close = streams.open({
        ...writerTo(reply),
        organisation: by.organisation,
        account: by.account,
        isSignedIn,
      });
      if (close === undefined) return refuseCall(reply, "TooManyRequests", 60);
      begin(request, reply, close);
      return reply;
    });
    done();
  };

/** From here on the answer has no end of its own. */
const begin = ({ raw }: FastifyRequest, reply: FastifyReply, close: () => void): void => {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value ?? "");
  reply.raw.setHeader("content-type", "text/event-stream").setHeader("x-accel-buffering", "no");
  reply.raw.on("close", close);
  // The other side may have gone while it was looked up.
  if (raw.destroyed && reply.raw.destroyed) close();
  else reply.raw.writeHead(200).write(come);
};

type Writer = { readonly come: () => void; readonly beat: () => void; readonly end: () => void };

const writerTo = ({ raw }: FastifyReply): Writer => {
  const write = (text: string): void => {
    if (!raw.headersSent || raw.destroyed) return;
    // What was sent before still waits: nobody reads at the other end.
    if (raw.writableNeedDrain) raw.destroy();
    else raw.write(text);
  };
  return { come: () => write(come), beat: () => write(heartbeat), end: () => void raw.end() };
};
