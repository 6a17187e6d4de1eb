/** Serves a built site: one address for each of its files, and a calm page for every other. */

import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "./refuse.ts";
import { chooseBody, findInSite, notFoundPage, type Site, type SiteFile } from "./site.ts";

export const siteRoutes =
  (site: Site): FastifyPluginCallback =>
  (app, _options, done) => {
    const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
      const found = findInSite(site, request.originalUrl);
      if (found.kind === "file") return sendFile(request, reply, found.file);
      if (found.kind === "moved") return reply.redirect(found.to, 308);
      if (found.kind === "not-understood") return refuse(reply, "AddressNotUnderstood");
      const page = notFoundPage(site, request.originalUrl);
      return page === undefined ? refuse(reply, "PageNotFound") : sendFile(request, reply.code(404), page);
    };
    app.get("/*", answer);
    done();
  };

const sendFile = (request: FastifyRequest, reply: FastifyReply, file: SiteFile): FastifyReply => {
  const { encoding, body } = chooseBody(file, request.headers["accept-encoding"]);
  reply.header("cache-control", file.cacheControl).header("etag", body.etag);
  // Files are small, so a part of one is never sent: the whole answer is right for every range (RFC 9110, 14.2).
  reply.header("accept-ranges", "none");
  if (Object.keys(file.bodies).length > 1) reply.header("vary", "Accept-Encoding");
  if (reply.statusCode === 200 && isKnown(request.headers["if-none-match"], body.etag)) return reply.code(304).send();
  if (encoding !== "identity") reply.header("content-encoding", encoding);
  return reply.type(file.type).send(body.bytes);
};

/** Whether the browser already holds this very content. */
const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  ifNoneMatch.split(",").some((each) => ["*", etag].includes(each.trim().replace(/^W\//, "")));
