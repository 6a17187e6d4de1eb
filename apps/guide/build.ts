/**
 * Builds the public guide: one static page for each page and language, and what browsers load beside it.
 *
 * The same sources always give the same bytes. A missing text stops the build with its key and language.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { CompiledPack } from "@amana/pathway";
import { type Language, languages } from "@amana/ui";
import { fontFaceOf, makeFont } from "@amana/ui/build/arabic-font.ts";
import { type BuiltFile, bundleForBrowsers, bundleWorker, withBundled } from "./build/bundle.ts";
import { guidedDataOf } from "./build/guided-data.ts";
import { readGuideSource } from "./build/pack-source.ts";
import { searchIndexOf } from "./build/search-index.ts";
import { printSizes } from "./build/sizes.ts";
import type { Content, Words } from "./src/site/content.ts";
import type * as Renderer from "./src/site/render.ts";
import { pageIds, pagePath } from "./src/site/site-map.ts";

const root = import.meta.dirname;
const output = join(root, "dist");
const packFolder = join(root, "../../packs/iraq-online-violence");

const hashOf = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();

/** A file under a name that says its content, which the server lets browsers keep for good. */
const named = (name: string, ending: string, content: string | Uint8Array): BuiltFile => ({
  path: `assets/${name}-${hashOf(content)}.${ending}`,
  content,
});

const readWords = (language: Language): Words =>
  // The unit test of the texts checks that every language has exactly the keys of this type.
  JSON.parse(readFileSync(join(root, "texts", `${language}.json`), "utf8")) as Words;

const forEachLanguage = <Value>(make: (language: Language) => Value): Record<Language, Value> =>
  // The keys are exactly the languages.
  Object.fromEntries(languages.map((language) => [language, make(language)])) as Record<Language, Value>;

type Read = { readonly contents: Record<Language, Content>; readonly pack: CompiledPack; readonly missing: string[] };

const readContents = (): Read => {
  const source = readGuideSource(packFolder);
  const missing: string[] = [];
  const contents = forEachLanguage((language) => ({
    language,
    tables: source.tables,
    words: readWords(language),
    text: (key: string): string => {
      const text = source.texts[language].get(key);
      if (text === undefined) missing.push(`${language} ${key}`);
      return text ?? `⟨${key}⟩`;
    },
    optionalText: (key: string) => source.texts[language].get(key),
  }));
  return { contents, pack: source.pack, missing };
};

const buildGuide = async (): Promise<void> => {
  const { contents, pack, missing } = readContents();
  const bundle = await bundleForBrowsers(root);
  const font = named("arabic", "woff2", await makeFont());
  const icon = named("icon", "svg", readFileSync(join(root, "src/styles/icon.svg")));
  const fontFace = fontFaceOf(font.path.replace("assets/", ""));
  const style = named("style", "css", fontFace + (bundle.styles["style"] ?? ""));
  const placesStyle = named("places", "css", bundle.styles["places"] ?? "");
  const questionsStyle = named("questions", "css", bundle.styles["questions"] ?? "");
  const printStyle = named("print", "css", bundle.styles["print"] ?? "");

  const files: BuiltFile[] = [...bundle.files, font, icon, style, placesStyle, questionsStyle, printStyle];
  const guided = forEachLanguage((language) => {
    const filesFor = (asking: "self" | "other"): Renderer.GuidedFiles => {
      const { first, more } = guidedDataOf(contents[language], pack, asking);
      const firstFile = named(`${language}-${asking}`, "json", JSON.stringify(first));
      const moreFile = named(`${language}-${asking}-more`, "json", JSON.stringify(more));
      files.push(firstFile, moreFile);
      return { first: firstFile.path, more: moreFile.path };
    };
    return { self: filesFor("self"), other: filesFor("other") };
  });
  const searchIndex = forEachLanguage((language) => {
    const file = named(
      `${language}-search`,
      "json",
      JSON.stringify(searchIndexOf(contents[language], Object.values(contents))),
    );
    files.push(file);
    return file.path;
  });

  const scripts = { main: "", guided: "", search: "", keep: "", ...bundle.scripts };
  const assets: Renderer.Assets = {
    style: style.path,
    placesStyle: placesStyle.path,
    questionsStyle: questionsStyle.path,
    printStyle: printStyle.path,
    icon: icon.path,
    scripts,
    guided,
    searchIndex,
  };
  files.push(...(await renderAll(contents, assets)));
  failOnMissing(missing);
  files.push(...(await workersOf(files)));
  write(files);
  printSizes(files, assets);
};

const renderAll = (contents: Record<Language, Content>, assets: Renderer.Assets): Promise<readonly BuiltFile[]> =>
  withBundled(root, "src/site/render.ts", (module): readonly BuiltFile[] => {
    // The entry that was asked for is this module.
    const { renderPage, renderChooser } = module as typeof Renderer;
    const wordsOf = forEachLanguage((language) => contents[language].words);
    const neutralSite = contents.en.tables.pack.get("neutral-site");
    const pages = languages.flatMap((language) =>
      pageIds.map((page) => ({
        path: `${language}/${pagePath(page)}index.html`,
        content: renderPage(contents[language], page, assets),
      })),
    );
    return [
      ...pages,
      { path: "index.html", content: renderChooser(wordsOf, neutralSite, assets, "root") },
      { path: "404.html", content: renderChooser(wordsOf, neutralSite, assets, "not-found") },
    ];
  });

/** A kept language holds its own pages and whatever they load: nothing of the other languages. */
const workersOf = (files: readonly BuiltFile[]): Promise<readonly BuiltFile[]> =>
  Promise.all(
    languages.map(async (language) => {
      const others = languages.filter((other) => other !== language);
      const kept = files.filter(({ path }) =>
        path.startsWith("assets/")
          ? !others.some((other) => path.startsWith(`assets/${other}-`))
          : path.startsWith(`${language}/`),
      );
      const addresses = kept.map(({ path }) => path.replace(/index\.html$/, "")).sort();
      const version = hashOf(kept.map(({ path, content }) => `${path} ${hashOf(content)}`).join("\n"));
      return { path: `${language}/worker.js`, content: await bundleWorker(root, version, addresses) };
    }),
  );

const failOnMissing = (missing: readonly string[]): void => {
  if (missing.length === 0) return;
  const shown = [...new Set(missing)];
  throw new Error(`The pack lacks ${shown.length} texts:\n${shown.slice(0, 40).join("\n")}`);
};

const write = (files: readonly BuiltFile[]): void => {
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

await buildGuide();
