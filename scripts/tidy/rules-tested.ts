/**
 * Every rule of the guide that the packs or the code cite is named by a test, in the words of a sentence.
 *
 * A rule that no test names may vanish from a pack or from the code unnoticed. The list is what is cited, so nothing has to be
 * kept beside it.
 */

import type { Finding, TextFile } from "./finding.ts";

const citing = /^(packs\/.*\.(csv|json)|(packages|apps)\/.*\.(ts|svelte))$/;
const test = /\.test\.ts$/;
/** A list of all ids there are cites none of them. */
const lists: ReadonlySet<string> = new Set(["packages/proof/src/domain-ids.ts"]);
const rule = /\bG-[A-Z]+-\d+\b/g;
const quoted = /"[^"\n]*"|`[^`\n]*`/g;
/** What has fewer is a cell or an id, and says nothing about the rule. */
const wordsMin = 3;

export const checkRulesTested = (files: readonly TextFile[]): readonly Finding[] => {
  const named = new Set(files.filter(({ path }) => test.test(path)).flatMap(rulesNamedIn));
  const found = new Map<string, Finding>();
  for (const { path, text } of files) {
    if (!citing.test(path) || test.test(path) || lists.has(path)) continue;
    for (const { 0: id, index } of text.matchAll(rule)) {
      if (named.has(id) || found.has(id)) continue;
      const line = text.slice(0, index).split("\n").length;
      found.set(id, { path, line, says: `No test names ${id}: name it in the test that fails without the rule.` });
    }
  }
  return [...found.values()];
};

const rulesNamedIn = ({ text }: TextFile): readonly string[] =>
  [...text.matchAll(quoted)]
    .map(([sentence]) => sentence)
    .filter((sentence) => sentence.split(" ").length >= wordsMin)
    .flatMap((sentence) => [...sentence.matchAll(rule)].map(([id]) => id));
