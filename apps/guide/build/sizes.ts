/** Prints what a reader's phone has to load, and says when a page or the guided questions grew too heavy. */

import { brotliCompressSync, gzipSync } from "node:zlib";
import { languages } from "@amana/ui";
import type { Assets } from "../src/site/render.ts";
import type { BuiltFile } from "./bundle.ts";

/** A page with its style, and all script and texts of the guided questions, in gzipped bytes. */
export const pageBytesMax = 14_000;
export const guidedBytesMax = 45_000;

type Weight = { readonly gzip: number; readonly brotli: number };

const weightOf = (content: string | Uint8Array): Weight => ({
  gzip: gzipSync(content, { level: 9 }).length,
  brotli: brotliCompressSync(content).length,
});

const sum = (weights: readonly Weight[]): Weight => ({
  gzip: weights.reduce((total, { gzip }) => total + gzip, 0),
  brotli: weights.reduce((total, { brotli }) => total + brotli, 0),
});

export const printSizes = (files: readonly BuiltFile[], assets: Assets): void => {
  const weights = new Map(files.map(({ path, content }) => [path, weightOf(content)]));
  const weight = (path: string): Weight => weights.get(path) ?? { gzip: 0, brotli: 0 };
  const line = (name: string, { gzip, brotli }: Weight, max = Infinity): void => {
    const over = gzip > max ? `  MORE THAN ${max}` : "";
    console.log(`${name.padEnd(40)} ${String(gzip).padStart(7)} gzip ${String(brotli).padStart(7)} brotli${over}`);
  };
  const styles = [assets.style, assets.placesStyle, assets.questionsStyle];
  for (const { path, content } of files.filter((file) => file.path.endsWith(".html"))) {
    const own = styles.filter((style) => content.toString().includes(style));
    line(`${path} + style`, sum([path, ...own].map(weight)), pageBytesMax);
  }
  for (const { path } of files.filter((file) => !file.path.endsWith(".html"))) line(path, weight(path));
  const parts = files.filter(({ path }) => /^assets\/part-/.test(path)).map(({ path }) => weight(path));
  const scripts = [weight(assets.scripts.main), weight(assets.scripts.guided), ...parts];
  for (const language of languages) {
    for (const asking of ["other", "self"] as const) {
      const { first } = assets.guided[language][asking];
      line(`guided questions, ${language}, ${asking}`, sum([...scripts, weight(first)]), guidedBytesMax);
    }
  }
};
