/**
 * The modules of a thread as JavaScript, made once on the main thread.
 *
 * Node.js strips types with WebAssembly. Done in every thread that starts, it now and then ended the whole process with a
 * segmentation fault (two threads in V8's registry of compiled WebAssembly at once): so no thread of ours strips its own.
 */

import { readFileSync } from "node:fs";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { pathToFileURL } from "node:url";

/** By the address of its file. */
export type ModuleSources = ReadonlyMap<string, string>;

const madeBefore = new Map<string, ModuleSources>();

/** All modules in TypeScript that `entry` imports, itself included, as far as static imports name them. */
export const modulesOf = (entry: string): ModuleSources => {
  const known = madeBefore.get(entry);
  if (known !== undefined) return known;
  const sources = new Map<string, string>();
  const waiting = [entry];
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    if (sources.has(address)) continue;
    const source = stripTypeScriptTypes(readFileSync(new URL(address), "utf8"));
    sources.set(address, source);
    waiting.push(...importedBy(address, source));
  }
  madeBefore.set(entry, sources);
  return sources;
};

// After the types are gone only what runs is imported. Nobody else's package is TypeScript.
const specifierPattern = /^(?:import|export)\b[^;"]*"([^"]+)";/gm;

const importedBy = (address: string, source: string): readonly string[] => {
  const { resolve } = createRequire(address);
  return [...source.matchAll(specifierPattern)]
    .map(([, specifier = ""]) => specifier)
    .filter((specifier) => /^(?:[.#]|@amana\/)/.test(specifier))
    .map((specifier) => pathToFileURL(resolve(specifier)).href);
};
