/**
 * What the operator's own tools ask: whether the server can work, and its numbers. The numbers are for this machine, or for
 * whoever holds the token that the operator chose.
 */

import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyPluginCallback, FastifyRequest } from "fastify";
import { isLoopback } from "../bounds/crowd.ts";
import { refuse } from "../refuse.ts";
import { isStorageUnavailable } from "../storage/unavailable.ts";

export type OperatorOptions = {
  /** Rejects when the store does not answer. */
  readonly ping: () => Promise<void>;
  /** Likewise. */
  readonly metrics: () => Promise<readonly string[]>;
  readonly metricsToken: string | undefined;
  /** Milliseconds that only grow. */
  readonly milliseconds: () => number;
};

export const operatorRoutes =
  ({ ping, metrics, metricsToken, milliseconds }: OperatorOptions): FastifyPluginCallback =>
  (app, _options, done) => {
    const isReady = askedRarely(ping, milliseconds);
    app.get("/health", async (_request, reply) => {
      return (await isReady()) ? reply.type("text/plain; charset=utf-8").send("ok\n") : refuse(reply, "NotReady");
    });
    app.get("/metrics", async (request, reply) => {
      if (!isOperator(request, metricsToken)) return refuse(reply, "NotForEveryone");
      const lines = await metrics().catch((error: unknown) => {
        if (isStorageUnavailable(error)) return undefined;
        throw error;
      });
      if (lines === undefined) return refuse(reply, "NotReady");
      return reply.type("text/plain; version=0.0.4; charset=utf-8").send(`${lines.join("\n")}\n`);
    });
    done();
  };

/** However many ask, the store is asked once at a time, and its answer holds for a second. */
const askedRarely = (ping: () => Promise<void>, milliseconds: () => number): (() => Promise<boolean>) => {
  let asked: { readonly answer: Promise<boolean>; endsAt: number } | undefined;
  const ask = (): Promise<boolean> => {
    const answer = ping().then(
      () => true,
      () => false,
    );
    const mine = { answer, endsAt: Infinity };
    asked = mine;
    void answer.then(() => {
      mine.endsAt = milliseconds() + answerMilliseconds;
    });
    return answer;
  };
  return () => (asked !== undefined && milliseconds() < asked.endsAt ? asked.answer : ask());
};

const answerMilliseconds = 1_000;

const isOperator = (request: FastifyRequest, token: string | undefined): boolean => {
  const isForwarded = request.headers["x-forwarded-for"] !== undefined || request.headers["forwarded"] !== undefined;
  if (!isForwarded && isLoopback(request.socket.remoteAddress ?? "")) return true;
  return token !== undefined && isSame(request.headers.authorization ?? "", `Bearer ${token}`);
};

const isSame = (one: string, other: string): boolean => timingSafeEqual(sha256Of(one), sha256Of(other));

const sha256Of = (text: string): Buffer => createHash("sha256").update(text).digest();
