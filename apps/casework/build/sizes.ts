/** Prints what a device has to load, and says when the way to unlocking grew too heavy. */

import { brotliCompressSync, gzipSync } from "node:zlib";
import type { BuiltFile } from "./bundle.ts";

/** All script up to unlocking: the page's own and the worker's, in gzipped bytes. */
const unlockBytesMax = 130_000;

export const printSizes = (files: readonly BuiltFile[], untilUnlocked: readonly string[]): void => {
  const weights = files.map(({ path, content }) => ({
    path,
    gzip: gzipSync(content, { level: 9 }).length,
    brotli: brotliCompressSync(content).length,
  }));
  const line = (name: string, gzip: number, brotli: number, note = ""): void =>
    console.log(`${name.padEnd(40)} ${String(gzip).padStart(7)} gzip ${String(brotli).padStart(7)} brotli${note}`);
  for (const { path, gzip, brotli } of weights) line(path, gzip, brotli);
  const first = weights.filter(({ path }) => untilUnlocked.includes(path));
  const gzip = first.reduce((sum, each) => sum + each.gzip, 0);
  const brotli = first.reduce((sum, each) => sum + each.brotli, 0);
  line("script up to unlocking", gzip, brotli, gzip > unlockBytesMax ? `  MORE THAN ${unlockBytesMax}` : "");
};
