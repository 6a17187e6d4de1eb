/** The texts of one language as a plain record, for a bundle. */

import type { PackSource } from "../pack/source.ts";

/**
 * In the order of the keys, so that the same texts give the same bytes. A key the language lacks is
 * absent: whether that may be is for `checkTexts` to say.
 */
export const compileTexts = (
  source: PackSource,
  language: string,
  keyFilter: (key: string) => boolean = () => true,
): Readonly<Record<string, string>> => {
  const texts = [...(source.texts.get(language) ?? [])].filter(([key]) => keyFilter(key));
  texts.sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(texts.map(([key, { text }]) => [key, text]));
};
