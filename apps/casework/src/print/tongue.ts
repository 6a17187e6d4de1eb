/** Words in another language than the app's own: a paper is in the language of whoever reads it. */

import type { Language } from "@amana/ui";
import { type Digits, type Texts, type Words, makeWords } from "../frame/words.ts";

/** The files stand beside the app and are kept offline; the build wrote their addresses into the page by these names. */
export const loadWords = async (language: Language, digits: Digits): Promise<Words> => {
  const { files = "{}" } = document.documentElement.dataset;
  // Written by the build in this shape.
  const addresses = JSON.parse(files) as Readonly<Record<string, string>>;
  const [own, pack] = await Promise.all([load(addresses[language]), load(addresses[`pack-${language}`])]);
  return makeWords(language, own, pack, digits);
};

const load = async (address: string | undefined): Promise<Texts> => {
  const response = await fetch(address ?? "");
  if (!response.ok) throw new Error("A file of the app is not there.");
  // Written by the build in this shape.
  return (await response.json()) as Texts;
};
