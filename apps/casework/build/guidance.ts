/**
 * The guidance as the app carries it: the compiled pack for the worker, its texts for the page, through the part that checks
 * and proves it, so that nothing unchecked is built in.
 */

import type { CompiledPack } from "@amana/pathway";
import { compilePack, describeProblem, readPack } from "@amana/proof";
import { type Language, languages } from "@amana/ui";

export type Guidance = {
  readonly pack: CompiledPack;
  /** The group of each question, by fact. */
  readonly groups: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<Language, Readonly<Record<string, string>>>>;
  readonly neutralSite: string;
  readonly contactIds: readonly string[];
  readonly harmIds: readonly string[];
  readonly toolIds: readonly string[];
};

/** Texts for somebody who asks for themself, and the guide's own pages, have no place in a case. */
const isOfCases = (key: string): boolean => !key.startsWith("page.") && !key.endsWith(".self");

export const readGuidance = (folder: string): Guidance => {
  const read = readPack(folder);
  if (!read.ok) throw new Error(`The pack cannot be read:\n${read.error.map(describeProblem).join("\n")}`);
  const { tables, texts } = read.value;
  const pack = compilePack(read.value);
  const numbers = Object.fromEntries(
    pack.contacts.map((contact) => [
      `contact.${contact.id}.numbers`,
      contact.numbers.map(({ number }) => number).join("|"),
    ]),
  );
  const textsOf = (language: Language): Readonly<Record<string, string>> => ({
    ...Object.fromEntries(
      [...(texts.get(language) ?? [])].filter(([key]) => isOfCases(key)).map(([key, { text }]) => [key, text]),
    ),
    ...numbers,
  });
  const neutralSite = tables.pack.find(({ property }) => property === "neutral-site")?.value;
  if (neutralSite === undefined) throw new Error("The pack names no neutral site.");
  return {
    pack,
    groups: Object.fromEntries(tables.facts.map(({ id, group }) => [id, group])),
    // Exactly the languages are the keys.
    texts: Object.fromEntries(languages.map((language) => [language, textsOf(language)])) as Guidance["texts"],
    neutralSite,
    contactIds: pack.contacts.map(({ id }) => id),
    harmIds: tables.harms.map(({ id }) => id),
    toolIds: pack.tools.map(({ id }) => id),
  };
};
