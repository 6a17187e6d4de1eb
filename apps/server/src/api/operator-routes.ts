/**
 * What the operator's own tools ask: whether the server can work, and its numbers. The numbers are for this machine, or for
 * whoever holds the token that the operator chose.
 */

import { createHash, timingSafeEqual } from "node:crypto";
import { isIPv4 } from "node:net";
import type { FastifyPluginCallback, FastifyRequest } from "fastify";
import { refuse } from "../refuse.ts";

export type OperatorOptions = {
  /** Rejects when the store does not answer. */
  readonly ping: () => Promise<void>;
  readonly metrics: () => Promise<readonly string[]>;
  readonly metricsToken: string | undefined;
};

export const operatorRoutes =
  ({ ping, metrics, metricsToken }: OperatorOptions): FastifyPluginCallback =>
  (app, _options, done) => {
    app.get("/health", async (_request, reply) => {
      const isReady = await ping().then(
        () => true,
        () => false,
      );
      return isReady ? reply.type("text/plain; charset=utf-8").send("ok\n") : refuse(reply, "NotReady");
    });
    app.get("/metrics", async (request, reply) => {
      if (!isOperator(request, metricsToken)) return refuse(reply, "NotForEveryone");
      const lines = await metrics();
      return reply.type("text/plain; version=0.0.4; charset=utf-8").send(`${lines.join("\n")}\n`);
    });
    done();
  };

const isOperator = (request: FastifyRequest, token: string | undefined): boolean => {
  const isForwarded = request.headers["x-forwarded-for"] !== undefined || request.headers["forwarded"] !== undefined;
  if (!isForwarded && isLoopback(request.socket.remoteAddress ?? "")) return true;
  return token !== undefined && isSame(request.headers.authorization ?? "", `Bearer ${token}`);
};

const isLoopback = (address: string): boolean => {
  const plain = address.replace(/^::ffff:/, "");
  return address === "::1" || (isIPv4(plain) && plain.startsWith("127."));
};

const isSame = (one: string, other: string): boolean => timingSafeEqual(sha256Of(one), sha256Of(other));

const sha256Of = (text: string): Buffer => createHash("sha256").update(text).digest();
