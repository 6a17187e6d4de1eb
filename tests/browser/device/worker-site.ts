/** Bundles page and worker as the app is bundled, into a folder of its own, and serves them behind the real headers. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert } from "@amana/kernel";
import {
  buildApp,
  caseHeaderOptions,
  defaultHeaderOptions,
  limits,
  readSite,
  type AppOptions,
  type HeaderOptions,
} from "@amana/server";
import { build } from "vite";
import type { ServedSite } from "../../served-guide.ts";
import type { Materials } from "./verdicts.ts";

/** A worker stands alone in one file, and so does its page. */
const bundle = async (source: string): Promise<string> => {
  const result = await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: {
        input: join(import.meta.dirname, source),
        output: { format: "es", codeSplitting: false },
      },
    },
  });
  const [first] = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  assert(first?.type === "chunk", "The worker of the tests must be built in one file.");
  return first.code;
};

/** The folder that is served. The caller removes it. */
export const buildWorkerSite = async (materials: Materials): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "amana-worker-"));
  mkdirSync(join(folder, "app"));
  const page =
    '<!doctype html><html lang="en"><title>Page</title><script type="module" src="/app/page.js"></script></html>';
  writeFileSync(join(folder, "index.html"), page);
  writeFileSync(join(folder, "app/index.html"), page);
  writeFileSync(join(folder, "app/page.js"), await bundle("page.ts"));
  writeFileSync(join(folder, "app/worker.js"), await bundle("worker.ts"));
  writeFileSync(join(folder, "app/materials.json"), JSON.stringify(materials));
  return folder;
};

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true });

/** Under the headers of the app, unless a test says otherwise. */
export const serveWorkerSite = async (
  folder: string,
  caseHeaders: HeaderOptions = caseHeaderOptions,
  routes: NonNullable<AppOptions["routes"]> = [],
): Promise<ServedSite> => {
  const site = readSite(folder, limits);
  assert(site.ok, "The site of the tests must be readable.");
  const app = buildApp({
    site: site.value,
    headers: defaultHeaderOptions,
    caseHeaders,
    routes,
    limits,
    makeReference: () => "reference",
    report: (line) => process.stderr.write(`${line}\n`),
    onAnswered: () => undefined,
  });
  return { origin: await app.listen({ host: "127.0.0.1", port: 0 }), close: () => app.close() };
};
