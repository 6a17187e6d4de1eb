/**
 * Every value that a file exports is named by another file.
 *
 * What nobody else names belongs to its file alone, or to nobody any more. A name is looked for as a word: whoever names it is
 * taken to import it.
 */

import type { Finding, TextFile } from "./finding.ts";

const isCode = /\.(ts|js|mjs|svelte)$/;
const exported = /^export (?:async )?(?:const|let|function|class) ([\w$]+)/gm;
const word = /[\w$]+/g;

export const checkExports = (files: readonly TextFile[]): readonly Finding[] => {
  const code = files.filter(({ path }) => isCode.test(path));
  const filesNaming = new Map<string, number>();
  for (const { text } of code)
    for (const name of new Set(text.match(word))) filesNaming.set(name, (filesNaming.get(name) ?? 0) + 1);
  return code.flatMap(({ path, text }) =>
    [...text.matchAll(exported)].flatMap(({ 1: name = "", index }) => {
      if (filesNaming.get(name) !== 1) return [];
      const line = text.slice(0, index).split("\n").length;
      return [{ path, line, says: `No other file names ${name}: export it no more, or take it out.` }];
    }),
  );
};
