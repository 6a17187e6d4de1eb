/**
 * What a phone loads before the guide can be used, in gzipped bytes, beside a peer of the field.
 *
 * It measures the built guide: each page, and what the page itself refers to, its style sheets and
 * scripts included. Of all languages the heaviest page counts.
 */

import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { type Benchmark, type Figure, ratioTo } from "./benchmark.ts";

const root = join(import.meta.dirname, "..");
const distFolder = join(root, "apps", "guide", "dist");

/** Primero's front end, measured earlier; nothing of it is measured in this run. */
const primeroFrontEnd = { name: "Primero's front end (measured earlier)", kilobytes: 1_810 };

export const guideLoadBenchmark: Benchmark = {
  name: "guide",
  notes: [
    "1 kB is 1,000 bytes, gzipped. Fonts are compressed already and count as they are.",
    "Without script: the page and its style sheets. To begin: all scripts, and the texts that the first question needs.",
    "In all: also what is fetched afterwards. First load: page, style, scripts, first texts and every font it names.",
    "The peer's figure is published by its own kind of measurement, so its ratio says the order of size only.",
  ],
  measure: (say) => {
    say("Building it where it is stale …");
    // What the build says goes to stderr, away from the figures.
    spawnSync(process.execPath, [join(root, "scripts", "build.ts")], { cwd: root, stdio: ["ignore", 2, 2] });
    const pages = globSync("**/*.html", { cwd: distFolder }).sort();
    if (!existsSync(distFolder) || pages.length === 0) {
      say("The guide could not be built, so it is not measured.");
      return Promise.resolve([]);
    }
    const loads = pages.map(loadOf);
    const guided = loads.filter(({ data }) => data.length > 0);
    say(`${loads.length} pages, ${guided.length} of them with guided questions.`);
    return Promise.resolve([
      figure(
        "page without script, heaviest",
        loads.map(({ page, styles }) => page + sum(styles)),
        14,
      ),
      figure(
        "guided questions to begin",
        guided.map(({ scripts, data }) => sum(scripts) + sum(data.slice(0, 1))),
        45,
      ),
      figure(
        "guided questions in all",
        guided.map(({ scripts, data }) => sum(scripts) + sum(data)),
        45,
      ),
      figure("first load of the guided questions", guided.map(firstLoad)),
    ]);
  },
};

/** Gzipped bytes of a page and of what it refers to. */
type Load = {
  readonly page: number;
  readonly styles: readonly number[];
  readonly fonts: readonly number[];
  readonly scripts: readonly number[];
  /** Guidance and texts that the guided questions fetch: what they begin with, then the rest. */
  readonly data: readonly number[];
};

const loadOf = (page: string): Load => {
  const html = readFileSync(join(distFolder, page), "utf8");
  const referred = (pattern: RegExp): readonly string[] =>
    [...html.matchAll(pattern)].map((match) => join(dirname(page), match[1] ?? ""));
  const styles = referred(/<link rel="stylesheet" href="([^"]+)"/g);
  const scripts = withImports(referred(/<script [^>]*src="([^"]+)"/g));
  return {
    page: gzippedBytes(page),
    styles: styles.map(gzippedBytes),
    fonts: [...new Set(styles.flatMap(fontsOf))].map((font) => readFileSync(join(distFolder, font)).length),
    scripts: scripts.map(gzippedBytes),
    data: referred(/ data-(?:first|more)="([^"]+\.json)"/g).map(gzippedBytes),
  };
};

const gzippedBytes = (path: string): number => gzipSync(readFileSync(join(distFolder, path)), { level: 9 }).length;

const fontsOf = (style: string): readonly string[] =>
  [...readFileSync(join(distFolder, style), "utf8").matchAll(/url\(["']?([^"')]+\.woff2)["']?\)/g)].map((match) =>
    join(dirname(style), match[1] ?? ""),
  );

/** The scripts and everything they import, each once. */
const withImports = (scripts: readonly string[]): readonly string[] => {
  const all = new Set<string>();
  const add = (script: string): void => {
    if (all.has(script) || !existsSync(join(distFolder, script))) return;
    all.add(script);
    const text = readFileSync(join(distFolder, script), "utf8");
    for (const match of text.matchAll(/(?:from|import)\s*\(?["'`](\.[^"'`]+\.js)["'`]/g)) {
      add(relative("", join(dirname(script), match[1] ?? "")));
    }
  };
  scripts.forEach(add);
  return [...all];
};

const firstLoad = ({ page, styles, fonts, scripts, data }: Load): number =>
  page + sum(styles) + sum(fonts) + sum(scripts) + sum(data.slice(0, 1));

const sum = (bytes: readonly number[]): number => bytes.reduce((total, each) => total + each, 0);

const figure = (name: string, bytes: readonly number[], aimKilobytes?: number): Figure => {
  const ours = Math.max(...bytes) / 1000;
  const peers = { [primeroFrontEnd.name]: primeroFrontEnd.kilobytes };
  const aim =
    aimKilobytes === undefined ? {} : { aim: { says: `≤ ${aimKilobytes} kB`, isReached: ours <= aimKilobytes } };
  return { name, unit: "kB", ours, peers, ratio: ratioTo(ours, peers), ...aim };
};
