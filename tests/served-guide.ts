/** Serves a built site behind the real headers on a free port of this machine, for browser tests. */

import { join } from "node:path";
import { assert } from "@amana/kernel";
import { buildApp, defaultHeaderOptions, limits, readSite } from "@amana/server";

export type ServedSite = {
  /** Without a slash at its end: `http://127.0.0.1:41234`. */
  readonly origin: string;
  readonly close: () => Promise<void>;
};

/** The guide as `npm run build` wrote it. The caller closes it. */
export const serveGuide = (): Promise<ServedSite> => serveFolder(join(import.meta.dirname, "../apps/guide/dist"));

/** Any folder that holds a site, served as the guide is. */
export const serveFolder = async (folder: string): Promise<ServedSite> => {
  const site = readSite(folder, limits);
  assert(site.ok, "The site to serve must be built: run `npm run build`.");
  const app = buildApp({
    site: site.value,
    headers: defaultHeaderOptions,
    limits,
    makeReference: () => "reference",
    report: (line) => process.stderr.write(`${line}\n`),
    onAnswered: () => undefined,
  });
  return { origin: await app.listen({ host: "127.0.0.1", port: 0 }), close: () => app.close() };
};
