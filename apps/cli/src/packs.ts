/**
 * Finds, reads and compiles the pack that a command is about: the national one, or the one in a folder.
 *
 * A pack that says it extends another is laid over the national pack before anything is asked of it.
 */

import { type Result, err, ok } from "@amana/kernel";
import type { CompiledPack } from "@amana/pathway";
import { type PackProblem, type PackSource, compilePack, compileTexts, propertyOf, readPack } from "@amana/proof";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { Terminal } from "./terminal.ts";
import type { PackTexts } from "./view.ts";
import type { Language } from "./words.ts";

export type LoadedPack = {
  readonly source: PackSource;
  readonly pack: CompiledPack;
  /** The pack's name for people, as `pack.csv` gives it. */
  readonly name: string;
};

/** Where the national pack lies in this installation. */
export const nationalFolder = (): string =>
  dirname(createRequire(import.meta.url).resolve("@amana/iraq-online-violence/pack.csv"));

/** Reads a pack's tables. `folder` is what the person typed; undefined is the national pack. */
const readSource = (folder: string | undefined, terminal: Terminal): Result<PackSource, readonly PackProblem[]> => {
  const national = nationalFolder();
  const path = folder === undefined ? national : resolve(terminal.folder, folder);
  if (path === national || !isOverlay(path)) return readPack(path);
  const below = readPack(national);
  return below.ok ? readPack(path, { below: below.value }) : below;
};

/** Whether its `pack.csv` has a row `extends`. What cannot be read is told by `readPack`. */
const isOverlay = (path: string): boolean => {
  try {
    return /^\s*"?extends"?\s*,\s*[^\s,]/m.test(readFileSync(join(path, "pack.csv"), "utf8"));
  } catch {
    return false;
  }
};

export const loadPack = (
  folder: string | undefined,
  terminal: Terminal,
): Result<LoadedPack, readonly PackProblem[]> => {
  const source = readSource(folder, terminal);
  return source.ok ? ok(loaded(source.value)) : err(source.error);
};

const loaded = (source: PackSource): LoadedPack => ({
  source,
  pack: compilePack(source),
  name: propertyOf(source.tables, "name"),
});

export const textsOf = ({ source }: LoadedPack, language: Language): PackTexts => {
  const texts = (of: Language): ReadonlyMap<string, string> => new Map(Object.entries(compileTexts(source, of)));
  const english = texts("en");
  return { asked: language === "en" ? english : texts(language), english };
};
