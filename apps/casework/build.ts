/**
 * Builds the app: one page, its scripts, the words of each language, the guidance, and the worker that keeps all of it
 * for use without a line.
 *
 * The same sources always give the same bytes.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { languages } from "@amana/ui";
import { fontFaceOf, makeFont } from "@amana/ui/build/arabic-font.ts";
import { type BuiltFile, bundleAlone, bundleApp } from "./build/bundle.ts";
import { readGuidance } from "./build/guidance.ts";
import { printSizes } from "./build/sizes.ts";

const root = import.meta.dirname;
const packFolder = join(root, "../../packs/iraq-online-violence");

const hashOf = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();

/** A file under a name that says its content, which the server lets browsers keep for good. */
const named = (name: string, ending: string, content: string | Uint8Array): BuiltFile => ({
  path: `assets/${name}-${hashOf(content)}.${ending}`,
  content,
});

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

type Page = {
  readonly entry: string;
  /** What the entry runs on: asked for with the page, not once the entry has come. */
  readonly parts: readonly string[];
  readonly style: string;
  readonly icon: string;
  readonly worker: string;
  readonly neutralSite: string;
  /** The addresses of the words and of the guidance, by name. */
  readonly texts: Readonly<Record<string, string>>;
};

/** Nothing in it says what it is: a neutral name and icon, and no word before the language is known. */
const pageOf = ({ entry, parts, style, icon, worker, neutralSite, texts }: Page): string =>
  [
    "<!doctype html>",
    `<html lang="en" data-worker="${worker}" data-offline="service-worker.js" data-neutral-site="${escaped(neutralSite)}" data-files="${escaped(JSON.stringify(texts))}">`,
    '<head><meta charset="utf-8"><title>Notes</title>',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">',
    `<link rel="icon" href="${icon}"><link rel="manifest" href="app.webmanifest"><link rel="stylesheet" href="${style}">`,
    ...parts.map((part) => `<link rel="modulepreload" href="${part}">`),
    `<script type="module" src="${entry}"></script></head>`,
    '<body><div id="app"></div></body></html>',
    "",
  ].join("\n");

const manifestOf = (icon: string): string =>
  JSON.stringify({
    name: "Notes",
    short_name: "Notes",
    start_url: "./",
    scope: "./",
    display: "standalone",
    background_color: "#f7f2e7",
    theme_color: "#f7f2e7",
    icons: [{ src: icon, sizes: "any", type: "image/svg+xml" }],
  });

const textsOf = (language: string): Readonly<Record<string, string>> =>
  // Checked by a test of the words: texts by key.
  JSON.parse(readFileSync(join(root, "texts", `${language}.json`), "utf8")) as Readonly<Record<string, string>>;

const quietTitles = (): Readonly<Record<string, string>> =>
  Object.fromEntries(languages.map((language) => [language, textsOf(language)["frame.tabTitle"] ?? ""]));

const buildApp = async (output: string, workerSource: string): Promise<void> => {
  const guidance = readGuidance(packFolder);
  const pack = named("guidance", "json", JSON.stringify({ pack: guidance.pack, groups: guidance.groups }));
  const stretching = named("stretching", "js", await bundleAlone(root, "src/worker/stretching.ts"));
  const page = await bundleApp(root, {
    workerSource,
    define: {
      guidanceFile: JSON.stringify(pack.path.replace("assets/", "")),
      stretchingFile: JSON.stringify(stretching.path.replace("assets/", "")),
    },
  });
  const font = named("arabic", "woff2", await makeFont());
  const icon = named("icon", "svg", readFileSync(join(root, "src/styles/icon.svg")));
  const fontFace = fontFaceOf(font.path.replace("assets/", ""));
  const style = named("style", "css", fontFace + page.style);
  const words = languages.map((language) => ({
    name: language,
    file: named(language, "json", JSON.stringify(textsOf(language))),
  }));
  const packTexts = languages.map((language) => ({
    name: `pack-${language}`,
    file: named(`pack-${language}`, "json", JSON.stringify(guidance.texts[language])),
  }));
  const texts = Object.fromEntries([...words, ...packTexts].map(({ name, file }) => [name, file.path]));
  const files: BuiltFile[] = [
    ...page.files,
    ...[stretching, font, icon, style, pack, ...words.map(({ file }) => file), ...packTexts.map(({ file }) => file)],
    {
      path: "index.html",
      content: pageOf({
        entry: page.main,
        parts: page.mainParts,
        style: style.path,
        icon: icon.path,
        worker: page.worker,
        neutralSite: guidance.neutralSite,
        texts,
      }),
    },
    { path: "app.webmanifest", content: manifestOf(icon.path) },
  ];
  const kept = files.map(({ path }) => path.replace(/^index\.html$/, "./")).sort();
  const version = hashOf(files.map(({ path, content }) => `${path} ${hashOf(content)}`).join("\n"));
  files.push({
    path: "service-worker.js",
    content: await bundleAlone(root, "src/service-worker.ts", {
      keptVersion: JSON.stringify(version),
      keptFiles: JSON.stringify(kept),
      quietTitles: JSON.stringify(quietTitles()),
    }),
  });
  write(output, files);
  printSizes(files, [...page.firstScripts, stretching.path]);
};

const write = (output: string, files: readonly BuiltFile[]): void => {
  rmSync(output, { recursive: true, force: true });
  for (const { path, content } of files) {
    mkdirSync(dirname(join(output, path)), { recursive: true });
    writeFileSync(join(output, path), content);
    // The server sends these to whoever takes them; fonts are compressed already.
    if (path.endsWith(".woff2")) continue;
    writeFileSync(join(output, `${path}.br`), brotliCompressSync(content));
    writeFileSync(join(output, `${path}.gz`), gzipSync(content, { level: 9 }));
  }
};

const { values } = parseArgs({
  options: {
    output: { type: "string", default: join(root, "dist") },
    worker: { type: "string", default: "src/worker/worker.ts" },
  },
});
await buildApp(values.output, values.worker);
