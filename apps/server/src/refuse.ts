/** Answers a request with one of the refusals, as one line of plain text. */

import type { FastifyReply } from "fastify";
import { refusals, wordsOf, type RefusalCode } from "./refusals.ts";

export const refuse = (reply: FastifyReply, code: RefusalCode, reference?: string): FastifyReply => {
  if (code === "MethodNotAllowed") reply.header("allow", "GET, HEAD");
  // What was still to come of such a request is not waited for.
  if (code !== "PageNotFound" && code !== "OurMistake") reply.header("connection", "close");
  return reply.code(refusals[code].status).type("text/plain; charset=utf-8").send(wordsOf(code, reference));
};
