/** Bundles what the app loads: the page in parts, the worker that holds the device, the worker that keeps the app offline. */

import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { type InlineConfig, type Rolldown, build } from "vite";

/** Syntax alone: what is called besides must be there in Chrome 103, Firefox 114 and Safari 16.4 too (lint and a browser test see to it). */
const scriptTarget = "es2022";
const styleTargets = ["chrome90", "firefox91", "safari15"];

export type BuiltFile = { readonly path: string; readonly content: string | Uint8Array };

export type Bundle = {
  readonly main: string;
  readonly worker: string;
  readonly style: string;
  readonly files: readonly BuiltFile[];
  /** What the page's own script cannot run without, but for that script itself. */
  readonly mainParts: readonly string[];
  /** What is loaded up to unlocking. */
  readonly firstScripts: readonly string[];
};

const base = (root: string): InlineConfig => ({
  root,
  base: "./",
  configFile: false,
  logLevel: "warn",
  publicDir: false,
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true, discloseVersion: false } })],
});

const bundleOf = async (config: InlineConfig) => {
  const result = await build(config);
  return [result].flat().flatMap((each) => ("output" in each ? each.output : []));
};

export type BundleOptions = { readonly workerSource: string; readonly define: Readonly<Record<string, string>> };

/**
 * Libraries and our packages only define things: what the app does not use is left out, and what it uses after unlocking
 * does not come before.
 */
const leftOut = { treeshake: { moduleSideEffects: (id: string) => !/\/(node_modules|packages)\//.test(id) } };

/** Two libraries ask Node.js for its own cryptography where there is none in sight, which no browser does. */
const onLog: NonNullable<Rolldown.RolldownOptions["onLog"]> = (level, log, say) => {
  if (!log.message.includes('Module "crypto" has been externalized')) say(level, log);
};

/**
 * The page and the worker that holds the device: what unlocks first, the rest when it is asked for, and what both use once.
 * The style is handed back as text.
 */
export const bundleApp = async (root: string, { workerSource, define }: BundleOptions): Promise<Bundle> => {
  const parts = await bundleOf({
    ...base(root),
    define: { ...define },
    build: {
      write: false,
      target: scriptTarget,
      cssTarget: styleTargets,
      modulePreload: false,
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: {
          main: join(root, "src/main.ts"),
          worker: join(root, workerSource),
          style: join(root, "src/styles/app.css"),
        },
        ...leftOut,
        onLog,
        output: {
          entryFileNames: "assets/[name]-[hash].js",
          chunkFileNames: "assets/part-[hash].js",
          assetFileNames: "[name][extname]",
        },
      },
    },
  });
  const files: BuiltFile[] = [];
  const imports: Record<string, readonly string[]> = {};
  const entries = { main: "", worker: "" };
  let unlocking = "";
  let style = "";
  for (const part of parts) {
    if (part.type === "asset")
      style += typeof part.source === "string" ? part.source : new TextDecoder().decode(part.source);
    // A style's entry leaves an empty script behind.
    else if (part.code.trim() !== "" && part.name !== "style") {
      if (part.isEntry && (part.name === "main" || part.name === "worker")) entries[part.name] = part.fileName;
      if (part.facadeModuleId?.endsWith("/before-unlock.ts") === true) unlocking = part.fileName;
      imports[part.fileName] = part.imports;
      files.push({ path: part.fileName, content: part.code });
    }
  }
  return {
    ...{ ...entries, style, files, mainParts: reachedFrom([entries.main], imports).slice(1) },
    firstScripts: reachedFrom([entries.main, entries.worker, unlocking], imports),
  };
};

/** These files and all that they load before they run. */
const reachedFrom = (
  from: readonly string[],
  imports: Readonly<Record<string, readonly string[]>>,
): readonly string[] => {
  const found = new Set<string>();
  const open = [...from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(imports[next] ?? []));
  }
  return [...found];
};

/** A worker that stands alone, in one file: the one that keeps the app offline, the one that stretches a password. */
export const bundleAlone = async (
  root: string,
  source: string,
  define: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const [first] = await bundleOf({
    ...base(root),
    define: { ...define },
    build: {
      write: false,
      target: scriptTarget,
      modulePreload: false,
      rolldownOptions: {
        input: join(root, source),
        ...leftOut,
        onLog,
        output: { format: "iife", codeSplitting: false },
      },
    },
  });
  if (first?.type !== "chunk") throw new Error("A worker that stands alone was not built in one file.");
  return first.code;
};
