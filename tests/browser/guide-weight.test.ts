/** What a reader's phone loads, measured on the built guide. It stands here because the guide is built before these tests. */

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { guidedBytesMax, pageBytesMax } from "../../apps/guide/build/sizes.ts";
import { languages, pagePaths } from "./guide-browser.ts";

describe("what a reader's phone loads", () => {
  const dist = join(import.meta.dirname, "../../apps/guide/dist");
  const gzipped = (path: string): number => gzipSync(readFileSync(join(dist, path)), { level: 9 }).length;

  test.each(languages)("each page in %s with its style is at most 14 kB", (language) => {
    for (const path of pagePaths) {
      const file = `${language}/${path}index.html`;
      const html = readFileSync(join(dist, file), "utf8");
      const styles = [...html.matchAll(/<link rel="stylesheet" href="[./]*(assets\/[^"]+\.css)">/g)];
      expect(styles.length, file).toBeGreaterThan(0);
      const bytes = [file, ...styles.map(([, style = ""]) => style)].reduce((sum, each) => sum + gzipped(each), 0);
      expect(bytes, file).toBeLessThanOrEqual(pageBytesMax);
    }
  });

  test.each(languages)(
    "all script of the guided questions in %s, engine, pack and texts included, is at most 45 kB",
    (language) => {
      for (const path of ["now/", "my-next-steps/"]) {
        const html = readFileSync(join(dist, `${language}/${path}index.html`), "utf8");
        const scripts = [...html.matchAll(/<script type="module" src="[./]*(assets\/[^"]+)"/g)].map(
          ([, file = ""]) => file,
        );
        const loaded = scripts.flatMap((file) => {
          const imported = readFileSync(join(dist, file), "utf8").matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g);
          return [file, ...[...imported].map(([, part = ""]) => `assets/${part}`)];
        });
        const [, first = ""] = /data-first="[./]*(assets\/[^"]+)"/.exec(html) ?? [];
        const bytes = [...new Set([...loaded, first])].reduce((sum, file) => sum + gzipped(file), 0);
        expect(bytes, `${language}/${path}`).toBeGreaterThan(20_000);
        expect(bytes, `${language}/${path}`).toBeLessThanOrEqual(guidedBytesMax);
      }
    },
  );

  test("no script looks back in an expression, which Safari before 16.4 refuses together with the whole script", () => {
    const scripts = globSync(join(dist, "{assets/*.js,*/worker.js}"));
    expect(scripts.length).toBeGreaterThan(5);
    for (const script of scripts) expect(readFileSync(script, "utf8"), script).not.toMatch(/\(\?<[=!]/);
  });
});
