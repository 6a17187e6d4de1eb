/** Bundles what browsers load (scripts, styles) and what the build itself runs (the renderer). */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { type InlineConfig, build } from "vite";

/**
 * Phones whose browser was updated in the last five years. On older ones the script does not start,
 * and the pages stay what they are without it: complete.
 */
const scriptTarget = "es2022";
const styleTargets = ["chrome90", "firefox91", "safari15"];

export type BuiltFile = { readonly path: string; readonly content: string | Uint8Array };

export type Bundle = {
  readonly scripts: Readonly<Record<string, string>>;
  readonly styles: Readonly<Record<string, string>>;
  readonly files: readonly BuiltFile[];
};

const base = (root: string): InlineConfig => ({
  root,
  base: "./",
  configFile: false,
  logLevel: "warn",
  publicDir: false,
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true, discloseVersion: false } })],
});

/** Scripts and styles for browsers. Scripts get a name that says their content; styles are handed back as text. */
export const bundleForBrowsers = async (root: string): Promise<Bundle> => {
  const source = (path: string): string => join(root, "src", path);
  const result = await build({
    ...base(root),
    build: {
      write: false,
      target: scriptTarget,
      cssTarget: styleTargets,
      modulePreload: false,
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: {
          main: source("browser/main.ts"),
          search: source("browser/search.ts"),
          keep: source("browser/keep.ts"),
          guided: source("guided/start.ts"),
          style: source("styles/guide.css"),
          places: source("styles/places.css"),
          questions: source("styles/guided.css"),
          print: source("styles/print.css"),
        },
        // Svelte's modules only define things; what the questions do not use is left out.
        treeshake: { moduleSideEffects: (id: string) => !id.includes("/node_modules/svelte/") },
        output: {
          entryFileNames: "assets/[name]-[hash].js",
          chunkFileNames: "assets/part-[hash].js",
          assetFileNames: "[name][extname]",
        },
      },
    },
  });
  const scripts: Record<string, string> = {};
  const styles: Record<string, string> = {};
  const files: BuiltFile[] = [];
  for (const { output } of [result].flat().filter((each) => "output" in each)) {
    for (const part of output) {
      if (part.type === "asset") styles[part.fileName.replace(/\.css$/, "")] = textOf(part.source);
      // A style's entry leaves an empty script behind.
      else if (part.code.trim() !== "") {
        if (part.isEntry) scripts[part.name] = part.fileName;
        files.push({ path: part.fileName, content: part.code });
      }
    }
  }
  return { scripts, styles, files };
};

const textOf = (source: string | Uint8Array): string =>
  typeof source === "string" ? source : new TextDecoder().decode(source);

/** The worker stands alone, under a name that never changes, with its list of files written into it. */
export const bundleWorker = async (root: string, version: string, files: readonly string[]): Promise<string> => {
  const result = await build({
    ...base(root),
    define: { keptVersion: JSON.stringify(version), keptFiles: JSON.stringify(files) },
    build: {
      write: false,
      target: scriptTarget,
      modulePreload: false,
      rolldownOptions: { input: join(root, "src/browser/worker.ts"), output: { format: "iife" } },
    },
  });
  const [first] = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  if (first?.type !== "chunk") throw new Error("The worker of the kept guide was not built.");
  return first.code;
};

/** Runs what `use` does with a module of this app that needs bundling first: Svelte, and TypeScript without endings. */
export const withBundled = async <Result>(
  root: string,
  entry: string,
  use: (module: unknown) => Result,
): Promise<Result> => {
  const folder = mkdtempSync(join(tmpdir(), "guide-build-"));
  try {
    await build({
      ...base(root),
      ssr: { noExternal: true },
      build: {
        ssr: join(root, entry),
        outDir: folder,
        emptyOutDir: true,
        minify: false,
        rolldownOptions: { output: { entryFileNames: "entry.mjs" } },
      },
    });
    return use(await import(pathToFileURL(join(folder, "entry.mjs")).href));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
