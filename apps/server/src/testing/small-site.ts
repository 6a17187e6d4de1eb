/** A small built site in a folder of its own, for tests of what is served and how. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { assert } from "@amana/kernel";
import type { FastifyInstance } from "fastify";
import { buildApp, limits, readSite, type AppOptions, type Site } from "../index.ts";

export const script = "export const answer = 'calm';\n".repeat(40);

const files: Readonly<Record<string, string | Buffer>> = {
  "index.html": "<!doctype html><title>Choose a language</title>",
  "404.html": "<!doctype html><title>No page here</title>",
  "ar/404.html": "<!doctype html><title>لا توجد صفحة</title>",
  "ar/index.html": "<!doctype html><title>دليل</title>",
  "en/index.html": "<!doctype html><title>Guide</title>",
  "en/tools/index.html": "<!doctype html><title>Tools</title>",
  "assets/page-B3f1_a9Z.js": script,
  "assets/page-B3f1_a9Z.js.br": brotliCompressSync(script),
  "assets/page-B3f1_a9Z.js.gz": gzipSync(script),
  "a/font-0f3c9a71be.woff2": "a font",
  "en/page-B3f1_a9Z.js": "// Not in a folder of hashed files.",
  "assets/icon-platform.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
  "robots.txt": "User-agent: *\n",
  ".built-from": "a hash that is nobody's business",
  ".git/config": "[core]",
};

/** Runs with a folder that holds the small site, and removes it afterwards. */
export const withSiteFolder = async (
  run: (folder: string) => Promise<void> | void,
  extra: typeof files = {},
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "amana-site-"));
  try {
    for (const [path, content] of Object.entries({ ...files, ...extra })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

export const readSmallSite = async (extra: typeof files = {}): Promise<Site> => {
  const read: { site?: Site } = {};
  await withSiteFolder((folder) => {
    const site = readSite(folder, limits);
    assert(site.ok, "The small site must be readable.");
    read.site = site.value;
  }, extra);
  assert(read.site !== undefined, "The small site must have been read.");
  return read.site;
};

export const makeApp = async (options: Partial<AppOptions> = {}): Promise<FastifyInstance> =>
  buildApp({
    site: options.site ?? (await readSmallSite()),
    headers: { trustedTypesPolicies: ["svelte-trusted-html"] },
    limits,
    makeReference: () => "reference-1",
    report: () => undefined,
    onAnswered: () => undefined,
    ...options,
  });
