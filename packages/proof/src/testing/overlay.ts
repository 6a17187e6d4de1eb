/** Packs laid over the national one, for tests: only the files that the overlay has. */

import { assert } from "@amana/kernel";
import { compilePack } from "../compile/pack.ts";
import type { PackProblem } from "../pack/problem.ts";
import { parsePack } from "../pack/read.ts";
import type { PackSource } from "../pack/source.ts";
import { type PropertyResult, provePack } from "../proof/prove.ts";
import { nationalSource } from "./national.ts";

const below = nationalSource();

/** Its `pack.csv`. */
export const ownPack =
  "property,value\nid,our-organisation\nversion,1.0.0\nformat,1\nname,Ours\nextends,iraq-online-violence\n";

const overlay = (files: Readonly<Record<string, string>>, over: PackSource) =>
  parsePack("ours", new Map(Object.entries({ "pack.csv": ownPack, ...files })), { below: over });

export const laid = (files: Readonly<Record<string, string>>, over = below): PackSource => {
  const source = overlay(files, over);
  assert(source.ok, "the test's overlay is refused");
  return source.value;
};

/** What is wrong with the overlay before any proof. */
export const overlayProblems = (files: Readonly<Record<string, string>>): readonly PackProblem[] => {
  const source = overlay(files, below);
  return source.ok ? [] : source.error;
};

/** The results for an overlay, held also to the pack below it. */
export const provedOver = (source: PackSource, ids?: readonly string[]): readonly PropertyResult[] => {
  assert(source.below !== null, "a pack that stands alone has nothing below it");
  const options = ids === undefined ? {} : { ids };
  return provePack(compilePack(source), { isExact: false, below: compilePack(source.below), ...options });
};
