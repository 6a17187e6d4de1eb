/** The files of texts, by the addresses that the build wrote into the page: each is asked for once, and again if it did not come. */

import type { Texts } from "./words.ts";

export const textFiles = (addresses: Readonly<Record<string, string>>): ((name: string) => Promise<Texts>) => {
  const asked = new Map<string, Promise<Texts>>();
  return (name) => {
    const texts = asked.get(name) ?? fetchTexts(addresses[name] ?? "");
    asked.set(name, texts);
    texts.catch(() => asked.delete(name));
    return texts;
  };
};

const fetchTexts = async (address: string): Promise<Texts> => {
  const response = await fetch(address);
  if (!response.ok) throw new Error("A file of the app is not there.");
  // Written by the build in this shape.
  return (await response.json()) as Texts;
};
