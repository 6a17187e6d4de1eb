/** From the text of one case to its facts, or everything that is wrong with it. */

import { type Result, err, ok } from "@amana/kernel";
import { type CompiledPack, type FactProblem, type Facts, parseFacts } from "@amana/pathway";
import type { ReadProblem } from "./bytes.ts";
import { type JsonProblem, readJson } from "./json.ts";

export type CaseProblem = ReadProblem | JsonProblem | FactProblem | { readonly type: "Empty" };

/** A text with more problems than this is no case that somebody mistyped. The first ones are told. */
const problemsMax = 20;

export const factsFrom = (pack: CompiledPack, text: string): Result<Facts, readonly CaseProblem[]> => {
  if (text.trim() === "") return err([{ type: "Empty" }]);
  const json = readJson(text);
  if (!json.ok) return json;
  const facts = parseFacts(pack, json.value);
  return facts.ok ? ok(facts.value) : err(facts.error.slice(0, problemsMax));
};
