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

type Contact = CompiledPack["contacts"][number];

/** Texts for somebody who asks for themself, the guide's own pages and its search have no place in a case. */
const isOfCases = (key: string): boolean => !/^(?:page|search)\./.test(key) && !key.endsWith(".self");

/** What a screen says of a number besides its words. */
const lineOf = ({ id, numbers, region, purposeFromGuide, verifiedOn }: Contact): Readonly<Record<string, string>> => ({
  [`contact.${id}.numbers`]: numbers.map(({ number }) => number).join("|"),
  [`contact.${id}.region`]: region,
  [`contact.${id}.purpose-from`]: purposeFromGuide ? "guide" : "ours",
  ...(verifiedOn === null ? {} : { [`contact.${id}.verified-on`]: verifiedOn }),
});

export const readGuidance = (folder: string): Guidance => {
  const read = readPack(folder);
  if (!read.ok) throw new Error(`The pack cannot be read:\n${read.error.map(describeProblem).join("\n")}`);
  const { tables, texts } = read.value;
  const pack = compilePack(read.value);
  const lines = Object.fromEntries(pack.contacts.flatMap((contact) => Object.entries(lineOf(contact))));
  const textsOf = (language: Language): Readonly<Record<string, string>> => ({
    ...Object.fromEntries(
      [...(texts.get(language) ?? [])].filter(([key]) => isOfCases(key)).map(([key, { text }]) => [key, text]),
    ),
    ...lines,
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
