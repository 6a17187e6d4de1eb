/**
 * Published vectors, read from the shared folder beside the project, which does not copy them. Their absence is a
 * failure and never a reason to skip.
 */

import { assert } from "@amana/kernel";
import { fromHex, type Bytes } from "@amana/log";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../../../../shared/data/vectors");

export type WycheproofGroup = { readonly tests: readonly WycheproofTest[] } & Readonly<Record<string, unknown>>;
export type WycheproofTest = {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: "valid" | "invalid" | "acceptable";
} & Readonly<Record<string, unknown>>;

export const wycheproof = (name: string): readonly WycheproofGroup[] => {
  const path = join(folder, `wycheproof-${name}_test.json`);
  assert(
    existsSync(path),
    "The Wycheproof vectors are missing: put the shared folder beside the project, as ../shared.",
  );
  const file = JSON.parse(readFileSync(path, "utf8")) as { readonly testGroups: readonly WycheproofGroup[] };
  return file.testGroups;
};

export const hex = (text: unknown): Bytes => {
  const bytes = typeof text === "string" ? fromHex(text) : undefined;
  assert(bytes !== undefined, "A vector holds something else than hexadecimal text.");
  return bytes;
};
